"""Every rule has a code of its own, a page, and examples that show it."""

from __future__ import annotations

import pytest

from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.registry import ALL_CODES, RULES, run_rules
from condaenv_tools.rules.rule import Rule


def codes_of(text: str) -> set[str]:
    parsed = parse_environment(text)
    return {finding.code for finding in run_rules(Case(parsed, text))}


@pytest.mark.parametrize("rule", [r for r in RULES if not r.needs_records], ids=lambda r: r.code.code)
def test_the_bad_example_has_the_finding_and_the_good_one_has_not(rule: Rule) -> None:
    assert rule.code.code in codes_of(rule.code.bad)
    assert rule.code.code not in codes_of(rule.code.good)


def test_codes_are_unique_and_stand_in_order() -> None:
    codes = [rule.code.code for rule in RULES]
    assert codes == sorted(set(codes))
    assert not set(codes) & set(CODES)
    assert list(ALL_CODES) == sorted(ALL_CODES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.code.code)
def test_a_rule_is_told_in_prose(rule: Rule) -> None:
    assert rule.code.title
    assert not rule.code.title.endswith(".")
    assert rule.code.reason.endswith(".")


def test_a_file_without_an_environment_is_no_case() -> None:
    with pytest.raises(ValueError, match="could be read"):
        Case(parse_environment("[1"), "[1")
