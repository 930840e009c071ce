"""How new the packages that shall move can be, and who holds those that cannot."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.channels.absence import records_of
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.errors import InvalidVersionError, UnsatisfiableError
from condaenv_tools.lock.wanted import Wanted
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.spec_words import plain_spec
from condaenv_tools.model.version import Version
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import SOLVERS, solve

__all__ = ["Stuck", "Targets", "find_targets"]

#: Of so many names each is made as new as it can be; of more, the solver's own preference counts.
_FEW = 8
#: How often one name is tried newer still.
_STEPS = 6
#: Seconds for the search for whoever holds a package.
_SECONDS = 60.0

Rank = tuple[Version, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A package that was asked to move and stays.

    Attributes
    ----------
    name : str
        The package.
    version : str
        What it stays at.
    reason : str
        Why, as a clause.
    newest : bool
        Whether it is as new as what was asked for can be, so that there is nothing to complain of.
    explicit : bool
        Whether it was named, and not only fitted by a pattern.
    hints : tuple of str
        What to do about it.
    """

    name: str
    version: str
    reason: str
    newest: bool = False
    explicit: bool = True
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the packages that shall move have to be.

    Attributes
    ----------
    specs : tuple of MatchSpec
        One for each package that moves.
    stuck : tuple of Stuck
        Those that do not.
    solution : Solution or None
        One in which they are that, where the search for them came by one.
    """

    specs: tuple[MatchSpec, ...] = ()
    stuck: tuple[Stuck, ...] = ()
    solution: Solution | None = None

    @property
    def moving(self) -> frozenset[str]:
        """Names of the packages that move."""
        return frozenset(spec.name for spec in self.specs)


def find_targets(
    request: SolveRequest,
    records: Sequence[PackageRecord],
    wanted: Sequence[Wanted],
    options: SolveOptions,
    *,
    lines: Sequence[Dependency] = (),
) -> Targets:
    """Return what each wanted package has to be: as new as the files allow.

    Parameters
    ----------
    request : SolveRequest
        What the files demand.
    records : sequence of PackageRecord
        What is locked.
    wanted : sequence of Wanted
        What shall move; in this order, where two cannot both be at their newest.
    options : SolveOptions
        How it is solved.
    lines : sequence of Dependency
        The lines behind the request, for messages.

    Raises
    ------
    UnsatisfiableError
        The files themselves have no solution.
    ChannelError, SolverTimeoutError
        As for a solve.
    """
    search = _Search(request, {record.name: record for record in records}, options, tuple(lines))
    asked: dict[str, Wanted] = {}
    for one in wanted:
        for name in one.among(search.locked):
            if name not in asked or asked[name].is_pattern:
                asked[name] = one
    return search.find(asked) if asked else Targets()


class _Search:
    def __init__(
        self,
        request: SolveRequest,
        locked: Mapping[str, PackageRecord],
        options: SolveOptions,
        lines: tuple[Dependency, ...],
    ) -> None:
        self.request = request
        self.locked = locked
        self._options = replace(options, tells_why=False)
        self._lines = lines
        self._asked: Mapping[str, Wanted] = {}

    def find(self, asked: Mapping[str, Wanted]) -> Targets:
        self._asked = asked
        floors = [
            MatchSpec.parse(f"{name} >={self.locked[name].version}")
            for name, one in asked.items()
            if one.spec is None
        ]
        own = [one.spec for one in asked.values() if one.spec is not None]
        solution = self._solved([*own, *floors]) or self._solved(own)
        if solution is None and own:
            solution, asked = self._without_impossible(own)
        if solution is None:
            (outcome,) = solve([self.request], replace(self._options, tells_why=True))
            assert outcome.error is not None
            raise outcome.error
        chosen = {record.name: record for record in solution.records}
        fixed = [one.spec for one in asked.values() if one.spec is not None]
        specs: list[MatchSpec] = []
        stuck: list[Stuck] = list(self._impossible)
        as_found = True
        for name in asked:
            if name not in chosen:
                continue  # nothing needs it any more
            best = self._newest(name, chosen[name], fixed) if len(asked) <= _FEW else chosen[name]
            as_found = as_found and best.url == chosen[name].url
            if best.url == self.locked[name].url:
                stuck.append(self._stuck(name, fixed))
                continue
            spec = _at_least(best)
            fixed.append(spec)
            specs.append(spec)
        return Targets(
            specs=tuple(specs), stuck=tuple(stuck), solution=solution if as_found and not stuck else None
        )

    _impossible: tuple[Stuck, ...] = ()

    def _without_impossible(self, own: Sequence[MatchSpec]) -> tuple[Solution | None, dict[str, Wanted]]:
        """Leave out versions that cannot be had, each with the reason."""
        left: list[MatchSpec] = []
        impossible: list[Stuck] = []
        for spec in own:
            if self._solved([*left, spec]) is None:
                impossible.append(self._held(spec.name, spec, left))
            else:
                left.append(spec)
        self._impossible = tuple(impossible)
        gone = {one.name for one in impossible}
        asked = {name: one for name, one in self._asked.items() if name not in gone}
        return (self._solved(left) if self._solved([]) else None), asked

    def _solved(self, more: Iterable[MatchSpec]) -> Solution | None:
        """Return the solution with more specs; what is not asked to move is preferred as it is."""
        locked = tuple(record for name, record in self.locked.items() if name not in self._asked)
        specs = (*self.request.specs, *more)
        (outcome,) = solve([replace(self.request, specs=specs, locked=locked)], self._options)
        if outcome.solution is None and not isinstance(outcome.error, UnsatisfiableError):
            assert outcome.error is not None
            raise outcome.error
        return outcome.solution

    def _newest(self, name: str, best: PackageRecord, fixed: Sequence[MatchSpec]) -> PackageRecord:
        """Return the newest that there can be of a name, beside what is fixed already."""
        own = self._asked[name].spec
        for _ in range(_STEPS):
            if not any(_rank(one) > _rank(best) for one in self._candidates(name, own)):
                break
            solution = self._solved([*fixed, _newer(best)])
            found = next((r for r in solution.records if r.name == name), None) if solution else None
            if found is None:
                break
            best = found
        return best

    def _candidates(self, name: str, own: MatchSpec | None, *, files: bool = True) -> list[PackageRecord]:
        """Return the builds that there are of a name and that no line and no argument rules out at once."""
        specs = [spec for spec in self.request.specs if spec.name == name] if files else []
        if own is not None:
            specs.append(own)
        found: list[PackageRecord] = []
        for source in self.request.sources:
            here = records_of([source], name, self.request.platform)
            found += (record for record in here if all(_meets(spec, record) for spec in specs))
            if here and self._options.channel_priority is ChannelPriority.STRICT:
                break
        newest = self._options.exclude_newer
        if newest is not None:
            limit = newest.timestamp() * 1000
            found = [one for one in found if one.timestamp is not None and one.timestamp <= limit]
        return found

    def _stuck(self, name: str, fixed: Sequence[MatchSpec]) -> Stuck:
        one, now = self._asked[name], self.locked[name]
        versions = [Version.of(record.version) for record in self._candidates(name, one.spec, files=False)]
        if not any(version > Version.of(now.version) for version in versions):
            what = "that was asked for" if one.spec is not None else "that there is"
            return Stuck(
                name=name,
                version=now.version,
                reason=f"it is the newest {what}",
                newest=True,
                explicit=not one.is_pattern,
            )
        if one.is_pattern:
            return Stuck(
                name=name,
                version=now.version,
                reason="something holds it; name it to see what",
                explicit=False,
                newest=False,
            )
        others = [spec for spec in fixed if spec.name != name]
        return self._held(name, MatchSpec.parse(f"{name} >{now.version}"), others)

    def _held(self, name: str, spec: MatchSpec, others: Sequence[MatchSpec]) -> Stuck:
        """Say which lines, and which other arguments, exclude what was asked for."""
        wish = _line_of(spec)
        more = [_line_of(other) for other in others]
        request = replace(self.request, specs=(*self.request.specs, *(one.spec for one in (*more, wish))))
        probe = Probe(request, SOLVERS["rattler"], self._options, until=time.monotonic() + _SECONDS)
        found = explain_platform([*self._lines, *more, wish], probe)
        conflict = next((one for one in found.conflicts if wish in one.members), None)
        if conflict is None:
            return Stuck(
                name=name, version=self.locked[name].version, reason=f"there is no {plain_spec(str(spec))}"
            )
        holders = [
            f"{item} ({item.span.path}:{item.span.line})"
            if item in self._lines
            else f"{item} (also asked for)"
            for item in conflict.members
            if item != wish
        ]
        who = " and ".join(holders)
        text = conflict.account.text
        reason = f"held by {who}: {text}" if who else text
        hints = conflict.account.hints
        if who:
            hints = (*hints, "change the line, then update again") if more == [] else hints
        return Stuck(name=name, version=self.locked[name].version, reason=reason, hints=hints)


def _line_of(spec: MatchSpec) -> Dependency:
    span = SourceSpan(path="<asked for>", line=1, column=1)
    return Dependency(text=plain_spec(str(spec)), spec=spec, span=span)


def _rank(record: PackageRecord) -> Rank:
    return Version.of(record.version), record.build_number


def _newer(record: PackageRecord) -> MatchSpec:
    return MatchSpec.parse(f"{record.name} >{record.version}")


def _at_least(record: PackageRecord) -> MatchSpec:
    """Return the spec of a version, and of builds that are no older."""
    builds = f"[build_number='>={record.build_number}']" if record.build_number else ""
    return MatchSpec.parse(f"{record.name} =={record.version}{builds}")


def _meets(spec: MatchSpec, record: PackageRecord) -> bool:
    try:
        return spec.matches(record)
    except InvalidVersionError:
        return False
