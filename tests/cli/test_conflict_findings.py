"""Conflicts as annotations and SARIF: each line to blame on its place, with the reason, told once."""

from __future__ import annotations

import json

import pytest

from tests.cli.test_explain import PAIR, WORLD
from tests.cli.world import Folder

SNAP = ("--snapshot", "snap", "--offline")


@pytest.fixture
def there(here: Folder) -> Folder:
    here.channel(WORLD)
    return here


def test_annotations_put_the_reason_on_each_line(there: Folder) -> None:
    there.write(PAIR)
    ran = there.run("explain", "environment.yml", "--format", "github", *SNAP)
    assert ran.code == 1
    first, second = ran.out.splitlines()
    assert first.startswith(
        "::error file=environment.yml,title=CE290,line=4,col=5::`numpy=2.0` beside `pandas=1.5` (line 6) cannot "
        "be solved on linux-64 and osx-arm64: every pandas 1.5 (1.5.3) needs numpy <2.0a0"
    )
    assert first.endswith("%0Aproven to solve it: numpy=2.0 -> numpy=1.26")
    assert ",line=6,col=5::" in second


def test_sarif_has_a_result_for_each_line(there: Folder) -> None:
    there.write(PAIR)
    (run,) = json.loads(there.run("explain", "environment.yml", "--format", "sarif", *SNAP).out)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CE290"]
    regions = [r["locations"][0]["physicalLocation"]["region"] for r in run["results"]]
    assert regions == [
        {"startLine": 4, "startColumn": 5, "endColumn": 14},
        {"startLine": 6, "startColumn": 5, "endColumn": 15},
    ]


def test_a_line_that_cannot_be_met_alone_has_a_code_of_its_own(there: Folder) -> None:
    there.write("channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - gpu\n")
    (run,) = json.loads(there.run("explain", "environment.yml", "--format", "sarif", *SNAP).out)["runs"]
    assert [one["ruleId"] for one in run["results"]] == ["CE291"]


def test_what_can_be_solved_has_no_results(there: Folder) -> None:
    there.write("channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - pandas\n")
    ran = there.run("explain", "environment.yml", "--format", "github", *SNAP)
    assert (ran.code, ran.out) == (0, "")
    (run,) = json.loads(there.run("explain", "environment.yml", "--format", "sarif", *SNAP).out)["runs"]
    assert run["results"] == []


def test_no_text_of_a_file_can_begin_a_command(there: Folder) -> None:
    name = there.write(PAIR, "a,b:c%.yml")
    ran = there.run("explain", name, "--format", "github", *SNAP)
    assert all(line.startswith("::error file=a%2Cb%3Ac%25.yml,title=CE290,") for line in ran.out.splitlines())


def test_two_formats_at_once_are_refused(there: Folder) -> None:
    there.write(PAIR)
    assert there.run("explain", "environment.yml", "--format", "github", "--json", *SNAP).code == 2
    document = there.run("explain", "environment.yml", "--format", "json", *SNAP).document
    assert document == there.run("explain", "environment.yml", "--json", *SNAP).document
