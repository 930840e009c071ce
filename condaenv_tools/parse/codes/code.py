"""What a code stands for: the row of the table from which the docs are made."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.finding import Severity

__all__ = ["ERROR", "INFO", "WARNING", "Code", "code"]

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a code stands for.

    Attributes
    ----------
    code : str
        ``CE`` and three digits.
    title : str
        A few words.
    severity : Severity
        As a rule; a finding may be milder where its case is.
    reason : str
        Why it matters, and to which tool.
    bad, good : str
        A short file that has the finding, and the same without.
    file : str
        The name of that file.
    """

    code: str
    title: str
    severity: Severity
    reason: str
    bad: str
    good: str
    file: str = "environment.yml"


def code(  # noqa: PLR0913, PLR0917 - a row of a table
    code: str,
    severity: Severity,
    title: str,
    reason: str,
    bad: str,
    good: str,
    file: str = "environment.yml",
) -> Code:
    """Return one row of a table of codes."""
    return Code(code=code, severity=severity, title=title, reason=reason, bad=bad, good=good, file=file)
