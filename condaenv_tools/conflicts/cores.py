"""Which lines exclude each other: subset-minimal sets of lines that no solution fulfils.

A file often has many such sets, and the order of the search decides which one is found. Here the tightest lines
come first: pins before bounds before bare names. The smallest beginning of that order that fails ends with a line
that belongs to every conflict within it; with that line in front, the search begins anew, until what has been
collected fails by itself. A conflict of a few pins among a hundred bare names is thus found by solving a few pins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from condaenv_tools.conflicts.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.version_spec import Operator

__all__ = ["Core", "CoreSearch", "Fails", "find_core", "find_cores", "tightness"]

#: Says whether some lines exclude each other; more lines do not fail less.
Fails = Callable[[Sequence[Dependency]], bool]

_PIN, _FAMILY, _UPPER, _LOWER, _OTHER, _BARE = range(6)
_LIMITS_FROM_ABOVE = {Operator.LESS, Operator.LESS_EQUAL, Operator.COMPATIBLE, Operator.STARTS_WITH}


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """Lines that exclude each other.

    Attributes
    ----------
    members : tuple of Dependency
        The lines, in the order of the files.
    minimal : bool
        Whether it is proven that they go together without any one of them.
    """

    members: tuple[Dependency, ...]
    minimal: bool = True


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
        return _BARE if spec == MatchSpec(name=spec.name) else _OTHER
    if spec.version.is_fuzzy:
        return _FAMILY
    above = any(clause.operator in _LIMITS_FROM_ABOVE for clause in spec.version.clauses())
    return _UPPER if above else _LOWER


def find_cores(items: Sequence[Dependency], fails: Fails, *, most: int = 24) -> CoreSearch:
    """Return conflicts of a file that share no line, until what is left goes together.

    Parameters
    ----------
    items : sequence of Dependency
        The lines, in the order of the files.
    fails : callable
        Says whether some of them exclude each other.
    most : int
        So many conflicts are looked for.

    Returns
    -------
    CoreSearch
        No core where the lines go together.

    Notes
    -----
    About ``k log2 n`` questions for a core of `k` among `n` lines, most of them about few lines, and `k` more
    that prove that it is minimal.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> lines = [
    ...     Dependency(text=t, spec=MatchSpec.parse(t), span=SourceSpan(path="e.yml", line=n, column=5))
    ...     for n, t in enumerate(["xarray", "numpy=2.0", "scipy", "pandas=1.5"], 6)
    ... ]
    >>> search = find_cores(lines, lambda part: {"numpy", "pandas"} <= {item.name for item in part})
    >>> [[str(item) for item in core.members] for core in search.cores], search.complete
    ([['numpy=2.0', 'pandas=1.5']], True)
    """
    left = list(items)
    cores: list[Core] = []
    try:
        while left and fails(left):
            if len(cores) == most:
                return CoreSearch(cores=tuple(cores), complete=False)
            core = find_core(left, fails)
            cores.append(core)
            left = [item for item in left if item not in core.members]
            if not core.minimal:
                return CoreSearch(cores=tuple(cores), complete=False)
    except OutOfTimeError:
        return CoreSearch(cores=tuple(cores), complete=False)
    return CoreSearch(cores=tuple(cores), complete=True)


def find_core(items: Sequence[Dependency], fails: Fails) -> Core:
    """Return one conflict among lines that fail together, of the tightest lines that have one.

    Parameters
    ----------
    items : sequence of Dependency
        Lines that exclude each other.
    fails : callable
        As for `find_cores`.

    Returns
    -------
    Core
        Not minimal where the time ran out: then what had been narrowed down to, which fails all the same.
    """
    order = sorted(range(len(items)), key=lambda n: (tightness(items[n].spec), n))
    pool = [items[n] for n in order]
    found: list[Dependency] = []
    minimal = True
    try:
        while not (found and fails(found)):
            size = _smallest_beginning(found, pool, fails)
            found.append(pool[size - 1])
            pool = pool[: size - 1]
            if not pool:
                break
        found = _without_idlers(found, fails)
    except OutOfTimeError:
        found, minimal = [*found, *pool], False
    members = tuple(item for item in items if item in found)
    return Core(members=members, minimal=minimal)


def _smallest_beginning(found: Sequence[Dependency], pool: Sequence[Dependency], fails: Fails) -> int:
    """Return how many of `pool` it takes to fail together with `found`, all of which are known to.

    Small beginnings are tried first: a question about few lines costs a small part of one about all.
    """
    sound, failing = 0, 1
    while failing < len(pool) and not fails([*found, *pool[:failing]]):
        sound, failing = failing, min(2 * failing, len(pool))
    while failing - sound > 1:
        middle = (sound + failing) // 2
        if fails([*found, *pool[:middle]]):
            failing = middle
        else:
            sound = middle
    return failing


def _without_idlers(found: Sequence[Dependency], fails: Fails) -> list[Dependency]:
    """Prove that each line is needed, and leave out one that is not.

    There is none if more lines never fail less, which holds of every engine but for what it reads of channels.
    """
    kept = list(found)
    for item in found:
        rest = [other for other in kept if other is not item]
        if rest and fails(rest):
            kept = rest
    return kept
