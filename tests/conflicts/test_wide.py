"""Cores where machine, channels, pins and dates count: against brute force, which knows all of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.all_cores import disjoint, find_all_cores
from condaenv_tools.conflicts.search.cores import Core, find_cores
from condaenv_tools.conflicts.search.glance import seen_conflicts
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import SOLVERS
from tests.conflicts.brute import Brute, lines
from tests.conflicts.wide_worlds import PLATFORMS, Wide, all_minimal, wide_universes
from tests.resolve.toy import World

EXAMPLES = 100


def minimal(wide: Wide, platform: Platform) -> set[frozenset[Dependency]]:
    """Return all minimal cores, by brute force."""
    solver, request = Brute(), wide.request(platform)
    return all_minimal(wide.items, lambda part: _fails(solver, request, wide.options, part))


def _fails(solver: Brute, request: SolveRequest, options: SolveOptions, part: Sequence[Dependency]) -> bool:
    asked = replace(request, specs=tuple(item.spec for item in part))
    return solver.solve([asked], options)[0].solution is None


@settings(max_examples=EXAMPLES, deadline=None)
@given(wide_universes(), st.sampled_from(PLATFORMS))
def test_all_cores_are_those_of_brute_force(wide: Wide, platform: Platform) -> None:
    wanted = minimal(wide, platform)
    found = explain_platform(wide.items, wide.probe(platform), all_cores=100)
    assert found.complete
    assert {frozenset(conflict.members) for conflict in found.conflicts} == wanted
    assert all(conflict.core.minimal and not conflict.account.fault for conflict in found.conflicts)


@settings(max_examples=EXAMPLES, deadline=None)
@given(wide_universes(), st.sampled_from(PLATFORMS))
def test_disjoint_cores_are_minimal_and_leave_what_goes_together(wide: Wide, platform: Platform) -> None:
    wanted = minimal(wide, platform)
    found = explain_platform(wide.items, wide.probe(platform))
    assert found.complete
    assert found.known
    cores = [conflict.core for conflict in found.conflicts]
    assert {frozenset(core.members) for core in cores} <= wanted
    assert disjoint(cores) == tuple(cores)
    blamed = {item for core in cores for item in core.members}
    assert not any(core.isdisjoint(blamed) for core in wanted)


@settings(max_examples=EXAMPLES, deadline=None)
@given(wide_universes(), st.sampled_from(PLATFORMS))
def test_what_is_beside_the_lines_is_to_blame(wide: Wide, platform: Platform) -> None:
    """Without any one of it the lines go together, all else being lifted; with all of it they never do."""
    request, options = wide.request(platform), wide.options
    for conflict in explain_platform(wide.items, wide.probe(platform)).conflicts:
        members, beside = conflict.members, conflict.core.beside
        kept = {one.spec for one in beside}
        assert _fails_with(request, options, members, kept)
        for one in beside:
            assert not _fails_with(request, options, members, kept - {one.spec})
            if one.kind == "virtual" and "=" in one.instead:
                value = VirtualPackage.parse(one.instead)
                others = [v for v in request.virtual_packages if v.name != value.name]
                told = replace(request, virtual_packages=(*others, value))
                assert not _fails(Brute(), told, options, members)
            if one.kind == "priority" and one.instead:
                free = replace(options, channel_priority=ChannelPriority.DISABLED)
                assert not _fails(Brute(), request, free, members)


def _fails_with(
    request: SolveRequest, options: SolveOptions, members: Sequence[Dependency], kept: set[str]
) -> bool:
    """Say whether lines fail where all is lifted but what is kept: brute force, with every value of a machine."""
    if "channel-priority=strict" not in kept:
        options = replace(options, channel_priority=ChannelPriority.DISABLED)
    if not any(text.startswith("exclude-newer") for text in kept):
        options = replace(options, exclude_newer=None)
    linux = request.platform is Platform.LINUX_64
    values = [
        "__cuda=12",
        "__cuda=11.8",
        *(("__glibc=2.34", "__glibc=2.17", "__glibc=2.29") if linux else ()),
    ]
    more = [v for v in map(VirtualPackage.parse, values) if not any(v.name in text for text in kept)]
    asked = replace(
        request,
        constraints=tuple(pin for pin in request.constraints if str(pin) in kept),
        virtual_packages=(*request.virtual_packages, *more),
    )
    return _fails(Brute(), asked, options, members)


@settings(max_examples=EXAMPLES, deadline=None)
@given(wide_universes(pins=False), st.sampled_from(PLATFORMS))
def test_what_is_seen_at_a_glance_is_so(wide: Wide, platform: Platform) -> None:
    universe = Universe(wide.request(platform), wide.options)
    for members in seen_conflicts(wide.items, universe):
        assert _fails(Brute(), wide.request(platform), wide.options, members)


@settings(max_examples=25, deadline=None)
@given(wide_universes())
def test_the_real_solver_finds_the_same_cores(wide: Wide) -> None:
    with tempfile.TemporaryDirectory() as folder:
        channels = {"toy": wide.records, **({"behind": wide.behind} if wide.behind else {})}
        world = World(Path(folder), channels)
        request = replace(
            world.request(*(str(item) for item in wide.items)),
            constraints=wide.pins,
            virtual_packages=wide.virtual,
        )
        options = replace(wide.options, exclude_newer=None)
        real, brute = (
            explain_platform(wide.items, probe, all_cores=50)
            for probe in (
                Probe(request, SOLVERS["rattler"], options),
                Probe(request, Brute(), options),
            )
        )
        assert [conflict.core for conflict in real.conflicts] == [c.core for c in brute.conflicts]


def test_the_order_of_the_lines_decides_nothing() -> None:
    """A file has many cores: the tightest lines are blamed for every order, and the fewest."""
    texts = ["icechunk", "numpy=2.0", "scipy>=1", "pandas=1.5", "xarray", "dask<3", "python"]
    excluded = [{"icechunk", "pandas"}, {"numpy", "pandas"}, {"scipy", "numpy", "dask"}, {"xarray", "python"}]
    told = set()
    for seed in range(60):
        shuffled = list(texts)
        random.Random(seed).shuffle(shuffled)

        def fails(part: Sequence[Dependency]) -> bool:
            here = {str(item.name) for item in part}
            return any(one <= here for one in excluded)

        cores = find_cores(lines(*shuffled), fails).cores
        told.add(tuple(tuple(sorted(map(str, core.members))) for core in cores))
    assert told == {(("numpy=2.0", "pandas=1.5"), ("python", "xarray"))}


def test_of_equally_tight_lines_the_fewest_are_blamed() -> None:
    items = lines("a=1", "b=1", "c=1", "d=1", "e=1")
    excluded = [{"a", "b", "c"}, {"d", "e"}]

    def fails(part: Sequence[Dependency]) -> bool:
        here = {str(item.name) for item in part}
        return any(one <= here for one in excluded)

    first, second = find_all_cores(items, fails, most=10).cores
    assert [len(first.members), len(second.members)] == [2, 3]


@pytest.mark.parametrize(("most", "number", "complete"), [(1, 1, False), (3, 3, True), (9, 3, True)])
def test_all_cores_up_to_a_bound(most: int, number: int, *, complete: bool) -> None:
    items = lines("a", "b", "c")
    search = find_all_cores(items, lambda part: len(part) > 1, most=most)
    assert (len(search.cores), search.complete) == (number, complete)


def test_all_cores_when_the_time_runs_out() -> None:
    items = lines("a", "b", "c", "d")
    left = 9

    def fails(part: Sequence[Dependency]) -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            raise OutOfTimeError
        return len(part) > 1

    search = find_all_cores(items, fails, most=10, known=[Core(members=items[:2])])
    assert not search.complete
    assert Core(members=items[:2]) in search.cores
    assert all(core.minimal for core in search.cores)
