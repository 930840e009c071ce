"""Corrections: they suffice on every platform, change as few lines as can be, and move as little as they can."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings

from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Change, CorrectionSearch, Target
from condaenv_tools.conflicts.corrections.widening import widenings
from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from tests.builders import record
from tests.conflicts.brute import LINUX, Brute, lines, request, solution
from tests.conflicts.worlds import Universe, universes

MAC = Platform.OSX_ARM64


def target(
    records: Sequence[PackageRecord], items: Sequence[Dependency], *, until: float | None = None
) -> Target:
    probe = Probe(request(records), Brute(), until=until)
    cores = () if until is not None else find_cores(items, probe.fails).cores
    return Target(items=tuple(items), probe=probe, cores=cores)


def corrected(records: Sequence[PackageRecord], *texts: str) -> CorrectionSearch:
    return find_corrections({LINUX: target(records, lines(*texts))})


def told(search: CorrectionSearch) -> list[str]:
    return [", ".join(map(change_text, one.changes)) for one in search.corrections]


def change_text(change: Change) -> str:
    where = f" on {' and '.join(change.only_on)}" if change.only_on else ""
    return f"{change.item} -> {change.to or 'gone'}{where}"


def fewest(universe: Universe) -> int:
    """Return how many lines have to go, at least, found by trying all sets."""
    for size in range(len(universe.items) + 1):
        for gone in combinations(universe.items, size):
            rest = [str(item.spec) for item in universe.items if item not in gone]
            if solution(request(universe.records, *rest)) is not None:
                return size
    raise AssertionError("nothing at all can be solved")


@settings(max_examples=300, deadline=None)
@given(universes())
def test_every_correction_suffices_and_none_changes_fewer_lines(universe: Universe) -> None:
    search = find_corrections({LINUX: target(universe.records, universe.items)})
    least = fewest(universe)
    if least == 0:
        assert search == CorrectionSearch(corrections=(), complete=True)
    elif least < min(5, len(universe.items)):
        assert search.corrections
    for one in search.corrections:
        assert len(one.changes) == least
        new = {change.item: change.to for change in one.changes}
        specs = [new.get(item, item.text) for item in universe.items]
        assert solution(request(universe.records, *(text for text in specs if text is not None))) is not None


WORLD = (
    *(record("numpy", version) for version in ("1.25.2", "1.26.4", "2.0.2", "2.1.0", "2.2.0")),
    record("pandas", "1.5.3", "numpy <2.0a0"),
    record("pandas", "2.0.3", "numpy <2.0a0"),
    record("pandas", "2.1.4", "numpy <2.0a0"),
    record("pandas", "2.2.3", "numpy >=1.22"),
    record("pandas", "2.3.1", "numpy >=1.22"),
    record("scipy", "1.14.0", "numpy >=2.0"),
)


def test_the_nearest_release_in_each_direction_is_found_and_what_moves_least_comes_first() -> None:
    search = corrected(WORLD, "numpy=2.0", "pandas=1.5")
    assert told(search) == ["pandas=1.5 -> pandas=2.2", "numpy=2.0 -> numpy=1.26"]
    assert search.complete
    assert [[(v.name, v.version, v.platforms) for v in one.versions] for one in search.corrections] == [
        [("pandas", "2.2.3", (LINUX,)), ("numpy", "2.0.2", (LINUX,))],
        [("numpy", "1.26.4", (LINUX,)), ("pandas", "1.5.3", (LINUX,))],
    ]


def test_what_mends_the_pair_and_not_the_file_is_not_offered() -> None:
    assert told(corrected(WORLD, "numpy=2.0", "pandas=1.5", "scipy")) == ["pandas=1.5 -> pandas=2.2"]


def test_a_line_that_no_version_mends_is_dropped() -> None:
    records = [*WORLD, record("fossil", "1.0", "numpy <1.26")]
    assert told(corrected(records, "scipy", "fossil")) == ["fossil -> gone", "scipy -> gone"]


def test_two_conflicts_take_two_lines() -> None:
    records = [*WORLD, record("a", "1.0", "b <2"), record("a", "2.0"), record("b", "1.0"), record("b", "2.0")]
    search = corrected(records, "numpy=2.0", "pandas=1.5", "a=1", "b=2")
    assert {len(one.changes) for one in search.corrections} == {2}
    assert all(change.to is not None for one in search.corrections for change in one.changes)


def test_every_platform_is_solved_again() -> None:
    """What mends Linux must not break the Mac, which has no pandas 2.2."""
    items = lines("numpy=2.0", "pandas=1.5")
    mac = [
        *(record("numpy", version) for version in ("1.26.4", "2.0.2")),
        record("pandas", "1.5.3", "numpy <3"),
    ]
    search = find_corrections({LINUX: target(WORLD, items), MAC: target(mac, items)})
    assert told(search) == [
        "numpy=2.0 -> numpy=1.26",
        "pandas=1.5 -> pandas=1.5 on osx-arm64",
        "pandas=1.5 -> gone",
    ]


def test_dropping_every_line_is_no_correction() -> None:
    assert corrected(WORLD, "lost", "gone").corrections == ()
    assert told(corrected(WORLD, "lost", "gone", "numpy")) == ["lost -> gone, gone -> gone"]


def test_what_goes_together_needs_no_correction() -> None:
    assert corrected(WORLD, "numpy=2.0", "pandas") == CorrectionSearch(corrections=(), complete=True)


def test_without_time_nothing_is_claimed() -> None:
    items = lines("numpy=2.0", "pandas=1.5")
    known = target(WORLD, items).cores
    late = target(WORLD, items, until=0.0)
    search = find_corrections({LINUX: Target(items=late.items, probe=late.probe, cores=known)})
    assert search == CorrectionSearch(corrections=(), complete=False)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("numpy=2.0", ["numpy=2.1", "numpy=1.26", "numpy=2.2", "numpy=1.25"]),
        ("numpy==2.0.2", ["numpy==2.1.0", "numpy==1.26.4", "numpy==2.2.0", "numpy==1.25.2"]),
        ("numpy<2", ["numpy<=2.0.2", "numpy<=2.1.0", "numpy<=2.2.0"]),
        ("numpy>=2.1", ["numpy>=2.0", "numpy>=1.26", "numpy>=1.25"]),
        ("numpy>=2,<2.1", ["numpy>=2,<=2.1.0", "numpy>=1.26,<2.1", "numpy>=2,<=2.2.0", "numpy>=1.25,<2.1"]),
        ("conda-forge::numpy=2.1", ["conda-forge::numpy=2.2", "conda-forge::numpy=2.0"]),
        ("numpy=2.0.2=py3*", ["numpy==2.0.2", "numpy==2.1.0"]),
        ("numpy", []),
    ],
)
def test_a_line_gives_way_in_the_way_it_is_written(text: str, wanted: list[str]) -> None:
    spec = MatchSpec.parse(text)
    found = widenings(spec, [one for one in WORLD if one.name == "numpy"])
    assert [one.text for one in found][: len(wanted)] == wanted
    assert all(MatchSpec.parse(one.text) == one.spec for one in found)
    assert not found or wanted
