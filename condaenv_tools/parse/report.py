"""The findings of one file, collected while it is read, so that all faults are told at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.finding import Finding, Severity, sort_findings
from condaenv_tools.model.secrets import mask_line
from condaenv_tools.parse.codes import CODES, Code
from condaenv_tools.parse.text import SourceText

__all__ = ["Mend", "Report", "make_finding", "quoted"]

#: A fix, or what makes it; it is made for a finding that is kept, and not for those beyond `MAX_FINDINGS`.
Mend = Fix | Callable[[], Fix | None] | None

#: A file has at most so many findings; the rest would be of the same kind.
MAX_FINDINGS = 1000
MAX_QUOTED = 80
#: Characters of a message or hint; what is longer was meant for nobody.
MAX_TOLD = 500
#: Findings that something is missing.
_ABSENCES = {"CE118", "CE301", "CE303", "CE403", "CE405"}


@lru_cache(maxsize=1024)
def quoted(text: str) -> str:
    """Return a text of the user as a message quotes it: short, masked, control characters escaped.

    Examples
    --------
    >>> quoted("https://me:hunter2@example.org/x")
    '`https://********@example.org/x`'
    """
    shown = _printable(mask_line(text))
    if len(shown) > MAX_QUOTED:
        shown = f"{shown[: MAX_QUOTED - 1]}…"
    return f"`{shown}`"


def _printable(text: str) -> str:
    """Return a text in one line, with an escape in the place of each character that cannot be seen."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


@lru_cache(maxsize=1024)
def _told(text: str) -> str:
    """Return a part of a message as it may be printed, whatever of the file was put into it."""
    shown = _printable(mask_line(text))
    return shown if len(shown) <= MAX_TOLD else f"{shown[: MAX_TOLD - 1]}…"


def make_finding(  # noqa: PLR0913 - a finding has so many parts
    source: SourceText,
    code: Code,
    message: str,
    place: tuple[int, int] | None = None,
    *,
    remark: str = "",
    hint: str = "",
    severity: Severity | None = None,
    fix: Fix | None = None,
) -> Finding:
    """Return a finding on a stretch of a text, or on the whole of it, with all that it quotes made fit to print.

    Parameters
    ----------
    source : SourceText
        The text.
    code : Code
        What kind of finding it is; its severity counts where none is given.
    message, remark, hint : str
        As in `Finding`. Credentials are masked and invisible characters escaped here.
    place : tuple of (int, int), optional
        Character offsets, half open; cut to the text.
    severity : Severity, optional
        In place of the code's.
    fix : Fix, optional
        The change that mends it.
    """
    span, line = None, ""
    if place is not None:
        size = len(source.text)
        start = min(place[0], size)
        span = source.span(start, min(max(start, place[1]), size))
        line = source.shown_line(span.line)
    return Finding(
        code=code.code,
        severity=severity or code.severity,
        message=_told(message),
        path=source.path,
        span=span,
        source=line,
        remark=_told(remark),
        hint=_told(hint),
        fix=fix,
    )


class Report:
    """Collects the findings of one text.

    Parameters
    ----------
    source : SourceText
        The text.
    """

    def __init__(self, source: SourceText) -> None:
        self.source = source
        #: Whether parts of the text were passed over, so that nothing can be said to be missing.
        self.partial = False
        self._found: list[Finding] = []
        self._seen: set[tuple[str, int, str]] = set()

    def add(  # noqa: PLR0913 - a finding has so many parts
        self,
        code: str,
        message: str,
        start: int | None = None,
        end: int | None = None,
        *,
        remark: str = "",
        hint: str = "",
        severity: Severity | None = None,
        fix: Mend = None,
    ) -> None:
        """Add a finding on the stretch ``[start, end)``, or on the whole file where there is none."""
        if self.partial and code in _ABSENCES:
            return
        if len(self._found) >= MAX_FINDINGS:
            return
        key = (code, -1 if start is None else start, message)
        if key in self._seen:
            return
        self._seen.add(key)
        place = None if start is None else (start, end or start)
        made = fix() if callable(fix) else fix
        self._found.append(
            make_finding(
                self.source,
                CODES[code],
                message,
                place,
                remark=remark,
                hint=hint,
                severity=severity,
                fix=made,
            )
        )

    @property
    def full(self) -> bool:
        """Whether nothing more is taken, so that what a finding would say need not be made out."""
        return len(self._found) >= MAX_FINDINGS

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found, in the order of the text."""
        return sort_findings(self._found)
