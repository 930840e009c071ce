"""What an edit must mean, held against what it does: no text is handed out that says anything else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from condaenv_tools.errors import ParseError
from condaenv_tools.model.edit import TextEdit
from condaenv_tools.model.environment import (
    ChannelItem,
    Dependency,
    Environment,
    PipItem,
    PlatformItem,
    Variable,
)
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.editing.changes import Changed, EditError, Section, UnsafeEditError
from condaenv_tools.parse.editing.document import Document, Path
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode

__all__ = ["NOWHERE", "Data", "DataChange", "Item", "Step", "check", "new_findings", "reads_alike"]

Item = Dependency | PipItem | ChannelItem | PlatformItem | Variable
#: All that an item says, its place left out.
_PLACELESS: dict[type, Callable[[Any], tuple[Any, ...]]] = {
    kind: attrgetter(*(field.name for field in fields(kind) if field.name != "span"))
    for kind in (Dependency, PipItem, ChannelItem, PlatformItem, Variable)
}

NOWHERE = SourceSpan(path="", line=0, column=0)

#: Plain data as an edit writes it: texts, lists and mappings of texts.
Data = str | list["Data"] | dict[str, "Data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange:
    """What an edit does to the data of the file.

    Attributes
    ----------
    path : Path
        The list or mapping that changes; with `index` None, the value that is replaced.
    index : int or None
        Where in it.
    new : Data or None
        What is put there; None where what is there goes.
    key : str or None
        The key of a new pair of a mapping.
    """

    path: Path
    index: int | None = None
    new: Data | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change, planned.

    Attributes
    ----------
    edits : tuple of TextEdit
        What is done to the text.
    data : DataChange
        What that must do to the data.
    environment : Environment
        What the text must then be read as; places do not count.
    changed : Changed
        What is told of it; its `line` is that of the old text.
    anchor : int
        An offset of the new text on the line of the item; of the old text for one that goes.
    """

    edits: tuple[TextEdit, ...]
    data: DataChange
    environment: Environment
    changed: Changed
    anchor: int


_SECTIONS = ("channels", "dependencies", "pip", "variables", "platforms")
_TEXTS = attrgetter("sources", "name", "prefix", "category", "has_pip_section")


def reads_alike(one: Environment, two: Environment) -> bool:
    """Say whether two environments say the same, wherever it stands; the order of their keys does not count."""
    if _TEXTS(one) != _TEXTS(two) or {key for key, _ in one.key_spans} != {key for key, _ in two.key_spans}:
        return False
    return all(
        [_placeless(item) for item in getattr(one, section)]
        == [_placeless(item) for item in getattr(two, section)]
        for section in _SECTIONS
    )


def _placeless(item: Item) -> tuple[Any, ...]:
    return (type(item), *_PLACELESS[type(item)](item))


def check(before: Document, step: Step, text: str) -> Document:
    """Read an edited text and hold it against what the edit means.

    Raises
    ------
    UnsafeEditError
        It means something else, or something else as well.
    EditError
        It means what was asked for, and that is an error in an environment file.
    """
    parsed = parse_environment(text, path=before.path)
    try:
        after = Document(parsed, text)
    except ParseError as error:
        raise _unsafe(before, step, "the file could not be read any more") from error
    shapes = _Shapes()
    if shapes.of(after.root) != shapes.changed(before.root, step.data.path, step.data):
        raise _unsafe(before, step, "the file would say something else as well")
    if not reads_alike(after.environment, step.environment):
        raise _unsafe(before, step, "the file would be read in another way than was asked for")
    errors = _beyond(after.parsed.errors, before.parsed.errors)
    if errors:
        told = "\n".join(map(str, errors))
        message = (
            f"{before.path}: this change would bring an error into the file; nothing was changed\n{told}"
        )
        raise EditError(message, findings=errors)
    return after


def new_findings(before: Document, after: Document) -> tuple[Finding, ...]:
    """Return the findings of a text that another has not; that a line has another number makes no new one."""
    return _beyond(after.parsed.findings, before.parsed.findings)


def _beyond(found: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
    left = Counter(map(_gist, known))
    beyond = []
    for finding in found:
        gist = _gist(finding)
        if left[gist]:
            left[gist] -= 1
        else:
            beyond.append(finding)
    return tuple(beyond)


def _gist(finding: Finding) -> tuple[str, str]:
    return finding.code, re.sub(r"\d+", "", finding.message)


def _unsafe(before: Document, step: Step, reason: str) -> UnsafeEditError:
    line = before.source.line_number(step.edits[0].start)
    what = step.changed.section.value
    noun = what if step.changed.section is not Section.PIP else "the pip section"
    message = (
        f"{before.path}:{line}: this edit of {noun} cannot be made safely, and nothing was changed: {reason}"
    )
    return UnsafeEditError(message, hints=["make the change by hand"])


class _Shapes:
    """Data as numbers: equal data has the same number, so that comparing never recurses."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._known: dict[int, int] = {}

    def of(self, node: Node) -> int:
        # What an alias stands for was met where it is written, so the depth is that of the text.
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = self._number(_head(node), self._children(node))
        return known

    def changed(self, node: Node, path: Path, change: DataChange) -> int:
        """Return the number of a value after a change at the end of a path."""
        if not path and change.index is None:
            assert change.new is not None
            return self._written(change.new, node.tag)
        children = self._children(node)
        if path:
            inner = node.pairs[path[0]][1] if isinstance(node, MappingNode) else _items(node)[path[0]]
            number = self.changed(inner, path[1:], change)
            at = path[0]
            children[at] = (children[at][0], number) if isinstance(node, MappingNode) else number
            return self._number(_head(node), children)
        assert change.index is not None
        if change.new is None:
            del children[change.index]
        elif change.key is not None:
            children.insert(change.index, (self._written(change.key), self._written(change.new)))
        else:
            children.insert(change.index, self._written(change.new))
        return self._number(_head(node), children)

    def _children(self, node: Node) -> list[Any]:
        if isinstance(node, ScalarNode):
            return []
        if isinstance(node, MappingNode):
            return [(self.of(key), self.of(value)) for key, value in node.pairs]
        return [self.of(item) for item in node.items]

    def _written(self, data: Data, tag: str | None = None) -> int:
        if isinstance(data, str):
            return self._number(("text", data, "str", tag), [])
        if isinstance(data, dict):
            pairs = [(self._written(key), self._written(value)) for key, value in data.items()]
            return self._number(("mapping", tag), pairs)
        return self._number(("list", tag), [self._written(item) for item in data])

    def _number(self, head: tuple[Any, ...], children: list[Any]) -> int:
        return self._numbers.setdefault((*head, *children), len(self._numbers))


def _head(node: Node) -> tuple[Any, ...]:
    if isinstance(node, ScalarNode):
        return ("text", node.value, node.kind, node.tag)
    return ("mapping" if isinstance(node, MappingNode) else "list", node.tag)


def _items(node: Node) -> list[Node]:
    assert not isinstance(node, ScalarNode | MappingNode)
    return node.items
