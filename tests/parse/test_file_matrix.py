"""Every file of the oracle: read as conda reads it, refused where all refuse, and told where tools differ."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Severity
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from tests.parse.file_departures import DEPARTURES, Departure
from tests.parse.oracle_matrix import Answers, Case, cases

CASES = {case.name: case for case in cases()}


@cache
def read(name: str) -> ParsedFile:
    return parse_environment(CASES[name].path.read_bytes(), path=f"{name}.yml")


def errors(parsed: ParsedFile) -> list[str]:
    return [f.message for f in parsed.findings if f.severity is Severity.ERROR]


def remarks(parsed: ParsedFile) -> list[str]:
    return [f.message for f in parsed.findings if f.severity is not Severity.INFO]


def ours(environment: Environment) -> Answers:
    """Our reading in the words of the matrix."""
    return Answers(
        name=environment.name,
        channels=tuple(item.text for item in environment.channels),
        specs=tuple(str(item.spec) for item in environment.dependencies),
        pip=tuple(item.text for item in environment.pip),
    )


def without_added_pip(answer: Answers, mine: Answers) -> tuple[str, ...]:
    """conda puts `pip` in front where a pip section has none; that is no item of the file."""
    return answer.specs if "pip" in mine.specs else tuple(spec for spec in answer.specs if spec != "pip")


def read_as_conda(case: Case, parsed: ParsedFile) -> str:
    answer = case.tools["conda"]
    if answer.refused or answer.sections:
        return ""
    if errors(parsed) or parsed.environment is None:
        return f"conda reads the file; we say {errors(parsed)}"
    mine = ours(parsed.environment)
    for field in ("name", "channels", "pip"):
        theirs, own = getattr(answer, field), getattr(mine, field)
        theirs = tuple(theirs) if field == "pip" and isinstance(theirs, list) else theirs
        if theirs != own:
            return f"{field}: conda {theirs!r}, we {own!r}"
    theirs = without_added_pip(answer, mine)
    return "" if theirs == mine.specs else f"specs: conda {theirs!r}, we {mine.specs!r}"


def refused_where_all_refuse(case: Case, parsed: ParsedFile) -> str:
    if not all(answer.refused for answer in case.tools.values()) or errors(parsed):
        return ""
    return f"no tool reads the file, and we have no error: {remarks(parsed)}"


def differs(answer: Answers, mine: Answers) -> bool:
    return bool(answer.refused) or answer.names != mine.names or len(answer.pip) != len(mine.pip)


def told_where_tools_differ(case: Case, parsed: ParsedFile) -> str:
    mine = ours(parsed.environment) if parsed.environment else Answers()
    differing = [tool for tool, answer in case.tools.items() if differs(answer, mine)]
    if not differing or remarks(parsed):
        return ""
    return f"{', '.join(differing)} read the file otherwise, and no finding says so"


LAWS: dict[str, Callable[[Case, ParsedFile], str]] = {
    "as-conda": read_as_conda,
    "all-refuse": refused_where_all_refuse,
    "told": told_where_tools_differ,
}


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("name", CASES)
def test_a_case_obeys_the_law_or_is_a_known_departure(name: str, law: str) -> None:
    departure = DEPARTURES.get(name)
    fault = LAWS[law](CASES[name], read(name))
    if departure is None or departure.law != law:
        assert not fault, fault
    else:
        assert fault, "the departure is none any more: take it out of the table"


@pytest.mark.parametrize(("name", "departure"), DEPARTURES.items(), ids=list(DEPARTURES))
def test_a_departure_is_told_to_the_user(name: str, departure: Departure) -> None:
    assert departure.code in {finding.code for finding in read(name).findings}


@pytest.mark.parametrize("name", CASES)
def test_every_span_and_caret_of_a_case_lies_in_its_text(name: str) -> None:
    text = CASES[name].path.read_bytes().decode()
    for finding in read(name).findings:
        if finding.span is not None:
            assert 0 <= finding.span.start <= finding.span.end <= len(text)
            assert finding.span.line <= text.count("\n") + text.count("\r") + 1
