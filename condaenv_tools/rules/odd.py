"""Rules that look at the spelling of each spec by itself, and how what they find is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple, TypeAlias

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.codes.code import Code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.rule import Rule
from condaenv_tools.rules.written import Written, fix_of, place_in, take_apart

__all__ = ["Odd", "Search", "spelling_rule"]


class Odd(NamedTuple):
    """What is odd in a spec.

    Attributes
    ----------
    message : str
        Who reads it how.
    place : tuple of (int, int)
        Which part, as offsets into the text of the spec.
    hint : str
        What to write; behind a semicolon, what else.
    edit : tuple of (int, int, str) or None
        The stretch that a safe fix replaces, and by what.
    """

    message: str
    place: tuple[int, int]
    hint: str
    edit: tuple[int, int, str] | None = None


#: Most lines of most files, on which no rule of spelling has anything to say.
_ORDINARY = re.compile(r"(?!python\b)[A-Za-z0-9_.-]+(?:(?:==?|[<>]=?)[0-9][0-9.]*(?:=[A-Za-z0-9_.]+)?)?")

#: More out of the ordinary than any file has.
_MOST_SPECS = 5000

Search: TypeAlias = Callable[[Written], Iterator[Odd]]


def spelling_rule(row: Code, search: Search) -> Rule:
    """Return the rule that looks at each spec by itself, archives left out."""

    def find(case: Case) -> Iterator[Finding]:
        for item, parts in _all_parts(case):
            for odd in search(parts):
                place, fix = place_in(case, item, odd.place), _fix(case, item, odd)
                yield case.finding(row, odd.message, place, hint=_hint(item, odd), fix=fix)

    return Rule(code=row, find=find)


def _hint(item: Dependency, odd: Odd) -> str:
    """Return the hint, with the whole spec in it where only a part was said."""
    if odd.edit is None or ";" in odd.hint or not odd.hint.startswith("write "):
        return odd.hint
    start, end, text = odd.edit
    return f"write {(item.text[:start] + text + item.text[end:]).strip()}"


@lru_cache(maxsize=1)
def _all_parts(case: Case) -> tuple[tuple[Dependency, Written], ...]:
    """Return the parts of each spec that can be taken apart; the rules ask one after the other of one file."""
    items = (item for item in case.environment.dependencies if not _ORDINARY.fullmatch(item.text))
    apart = ((item, take_apart(item.text, item.spec)) for item in islice(items, _MOST_SPECS))
    return tuple((item, parts) for item, parts in apart if parts is not None)


def _fix(case: Case, item: Dependency, odd: Odd) -> Fix | None:
    if odd.edit is None:
        return None
    start, end, text = odd.edit
    title = mask_credentials(_hint(item, odd).partition(";")[0])
    return fix_of(case, item, title, (start, end), text)
