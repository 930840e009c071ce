"""Where each key and value of a TOML or JSON text stands; the values themselves come from the standard library.

The scanner takes more than TOML and JSON allow, and says nothing of what is wrong: the library's own reader is
asked afterwards. It stops where it cannot go on, and at nesting and keys that no person writes, which would
cost that reader unbounded stack or time.
"""

from __future__ import annotations

import bisect
import json
import re
import tomllib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from condaenv_tools.errors import ParseError

__all__ = ["MAX_DEPTH", "Spot", "SpotLimitError", "scan_json", "scan_toml"]

#: Levels of nesting, and parts of a dotted key.
MAX_DEPTH = 64

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*+")
_SPACE = re.compile(r"[ \t]*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}' r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"' r"|'[^'\n]*+'", re.DOTALL
)  # fmt: skip
#: A date may have a blank before its time.
_BARE = re.compile(r"[^\s,\]}#]++(?: \d\d:[^\s,\]}#]++)?")


class SpotLimitError(ParseError):
    """A text is nested deeper than any person would.

    Parameters
    ----------
    at : int
        Where that begins.
    """

    def __init__(self, at: int) -> None:
        super().__init__("the file is nested beyond all sense")
        self.at = at


class _StoppedError(Exception):
    """The scanner cannot go on: the text is not what it should be, or is at its end."""


@dataclass(slots=True)
class Spot:
    """Where a value stands.

    Attributes
    ----------
    start, end : int
        Its stretch; that of the header for a table.
    key : tuple of (int, int)
        The stretch of its key; the value's own for an item of an array.
    table : dict of str to Spot
        The members of a table.
    array : list of Spot
        The items of an array.
    """

    start: int
    end: int
    key: tuple[int, int]
    table: dict[str, Spot] = field(default_factory=dict)
    array: list[Spot] = field(default_factory=list)


def scan_toml(text: str) -> tuple[Spot, str]:
    """Return the places of a TOML text, as far as it can be read, and the text as TOML 1.0 has it.

    TOML 1.1 lets an inline table go over lines, with comments and a comma behind its last member, which the
    standard library does not read; blanks take the place of such signs, so that every other place stays.

    Raises
    ------
    SpotLimitError
        It is nested too deep, or a key has too many parts.
    """
    scanner = _Scanner(text, "=")
    root = Spot(0, len(text), (0, 0))
    with suppress(_StoppedError):
        _statements(scanner, root)
    return root, scanner.patched()


def scan_json(text: str) -> tuple[Spot, str]:
    """Return the places of a JSON text, as far as it can be read, and the text.

    Raises
    ------
    SpotLimitError
        It is nested too deep.
    """
    root = Spot(0, 0, (0, 0))
    scanner = _Scanner(text, ":")
    with suppress(_StoppedError):
        scanner.blank()
        scanner.value(root)
    return root, text


def _statements(scanner: _Scanner, root: Spot) -> None:
    current = root
    while scanner.blank():
        start = scanner.at
        if not scanner.take("["):
            keys = scanner.dotted()
            scanner.need("=")
            spot = _place(scanner, current, keys, start)
            scanner.value(spot)
            continue
        double = scanner.take("[")
        keys = scanner.dotted()
        scanner.need("]]" if double else "]")
        current = _open(root, keys, double=double)
        current.start, current.end = start, scanner.at


def _open(root: Spot, keys: list[tuple[str, int, int]], *, double: bool) -> Spot:
    """Return the table of a header; each double header makes another."""
    spot = root
    for name, start, end in keys:
        spot = spot.array[-1] if spot.array else spot
        spot = spot.table.setdefault(name, Spot(start, end, (start, end)))
    if double:
        spot.array.append(Spot(keys[-1][1], keys[-1][2], keys[-1][1:]))
    return spot.array[-1] if spot.array else spot


def _place(scanner: _Scanner, current: Spot, keys: list[tuple[str, int, int]], at: int) -> Spot:
    for name, start, end in keys:
        current = current.table.setdefault(name, Spot(start, end, (start, end)))
    scanner.depth_of(len(keys), at)
    return current


class _Scanner:
    """Goes through a text from left to right.

    Parameters
    ----------
    text : str
        The text.
    sign : str
        What stands between a key and its value.
    """

    def __init__(self, text: str, sign: str) -> None:
        self.text = text
        self.sign = sign
        self.at = 0
        self._patches: list[tuple[int, int]] = []

    def patched(self) -> str:
        """Return the text with blanks in the place of what TOML 1.0 forbids in an inline table."""
        parts, at = [], 0
        for start, end in self._patches:
            parts += [self.text[at:start], " " * (end - start)]
            at = end
        return "".join([*parts, self.text[at:]])

    def _blank_in_table(self) -> None:
        start = self.at
        self.blank()
        if self.at > start:
            self._patches.append((start, self.at))

    def blank(self) -> bool:
        """Pass over blanks, line ends and comments; say whether anything is left."""
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def take(self, sign: str) -> bool:
        """Pass over a sign if it is there."""
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def need(self, sign: str) -> None:
        """Pass over a sign."""
        if not self.take(sign):
            self._stop()

    def _stop(self) -> NoReturn:
        raise _StoppedError

    @staticmethod
    def depth_of(depth: int, at: int) -> None:
        """Refuse what is too deep."""
        if depth > MAX_DEPTH:
            raise SpotLimitError(at)

    def dotted(self) -> list[tuple[str, int, int]]:
        """Read a key and return its parts with their places."""
        first = self.at
        found = [self._key()]
        while self.take("."):
            found.append(self._key())
            self.depth_of(len(found), first)
        return found

    def _key(self) -> tuple[str, int, int]:
        self._space()
        start = self.at
        match = _BARE_KEY.match(self.text, start) or _STRING.match(self.text, start)
        if match is None:
            self._stop()
        self.at = match.end()
        self._space()
        return self._named(match[0]), start, match.end()

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _named(self, raw: str) -> str:
        """Return what a key says."""
        if raw[0] not in "\"'":
            return raw
        if "\\" not in raw or raw[0] == "'":
            return raw[1:-1]
        try:
            return str(json.loads(raw) if self.sign == ":" else tomllib.loads(f"k = {raw}")["k"])
        except ValueError:
            self._stop()

    def value(self, spot: Spot, depth: int = 0) -> None:
        """Read a value and write its place into `spot`."""
        self._space()
        spot.start = self.at
        self.depth_of(depth, spot.start)
        if self.take("["):
            self._array(spot, depth)
        elif self.take("{"):
            self._table(spot, depth)
        else:
            match = _STRING.match(self.text, self.at) or _BARE.match(self.text, self.at)
            if match is None:
                self._stop()
            self.at = match.end()
        spot.end = self.at

    def _array(self, spot: Spot, depth: int) -> None:
        while self.blank():
            if self.take("]"):
                return
            item = Spot(self.at, self.at, (self.at, self.at))
            spot.array.append(item)
            self.value(item, depth + 1)
            item.key = (item.start, item.end)
            self.blank()
            if not self.take(",") and not self.text.startswith("]", self.at):
                self._stop()
        self._stop()

    def _table(self, spot: Spot, depth: int) -> None:
        comma = -1
        self._blank_in_table()
        while self.at < len(self.text):
            if self.take("}"):
                if comma >= 0:
                    bisect.insort(self._patches, (comma, comma + 1))
                return
            start = self.at
            keys = self.dotted() if self.sign == "=" else [self._key()]
            self._blank_in_table()
            self.need(self.sign)
            self._blank_in_table()
            self.value(_place(self, spot, keys, start), depth + 1)
            self._blank_in_table()
            comma = self.at - 1 if self.take(",") else -1
            if comma < 0 and not self.text.startswith("}", self.at):
                self._stop()
            self._blank_in_table()
        self._stop()
