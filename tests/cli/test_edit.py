"""`condaenv edit`: lines added, removed and set; all else stays."""

from __future__ import annotations

import pytest

from condaenv_tools.cli.edit import command
from tests.cli.world import Folder, keys

FILE = """\
name: x
channels: [toy, nodefaults]
dependencies:
  - numpy=1.26  # pinned
  - a=1  # [win]
  - a=2  # [unix]
  - pip
  - pip:
    - requests>=2
"""


@pytest.fixture
def folder(here: Folder) -> Folder:
    here.write(FILE)
    return here


def text(folder: Folder) -> str:
    return folder.read("environment.yml")


def test_set_changes_one_line_and_says_which(folder: Folder) -> None:
    ran = folder.run("edit", "environment.yml", "set", "numpy=2.0")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "environment.yml:4: set numpy=1.26 -> numpy=2.0\n"
    assert text(folder) == FILE.replace("numpy=1.26", "numpy=2.0")


def test_add_and_remove_are_inverse(folder: Folder) -> None:
    assert folder.run("edit", "environment.yml", "add", "scipy>=1", "xz").code == 0
    assert "  - scipy>=1\n  - xz\n  - pip\n" in text(folder)
    ran = folder.run("edit", "environment.yml", "remove", "scipy", "xz")
    assert ran.err == "environment.yml:7: removed scipy>=1\nenvironment.yml:8: removed xz\n"
    assert text(folder) == FILE


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("add", "--pip", "--", "-e ."), "    - -e ."),
        (("add", "--platform-list", "linux-64"), "  - linux-64"),
        (("add", "--variable", "A=b c"), "  A: b c"),
        (("set", "--name", "y"), 'name: "y"'),
        (("add", "--channel", "bioconda"), "channels: [toy, bioconda, nodefaults]"),
        (("set", "--pip", "requests[socks]>=3"), "    - requests[socks]>=3"),
        (("set", "a=3", "-p", "linux-64"), "  - a=3  # [unix]"),
        (("add", "b", "-p", "win-64"), "  - b  # [win]"),
        (("add", "b", "-p", "osx-64", "-p", "osx-arm64"), "  - b  # [osx]"),
    ],
)
def test_parts_of_the_file(folder: Folder, words: tuple[str, ...], line: str) -> None:
    ran = folder.run("edit", "environment.yml", *words)
    assert ran.code == 0, ran.err
    assert line in text(folder).splitlines()


def test_remove_from_parts_of_the_file(folder: Folder) -> None:
    assert folder.run("edit", "environment.yml", "remove", "--pip", "requests").code == 0
    assert folder.run("edit", "environment.yml", "remove", "--channel", "toy").code == 0
    assert folder.run("edit", "environment.yml", "remove", "a", "--all").code == 0
    assert (
        text(folder) == "name: x\nchannels: [nodefaults]\ndependencies:\n  - numpy=1.26  # pinned\n  - pip\n"
    )


@pytest.mark.parametrize("flag", ["--diff", "--dry-run"])
def test_a_dry_run_prints_a_diff_and_writes_nothing(folder: Folder, flag: str) -> None:
    ran = folder.run("edit", "environment.yml", "set", "numpy=2.0", flag)
    assert ran.code == 0
    assert "-  - numpy=1.26  # pinned\n+  - numpy=2.0  # pinned\n" in ran.out
    assert ran.err == "environment.yml:4: would have set numpy=1.26 -> numpy=2.0\n"
    assert text(folder) == FILE


def test_json_has_the_shape_of_the_contract(folder: Folder) -> None:
    ran = folder.run("edit", "environment.yml", "add", "scipy", "--json", "-q")
    assert (ran.code, ran.err) == (0, "")
    assert ran.document == {
        "path": "environment.yml",
        "changes": [{"action": "add", "section": "dependencies", "from": None, "to": "scipy", "line": 7}],
    }
    ran = folder.run("edit", "environment.yml", "remove", "scipy", "--json", "--diff")
    assert keys(ran.document["changes"][0]) == ["action", "from", "line", "section", "to"]
    assert (ran.document["changes"][0]["from"], ran.document["changes"][0]["to"]) == ("scipy", None)
    assert "scipy" in text(folder)


def test_what_is_there_already_is_nothing_to_do(folder: Folder) -> None:
    ran = folder.run("edit", "environment.yml", "add", "numpy=1.26")
    assert (ran.code, ran.out) == (0, "")
    assert "nothing to do" in ran.err
    assert text(folder) == FILE


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "numpy=2"), "environment.yml:4: `numpy` is in the dependencies already"),
        (("set", "nump=2"), "did you mean numpy?"),
        (("set", "scipy=2"), "condaenv edit FILE add puts it in"),
        (("remove", "a"), "line 6: a=2"),
        (("remove", "requests"), "ask with --pip"),
        (("add", "scipy", "numpy >> 2"), "numpy >> 2\n        ^^^"),
        (("set", "--pip", "git+https://example.org/a"), "names no package"),
        (("set", "--channel", "toy"), "remove one and add another"),
        (("add", "--name", "y"), "--name goes with set"),
        (("add", "scipy", "--all"), "--all goes with set and remove"),
        (("set", "a=3", "-p", "win-64", "-p", "osx-64"), "use --all"),
        (("add", "scipy", "-o", "none/x.yml"), "none"),
        (("add", "scipy", "-o", "-", "--json"), "both want stdout"),
        (("put", "scipy"), "add"),
    ],
)
def test_what_cannot_be_done_exits_with_2_and_changes_nothing(
    folder: Folder, words: tuple[str, ...], told: str
) -> None:
    ran = folder.run("edit", "environment.yml", *words)
    assert ran.code == 2
    assert told in ran.err
    assert text(folder) == FILE


def test_the_first_selector_of_a_file_is_not_begun_in_silence(here: Folder) -> None:
    here.write("dependencies:\n- a\n")
    ran = here.run("edit", "environment.yml", "add", "b", "-p", "win-64")
    assert ran.code == 2
    assert "no line has a selector yet, and conda and micromamba do not read them" in ran.err
    assert text(here) == "dependencies:\n- a\n"


def test_what_the_edit_brings_is_told(here: Folder) -> None:
    here.write("dependencies:\n- python\n")
    ran = here.run("edit", "environment.yml", "set", "python=3.1")
    assert ran.code == 0
    assert "environment.yml:2:3: warning CE204" in ran.err


def test_a_file_that_cannot_be_read_is_refused_with_its_findings(here: Folder) -> None:
    here.write("dependencies: [\n")
    ran = here.run("edit", "environment.yml", "add", "b", "-p", "win-64")
    assert ran.code == 2
    assert "environment.yml:1:" in ran.err
    assert "CE101" in ran.err


def test_another_place(folder: Folder) -> None:
    ran = folder.run("edit", "environment.yml", "set", "numpy=2", "-o", "other.yml", "--json")
    assert ran.document["path"] == "other.yml"
    assert folder.read("other.yml") == FILE.replace("numpy=1.26", "numpy=2")
    assert text(folder) == FILE


def test_standard_input_goes_to_standard_output_byte_by_byte(here: Folder) -> None:
    process = here.spawn("edit", "-", "add", "b")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.buffer.write("dependencies:\r\n- é".encode("utf-16"))
    process.stdin.close()
    assert process.stdout.buffer.read() == "dependencies:\r\n- é\r\n- b".encode("utf-16")
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    if process.stderr:
        process.stderr.close()


def test_no_password_is_printed(here: Folder) -> None:
    here.write(
        "channels:\n- https://me:hunter2@example.org/c\ndependencies:\n- a\nvariables:\n  DB_PASSWORD: hunter2\n"
    )
    for words in (
        ("remove", "--variable", "DB_PASSWORD", "--diff"),
        ("set", "--variable", "DB_PASSWORD=hunter22", "--dry-run", "--json"),
        ("add", "--variable", "API_TOKEN=hunter2"),
        ("remove", "--channel", "https://me:hunter2@example.org/c", "--diff"),
        ("remove", "--channel", "https://me:hunter2@example.org/c", "--json"),
        ("set", "--pip", "https://me:hunter2@example.org/c.whl"),
    ):
        ran = here.run("edit", "environment.yml", *words)
        assert "hunter2" not in ran.out + ran.err


def test_the_help_names_what_set_does_not_carry_over() -> None:
    assert command.epilog
    assert "not carried over" in command.epilog
