"""Conflicts of both halves, with a recorded channel and an index: which lines, why, and what mends them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from condaenv_tools.conflicts.ecosystems.blame import find_joint_conflicts
from condaenv_tools.conflicts.ecosystems.mend import JointTarget, find_joint_corrections
from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.model.platform import Platform
from tests.conflicts.ecosystems.world import FILES, Project, members
from tests.pypi_index import serve_index

CASES = {
    "a pin of conda against a pin of pip": (
        ["rich", "numpy=2.5"],
        ["pandas==2.1.4", "free"],
        [["numpy=2.5", "pandas==2.1.4"]],
        [
            "pandas==2.1.4 needs numpy<2,>=1.26",
            "conda gives numpy 2.5.2 because of numpy=2.5",
            "environment.yml:5:5",
        ],
        [("numpy=2.5", "numpy=1.26"), ("pandas==2.1.4", "pandas==2.2.0")],
    ),
    "what another package of conda needs": (
        ["scipy=1.17", "rich"],
        ["free", "app"],
        [["scipy=1.17", "app"]],
        ["app needs numba, which needs numpy<1.27", "every scipy 1.17 (1.17.0) needs numpy >=2.1"],
        [("scipy=1.17", "scipy=1.11"), ("app", None)],
    ),
    "two lines for pip": (
        ["rich"],
        ["old-style", "new-style==1.0", "free"],
        [["old-style", "new-style==1.0"]],
        ["old-style 1.0 needs helper<2", "new-style 1.0 needs helper>=2"],
        [("new-style==1.0", "new-style==0.9"), ("old-style", None)],
    ),
    "Python": (
        ["python=3.13", "rich"],
        ["slow", "free"],
        [["python=3.13", "slow"]],
        ["slow 1.0 needs Python <3.13, and conda chose 3.13.2"],
        [("python=3.13", "python=3.12"), ("slow", None)],
    ),
    "a distribution from both": (
        ["numpy=2.5", "rich"],
        ["numpy==1.26.4"],
        [["numpy=2.5", "numpy==1.26.4"]],
        ["numpy==1.26.4 asks for numpy ==1.26.4", "conda gives numpy 2.5.2"],
        [("numpy=2.5", "numpy=1.26"), ("numpy==1.26.4", "numpy==2.5.2")],
    ),
    "a distribution that conda brings along": (
        ["numpy=2.5", "pandas", "rich"],
        ["pandas==2.1.4"],
        [["numpy=2.5", "pandas==2.1.4"]],
        ["pandas==2.1.4 needs numpy<2,>=1.26", "conda gives numpy 2.5.2 because of numpy=2.5"],
        [("numpy=2.5", "numpy=1.26"), ("pandas==2.1.4", "pandas==2.3.3")],
    ),
    "a name that no index has": (
        ["rich"],
        ["nowhere", "free"],
        [["nowhere"]],
        ["nowhere cannot be met", "nowhere is on no index"],
        [("nowhere", None)],
    ),
    "a name that only the channel has": (
        ["rich"],
        ["dask", "free"],
        [["dask"]],
        ["dask is on no index"],
        [("dask", "dask-core")],
    ),
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve_index(FILES) as index:
        yield index.url


@pytest.mark.parametrize("case", CASES)
def test_the_lines_the_reason_and_what_mends_it(case: str, tmp_path: Path, url: str) -> None:
    conda, pip, cores, said, changes = CASES[case]
    found, probe, items = Project(tmp_path, url).search(conda, pip)
    assert members(found) == cores
    assert found.complete
    (conflict,) = found.conflicts
    assert conflict.core.minimal
    for words in said:
        assert words in conflict.account.text
    targets = {Platform.LINUX_64: JointTarget(items=items, probe=probe, conflicts=found.conflicts)}
    search = find_joint_corrections(targets)
    assert [(str(c.item), c.to) for one in search.corrections for c in one.changes] == changes
    assert search.complete
    for one in search.corrections:
        assert probe.changed(items, {c.item: c for c in one.changes}).solution is not None


@pytest.mark.parametrize("case", CASES)
def test_a_conflict_is_one_and_is_none_without_any_line(case: str, tmp_path: Path, url: str) -> None:
    conda, pip, cores, *_ = CASES[case]
    project = Project(tmp_path, url)
    for core in cores:
        for part in [core, *combinations(core, len(core) - 1)]:
            lines = [line for line in part if line in conda]
            asked = [line for line in part if line in pip]
            # What conda would still bring without the line that pins it.
            free = [] if "numpy=2.5" in part or "scipy=1.17" in part or part == core else ["numpy"]
            found, _, _ = project.search([*lines, *free], asked or ["free"])
            assert bool(found.conflicts) == (part == core)


def test_a_place_for_what_conda_brings_is_told_with_who_brings_it(tmp_path: Path, url: str) -> None:
    """pip would put its files over those of conda: neither line is wrong, and one of them has to go."""
    place = f"requests @ {url.removesuffix('simple/')}files/requests-2.30.0-py3-none-any.whl"
    found, *_ = Project(tmp_path, url).search(["dask-core", "rich"], [place, "free"])
    assert members(found) == [["dask-core", place]]
    (conflict,) = found.conflicts
    assert conflict.core.minimal
    assert dict(conflict.account.remarks)[conflict.members[0]] == "needs requests"
    assert "pip would install one over the other" in conflict.account.text


def test_where_the_time_is_over_what_is_known_is_told(tmp_path: Path, url: str) -> None:
    project = Project(tmp_path, url)
    _, probe, items = project.search(["numpy=2.5", "rich"], ["pandas==2.1.4", "free"])
    whole = probe.outcome(items)
    late = JointProbe(probe.request, until=0.0)
    found = find_joint_conflicts(items, whole, late)
    assert not found.complete
    (conflict,) = found.conflicts
    assert not conflict.core.minimal
    assert {"numpy=2.5", "pandas==2.1.4"} <= {str(item) for item in conflict.members}
    assert "the time ran out" in conflict.account.text
    target = JointTarget(items=items, probe=late, conflicts=found.conflicts)
    assert not find_joint_corrections({Platform.LINUX_64: target}).complete


def test_a_file_that_solves_has_no_conflict(tmp_path: Path, url: str) -> None:
    found, probe, _ = Project(tmp_path, url).search(["numpy=2.5", "rich"], ["pandas==2.3.3", "free"])
    assert (found.conflicts, found.complete, probe.solves) == ((), True, 1)
