"""The condition of a spec: specs joined by `and` and `or` (CEP 43)."""

from __future__ import annotations

import re
from typing import NoReturn

from condaenv_tools.errors import InvalidMatchSpecError

__all__ = ["split_condition"]

_QUOTED = r"""'[^']*'|"[^"]*\""""
_END = r"(?:and|or)(?=[\s()]|$)|[()\s]|$"
_TOKEN = re.compile(
    rf"""(?P<sign>[()]|(?:and|or)(?=[\s()]|$))
       | (?P<spec>(?: \[(?:{_QUOTED}|[^\]'"])*\] | [^\s()\[] | \s+(?!{_END}) )+)""",
    re.VERBOSE,
)
_BLANKS = re.compile(r"\s*")


def split_condition(text: str) -> tuple[tuple[str, int], ...]:
    """Take a condition apart.

    Returns
    -------
    tuple of (str, int)
        In their order: ``(``, ``)``, ``and``, ``or``, and whatever else, which are specs; and where each stands.

    Raises
    ------
    InvalidMatchSpecError
        With the place of the fault in `text`. The specs themselves are not read.

    Examples
    --------
    >>> split_condition("python>=3.10 and (__unix or __win)")
    (('python>=3.10', 0), ('and', 13), ('(', 17), ('__unix', 18), ('or', 25), ('__win', 28), (')', 33))
    """
    tokens: list[tuple[str, int]] = []
    opened: list[int] = []
    wants_spec = True
    at = _skip(text, 0)
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            _fail("this bracket has no partner", text, at, at + 1)
        part = match[0]
        is_spec = match.lastgroup == "spec"
        if wants_spec is not (is_spec or part == "("):
            what = "a spec is missing before this" if wants_spec else "`and` or `or` is missing before this"
            _fail(what, text, at, match.end())
        if part == "(":
            opened.append(at)
        elif part == ")":
            if not opened:
                _fail("this parenthesis has no partner", text, at, at + 1)
            opened.pop()
        else:
            wants_spec = not is_spec
        tokens.append((part, at))
        at = _skip(text, match.end())
    if wants_spec:
        _fail("a spec is missing at the end of the condition", text, len(text), len(text))
    if opened:
        _fail("this parenthesis is not closed", text, opened[-1], opened[-1] + 1)
    return tuple(tokens)


def _skip(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()


def _fail(reason: str, text: str, start: int, end: int) -> NoReturn:
    raise InvalidMatchSpecError(reason, text=text, start=start, end=end)
