"""Version specifiers: what `>=1.2,<2|3.*` allows (CEP 29, version matching).

The tree is made of `Clause`, `AllOf` and `AnyOf`, which other rooms read; `,` binds tighter than `|`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.patterns import compile_regex, glob_to_regex
from condaenv_tools.model.version import Version

__all__ = ["AllOf", "AnyOf", "Clause", "Node", "Operator", "VersionSpec"]

#: More than any spec that a person or a build tool writes.
_DEEPEST = 50


class Operator(StrEnum):
    """What a clause asks of a version."""

    ANY = "*"
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    STARTS_WITH = "="
    NOT_STARTS_WITH = "!=.*"
    COMPATIBLE = "~="
    PATTERN = "^$"
    """A regular expression, or a glob that is not at the end."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on a version.

    Attributes
    ----------
    operator : Operator
        What is asked.
    version : Version or None
        Of what; None for `ANY` and `PATTERN`.
    text : str
        The clause as conda writes it.
    pattern : re.Pattern or None
        For `PATTERN`; it is matched against the version's text.
    """

    operator: Operator
    version: Version | None
    text: str
    pattern: re.Pattern[str] | None = field(default=None, compare=False)

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils the clause."""
        if self.operator is Operator.ANY:
            return True
        if self.pattern is not None:
            return self.pattern.match(version.text) is not None
        assert self.version is not None
        return _fulfils(self.operator, version, self.version)

    def __str__(self) -> str:
        return self.text


def _fulfils(operator: Operator, version: Version, bound: Version) -> bool:  # noqa: PLR0911
    match operator:
        case Operator.EQUAL:
            return version == bound
        case Operator.STARTS_WITH:
            return version.starts_with(bound)
        case Operator.GREATER_EQUAL:
            return version >= bound
        case Operator.LESS:
            return version < bound
        case Operator.GREATER:
            return version > bound
        case Operator.LESS_EQUAL:
            return version <= bound
        case Operator.NOT_EQUAL:
            return version != bound
        case Operator.NOT_STARTS_WITH:
            return not version.starts_with(bound)
        case Operator.COMPATIBLE:
            # A bound of one part leaves nothing to start with: `~=1` is `>=1`.
            parent = bound.text.rpartition(".")[0]
            return version >= bound and (not parent or version.starts_with(Version.of(parent)))
        case _:  # pragma: no cover - the two that are left have no bound
            raise AssertionError(operator)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must be fulfilled."""

    parts: tuple[Node, ...]

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils all parts."""
        return all(part.matches(version) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple[Node, ...]

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils a part."""
        return any(part.matches(version) for part in self.parts)


Node: TypeAlias = Clause | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class VersionSpec:
    """A condition on versions.

    Attributes
    ----------
    root : Clause, AllOf or AnyOf
        The condition.

    Examples
    --------
    >>> spec = VersionSpec.parse(">=1.2,<2|3.*")
    >>> str(spec), [v for v in ("1.1", "1.9", "2.0", "3.5") if spec.matches(v)]
    ('>=1.2,<2|3.*', ['1.9', '3.5'])
    >>> VersionSpec.parse("1.2").is_exact, VersionSpec.parse("1.2.*").is_fuzzy
    (True, True)
    """

    root: Node

    @classmethod
    def parse(cls, text: str) -> VersionSpec:
        """Read a version specifier; a bare version means exactly that version.

        Raises
        ------
        InvalidVersionError
            With the place of the fault in `text`.
        """
        return _parse(text)

    def matches(self, version: Version | str) -> bool:
        """Say whether a version fulfils the condition."""
        return self.root.matches(Version.of(version) if isinstance(version, str) else version)

    def clauses(self) -> Iterator[Clause]:
        """Yield the clauses from left to right."""
        todo: list[Node] = [self.root]
        while todo:
            node = todo.pop()
            if isinstance(node, Clause):
                yield node
            else:
                todo.extend(reversed(node.parts))

    @property
    def is_exact(self) -> bool:
        """Whether one version (and what equals it) is asked for."""
        return isinstance(self.root, Clause) and self.root.operator is Operator.EQUAL

    @property
    def is_fuzzy(self) -> bool:
        """Whether all versions with one beginning are asked for."""
        return isinstance(self.root, Clause) and self.root.operator is Operator.STARTS_WITH

    @property
    def is_any(self) -> bool:
        """Whether every version will do."""
        return isinstance(self.root, Clause) and self.root.operator is Operator.ANY

    def intersect(self, other: VersionSpec) -> VersionSpec:
        """Return the condition that both hold.

        Examples
        --------
        >>> str(VersionSpec.parse(">=1|0.5").intersect(VersionSpec.parse("<2")))
        '(>=1|0.5),<2'
        """
        if self == other or other.is_any:
            return self
        return other if self.is_any else VersionSpec(_joined(AllOf, [self.root, other.root]))

    def __str__(self) -> str:
        return _written(self.root)


def _written(node: Node, *, inside_all: bool = False) -> str:
    """Write a condition as conda does; `,` binds tighter, so only a `|` within it needs parentheses."""
    if isinstance(node, Clause):
        return node.text
    if isinstance(node, AllOf):
        return ",".join(_written(part, inside_all=True) for part in node.parts)
    text = "|".join(_written(part) for part in node.parts)
    return f"({text})" if inside_all else text


def _joined(kind: type[AllOf | AnyOf], parts: list[Node]) -> Node:
    """Join conditions; nested ones of the same kind become one."""
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


_TOKEN = re.compile(r"\s*(?P<regex>\^[^$]*\$)\s*|\s*(?P<sign>[()|,])\s*|(?P<clause>[^()|,]+)")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


@lru_cache(maxsize=16_384)
def _parse(text: str) -> VersionSpec:
    if not any(sign in text for sign in "()|,^"):
        return VersionSpec(_clause(text, text, 0))
    return VersionSpec(_Reader(text).read())


class _Reader:
    """Reads `any := all ('|' all)*`, `all := atom (',' atom)*`, `atom := clause | '(' any ')'`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(
                match.lastgroup or "",
                match[0].strip(),
                match.start() + len(match[0]) - len(match[0].lstrip()),
            )
            for match in _TOKEN.finditer(text)
            if match[0].strip()
        ]
        self.at = 0

    def read(self) -> Node:
        node = self._any(0)
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            self._fail(f"unexpected {token.text!r}", token)
        return node

    def _any(self, depth: int) -> Node:
        parts = [self._all(depth)]
        while self._take("|"):
            parts.append(self._all(depth))
        return _joined(AnyOf, parts)

    def _all(self, depth: int) -> Node:
        parts = [self._atom(depth)]
        while self._take(","):
            parts.append(self._atom(depth))
        return _joined(AllOf, parts)

    def _atom(self, depth: int) -> Node:
        if depth > _DEEPEST:
            self._fail("parentheses are nested too deep", self.tokens[min(self.at, len(self.tokens) - 1)])
        if self.at >= len(self.tokens):
            raise InvalidVersionError(
                "a version is missing at the end", text=self.text, start=len(self.text), end=len(self.text)
            )
        token = self.tokens[self.at]
        self.at += 1
        if token.text == "(" and token.kind == "sign":
            node = self._any(depth + 1)
            if not self._take(")"):
                self._fail("this parenthesis is not closed", token)
            return node
        if token.kind == "sign":
            self._fail(f"a version is missing before {token.text!r}", token)
        return _clause(token.text, self.text, token.start)

    def _take(self, sign: str) -> bool:
        there = self.at < len(self.tokens) and self.tokens[self.at].text == sign
        self.at += there
        return there

    def _fail(self, reason: str, token: _Token) -> None:
        raise InvalidVersionError(
            reason, text=self.text, start=token.start, end=token.start + max(1, len(token.text))
        )


_RELATION = re.compile(r"(==|!=|<=|>=|~=|=|<|>)(?![=<>!~])(\S+)")
_GLOB_AT_END = re.compile(r"\.?\*+$")


def _clause(written: str, whole: str, offset: int) -> Clause:
    text = written.strip()
    start = offset + written.find(text)
    try:
        return _read_clause(text)
    except InvalidVersionError as error:
        inner = whole.find(error.text, start) if error.text else start
        shift = inner if inner >= 0 else start
        end = shift + error.end if error.end > error.start else start + len(text)
        raise InvalidVersionError(error.reason, text=whole, start=shift + error.start, end=end) from None


def _read_clause(text: str) -> Clause:
    if not text:
        raise InvalidVersionError("a version is missing", text=text)
    if text[0] == "^" or text[-1] == "$":
        return Clause(Operator.PATTERN, None, text, compile_regex(text))
    if text[0] in "=<>!~":
        return _relation(text)
    if text.strip("*") == "":
        return Clause(Operator.ANY, None, "*")
    if "*" in text.rstrip("*"):
        return Clause(Operator.PATTERN, None, text, re.compile(glob_to_regex(text)))
    if text.endswith("*"):
        stem = _GLOB_AT_END.sub("", text)
        return Clause(Operator.STARTS_WITH, Version.of(stem), f"{stem}.*")
    return Clause(Operator.EQUAL, Version.of(text), text)


def _relation(text: str) -> Clause:
    match = _RELATION.fullmatch(text)
    if match is None:
        raise InvalidVersionError("this is no operator with a version", text=text, end=len(text))
    sign, bound = match.groups()
    operator = Operator(sign)
    if bound == "*":
        raise InvalidVersionError(f"{sign} wants a version, not *", text=text, end=len(text))
    if bound.endswith(".*"):
        if operator is Operator.COMPATIBLE:
            raise InvalidVersionError("~= wants a whole version, without .*", text=text, end=len(text))
        # With any other relation conda leaves `.*` out of account.
        bound = bound[:-2]
        if operator is Operator.NOT_EQUAL:
            operator = Operator.NOT_STARTS_WITH
    return Clause(operator, Version.of(bound), text)
