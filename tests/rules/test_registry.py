"""Every rule has a code of its own, a page, and examples that show it."""

from __future__ import annotations

import pytest

from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.registry import ALL_CODES, RULES, run_rules
from condaenv_tools.rules.rule import Rule
from tests.builders import record
from tests.rules.toy_evidence import LINUX, ToyEvidence

#: What the examples of rules that need records are held against.
CHANNELS: dict[str, list[str | PackageRecord]] = {
    "conda-forge": [
        *(f"numpy {version} py312h1234567_0" for version in ("1.26.4", "2.0.2", "2.3.4", "2.3.5", "2.4.0")),
        "python 3.7 0 linux-64",
        "python 3.12",
        "libgcc 15",
        record("roman-numerals-py", "3.1", size=20_000),
        record("roman-numerals-py", "4.1", "python >=3.10", "roman-numerals ==4.1", size=9_000),
        "roman-numerals 4.1",
        "sysroot_linux-64 2.28 0 linux-64",
    ],
    "nvidia": ["cuda-version 13"],
    "extra": ["numpy 99"],
}


def recorded(rule: Rule, text: str) -> ToyEvidence:
    """The toy channels on the platforms of an example, with what an export of it lists."""
    environment = parse_environment(text).environment
    assert environment is not None
    held = dict(CHANNELS)
    if rule.code.code == "CE513":
        lines = [str(item.spec).replace("==", "=").split("=") for item in environment.dependencies]
        names = [name for name, *_ in lines if name != "python"]
        held["conda-forge"] = [
            record(name, version, *(names if name == "python" else ()), build=next(iter(build), "0"))
            for name, version, *build in lines
        ]
    return ToyEvidence(held, [item.platform for item in environment.platforms] or [LINUX])


def codes_of(text: str, evidence: ToyEvidence | None = None) -> set[str]:
    parsed = parse_environment(text)
    return {finding.code for finding in run_rules(Case(parsed, text, evidence=evidence))}


@pytest.mark.parametrize("rule", [r for r in RULES if not r.needs_records], ids=lambda r: r.code.code)
def test_the_bad_example_has_the_finding_and_the_good_one_has_not(rule: Rule) -> None:
    assert rule.code.code in codes_of(rule.code.bad)
    assert rule.code.code not in codes_of(rule.code.good)


@pytest.mark.parametrize("rule", [r for r in RULES if r.needs_records], ids=lambda r: r.code.code)
def test_examples_of_rules_that_need_records_hold_against_a_toy_channel(rule: Rule) -> None:
    assert rule.code.code in codes_of(rule.code.bad, recorded(rule, rule.code.bad))
    assert rule.code.code not in codes_of(rule.code.good, recorded(rule, rule.code.good))


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
