"""The difference of two locks: kinds, laws, and what forced what."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.lock.diff import Change, LockDiff, PlatformDiff, diff_locks
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages
from tests.lock.toy_locks import CHANNEL, LINUX, MAC, conda, lock_of, locks, part, pip, root


def moves(one: LockedPackage, other: LockedPackage) -> list[tuple[str, str]]:
    found = diff_locks(lock_of(part(one)), lock_of(part(other))).platforms[0]
    return [(change.name, change.kind.value) for change in (*found.moved, *found.restated)]


TEAM = "https://conda.example.org/team"


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (conda("a 1.9"), conda("a 1.10"), "upgraded"),
        (conda("a 1.10"), conda("a 1.9"), "downgraded"),
        (conda("a 1!0.1"), conda("a 9"), "downgraded"),
        (conda("a 1.0rc1"), conda("a 1.0"), "upgraded"),
        (conda("a 1 h1_0"), conda("a 1 h2_0"), "rebuilt"),
        (conda("a 1.0"), conda("a 1.0.0"), "rebuilt"),
        (conda("a 1"), conda("a 1", sha256="0" * 64), "replaced"),
        (conda("a 1", sha256=None), conda("a 1", sha256=None, md5="0" * 32), "replaced"),
        (conda("a 1"), conda("a 1", url=f"{CHANNEL}/linux-64/a-1-0.tar.bz2"), "replaced"),
        (conda("a 1"), conda("a 1", subdir="noarch", sha256=None, md5=None), "replaced"),
        (conda("a 1"), conda("a 1", channel=TEAM, url=f"{TEAM}/linux-64/a-1-0.conda"), "channel"),
        (conda("a 1 h1"), conda("a 1 h2", channel=TEAM), "channel"),
        (conda("a 1"), conda("a 2", channel=TEAM), "upgraded"),
        (conda("a 1"), conda("a 1", categories=("dev",)), "restated"),
        (conda("a 1", "b >=1"), conda("a 1", "b >=2"), "restated"),
        (pip("a 1.9"), pip("a 1.10"), "upgraded"),
        (pip("a 1.0.post1"), pip("a 1.0"), "downgraded"),
        (pip("a 1.0.dev1"), pip("a 1.0a1"), "upgraded"),
        (pip("a 1"), pip("a 1", url="https://files.example.org/a-1.tar.gz", sha256=None), "replaced"),
        (pip("a 0", source="git+x@1", url="git+x@1"), pip("a 2", source=None), "replaced"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_in_which_way_a_package_differs(one: LockedPackage, other: LockedPackage, kind: str) -> None:
    assert moves(one, other) == [("a", kind)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (conda("a 1"), conda("a 1", sha256=None)),
        (conda("a 1", channel="conda-forge"), conda("a 1")),
        (conda("a 1", channel="https://me:pw@conda.anaconda.org/conda-forge"), conda("a 1")),
        (conda("a 1", "b", "c"), conda("a 1", "c", "b")),
        (conda("a 1"), conda("a 1", license="MIT", size=3)),
        (
            pip("a 1", url="https://x.example.org/a.whl"),
            pip("a 1", url="https://x.example.org/a.whl#sha256=1"),
        ),
        (
            pip("a 1", sha256=None, url="", hashes=("1" * 64, "2" * 64)),
            pip("a 1", sha256="2" * 64, url=""),
        ),
    ],
)
def test_what_is_no_difference(one: LockedPackage, other: LockedPackage) -> None:
    assert moves(one, other) == moves(other, one) == []


def test_what_moves_from_conda_to_pypi_and_back_is_one_change() -> None:
    old, new = (
        lock_of(part(conda("pytorch 2.4"), conda("b 1"))),
        lock_of(part(pip("torch 2.5"), conda("b 1"))),
    )
    (change,) = diff_locks(old, new).platforms[0].changed
    assert (change.name, change.manager, change.kind.value) == ("torch", "pip", "moved")
    (back,) = diff_locks(new, old).platforms[0].changed
    assert (back.name, back.manager, back.kind.value) == ("pytorch", "conda", "moved")
    assert (back.old_version, back.new_version) == ("2.5", "2.4")


def test_a_package_that_stays_with_conda_did_not_move_when_pip_installs_it_too() -> None:
    found = diff_locks(lock_of(part(conda("a 1"))), lock_of(part(conda("a 1"), pip("a 1")))).platforms[0]
    assert [(one.name, one.manager) for one in found.added] == [("a", "pip")]
    assert found.changed == found.removed == ()


def test_a_platform_that_only_one_lock_has() -> None:
    both = lock_of(part(conda("a 1")), part(conda("a 1", subdir="osx-arm64"), platform=MAC))
    gone, same = diff_locks(both, lock_of(part(conda("a 1")))).platforms[::-1]
    assert (gone.platform, gone.in_old, gone.in_new) == (MAC, True, False)
    assert [one.name for one in gone.removed] == ["a"]
    assert str(gone.causes[0]) == "the platform was removed"
    assert same.is_empty


def test_an_empty_platform_that_is_gone_is_a_difference() -> None:
    diff = diff_locks(lock_of(part()), lock_of())
    assert not diff.is_empty
    assert diff.moved == 0


def test_formats_that_do_not_say_builds_are_compared_by_versions_and_that_is_said_once() -> None:
    old = lock_of(part(conda("a 1 h1"), conda("b 1 h1")))
    new = lock_of(part(conda("a 1 h2", build="x"), conda("b 2 h2")), unknown=frozenset({"build"}))
    silent = replace(
        new, platforms=(replace(new.on(LINUX), packages=tuple(map(bare, new.on(LINUX).packages))),)
    )
    diff = diff_locks(old, silent)
    assert [(one.name, one.kind.value) for one in diff.platforms[0].changed] == [("b", "upgraded")]
    assert [note for note in diff.notes if note.startswith("builds")] == [
        "builds are not compared: only one of the locks says them"
    ]
    assert "hashes are not compared: only one of the locks has them" in diff.notes


def bare(package: LockedPackage) -> LockedPackage:
    return replace(package, record=replace(package.record, md5=None, sha256=None, url=""))


def test_what_only_conda_installs_is_no_difference_to_a_lock_of_pypi_alone() -> None:
    asked = [root("python"), root("app", line=6, manager="pip")]
    old = lock_of(part(conda("python 3.12"), conda("zlib 1"), pip("app 1"), roots=asked))
    new = lock_of(part(pip("app 2"), roots=asked[1:]), metadata=((PYTHON, "3.12"),))
    diff = diff_locks(old, new)
    assert [(one.name, one.kind.value) for one in diff.platforms[0].moved] == [("app", "upgraded")]
    assert diff.platforms[0].roots == ()
    assert diff.notes[0] == "what only conda installs is not compared: one of the locks is of PyPI alone"


# --- laws


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Lock, Lock]:
    """Two locks that share much: the second has some packages of the first and some of another."""
    one, other = draw(locks()), draw(locks())
    by_platform = {part.platform: part for part in other.platforms}
    parts = []
    for part_ in one.platforms:
        if draw(st.booleans()):
            more = by_platform.get(part_.platform)
            kept = tuple(p for p in part_.packages if draw(st.booleans()))
            names = {(p.manager, p.name) for p in kept}
            rest = tuple(p for p in (more.packages if more else ()) if (p.manager, p.name) not in names)
            parts.append(replace(part_, packages=kept + rest))
    return one, replace(other, platforms=tuple(parts))


@settings(max_examples=60, deadline=None)
@given(locks())
def test_a_lock_does_not_differ_from_itself(lock: Lock) -> None:
    diff = diff_locks(lock, lock)
    assert diff.is_empty
    assert all(
        part.causes == () and part.roots == () and part.virtual_packages == () for part in diff.platforms
    )


def applied(diff: PlatformDiff, part: LockedPlatform) -> list[LockedPackage]:
    """Return the packages of a platform with a difference put into effect."""
    packages = list(part.packages)
    for change in (*diff.moved, *diff.restated):
        if change.old is not None:
            packages.remove(change.old)
        if change.new is not None:
            packages.append(change.new)
    return packages


def identity(package: LockedPackage) -> tuple[object, ...]:
    """Return what a lock says of a package, as far as a difference is about it."""
    record = package.record
    return (package.manager, record.name, record.version, getattr(record, "build", ""), package.categories)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_a_difference_applied_to_the_old_lock_gives_the_new_one(both: tuple[Lock, Lock]) -> None:
    old, new = both
    after = {part.platform: part for part in new.platforms}
    before = {part.platform: part for part in old.platforms}
    diff = diff_locks(old, new)
    assert [part.platform for part in diff.platforms] == sorted({*before, *after})
    for part_ in diff.platforms:
        empty = LockedPlatform(platform=part_.platform, packages=())
        got = applied(part_, before.get(part_.platform, empty))
        wanted = after.get(part_.platform, empty).packages
        assert sorted(map(repr, map(identity, got))) == sorted(map(repr, map(identity, wanted)))


_MIRRORED = {"upgraded": "downgraded", "downgraded": "upgraded", "added": "removed", "removed": "added"}


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_the_other_way_round_it_is_the_mirror(both: tuple[Lock, Lock]) -> None:
    there, back = diff_locks(*both), diff_locks(*reversed(both))

    def told(changes: tuple[Change, ...], *, mirrored: bool) -> list[str]:
        texts = []
        for one in changes:
            old, new = (one.new, one.old) if mirrored else (one.old, one.new)
            kind = _MIRRORED.get(one.kind.value, one.kind.value) if mirrored else one.kind.value
            texts.append(repr((old, new, kind)))
        return sorted(texts)

    for one, other in zip(there.platforms, back.platforms, strict=True):
        assert told((*one.moved, *one.restated), mirrored=True) == told(
            (*other.moved, *other.restated), mirrored=False
        )
        assert (one.in_old, one.in_new) == (other.in_new, other.in_old)


@settings(max_examples=60, deadline=None)
@given(pairs(), st.randoms(use_true_random=False))
def test_the_order_of_what_is_in_the_locks_does_not_count(
    both: tuple[Lock, Lock], chance: random.Random
) -> None:
    def shuffled(lock: Lock) -> Lock:
        parts = [
            replace(p, packages=tuple(chance.sample(p.packages, len(p.packages)))) for p in lock.platforms
        ]
        return replace(lock, platforms=tuple(chance.sample(parts, len(parts))))

    assert diff_locks(*map(shuffled, both)) == diff_locks(*both)


@settings(max_examples=60, deadline=None)
@given(pairs())
def test_each_move_has_one_cause(both: tuple[Lock, Lock]) -> None:
    for part_ in diff_locks(*both).platforms:
        caused = [change for cause in part_.causes for change in cause.changes]
        assert sorted(map(repr, caused)) == sorted(map(repr, part_.moved))
        assert len({cause.intent for cause in part_.causes}) == len(part_.causes)


# --- causes


def causes(old: Lock, new: Lock) -> dict[str, list[str]]:
    (part_,) = diff_locks(old, new).platforms
    return {str(cause): [one.name for one in cause.changes] for cause in part_.causes}


def lock(*packages: LockedPackage, roots: list[str] | None = None, **fields: object) -> Lock:
    found = None if roots is None else [root(text, line=i + 3) for i, text in enumerate(roots)]
    virtual = fields.pop("virtual", None)
    return lock_of(part(*packages, roots=found, virtual=virtual), **fields)  # type: ignore[arg-type]


def test_a_new_line_explains_what_it_brought_and_what_had_to_move_for_it() -> None:
    old = lock(conda("base 1", "lib 1.*"), conda("lib 1"), roots=["base"])
    new = lock(
        conda("base 2", "lib 2.*"),
        conda("lib 2"),
        conda("app 1", "lib >=2", "helper"),
        conda("helper 1"),
        roots=["base", "app"],
    )
    assert causes(old, new) == {"app was added (environment.yml:4)": ["app", "base", "helper", "lib"]}


def test_a_line_that_went_explains_what_was_there_for_it() -> None:
    old = lock(conda("a 1", "x"), conda("x 1"), conda("b 1", "y"), conda("y 1"), roots=["a", "b"])
    new = lock(conda("b 1", "y"), conda("y 1"), roots=["b"])
    assert causes(old, new) == {"a was removed (environment.yml:3)": ["a", "x"]}


def test_an_edited_line_explains_its_package_and_all_that_is_built_on_it() -> None:
    old = lock(conda("python 3.12"), conda("np 1 a", "python 3.12.*"), roots=["python=3.12", "np"])
    new = lock(conda("python 3.13"), conda("np 1 b", "python 3.13.*"), roots=["python=3.13", "np"])
    assert causes(old, new) == {"python=3.12 became python=3.13 (environment.yml:3)": ["np", "python"]}


def test_an_edited_line_that_both_versions_satisfy_is_no_cause() -> None:
    old = lock(conda("a 1"), roots=["a>=1"])
    new = lock(conda("a 2"), roots=["a>=0.5"])
    diff = diff_locks(old, new).platforms[0]
    assert causes(old, new) == {"no line asks for it: the channels have moved on": ["a"]}
    assert [str(one) for one in diff.roots] == ["a>=1 became a>=0.5 (environment.yml:3)"]


def test_what_no_line_explains_is_grouped_by_who_moved_by_itself() -> None:
    old = lock(conda("ssl 3"), conda("py 1 a", "ssl 3.*"), conda("lone 1"), roots=["py", "lone"])
    new = lock(conda("ssl 4"), conda("py 1 b", "ssl 4.*"), conda("lone 2"), roots=["py", "lone"])
    assert causes(old, new) == {
        "py moved by itself": ["py", "ssl"],
        "no line asks for it: the channels have moved on": ["lone"],
    }


def test_without_roots_nothing_is_claimed_of_lines() -> None:
    old, new = lock(conda("a 1"), conda("b 1")), lock(conda("a 2"), conda("b 1"))
    assert causes(old, new) == {"why is not known: a lock does not say what was asked for": ["a"]}


def test_another_machine_explains_what_needs_it() -> None:
    old_machine = (*default_virtual_packages(LINUX), VirtualPackage(name="__cuda", version="11.8"))
    new_machine = (*default_virtual_packages(LINUX), VirtualPackage(name="__cuda", version="12.6"))
    old = lock(conda("gpu 1", "__cuda <12"), conda("cpu 1"), roots=["gpu", "cpu"], virtual=old_machine)
    new = lock(conda("gpu 2", "__cuda >=12"), conda("cpu 2"), roots=["gpu", "cpu"], virtual=new_machine)
    assert causes(old, new) == {
        "__cuda 11.8 became 12.6 on the machine": ["gpu"],
        "no line asks for it: the channels have moved on": ["cpu"],
    }
    assert [str(one) for pair in diff_locks(old, new).platforms[0].virtual_packages for one in pair] == [
        "__cuda=11.8=0",
        "__cuda=12.6=0",
    ]


def test_another_channel_explains_what_comes_from_it() -> None:
    here = conda("a 2", channel=TEAM, url=f"{TEAM}/linux-64/a-2-0.conda")
    new = lock(here, roots=["a"], channels=(LockChannel(url=TEAM), LockChannel(url="conda-forge")))
    assert causes(lock(conda("a 1"), roots=["a"]), new) == {f"the channel {TEAM} was added": ["a"]}


def test_a_line_of_the_pip_section_explains_what_conda_has_to_bring() -> None:
    old = lock(conda("python 3.12"), roots=["python"])
    asked = [root("python"), root("app", line=7, manager="pip")]
    packages = (conda("python 3.12"), conda("pytorch 2", "python"), pip("app 1", ("torch", ">=2")))
    new = lock_of(part(*packages, roots=asked))
    assert causes(old, new) == {"app was added (environment.yml:7)": ["app", "pytorch"]}


def test_a_root_of_a_pattern_names_what_it_matches() -> None:
    old, new = lock(conda("x 1"), roots=["x"]), lock(conda("x 1"), conda("py-a 1"), roots=["x", "py-*"])
    assert causes(old, new) == {"py-* was added (environment.yml:4)": ["py-a"]}


def test_a_notebook_shows_what_happened_escaped() -> None:
    shown = diff_locks(lock(conda("a 1"), roots=["a"]), lock(conda("a 2"), roots=["a"]))._repr_html_()
    assert "<td>upgraded</td><td>a</td><td>1</td><td>2</td>" in shown
    assert LockDiff(platforms=()).is_empty
    assert diff_locks(lock_of(), lock_of(part(platform=Platform.WIN_64))).platforms[0].in_old is False
