"""The lines of a pip section as rules look at them: which are read, where they meet, how one is taken out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import Dependency, PipItem, PipKind
from condaenv_tools.rules.case import Case

__all__ = ["line_removal", "line_word", "meet", "option_values", "readable_items", "requirements"]

#: Lines that ask for a distribution, whatever it comes from.
_ASKING = {PipKind.REQUIREMENT, PipKind.URL, PipKind.VCS, PipKind.PATH, PipKind.EDITABLE}
_ITEM_START = re.compile(r"\s*-\s+[\"']?")
_ITEM_END = re.compile(r"[\"']?\s*(?:#.*)?")


def readable_items(case: Case) -> tuple[PipItem, ...]:
    """Return the lines of the pip section that pip can read, in the order of the text."""
    return tuple(
        item
        for item in case.environment.pip
        if item.kind is not PipKind.REQUIREMENT or item.details.name is not None
    )


def requirements(case: Case) -> tuple[PipItem, ...]:
    """Return the lines that ask for a distribution whose name they say."""
    return tuple(item for item in readable_items(case) if item.kind in _ASKING and item.details.name)


def option_values(case: Case) -> Iterator[tuple[PipItem, str, str]]:
    """Yield line, long name and value of every option that counts for the whole section."""
    for item in readable_items(case):
        if item.kind is PipKind.OPTION:
            for name, value in item.details.options:
                yield item, name, value


def meet(one: PipItem | Dependency, other: PipItem | Dependency) -> bool:
    """Say whether two lines count on the same platform, as far as their selectors tell."""
    if one.selector is None or other.selector is None:
        return True
    return bool(one.selector.platforms & other.selector.platforms)


def line_word(count: int, noun: str = "line") -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> line_word(1), line_word(3)
    ('1 line', '3 lines')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def line_removal(case: Case, item: PipItem, *, safe: bool) -> Fix | None:
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
