"""`[tool.condaenv]`: where it is looked for, what it may say, and what is said of slips."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.settings import (
    NO_SETTINGS,
    Settings,
    check_codes,
    find_settings,
    forget_settings,
    parse_settings,
)


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget_settings()


def test_a_file_without_the_table_has_no_settings() -> None:
    assert parse_settings("[project]\nname = 'x'\n") is None
    assert parse_settings("[tool.ruff]\n") is None


def test_both_keys_are_read() -> None:
    text = '[tool.condaenv]\nignore = ["ce113", "CE5"]\nper-file-ignores = {"envs/*.yml" = ["CE3"]}\n'
    assert parse_settings(text, path="p.toml") == Settings(
        path="p.toml", ignore=("CE113", "CE5"), per_file_ignores=(("envs/*.yml", ("CE3",)),)
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[tool.condaenv]\n\nignored = []\n", ["p.toml:3: ", "'ignored'", "did you mean ignore?"]),
        ("[tool.condaenv]\ncolour = 1\n", ["p.toml:2: ", "the keys are ignore and per-file-ignores"]),
        ('[tool.condaenv]\nignore = "CE113"\n', ["p.toml:2: ", "a list of codes"]),
        ('[tool.condaenv]\nignore = [\n  "CE113",\n  "CE999",\n]\n', ["p.toml:4: ", "'CE999'"]),
        ('[tool.condaenv]\nignore = ["E501"]\n', ["p.toml:2: ", "'E501'"]),
        ("[tool.condaenv]\nper-file-ignores = []\n", ["p.toml:2: ", "is a table"]),
        (
            '[tool.condaenv.per-file-ignores]\n"a.yml" = ["CE1"]\n"b.yml" = ["CE9"]\n',
            ["p.toml:3: ", "'CE9'"],
        ),
        ("[tool]\ncondaenv = 3\n", ["p.toml:2: ", "is no table"]),
        ("[tool.condaenv\n", ["p.toml:1:", "is not TOML", "--no-config"]),
    ],
)
def test_a_slip_is_told_with_its_line(text: str, told: list[str]) -> None:
    with pytest.raises(ParseError) as caught:
        parse_settings(text, path="p.toml")
    for part in told:
        assert part in str(caught.value)


def test_all_slips_are_told_at_once() -> None:
    with pytest.raises(ParseError) as caught:
        parse_settings('[tool.condaenv]\nignore = ["X1"]\nselect = []\n', path="p.toml")
    assert "p.toml:2: " in str(caught.value)
    assert "p.toml:3: " in str(caught.value)


def test_the_nearest_file_with_the_table_counts(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.condaenv]\nignore = ["CE1"]\n', encoding="utf-8")
    (tmp_path / "a" / "b" / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    assert find_settings(tmp_path / "a" / "b" / "e.yml").ignore == ("CE1",)
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.condaenv]\nignore = ["CE2"]\n', encoding="utf-8")
    forget_settings()
    assert find_settings(tmp_path / "a" / "b" / "e.yml").ignore == ("CE2",)
    assert find_settings(tmp_path / "e.yml").ignore == ("CE1",)


def test_no_file_anywhere_is_no_settings(tmp_path: Path) -> None:
    assert find_settings(tmp_path / "e.yml") == NO_SETTINGS


@pytest.mark.parametrize(
    ("pattern", "file", "fits"),
    [
        ("envs/*.yml", "envs/gpu.yml", True),
        ("envs/*.yml", "envs/old/gpu.yml", True),
        ("./envs/*.yml", "envs/gpu.yml", True),
        ("gpu.yml", "envs/gpu.yml", True),
        ("*", "envs/gpu.yml", True),
        ("envs/*.yml", "gpu.yml", False),
        ("envs/*.yml", "envs/gpu.yaml", False),
    ],
)
def test_a_pattern_is_held_against_path_and_name(
    tmp_path: Path,
    pattern: str,
    file: str,
    fits: bool,  # noqa: FBT001 - a row of a table
) -> None:
    settings = Settings(path=str(tmp_path / "pyproject.toml"), per_file_ignores=((pattern, ("CE5",)),))
    assert settings.ignored_in(tmp_path / file) == (("CE5",) if fits else ())


def test_a_code_that_no_finding_has_is_told_with_the_nearest() -> None:
    assert check_codes([" ce113 ", "CE"]) == ("CE113", "CE")
    with pytest.raises(ParseError, match="did you mean CE"):
        check_codes(["CE1O3"])
