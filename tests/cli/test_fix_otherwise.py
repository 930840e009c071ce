"""`condaenv fix` where another text of a line is not the answer: selectors, channels, flags; and what it keeps."""

from __future__ import annotations

import pytest

from condaenv_tools.cli.app import run
from tests.builders import record
from tests.cli.world import Folder

SNAP = ("--snapshot", "snap", "--offline")
HEAD = "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n"
WORLD = (
    *(record("b", version, subdir=subdir) for subdir in ("linux-64", "osx-arm64") for version in ("1", "2")),
    record("tool", "1.0", subdir="linux-64"),
    *(record("new", "1.0", "__glibc >=2.34,<3.0.a0", subdir="linux-64"),),
    *(record("scikit-learn", version, subdir="noarch") for version in ("1.4.2", "1.5.1")),
)


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    here.channel([record("samtools", "1.21", subdir="noarch")], "extra")
    return here


def test_a_line_that_one_platform_lacks_gets_a_selector_in_its_comment(there: Folder) -> None:
    text = f"{HEAD}  - b  # base\n  - tool  # [a, b] of the paper\n"
    there.write(text.replace("[a, b] ", ""))
    ran = there.run("fix", "environment.yml", "--write", *SNAP)
    assert ran.code == 0
    assert there.read("environment.yml") == f"{HEAD}  - b  # base\n  - tool  # [linux] of the paper\n"
    assert there.lock().code == 0


def test_the_document_of_a_selector_says_so(there: Folder) -> None:
    there.write(f"{HEAD}  - b\n  - tool\n")
    document = there.run("explain", "environment.yml", "--json", *SNAP).document["platforms"]["osx-arm64"]
    assert document["corrections"] == [{"changes": [{"from": "tool", "to": None}], "verified": True}]
    assert document["other_corrections"] == [
        {
            "kind": "selector",
            "number": 1,
            "changes": [{"from": "tool", "to": "tool", "only_on": ["linux-64"]}],
            "verified": True,
        }
    ]
    fixed = there.run("fix", "environment.yml", "--json", *SNAP).document
    assert (fixed["kind"], fixed["written"]) == ("selector", False)
    dropped = there.run("fix", "environment.yml", "--number", "2", "--write", *SNAP)
    assert dropped.code == 0
    assert there.read("environment.yml") == f"{HEAD}  - b\n"


def test_the_text_says_where_a_line_stays(there: Folder) -> None:
    there.write(f"{HEAD}  - b\n  - tool\n")
    told = there.run("explain", "environment.yml", *SNAP).out
    assert "  1. tool  ->  only on linux-64     tool 1.0 on linux-64\n" in told
    assert "  2. tool  ->  dropped\n" in told


def test_in_a_list_in_brackets_no_selector_is_written(there: Folder) -> None:
    text = "channels: [toy]\nplatforms: [linux-64, osx-arm64]\ndependencies: [b, tool]\n"
    there.write(text)
    ran = there.run("fix", "environment.yml", "--write", *SNAP)
    assert ran.code == 2
    assert "no selector can be put behind tool" in ran.err
    assert there.read("environment.yml") == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("channels:\n  - toy\n  - nodefaults\n", "channels:\n  - toy\n  - extra\n  - nodefaults\n"),
        ("channels: ['toy']  # ours\n", "channels: ['toy', 'extra']  # ours\n"),
    ],
)
def test_a_channel_is_listed_last_in_the_style_of_the_file(there: Folder, before: str, after: str) -> None:
    rest = "platforms: [linux-64]\ndependencies:\n  - b\n  - samtools\n"
    there.write(before + rest)
    told = there.run("explain", "environment.yml", *SNAP).out
    assert "  2. add the channel extra, last     samtools 1.21\n" in told
    ran = there.run("fix", "environment.yml", "--number", "2", "--write", "--json", *SNAP)
    assert ran.code == 0
    assert ran.document == {
        "path": "environment.yml",
        "changes": [],
        "verified": True,
        "written": True,
        "kind": "channel",
        "channel": "extra",
    }
    assert there.read("environment.yml") == after + rest
    assert there.lock().code == 0


def test_a_flag_is_no_edit_and_is_told(there: Folder) -> None:
    text = "channels: [toy]\nplatforms: [linux-64]\ndependencies:\n  - b\n  - new\n"
    there.write(text)
    document = there.run("explain", "environment.yml", "--json", *SNAP).document["platforms"]["linux-64"]
    assert document["other_corrections"] == [
        {
            "kind": "virtual-package",
            "number": 2,
            "flags": ["--virtual-package __glibc=2.34"],
            "changes": [],
            "verified": True,
        }
    ]
    ran = there.run("fix", "environment.yml", "--number", "2", "--write", *SNAP)
    assert ran.code == 1
    assert "--virtual-package __glibc=2.34" in ran.err
    assert there.read("environment.yml") == text
    assert there.lock("--virtual-package", "__glibc=2.34").code == 0


def test_a_name_that_nobody_has_is_written_as_it_is_meant(there: Folder) -> None:
    text = f"{HEAD}  - b\n  - 'sklearn=1.4'  # trees\n"
    there.write(text)
    assert there.run("fix", "environment.yml", "--write", *SNAP).code == 0
    assert there.read("environment.yml") == text.replace("sklearn=1.4", "scikit-learn=1.4")
    assert there.lock().code == 0


def test_line_ends_and_quotes_stay(there: Folder) -> None:
    text = f'{HEAD}  - "b ==3"  # newest\n  - scikit-learn # kept\n'.replace("\n", "\r\n")
    path = there.path / "environment.yml"
    path.write_bytes(text.encode())
    assert there.run("fix", "environment.yml", "--write", *SNAP).code == 0
    assert path.read_bytes() == text.replace("b ==3", "b ==2").encode()


def test_a_split_is_told_and_not_written(there: Folder) -> None:
    pair = [record("x", "1.0", "b <2", subdir="linux-64"), record("y", "1.0", "b >=2", subdir="linux-64")]
    there.channel([*WORLD, *pair])
    text = "channels: [toy]\nplatforms: [linux-64]\ndependencies:\n  - x\n  - y\n  - tool\n"
    there.write(text)
    told = there.run("explain", "environment.yml", *SNAP).out
    assert "  3. split it into 2 environments: y\n" in told
    assert "       and the other 2 lines\n" in told
    parts = there.run("explain", "environment.yml", "--json", *SNAP).document["platforms"]["linux-64"]
    assert parts["other_corrections"][0]["parts"] == [["x", "tool"], ["y"]]
    ran = there.run("fix", "environment.yml", "--number", "3", "--write", *SNAP)
    assert ran.code == 1
    assert there.read("environment.yml") == text


def test_help_names_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fix", "--help"]) == 0
    assert "with 1 if no such edit is known" in " ".join(capsys.readouterr().out.split())
