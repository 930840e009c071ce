"""YAML as the lock formats need it: mappings, lists and strings, the same whichever library is there.

Lock files are large and written by machines: yaml-rs (YAML 1.2) reads one in a twentieth of the time of
PyYAML's C code (YAML 1.1). The two do not agree on what a plain scalar is: an unquoted ``1e5``, ``yes`` or
``08`` is a number or a truth value to one of them only, and hashes, versions and build strings may look like
that. So there are two ways to read:

`read_quickly`
    yaml-rs where it can be imported. Whoever finds anything but a string where a string belongs reads again,
    with
`read_exactly`
    PyYAML's C parser, its events only: a scalar is its text, a plain ``null`` is None, nothing else is
    guessed; every value has its line. Bounded in depth, aliases are not copied, a key that stands twice is
    refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Positions", "YamlError", "read_exactly", "read_quickly"]

#: Levels of nesting; a lock file has seven.
MAX_DEPTH = 40

_DEEP = "it is nested too deeply for a lock file"
#: A block level needs more leading characters than the one around it; hundreds mean a file made to crash
#: parsers.
_TOO_DEEP = re.compile(r"^[ \t?:-]{400}", re.MULTILINE)

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class YamlError(Exception):
    """The text is not YAML, or YAML that no lock file holds.

    Parameters
    ----------
    reason : str
        What is wrong.
    line : int
        Where, counted from 1.
    column : int
        Where, counted from 1.
    """

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Positions:
    """Lines of the values of a tree, by the path of keys and indices that leads to each."""

    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of the value, or of the nearest value around it that there is."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_quickly(text: str) -> Any:
    """Return the tree of `text`, or None if it has to be read exactly (a fault, or no quick library).

    Scalars come as the library takes them: strings, numbers, truth values, None.
    """
    loads = _quick_library()
    if loads is None or _TOO_DEEP.search(text):
        return None
    try:
        return loads(text)
    except (ValueError, RecursionError):
        return None


def _quick_library() -> Callable[[str], Any] | None:
    try:
        import yaml_rs  # noqa: PLC0415 - loaded when a lock is read, not when the package is imported
    except ImportError:
        return None
    # A lock has an alias here and there at most; a hundred thousand repeated values are an attack.
    limits = yaml_rs.AliasLimits(max_total_replayed_events=100_000)
    return lambda text: yaml_rs.loads(text, parse_datetime=False, alias_limits=limits)


def read_exactly(text: str) -> tuple[Any, Positions]:
    """Return the tree of `text`, a scalar as its text (None for a plain null), and where each value stands.

    Raises
    ------
    YamlError
        The text is not YAML, has two documents, a key twice, an alias to nothing, or is nested too deeply.
    """
    import yaml  # noqa: PLC0415 - see above

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    if _TOO_DEEP.search(text):
        raise YamlError(_DEEP)
    try:
        return _Tree(yaml.parse(text, loader)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        if "nesting depth" in reason:  # a newer libyaml has a limit of its own
            reason = _DEEP
        raise YamlError(reason, *((mark.line + 1, mark.column + 1) if mark else ())) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise YamlError(f"{error.reason} (character {error.character!r})", line) from error


class _Tree:
    """Makes values of YAML events, without recursion into the library and without copying aliases."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.anchors: dict[str, Any] = {}
        self.positions = Positions()

    def read(self) -> tuple[Any, Positions]:
        tree: Any = None
        documents = 0
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    raise self._error("there is more than one document in the file", event)
                tree = self._value(next(self.events), (), 0)
        return tree, self.positions

    def _value(self, event: Any, path: tuple[str | int, ...], depth: int) -> Any:
        kind = type(event).__name__
        self.positions.lines[path] = event.start_mark.line + 1
        if kind == "AliasEvent":
            if event.anchor not in self.anchors:
                raise self._error(f"the alias *{event.anchor} stands for nothing before it", event)
            return self.anchors[event.anchor]
        if depth > MAX_DEPTH:
            raise self._error(_DEEP, event)
        if kind == "ScalarEvent":
            value: Any = None if event.implicit[0] and event.value in _NULLS else event.value
        elif kind == "SequenceStartEvent":
            value = self._sequence(path, depth)
        else:
            value = self._mapping(path, depth)
        if event.anchor is not None:
            # Entered only now: an alias inside its own value would be a loop.
            self.anchors[event.anchor] = value
        return value

    def _sequence(self, path: tuple[str | int, ...], depth: int) -> list[Any]:
        found: list[Any] = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            found.append(self._value(event, (*path, len(found)), depth + 1))
        return found

    def _mapping(self, path: tuple[str | int, ...], depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                raise self._error("a key is no plain text", event)
            key = event.value
            if key in found:
                raise self._error(f"the key {key!r} stands twice in one mapping", event)
            found[key] = self._value(next(self.events), (*path, key), depth + 1)
            self.positions.lines[*path, key] = event.start_mark.line + 1
        return found

    @staticmethod
    def _error(reason: str, event: Any) -> YamlError:
        return YamlError(reason, event.start_mark.line + 1, event.start_mark.column + 1)
