"""A part of a lock stands by itself, parts go together again, and locks that disagree say in what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError, VerificationError
from condaenv_tools.lock.combine import combine_locks
from condaenv_tools.lock.reach import categorised
from condaenv_tools.lock.subset import SubsetOptions, subset_lock
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.lock import Lock, LockChannel
from tests.lock.toy_locks import LINUX, MAC, conda, lock_of, part, pip, root, small_lock

NAMES = ("a", "b", "c", "d", "e", "f")


@st.composite
def proven(draw: st.DrawFn) -> Lock:
    """A lock of one platform that verifies: each package needs some of those behind it."""
    packages = []
    for index, name in enumerate(NAMES):
        needs = draw(st.lists(st.sampled_from(NAMES[index + 1 :] or ("f",)), max_size=2, unique=True))
        packages.append(conda(f"{name} 1", *(other for other in needs if other != name)))
    asked = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    roots = [root(n, line=i, category=draw(st.sampled_from(["main", "dev"]))) for i, n in enumerate(asked)]
    whole = lock_of(part(*packages, roots=roots))
    return lock_of(categorised(whole, whole.on(LINUX)))


def names(lock: Lock) -> set[str]:
    return {p.name for p in lock.on(LINUX).packages}


@given(proven(), st.data())
def test_a_part_is_closed_and_has_nothing_more(lock: Lock, data: st.DataObject) -> None:
    assert verify(lock).ok
    wanted = data.draw(st.lists(st.sampled_from(sorted(names(lock))), min_size=1, max_size=3, unique=True))
    found = subset_lock(lock, SubsetOptions(roots=tuple(wanted)))
    report = verify(found)
    assert report.ok, report.faults
    assert set(wanted) <= names(found) <= names(lock)
    assert {r.name for r in found.on(LINUX).roots or ()} == set(wanted)


@given(proven(), st.sampled_from(["main", "dev"]))
def test_a_category_is_what_its_lines_need(lock: Lock, category: str) -> None:
    having = {p.name for p in lock.on(LINUX).packages if category in p.categories}
    if not having:
        with pytest.raises(ParseError, match=f"the lock has no category {category}"):
            subset_lock(lock, SubsetOptions(categories=(category,)))
        return
    found = subset_lock(lock, SubsetOptions(categories=(category,)))
    assert verify(found).ok
    assert names(found) == having
    assert {p.categories for p in found.on(LINUX).packages} == {(category,)}


@given(proven())
def test_the_parts_of_a_lock_go_together_again(lock: Lock) -> None:
    categories = sorted({c for p in lock.on(LINUX).packages for c in p.categories})
    parts = [(c, subset_lock(lock, SubsetOptions(categories=(c,)))) for c in categories]
    joined = combine_locks(parts)
    assert verify(joined).ok
    assert joined.on(LINUX).packages == lock.on(LINUX).packages
    assert set(joined.on(LINUX).roots or ()) == set(lock.on(LINUX).roots or ())


@given(proven())
def test_a_lock_combined_with_itself_or_alone_is_itself(lock: Lock) -> None:
    assert combine_locks([("one", lock)]) == lock
    assert combine_locks([("one", lock), ("two", lock)]) == lock


def test_the_hash_of_the_input_goes_where_something_is_cut() -> None:
    lock = small_lock()
    cut = subset_lock(lock, SubsetOptions(categories=("main",)))
    assert cut.on(LINUX).content_hash is None
    one = subset_lock(lock, SubsetOptions(platforms=(MAC,)))
    assert [p.platform for p in one] == [MAC]
    assert one.on(MAC) == lock.on(MAC)


def test_platforms_go_together_again() -> None:
    lock = small_lock()
    parts = [(p.value, subset_lock(lock, SubsetOptions(platforms=(p,)))) for p in (LINUX, MAC)]
    assert combine_locks(parts) == lock


def test_where_the_lines_are_not_known_the_categories_of_the_packages_count() -> None:
    lock = small_lock()
    silent = replace(lock, platforms=tuple(replace(p, roots=None) for p in lock))
    cut = subset_lock(silent, SubsetOptions(categories=("main",)))
    assert [p.name for p in cut.on(LINUX).packages] == ["libffi", "pip", "python"]
    assert cut.on(LINUX).roots is None


def test_the_pip_half_comes_along_with_what_it_needs() -> None:
    packages = [conda("python 3.12.1", "pip"), conda("pip 25", "python"), conda("extra 1")]
    packages += [pip("x 1", ("y", ">=1")), pip("y 2"), pip("z 1")]
    roots = [root("python"), root("extra"), root("x", manager="pip"), root("z", manager="pip")]
    lock = lock_of(part(*packages, roots=roots))
    found = subset_lock(lock, SubsetOptions(roots=("x",)))
    assert verify(found).ok
    assert names(found) == {"pip", "python", "x", "y"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (SubsetOptions(roots=("blak",)), "did you mean black?"),
        (SubsetOptions(categories=("test",)), "it has: dev, main"),
        (SubsetOptions(platforms=(LINUX.WIN_64,)), "it has: linux-64, osx-arm64"),
    ],
    ids=["root", "category", "platform"],
)
def test_what_is_not_there_is_told(options: SubsetOptions, message: str) -> None:
    with pytest.raises(ParseError) as caught:
        subset_lock(small_lock(), options)
    assert message in str(caught.value)


def test_all_points_in_which_locks_disagree_are_told() -> None:
    one = lock_of(part(conda("a 1"), conda("b 1"), roots=[]), channels=(LockChannel(url="x"),))
    two = lock_of(part(conda("a 2"), conda("b 1"), roots=[]), channels=(LockChannel(url="y"),))
    with pytest.raises(VerificationError) as caught:
        combine_locks([("one.yml", one), ("two.yml", two)])
    assert "two.yml has the channels y, another lock x" in str(caught.value)
    assert "one.yml has a 1 0, two.yml has a 2 0" in str(caught.value)


def test_locks_for_different_machines_disagree() -> None:
    one = lock_of(part(conda("a 1"), virtual=[]))
    with pytest.raises(VerificationError, match=r"one assumes none of the machine, two __archspec=1=x86_64"):
        combine_locks([("one", one), ("two", lock_of(part(conda("a 1"))))])
