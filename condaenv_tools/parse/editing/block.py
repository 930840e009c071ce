"""Lists that have a dash before each item: lines put in and taken out."""

from __future__ import annotations

import re
from collections.abc import Iterable

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.parse.editing.document import Document, Entry, Slot

__all__ = ["drop_entry_lines", "drop_lines", "empty_list", "first_line", "lines_of", "put_line"]

_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")


def first_line(document: Document, entry: Entry) -> int:
    """Return the line of an item's dash; refused where the dash does not begin its line."""
    if document.dash(entry) is None:
        document.refuse(entry.node, "the item does not stand on a line of its own, behind its dash")
    return document.line(entry.node)


def lines_of(document: Document, entry: Entry) -> tuple[int, int]:
    """Return the first and the last line of an item, on which nothing else stands."""
    end = document.end(entry.node)
    if not _REST.match(document.text, end):
        document.refuse(entry.node, "something else stands on the line of the item")
    # An empty item ends where its dash does.
    return first_line(document, entry), document.source.line_number(max(end - 1, entry.node.start))


def put_line(
    document: Document, slot: Slot, index: int, item: str, line: int | None
) -> tuple[list[TextEdit], int]:
    """Put a line into a block list that has items, in the dress of the item before it.

    Parameters
    ----------
    document : Document
        The file.
    slot : Slot
        The list.
    index : int
        Before which item; the number of items for the end.
    item : str
        What stands behind the dash, comment included.
    line : int or None
        The line that it shall be, if not the one behind the item before it; `index` is then not used.

    Returns
    -------
    tuple of (list of TextEdit, int)
        The edits, and the item's place in the list.
    """
    entries = document.entries(slot)
    if line is not None:
        index = sum(document.line(entry.node) < line for entry in entries)
    near = entries[max(index - 1, 0)]
    dash = document.dash(near)
    if dash is None:
        document.refuse(near.node, "the item does not stand on a line of its own, behind its dash")
    gap = dash["gap"] if not dash["gap"].strip(" ") else " "
    new = f"{dash['indent']}-{gap}{item}"
    if line is not None:
        return [_at_line(document, line, new)], index
    if index:
        last = lines_of(document, near)[1]
        offset = document.source.line_bounds(last)[1]
        return [TextEdit(start=offset, end=offset, text=document.newline(last) + new)], index
    first = first_line(document, near)
    offset = document.source.line_bounds(first)[0]
    return [TextEdit(start=offset, end=offset, text=new + document.newline(first))], index


def _at_line(document: Document, line: int, new: str) -> TextEdit:
    """Make `new` the line of a number, and let the rest of the text begin behind it."""
    starts = document.source.line_starts
    size = len(document.text)
    if line <= len(starts):
        offset = starts[line - 1]
        # Behind the last line break of a file there is no line that would need an end.
        return TextEdit(start=offset, end=offset, text=new + document.newline(min(line, len(starts) - 1)))
    return TextEdit(start=size, end=size, text=document.newline(len(starts) - 1) + new)


def drop_lines(document: Document, spans: Iterable[tuple[int, int]]) -> list[TextEdit]:
    """Take whole lines out, their ends included; a file without a final line end stays one."""
    starts = document.source.line_starts
    edits = []
    for first, last in _runs(spans):
        start = starts[first - 1]
        end = starts[last] if last < len(starts) else len(document.text)
        if last >= len(starts) and first > 1:
            start = document.source.line_bounds(first - 1)[1]
        edits.append(TextEdit(start=start, end=end, text=""))
    return edits


def _runs(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join stretches of lines that touch."""
    runs: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(last, runs[-1][1]))
        else:
            runs.append((first, last))
    return runs


def drop_entry_lines(document: Document, entry: Entry) -> list[tuple[int, int]]:
    """Return the lines that go with an item: its own; and the line of the key above it, if it was the last.

    Comments on lines of their own stay, also those between the key and the item.
    """
    lines = [lines_of(document, entry)]
    owner = entry.slot.owner
    if owner is not None and len(entry.slot.items) == 1:
        first = first_line(document, owner)
        lines.append((first, document.line(entry.slot.key)))
    return lines


def empty_list(document: Document, slot: Slot) -> TextEdit:
    """Write an empty list behind the key of a block list whose items go."""
    offset = document.colon(slot.key)
    return TextEdit(start=offset, end=offset, text=" []")
