"""Editing files: whole or not at all, in the dress that they had."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from condaenv_tools.errors import OutputError, ParseError
from condaenv_tools.jobs.edit_files import edit_data, edit_file
from condaenv_tools.jobs.shown_diff import shown_diff
from condaenv_tools.parse.editing.changes import Add, Remove, Section, SetSpec

DATA = b"\xef\xbb\xbfdependencies:\r\n- a=1  # one\r\n- b"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "environment.yml"
    path.write_bytes(DATA)
    return path


def test_a_file_is_changed_in_its_place(file: Path) -> None:
    edited = edit_file(file, [SetSpec(name="a", text="a=2"), Add(text="c")])
    assert file.read_bytes() == b"\xef\xbb\xbfdependencies:\r\n- a=2  # one\r\n- b\r\n- c"
    assert edited.before.data == DATA
    assert edited.after.data == file.read_bytes()
    assert [one.action for one in edited.result.changed] == ["set", "add"]


def test_nothing_is_written_where_nothing_changes(file: Path) -> None:
    os.utime(file, (1, 1))
    assert edit_file(file, [Add(text="b")]).diff == ""
    assert file.stat().st_mtime == 1


def test_a_plan_writes_nothing(file: Path) -> None:
    assert edit_file(file, [Remove(name="a")], write=False).after.text == "dependencies:\r\n- b"
    assert file.read_bytes() == DATA


def test_another_place_gets_the_file_in_any_case(file: Path, tmp_path: Path) -> None:
    edit_file(file, [], output=tmp_path / "copy.yml")
    assert (tmp_path / "copy.yml").read_bytes() == DATA
    edit_file(file, [Remove(name="b")], output=tmp_path / "copy.yml")
    assert (tmp_path / "copy.yml").read_bytes() == DATA[: -len(b"\r\n- b")]
    assert file.read_bytes() == DATA


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_permissions_and_a_link_stay(file: Path, tmp_path: Path) -> None:
    file.chmod(0o640)
    link = tmp_path / "link.yml"
    link.symlink_to(file)
    edit_file(link, [Add(text="c")])
    assert link.is_symlink()
    assert file.read_bytes() == DATA + b"\r\n- c"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_one_bad_change_leaves_the_file(file: Path) -> None:
    with pytest.raises(ParseError, match="`q` is not in"):
        edit_file(file, [Add(text="c"), Remove(name="q")])
    assert file.read_bytes() == DATA


def test_a_place_that_cannot_be_written(file: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        edit_file(file, [Add(text="c")], output=tmp_path / "none" / "x.yml")


def test_bytes_that_are_no_text_are_refused_with_their_file() -> None:
    with pytest.raises(ParseError, match=r"e.yml: .*not UTF-8.*Windows-1252"):
        edit_data(b"dependencies:\n- caf\xe9\n", [Add(text="b")], path="e.yml")


def test_a_diff_shows_lines_and_no_password() -> None:
    data = b"channels:\n- https://me:hunter2@example.org/c\ndependencies:\n- a\n"
    diff = edit_data(data, [Add(text="b")], path="e.yml").diff
    assert diff.splitlines() == [
        "--- e.yml",
        "+++ e.yml",
        "@@ -2,3 +2,4 @@",
        " - https://********@example.org/c",
        " dependencies:",
        " - a",
        "+- b",
    ]


def test_a_diff_shows_no_secret_that_its_name_gives_away() -> None:
    data = b"dependencies:\n- a\nvariables:\n  DB_PASSWORD: hunter2\n"
    edited = edit_data(
        data,
        [Add(text="b"), SetSpec(section=Section.VARIABLES, name="DB_PASSWORD", text="DB_PASSWORD=tr0ub4dor")],
        path="e.yml",
    )
    assert "hunter2" not in edited.diff
    assert "tr0ub4dor" not in edited.diff
    assert "-  DB_PASSWORD: ********\n+  DB_PASSWORD: ********\n" in edited.diff


def test_a_diff_breaks_lines_where_an_editor_does() -> None:
    diff = shown_diff("# one\u2028two\na\r\n", "# one\u2028two\nb\r\n", "e.yml")
    assert "@@ -1,2 +1,2 @@" in diff
    assert diff.endswith(" # one\u2028two\n-a\n+b\n")
