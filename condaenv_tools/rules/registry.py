"""Every rule, every code, and how a file is held against them."""

from __future__ import annotations

from itertools import islice

from condaenv_tools.model.finding import Finding, sort_findings
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.codes.code import Code
from condaenv_tools.rules import (
    channels,
    frameworks,
    frameworks_torch,
    names,
    pip,
    portability,
    records,
    safety,
    silence,
    specs,
)
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule

__all__ = ["ALL_CODES", "RULES", "run_rules"]

#: What one rule says of one file at most; the rest would be of the same kind.
MAX_FINDINGS = 1000
#: Every rule, by its code.
RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            rule
            for family in (
                specs,
                names,
                frameworks,
                frameworks_torch,
                records,
                channels,
                pip,
                portability,
                safety,
            )
            for rule in family.RULES
        ),
        key=lambda rule: rule.code.code,
    )
)

#: Every code that a finding on an environment file may have, those of reading included, in order.
ALL_CODES: dict[str, Code] = dict(
    sorted(
        {
            **CODES,
            **{code.code: code for code in silence.CODES},
            **{rule.code.code: rule.code for rule in RULES},
        }.items()
    )
)


def run_rules(case: Case) -> tuple[Finding, ...]:
    r"""Hold a file against every rule.

    Parameters
    ----------
    case : Case
        The file. Rules that need records are passed over where it has no evidence.

    Returns
    -------
    tuple of Finding
        What the rules found, in the order of the text; what reading found is not among it.

    Raises
    ------
    ChannelError
        The case has evidence, and a channel cannot be read.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import parse_environment
    >>> text = "channels: [conda-forge, nodefaults]\ndependencies: [python=3.12, numpy]\n"
    >>> run_rules(Case(parse_environment(text), text))
    ()
    """
    found: list[Finding] = []
    for rule in RULES:
        if case.evidence is not None or not rule.needs_records:
            found += islice(rule.find(case), MAX_FINDINGS)
    return sort_findings(dict.fromkeys(found))
