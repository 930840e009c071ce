"""What the rules say of a text, for tests that ask about one code."""

from __future__ import annotations

from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.registry import run_rules

__all__ = ["findings_of", "pip_file", "told"]


def findings_of(text: str, *codes: str) -> list[Finding]:
    """Every finding of the rules on a text that has one of the codes; all where none is named."""
    found = run_rules(Case(parse_environment(text), text))
    return [finding for finding in found if not codes or finding.code in codes]


def told(text: str, *codes: str) -> list[str]:
    """Severity and message of each."""
    return [f"{finding.severity}: {finding.message}" for finding in findings_of(text, *codes)]


def pip_file(*lines: str, conda: tuple[str, ...] = ("python",), head: str = "") -> str:
    """A file with these lines in its pip section, in single quotes."""
    above = "".join(f"  - {spec}\n" for spec in conda)
    quoted = "".join("      - '{}'\n".format(line.replace("'", "''")) for line in lines)
    return f"{head}channels: [conda-forge]\ndependencies:\n{above}  - pip\n  - pip:\n{quoted}"
