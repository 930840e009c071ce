"""Conflicts planted in a published file, on five platforms, among up to a hundred harmless lines.

Each is blamed on exactly the lines that were planted, proven to be minimal, told in the words of the table, and
mended. The words are what the recorded releases ask of each other.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from condaenv_tools.model.platform import Platform
from tests.conflicts.test_planted import blamed, explained

_FILE = Path(__file__).parents[1] / "data" / "conflicts" / "planted.tsv"
ROWS = list(csv.DictReader(_FILE.read_text(encoding="utf-8").splitlines(), delimiter="\t"))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['platform']} {row['planted']}" for row in ROWS])
def test_what_was_planted_is_blamed_told_and_mended(row: dict[str, str]) -> None:
    planted = tuple(row["planted"].split())
    found, search = explained(planted, int(row["harmless"]), Platform(row["platform"]))
    (conflict,) = found.conflicts
    assert blamed(conflict) == planted
    assert conflict.core.minimal
    assert found.complete
    assert conflict.account.text == row["said"]
    assert search.corrections
    for correction in search.corrections:
        assert {str(change.item) for change in correction.changes} <= set(planted)
