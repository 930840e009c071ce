"""`condaenv check --fix` and `--diff`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.world import Folder

FIXABLE = (
    "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - python=3.12  # noqa: CE501\n"
)
FIXED = FIXABLE.replace("  # noqa: CE501", "")
ERROR = "  - 'b =='\n"


def test_a_fix_is_written_and_what_is_left_is_told(here: Folder) -> None:
    here.write(FIXABLE + ERROR)
    ran = here.run("check", "environment.yml", "--fix")
    assert here.read("environment.yml") == FIXED + ERROR
    assert ran.code == 1
    assert ran.err == "fixed 1 finding in environment.yml\n"
    assert "CE201" in ran.out
    assert "CE191" not in ran.out


def test_a_fixed_file_exits_with_0(here: Folder) -> None:
    here.write(FIXABLE)
    ran = here.run("check", "environment.yml", "--fix", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert here.read("environment.yml") == FIXED


def test_without_fix_the_hint_says_how_and_the_total_how_many(here: Folder) -> None:
    here.write(FIXABLE)
    ran = here.run("check", "environment.yml")
    assert "hint: remove the comment (condaenv check --fix does)" in ran.out
    assert ran.out.splitlines()[-1] == "1 file: 1 note; --fix mends 1"
    assert here.read("environment.yml") == FIXABLE


def test_a_diff_writes_nothing_and_exits_with_1(here: Folder) -> None:
    here.write(FIXABLE)
    ran = here.run("check", "environment.yml", "--diff")
    assert ran.code == 1
    assert ran.err == "would fix 1 finding\n"
    lines = ran.out.splitlines()
    assert lines[:2] == ["--- environment.yml", "+++ environment.yml"]
    assert "-  - python=3.12  # noqa: CE501" in lines
    assert "+  - python=3.12" in lines
    assert here.read("environment.yml") == FIXABLE


def test_a_diff_of_nothing_exits_with_0(here: Folder) -> None:
    here.write(FIXED + ERROR)
    ran = here.run("check", "environment.yml", "--diff")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def test_standard_input_is_fixed_onto_stdout(here: Folder) -> None:
    ran = here.process("check", "-", "--fix", stdin=FIXABLE + ERROR)
    assert ran.code == 1
    assert ran.out == FIXED + ERROR
    assert "fixed 1 finding in <stdin>" in ran.err
    assert "CE201" in ran.err


def test_unsafe_fixes_want_fix(here: Folder) -> None:
    here.write(FIXABLE)
    ran = here.run("check", "environment.yml", "--unsafe-fixes")
    assert ran.code == 2
    assert "--unsafe-fixes" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("environment.yml", "--diff", "--json"),
        ("environment.yml", "--diff", "--format", "sarif"),
        ("-", "--fix", "--json"),
        ("environment.yml", "--json", "--format", "github"),
    ],
)
def test_two_results_for_one_stdout_are_a_wrong_usage(here: Folder, words: tuple[str, ...]) -> None:
    here.write(FIXABLE)
    ran = here.run("check", *words)
    assert ran.code == 2
    assert "choose one" in ran.err
    assert here.read("environment.yml") == FIXABLE


def test_a_missing_file_is_told_once(here: Folder) -> None:
    here.write(FIXABLE)
    ran = here.run("check", "missing.yml", "environment.yml", "--fix")
    assert ran.code == 2
    assert ran.err.count("missing.yml") == 1
    assert here.read("environment.yml") == FIXED
    assert here.run("check", "missing.yml", "--diff").code == 2


def test_a_file_that_cannot_be_written_is_told_and_stays(
    here: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.write(FIXABLE)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "the file is read-only")

    monkeypatch.setattr(Path, "replace", refuse)
    ran = here.run("check", "environment.yml", "--fix")
    assert ran.code == 3
    assert "environment.yml could not be written" in ran.err
    assert here.read("environment.yml") == FIXABLE
