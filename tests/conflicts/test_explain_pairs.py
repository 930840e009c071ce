"""The page that sets the solver's words beside ours shows what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from condaenv_tools.cli.app import run
from tests.shared_data import need_shared

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explain-pairs.md").read_text(encoding="utf-8")
PAIRS = re.findall(
    r"^## (?P<lines>[^\n]*) on (?P<platform>\S+)$.*?^\$ condaenv explain .*?\n(?P<said>.*?)\n```",
    PAGE,
    re.MULTILINE | re.DOTALL,
)


def test_there_are_five() -> None:
    assert len(PAIRS) == 5


@pytest.mark.parametrize(("heading", "platform", "said"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_what_the_page_shows_is_printed(  # noqa: PLR0917 - a row and three fixtures
    heading: str,
    platform: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    snapshot = str(need_shared("channel"))
    lines = "".join(f"  - {spec}\n" for spec in re.findall(r"`([^`]+)`", heading))
    text = f"channels: [conda-forge, nodefaults]\ndependencies:\n{lines}"
    (tmp_path / "environment.yml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "environment.yml", "-p", platform, "--snapshot", snapshot, "--offline"]) == 1
    assert capsys.readouterr().out.rstrip("\n") == said
