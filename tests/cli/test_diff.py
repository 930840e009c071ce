"""`condaenv diff`: the contract, the formats, drift."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.model.record import PackageRecord
from tests.builders import record
from tests.cli.world import GOOD, Folder, keys

PLATFORMS = ("linux-64", "osx-arm64")


@pytest.fixture
def both(here: Folder) -> Folder:
    """Two locks: the second asks for `new`, which needs a newer `b`, and no longer for `c`."""
    here.channel(
        one
        for subdir in PLATFORMS
        for one in (
            record("a", "1.0", "b >=1", subdir=subdir),
            record("b", "1.0", subdir=subdir),
            record("b", "2.0", subdir=subdir),
            record("c", "1.0", "d", subdir=subdir),
            record("d", "1.0", subdir=subdir, build="mac" if subdir == "osx-arm64" else "0"),
            record("new", "1.0", "b >=2", subdir=subdir),
        )
    )
    here.write(f"{GOOD}  - b <2\n  - c\n")
    assert here.lock("-q", "-o", "old.yml").code == 0
    here.write(f"{GOOD}  - new\n")
    assert here.lock("-q", "-o", "new.yml").code == 0
    return here


TEXT = """\
linux-64, osx-arm64: 1 added, 2 removed, 1 changed
  new was added (environment.yml:5)
    added     new  1.0
  b<2 was removed (environment.yml:5)
    upgraded  b    1.0 -> 2.0
  c was removed (environment.yml:6)
    removed   c    1.0
    removed   d    1.0
"""


def test_causes_are_headings_and_platforms_that_agree_are_told_once(both: Folder) -> None:
    ran = both.run("diff", "old.yml", "new.yml")
    assert (ran.code, ran.out, ran.err) == (0, TEXT, "")
    assert both.run("diff", "old.yml", "new.yml").out == ran.out
    assert both.run("diff", "old.yml", "new.yml", "-p", "linux-64").out == TEXT.replace(", osx-arm64", "", 1)


def test_a_cause_is_told_once_and_a_package_names_its_platforms_where_not_all_have_it(both: Folder) -> None:
    both.channel(
        record(name, version, *depends, subdir=subdir)
        for subdir in PLATFORMS
        for name, version, *depends in (
            ("a", "1.0", "b >=1"),
            ("b", "1.0"),
            ("b", "2.0"),
            ("new", "1.0", "b >=2", "only" if subdir == "linux-64" else "b"),
            ("only", "1.0"),
        )
    )
    both.write(f"{GOOD}  - b <2\n")
    assert both.lock("-q", "-o", "old.yml").code == 0
    both.write(f"{GOOD}  - new\n")
    assert both.lock("-q", "-o", "new.yml").code == 0
    assert both.run("diff", "old.yml", "new.yml").out == (
        "linux-64, osx-arm64: 2 added, 1 changed\n"
        "  new was added (environment.yml:5)\n"
        "    added     new   1.0\n"
        "    added     only  1.0         (linux-64)\n"
        "  b<2 was removed (environment.yml:5)\n"
        "    upgraded  b     1.0 -> 2.0\n"
    )
    out = both.run("diff", "old.yml", "new.yml", "--format", "markdown").out
    assert "| | package | from | to | platforms |\n|---|---|---|---|---|\n" in out
    assert "| added | new |  | 1.0 | all |\n| added | only |  | 1.0 | linux-64 |\n" in out
    assert "| | package | from | to |\n|---|---|---|---|\n| upgraded | b | 1.0 | 2.0 |\n" in out


def test_json_has_the_shape_of_the_contract(both: Folder) -> None:
    document = both.run("diff", "old.yml", "new.yml", "--json").document
    assert list(document["platforms"]) == list(PLATFORMS)
    part = document["platforms"]["linux-64"]
    assert {"added", "removed", "changed"} <= part.keys()
    (change,) = part["changed"]
    assert {key: change[key] for key in ("name", "from", "to", "kind")} == {
        "name": "b",
        "from": "1.0",
        "to": "2.0",
        "kind": "upgraded",
    }
    (added,) = part["added"]
    assert added == {
        "name": "new",
        "version": "1.0",
        "build": "0",
        "manager": "conda",
        "cause": "new was added (environment.yml:5)",
    }
    assert [one["name"] for one in part["removed"]] == ["c", "d"]
    assert both.run("diff", "old.yml", "new.yml", "--format", "json").document == document


def test_equal_locks_and_the_exit_code(both: Folder) -> None:
    ran = both.run("diff", "old.yml", "old.yml", "--exit-code")
    assert (ran.code, ran.out) == (0, "both lock the same packages\n")
    assert both.run("diff", "old.yml", "old.yml", "-q").out == ""
    assert both.run("diff", "old.yml", "new.yml", "--exit-code", "-q").code == 1
    document = both.run("diff", "old.yml", "old.yml", "--json").document
    assert document["platforms"]["linux-64"]["changed"] == []
    assert document["equal"] is True


def test_markdown_for_a_pull_request(both: Folder) -> None:
    out = both.run("diff", "old.yml", "new.yml", "--format", "markdown").out
    assert out.startswith(
        "### old.yml → new.yml\n\n<details><summary><b>linux-64, osx-arm64</b> (all platforms): "
    )
    assert (
        "**b&lt;2 was removed (environment.yml:5)**\n\n| | package | from | to |\n|---|---|---|---|\n" in out
    )
    assert "| upgraded | b | 1.0 | 2.0 |" in out
    assert out.endswith("</details>\n")


def test_a_page_is_written_whole_and_has_no_script(both: Folder) -> None:
    ran = both.run("diff", "old.yml", "new.yml", "--format", "html", "-o", "diff.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "written to diff.html\n")
    page = both.read("diff.html")
    assert page.startswith("<!doctype html>")
    assert "<script" not in page
    assert "<summary>b&lt;2 was removed (environment.yml:5): 1 package</summary>" in page


def test_a_platform_that_went_is_one_line(both: Folder) -> None:
    both.write(f"{GOOD}  - new\n".replace(", osx-arm64", ""))
    both.lock("-q", "-o", "one.yml")
    out = both.run("diff", "new.yml", "one.yml").out
    assert out == "osx-arm64: 3 removed\n  the platform was removed: 3 packages (-v lists them)\n"
    assert "    removed  a    1.0\n" in both.run("diff", "new.yml", "one.yml", "-v").out


def test_one_of_both_may_come_from_standard_input(both: Folder) -> None:
    ran = both.process("diff", "-", "new.yml", stdin=both.read("old.yml"))
    assert (ran.code, ran.out) == (0, TEXT)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("old.yml", "missing.yml"), "missing.yml"),
        (("old.yml", "environment.yml"), "environment.yml"),
        (("old.yml", "new.yml", "-p", "win-64"), "win-64"),
        (("-", "-"), "standard input"),
        (("old.yml",), "LOCK"),
        (("old.yml", "snap"), "snap"),
    ],
)
def test_wrong_input_exits_with_2(both: Folder, words: tuple[str, ...], said: str) -> None:
    ran = both.run("diff", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_two_formats_at_once_are_one_too_many(both: Folder) -> None:
    ran = both.run("diff", "old.yml", "new.yml", "--json", "--format", "html")
    assert (ran.code, ran.document["error"]["kind"]) == (2, "UsageError")
    assert "choose one" in ran.err


@pytest.mark.parametrize("form", ["pixi", "pixi-v6", "explicit", "environment"])
def test_another_format_of_the_same_lock_does_not_differ(both: Folder, form: str) -> None:
    one = form in {"explicit", "environment"}
    words = ("-p", "linux-64") if one else ()
    name = "other.yml" if form == "environment" else "pixi.lock"
    assert both.run("export", "new.yml", "--format", form, *words, "-o", name, "-q").code == 0
    ran = both.run("diff", "new.yml", name, "--exit-code")
    assert (ran.code, ran.out) == (0, "both lock the same packages\n")
    told = f"note: only linux-64 is compared: {name} is of that platform alone"
    assert (told in ran.err) is one
    ran = both.run("diff", "old.yml", name, "--json", "-p", "linux-64")
    assert [one["kind"] for one in ran.document["platforms"]["linux-64"]["changed"]] == ["upgraded"]
    assert both.run("status", "environment.yml", "--lock", name, "-p", "linux-64").code == 0


# --- drift


def install(folder: Path, *records: PackageRecord, requested: str = "") -> None:
    """Write `conda-meta` as an installer does."""
    meta = folder / "conda-meta"
    meta.mkdir(parents=True)
    for one in records:
        document: dict[str, Any] = {
            key: getattr(one, key)
            for key in ("name", "version", "build", "build_number", "subdir", "url", "md5", "sha256")
        }
        document |= {"depends": list(one.depends), "requested_spec": requested or one.name}
        (meta / f"{one.name}-{one.version}-{one.build}.json").write_text(
            json.dumps(document), encoding="utf-8"
        )


def test_what_is_installed_as_locked_is_no_drift(both: Folder) -> None:
    install(both.path / "env", record("a", "1.0", "b >=1"), record("b", "2.0"), record("new", "1.0", "b >=2"))
    ran = both.run("diff", "new.yml", "env")
    assert (ran.code, ran.out) == (0, "what is installed is what is locked\n")


def test_drift_exits_with_1(both: Folder) -> None:
    install(both.path / "env", record("a", "1.0", "b >=1"), record("b", "1.0"), record("more", "3"))
    ran = both.run("diff", "new.yml", "env")
    assert ran.code == 1
    assert ran.out == (
        "linux-64: 1 added, 1 removed, 1 changed\n"
        "  what is installed is not what is locked\n"
        "    downgraded  b     2.0 -> 1.0\n"
        "    added       more  3\n"
        "    removed     new   1.0\n"
    )
    document = both.run("diff", "new.yml", "env", "--json").document
    assert (document["drift"], list(document["platforms"])) == (True, ["linux-64"])
    assert keys(document["platforms"]["linux-64"]["changed"][0])[:2] == ["cause", "from"]


def test_another_archive_of_the_same_build_is_drift(both: Folder) -> None:
    other = record("b", "2.0", sha256="0" * 64)
    install(both.path / "env", record("a", "1.0", "b >=1"), other, record("new", "1.0", "b >=2"))
    ran = both.run("diff", "new.yml", "env", "--json")
    (change,) = ran.document["platforms"]["linux-64"]["changed"]
    assert (ran.code, change["kind"], change["name"]) == (1, "replaced", "b")
