"""What a line may become: nearer before farther, only what is there, in the way it is written."""

from __future__ import annotations

import pytest

from condaenv_tools.conflicts.corrections.line_options import LineOptions, spaced
from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Target
from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.hitting import hitting_sets, least_size
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.platform import Platform
from tests.builders import record
from tests.conflicts.brute import LINUX, Brute, line, lines, request

MAC = Platform.OSX_ARM64


def test_only_versions_that_every_platform_has_count() -> None:
    (item,) = lines("a=1")
    linux = Probe(request([record("a", v) for v in ("1", "2", "3")]), Brute())
    mac = Probe(request([record("a", v) for v in ("1", "3")]), Brute())
    targets = {LINUX: Target(items=(item,), probe=linux), MAC: Target(items=(item,), probe=mac)}
    assert [[c.to for c, _ in side] for side in LineOptions(targets).sides(item)] == [["a=3"]]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sklearn=1.4", [["scikit-learn=1.4"]]),
        ("sklearn=1.3", [["scikit-learn=1.4", "scikit-learn=1.5"]]),
        ("scikitlearn", [["scikit-learn"]]),
        ("nothing-like-it", []),
    ],
)
def test_a_name_that_nobody_has_may_be_another(text: str, wanted: list[list[str]]) -> None:
    item = line(text)
    probe = Probe(request([record("scikit-learn", v) for v in ("1.4.2", "1.5.1")]), Brute())
    sides = LineOptions({LINUX: Target(items=(item,), probe=probe)}).sides(item)
    assert [[c.to for c, _ in side] for side in sides] == wanted


def test_a_name_that_the_file_has_already_is_not_written_twice() -> None:
    items = lines("sklearn", "scikit-learn")
    probe = Probe(request([record("scikit-learn", "1.5.1")]), Brute())
    cores = find_cores(items, probe.fails).cores
    search = find_corrections({LINUX: Target(items=items, probe=probe, cores=cores)})
    assert [[(str(c.item), c.to) for c in one.changes] for one in search.corrections] == [[("sklearn", None)]]


def test_the_nearest_of_many_is_found_without_asking_for_each() -> None:
    records = [
        record("a", "1.0", "b <2"),
        *(record("a", f"1.{n}", "b <2" if n < 60 else "b") for n in range(1, 90)),
        record("b", "1.0"),
        record("b", "2.0"),
    ]
    items = lines("a==1.0", "b=2")
    solver = Brute()
    probe = Probe(request(records), solver)
    cores = find_cores(items, probe.fails).cores
    search = find_corrections({LINUX: Target(items=items, probe=probe, cores=cores)})
    assert "a==1.60" in {change.to for one in search.corrections for change in one.changes}
    assert len(solver.asked) < 40


def test_a_space_behind_the_name_stays() -> None:
    assert spaced("numpy==2.1.0", "numpy ==2.0.2") == "numpy ==2.1.0"
    assert spaced("numpy", "numpy =2.0") == "numpy"


def test_hitting_sets_have_a_line_of_each_conflict_once() -> None:
    a, b, c, d = lines("a", "b", "c", "d")
    conflicts = [frozenset({a, b}), frozenset({b, c}), frozenset({c, d})]
    assert least_size(conflicts) == 2
    found = list(hitting_sets(conflicts, 2, lambda item: (False, item.span)))
    assert {tuple(map(str, one)) for one in found} == {("a", "c"), ("b", "c"), ("b", "d")}
    assert len(found) == 3
