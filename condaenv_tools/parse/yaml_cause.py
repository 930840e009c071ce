"""One reason why a text is not YAML, with a text of the same length that is without it."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.edit import Fix
from condaenv_tools.parse.text import SourceText

__all__ = ["Cause", "blame", "blanked", "line_of", "spaced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason why a text is not YAML.

    Attributes
    ----------
    kind : str
        A word for the kind of fault; the same fault in line after line is told once.
    message, hint, remark : str
        As in a finding.
    line : int
        The line to blame.
    start, end : int
        The part of the text to blame.
    repaired : str or None
        A text of the same length without the fault; None where reading on makes no sense.
    fix : Fix or None
        What mends it in the file; it is tried out before it is offered.
    """

    kind: str
    message: str
    line: int
    start: int
    end: int
    hint: str = ""
    remark: str = ""
    repaired: str | None = None
    fix: Fix | None = None


def line_of(source: SourceText, number: int) -> tuple[int, int, str]:
    """Return where a line begins and ends, and what it is."""
    start, end = source.line_bounds(number)
    return start, end, source.text[start:end]


def blanked(source: SourceText, *numbers: int) -> str:
    """Return the text with lines made into comments, character for character."""
    parts, at = [], 0
    for number in sorted(set(numbers)):
        start, end = source.line_bounds(number)
        if end > start:
            parts += [source.text[at:start], "#", " " * (end - start - 1)]
            at = end
    return "".join([*parts, source.text[at:]])


def spaced(text: str, start: int, end: int) -> str:
    """Return a text with spaces in the place of a stretch."""
    return text[:start] + " " * (end - start) + text[end:]


def blame(  # noqa: PLR0913 - a row of a table
    source: SourceText,
    kind: str,
    message: str,
    start: int,
    end: int,
    *,
    hint: str = "",
    remark: str = "",
    blank: bool = True,
    fix: Fix | None = None,
) -> Cause:
    """Blame a part of the text, and make a comment of its line unless `blank` is False."""
    number = source.line_number(start)
    repaired = blanked(source, number) if blank else None
    return Cause(
        kind=kind, message=message, line=number, start=start, end=max(end, start + 1), hint=hint,
        remark=remark, repaired=repaired, fix=fix,
    )  # fmt: skip
