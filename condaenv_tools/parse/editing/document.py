"""A file that is to be edited: its text, its nodes, and where the lists and items of each section stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from condaenv_tools.errors import ParseError, UnsupportedError
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.editing.changes import Section
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from condaenv_tools.parse.reading import Reading
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, compose

__all__ = ["Document", "Entry", "Path", "Slot", "is_null"]

#: Steps from the root of the data: the index of a pair in a mapping, of an item in a list.
Path = tuple[int, ...]

_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")
_PROPERTIES = r"(?:[&!]\S*[ \t]+)*"
_DASH = re.compile(rf"(?P<indent>[ \t]*)-(?P<gap>[ \t]+){_PROPERTIES}")
_COLON = re.compile(r"[\"']?[ \t]*:(?:[ \t]+[&!]\S*)*")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slot:
    """The value of a key under which items of a section stand, or could.

    Attributes
    ----------
    key : ScalarNode
        The key.
    value : Node
        A list, nothing yet, or something that is neither.
    path : Path
        Of the value.
    selector : Selector or None
        What holds for every item.
    owner : Entry or None
        The item of a list whose mapping has the key: that of the pip section, or of a ``sel(...)``.
    """

    key: ScalarNode
    value: Node
    path: Path
    selector: Selector | None = None
    owner: Entry | None = None

    @property
    def items(self) -> list[Node]:
        """The items of the list."""
        return self.value.items if isinstance(self.value, SequenceNode) else []


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One item of a list.

    Attributes
    ----------
    slot : Slot
        Its list.
    index : int
        Its place in the list.
    node : Node
        The whole item.
    scalar : ScalarNode or None
        The text of a plain item, or of the one pair ``sel(...): spec``; None for a list or the pip section.
    path : Path
        Of `scalar`.
    """

    slot: Slot
    index: int
    node: Node
    scalar: ScalarNode | None
    path: Path


def is_null(node: Node) -> bool:
    """Say whether there is nothing in a place, or a word that YAML takes for nothing."""
    return isinstance(node, ScalarNode) and node.plain and node.kind == "null"


class Document:
    """The text of a file, and what stands where in it.

    Parameters
    ----------
    parsed : ParsedFile
        The reading of the text.
    text : str
        The text, without byte order marks.

    Raises
    ------
    ParseError
        The text cannot be read as an environment; with every error of it.
    """

    def __init__(self, parsed: ParsedFile, text: str) -> None:
        self.parsed = parsed
        self.text = text
        self.path = parsed.path
        self.source = SourceText(text, path=parsed.path)
        self.environment = self._readable()
        root, _ = compose(text)
        assert isinstance(root, MappingNode)
        self.root = root
        self.reading = Reading(self.source, Report(self.source))

    @classmethod
    def read(cls, text: str, *, path: str) -> Document:
        """Read a text."""
        return cls(parse_environment(text, path=path), text)

    def _readable(self) -> Environment:
        environment = self.parsed.environment
        if environment is None:
            told = "\n".join(map(str, self.parsed.errors))
            hint = "mend the file first; a text that cannot be read cannot be edited"
            raise ParseError(told, findings=self.parsed.errors, hints=[hint])
        return environment

    # Places

    def line(self, node: Node) -> int:
        """Line on which a node begins."""
        return self.source.line_number(node.start)

    def end(self, node: Node) -> int:
        """Return the offset behind a node, its closing quote included."""
        if not isinstance(node, ScalarNode):
            # What ends a block is told at its last child.
            if not node.flow and node.size > 1:
                last = node.items[-1] if isinstance(node, SequenceNode) else node.pairs[-1][1]
                return max(self.end(last), node.end) if last.start >= node.start else node.end
            return node.end
        if node.alias or node.plain:
            return node.end
        if self.is_block_scalar(node):
            return node.start + len(self.text[node.start : node.end].rstrip())
        return node.end + 1

    def start(self, node: Node) -> int:
        """Return the offset of a node, its opening quote included, its anchor and tag not."""
        if isinstance(node, ScalarNode) and self.quote(node):
            return node.start - 1
        if isinstance(node, SequenceNode) and node.flow:
            return self.text.index("[", node.start)
        return node.start

    def quote(self, node: ScalarNode) -> str:
        """Return the quote sign around a scalar, or an empty text."""
        return "" if node.plain or node.alias or self.is_block_scalar(node) else self.text[node.end]

    def is_block_scalar(self, node: ScalarNode) -> bool:
        """Say whether a scalar is of the kind that ``|`` or ``>`` begins."""
        if node.plain or node.alias:
            return False
        return self.text[node.end : node.end + 1] not in {'"', "'"} or self.text[
            node.start - 1 : node.start
        ] not in {'"', "'"}

    def newline(self, line: int) -> str:
        """Return how a line ends, or the nearest one before it that has an end."""
        starts = self.source.line_starts
        for number in range(min(line, len(starts) - 1), 0, -1):
            end = self.source.line_bounds(number)[1]
            return self.text[end : starts[number]]
        return "\n"

    def dash(self, entry: Entry) -> re.Match[str] | None:
        """Return the dash of an item of a block list, which begins its line; None where it does not."""
        begin = self.source.line_bounds(self.line(entry.node))[0]
        match = _DASH.match(self.text, begin)
        return match if match and match.end() == self.start(entry.node) else None

    def colon(self, key: ScalarNode) -> int:
        """Return the offset behind the colon of a key, anchors and tags of its value included."""
        match = _COLON.match(self.text, key.end)
        if match is None:
            self.refuse(key, f"there is no colon right behind {quoted(key.value)}")
        return match.end()

    @property
    def is_json(self) -> bool:
        """Whether the whole file is one mapping in braces whose keys have quotes."""
        first = self.root.pairs[0][0] if self.root.flow and self.root.pairs else None
        return isinstance(first, ScalarNode) and bool(self.quote(first))

    # Sections

    def slots(self, section: Section) -> list[Slot]:
        """Return the values under which items of a section stand, in the order of the text.

        For `dependencies`, those of ``sel(...)`` mappings that hold lists are among them.
        """
        if section is not Section.PIP:
            own = [
                Slot(key=key, value=value, path=(at,), selector=self.reading.key_selector(key))
                for at, (key, value) in enumerate(self.root.pairs)
                if isinstance(key, ScalarNode) and key.value == section.value
            ]
            if section is Section.DEPENDENCIES:
                own += [inner for slot in own for inner in self._inner(slot) if inner.key.value != "pip"]
            return own
        return [
            inner
            for slot in self.slots(Section.DEPENDENCIES)
            if slot.owner is None
            for inner in self._inner(slot)
            if inner.key.value == "pip"
        ]

    def _inner(self, slot: Slot) -> list[Slot]:
        """Return the pip sections in a list of dependencies, and the lists behind ``sel(...)``."""
        found = []
        for index, item in enumerate(slot.items):
            for at, (key, value) in enumerate(item.pairs if isinstance(item, MappingNode) else ()):
                if not isinstance(key, ScalarNode):
                    continue
                sel = self.reading.sel_key(key)
                if key.value != "pip" and not (sel and isinstance(value, SequenceNode)):
                    continue
                outer = self.reading.both(slot.selector, self.reading.key_selector(key))
                selector = self.reading.both(outer, sel) if sel else outer
                owner = Entry(slot=slot, index=index, node=item, scalar=None, path=(*slot.path, index))
                path = (*slot.path, index, at)
                found.append(Slot(key=key, value=value, path=path, selector=selector, owner=owner))
        return found

    def entries(self, slot: Slot) -> list[Entry]:
        """Return the items of a list, in order."""
        return [self.entry(slot, index) for index in range(len(slot.items))]

    def entry(self, slot: Slot, index: int) -> Entry:
        """Return one item of a list."""
        node, path = slot.items[index], (*slot.path, index)
        if isinstance(node, ScalarNode):
            return Entry(slot=slot, index=index, node=node, scalar=node, path=path)
        if isinstance(node, MappingNode) and len(node.pairs) == 1:
            key, value = node.pairs[0]
            if isinstance(key, ScalarNode) and isinstance(value, ScalarNode) and self.reading.sel_key(key):
                return Entry(slot=slot, index=index, node=node, scalar=value, path=(*path, 0))
        return Entry(slot=slot, index=index, node=node, scalar=None, path=path)

    # Refusals

    def refuse(self, node: Node | int, reason: str, *hints: str) -> NoReturn:
        """Raise that an edit is not possible, with the line and the reason."""
        line = node if isinstance(node, int) else self.line(node)
        told = f"{self.path}:{line}: this edit is not possible: {reason}; nothing was changed"
        raise UnsupportedError(told, hints=hints or ["make the change by hand"])

    def check_own(self, slot: Slot) -> None:
        """Refuse a list that is written elsewhere, or that stands for another one as well."""
        if slot.value.start < slot.key.start and not is_null(slot.value):
            where = f"{quoted(slot.key.value)} is an alias of what is written in line {self.line(slot.value)}"
            self.refuse(slot.key, where)
        end = self.start(slot.value)
        if slot.items and not (isinstance(slot.value, SequenceNode) and slot.value.flow):
            # The place of a list with an anchor is that of the anchor.
            end = self.source.line_bounds(self.line(slot.items[0]))[0]
        self._check_anchors(slot.key, slot.key.end, end)

    def check_alone(self, entry: Entry) -> None:
        """Refuse an item whose anchor is used elsewhere: what is done to it would be done there too."""
        begin = self.source.line_bounds(self.line(entry.node))[0]
        scalar = entry.scalar or entry.node
        self._check_anchors(entry.node, begin, max(begin, scalar.start))

    def _check_anchors(self, node: Node, start: int, end: int) -> None:
        for match in _ANCHOR.finditer(self.text, start, end):
            used = re.search(rf"\*{re.escape(match[1])}(?![^\s,\[\]{{}}:])", self.text[end:])
            if used:
                line = self.source.line_number(end + used.start())
                self.refuse(node, f"its anchor &{match[1]} is used in line {line}")
