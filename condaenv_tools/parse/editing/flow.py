"""Lists in brackets: items put in and taken out, with their commas."""

from __future__ import annotations

import re
from itertools import pairwise

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.parse.editing.block import drop_lines
from condaenv_tools.parse.editing.document import Document, Entry, Slot

__all__ = ["drop_item", "put_item"]

_COMMA = re.compile(r"\s*,")
_LINE_REST = re.compile(r"[ \t]*(,?)[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")
_PROPERTY = re.compile(r"[&!]\S*\s*\Z")


def put_item(document: Document, slot: Slot, index: int, item: str) -> list[TextEdit]:
    """Put an item into a list in brackets, before the item of that index."""
    begin, end = _brackets(document, slot)
    entries = document.entries(slot)
    if not entries:
        if document.text[begin + 1 : end - 1].strip():
            document.refuse(slot.value, "there is a comment between the brackets")
        return [TextEdit(start=begin + 1, end=end - 1, text=item)]
    own_lines = _stands_alone(document, entries[max(index - 1, 0)])
    if own_lines:
        return _put_own_line(document, entries, index, item)
    if index:
        near = document.end(entries[index - 1].node)
        return [TextEdit(start=near, end=near, text=_separator(document, entries) + item)]
    near = document.start(entries[0].node)
    return [TextEdit(start=near, end=near, text=item + _separator(document, entries))]


def _put_own_line(document: Document, entries: list[Entry], index: int, item: str) -> list[TextEdit]:
    near = entries[max(index - 1, 0)].node
    line = document.line(near)
    begin, line_end = document.source.line_bounds(line)
    indent = document.text[begin : document.start(near)]
    newline = document.newline(line)
    if not index:
        return [TextEdit(start=begin, end=begin, text=f"{indent}{item},{newline}")]
    end = document.end(near)
    if index < len(entries) or _COMMA.match(document.text, end):
        return [TextEdit(start=line_end, end=line_end, text=f"{newline}{indent}{item},")]
    return [
        TextEdit(start=end, end=end, text=","),
        TextEdit(start=line_end, end=line_end, text=f"{newline}{indent}{item}"),
    ]


def drop_item(document: Document, entry: Entry) -> list[TextEdit]:
    """Take an item out of a list in brackets, with its comma and, if it has a line to itself, that line."""
    entries = document.entries(entry.slot)
    start, end = document.start(entry.node), document.end(entry.node)
    if _PROPERTY.search(document.text[:start][-200:]):
        document.refuse(entry.node, "the item has an anchor or a tag")
    if len(entries) == 1:
        return _drop_only(document, entry.slot, start, end)
    if _stands_alone(document, entry):
        return _drop_own_line(document, entries, entry.index, end)
    if entry.index + 1 < len(entries):
        until = document.start(entries[entry.index + 1].node)
        return [_drop(document, entry, start, until)]
    return [_drop(document, entry, document.end(entries[-2].node), end)]


def _drop(document: Document, entry: Entry, start: int, end: int) -> TextEdit:
    text = document.text[start:end].replace(document.text[document.start(entry.node) : end], "", 1)
    if "#" in text or "\n" in text or "\r" in text:
        document.refuse(entry.node, "a comment or a line end stands beside the item, between the brackets")
    return TextEdit(start=start, end=end, text="")


def _drop_only(document: Document, slot: Slot, start: int, end: int) -> list[TextEdit]:
    comma = _COMMA.match(document.text, end)
    end = comma.end() if comma else end
    begin, close = _brackets(document, slot)
    around = document.text[begin + 1 : start] + document.text[end : close - 1]
    if around.strip() or "\n" in around or "\r" in around:
        return [TextEdit(start=start, end=end, text="")]
    return [TextEdit(start=begin + 1, end=close - 1, text="")]


def _drop_own_line(document: Document, entries: list[Entry], index: int, end: int) -> list[TextEdit]:
    node = entries[index].node
    edits = drop_lines(document, [(document.line(node), document.source.line_number(end - 1))])
    if index + 1 == len(entries) and not _COMMA.match(document.text, end):
        # The item before it is the last one now, and the last one has no comma here.
        before = document.end(entries[index - 1].node)
        comma = _COMMA.match(document.text, before)
        if comma:
            edits.insert(0, TextEdit(start=comma.end() - 1, end=comma.end(), text=""))
    return edits


def _stands_alone(document: Document, entry: Entry) -> bool:
    """Say whether nothing but its comma and a comment stands on the line of an item."""
    begin = document.source.line_bounds(document.line(entry.node))[0]
    before = document.text[begin : document.start(entry.node)]
    return not before.strip() and _LINE_REST.match(document.text, document.end(entry.node)) is not None


def _separator(document: Document, entries: list[Entry]) -> str:
    """Return what stands between two items, where that is a comma and blanks."""
    for one, two in pairwise(entries):
        between = document.text[document.end(one.node) : document.start(two.node)]
        if re.fullmatch(r" *, *", between):
            return between
    return ", "


def _brackets(document: Document, slot: Slot) -> tuple[int, int]:
    return document.start(slot.value), slot.value.end
