"""The command itself: help, completion, version, what is mistyped, and whoever reads the output."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from condaenv_tools.cli.app import COMMANDS
from condaenv_tools.cli.output import is_terminal
from tests.cli.world import ROOT, Folder


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(here: Folder, command: str) -> None:
    ran = here.run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: condaenv {command} ")
    assert f"  condaenv {command} " in ran.out.partition("Examples:\n")[2]


def test_the_help_lists_the_commands_and_the_exit_codes(here: Folder) -> None:
    ran = here.run("-h")
    assert ran.code == 0
    assert all(f"\n  {command} " in ran.out for command in COMMANDS)
    assert "Exit codes: 0 yes or done; 1 the answer is no; 2 the input or the usage is wrong;" in ran.out


def test_the_version(here: Folder) -> None:
    from importlib.metadata import version

    assert here.run("--version").out == f"condaenv, version {version('condaenv-tools')}\n"


def test_no_command_shows_the_help_and_exits_with_2(here: Folder) -> None:
    ran = here.run()
    assert ran.code == 2
    assert ran.out == ""
    assert "Usage: condaenv" in ran.err


@pytest.mark.parametrize("command", ["lokc", "Lock", "chekc"])
def test_a_mistyped_command_comes_with_the_nearest(here: Folder, command: str) -> None:
    ran = here.run(command)
    assert ran.code == 2
    assert command in ran.err
    assert {"lokc": "lock", "Lock": "lock", "chekc": "check"}[command] in ran.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(here: Folder, shell: str) -> None:
    ran = here.run("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "_CONDAENV_COMPLETE" in ran.out
    assert "condaenv" in ran.out


@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_the_script_of_bash_is_bash(here: Folder) -> None:
    script = here.run("completion", "bash").out
    subprocess.run(["bash", "-n"], input=script, text=True, check=True)


def test_a_shell_that_is_not_known(here: Folder) -> None:
    ran = here.run("completion", "tcsh")
    assert ran.code == 2
    assert "bash" in ran.err


def test_the_shell_is_offered_platforms(here: Folder) -> None:
    ran = here.process(
        _CONDAENV_COMPLETE="bash_complete", COMP_WORDS="condaenv lock environment.yml -p osx-", COMP_CWORD="4"
    )
    assert {"plain,osx-64", "plain,osx-arm64"} <= set(ran.out.split())


@pytest.mark.skipif(os.name == "nt", reason="bash")
def test_a_reader_that_goes_is_no_error(here: Folder) -> None:
    here.write("dependencies: [a]\n" + "".join(f"key-{i}: 1\n" for i in range(3000)))
    command = f"{sys.executable} -m condaenv_tools check environment.yml | head -1"
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=here.path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.stderr, ran.returncode) == ("", 0)
    assert ran.stdout.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes streams")
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("check environment.yml | true", 0),
        ("edit missing.yml add b --json | true", 2),
        ("check environment.yml -p nix --json | true", 2),
        ("check - --fix < environment.yml >&-", 0),
        ("edit environment.yml add b -o - >&-", 0),
        ("edit - add b < environment.yml >&-", 0),
        ("import environment.yml >&-", 0),
        ("check - <&-", 2),
        ("edit - add b <&-", 2),
        ("import - <&-", 2),
    ],
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_stream_that_is_gone_changes_no_exit_code(
    here: Folder, command: str, code: int, unbuffered: str
) -> None:
    here.write("channels: [toy, nodefaults]\ndependencies: [a]\n")
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m condaenv_tools {command}"],
        cwd=here.path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert "itself failed" not in ran.stderr


def test_an_error_as_json_fits_a_terminal_that_lacks_signs(here: Folder) -> None:
    ran = here.process("edit", "environment.yml", "remove", "é", "--json", PYTHONIOENCODING="ascii")
    assert ran.code == 2
    assert "environment.yml" in ran.document["error"]["message"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": ""}, True)],
    ids=["terminal", "NO_COLOR", "dumb", "empty NO_COLOR"],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    wanted: bool,  # noqa: FBT001
) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_terminal(Terminal()) is wanted
    assert not is_terminal(io.StringIO())


def test_a_lock_on_a_terminal_shows_progress_on_stderr_alone(
    here: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from condaenv_tools.cli.app import run

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    here.write()
    shown = Terminal()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", shown)
        assert run(["lock", "environment.yml", "--snapshot", "snap", "--offline", "-o", "-"]) == 0
    assert "\x1b" in shown.getvalue()
    assert "\x1b" not in capsys.readouterr().out
