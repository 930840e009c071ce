"""What is wrong, or will bite, in a file: findings, and the faults of a lock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.html import table
from condaenv_tools.model.span import SourceSpan

__all__ = ["Fault", "Finding", "Severity", "sort_findings"]


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """No tool reads it, or it cannot work."""
    WARNING = "warning"
    """Tools disagree, or it will bite."""
    INFO = "info"
    """Worth knowing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark on one place of one file.

    Attributes
    ----------
    code : str
        ``CE`` and three digits; each has a page in the docs.
    severity : Severity
        How bad it is.
    message : str
        What and why, in one sentence without a full stop, credentials masked.
    span : SourceSpan or None
        Where; None where the whole file is meant.
    path : str
        The file.
    source : str
        The line at fault, credentials masked; empty where there is none.
    remark : str
        What stands beside the caret; may be empty.
    hint : str
        What to do next; may be empty.
    fix : Fix or None
        The change of the file's text that mends it, where there is one.

    Examples
    --------
    >>> span = SourceSpan(path="e.yml", line=5, column=5, start=40, end=50)
    >>> print(Finding(code="CE204", severity=Severity.WARNING, message="there is no Python 3.1", span=span,
    ...               path="e.yml", source="  - python=3.1", hint="write python=3.10"))
    e.yml:5:5: warning CE204: there is no Python 3.1
      5 │   - python=3.1
        │     ^^^^^^^^^^
      hint: write python=3.10
    """

    code: str
    severity: Severity
    message: str
    path: str
    span: SourceSpan | None = None
    source: str = ""
    remark: str = ""
    hint: str = ""
    fix: Fix | None = None

    @property
    def location(self) -> str:
        """``FILE:LINE:COLUMN``, or the file alone."""
        return str(self.span) if self.span else self.path

    def __str__(self) -> str:
        lines = [f"{self.location}: {self.severity} {self.code}: {self.message}"]
        if self.span and self.source:
            lines += _snippet(self.span, self.source, self.remark)
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [(self.location, str(self.severity), self.code, self.message, self.hint)]
        return table(("where", "severity", "code", "message", "hint"), rows)


def _snippet(span: SourceSpan, source: str, remark: str) -> list[str]:
    shown = source.expandtabs(1)
    number = str(span.line)
    width = max(1, min(span.length, len(shown) - span.column + 1))
    caret = " " * (span.column - 1) + "^" * width + (f" {remark}" if remark else "")
    return [f"  {number} │ {shown}".rstrip(), f"  {' ' * len(number)} │ {caret}"]


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order of the text; those on a whole file first."""
    return tuple(sorted(findings, key=lambda f: (f.path, f.span.start if f.span else -1, f.code, f.message)))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Fault:
    """One reason why a lock is not proven.

    Attributes
    ----------
    platform : str
        The platform, or ``""`` where the whole lock is meant.
    rule : str
        known, unique, depends, constrains, roots, reachable, ownership, hashes or current.
    package : str
        The package that is at fault.
    message : str
        What is wrong, in one sentence.
    """

    platform: str
    rule: str
    package: str
    message: str

    def __str__(self) -> str:
        where = f"{self.platform}: " if self.platform else ""
        return f"{where}{self.rule}: {self.message}"
