"""Each code about other files: its bad example has the finding, and its good one has it not."""

from __future__ import annotations

import pytest

from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.import_files import import_environment
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes import CODES, Code

OTHERS = [code for code in CODES.values() if code.file != "environment.yml"]


def codes_of(text: str, file: str) -> set[str]:
    try:
        return {finding.code for finding in import_environment(text, path=file).findings}
    except ParseError as error:
        return {finding.code for finding in error.findings if isinstance(finding, Finding)}


def test_there_are_such_codes() -> None:
    assert [code.code for code in OTHERS] == [f"CE{number}" for number in range(130, 150)]


@pytest.mark.parametrize("code", OTHERS, ids=lambda code: code.code)
def test_the_bad_example_has_the_finding_and_the_good_one_has_not(code: Code) -> None:
    assert code.code in codes_of(code.bad, code.file)
    good = "requirements.txt" if code.code == "CE132" else code.file
    assert code.code not in codes_of(code.good, good)
