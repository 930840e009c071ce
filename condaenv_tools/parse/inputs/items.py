"""Values of a TOML or JSON text, each with its place."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from condaenv_tools.parse.inputs.spots import Spot, SpotLimitError, scan_json, scan_toml
from condaenv_tools.parse.report import Report, quoted

__all__ = ["Item", "describe_value", "read_json", "read_toml"]

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_FIRST_STOP = re.compile(r":? *$")


@dataclass(frozen=True, slots=True)
class Item:
    """A value and where it stands.

    Attributes
    ----------
    value : object
        What the standard library read.
    text : str
        The whole text.
    spot : Spot
        Where the value stands.
    """

    value: Any
    text: str
    spot: Spot

    @property
    def place(self) -> tuple[int, int]:
        """The stretch of the value; of a string, without its quotes where it is written as it is read."""
        start, end = self.spot.start, self.spot.end
        if isinstance(self.value, str):
            quotes = 3 if self.text.startswith(('"""', "'''"), start) else 1
            if self.text[start + quotes : end - quotes] == self.value:
                return start + quotes, end - quotes
        return start, end

    @property
    def key(self) -> tuple[int, int]:
        """The stretch of the key, without its quotes; of the value for an item of an array."""
        start, end = self.spot.key
        quotes = int(
            self.text[start : start + 1] in {'"', "'"} and self.spot.key != (self.spot.start, self.spot.end)
        )
        return start + quotes, end - quotes

    @property
    def is_table(self) -> bool:
        """Whether it has members."""
        return isinstance(self.value, dict)

    @property
    def is_array(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.value, list)

    def get(self, *names: str) -> Item | None:
        """Return the member that a chain of keys leads to, or None."""
        found: Item | None = self
        for name in names:
            if found is None or not isinstance(found.value, dict) or name not in found.value:
                return None
            found = found.member(name)
        return found

    def member(self, name: str) -> Item:
        """Return a member that is there."""
        spot = self.spot.table.get(name)
        return Item(self.value[name], self.text, spot or Spot(*self.spot.key, self.spot.key))

    def members(self) -> Iterator[tuple[str, Item]]:
        """Yield the members of a table in the order of the text; nothing where it is none."""
        if isinstance(self.value, dict):
            for name in self.value:
                yield name, self.member(name)

    def elements(self) -> Iterator[Item]:
        """Yield the items of a list in order; nothing where it is none."""
        if isinstance(self.value, list):
            spots = self.spot.array
            for index, value in enumerate(self.value):
                spot = spots[index] if index < len(spots) else Spot(*self.spot.key, self.spot.key)
                yield Item(value, self.text, spot)


def describe_value(value: object) -> str:
    """Name the type of a value in words.

    Examples
    --------
    >>> describe_value({}), describe_value(True), describe_value(3)
    ('a table', 'a truth value', 'a number')
    """
    if isinstance(value, bool):
        return "a truth value"
    names: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (str, "a text"), (dict, "a table"), (list, "a list"), ((int, float), "a number"),
    )  # fmt: skip
    return next(
        (name for kind, name in names if isinstance(value, kind)), "nothing" if value is None else "a date"
    )


def read_toml(report: Report) -> Item | None:
    """Read the text of a report as TOML; None, and told with its place, where it is none."""
    return _read(report, scan_toml, tomllib.loads, "CE130", "TOML")


def read_json(report: Report) -> Item | None:
    """Read the text of a report as JSON; None, and told with its place, where it is none."""
    return _read(report, scan_json, json.loads, "CE131", "JSON")


def _read(
    report: Report,
    scan: Callable[[str], tuple[Spot, str]],
    load: Callable[[str], Any],
    code: str,
    language: str,
) -> Item | None:
    text = readable = report.source.text
    try:
        spot, readable = scan(text)
        return Item(load(readable), text, spot)
    except SpotLimitError as error:
        message = f"the file is nested beyond all sense: no person writes such {language}"
        report.add(code, message, error.at, error.at + 1, hint="flatten it, or check what wrote it")
    except RecursionError:
        report.add(code, f"the file is nested beyond all sense: no person writes such {language}")
    except ValueError as error:
        start = _offset(readable, error)
        hint = _hint(text, start)
        report.add(code, f"the file is not {language}: {_reason(error)}", start, start + 1, hint=hint)
    return None


def _offset(text: str, error: ValueError) -> int:
    """Return where a reader stopped."""
    size = len(text)
    if isinstance(error, json.JSONDecodeError):
        return min(error.pos, max(size - 1, 0))
    match = _AT.search(str(error))
    if match is None or match[1] is None:
        return max(size - 1, 0)
    # The library counts line feeds alone; a carriage return before one is none of its characters.
    lines = text.split("\n")
    line = min(int(match[1]), len(lines))
    return min(sum(len(one) + 1 for one in lines[: line - 1]) + int(match[2]) - 1, max(size - 1, 0))


def _reason(error: ValueError) -> str:
    reason = error.msg if isinstance(error, json.JSONDecodeError) else _AT.sub("", str(error))
    if "integer string conversion" in reason:
        reason = "a number has more digits than any number needs"
    reason = _FIRST_STOP.sub("", reason).rstrip(".")
    return f"{reason[:1].lower()}{reason[1:]}"


def _hint(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()
    if line.startswith(("<<<<<<<", ">>>>>>>", "=======")):
        return "git left a conflict here: keep one of the two sides"
    word = line.partition("=")[2].strip() or line
    if word[:1] and word[0] in "^~<>*" and "=" in line:
        return f"put the version in quotes: {quoted(word)} is a text"
    return ""
