"""The search for the fewest lines to change, each as little as possible; all is proven by solving again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, islice, product

from condaenv_tools.conflicts.corrections.line_options import Candidate, LineOptions, Side
from condaenv_tools.conflicts.corrections.proof import settled, solved
from condaenv_tools.conflicts.corrections.ranking import ranked
from condaenv_tools.conflicts.corrections.values import Change, Correction, CorrectionSearch, Target
from condaenv_tools.conflicts.corrections.widening import any_of
from condaenv_tools.conflicts.search.cores import Core, find_core
from condaenv_tools.conflicts.search.hitting import TooManySetsError, hitting_sets, least_size
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution

__all__ = ["find_corrections"]

#: So many texts of a line are tried on the whole file, in each direction.
_MOST_PROVEN = 4
#: So many ways to choose a text for each of several lines.
_MOST_WAYS = 4
#: Of so many lines all choices of those to drop are tried.
_MOST_CHOSEN_FROM = 3


def find_corrections(targets: Mapping[Platform, Target], *, most: int = 4) -> CorrectionSearch:
    """Return the smallest changes after which every platform has a solution.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, those that solve among them.
    most : int
        So many corrections are returned.

    Returns
    -------
    CorrectionSearch
        A line is widened where that suffices, written otherwise where no channel has its name, and dropped where
        neither does: only on the platforms where it cannot be met, if there are others.

    Raises
    ------
    CondaEnvToolsError
        A channel failed.

    Notes
    -----
    Every correction has a line of every conflict, so sets of lines that have are tried by rising size. A set
    whose removal leaves a conflict makes this conflict known, and the search begins anew: the first size at which
    a set passes is the smallest number of lines. The nearest text of a line is found by bisection: whether any of
    the nearest `k` texts will do is one question, and more texts never do less.
    """
    search = _Search(targets, most)
    try:
        search.run()
    except (OutOfTimeError, TooManySetsError):
        search.complete = False
    return CorrectionSearch(corrections=search.ranked(), complete=search.complete)


class _Search:
    def __init__(self, targets: Mapping[Platform, Target], most: int) -> None:
        # Those that fail are asked first: they are the ones to say no.
        ordered = sorted(targets.items(), key=lambda pair: (not pair[1].cores, pair[0]))
        self.targets = dict(ordered)
        self.known = {platform: list(target.cores) for platform, target in self.targets.items()}
        self.found: dict[tuple[Change, ...], dict[Platform, Solution]] = {}
        self.complete = True
        self._most = most
        self._options = LineOptions(self.targets)
        self._passing: dict[Dependency, tuple[Candidate, ...]] = {}

    def run(self) -> None:
        cores = self._cores()
        if not cores:
            return
        if not all(core.minimal for core in cores):
            self.complete = False
            return
        size = max(least_size(self._conflicts()), 1)
        while size <= len({item for one in self._conflicts() for item in one}):
            tried: set[tuple[Dependency, ...]] = set()
            while (lines := self._next(size, tried)) is not None:
                tried.add(lines)
                self._try(lines)
                if len(self.found) >= self._most and size > 1:
                    return
            if self.found:
                return
            size += 1

    def ranked(self) -> tuple[Correction, ...]:
        """Return what was found, what moves least first."""
        names = dict.fromkeys(item.name for core in self._given() for item in core.members)
        return ranked(self.targets, self.found, tuple(names), self._options.has)[: self._most]

    def _cores(self) -> list[Core]:
        return [core for cores in self.known.values() for core in cores]

    def _given(self) -> list[Core]:
        return [core for target in self.targets.values() for core in target.cores]

    def _conflicts(self) -> list[frozenset[Dependency]]:
        return list(dict.fromkeys(frozenset(core.members) for core in self._cores()))

    def _next(self, size: int, tried: set[tuple[Dependency, ...]]) -> tuple[Dependency, ...] | None:
        """Return a set of lines that has one of every known conflict and was not tried yet."""
        sets = hitting_sets(self._conflicts(), size, lambda item: (not self._options.sides(item), item.span))
        return next((lines for lines in sets if lines not in tried), None)

    def _try(self, lines: tuple[Dependency, ...]) -> None:
        if not self._passes_without(lines):
            return
        if len(lines) == 1:
            kept = [self._take_nearest(side) for side in self._options.sides(lines[0])]
        else:
            kept = [self._widen_all(lines)]
        if not any(kept):
            self._give_up(lines)

    def _passes_without(self, lines: Sequence[Dependency]) -> bool:
        """Say whether all platforms solve without some lines; a conflict that is left becomes known."""
        for platform, target in self.targets.items():
            rest = [item for item in target.items if item not in lines]
            if self.known[platform] and rest and target.probe.fails(rest):
                self._learn(platform, rest)
                return False
        return True

    def _learn(self, platform: Platform, rest: Sequence[Dependency]) -> None:
        """Take in a conflict among some lines; those that nothing fits are found without the solver."""
        alone = [item for item in rest if platform in self._options.absent_on(item)]
        cores = [Core(members=(item,)) for item in alone]
        if not cores:
            core = find_core(rest, self.targets[platform].probe.fails)
            if not core.minimal:
                raise OutOfTimeError
            cores = [core]
        self.known[platform] += cores
        self._passing.clear()

    def _take_nearest(self, side: Side) -> bool:
        """Prove the nearest change of one side."""
        left = list(side)
        at = self._first(left, whole=False)
        for _ in range(_MOST_PROVEN):
            if at is None:
                return False
            if self._prove((left[at][0],)):
                return True
            left = left[at + 1 :]
            at = self._first(left, whole=True)
        return False

    def _first(self, side: Sequence[Candidate], *, whole: bool) -> int | None:
        """Return the first place at which a line may stop to be in the way, by bisection.

        The conflicts of the line are asked about, or the whole file; what passes may still fail by itself, since
        each platform may have chosen another text, and builds do not count here.
        """

        def may(number: int) -> bool:
            item, spec = side[0][0].item, any_of([spec for _, spec in side[:number]])
            return settled(self.targets, {item: spec}) if whole else self._mends(item, spec)

        sound, passing = 0, 1
        while side and not may(passing):
            if passing == len(side):
                return None
            sound, passing = passing, min(2 * passing, len(side))
        while passing - sound > 1:
            middle = (sound + passing) // 2
            sound, passing = (sound, middle) if may(middle) else (middle, passing)
        return passing - 1 if side else None

    def _mends(self, item: Dependency, spec: MatchSpec) -> bool:
        """Say whether another spec of a line mends each known conflict that the line is part of."""
        for platform, target in self.targets.items():
            for core in self.known[platform]:
                if item in core.members:
                    specs = [spec if one == item else one.spec for one in core.members]
                    if target.probe.outcome(specs).solution is None:
                        return False
        return True

    def _candidates(self, item: Dependency) -> tuple[Candidate, ...]:
        """Return texts of a line that mend its known conflicts, the nearest of each side first."""
        if item not in self._passing:
            found: list[tuple[int, Candidate]] = []
            for number, side in enumerate(self._options.sides(item)):
                at = self._first(side, whole=False)
                if at is not None:
                    near = [one for one in side[at : at + _MOST_PROVEN] if self._mends(item, one[1])]
                    found += [(rank * 10 + number, one) for rank, one in enumerate(near)]
            self._passing[item] = tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))
        return self._passing[item]

    def _widen_all(self, lines: Sequence[Dependency]) -> bool:
        """Keep all of some lines, each with another text."""
        choices = [[change for change, _ in self._candidates(item)] for item in lines]
        if not all(choices):
            return False
        return any(self._prove(way) for way in _ways(choices)) or self._as_solved(lines)

    def _as_solved(self, lines: Sequence[Dependency]) -> bool:
        """Let the solver choose among all texts of some lines, and write what it chose."""
        loose = {item: _any([one for side in self._options.sides(item) for one in side]) for item in lines}
        if not settled(self.targets, loose):
            return False
        changes = [self._chosen(item, loose) for item in lines]
        kept = tuple(change for change in changes if change is not None)
        return len(kept) == len(lines) and self._prove(kept)

    def _chosen(self, item: Dependency, loose: Mapping[Dependency, MatchSpec]) -> Change | None:
        """Return the nearest text of a line that takes the versions which the solver chose."""
        records = []
        for target in self.targets.values():
            if item in target.items:
                specs = [loose.get(one, one.spec) for one in target.items]
                solution = target.probe.outcome(specs).solution
                records += (
                    [] if solution is None else [r for r in solution.records if r.name == loose[item].name]
                )
        fitting = [
            change
            for side in self._options.sides(item)
            for change, spec in side
            if all(spec.matches(record) for record in records)
        ]
        return min(fitting, key=lambda change: change.steps, default=None)

    def _give_up(self, lines: Sequence[Dependency]) -> None:
        """Drop as few of some lines as suffices, and widen the others."""
        gone = self._few_to_drop(lines) if len(lines) <= _MOST_CHOSEN_FROM else self._some_to_drop(lines)
        for dropped in gone:
            choices = [
                [Change(item=item, to=None)] if item in dropped else [c for c, _ in self._candidates(item)]
                for item in lines
            ]
            way = next((way for way in _ways(choices) if self._prove(way)), None)
            if way is not None:
                self._with_selectors(way)
                return

    def _few_to_drop(self, lines: Sequence[Dependency]) -> Iterator[Sequence[Dependency]]:
        for number in range(1, len(lines) + 1):
            for gone in combinations(lines, number):
                if all(item in gone or self._candidates(item) for item in lines):
                    yield gone

    def _some_to_drop(self, lines: Sequence[Dependency]) -> Iterator[Sequence[Dependency]]:
        """Yield one choice of lines to drop, none of which could be kept with the others; then all of them."""
        loose: dict[Dependency, MatchSpec | None] = dict.fromkeys(lines)
        able = [item for item in lines if self._candidates(item)]

        def keep(some: Sequence[Dependency]) -> None:
            texts = {item: _any(self._candidates(item)) for item in some}
            if settled(self.targets, {**loose, **texts}):
                loose.update(texts)
            elif len(some) > 1:
                half = len(some) // 2
                keep(some[:half])
                keep(some[half:])

        if able:
            keep(able)
        yield [item for item in lines if loose[item] is None]
        yield lines

    def _with_selectors(self, changes: tuple[Change, ...]) -> None:
        """Keep lines that are in the way on some platforms where they are not."""
        kept = tuple(self._kept_elsewhere(change) for change in changes)
        if kept != changes:
            self._prove(kept)

    def _kept_elsewhere(self, change: Change) -> Change:
        item = change.item
        if change.to is not None:
            return change
        places = {platform for platform, target in self.targets.items() if item in target.items}
        barred = {p for p in places if any(item in core.members for core in self.known[p])}
        if barred == places:
            return change
        return replace(change, to=item.text, only_on=tuple(sorted(places - barred)))

    def _prove(self, changes: tuple[Change, ...]) -> bool:
        """Solve all platforms with some changes; keep them where all of them have a solution."""
        if changes not in self.found:
            solutions = solved(self.targets, changes)
            if solutions is None:
                return False
            self.found[changes] = solutions
        return True


def _ways(choices: Sequence[Sequence[Change]]) -> Iterator[tuple[Change, ...]]:
    """Yield ways to choose one change of each line: first the nearest of all, then those that move little more."""
    few = [one[: _MOST_WAYS if len(choices) <= _MOST_CHOSEN_FROM else 1] for one in choices]
    yield from islice(sorted(product(*few), key=lambda way: sum(change.steps for change in way)), _MOST_WAYS)


def _any(candidates: Sequence[Candidate]) -> MatchSpec:
    """Return what any of some texts allows, of the first name that they have."""
    name = candidates[0][1].name
    return any_of([spec for _, spec in candidates if spec.name == name])
