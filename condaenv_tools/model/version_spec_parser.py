"""Reads the text of a version specifier into its tree (CEP 29, version matching)."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.cut import Cut
from condaenv_tools.model.patterns import check_regex
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_clauses import AllOf, AnyOf, Clause, Node, Operator

__all__ = ["join_nodes", "parse_node"]

#: More than any spec that a person or a build tool writes.
_DEEPEST = 50

_ONE_CLAUSE = re.compile(r"[^\s()|,^$]+")
_TOKEN = re.compile(r"(?P<regex>\^[^$]*\$)|(?P<sign>[()|,])|(?P<clause>[^()|,]+)")
_BLANK_INSIDE = re.compile(r"[^\s()|,=<>!~](\s+)[^\s()|,=<>!~]")
_RELATION = re.compile(r"(==|!=|<=|>=|~=|=|<|>)(?![=<>!~])(.+)", re.DOTALL)


def parse_node(text: str) -> Node:
    """Read a version specifier. Blanks may stand around operators and the signs that join.

    Raises
    ------
    InvalidVersionError
        With the place of the fault in `text`.
    """
    if _ONE_CLAUSE.fullmatch(text):
        return _placed_clause(text, text, 0)
    cut = Cut.of(text)
    if inside := _BLANK_INSIDE.search(text):
        raise InvalidVersionError(
            "there is a blank inside a version", text=text, start=inside.start(1), end=inside.end(1)
        )
    bare = cut.without_blanks()
    try:
        return _Reader(bare.text).read()
    except InvalidVersionError as error:
        start, end = bare[error.start : error.end].span if error.end > error.start else (len(text),) * 2
        raise InvalidVersionError(error.reason, text=text, start=start, end=end) from None


def join_nodes(kind: type[AllOf | AnyOf], parts: list[Node]) -> Node:
    """Join conditions; nested ones of the same kind become one."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


class _Reader:
    """Reads `any := all ('|' all)*`, `all := atom (',' atom)*`, `atom := clause | '(' any ')'`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [_Token(m.lastgroup or "", m[0], m.start()) for m in _TOKEN.finditer(text)]
        self.at = 0

    def read(self) -> Node:
        node = self._any(0)
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            self._fail(f"{token.text!r} cannot follow here", token)
        return node

    def _any(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._take("|"):
            parts.append(self._all(depth))
        return join_nodes(AnyOf, parts)

    def _all(self, depth: int) -> Node:
        parts = [self._atom(depth)]
        while self._take(","):
            parts.append(self._atom(depth))
        return join_nodes(AllOf, parts)

    def _atom(self, depth: int) -> Node:
        if self.at >= len(self.tokens):
            end = len(self.text)
            raise InvalidVersionError("a version is missing at the end", text=self.text, start=end, end=end)
        token = self.tokens[self.at]
        self.at += 1
        if token.kind != "sign":
            return _placed_clause(token.text, self.text, token.start)
        if token.text != "(":
            self._fail(f"a version is missing before {token.text!r}", token)
        if depth >= _DEEPEST:
            self._fail("parentheses are nested too deep", token)
        node = self._any(depth + 1)
        if not self._take(")"):
            self._fail("this parenthesis is not closed", token)
        return node

    def _take(self, sign: str) -> bool:
        there = self.at < len(self.tokens) and self.tokens[self.at].text == sign
        self.at += there
        return there

    def _fail(self, reason: str, token: _Token) -> NoReturn:
        raise InvalidVersionError(
            reason, text=self.text, start=token.start, end=token.start + len(token.text)
        )


def _placed_clause(text: str, whole: str, start: int) -> Clause:
    """Read a clause; a fault is told in the whole, in which the clause begins at `start`."""
    try:
        return _clause(text)
    except InvalidVersionError as error:
        # It may speak of the end of the clause alone, behind its operator.
        start += text.find(error.text)
        raise InvalidVersionError(
            error.reason, text=whole, start=start + error.start, end=start + error.end
        ) from None


def _clause(text: str) -> Clause:
    if text[0] == "^" or text[-1] == "$":
        check_regex(text)
        return Clause(Operator.PATTERN, None, text)
    if text[0] in "=<>!~":
        return _relation(text)
    stem = text.rstrip("*")
    if not stem:
        return Clause(Operator.ANY, None, "*")
    if "*" in stem:
        _check_glob(text)
        return Clause(Operator.PATTERN, None, re.sub(r"\*+", "*", text))
    if stem != text:
        stem = stem.removesuffix(".")
        return Clause(Operator.STARTS_WITH, Version.of(stem), f"{stem}.*")
    return Clause(Operator.EQUAL, Version.of(text), text)


def _check_glob(text: str) -> None:
    """Refuse a glob that could match no version, whatever its asterisks stand for."""
    try:
        Version.of(text.replace("*", "0"))
    except InvalidVersionError as error:
        raise InvalidVersionError(error.reason, text=text, start=error.start, end=error.end) from None


#: What an operator means where a glob follows: `==1.2.*` is fuzzy, and `!=1.2.*` its opposite.
_WITH_GLOB = {
    Operator.EQUAL: Operator.STARTS_WITH,
    Operator.STARTS_WITH: Operator.STARTS_WITH,
    Operator.NOT_EQUAL: Operator.NOT_STARTS_WITH,
}


def _relation(text: str) -> Clause:
    match = _RELATION.fullmatch(text)
    if match is None:
        raise InvalidVersionError("this is no operator with a version", text=text, end=len(text))
    operator, bound = Operator(match[1]), match[2]
    if bound.endswith(".*") and operator is Operator.COMPATIBLE:
        raise InvalidVersionError("~= wants a whole version, without .*", text=text, end=len(text))
    if bound.endswith("*") and operator in _WITH_GLOB:
        bound = bound.rstrip("*").removesuffix(".")
        if not bound and operator is not Operator.NOT_EQUAL:
            return Clause(Operator.ANY, None, text)
        operator = _WITH_GLOB[operator]
    # Behind any other operator conda leaves `.*` out of account.
    return Clause(operator, Version.of(bound.removesuffix(".*") or "*"), text)
