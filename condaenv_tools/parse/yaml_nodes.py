"""YAML as plain data with places: nodes built from the events of PyYAML's C parser, within bounds.

No tag ever makes an object. Depth is limited while the events arrive, so that nothing recurses; what
aliases stand for is counted, so that a small file cannot stand for a huge one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from condaenv_tools.errors import ParseError

__all__ = [
    "MAX_DEPTH",
    "MAX_EXPANDED",
    "MappingNode",
    "Node",
    "NotYamlError",
    "ScalarNode",
    "SequenceNode",
    "YamlLimitError",
    "compose",
    "plain_kind",
]

#: Levels of nesting; an environment file has four.
MAX_DEPTH = 64
_DEEP = f"nested more than {MAX_DEPTH} levels deep"
#: Nodes that all aliases of a file together may stand for.
MAX_EXPANDED = 100_000

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVERS: dict[str | None, list[tuple[str, Any]]] = yaml.SafeLoader.yaml_implicit_resolvers
_TAG = "tag:yaml.org,2002:"


class NotYamlError(ParseError):
    """A text is not YAML.

    Parameters
    ----------
    problem : str
        The parser's own words.
    index : int
        Offset of the character at which it gave up.
    context : str
        What it was reading.
    context_index : int or None
        Offset of where that began.
    """

    def __init__(
        self, problem: str, index: int, *, context: str = "", context_index: int | None = None
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.index = index
        self.context = context
        self.context_index = context_index


class YamlLimitError(NotYamlError):
    """A text is YAML, and nested or multiplied beyond all sense."""


@dataclass(slots=True)
class ScalarNode:
    """A scalar.

    Attributes
    ----------
    value : str
        Its text, escapes and folds resolved.
    start, end : int
        Where it stands, without quotes.
    plain : bool
        Whether it has neither quotes nor block style, so that it may mean a number, a bool or null.
    tag : str or None
        An explicit tag.
    alias : bool
        Whether the text has ``*name`` in this place.
    """

    value: str
    start: int
    end: int
    plain: bool
    tag: str | None = None
    alias: bool = False
    size: ClassVar[int] = 1

    @property
    def kind(self) -> str:
        """``str``, ``int``, ``float``, ``bool``, ``null``, ``timestamp``, ... as YAML 1.1 resolves it."""
        if not self.plain:
            return "str"
        return plain_kind(self.value)


@dataclass(slots=True)
class SequenceNode:
    """A list."""

    start: int
    end: int = 0
    items: list[Node] = field(default_factory=list)
    flow: bool = False
    tag: str | None = None
    size: int = 1


@dataclass(slots=True)
class MappingNode:
    """A mapping, its pairs in the order of the text, repeated keys kept.

    Attributes
    ----------
    pairs : list of (Node, Node)
        Keys and values; what a merge key (``<<``) brings stands behind the mapping's own.
    """

    start: int
    end: int = 0
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    flow: bool = False
    tag: str | None = None
    size: int = 1


Node = ScalarNode | SequenceNode | MappingNode


@lru_cache(maxsize=8192)
def plain_kind(text: str) -> str:
    """Return the type that YAML 1.1 gives a scalar without quotes.

    Examples
    --------
    >>> [plain_kind(t) for t in ("numpy", "3.10", "7", "", "yes", "~")]
    ['str', 'float', 'int', 'null', 'bool', 'null']
    """
    for tag, pattern in _RESOLVERS.get(text[:1], ()):
        if pattern.match(text):
            return tag.removeprefix(_TAG)
    return "str"


def compose(text: str) -> tuple[Node | None, int | None]:
    """Read the first document of a text.

    Parameters
    ----------
    text : str
        Without characters that YAML forbids.

    Returns
    -------
    tuple of (Node or None, int or None)
        The root, None where there is no document; the offset of a second document, if there is one.

    Raises
    ------
    NotYamlError
        The text is not YAML.
    YamlLimitError
        It is nested deeper than `MAX_DEPTH`, or its aliases stand for more than `MAX_EXPANDED` nodes.
    """
    loader = _Loader(text)
    try:
        return _Composer(text, loader).run()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "nesting depth" in str(error):  # a newer libyaml has a limit of its own
            raise YamlLimitError(_DEEP, mark.index if mark else 0) from error
        raise NotYamlError(
            error.problem or str(error),
            mark.index if mark else 0,
            context=error.context or "",
            context_index=error.context_mark.index if error.context_mark else None,
        ) from error
    except yaml.YAMLError as error:
        raise NotYamlError(str(error), int(getattr(error, "position", 0) or 0)) from error
    finally:
        loader.dispose()


class _Composer:
    def __init__(self, text: str, loader: Any) -> None:
        self.text = text
        self.loader = loader
        self.anchors: dict[str, Node | None] = {}
        self.expanded = 0

    def run(self) -> tuple[Node | None, int | None]:  # noqa: C901, PLR0912 - one loop, kept whole for speed
        next_event = self.loader.get_event
        stack: list[tuple[SequenceNode | MappingNode, str | None, list[Node]]] = []
        children: list[Node] = []
        documents = 0
        while True:
            event = next_event()
            kind = type(event)
            if kind is ScalarEvent:
                if event.tag or event.anchor or event.style:
                    children.append(self._marked_scalar(event))
                else:
                    children.append(
                        ScalarNode(event.value, event.start_mark.index, event.end_mark.index, plain=True)
                    )
            elif kind is SequenceStartEvent or kind is MappingStartEvent:
                if len(stack) >= MAX_DEPTH:
                    raise YamlLimitError(_DEEP, event.start_mark.index)
                if event.anchor:
                    self.anchors[event.anchor] = None
                node: SequenceNode | MappingNode = (
                    SequenceNode if kind is SequenceStartEvent else MappingNode
                )(event.start_mark.index, flow=bool(event.flow_style), tag=event.tag)
                stack.append((node, event.anchor, children))
                children = []
            elif kind is SequenceEndEvent or kind is MappingEndEvent:
                node, anchor, parents = stack.pop()
                self._close(node, children, event.end_mark.index)
                if anchor:
                    self.anchors[anchor] = node
                parents.append(node)
                children = parents
            elif kind is AliasEvent:
                children.append(self._alias(event))
            elif kind is DocumentStartEvent:
                documents += 1
                if documents == 2:
                    return children[0], event.start_mark.index
            elif kind is StreamEndEvent:
                return (children[0] if children else None), None

    def _marked_scalar(self, event: Any) -> ScalarNode:
        value = event.value
        start, end = event.start_mark.index, event.end_mark.index
        style = event.style
        plain = not style
        tag = event.tag
        if tag or event.anchor:
            # The mark is that of the tag or anchor; the scalar itself begins behind it.
            if plain and self.text[end - len(value) : end] == value:
                start = end - len(value)
            elif style in ("'", '"'):
                start = self.text.index(style, start)
        if style in ("'", '"'):
            start, end = start + 1, end - 1
        node = ScalarNode(value, start, end, plain, tag)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> Node:
        index = event.start_mark.index
        if event.anchor not in self.anchors:
            raise NotYamlError(f"found undefined alias {event.anchor!r}", index)
        node = self.anchors[event.anchor]
        if node is None:
            raise YamlLimitError(f"the alias *{event.anchor} stands inside what it names", index)
        self.expanded += node.size
        if self.expanded > MAX_EXPANDED:
            raise YamlLimitError(f"aliases that stand for more than {MAX_EXPANDED} values", index)
        if isinstance(node, ScalarNode):
            return ScalarNode(node.value, index, event.end_mark.index, node.plain, node.tag, alias=True)
        return node

    def _close(self, node: SequenceNode | MappingNode, children: list[Node], end: int) -> None:
        node.size = 1 + sum([child.size for child in children])
        # The mark of a block's end is at the next token, past blank lines and comments.
        last = children[-1].end if children and not node.flow else 0
        node.end = min(end, last) if last > node.start else end
        if isinstance(node, SequenceNode):
            node.items = children
            return
        pairs = list(zip(children[::2], children[1::2], strict=True))
        # Spelled out, since it is asked of every key of a file.
        merged = [v for k, v in pairs if k.__class__ is ScalarNode and k.value == "<<" and k.plain]
        if merged:
            pairs = [pair for pair in pairs if not _is_merge(pair[0])]
            pairs += _merged_pairs(merged, own={k.value for k, _ in pairs if isinstance(k, ScalarNode)})
        node.pairs = pairs


def _is_merge(key: Node) -> bool:
    return isinstance(key, ScalarNode) and key.plain and key.value == "<<"


def _merged_pairs(values: list[Node], *, own: set[str]) -> list[tuple[Node, Node]]:
    """Return the pairs of merged mappings that a mapping has not itself; the first one wins."""
    sources = [s for value in values for s in (value.items if isinstance(value, SequenceNode) else [value])]
    found: list[tuple[Node, Node]] = []
    for source in sources:
        if not isinstance(source, MappingNode):
            raise NotYamlError("a merge key (<<) wants a mapping", source.start)
        for key, value in source.pairs:
            if isinstance(key, ScalarNode) and key.value not in own:
                own.add(key.value)
                found.append((key, value))
    return found
