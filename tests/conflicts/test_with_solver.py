"""The search over the real solver and over brute force say the same of the same universes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import assume, given, settings

from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Correction, Target
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.core_values import Core
from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.resolve.request import SolveOptions
from condaenv_tools.resolve.solve import SOLVERS
from tests.conflicts.brute import LINUX, Brute
from tests.conflicts.worlds import Universe, universes
from tests.resolve.toy import World

#: Far more than a universe of a few packages takes.
_SECONDS = 2.0


@settings(max_examples=60, deadline=None)
@given(universes())
def test_solver_and_brute_force_agree_on_cores_and_corrections(universe: Universe) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), {"toy": universe.records})
        request = world.request(*(str(item.spec) for item in universe.items))
        # The engine itself does not end on some universes, such as one in which a package bars what it needs.
        real = Probe(request, SOLVERS["rattler"], SolveOptions(time_limit=_SECONDS))
        brute = Probe(request, Brute())
        cores = find_cores(universe.items, real.fails)
        assume(not real.trouble)
        assert cores == find_cores(universe.items, brute.fails)
        explained = [told_cores(universe, probe) for probe in (real, brute)]
        assume(not real.trouble)
        assert explained[0] == explained[1]
        assert_disjoint_minimal_and_all(explained[0], universe, brute)
        found, wanted = (
            find_corrections({LINUX: Target(items=universe.items, probe=probe, cores=cores.cores)}, most=100)
            for probe in (real, brute)
        )
        assume(not real.trouble)
        # Which of several solutions an engine takes is its own affair, and with it the order and the versions.
        assert {lines_of(one) for one in found.corrections} == {lines_of(one) for one in wanted.corrections}


def told_cores(universe: Universe, probe: Probe) -> list[Core]:
    return [conflict.core for conflict in explain_platform(universe.items, probe).conflicts]


def assert_disjoint_minimal_and_all(cores: list[Core], universe: Universe, brute: Probe) -> None:
    """Hold what is told to its promise, whichever of several conflicts that share a line it is.

    The first look at the records may find another of these than the search does.
    """
    taken = [item for core in cores for item in core.members]
    assert len(taken) == len(set(taken))
    assert not brute.fails([item for item in universe.items if item not in taken])
    for core in cores:
        assert core.minimal
        assert brute.fails(core.members)
        assert not any(brute.fails([one for one in core.members if one != item]) for item in core.members)


def lines_of(correction: Correction) -> tuple[Dependency, ...]:
    return tuple(change.item for change in correction.changes)
