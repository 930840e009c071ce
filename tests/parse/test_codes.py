"""Each code has a page; its bad example has the finding, and its good one has it not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import condaenv_tools
from condaenv_tools.errors import ParseError
from condaenv_tools.parse.codes import CODES, Code
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.virtual_packages_yml import parse_virtual_packages

#: Only files that cannot be opened, locking, a file of virtual packages, or files that are included give these.
ELSEWHERE = {"CE100", "CE209", "CE420", "CE421", "CE422", "CE423", "CE424", "CE425", "CE290", "CE291"} | {
    *(f"CE49{last}" for last in range(10)),
    *(f"CE7{last:02}" for last in range(1, 15)),
}
#: The example is too long to print in full, or shows bytes that a page cannot hold.
MADE: dict[str, str | bytes] = {
    "CE102": b"name: caf\xe9\n",
    "CE105": "x: " + "[" * 100,
    "CE119": "name: x\rdependencies: [numpy]\r",
}


def codes_of(text: str | bytes) -> set[str]:
    return {finding.code for finding in parse_environment(text).findings}


@pytest.mark.parametrize(
    "code",
    [c for c in CODES.values() if c.code not in ELSEWHERE and c.file == "environment.yml"],
    ids=lambda c: c.code,
)
def test_the_bad_example_has_the_finding_and_the_good_one_has_not(code: Code) -> None:
    assert code.code in codes_of(MADE.get(code.code, code.bad))
    assert code.code not in codes_of(code.good)


def test_the_example_of_a_virtual_package_is_one() -> None:
    with pytest.raises(ParseError, match="CE209"):
        parse_virtual_packages(CODES["CE209"].bad)
    assert parse_virtual_packages(CODES["CE209"].good)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda c: c.code)
def test_a_code_is_told_in_prose(code: Code) -> None:
    assert re.fullmatch(r"CE[1-7]\d\d", code.code)
    assert code.title
    assert not code.title.endswith(".")
    assert code.reason.endswith(".")


def test_codes_stand_in_order() -> None:
    assert list(CODES) == sorted(CODES)


def test_every_code_that_the_sources_name_is_registered() -> None:
    root = Path(condaenv_tools.__file__ or "").parent
    named = {
        code
        for path in (root / "parse").rglob("*.py")
        for code in re.findall(r'"(CE\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert named == set(CODES)
