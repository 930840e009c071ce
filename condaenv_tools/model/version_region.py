"""The versions that specifiers allow, as stretches of the order of CEP 33: to say that nothing is left.

The order is that of sequences of numbers and words, with zeros without end behind the last one. Between two
unequal versions there is always another one, and the versions with one beginning lie side by side. So every
clause allows a few stretches, whose ends are cuts: places between versions. Sets of stretches are intersected
and joined exactly; only a regular expression is taken for more than it allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from condaenv_tools.model.version import Version
from condaenv_tools.model.version_clauses import AllOf, Clause, Node, Operator
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.model.version_spec_parser import join_nodes

__all__ = ["allow_the_same", "has_no_version", "is_implied", "reduced"]

#: A place between versions: ranks, compared one by one.
_Cut: TypeAlias = "tuple[tuple[int, float | str], ...]"
#: Cuts in rising order. Before the first no version is allowed, behind it all are, up to the second.
_Region: TypeAlias = "tuple[_Cut, ...]"

_BEFORE_ALL, _WORD, _NUMBER, _BEHIND_ALL = range(4)
_LOWEST: tuple[int, float | str] = (_BEFORE_ALL, 0)
_HIGHEST: tuple[int, float | str] = (_BEHIND_ALL, 0)
_START: _Cut = (_LOWEST,)
_EVERYTHING: _Region = (_START,)
#: Sorts behind every character of a version.
_BEHIND_LETTERS = "\uffff"


def has_no_version(specs: Iterable[VersionSpec]) -> bool:
    """Say whether no version at all fulfils every specifier, which is certain if said.

    Parameters
    ----------
    specs : iterable of VersionSpec
        All of them must hold. Regular expressions, and globs with an asterisk inside, are taken to allow
        everything, so that something may be left in appearance only.

    Examples
    --------
    >>> def empty(*texts):
    ...     return has_no_version(map(VersionSpec.parse, texts))
    >>> empty(">3,<2"), empty(">1,<1.0.1"), empty("=1.2", "!=1.2.*"), empty("==1|==2", ">=3")
    (True, False, True, True)

    References
    ----------
    CEP 33 (order of versions), CEP 29 (version matching).
    """
    joined = AllOf(tuple(spec.root for spec in specs))
    return bool(joined.parts) and not _Scale.of(joined).region(joined)


def is_implied(clause: Clause, by: Node) -> bool:
    """Say whether every version that fulfils `by` fulfils `clause`, which then adds nothing to it.

    Examples
    --------
    >>> weak, strong = VersionSpec.parse(">=1,>=2").clauses()
    >>> is_implied(weak, by=strong), is_implied(strong, by=weak)
    (True, False)
    """
    if clause.operator is Operator.PATTERN:
        return False
    both = AllOf((clause, by))
    scale = _Scale.of(both)
    return scale.region(both) == scale.region(by)


def reduced(spec: VersionSpec) -> VersionSpec:
    """Return a specifier that allows the same versions, without conditions that the others imply.

    Of two that say the same the later one stays. Regular expressions, and what is joined by ``|``, always stay.

    Examples
    --------
    >>> str(reduced(VersionSpec.parse(">=13,>=14,<15.0a0,>=14.1,!=13.2")))
    '<15.0a0,>=14.1'
    """
    if not isinstance(spec.root, AllOf):
        return spec
    kept = spec.root.parts
    for part in spec.root.parts:
        others = tuple(other for other in kept if other is not part)
        if others and isinstance(part, Clause) and is_implied(part, by=AllOf(others)):
            kept = others
    return VersionSpec(join_nodes(AllOf, list(kept)))


def allow_the_same(one: VersionSpec, other: VersionSpec) -> bool:
    """Say whether two specifiers allow the same versions; regular expressions are taken to allow everything.

    Examples
    --------
    >>> allow_the_same(VersionSpec.parse(">=1,<2|3"), VersionSpec.parse(">=1,(<2|3)"))
    True
    """
    both = AllOf((one.root, other.root))
    scale = _Scale.of(both)
    return scale.region(one.root) == scale.region(other.root)


class _Scale:
    """Makes cuts that can be compared: all with as many places as the longest version has, and one more."""

    def __init__(self, versions: Iterable[Version]) -> None:
        parts = [(version.release, version.local) for version in versions]
        self.components = 1 + max((len(part) for pair in parts for part in pair), default=0)
        self.tokens = 1 + max((len(c) for pair in parts for part in pair for c in part), default=0)

    @classmethod
    def of(cls, node: Node) -> _Scale:
        """Return the scale on which every clause of a condition has its place."""
        found: list[Version] = []
        todo: list[Node] = [node]
        while todo:
            one = todo.pop()
            if isinstance(one, Clause):
                found += [one.version] if one.version is not None else []
            else:
                todo += one.parts
        return cls(found)

    def region(self, node: Node) -> _Region:
        """Return what a condition allows."""
        if isinstance(node, Clause):
            return self._clause(node)
        regions = [self.region(part) for part in node.parts]
        return _merge(regions, all if isinstance(node, AllOf) else any)

    def _clause(self, clause: Clause) -> _Region:
        version = clause.version
        if version is None:
            return _EVERYTHING
        below, above = (*self._ranks(version), _LOWEST), (*self._ranks(version), _HIGHEST)
        match clause.operator:
            case Operator.STARTS_WITH:
                return self._beginning(version)
            case Operator.NOT_STARTS_WITH:
                return (_START, *self._beginning(version))
            case Operator.COMPATIBLE:
                parent = version.text.rpartition(".")[0]
                family = self._beginning(Version.of(parent)) if parent else _EVERYTHING
                return _merge([(below,), family], all)
        plain = {
            Operator.EQUAL: (below, above),
            Operator.NOT_EQUAL: (_START, below, above),
            Operator.LESS: (_START, below),
            Operator.LESS_EQUAL: (_START, above),
            Operator.GREATER: (above,),
            Operator.GREATER_EQUAL: (below,),
        }
        return plain[clause.operator]

    def _ranks(self, version: Version) -> _Cut:
        """Return the numbers and words of a version, filled up with zeros to the length of the scale."""
        return tuple(
            _rank(token)
            for part in (version.release, version.local)
            for component in (*part, *[()] * (self.components - len(part)))
            for token in (*component, *[0] * (self.tokens - len(component)))
        )

    def _beginning(self, version: Version) -> _Region:
        """Return the stretch of versions that start as `version` does, whatever follows its last token."""
        ranks = self._ranks(version)
        part = version.local or version.release
        place = (len(part) - 1) * self.tokens + len(part[-1]) - 1
        if version.local:
            place += self.components * self.tokens
        head, last = ranks[:place], ranks[place]
        end = (last[0], f"{last[1]}{_BEHIND_LETTERS}") if isinstance(last[1], str) else last
        return ((*head, last, _LOWEST), (*head, end, _HIGHEST))


def _rank(token: float | str) -> tuple[int, float | str]:
    return (_WORD, token) if isinstance(token, str) else (_NUMBER, token)


def _merge(regions: list[_Region], rule: Callable[[Iterable[bool]], bool]) -> _Region:
    """Return where all, or any, of the regions allow a version."""
    inside = [False] * len(regions)
    allowed = False
    ends: list[_Cut] = []
    for cut in sorted({cut for region in regions for cut in region}):
        for number, region in enumerate(regions):
            inside[number] ^= cut in region
        if rule(inside) is not allowed:
            allowed = not allowed
            ends.append(cut)
    return tuple(ends)
