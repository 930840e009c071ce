"""Whole findings, as a user reads them: each file of tests/data/invalid beside what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import parse_environment

FOLDER = Path(__file__).resolve().parents[1] / "data" / "invalid"
FILES = sorted(FOLDER.glob("*.yml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_said_of_a_file(path: Path) -> None:
    parsed = parse_environment(path.read_bytes(), path=path.name)
    told = "".join(f"{finding}\n" for finding in parsed.findings if finding.severity is not Severity.INFO)
    assert told == path.with_suffix(".txt").read_text(encoding="utf-8")
