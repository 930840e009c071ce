"""Edits on the lines of a list, for fixes: an item taken out, or put in behind another.

Only what is written in the plain way is edited. For anything else, and where a comment would be lost, there is no
edit: a person, or `condaenv edit`, does it better.
"""

from __future__ import annotations

import re

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.parse.text import SourceText

__all__ = ["insertion_behind", "line_removal", "removal"]

_DASH = re.compile(r"[ \t]*-[ \t]+")
_FLOW_BEFORE = re.compile(r"[\[,][ \t]*\Z")
#: Characters before an item that are looked at; a line may be as long as the file.
_NEAR = 200
_FLOW_BEHIND = re.compile(r"[ \t]*(?:(?P<comma>,[ \t]*)|\])")


def _with_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    quoted = start > 0 and text[start - 1] in "\"'" and text[start - 1] == text[end : end + 1]
    return (start - 1, end + 1) if quoted else (start, end)


def _before(source: SourceText, start: int) -> str:
    """Return what stands before an item on its line, as far as it matters."""
    line_start = source.line_starts[source.line_number(start) - 1]
    return source.text[max(line_start, start - _NEAR) : start]


def removal(source: SourceText, start: int, end: int) -> TextEdit | None:
    r"""Return the edit that takes an item out of its list, where that loses no comment; else None.

    Parameters
    ----------
    source : SourceText
        The text.
    start, end : int
        Where the scalar stands that is the item, half open. It should not be the only one of its list.

    Examples
    --------
    >>> source = SourceText("channels:\n  - a\n  - b\nplatforms: [x, y]\n", path="e.yml")
    >>> removal(source, 14, 15)
    TextEdit(start=10, end=16, text='')
    >>> removal(source, 37, 38)
    TextEdit(start=35, end=38, text='')
    """
    text = source.text
    start, end = _with_quotes(text, start, end)
    before_item = _before(source, start)
    if _DASH.fullmatch(before_item):
        return line_removal(source, start, end)
    behind = _FLOW_BEHIND.match(text, end)
    before = _FLOW_BEFORE.search(before_item)
    if behind is None or before is None:
        return None
    if behind["comma"]:
        return TextEdit(start=start, end=behind.end(), text="")
    if before[0][0] == ",":
        return TextEdit(start=start - len(before[0]), end=end, text="")
    return None


def line_removal(source: SourceText, start: int, end: int) -> TextEdit | None:
    """Return the edit that takes out the line on which ``[start, end)`` is the last thing, or None."""
    line = source.line_number(start)
    line_start, line_end = source.line_bounds(line)
    if source.text[end:line_end].strip(" \t") or end > line_end:
        return None
    if line < len(source.line_starts):
        return TextEdit(start=line_start, end=source.line_starts[line], text="")
    if line == 1:
        return None
    # The last line of a file without a line break at its end takes the one before it along.
    return TextEdit(start=source.line_bounds(line - 1)[1], end=line_end, text="")


def insertion_behind(source: SourceText, start: int, end: int, item: str) -> TextEdit | None:
    r"""Return the edit that puts a plain item behind another one of its list, or None.

    Parameters
    ----------
    source : SourceText
        The text.
    start, end : int
        Where the scalar stands behind which the new one comes.
    item : str
        The new one, as it is written.

    Examples
    --------
    >>> insertion_behind(SourceText("channels:\n  - a\n", path="e.yml"), 14, 15, "b")
    TextEdit(start=15, end=15, text='\n  - b')
    """
    text = source.text
    start, end = _with_quotes(text, start, end)
    line = source.line_number(start)
    before_item = _before(source, start)
    if _DASH.fullmatch(before_item):
        line_end = source.line_bounds(line)[1]
        if end > line_end:
            return None
        ends = text[line_end : source.line_starts[line]] if line < len(source.line_starts) else ""
        ends = ends or ("\r\n" if "\r\n" in text else "\n")
        return TextEdit(start=line_end, end=line_end, text=f"{ends}{before_item}{item}")
    if _FLOW_BEHIND.match(text, end) and _FLOW_BEFORE.search(before_item):
        return TextEdit(start=end, end=end, text=f", {item}")
    return None
