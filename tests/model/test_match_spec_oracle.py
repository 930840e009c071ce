"""Every spelling of the recorded table: what conda, libmamba and rattler make of it, and what we do."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

import pytest

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.resolve.solver_specs import needs_versions, to_solver_spec
from tests.model.match_spec_departures import DEPARTURES
from tests.shared_data import need_shared

VERSIONS = need_shared("oracle", "versions_tested.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Reading:
    """What a tool makes of a spelling: nothing where it refuses."""

    canonical: str | None
    matched: tuple[str, ...] | None


def reading(cell: str) -> Reading:
    if cell.startswith(("ERR", "CRASH")):
        return Reading(None, None)
    found = re.fullmatch(r"(.*) \[([^\[\]]*)\]", cell, re.DOTALL)
    assert found is not None, cell
    return Reading(found[1], tuple(found[2].split()))


def rows() -> list[tuple[str, Reading, Reading]]:
    with need_shared("oracle", "matchspec_matrix.tsv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file, delimiter="\t"))
    return [(row[0], reading(row[1]), reading(row[2])) for row in table[1:]]


ROWS = rows()


def ours(spelling: str) -> Reading:
    try:
        spec = MatchSpec.parse(spelling)
    except InvalidMatchSpecError:
        return Reading(None, None)
    fits = tuple(v for v in VERSIONS if spec.version is None or spec.version.matches(v))
    return Reading(str(spec), fits)


def test_the_whole_table_is_here() -> None:
    assert len(ROWS) == 177


@pytest.mark.parametrize(("spelling", "conda", "mamba"), ROWS, ids=[repr(row[0]) for row in ROWS])
def test_a_spec_means_what_conda_means(spelling: str, conda: Reading, mamba: Reading) -> None:
    if spelling in DEPARTURES:
        assert conda.matched != mamba.matched, "where conda and libmamba agree, there is no departure"
        assert ours(spelling) != conda, "this is a departure no more: take it off the table"
    else:
        assert ours(spelling) == conda


@pytest.mark.parametrize("spelling", [row[0] for row in ROWS], ids=repr)
def test_the_engine_matches_the_same_versions(spelling: str) -> None:
    import rattler

    try:
        spec = MatchSpec.parse(spelling)
    except InvalidMatchSpecError:
        return
    if spec.has_name_pattern:
        return
    made = to_solver_spec(spec, channel_url="file:///channel" if spec.channel else None, versions=VERSIONS)
    theirs = None if made.version is None else rattler.VersionSpec(made.version)
    found = {v for v in VERSIONS if theirs is None or theirs.matches(rattler.Version(v))}
    wanted = {v for v in VERSIONS if spec.version is None or spec.version.matches(v)}
    if needs_versions(spec):
        # A choice of exact versions admits what equals them: 1.2 beside 1.2.0.
        wanted |= {v for v in VERSIONS if any(rattler.Version(v) == rattler.Version(w) for w in wanted)}
    assert found == wanted
