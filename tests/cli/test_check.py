"""`condaenv check`: every finding at once, in four forms."""

from __future__ import annotations

import json

import pytest

from tests.cli.world import Folder, keys

BAD = "channels: [toy, nodefaults]\ndependencies:\n  - a\n  - 'b =='\n  - pip\n  - pip:\n    - requests >=2\n"
WARNED = "channels: [toy]\ndependancies: []\ndependencies: [a]\n"
CLEAN = "name: x\nchannels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - a=1.0\n"


def test_a_clean_file(here: Folder) -> None:
    here.write(CLEAN)
    ran = here.run("check", "environment.yml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "1 file: nothing to remark\n"


def test_warnings_alone_are_no_error(here: Folder) -> None:
    here.write(WARNED)
    ran = here.run("check", "environment.yml")
    assert (ran.code, ran.err) == (0, "")
    assert "environment.yml:2:1: warning CE" in ran.out
    assert "did you mean dependencies" in ran.out


def test_an_error_exits_with_1_and_shows_its_place(here: Folder) -> None:
    here.write(BAD)
    ran = here.run("check", "environment.yml")
    assert (ran.code, ran.err) == (1, "")
    assert "environment.yml:4:" in ran.out
    assert "4 │   - 'b =='" in ran.out
    assert "^" in ran.out
    assert "1 error" in ran.out.splitlines()[-1]


def test_quiet_shows_errors_alone(here: Folder) -> None:
    here.write(WARNED)
    here.write(BAD, "bad.yml")
    ran = here.run("check", "environment.yml", "bad.yml", "-q")
    assert ran.code == 1
    assert "warning" not in ran.out
    assert "bad.yml:4:" in ran.out
    here.write(WARNED)
    assert here.run("check", "environment.yml", "-q").out == ""


def test_verbose_names_clean_files(here: Folder) -> None:
    here.write(CLEAN)
    assert "environment.yml: clean" in here.run("check", "environment.yml", "-v").out


def test_several_files_are_all_read(here: Folder) -> None:
    here.write(BAD, "one.yml")
    here.write(BAD, "two.yml")
    ran = here.run("check", "one.yml", "two.yml")
    assert "one.yml:4:" in ran.out
    assert "two.yml:4:" in ran.out
    assert ran.out.splitlines()[-1].startswith("2 files: 2 errors")


@pytest.mark.parametrize("words", [("--json",), ("--format", "json")])
def test_json_has_the_shape_of_the_contract(here: Folder, words: tuple[str, ...]) -> None:
    here.write(CLEAN + "  - b  # [linux]\n  - pip\n  - pip:\n    - requests[security]>=2\n")
    ran = here.run("check", "environment.yml", *words)
    (file,) = ran.document["files"]
    assert keys(ran.document) == ["files"]
    assert keys(file) == ["environment", "findings", "path"]
    environment = file["environment"]
    assert {key: environment[key] for key in ("name", "channels", "platforms", "variables", "prefix")} == {
        "name": "x",
        "channels": ["toy", "nodefaults"],
        "platforms": ["linux-64"],
        "variables": {},
        "prefix": None,
    }
    assert environment["dependencies"][0] == {
        "text": "a=1.0",
        "name": "a",
        "spec": "a=1.0",
        "selector": None,
        "line": 5,
        "column": 5,
    }
    assert environment["dependencies"][1]["selector"] == "linux"
    assert environment["pip"] == [
        {
            "text": "requests[security]>=2",
            "name": "requests",
            "kind": "requirement",
            "line": 9,
            "column": 7,
        }
    ]


def test_a_finding_in_json_has_its_place_and_a_hint(here: Folder) -> None:
    here.write(WARNED)
    ran = here.run("check", "environment.yml", "--json")
    finding = next(f for f in ran.document["files"][0]["findings"] if f["line"] == 2)
    assert keys(finding) == ["code", "column", "hint", "line", "message", "severity"]
    assert finding["code"].startswith("CE1")
    assert (finding["severity"], finding["column"]) == ("warning", 1)
    assert "did you mean dependencies" in finding["hint"]


def test_json_of_what_is_no_environment_is_null_with_findings(here: Folder) -> None:
    here.write("[1, 2")
    ran = here.run("check", "environment.yml", "--json")
    assert ran.code == 1
    (file,) = ran.document["files"]
    assert file["environment"] is None
    assert file["findings"][0]["severity"] == "error"


def test_github_annotations_name_file_line_and_column(here: Folder) -> None:
    here.write(BAD)
    ran = here.run("check", "environment.yml", "--format", "github")
    assert ran.code == 1
    error = next(line for line in ran.out.splitlines() if line.startswith("::error "))
    assert error.startswith("::error file=environment.yml,title=CE2")
    assert ",line=4,col=" in error


def test_github_annotations_cannot_be_forged(here: Folder) -> None:
    # Neither the name of a file nor a text of it may begin a workflow command, or end one.
    text = 'channels: [toy]\n"a%0A::error::x\\n::warning::y": 1\ndependencies: [a]\n'
    ran = here.run("check", here.write(text, "a,b:c%.yml"), "--format", "github")
    lead = [line.partition("title=")[0] for line in ran.out.splitlines()]
    assert set(lead) <= {f"::{kind} file=a%2Cb%3Ac%25.yml," for kind in ("error", "warning", "notice")}
    assert "a%250A::error::x" in ran.out


def test_sarif_is_of_version_2_1_0(here: Folder) -> None:
    here.write(BAD + "extra: 1\n")
    ran = here.run("check", "environment.yml", "--format", "sarif")
    assert ran.code == 1
    document = json.loads(ran.out)
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    (one,) = document["runs"]
    assert one["tool"]["driver"]["name"] == "condaenv"
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert rules == sorted({result["ruleId"] for result in one["results"]})
    assert {result["level"] for result in one["results"]} <= {"error", "warning", "note"}
    error = next(result for result in one["results"] if result["level"] == "error")
    assert error["message"]["text"]
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "environment.yml"
    region = place["region"]
    assert region["startLine"] == 4
    assert 1 <= region["startColumn"] < region["endColumn"]


def test_a_file_name_is_a_uri_in_sarif(here: Folder) -> None:
    name = here.write(BAD, "my env#1.yml")
    document = json.loads(here.run("check", name, "--format", "sarif").out)
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20env%231.yml"


def test_standard_input_is_checked(here: Folder) -> None:
    ran = here.process("check", "-", stdin=BAD)
    assert ran.code == 1
    assert "<stdin>:4:" in ran.out
    assert ran.err == ""


def test_standard_input_may_be_utf_16_as_conda_reads_it(here: Folder) -> None:
    process = here.spawn("check", "-", "--json")
    assert process.stdin is not None
    process.stdin.buffer.write(CLEAN.encode("utf-16"))
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(out)["files"][0]["environment"]["name"] == "x"


def test_a_missing_file_exits_with_2(here: Folder) -> None:
    ran = here.run("check", "missing.yml")
    assert (ran.code, ran.out) == (2, "")
    assert "missing.yml" in ran.err


def test_a_folder_exits_with_2(here: Folder) -> None:
    ran = here.run("check", "snap")
    assert (ran.code, ran.out) == (2, "")
    assert "snap" in ran.err


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_password_in_a_file_is_shown_in_no_form(here: Folder, form: str) -> None:
    here.write(
        "channels: ['https://me:hunter2@conda.example.org/team']\nvariables: {PASSWORD: x}\ndependencies:\n"
        "  - https://me:hunter2@conda.example.org/team/linux-64::a\n  - pip\n  - pip:\n"
        "    - --index-url https://me:hunter2@pypi.example.org/simple\n"
        "    - b @ git+https://me:hunter2@git.example.org/b\n"
    )
    ran = here.run("check", "environment.yml", "--format", form)
    assert "hunter2" not in ran.out + ran.err
    assert ran.code in {0, 1}


def test_a_terminal_encoding_that_lacks_signs_does_not_break_it(here: Folder) -> None:
    here.write(BAD)
    ran = here.process("check", "environment.yml", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert ran.code == 1
    assert "environment.yml:4:" in ran.out
