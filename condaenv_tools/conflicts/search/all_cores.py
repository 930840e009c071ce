"""All minimal cores of a file, not only those that share no line.

What is known is kept as a map of all sets of lines: every set around a core fails, every part of a set that goes
together does, too. A set of which neither is known is asked about (MARCO), until there is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from condaenv_tools.conflicts.search.cores import Core, CoreSearch, Fails, find_core, looseness
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency

__all__ = ["disjoint", "find_all_cores"]

#: So many sets of lines are asked about: disjoint cores have exponentially many sets that go together.
_MOST_SETS = 2000


def find_all_cores(
    items: Sequence[Dependency], fails: Fails, *, most: int, known: Sequence[Core] = ()
) -> CoreSearch:
    """Return all minimal cores of some lines, or so many.

    Parameters
    ----------
    items : sequence of Dependency
        The lines, in the order of the files.
    fails : callable
        As for `find_cores`.
    most : int
        So many cores are looked for.
    known : sequence of Core
        Cores that were found before.

    Returns
    -------
    CoreSearch
        The tightest lines first, and of these the fewest. Complete if there is no other minimal core.

    Notes
    -----
    One search for each core, and one question or a few for each maximal set of lines that goes together, of which
    there are as many as there are minimal ways to mend the file.

    References
    ----------
    M. H. Liffiton et al., Fast, flexible MUS enumeration, Constraints 21 (2016).

    Examples
    --------
    >>> from condaenv_tools.model.match_spec import MatchSpec
    >>> from condaenv_tools.model.span import SourceSpan
    >>> lines = [
    ...     Dependency(text=t, spec=MatchSpec.parse(t), span=SourceSpan(path="e.yml", line=n, column=5))
    ...     for n, t in enumerate("abc", 6)
    ... ]
    >>> search = find_all_cores(lines, lambda part: len(part) > 1, most=10)
    >>> [[str(item) for item in core.members] for core in search.cores], search.complete
    ([['a', 'b'], ['a', 'c'], ['b', 'c']], True)
    """
    cores = [core for core in known if core.minimal]
    map_ = _Map(items, cores)
    complete = True
    try:
        for _ in range(_MOST_SETS):
            seed = map_.open_set()
            if seed is None:
                break
            failing = bool(seed) and fails(seed)  # no line at all excludes no other
            if failing:
                core = find_core(seed, fails) if len(cores) < most else None
                if core is None or not core.minimal:
                    complete = False
                    break
                cores.append(core)
                map_.failing.append(frozenset(core.members))
            else:
                # What had no answer is passed over, and that it was is remembered.
                complete = complete and failing is not None
                map_.block_parts(_grown(seed, items, fails) if failing is False else seed)
        else:
            complete = False
    except OutOfTimeError:
        complete = False
    return CoreSearch(cores=tuple(sorted(cores, key=lambda one: looseness(one.members))), complete=complete)


def disjoint(cores: Sequence[Core]) -> tuple[Core, ...]:
    """Return cores that share no line, in their order: each takes a change of its own."""
    taken: set[Dependency] = set()
    found = []
    for core in cores:
        if taken.isdisjoint(core.members):
            found.append(core)
            taken.update(core.members)
    return tuple(found)


def _grown(seed: Sequence[Dependency], items: Sequence[Dependency], fails: Fails) -> list[Dependency]:
    """Return lines that go together, as many as can be."""
    grown = list(seed)
    for item in items:
        if item not in grown and fails([*grown, item]) is False:
            grown.append(item)
    return grown


class _Map:
    """Which sets of lines nothing is known of."""

    def __init__(self, items: Sequence[Dependency], cores: Sequence[Core]) -> None:
        self._items = tuple(items)
        self.failing = [frozenset(core.members) for core in cores]
        # A set that is not part of one that goes together has a line outside of it.
        self._outside: list[frozenset[Dependency]] = []

    def block_parts(self, going: Sequence[Dependency]) -> None:
        """Take in that some lines, and so each part of them, go together."""
        self._outside.append(frozenset(self._items) - frozenset(going))

    def open_set(self) -> list[Dependency] | None:
        """Return a set, as large as can be, that holds no core and is no part of what goes together."""
        removed = self._removed(frozenset(), frozenset())
        return None if removed is None else [item for item in self._items if item not in removed]

    def _removed(
        self, removed: frozenset[Dependency], kept: frozenset[Dependency]
    ) -> frozenset[Dependency] | None:
        """Return lines to leave out, with some that are and without others; one of each core, the fewest."""
        if any(outside <= removed for outside in self._outside):
            return None
        whole = [core for core in self.failing if removed.isdisjoint(core)]
        if not whole:
            return removed
        # The core with the fewest choices left is decided first.
        choices = min((sorted(core - kept, key=lambda one: one.span) for core in whole), key=len)
        for number, item in enumerate(choices):
            found = self._removed(removed | {item}, kept | frozenset(choices[:number]))
            if found is not None:
                return found
        return None
