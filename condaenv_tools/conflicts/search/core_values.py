"""Cores as values, and how tight the lines of one are: what is told before what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.version_spec import Operator

__all__ = ["BARE", "OTHER", "Beside", "Core", "CoreSearch", "Fails", "Glance", "looseness", "tightness"]

#: Says whether some lines exclude each other, None where that is not known; more lines do not fail less.
Fails = Callable[[Sequence[Dependency]], bool | None]
#: Returns sets of lines that seem to exclude each other, of those that it is given.
Glance = Callable[[Sequence[Dependency]], Iterable[tuple[Dependency, ...]]]

_PIN, _FAMILY, _UPPER, _LOWER, OTHER, BARE = range(6)
_LIMITS_FROM_ABOVE = {Operator.LESS, Operator.LESS_EQUAL, Operator.COMPATIBLE, Operator.STARTS_WITH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is to blame beside the lines, and is no line of a file.

    Attributes
    ----------
    kind : str
        ``"virtual"``, ``"priority"``, ``"pin"`` or ``"cutoff"``.
    spec : str
        What it says: ``__glibc=2.28``, ``channel-priority=strict``, a constraint, ``exclude-newer=2026-01-31``.
    instead : str
        A value of it with which the lines go together, proven by a solve: ``__glibc=2.34``; empty where none is
        known.
    """

    kind: str
    spec: str
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Lines that exclude each other.

    Attributes
    ----------
    members : tuple of Dependency
        The lines, in the order of the files.
    minimal : bool
        Whether it is proven that they go together without any one of them.
    beside : tuple of Beside
        What of the surroundings it takes besides: the lines go together without any one of these.
    """

    members: tuple[Dependency, ...]
    minimal: bool = True
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreSearch:
    """What a search for conflicts found.

    Attributes
    ----------
    cores : tuple of Core
        No two share a line; those of the tightest lines first.
    complete : bool
        Whether the rest of the lines is known to go together; False where the time ran out, or there are more
        conflicts than are looked for.
    """

    cores: tuple[Core, ...]
    complete: bool


def tightness(spec: MatchSpec) -> int:
    """Return how much a spec leaves open: the lower, the more it is likely to be what excludes others.

    Examples
    --------
    >>> texts = ["numpy==2.0.1", "numpy=2.0", "numpy<3", "numpy>=2", "conda-forge::numpy", "numpy"]
    >>> [tightness(MatchSpec.parse(text)) for text in texts]
    [0, 1, 2, 3, 4, 5]
    """
    if spec.build is not None or (spec.version is not None and spec.version.is_exact):
        return _PIN
    if spec.version is None or spec.version.is_any:
        return BARE if spec == MatchSpec(name=spec.name) else OTHER
    if spec.version.is_fuzzy:
        return _FAMILY
    above = any(clause.operator in _LIMITS_FROM_ABOVE for clause in spec.version.clauses())
    return _UPPER if above else _LOWER


def looseness(items: Iterable[Dependency]) -> tuple[int, int, int, tuple[str, ...]]:
    """Return what cores are sorted by: the loosest of the lines, how many there are, how loose they are in all.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> span = SourceSpan(path="e.yml", line=1, column=1)
    >>> looseness([Dependency(text=t, spec=MatchSpec.parse(t), span=span) for t in ("numpy=2.0", "scipy")])
    (5, 2, 6, ('numpy=2.0', 'scipy'))
    """
    members = tuple(items)
    classes = [tightness(item.spec) for item in members]
    return max(classes, default=0), len(members), sum(classes), tuple(sorted(map(str, members)))
