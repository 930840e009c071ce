"""Conflicts of both halves, with a recorded channel and an index: which lines, why, and what mends them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from condaenv_tools.conflicts.ecosystems.mend import JointTarget, find_joint_corrections
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
        [("numpy=2.5", "numpy=1.26"), ("pandas==2.1.4", "pandas==2.3.3")],
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
        [("numpy=2.5", "numpy=1.26"), ("numpy==1.26.4", None)],
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
