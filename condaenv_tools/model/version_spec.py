"""Version specifiers: what `>=1.2,<2|3.*` allows (CEP 29, version matching).

The tree is made of `Clause`, `AllOf` and `AnyOf`, which other rooms read; `,` binds tighter than `|`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from condaenv_tools.model.version import Version
from condaenv_tools.model.version_clauses import AllOf, AnyOf, Clause, Node, Operator
from condaenv_tools.model.version_spec_parser import join_nodes, parse_node

__all__ = ["AllOf", "AnyOf", "Clause", "Node", "Operator", "VersionSpec"]


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
        if other.is_any:
            return self
        if self.is_any:
            return other
        joined = join_nodes(AllOf, [self.root, other.root])
        parts = joined.parts if isinstance(joined, AllOf) else (joined,)
        return VersionSpec(join_nodes(AllOf, list(dict.fromkeys(parts))))

    def __str__(self) -> str:
        return str(self.root)


@lru_cache(maxsize=16_384)
def _parse(text: str) -> VersionSpec:
    return VersionSpec(parse_node(text))
