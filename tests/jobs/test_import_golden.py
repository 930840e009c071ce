"""Realistic files of every kind, and the environment.yml made of each, comments included."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from condaenv_tools.jobs.import_files import ImportOptions, ImportResult, import_file
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.inputs.registry import FORMATS, input_format
from tests.parse.inputs.laws import check_places

DATA = Path(__file__).resolve().parents[1] / "data" / "inputs"
GOLDEN = "expected.yml"
#: Beside a requirements file, and read through it.
INCLUDED = {"base.txt", "constraints.txt"}
FOLDERS = sorted(path for path in DATA.iterdir() if path.is_dir())


def source(folder: Path) -> Path:
    (found,) = [path for path in folder.iterdir() if path.name not in {GOLDEN, *INCLUDED}]
    return found


def made(folder: Path) -> ImportResult:
    return import_file(source(folder), ImportOptions(all_groups=True))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_environment_is_as_expected(folder: Path) -> None:
    text = made(folder).text
    if os.environ.get("CONDAENV_GOLDEN") == "write":
        (folder / GOLDEN).write_text(text, encoding="utf-8")
    assert text == (folder / GOLDEN).read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_the_environment_has_no_error_of_its_own(folder: Path) -> None:
    parsed = parse_environment((folder / GOLDEN).read_text(encoding="utf-8"))
    assert not parsed.errors
    assert "hunter2" not in str(parsed.environment)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_every_place_is_true(folder: Path) -> None:
    path = source(folder)
    text = path.read_text(encoding="utf-8")
    found = input_format(path.name, text)
    assert found is not None
    check_places(found.parse(text, str(path)), text)


def test_every_kind_of_file_is_there_three_times() -> None:
    counts = dict.fromkeys(FORMATS, 0)
    for folder in FOLDERS:
        path = source(folder)
        found = input_format(path.name, path.read_text(encoding="utf-8"))
        assert found is not None
        counts[found.name] += 1
    assert min(counts.values()) >= 3
    assert list(counts) == [*FORMATS]
