"""Fixes of a text that is no YAML, or not the YAML it looks like: made from a fault, kept if the result shows it.

A reader of the file sees a list wherever lines begin with a dash. A fix is safe if afterwards each such line is an
item to YAML too, and the fault is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from condaenv_tools.model.edit import Fix, TextEdit, apply_edits
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, NotYamlError, ScalarNode, SequenceNode, compose

__all__ = [
    "bare_dash_removed",
    "fix_of",
    "insertion",
    "items_fix",
    "line_ends_fix",
    "lines_removed",
    "list_shown",
    "mends",
    "reads_well",
    "reindented",
    "shape",
    "tabs_fix",
    "unfolded",
]

#: Characters; a longer text is not tried out.
MAX_TRIED = 30_000
_GLUED = r"-(?=[A-Za-z_\"'])(?![A-Za-z](?:\s|$)|[rc]\S*\.txt|[recif]\S*[/\\])"
_ITEM_LINE = re.compile(rf"^[ ]*(?:-[ \t]+(?![\s#])|{_GLUED})", re.MULTILINE)
_GLUED_DASH = re.compile(rf"[ ]*{_GLUED}")
_LEADING_TABS = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
_TABS = re.compile(r"[ ]*\t[ \t]*")
_TYPED = str.maketrans(
    dict.fromkeys("\u2013\u2014\u2212\u2010\u2011\u2022\u25cf\u2219\u00b7", "-")
    | dict.fromkeys("\u00a0\u202f\u3000", " ")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff", "")
)
_ODD_LEAD = re.compile(
    "([ ]*)([-*\u2013\u2014\u2212\u2010\u2011\u2022\u25cf\u2219\u00b7 \u00a0\u202f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff]+)"
    "(?=[A-Za-z_\"'])"
)
#: Widths of a tab that editors show, the likeliest first.
_WIDTHS = (2, 4, 8, 3, 1)


def fix_of(title: str, edits: Iterable[TextEdit], *, safe: bool = True) -> Fix | None:
    """Return a fix, or None where there is nothing to edit."""
    made = tuple(sorted(edits))
    return Fix(title=title, edits=made, safe=safe) if made else None


def insertion(title: str, at: int, text: str, *, safe: bool = True) -> Fix:
    """Return the fix that puts a text in at one place."""
    return Fix(title=title, edits=(TextEdit(start=at, end=at, text=text),), safe=safe)


def lines_removed(source: SourceText, numbers: Iterable[int], title: str) -> Fix | None:
    """Return the fix that takes whole lines out, their line ends included."""
    starts = [*source.line_starts, len(source.text)]
    return fix_of(title, [TextEdit(start=starts[n - 1], end=starts[n], text="") for n in numbers])


def reindented(source: SourceText, numbers: Iterable[int], indent: str) -> Fix | None:
    """Return the fix that gives lines another indentation."""
    edits = []
    for number in numbers:
        start, end = source.line_bounds(number)
        line = source.text[start:end]
        edits.append(TextEdit(start=start, end=start + len(line) - len(line.lstrip(" \t")), text=indent))
    width = len(indent)
    return fix_of(f"indent by {width} {'space' if width == 1 else 'spaces'}", edits)


def items_fix(source: SourceText) -> Fix | None:
    """Return the fix that begins each item with a hyphen and a space, whatever stands in their place.

    All lines at once: what is left of the slip would be swallowed by the item above it.
    """
    return _items_fix(source.text)


@lru_cache(maxsize=2)
def _items_fix(text: str) -> Fix | None:
    """Return the same; a thousand findings of one text ask for it."""
    edits = []
    for begin, line in _lines(SourceText(text, path="")):
        lead, glued = _ODD_LEAD.match(line), _GLUED_DASH.match(line)
        if glued:
            edits.append(TextEdit(start=begin + glued.end(), end=begin + glued.end(), text=" "))
        elif lead and lead[2].lstrip(" -") and lead[2].translate(_TYPED).strip() in {"-", "*"}:
            edits.append(TextEdit(start=begin + lead.start(2), end=begin + lead.end(2), text="- "))
    title = (
        "write a space behind the dash" if all(e.text == " " for e in edits) else "write a hyphen and a space"
    )
    return fix_of(title, edits)


def list_shown(source: SourceText) -> Fix | None:
    """Return the fix that makes a list of a text whose lines show one, if that is all that is wrong."""
    return _list_shown(source.text)


@lru_cache(maxsize=2)
def _list_shown(text: str) -> Fix | None:
    """Return the same; each section of a text that is no list asks for it."""
    fix = _items_fix(text)
    return fix if reads_well(text, fix) else None


def line_ends_fix(text: str) -> Fix | None:
    """Return the fix that ends every line as editors of today do; YAML reads both alike."""
    end = "\r\n" if "\r\n" in text else "\n"
    edits = [TextEdit(start=m.start(), end=m.end(), text=end) for m in re.finditer(r"\r(?!\n)", text)]
    return fix_of("end the lines with a line feed", edits)


def tabs_fix(text: str) -> Fix | None:
    """Return the fix that writes spaces for tabs; safe where every width of a tab gives the same file."""
    if len(text) > MAX_TRIED:
        return None
    found: list[tuple[tuple[TextEdit, ...], object]] = []
    for width in _WIDTHS:
        edits = tuple(_spaces_for_tabs(text, width))
        root = _read(apply_edits(text, edits))
        if isinstance(root, MappingNode) and _shows_all(apply_edits(text, edits), root):
            found.append((edits, shape(root)))
        if not _LEADING_TABS.search(text):
            break
    if not found:
        return None
    edits, first = found[0]
    safe = all(other == first for _, other in found)
    return fix_of("write spaces for tabs", edits, safe=safe)


def _spaces_for_tabs(text: str, width: int) -> Iterator[TextEdit]:
    for begin, line in _lines(SourceText(text, path="")):
        indent = re.match(r"[ \t]*", line)
        lead = indent.end() if indent else 0
        if "\t" in line[:lead]:
            yield TextEdit(start=begin, end=begin + lead, text=line[:lead].replace("\t", " " * width))
        comment = re.search(r"(?:^|[ \t])#", line)
        content = line[: comment.end() - 1] if comment else line
        if "'" in content or '"' in content:
            continue
        for match in _TABS.finditer(content, lead):
            behind = "" if match.end() == len(line) else " "
            yield TextEdit(start=begin + match.start(), end=begin + match.end(), text=behind)


def bare_dash_removed(source: SourceText, at: int) -> Fix | None:
    """Return the fix that takes out a line with nothing but a dash, if its list has other items."""
    number = source.line_number(at)
    start, end = source.line_bounds(number)
    line = source.text[start:end]
    if line.strip() != "-":
        return None
    has_others = _has_item(source.text, line.rstrip())
    return lines_removed(source, [number], "remove the line") if has_others else None


@lru_cache(maxsize=8)
def _has_item(text: str, dash: str) -> bool:
    """Say whether something stands behind a dash of this indentation; hundreds of bare dashes ask for it."""
    return re.search(rf"(?:\A|[\r\n]){dash} +\S", text) is not None


def unfolded(source: SourceText, start: int, end: int) -> Fix | None:
    """Return the fix that puts the dashes of deeper lines below that of the item which swallowed them."""
    first = source.line_number(start)
    begin = source.line_bounds(first)[0]
    before = source.text[begin:start]
    if before.strip() != "-":
        return None
    numbers = []
    for number in range(first + 1, source.line_number(max(start, end - 1)) + 1):
        line_start, line_end = source.line_bounds(number)
        line = source.text[line_start:line_end].strip()
        if line and not line.startswith("- "):
            return None
        numbers += [number] if line else []
    fix = reindented(source, numbers, before[: before.index("-")])
    return fix if reads_well(source.text, fix) else None


def reads_well(text: str, fix: Fix | None) -> bool:
    """Say whether a text is read after a fix, and each line that looks like an item is one."""
    if fix is None or len(text) > MAX_TRIED:
        return False
    changed = apply_edits(text, fix.edits)
    root = _read(changed)
    return isinstance(root, MappingNode) and _shows_all(changed, root)


def mends(text: str, fix: Fix, fault_index: int) -> bool:
    """Say whether a fix takes a fault of syntax away: the text is read, or the next fault is in a later line."""
    if len(text) > MAX_TRIED:
        return False
    changed = apply_edits(text, fix.edits)
    moved = sum(len(e.text) - (e.end - e.start) for e in fix.edits if e.start <= fault_index)
    try:
        root, _ = compose(changed)
    except UnicodeEncodeError:
        return False
    except NotYamlError as fault:
        line = changed.count("\n", 0, max(0, fault_index + moved))
        return changed.count("\n", 0, fault.index) > line
    return isinstance(root, MappingNode) and _shows_all(changed, root)


def _read(text: str) -> Node | None:
    try:
        return compose(text)[0]
    except (NotYamlError, UnicodeEncodeError):  # half of a character, which only a text in memory can hold
        return None


def _lines(source: SourceText) -> Iterator[tuple[int, str]]:
    for number in range(1, len(source.line_starts) + 1):
        start, end = source.line_bounds(number)
        yield start, source.text[start:end]


def _shows_all(text: str, root: Node) -> bool:
    """Say whether each line that looks like an item of a list is one."""
    starts: list[int] = []
    todo: list[Node] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, SequenceNode):
            todo += node.items
            starts += [item.start for item in node.items]
        elif isinstance(node, MappingNode):
            todo += [part for pair in node.pairs for part in pair]
    source = SourceText(text, path="")
    items = {source.line_number(start) for start in starts}
    return all(source.line_number(match.end()) in items for match in _ITEM_LINE.finditer(text))


def shape(node: Node) -> object:
    """Return what a node says, without places."""
    if isinstance(node, ScalarNode):
        return node.value, node.kind
    if isinstance(node, SequenceNode):
        return [shape(item) for item in node.items]
    return [(shape(key), shape(value)) for key, value in node.pairs]
