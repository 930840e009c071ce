"""Lists and sections that are not there yet, made in the style of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.parse.editing.changes import Section
from condaenv_tools.parse.editing.document import Document, Slot, is_null
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.yaml_nodes import Node, ScalarNode, SequenceNode

__all__ = [
    "Style",
    "begin_brackets",
    "begin_list",
    "begin_section",
    "prefers_block",
    "style_of",
    "wants_block",
]

_NULL = re.compile(r"(?:[ \t]+(?:null|Null|NULL|~))?(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))")
_EMPTY = re.compile(r"[ \t]*\[[ \t]*\](?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))")
#: The order in which people write the sections.
_ORDER = ("name", "category", "channels", "platforms", "dependencies", "variables", "prefix")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a file writes its lists.

    Attributes
    ----------
    indent : int
        Columns between a key and the dashes below it.
    gap : str
        What stands behind a dash.
    """

    indent: int = 2
    gap: str = " "


def style_of(document: Document) -> Style:
    """Return the style of the first block list of the file."""
    for _, key, value in own_pairs(document):
        if isinstance(value, SequenceNode) and not value.flow and value.start > key.start and value.items:
            slot = Slot(key=key, value=value, path=())
            dash = document.dash(document.entry(slot, 0))
            if dash is not None:
                column = len(dash["indent"]) - (document.source.span(key.start, key.start).column - 1)
                return Style(indent=max(column, 0), gap=dash["gap"])
    return Style()


def own_pairs(document: Document) -> list[tuple[int, ScalarNode, Node]]:
    """Return the pairs that the mapping of the file has itself, not through a merge key, with their index."""
    column = document.source.span(document.root.start, document.root.start).column
    return [
        (at, key, value)
        for at, (key, value) in enumerate(document.root.pairs)
        if isinstance(key, ScalarNode)
        and document.source.span(document.start(key), key.start).column == column
    ]


def wants_block(document: Document, slot: Slot, line: int | None) -> bool:
    """Say whether an empty list becomes one with dashes: as most lists of the file are, unless a line tells."""
    if document.root.flow or (slot.owner and (_is_flow(slot.owner.slot.value) or _is_flow(slot.owner.node))):
        return False
    if line is not None:
        return line != document.line(slot.value)
    return prefers_block(document)


def prefers_block(document: Document) -> bool:
    """Say whether most lists of the file have dashes; they have where there is none."""
    lists = [value for _, _, value in own_pairs(document) if isinstance(value, SequenceNode) and value.items]
    return 2 * sum(value.flow for value in lists) <= len(lists)


def _is_flow(node: Node) -> bool:
    return not isinstance(node, ScalarNode) and node.flow


def begin_list(document: Document, slot: Slot, item: str) -> list[TextEdit] | None:
    """Put the first line below a key that has nothing, or an empty list, in its place.

    Returns
    -------
    list of TextEdit or None
        None where the key is not written so that a line could follow it.
    """
    pattern = _NULL if is_null(slot.value) else _EMPTY
    colon = document.colon(slot.key)
    match = pattern.match(document.text, colon)
    if match is None:
        return None
    line = document.line(slot.key)
    end = document.source.line_bounds(line)[1]
    style = style_of(document)
    begin, _ = document.source.line_bounds(line)
    lead = document.text[begin : document.start(slot.key)]
    # The list below the key of a pip section is indented from the dash before that key.
    indent = " " * len(lead) + (" " * style.indent if slot.owner is None else "")
    new = f"{document.newline(line)}{indent}-{style.gap}{item}"
    edits = [TextEdit(start=end, end=end, text=new)]
    if match.end() > colon:
        edits.insert(0, TextEdit(start=colon, end=match.end(), text=""))
    return edits


def begin_brackets(document: Document, slot: Slot, item: str) -> list[TextEdit]:
    """Put a list in brackets behind a key that has nothing."""
    colon = document.colon(slot.key)
    match = _NULL.match(document.text, colon)
    if match is None:
        document.refuse(
            slot.key, f"there is nothing behind {quoted(slot.key.value)} that could become a list"
        )
    return [TextEdit(start=colon, end=match.end(), text=f" [{item}]")]


def begin_section(
    document: Document, section: Section, lines: list[str], *, head: str = ""
) -> tuple[list[TextEdit], int]:
    """Put a new section behind the last one that people write before it.

    Parameters
    ----------
    lines : list of str
        What stands below the key, indented from it.
    head : str
        The key and what stands behind it, where that is more than a colon.

    Returns
    -------
    tuple of (list of TextEdit, int)
        The edits, and the place of the new pair in the mapping of the file.
    """
    if document.root.flow:
        document.refuse(document.root, "the whole file is one mapping in braces, which lacks the section")
    rank = _ORDER.index(section.value)
    pairs = own_pairs(document)
    before = [pair for pair in pairs if pair[1].value in _ORDER[:rank]]
    begin = document.source.line_bounds(document.line(document.root))[0]
    indent = document.text[begin : document.root.start]
    if indent.strip():
        document.refuse(document.root, "something stands before the first key of the file")
    new = [indent + line for line in (head or f"{section.value}:", *lines)]
    if not before:
        newline = document.newline(document.line(document.root))
        return [TextEdit(start=begin, end=begin, text="".join(line + newline for line in new))], 0
    at, key, value = before[-1]
    end = key.end if value.start < key.start else max(document.end(value), document.colon(key))
    line = document.source.line_number(max(end - 1, key.start))
    offset = document.source.line_bounds(line)[1]
    newline = document.newline(line)
    blank = newline if _blank_between(document, pairs, at, line) else ""
    return [TextEdit(start=offset, end=offset, text=blank + "".join(newline + one for one in new))], at + 1


def _blank_between(document: Document, pairs: list[tuple[int, ScalarNode, Node]], at: int, line: int) -> bool:
    """Say whether sections have a blank line between them, at the place behind a pair."""
    numbers = [pair[0] for pair in pairs]
    place = numbers.index(at)
    if place + 1 < len(pairs):
        other = line + 1
    elif place:
        other = document.line(pairs[place][1]) - 1
    else:
        return False
    start, end = document.source.line_bounds(other)
    return not document.text[start:end].strip()
