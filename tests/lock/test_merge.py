"""Laws of merging, and what each kind of change comes to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.lock.merge import merge_locks, unsettled_faults
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage
from condaenv_tools.model.virtual import VirtualPackage
from tests.lock.toy_locks import LINUX, MAC, conda, lock_of, locks, part, pip, root

A1, A2, A3 = (conda(f"a {v}") for v in ("1", "2", "3"))
B1, B2 = conda("b 1"), conda("b 2")
C = conda("c 1", "b")


def lock(*packages: LockedPackage, roots: tuple[str, ...] = (), **fields: object) -> Lock:
    names = roots or tuple(p.name for p in packages)
    return lock_of(part(*packages, roots=[root(n, line=i) for i, n in enumerate(names, 3)]), **fields)


def records(one: Lock) -> list[str]:
    return [f"{p.name} {p.record.version}" for p in one.on(LINUX).packages]


@given(locks(), locks())
def test_what_only_one_side_changed_is_taken(base: Lock, side: Lock) -> None:
    assert merge_locks(base, side, base).lock == side
    assert merge_locks(base, base, side).lock == side


@given(locks(), locks())
def test_what_both_changed_alike_is_taken(base: Lock, side: Lock) -> None:
    merged = merge_locks(base, side, side)
    assert (merged.lock, merged.contradictions) == (side, ())


choices = st.fixed_dictionaries(
    {
        "a": st.sampled_from([None, A1, A2, A3]),
        "b": st.sampled_from([None, B1, B2]),
        "c": st.sampled_from([None, C]),
    }
).map(lambda found: lock(*[p for p in found.values() if p is not None]))


@given(choices, choices, choices)
def test_which_side_is_ours_does_not_matter(base: Lock, one: Lock, other: Lock) -> None:
    left, right = merge_locks(base, one, other), merge_locks(base, other, one)
    assert records(left.lock) == records(right.lock)
    assert left.contested == right.contested
    assert sorted(r.name for r in left.lock.on(LINUX).roots or ()) == sorted(
        r.name for r in right.lock.on(LINUX).roots or ()
    )


@given(choices, choices, choices)
def test_nothing_is_invented_and_what_both_kept_stays(base: Lock, one: Lock, other: Lock) -> None:
    merged = set(records(merge_locks(base, one, other).lock))
    assert merged <= set(records(one)) | set(records(other))
    asked = {r.name for r in one.on(LINUX).roots or ()} & {r.name for r in other.on(LINUX).roots or ()}
    assert asked <= {name.split()[0] for name in merged}


def test_additions_of_both_sides_are_there() -> None:
    merged = merge_locks(lock(A1), lock(A1, B1), lock(A1, conda("d 1")))
    assert records(merged.lock) == ["a 1", "b 1", "d 1"]
    assert [r.name for r in merged.lock.on(LINUX).roots or ()] == ["a", "d", "b"]


def test_of_two_moves_the_newer_that_is_allowed_counts() -> None:
    assert records(merge_locks(lock(A1), lock(A2), lock(A3)).lock) == ["a 3"]
    held = lock(A2, roots=("a <3",))
    merged = merge_locks(lock(A1), held, lock(A3))
    assert (records(merged.lock), merged.contested) == (["a 2"], (("linux-64", "a"),))


def test_what_one_side_dropped_goes_with_what_only_it_needed() -> None:
    base = lock(A1, B1, C, roots=("a", "c"))
    merged = merge_locks(base, lock(A1, roots=("a",)), lock(A2, B1, C, roots=("a", "c")))
    assert records(merged.lock) == ["a 2"]


def test_what_both_need_has_the_categories_of_both() -> None:
    base = lock_of(part(A1, roots=[root("a")]))
    ours = lock_of(part(A1, B1, roots=[root("a"), root("b")]))
    dev = replace(B1, categories=("dev",), optional=True)
    theirs = lock_of(part(A1, dev, C, roots=[root("a"), root("c", category="dev")]))
    merged = merge_locks(base, ours, theirs).lock.on(LINUX)
    assert {p.name: p.categories for p in merged.packages} == {
        "a": ("main",),
        "b": ("dev", "main"),
        "c": ("dev",),
    }


def test_what_does_not_hang_together_is_left_to_a_solver() -> None:
    base = lock(A1, B1)
    ours = lock(A1, B2)
    theirs = lock(A1, B1, conda("c 1", "b <2"))
    merged = merge_locks(base, ours, theirs)
    (fault,) = unsettled_faults(merged.lock, base, ours, theirs)
    assert (fault.rule, fault.package) == ("depends", "c")


def test_a_fault_that_was_there_before_is_no_business_of_a_merge() -> None:
    broken = conda("x 1", "nowhere")
    base, ours, theirs = lock(A1, broken), lock(A2, broken), lock(A1, broken, B1)
    merged = merge_locks(base, ours, theirs)
    assert unsettled_faults(merged.lock, base, ours, theirs) == ()


@pytest.mark.parametrize(
    ("field", "values", "what"),
    [
        (
            "channels",
            [(LockChannel(url=u),) for u in ("x", "y", "z")],
            "the channels: ours has y, theirs has z",
        ),
        (
            "metadata",
            [(("condaenv.strategy", v),) for v in ("highest", "lowest", "lowest-direct")],
            "the note condaenv.strategy: ours has lowest, theirs has lowest-direct",
        ),
    ],
    ids=["channels", "strategy"],
)
def test_what_both_want_otherwise_is_a_contradiction(field: str, values: list[object], what: str) -> None:
    base, ours, theirs = (replace(lock(A1), **{field: value}) for value in values)
    assert [str(one) for one in merge_locks(base, ours, theirs).contradictions] == [what]


def test_a_machine_that_both_changed_is_a_contradiction() -> None:
    base, ours, theirs = (
        lock_of(part(A1, roots=[root("a")], virtual=[VirtualPackage.parse(f"__cuda={v}")]))
        for v in (11, 12, 13)
    )
    (one,) = merge_locks(base, ours, theirs).contradictions
    assert str(one) == "linux-64: the virtual package __cuda: ours has __cuda=12=0, theirs has __cuda=13=0"


def test_a_platform_that_one_side_dropped_and_the_other_changed_is_a_contradiction() -> None:
    mac = part(conda("a 1", subdir="osx-arm64"), platform=MAC)
    newer = part(conda("a 2", subdir="osx-arm64"), platform=MAC)
    base, ours = lock_of(part(A1), mac), lock_of(part(A2))
    (one,) = merge_locks(base, ours, lock_of(part(A1), newer)).contradictions
    assert str(one) == "osx-arm64: the platform: ours has no such platform, theirs has changes on it"


def test_platforms_of_both_sides_are_there() -> None:
    mac, win = (part(A1, platform=p) for p in (MAC, MAC.WIN_64))
    merged = merge_locks(lock_of(part(A1)), lock_of(part(A1), mac), lock_of(part(A1), win))
    assert [p.platform for p in merged.lock] == [LINUX, MAC, MAC.WIN_64]


def test_the_pip_halves_are_merged_too() -> None:
    def of(*archives: LockedPackage) -> Lock:
        roots = [root("python"), *(root(p.name, manager="pip") for p in archives)]
        packages = [conda("python 3.12.1", "pip"), conda("pip 25", "python"), *archives]
        return lock_of(part(*packages, roots=roots))

    merged = merge_locks(of(pip("x 1")), of(pip("x 2")), of(pip("x 1"), pip("y 1")))
    assert records(merged.lock) == ["pip 25", "python 3.12.1", "x 2", "y 1"]


def test_a_line_that_both_changed_counts_twice() -> None:
    merged = merge_locks(lock(A1), lock(A2, roots=("a >=2",)), lock(A2, roots=("a <3",)))
    assert [r.spec for r in merged.lock.on(LINUX).roots or ()] == ["a >=2", "a <3"]
    assert records(merged.lock) == ["a 2"]
