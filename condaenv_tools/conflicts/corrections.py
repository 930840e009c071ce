"""What mends an environment: the fewest lines to change, each as little as possible, proven by solving again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from math import comb

from condaenv_tools.conflicts.cores import Core, find_core
from condaenv_tools.conflicts.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.universe import Universe
from condaenv_tools.conflicts.widening import Widening, any_of, widenings
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution

__all__ = ["Change", "Correction", "CorrectionSearch", "Target", "find_corrections"]

#: So many other texts of a line are tried against its conflicts, which are few lines each.
_MOST_TRIED = 24
#: So many of those that pass are tried on the whole file, in each direction.
_MOST_PROVEN = 3
#: So many sets of lines are looked at.
_MOST_SETS = 50_000
#: So many lines are changed at once, or one more than there are conflicts.
_MOST_CHANGES = 4
#: So many ways to choose a text for each of several lines.
_MOST_WAYS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One platform of the file.

    Attributes
    ----------
    items : tuple of Dependency
        The lines that count there.
    probe : Probe
        Asks the solver.
    cores : tuple of Core
        The conflicts that are known.
    """

    items: tuple[Dependency, ...]
    probe: Probe
    cores: tuple[Core, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line and what takes its place.

    Attributes
    ----------
    item : Dependency
        The line.
    to : str or None
        Its new text; None where it goes.
    steps : int
        How many groups of releases lie between the old version and the new one.
    upward : bool
        Whether the version rises.
    """

    item: Dependency
    to: str | None
    steps: int = 0
    upward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Changes with which every requested platform was solved.

    Attributes
    ----------
    changes : tuple of Change
        In the order of the files.
    versions : tuple of (str, tuple of str)
        The packages that the conflicts are about, as far as they are there, and their versions on all platforms;
        those of the changed lines first.
    """

    changes: tuple[Change, ...]
    versions: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def rank(self) -> tuple[int, int, int]:
        """How much it moves: lines changed, lines dropped, groups of releases passed."""
        dropped = sum(change.to is None for change in self.changes)
        return len(self.changes), dropped, sum(change.steps for change in self.changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSearch:
    """What a search for corrections found.

    Attributes
    ----------
    corrections : tuple of Correction
        What moves least first; all change the same number of lines, and no fewer suffice.
    complete : bool
        False where the time ran out, or more lines would have to be changed than are tried.
    """

    corrections: tuple[Correction, ...]
    complete: bool


def find_corrections(targets: Mapping[Platform, Target], *, most: int = 4) -> CorrectionSearch:
    """Return the smallest changes after which every platform has a solution.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, those that solve among them.
    most : int
        So many corrections are looked for.

    Returns
    -------
    CorrectionSearch
        A line is widened where that suffices, and dropped where no version of it would do.

    Raises
    ------
    CondaEnvToolsError
        A channel failed.

    Notes
    -----
    Every correction has a line of every conflict, so sets of lines that have are tried by rising size,
    from the number of conflicts on. A set
    whose removal leaves a conflict makes this conflict known, and the search begins anew: the first size at which
    a set passes is the smallest number of lines.
    """
    search = _Search(targets, most)
    try:
        search.run()
    except OutOfTimeError:
        search.complete = False
    ranked = sorted(search.found, key=lambda one: (one.rank, [str(c.item) for c in one.changes]))
    return CorrectionSearch(corrections=tuple(ranked), complete=search.complete)


class _Search:
    def __init__(self, targets: Mapping[Platform, Target], most: int) -> None:
        # Those that fail are asked first: they are the ones to say no.
        ordered = sorted(targets.items(), key=lambda pair: (not pair[1].cores, pair[0]))
        self.targets = dict(ordered)
        self.known = {platform: list(target.cores) for platform, target in self.targets.items()}
        self.found: list[Correction] = []
        self.complete = True
        self._most = most
        self._options: dict[Dependency, tuple[Change, ...]] = {}

    def run(self) -> None:
        cores = self._cores()
        if not cores:
            return
        if not all(core.minimal for core in cores):
            self.complete = False
            return
        # The known conflicts of one platform share no line, and each needs one of its own to change.
        least = max(len(found) for found in self.known.values())
        size = least
        while size <= max(_MOST_CHANGES, least + 1) and self._ways(size) <= _MOST_SETS:
            tried: set[frozenset[Dependency]] = set()
            while (lines := next(self._hitting(size, tried), None)) is not None:
                tried.add(frozenset(lines))
                self._try(lines)
                if len(self.found) >= self._most:
                    return
            if self.found:
                return
            size += 1
        self.complete = False

    def _ways(self, size: int) -> int:
        """Return how many sets of so many lines there are to look at."""
        return comb(len({item for core in self._cores() for item in core.members}), size)

    def _cores(self) -> list[Core]:
        return [core for cores in self.known.values() for core in cores]

    def _hitting(self, size: int, tried: set[frozenset[Dependency]]) -> Iterator[tuple[Dependency, ...]]:
        """Yield sets of lines that have one of every known conflict, and none that is idle."""
        sets = [set(core.members) for core in self._cores()]
        lines = sorted({item for one in sets for item in one}, key=lambda item: item.span)
        for chosen in combinations(lines, size):
            here = set(chosen)
            if frozenset(here) not in tried and all(here & one for one in sets):
                yield chosen

    def _try(self, lines: tuple[Dependency, ...]) -> None:
        widened = [self._widened(item) for item in lines]
        ways = islice(product(*widened), _MOST_WAYS)
        if len(lines) == 1:
            self._take_nearest(widened[0])
        else:
            next((True for way in ways if self._prove(way)), None)
        if any({c.item for c in one.changes} == set(lines) for one in self.found):
            return
        if not self._passes_without(lines):
            return
        self._drop_what_must_go(lines, widened)

    def _take_nearest(self, changes: Sequence[Change]) -> None:
        """Prove the nearest change in each direction."""
        for upward in (True, False):
            side = [change for change in changes if change.upward is upward]
            next((True for change in side[:_MOST_PROVEN] if self._prove((change,))), None)

    def _drop_what_must_go(self, lines: tuple[Dependency, ...], widened: Sequence[Sequence[Change]]) -> None:
        """Drop as few of some lines as suffices, and widen the others."""
        for number in range(1, len(lines) + 1):
            for gone in combinations(range(len(lines)), number):
                choices = [
                    (Change(item=item, to=None),) if n in gone else widened[n] for n, item in enumerate(lines)
                ]
                if any(self._prove(way) for way in islice(product(*choices), _MOST_WAYS)):
                    return

    def _passes_without(self, lines: Sequence[Dependency]) -> bool:
        """Say whether all platforms solve without some lines; a conflict that is left becomes known."""
        for platform, target in self.targets.items():
            rest = [item for item in target.items if item not in lines]
            if self.known[platform] and target.probe.fails(rest):
                core = find_core(rest, target.probe.fails)
                if not core.minimal:
                    raise OutOfTimeError
                self.known[platform].append(core)
                self._options.clear()
                return False
        return True

    def _widened(self, item: Dependency) -> tuple[Change, ...]:
        """Return other texts of a line that mend each conflict that it is part of, the nearest first."""
        if item not in self._options:
            raw = self._all_widenings(item)[:_MOST_TRIED]
            sides = [
                self._passing(item, [one for one in raw if one.upward is upward]) for upward in (True, False)
            ]
            passing = sorted((one for side in sides for one in side), key=raw.index)
            self._options[item] = tuple(
                Change(item=item, to=one.text, steps=one.steps, upward=one.upward) for one in passing
            )
        return self._options[item]

    def _passing(self, item: Dependency, raw: Sequence[Widening]) -> list[Widening]:
        """Return the nearest few of one direction that mend the conflicts of a line.

        If not even all of them together mend a conflict, none of them need be tried.
        """
        if len(raw) > _MOST_PROVEN and not self._mends(item, any_of([one.spec for one in raw])):
            return []
        return list(islice((one for one in raw if self._mends(item, one.spec)), _MOST_PROVEN))

    def _all_widenings(self, item: Dependency) -> tuple[Widening, ...]:
        for platform, target in self.targets.items():
            if any(item in core.members for core in self.known[platform]):
                universe = Universe(target.probe.request, target.probe.options)
                return widenings(item.spec, universe.visible(item.name))
        return ()

    def _mends(self, item: Dependency, spec: MatchSpec) -> bool:
        for platform, target in self.targets.items():
            for core in self.known[platform]:
                if item in core.members:
                    specs = [spec if one is item else one.spec for one in core.members]
                    if target.probe.outcome(specs).solution is None:
                        return False
        return True

    def _prove(self, changes: tuple[Change, ...]) -> bool:
        """Solve all platforms with some changes; keep the correction where all of them have a solution."""
        new = {change.item: change.to for change in changes}
        solutions: list[Solution] = []
        for target in self.targets.values():
            if target.items and all(new.get(item, item.text) is None for item in target.items):
                return False  # a file without lines mends nothing
            solution = target.probe.changed(target.items, new)
            if solution is None:
                return False
            solutions.append(solution)
        names = dict.fromkeys(change.item.name for change in changes)
        given = [core for target in self.targets.values() for core in target.cores]
        names.update(dict.fromkeys(item.name for core in given for item in core.members))
        self.found.append(Correction(changes=changes, versions=_versions(names, solutions)))
        return True


def _versions(
    names: Mapping[str, None], solutions: Sequence[Solution]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = {}
    for solution in solutions:
        for record in solution.records:
            if record.name in names:
                found.setdefault(record.name, {})[record.version] = None
    return tuple((name, tuple(found[name])) for name in names if name in found)
