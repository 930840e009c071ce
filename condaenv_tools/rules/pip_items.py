"""The lines of a pip section as rules look at them: which are read, where they meet, how one is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency, PipDetails, PipItem, PipKind
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.rules.case import Case

__all__ = [
    "PipLine",
    "line_removal",
    "line_word",
    "meet",
    "option_values",
    "readable_items",
    "requirements",
    "where_counts",
]

#: Lines that ask for a distribution, whatever it comes from.
_ASKING = {PipKind.REQUIREMENT, PipKind.URL, PipKind.VCS, PipKind.PATH, PipKind.EDITABLE}
_ITEM_START = re.compile(r"\s*-\s+[\"']?")
_ITEM_END = re.compile(r"[\"']?\s*(?:#.*)?")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PipLine:
    """A line of the pip section with its parts, taken apart once for all rules."""

    item: PipItem
    details: PipDetails

    @property
    def text(self) -> str:
        """As written."""
        return self.item.text

    @property
    def kind(self) -> PipKind:
        """What it is."""
        return self.item.kind

    @property
    def name(self) -> str:
        """The distribution, normalised; empty where the line names none."""
        return self.details.name or ""

    @property
    def span(self) -> SourceSpan:
        """Where it stands."""
        return self.item.span

    @property
    def selector(self) -> Selector | None:
        """Where it counts."""
        return self.item.selector


#: The lines of a case, as long as it is held; the first rule that asks takes them apart.
_TAKEN_APART: WeakKeyDictionary[Case, tuple[PipLine, ...]] = WeakKeyDictionary()


def readable_items(case: Case) -> tuple[PipLine, ...]:
    """Return the lines of the pip section that pip can read, in the order of the text."""
    found = _TAKEN_APART.get(case)
    if found is None:
        lines = [PipLine(item=item, details=item.details) for item in case.environment.pip]
        found = tuple(line for line in lines if line.kind is not PipKind.REQUIREMENT or line.name)
        _TAKEN_APART[case] = found
    return found


def requirements(case: Case) -> tuple[PipLine, ...]:
    """Return the lines that ask for a distribution whose name they say."""
    return tuple(line for line in readable_items(case) if line.kind in _ASKING and line.name)


def option_values(case: Case) -> Iterator[tuple[PipLine, str, str]]:
    """Yield line, long name and value of every option that counts for the whole section."""
    for line in readable_items(case):
        if line.kind is PipKind.OPTION:
            for name, value in line.details.options:
                yield line, name, value


def meet(one: PipLine | Dependency, other: PipLine | Dependency) -> bool:
    """Say whether two lines count on the same platform, as far as their selectors tell."""
    if one.selector is None or other.selector is None:
        return True
    return bool(one.selector.platforms & other.selector.platforms)


def where_counts(line: PipLine | Dependency) -> frozenset[Platform] | None:
    """Return the platforms of a line's selector; None without one."""
    return None if line.selector is None else line.selector.platforms


def line_word(count: int, noun: str = "line") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> line_word(1), line_word(3)
    ('1 line', '3 lines')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def line_removal(case: Case, item: PipLine, *, safe: bool) -> Fix | None:
    """Return the fix that takes a line out; None where it shares its line, or is the last of its section."""
    if len(case.environment.pip) < 2:
        return None
    start, end = case.source.line_bounds(item.span.line)
    text = case.text
    before, behind = text[start : item.span.start], text[item.span.end : end]
    if item.span.end > end or not _ITEM_START.fullmatch(before) or not _ITEM_END.fullmatch(behind):
        return None
    while end < len(text) and text[end] in "\r\n" and text[start:end].count("\n") == 0:
        end += 1
        if text[end - 1] == "\r" and text[end : end + 1] != "\n":
            break
    return Fix(title="remove the line", edits=(TextEdit(start=start, end=end, text=""),), safe=safe)
