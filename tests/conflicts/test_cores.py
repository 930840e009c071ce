"""Cores: lines that exclude each other, none of them idle, those first that a user would blame."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from condaenv_tools.conflicts.search.cores import CoreSearch, Fails, find_core, find_cores, tightness
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.model.environment import Dependency
from tests.conflicts.brute import Brute, lines, request
from tests.conflicts.worlds import Universe, universes


def told(search: CoreSearch) -> list[list[str]]:
    return [[str(item) for item in core.members] for core in search.cores]


def excluded(*names: set[str]) -> Fails:
    def fails(part: Sequence[Dependency]) -> bool:
        here = {item.name for item in part}
        return any(one <= here for one in names)

    return fails


@settings(max_examples=400, deadline=None)
@given(universes())
def test_every_core_fails_and_does_not_without_any_one_line(universe: Universe) -> None:
    probe = Probe(request(universe.records), Brute())
    search = find_cores(universe.items, probe.fails)
    assert search.complete
    assert bool(search.cores) == probe.fails(universe.items)
    for core in search.cores:
        assert core.minimal
        assert probe.fails(core.members)
        assert not any(
            probe.fails([one for one in core.members if one is not item])
            for item in core.members
            if len(core.members) > 1
        )
    blamed = [item for core in search.cores for item in core.members]
    assert len(blamed) == len(set(blamed))
    rest = [item for item in universe.items if item not in blamed]
    assert not rest or not probe.fails(rest)


def test_pins_are_blamed_before_bounds_and_bounds_before_bare_names() -> None:
    items = lines("icechunk", "numpy=2.0", "scipy>=1", "pandas=1.5", "xarray")
    fails = excluded({"icechunk", "pandas"}, {"numpy", "pandas"}, {"scipy", "pandas"})
    assert told(find_cores(items, fails)) == [["numpy=2.0", "pandas=1.5"]]


def test_disjoint_conflicts_are_all_told() -> None:
    items = lines("a=1", "b", "c=1", "d", "e")
    search = find_cores(items, excluded({"a", "c"}, {"b", "d"}, {"e"}))
    assert told(search) == [["a=1", "c=1"], ["b", "d"], ["e"]]


@pytest.mark.parametrize(("most", "number", "complete"), [(2, 2, False), (3, 3, True), (4, 3, True)])
def test_the_search_says_whether_more_conflicts_are_left(most: int, number: int, *, complete: bool) -> None:
    search = find_cores(lines("a", "b", "c"), excluded({"a"}, {"b"}, {"c"}), most=most)
    assert (len(search.cores), search.complete) == (number, complete)


def test_one_question_about_few_lines_rather_than_many_about_all() -> None:
    items = lines(*[f"p{n}" for n in range(130)], "numpy=2.0", "pandas=1.5")
    sizes: list[int] = []

    def fails(part: Sequence[Dependency]) -> bool:
        sizes.append(len(part))
        return {"numpy", "pandas"} <= {item.name for item in part}

    core = find_core(items, fails)
    assert [str(item) for item in core.members] == ["numpy=2.0", "pandas=1.5"]
    assert len(sizes) <= 8
    assert max(sizes) <= 2


def test_a_conflict_of_bare_names_takes_few_questions() -> None:
    items = lines(*[f"p{n}" for n in range(128)])
    asked = 0

    def fails(part: Sequence[Dependency]) -> bool:
        nonlocal asked
        asked += 1
        return {"p60", "p100"} <= {item.name for item in part}

    assert [str(item) for item in find_core(items, fails).members] == ["p60", "p100"]
    assert asked <= 34


def test_when_the_time_runs_out_what_is_known_is_told_as_not_minimal() -> None:
    items = lines("a=1", "b=1", "c=1", "d=1")
    left = 3

    def fails(part: Sequence[Dependency]) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            raise OutOfTimeError
        return {"a", "d"} <= {item.name for item in part}

    search = find_cores(items, fails)
    (core,) = search.cores
    assert not core.minimal
    assert not search.complete
    assert {"a", "d"} <= {item.name for item in core.members}


def test_a_probe_asks_the_same_question_once() -> None:
    solver = Brute()
    probe = Probe(request([]), solver)
    assert [probe.fails(lines("a")), probe.fails(lines("a"))] == [True, True]
    assert len(solver.asked) == probe.solves == 1


def test_an_exact_build_is_a_pin() -> None:
    (item,) = lines("numpy=2.0=py312*")
    assert tightness(item.spec) == 0
