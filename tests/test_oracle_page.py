"""The page of the oracle is made from the recordings and the code, and is up to date."""

from __future__ import annotations

from tests.shared_data import need_shared

need_shared("oracle")

from tests.oracle_page import PAGE, oracle_page  # noqa: E402 - it reads the shared data


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == oracle_page(), "run `python -m tests.oracle_page`"


def test_every_case_and_spelling_has_a_row() -> None:
    rows = [line for line in oracle_page().splitlines() if line.startswith("| `")]
    files, specs = [row for row in rows if row.count(" | ") == 4][:113], rows[-9 - 177 : -9]
    assert len(files) == 113
    assert len(specs) == 177
    for row in rows:
        cells = row.replace("\\|", "").strip("|").split("|")
        assert len(cells) in {2, 3, 5}, row
