"""The search over the real solver and over brute force say the same of the same universes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings

from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Correction, Target
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.resolve.solve import SOLVERS
from tests.conflicts.brute import LINUX, Brute
from tests.conflicts.worlds import Universe, universes
from tests.resolve.toy import World


@settings(max_examples=60, deadline=None)
@given(universes())
def test_solver_and_brute_force_agree_on_cores_and_corrections(universe: Universe) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), {"toy": universe.records})
        request = world.request(*(str(item.spec) for item in universe.items))
        real, brute = Probe(request, SOLVERS["rattler"]), Probe(request, Brute())
        cores = find_cores(universe.items, real.fails)
        assert cores == find_cores(universe.items, brute.fails)
        explained = explain_platform(universe.items, real)
        assert [conflict.core for conflict in explained.conflicts] == list(cores.cores)
        found, wanted = (
            find_corrections({LINUX: Target(items=universe.items, probe=probe, cores=cores.cores)}, most=100)
            for probe in (real, brute)
        )
        # Which of several solutions an engine takes is its own affair, and with it the order and the versions.
        assert {lines_of(one) for one in found.corrections} == {lines_of(one) for one in wanted.corrections}


def lines_of(correction: Correction) -> tuple[Dependency, ...]:
    return tuple(change.item for change in correction.changes)
