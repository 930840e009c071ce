"""The fewest moves, against brute force."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.lock.fewest_moves import Tried, fewest_moves, smallest_hitting_set

NAMES = "abcdef"
cores = st.lists(st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3), max_size=5)


class World:
    """What cannot be kept together; its answers move more than they need to where nobody says what to keep."""

    def __init__(self, conflicts: list[frozenset[str]], wasteful: frozenset[str] = frozenset()) -> None:
        self.conflicts = conflicts
        self.wasteful = wasteful
        self.asked = 0

    def ask(self, kept: frozenset[str]) -> Tried[frozenset[str]] | None:
        self.asked += 1
        if any(core <= kept for core in self.conflicts):
            return None
        moved = self.wasteful - kept
        for core in self.conflicts:
            if not core & moved:
                moved |= {max(core - kept)}
        return Tried(moved=moved, result=kept)


def least(conflicts: list[frozenset[str]]) -> int:
    return next(
        size
        for size in range(len(NAMES) + 1)
        if any(all(core & set(chosen) for core in conflicts) for chosen in combinations(NAMES, size))
    )


@given(cores, st.frozensets(st.sampled_from(NAMES)))
def test_nothing_moves_fewer(conflicts: list[frozenset[str]], wasteful: frozenset[str]) -> None:
    world = World(conflicts, wasteful if conflicts else frozenset())
    found = fewest_moves(NAMES, world.ask, 500)
    assert found is not None
    assert found.proven
    assert len(found.moved) == least(conflicts)
    assert all(core & found.moved for core in conflicts)
    # What is said to be a core is one.
    assert all(any(one <= core for one in conflicts) for core in found.cores)


@given(cores, st.frozensets(st.sampled_from(NAMES)), st.integers(0, 12))
def test_with_few_attempts_the_answer_holds_and_says_whether_it_is_the_least(
    conflicts: list[frozenset[str]], wasteful: frozenset[str], attempts: int
) -> None:
    world = World(conflicts, wasteful)
    found = fewest_moves(NAMES, world.ask, attempts)
    assert found is not None
    assert world.asked <= attempts + 2
    assert all(core & found.moved for core in conflicts)
    if found.proven:
        assert len(found.moved) == least(conflicts) or not any(core for core in conflicts)


def test_what_can_be_kept_whole_is_asked_about_once() -> None:
    world = World([])
    found = fewest_moves(NAMES, world.ask, 0)
    assert found is not None
    assert (found.moved, found.proven, world.asked) == (frozenset(), True, 1)


def test_where_there_is_no_answer_there_is_none() -> None:
    assert fewest_moves(NAMES, lambda _: None, 10) is None


@given(cores)
def test_a_hitting_set_is_the_smallest(conflicts: list[frozenset[str]]) -> None:
    found = smallest_hitting_set(conflicts)
    assert found is not None
    assert all(core & found for core in conflicts)
    assert len(found) == least(conflicts)
