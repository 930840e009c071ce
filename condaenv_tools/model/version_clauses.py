"""The tree of a version specifier: clauses, and what joins them (CEP 29, version matching)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from condaenv_tools.model.patterns import text_matches
from condaenv_tools.model.version import Version

__all__ = ["AllOf", "AnyOf", "Clause", "Node", "Operator"]


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
    """A regular expression, or a glob with an asterisk that is not at the end."""


def _starts_otherwise(version: Version, bound: Version) -> bool:
    return not version.starts_with(bound)


def _is_compatible(version: Version, bound: Version) -> bool:
    # A bound of one part leaves nothing to start with: `~=1` is `>=1`.
    parent = bound.text.rpartition(".")[0]
    return version >= bound and (not parent or version.starts_with(Version.of(parent)))


_TESTS: dict[Operator, Callable[[Version, Version], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_EQUAL: operator.ge,
    Operator.STARTS_WITH: Version.starts_with,
    Operator.NOT_STARTS_WITH: _starts_otherwise,
    Operator.COMPATIBLE: _is_compatible,
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on a version. Two are equal if they say the same, as ``=1.2`` and ``1.2.*`` do.

    Attributes
    ----------
    operator : Operator
        What is asked.
    version : Version or None
        Of what; None for `ANY` and `PATTERN`.
    text : str
        The clause as conda writes it.
    """

    operator: Operator
    version: Version | None = field(compare=False)
    text: str = field(compare=False)
    _bound: str = field(init=False, repr=False)
    _test: Callable[[Version, Version], bool] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        bound = self.text if self.version is None else self.version.text
        object.__setattr__(self, "_bound", "*" if self.operator is Operator.ANY else bound)
        object.__setattr__(self, "_test", _TESTS.get(self.operator))

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils the clause."""
        if self._test is not None and self.version is not None:
            return self._test(version, self.version)
        return self.operator is Operator.ANY or text_matches(self.text, version.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must be fulfilled."""

    parts: tuple[Node, ...]

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils all parts."""
        for part in self.parts:  # noqa: SIM110 - asked millions of times, and `all` takes twice as long
            if not part.matches(version):
                return False
        return True

    def __str__(self) -> str:
        return ",".join(f"({part})" if isinstance(part, AnyOf) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple[Node, ...]

    def matches(self, version: Version) -> bool:
        """Say whether `version` fulfils a part."""
        for part in self.parts:  # noqa: SIM110 - as above
            if part.matches(version):
                return True
        return False

    def __str__(self) -> str:
        return "|".join(map(str, self.parts))


Node: TypeAlias = Clause | AllOf | AnyOf
