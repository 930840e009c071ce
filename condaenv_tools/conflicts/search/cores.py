"""Which lines exclude each other: subset-minimal sets of lines that no solution fulfils.

A file often has many such sets, and the order of the search decides which one is found. Here the tightest lines
come first: pins before bounds before bare names, whatever their order in the file. The smallest beginning of that
order that fails ends with a line that belongs to every conflict within it; with that line in front, the search
begins anew, until what has been collected fails by itself. A conflict of a few pins among a hundred bare names
is thus found by solving a few pins. What the records show at a glance is proven first: it takes fewer questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from condaenv_tools.conflicts.search.core_values import (
    BARE,
    OTHER,
    Beside,
    Core,
    CoreSearch,
    Fails,
    Glance,
    looseness,
    tightness,
)
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency

__all__ = [
    "Beside",
    "Core",
    "CoreSearch",
    "Fails",
    "Glance",
    "find_core",
    "find_cores",
    "looseness",
    "tightness",
]

#: For a core of more than two lines, and up to so many, one of fewer lines is looked for: a search for each line.
_MOST_TRADED = 4


def find_cores(
    items: Sequence[Dependency], fails: Fails, *, most: int = 64, glance: Glance | None = None
) -> CoreSearch:
    """Return conflicts of a file that share no line, until what is left goes together.

    Parameters
    ----------
    items : sequence of Dependency
        The lines, in the order of the files.
    fails : callable
        Says whether some of them exclude each other.
    most : int
        So many conflicts are looked for.
    glance : callable, optional
        Says which lines seem to exclude each other; each set is proven before it counts.

    Returns
    -------
    CoreSearch
        No core where the lines go together.

    Notes
    -----
    About ``k log2 n`` questions for a core of `k` among `n` lines, most of them about few lines, and `k` more
    that prove that it is minimal. One of two lines that the records show takes three.

    Examples
    --------
    >>> from condaenv_tools.model.match_spec import MatchSpec
    >>> from condaenv_tools.model.span import SourceSpan
    >>> lines = [
    ...     Dependency(text=t, spec=MatchSpec.parse(t), span=SourceSpan(path="e.yml", line=n, column=5))
    ...     for n, t in enumerate(["xarray", "numpy=2.0", "scipy", "pandas=1.5"], 6)
    ... ]
    >>> search = find_cores(lines, lambda part: {"numpy", "pandas"} <= {item.name for item in part})
    >>> [[str(item) for item in core.members] for core in search.cores], search.complete
    ([['numpy=2.0', 'pandas=1.5']], True)
    """
    search = _Search(items, fails, most)
    try:
        complete = search.run(glance)
    except OutOfTimeError:
        complete = False
    # What is left goes together, and part of a core that is too large may not.
    complete = complete and all(core.minimal for core in search.cores)
    return CoreSearch(cores=tuple(search.cores), complete=complete)


class _Search:
    def __init__(self, items: Sequence[Dependency], fails: Fails, most: int) -> None:
        self.left = list(items)
        self.cores: list[Core] = []
        self._fails = fails
        self._most = most

    def run(self, glance: Glance | None) -> bool:
        """Collect cores, and say whether what is left is known to go together."""
        try:
            if not self.left or self._fails(self.left) is False:
                return True
        except OutOfTimeError:
            # What the records show is told even so.
            self._take_seen(glance(self.left) if glance is not None else ())
            raise
        if glance is not None:
            # Bare names are looked at last: they are many, and seldom to blame for what a tighter line excludes.
            for loosest in (OTHER, BARE):
                if not self.left or self._fails(self.left) is False:
                    return True
                self._take_seen(glance([item for item in self.left if tightness(item.spec) <= loosest]))
        return self._take_hidden()

    def _take_hidden(self) -> bool:
        """Collect the cores that take a search, and say whether what is left is known to go together."""
        while self.left and (failing := self._fails(self.left)) is not False:
            if len(self.cores) >= self._most:
                return False
            pool = self.left if failing else _known_to_fail(self.left, self._fails)
            if not pool:
                return False
            core = find_core(pool, self._fails)
            self._take(core)
            if not core.minimal:
                return False
        return True

    def _take(self, core: Core) -> None:
        self.cores.append(core)
        self.left = [item for item in self.left if item not in core.members]

    def _take_seen(self, seen: Iterable[tuple[Dependency, ...]]) -> None:
        # A line that cannot be met by itself is told in any case; of the others, the tightest.
        late = False
        for members in sorted(seen, key=lambda one: (len(one) > 1, looseness(one))):
            if len(self.cores) >= self._most or not all(item in self.left for item in members):
                continue
            # What the records show, and no solver has denied: of one line, nothing can be left out.
            core: Core | None = Core(members=members, minimal=len(members) == 1)
            try:
                core = core if late else self._proven(members)
            except OutOfTimeError:
                late = True
            if core is not None:
                self._take(core)
        if late:
            raise OutOfTimeError

    def _proven(self, members: tuple[Dependency, ...]) -> Core | None:
        """Return what is a core of lines that seem to be one; None where it is none, or not the one to tell."""
        failing = self._fails(members)
        if failing is False:
            return None
        if len(members) == 1:
            return Core(members=members)
        loosest = looseness(members)[0]
        tighter = [item for item in self.left if tightness(item.spec) < loosest]
        if tighter and self._fails(tighter):
            return None  # a conflict of tighter lines is more telling; the search finds it
        return find_core(members, self._fails) if failing else Core(members=members, minimal=False)


def _known_to_fail(items: Sequence[Dependency], fails: Fails) -> list[Dependency]:
    """Return a beginning of the tightest lines that fails, where it is not known of all of them; else nothing."""
    pool = _by_tightness(items)
    size = 1
    while size < len(pool):
        if fails(pool[:size]):
            return pool[:size]
        size *= 2
    return []


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
        Not minimal where the time ran out, or a question had no answer: then what had been narrowed down to,
        which fails all the same.
    """
    core = _narrowed(items, fails)
    if not core.minimal or not 2 < len(core.members) <= _MOST_TRADED:
        return core
    try:
        return _with_fewer(core, items, fails)
    except OutOfTimeError:
        return core


def _narrowed(items: Sequence[Dependency], fails: Fails) -> Core:
    narrowing = _Narrowing(items, fails)
    try:
        narrowing.run()
    except OutOfTimeError:
        narrowing.minimal = False
    found = narrowing.failing
    return Core(members=tuple(item for item in items if item in found), minimal=narrowing.minimal)


def _with_fewer(core: Core, items: Sequence[Dependency], fails: Fails) -> Core:
    """Return a core of fewer lines that are no looser, if leaving out a line of this one leads to it."""
    loosest = looseness(core.members)[0]
    pool = [item for item in items if tightness(item.spec) <= loosest]
    best = core
    for item in core.members:
        rest = [other for other in pool if other is not item]
        if not rest or not fails(rest):
            continue
        other = _narrowed(rest, fails)
        if other.minimal and len(other.members) < len(best.members):
            best = other
        if len(best.members) <= 2:
            break
    return best


class _Narrowing:
    """The smallest part that is known to fail, which gets smaller."""

    def __init__(self, items: Sequence[Dependency], fails: Fails) -> None:
        self.failing = _by_tightness(items)
        self.minimal = False
        self._fails = fails

    def run(self) -> None:
        pool = self.failing
        found: list[Dependency] = []
        while pool and not (found and self._narrowed(found)):
            size = self._smallest_beginning(found, pool)
            found = [*found, pool[size - 1]]
            pool = pool[: size - 1]
        self._drop_idlers()

    def _narrowed(self, part: Sequence[Dependency]) -> bool:
        """Say whether a part fails; if it does, and is smaller than what is known to, keep it."""
        if not self._fails(part):
            return False
        if len(part) < len(self.failing):
            self.failing = list(part)
        return True

    def _smallest_beginning(self, found: Sequence[Dependency], pool: Sequence[Dependency]) -> int:
        """Return how many of `pool` it takes to fail together with `found`, all of which are known to.

        Small beginnings are tried first: a question about few lines costs a small part of one about all.
        """
        sound, failing = 0, 1
        while failing < len(pool) and not self._narrowed([*found, *pool[:failing]]):
            sound, failing = failing, min(2 * failing, len(pool))
        while failing - sound > 1:
            middle = (sound + failing) // 2
            if self._narrowed([*found, *pool[:middle]]):
                failing = middle
            else:
                sound = middle
        return failing

    def _drop_idlers(self) -> None:
        """Prove that each line is needed, and leave out one that is not."""
        unsure = False
        for item in list(self.failing):
            rest = [other for other in self.failing if other is not item]
            without = self._fails(rest) if rest else False
            if without:
                self.failing = rest
            unsure = unsure or without is None
        self.minimal = not unsure


def _by_tightness(items: Sequence[Dependency]) -> list[Dependency]:
    """Return lines by what they leave open, and then by name: their order in the file decides nothing."""
    return sorted(items, key=lambda item: (tightness(item.spec), str(item), item.span))
