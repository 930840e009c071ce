"""Selectors, decided for every platform: ``# [linux and x86_64]`` and ``sel(unix): spec`` (CEP 24).

The variables of comment selectors are those of conda-build that speak of the platform; each is the set
of platforms on which it is true, so that `and`, `or` and `not` are operations on sets.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.platform_words import MEANT, SEL_VARIABLES, VARIABLES

__all__ = [
    "CommentSelector",
    "InvalidSelectorError",
    "find_comment_selector",
    "intersect",
    "parse_comment_selector",
    "parse_sel_key",
]

_ALL = frozenset(Platform)
_OPERATORS = {"and", "or", "not"}
_SYMBOLS = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", ",": "or"}
#: Variables of conda-build that do not speak of the platform; CEP 24 leaves them out.
_NO_PLATFORM = re.compile(
    r"(?:py|np)\d*k?|build_platform|target_platform|vc\d*|environ|os|nomkl|cuda_\w+|\w+_version"
)
_TOKEN = re.compile(
    r"\s*(?:(?P<word>[A-Za-z_][\w.-]*)|(?P<paren>[()])|(?P<other>&&|\|\||[<>=!]=|\d[\w.]*|\S))"
)
_COMMENT = re.compile(r"(?P<lead>[^\[\]]*)\[(?P<body>[^\[\]]*)\](?P<tail>.*)", re.DOTALL)
_SEL_KEY = re.compile(r"sel\((?P<body>.*)\)", re.DOTALL)
_MAX_DEPTH = 30


class InvalidSelectorError(ParseError):
    """A selector cannot be decided.

    Parameters
    ----------
    reason : str
        Why.
    start, end : int
        The part of the expression at fault, as character offsets into it, half open.
    hint : str
        What was probably meant.
    meant_as_selector : bool
        False where the text is more likely a remark of the author.
    """

    def __init__(
        self, reason: str, *, start: int, end: int, hint: str = "", meant_as_selector: bool = True
    ) -> None:
        super().__init__(reason, hints=[hint] if hint else ())
        self.reason = reason
        self.start = start
        self.end = end
        self.hint = hint
        self.meant_as_selector = meant_as_selector


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSelector:
    """Brackets in a comment.

    Attributes
    ----------
    text : str
        What stands between them.
    offset : int
        Where that begins, from the ``#`` on.
    leads : bool
        Whether the bracket is the first thing of the comment, as CEP 24 wants it.
    """

    text: str
    offset: int
    leads: bool


def find_comment_selector(comment: str) -> CommentSelector | None:
    """Return the brackets of a comment, read or not; None where there are none.

    Examples
    --------
    >>> find_comment_selector("# [win]")
    CommentSelector(text='win', offset=3, leads=True)
    """
    match = _COMMENT.match(comment)
    if match is None or not match["body"].strip():
        return None
    leads = not match["lead"].strip("# \t")
    if not leads and re.search(r"[()]", match["tail"]):
        return None
    return CommentSelector(text=match["body"], offset=match.start("body"), leads=leads)


@lru_cache(maxsize=1024)
def parse_comment_selector(text: str) -> Selector:
    """Read the expression of a comment selector.

    Raises
    ------
    InvalidSelectorError
        It cannot be decided.

    Examples
    --------
    >>> sorted(parse_comment_selector("unix and not (linux or x86)").platforms)
    [<Platform.EMSCRIPTEN_WASM32: 'emscripten-wasm32'>, <Platform.OSX_ARM64: 'osx-arm64'>]
    """
    platforms = _Expression(text, VARIABLES).read()
    return Selector(text=text.strip(), dialect="comment", platforms=platforms)


@lru_cache(maxsize=1024)
def parse_sel_key(key: str) -> Selector | None:
    """Read a key ``sel(expression)``; None where the key has another form.

    Raises
    ------
    InvalidSelectorError
        The expression is none of unix, linux, osx, win. Offsets count from the beginning of `key`.

    Examples
    --------
    >>> str(parse_sel_key("sel(unix)")), parse_sel_key("pip")
    ('sel(unix)', None)
    """
    match = _SEL_KEY.fullmatch(key.strip())
    if match is None:
        return None
    body = match["body"].strip()
    found = SEL_VARIABLES.get(body)
    if found is None:
        start = key.index("(") + 1
        meant = MEANT.get(body.lower(), "")
        hint = (
            f"write sel({meant})" if meant in SEL_VARIABLES else "a comment selector, # [...], can say more"
        )
        raise InvalidSelectorError(
            "sel() takes one of unix, linux, osx, win and nothing else (CEP 24)",
            start=start,
            end=max(start + 1, key.rindex(")")),
            hint=hint,
        )
    return Selector(text=body, dialect="sel", platforms=found)


def intersect(outer: Selector | None, inner: Selector | None) -> Selector | None:
    """Return the selector that holds where both hold, with the words of both."""
    if outer is None or inner is None:
        return inner or outer
    text = f"({outer.text}) and ({inner.text})"
    return Selector(text=text, dialect=inner.dialect, platforms=outer.platforms & inner.platforms)


class _Expression:
    """A recursive reader: `or` binds weakest, then `and`, then `not`."""

    def __init__(self, text: str, variables: dict[str, frozenset[Platform]]) -> None:
        self.text = text
        self.variables = variables
        self.tokens = [(m[m.lastgroup or 0], m.start(m.lastgroup or 0)) for m in _TOKEN.finditer(text)]
        self.at = 0
        self.depth = 0

    def read(self) -> frozenset[Platform]:
        found = self._or()
        if self.at < len(self.tokens):
            self._fail_at(self.at, "and, or, or the end of the selector should stand here")
        return found

    def _peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _or(self) -> frozenset[Platform]:
        found = self._and()
        while self._peek() == "or":
            self.at += 1
            found |= self._and()
        return found

    def _and(self) -> frozenset[Platform]:
        found = self._not()
        while self._peek() == "and":
            self.at += 1
            found &= self._not()
        return found

    def _not(self) -> frozenset[Platform]:
        negate = False
        while self._peek() == "not":
            self.at += 1
            negate = not negate
        found = self._atom()
        return _ALL - found if negate else found

    def _atom(self) -> frozenset[Platform]:
        word = self._peek()
        if word in self.variables:
            self.at += 1
            return self.variables[word]
        if word != "(":
            self._fail_at(self.at, "a platform word should stand here")
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            self._fail_at(self.at, "more parentheses than a selector can need")
        opened = self.at
        self.at += 1
        found = self._or()
        if self._peek() != ")":
            if self.at < len(self.tokens):
                self._fail_at(self.at, "and, or, or a closing parenthesis should stand here")
            self._fail_at(opened, "this parenthesis is never closed")
        self.at += 1
        self.depth -= 1
        return found

    def _fail_at(self, at: int, expected: str) -> NoReturn:
        token, start = self.tokens[at] if at < len(self.tokens) else ("", len(self.text.rstrip()))
        reason, hint = _explain(token, expected)
        raise InvalidSelectorError(
            reason,
            start=start,
            end=start + len(token),
            hint=hint,
            meant_as_selector=self._looks_meant(),
        )

    def _looks_meant(self) -> bool:
        words = {token.lower() for token, _ in self.tokens}
        known = words & (self.variables.keys() | MEANT.keys() | {"not", "!"})
        if known:
            return len(words) <= 3 or bool(words & (_OPERATORS | _SYMBOLS.keys() | {"(", ")"}))
        if len(words) == 1:
            word = next(iter(words))
            return bool(_NO_PLATFORM.fullmatch(word)) or bool(_near(word, cutoff=0.75))
        first = self.tokens[0][0].lower() if self.tokens else ""
        return bool(_NO_PLATFORM.fullmatch(first))


def _near(word: str, *, cutoff: float) -> str:
    near = difflib.get_close_matches(word.lower(), VARIABLES, n=1, cutoff=cutoff)
    return near[0] if near else ""


def _explain(token: str, expected: str) -> tuple[str, str]:  # noqa: PLR0911 - one return a case
    """Say what is wrong with a token, and what was meant."""
    lower = token.lower()
    if not token:
        return f"the selector breaks off: {expected}", ""
    if token in _SYMBOLS:
        return f"a selector has words, not {token}", f"write {_SYMBOLS[token]}"
    if lower in MEANT:
        return f"a selector has no variable {token}", f"write # [{MEANT[lower]}]"
    if lower in VARIABLES or lower in _OPERATORS:
        if token != lower:
            return f"selectors are written in lower case, not {token}", f"write {lower}"
        return expected, ""
    if _NO_PLATFORM.fullmatch(lower):
        why = f"{token} does not speak of the platform, so it has no meaning in an environment file (CEP 24)"
        return why, "an environment file has one Python: put such lines into a file of their own"
    if re.fullmatch(r"[A-Za-z_][\w.-]*", token):
        near = _near(token, cutoff=0.6)
        known = "linux, osx, win, unix, x86_64, aarch64, arm64, linux64, osx64, win64, ..."
        return (
            f"a selector has no variable {token}",
            f"did you mean {near}?" if near else f"there are {known}",
        )
    return expected, ""
