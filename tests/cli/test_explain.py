"""`condaenv explain`: what a user reads, what a program reads, and the exit code."""

from __future__ import annotations

from typing import Any

import pytest

from condaenv_tools.cli.app import run
from condaenv_tools.jobs import explain_files as explain_job
from condaenv_tools.jobs.explain_files import Explanation
from tests.builders import moved, record
from tests.cli.world import CONFLICT, GOOD, Folder
from tests.pypi_index import serve_index, wheel

#: As the design has it, and as it must stay: the user's own lines, the one reason, what mends it.
WORLD = tuple(
    one
    for subdir in ("linux-64", "osx-arm64")
    for one in (
        *(record("numpy", version, subdir=subdir) for version in ("1.26.4", "2.0.2", "2.1.0")),
        record("pandas", "1.5.3", "numpy >=1.20.3,<2.0a0", subdir=subdir),
        record("pandas", "1.5.3", "numpy >=1.21.6,<2.0a0", build="1", subdir=subdir),
        record("pandas", "2.0.3", "numpy <2.0a0", subdir=subdir),
        record("pandas", "2.2.3", "numpy >=1.22.4", subdir=subdir),
        record("gpu", "1.0", "__cuda >=12", subdir=subdir),
    )
)
HEAD = "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n"
PAIR = f"{HEAD}  - numpy=2.0\n  # as in the paper\n  - pandas=1.5  # old\n"

PROSE = """\
environment.yml cannot be solved on linux-64 and osx-arm64: two lines exclude each other.

  4 │   - numpy=2.0
    │     ^^^^^^^^^ asks for numpy 2.0.*
  6 │   - pandas=1.5  # old
    │     ^^^^^^^^^^ every pandas 1.5 (1.5.3) needs numpy <2.0a0

Either of these solves it (proven on both platforms):
  1. pandas=1.5  ->  pandas=2.2     pandas 2.2.3, numpy 2.0.2
  2. numpy=2.0   ->  numpy=1.26     numpy 1.26.4, pandas 1.5.3

condaenv fix environment.yml --write applies the first.
"""

SNAP = ("--snapshot", "snap", "--offline")


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    return here


def test_it_reads_as_prose(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("explain", "environment.yml", *SNAP)
    assert (ran.code, ran.out, ran.err) == (1, PROSE, "")


def test_the_document_is_that_of_the_contract(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("explain", "environment.yml", "-p", "linux-64", "--json", *SNAP)
    assert ran.code == 1
    assert ran.document == {
        "platforms": {
            "linux-64": {
                "satisfiable": False,
                "cores": [
                    {
                        "specs": [
                            {"spec": "numpy=2.0", "path": "environment.yml", "line": 4},
                            {"spec": "pandas=1.5", "path": "environment.yml", "line": 6},
                        ],
                        "text": "every pandas 1.5 (1.5.3) needs numpy <2.0a0; numpy=2.0 excludes it",
                    }
                ],
                "corrections": [
                    {"changes": [{"from": "pandas=1.5", "to": "pandas=2.2"}], "verified": True},
                    {"changes": [{"from": "numpy=2.0", "to": "numpy=1.26"}], "verified": True},
                ],
            }
        }
    }


def test_what_can_be_solved_is_said_to_be(here: Folder) -> None:
    here.write(GOOD)
    ran = here.run("explain", "environment.yml", *SNAP)
    assert (ran.code, ran.out) == (0, "environment.yml can be solved on linux-64 and osx-arm64.\n")
    document = here.run("explain", "environment.yml", "--json", *SNAP).document
    assert document["platforms"]["linux-64"] == {"satisfiable": True, "cores": [], "corrections": []}


def test_platforms_that_differ_are_told_apart_in_a_table(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy=2.0\n  - pandas=1.5  # [linux]\n")
    ran = there.run("explain", "environment.yml", *SNAP)
    assert ran.code == 1
    assert "cannot be solved on linux-64: two lines" in ran.out
    assert "  linux-64   numpy=2.0, pandas=1.5\n  osx-arm64  solves\n" in ran.out


def test_two_conflicts_are_each_told_once(there: Folder) -> None:
    there.write(f"{PAIR}  - gpu\n")
    ran = there.run("explain", "environment.yml", *SNAP)
    assert ran.out.startswith(
        "environment.yml cannot be solved on linux-64 and osx-arm64.\n\nTwo lines exclude each other.\n"
    )
    assert "\nOne line cannot be met.\n" in ran.out
    assert ran.out.count("asks for numpy 2.0.*") == 1
    assert "every gpu (1.0) needs __cuda >=12\n  the machine is taken to have no __cuda\n" in ran.out
    assert "hint: if the machine has it, say so: --virtual-package __cuda=12\n" in ran.out
    assert (
        "  1. numpy=2.0   ->  numpy=1.26\n     gpu         ->  dropped        numpy 1.26.4, pandas 1.5.3\n"
        in ran.out
    )


def test_the_hint_about_a_driver_is_true(there: Folder) -> None:
    there.write(f"{HEAD}  - gpu\n")
    words = ("explain", "environment.yml", *SNAP)
    assert there.run(*words).code == 1
    assert there.run(*words, "--virtual-package", "__cuda=12").code == 0


def test_lines_of_several_files_are_told_with_their_files(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy=2.0\n")
    there.write("dependencies:\n  - pandas=1.5\n", "dev.yml")
    out = there.run("explain", "environment.yml", "dev.yml", *SNAP).out
    assert out.startswith("environment.yml with dev.yml cannot be solved on")
    assert "  environment.yml:\n  4 │   - numpy=2.0\n" in out
    assert "  dev.yml:\n  2 │   - pandas=1.5\n" in out


def test_strict_priority_is_blamed_and_the_flag_mends_it(there: Folder) -> None:
    new = moved(record("numpy", "3.0", subdir="linux-64"), "https://conda.anaconda.org/extra")
    there.channel([new], "extra")
    there.write("channels: [toy, extra, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - numpy=3\n")
    words = ("explain", "environment.yml", *SNAP)
    ran = there.run(*words)
    assert ran.code == 1
    assert "strict channel priority hides those of extra" in ran.out
    assert there.run(*words, "--channel-priority", "flexible").code == 0


def test_a_credential_is_never_shown(there: Folder) -> None:
    text = "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - numpy=9  # https://me:hunter2@example.org\n"
    there.write(text)
    ran = there.run("explain", "environment.yml", *SNAP)
    assert ran.code == 1
    assert "hunter2" not in ran.out + ran.err


def test_no_time_tells_what_is_known_and_says_so(there: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is over before the first question, however fast the machine is."""
    there.write(PAIR)
    words = ("explain", "environment.yml", *SNAP)
    whole = explain_job.explain_files

    def late(*paths: str, **others: Any) -> Explanation:
        return whole(*paths, **others | {"seconds": -1.0})

    monkeypatch.setattr(explain_job, "explain_files", late)
    ran = there.run(*words)
    assert ran.code == 1
    assert "The search ended early" in ran.out
    assert "none was proven within the limits" in ran.out
    document = there.run(*words, "--json").document
    assert document["platforms"]["linux-64"]["cores"][0]["minimal"] is False
    assert document["platforms"]["linux-64"]["corrections"] == []


def test_a_file_that_cannot_be_read_is_wrong_input(there: Folder) -> None:
    there.write("dependencies:\n  - numpy>>2\n")
    assert there.run("explain", "environment.yml", *SNAP).code == 2


def test_the_same_file_gives_the_same_bytes(there: Folder) -> None:
    there.write(CONFLICT.replace("old", "pandas=1.5").replace("new", "numpy=2.0").replace("  - a\n", ""))
    first = there.run("explain", "environment.yml", *SNAP)
    assert first == there.run("explain", "environment.yml", *SNAP)


def test_what_was_built_later_is_not_there_and_that_is_said(there: Folder) -> None:
    there.write(f"{HEAD}  - numpy\n")
    words = ("explain", "environment.yml", *SNAP)
    ran = there.run(*words, "--exclude-newer", "2020-01-01")
    assert ran.code == 1
    assert "  toy has no numpy\n  hint: nothing built after 2020-01-01 00:00 UTC was looked at\n" in ran.out
    assert there.run(*words, "--exclude-newer", "2026-01-01").code == 0


def test_a_file_that_is_named_twice_has_its_lines_once(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("explain", "environment.yml", "environment.yml", *SNAP)
    assert ran.out.count("asks for numpy 2.0.*") == 1
    assert "two lines exclude each other" in ran.out


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--help"]) == 0
    assert "condaenv explain environment.yml" in capsys.readouterr().out


def test_the_pip_section_speaks_for_itself(there: Folder) -> None:
    there.channel([*WORLD, record("pip", "25.0")])
    there.write(f"{HEAD}  - numpy\n  - pip:\n    - requests\n")
    ran = there.run("explain", "environment.yml", "-p", "linux-64", *SNAP)
    assert ran.code == 1
    assert ran.out.startswith("environment.yml cannot be solved on linux-64.\n\nlinux-64: the pip section.\n")
    assert "hint: add `- python` and `- pip` to the dependencies" in ran.out
    document = there.run("explain", "environment.yml", "-p", "linux-64", "--json", *SNAP).document
    assert "nothing brings Python" in document["platforms"]["linux-64"]["text"]
    assert there.run("explain", "environment.yml", "--conda-only", *SNAP).code == 0


def test_the_pip_section_is_asked_for_where_lock_would_ask(here: Folder) -> None:
    here.channel([record("python", "3.12.7", build="h_0_cpython"), record("pip", "24.0", "python")])
    lines = "  - python\n  - pip\n  - pip:\n    - app\n"
    here.write(f"channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n{lines}")
    with serve_index([wheel("app", "1.0")]) as index, serve_index() as empty:
        for command in ("lock", "explain", "fix"):
            words = (command, "environment.yml", "--snapshot", "snap", "--index-url")
            assert here.run(*words, index.url).code == 0
            assert here.run(*words, empty.url).code == (0 if command == "fix" else 1)
        ran = here.run("explain", "environment.yml", "--snapshot", "snap", "--index-url", empty.url)
        assert "  7 │     - app\n    │       ^^^ app is on no index\n" in ran.out


def test_no_credential_of_a_line_is_told(here: Folder) -> None:
    place = "https://me:hunter2@conda.anaconda.org/toy"
    there = [record(name, "1.0", *needs) for name, *needs in (("numpy",), ("pandas", "numpy <1"))]
    here.channel([*there, record("other", "1.0", subdir="osx-arm64")])
    here.write(f"{HEAD}  - {place}::pandas\n  - sel(osx): other=9\n")
    for words in ((), ("--json",)):
        ran = here.run("explain", "environment.yml", "--snapshot", "snap", "--offline", *words)
        assert "pandas" in ran.out
        assert "hunter2" not in ran.out + ran.err
