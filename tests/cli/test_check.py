"""`condaenv check`: every finding at once, in four forms."""

from __future__ import annotations

import json
import sys

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


def test_a_folder_without_an_environment_file_exits_with_2(here: Folder) -> None:
    ran = here.run("check", "snap")
    assert (ran.code, ran.out) == (2, "")
    assert "snap is a folder without an environment file" in ran.err


def test_a_folder_stands_for_the_environment_files_below_it(here: Folder) -> None:
    (here.path / "envs").mkdir()
    here.write(CLEAN, "envs/gpu-environment.yml")
    here.write(BAD, "envs/env.yml")
    here.write(BAD, "envs/notes.yml")
    ran = here.run("check", "envs", "-v")
    assert ran.code == 1
    assert "envs/env.yml:4:" in ran.out
    assert "envs/gpu-environment.yml: clean" in ran.out
    assert ran.out.splitlines()[-1].startswith("2 files: 1 error")


def test_one_missing_file_keeps_no_other_from_being_checked(here: Folder) -> None:
    here.write(BAD)
    ran = here.run("check", "missing.yml", "environment.yml")
    assert ran.code == 2
    assert "environment.yml:4:" in ran.out
    assert "missing.yml" in ran.err
    document = here.run("check", "missing.yml", "environment.yml", "--json").document
    assert [file["path"] for file in document["files"]] == ["missing.yml", "environment.yml"]
    missing = document["files"][0]
    assert keys(missing) == ["environment", "findings", "path"]
    assert missing["environment"] is None
    (finding,) = missing["findings"]
    assert keys(finding) == ["code", "column", "hint", "line", "message", "severity"]
    assert (finding["code"], finding["severity"], finding["line"], finding["column"]) == (
        "CE100",
        "error",
        1,
        1,
    )
    assert "no such file" in finding["message"]


def test_missing_files_alone_have_the_same_form_in_json(here: Folder) -> None:
    ran = here.run("check", "missing.yml", "absent.yml", "--json")
    assert ran.code == 2
    assert [file["path"] for file in ran.document["files"]] == ["missing.yml", "absent.yml"]
    assert {finding["code"] for file in ran.document["files"] for finding in file["findings"]} == {"CE100"}
    assert ran.err.count("missing.yml") == ran.err.count("absent.yml") == 1


def test_sarif_says_that_a_file_could_not_be_checked(here: Folder) -> None:
    ran = here.run("check", "missing.yml", "--format", "sarif")
    assert ran.code == 2
    assert ran.document["runs"][0]["invocations"] == [{"executionSuccessful": False}]


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


def test_a_code_is_explained(here: Folder) -> None:
    ran = here.run("check", "--explain", "ce201")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("CE201: ")
    assert "instead of:" in ran.out
    assert "write:" in ran.out


def test_an_unknown_code_to_explain_is_told_with_the_nearest(here: Folder) -> None:
    ran = here.run("check", "--explain", "CE2O1")
    assert ran.code == 2
    assert "did you mean CE" in ran.err


def test_all_codes_are_listed(here: Folder) -> None:
    from condaenv_tools.rules.registry import ALL_CODES

    ran = here.run("check", "--list-codes")
    assert [line.split()[0] for line in ran.out.splitlines()] == list(ALL_CODES)


def test_codes_are_selected_and_ignored(here: Folder) -> None:
    here.write(BAD + "extra: 1\n")
    assert here.run("check", "environment.yml", "--select", "CE1").code == 0
    assert "CE201" not in here.run("check", "environment.yml", "--ignore", "CE201,CE4").out
    ran = here.run("check", "environment.yml", "--ignore", "CE999")
    assert ran.code == 2
    assert "'CE999'" in ran.err


def test_the_settings_of_the_project_count_unless_told_otherwise(here: Folder) -> None:
    here.write(BAD)
    here.write('[tool.condaenv]\nignore = ["CE201"]\n', "pyproject.toml")
    assert here.run("check", "environment.yml").code == 0
    assert here.run("check", "environment.yml", "--no-config").code == 1
    here.write("[tool.condaenv]\nignored = []\n", "pyproject.toml")
    ran = here.run("check", "environment.yml")
    assert (ran.code, ran.out) == (2, "")
    assert "pyproject.toml:2: " in ran.err
    assert "did you mean ignore?" in ran.err


def test_a_silenced_finding_is_counted_with_v(here: Folder) -> None:
    here.write(CLEAN + "  - 'b =='  # noqa: CE201\n")
    ran = here.run("check", "environment.yml", "-v")
    assert ran.code == 0
    assert ran.out.endswith("nothing to remark; 1 silenced\n")


class TestRecords:
    """`--snapshot` holds a file against the records of its channels; without it nothing is asked."""

    TEXT = "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - aa\n  - b\n"

    def test_a_name_that_the_channel_lacks(self, here: Folder) -> None:
        here.write(self.TEXT)
        ran = here.run("check", "environment.yml", "--snapshot", "snap", "--offline")
        assert "environment.yml:4:5: " in ran.out
        assert "environment.yml:4:5: " not in here.run("check", "environment.yml").out

    def test_a_channel_that_fails_exits_with_3_behind_the_findings(self, here: Folder) -> None:
        here.write(BAD.replace("toy", "absent"))
        ran = here.run("check", "environment.yml", "--snapshot", "snap", "--offline")
        assert ran.code == 3
        assert "environment.yml:4:" in ran.out
        assert "absent" in ran.err

    def test_a_channel_that_fails_is_a_finding_in_json(self, here: Folder) -> None:
        here.write(BAD.replace("toy", "absent"))
        ran = here.run("check", "environment.yml", "--snapshot", "snap", "--offline", "--json")
        assert ran.code == 3
        (file,) = ran.document["files"]
        assert file["environment"] is not None
        assert [finding["code"] for finding in file["findings"]][:1] == ["CE100"]
        assert "absent" in file["findings"][0]["message"]

    def test_without_records_no_engine_is_loaded(self, here: Folder) -> None:
        here.write(self.TEXT)
        code = (
            "import sys; from condaenv_tools.cli.app import run; run(['check', 'environment.yml']);"
            "print([m for m in ('rattler', 'networkx', 'rich', 'conda_lock', 'asyncio') if m in sys.modules])"
        )
        import subprocess

        done = subprocess.run(
            [sys.executable, "-c", code], cwd=here.path, capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"
