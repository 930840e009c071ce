"""Why lines exclude each other: what each of them leaves of other packages, until nothing is left of one.

The records are followed from the lines on. What every record that is left of a package needs is needed; what no
record of a package that is needed can live with is left out. When nothing is left of a package that is needed, the
limits on it are taken back one by one, then the limits behind those, so that only what it takes is told.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.conflicts.search.universe import Demands, Universe, all_match
from condaenv_tools.conflicts.words.reasons import Chain, Kind, Reason, Records
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.record import PackageRecord

__all__ = ["find_chain", "required_by"]

_Goal = Callable[[Records], bool]

#: So many packages are looked at before a chain is given up.
_MOST_PACKAGES = 2000


def find_chain(
    members: Sequence[Dependency], universe: Universe, *, until: float | None = None
) -> Chain | None:
    """Return why lines exclude each other.

    Parameters
    ----------
    members : sequence of Dependency
        A core.
    universe : Universe
        The records of the platform.
    until : float, optional
        Moment of `time.monotonic` at which the search is given up.

    Returns
    -------
    Chain or None
        Of the package nearest to the lines, one that a line names before any other. None where it takes a case
        distinction to see it, a line holds under a condition only, or the search was given up.

    Notes
    -----
    Arc consistency: O(r d) for `r` records with `d` demands each that are reached, times the number of
    times that a package is narrowed.
    """
    if any(item.spec.when is not None for item in members):
        return None
    search = _Search(members, universe)
    name = search.run(until)
    return None if name is None else search.chain(name)


def required_by(
    members: Sequence[Dependency], universe: Universe, *, until: float | None = None
) -> dict[str, Records]:
    """Return what is left of each package that some lines need, as far as the records tell without trying.

    Parameters
    ----------
    members, universe, until
        As for `find_chain`.

    Returns
    -------
    dict of str to tuple of PackageRecord
        By name, sorted. Every solution has one of the records of each.
    """
    search = _Search(members, universe)
    search.run(until)
    return search.required


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Limit:
    """A limit as it was found: which records it allows, and how many limits on its source counted then."""

    name: str
    kind: Kind
    allowed: frozenset[str]
    line: Dependency | None = None
    source: str = ""
    known: int = 0


class _Search:
    def __init__(self, members: Sequence[Dependency], universe: Universe) -> None:
        self._universe = universe
        self._members = tuple(members)
        self._limits: dict[str, list[_Limit]] = {}
        self._left: dict[str, Records] = {}
        self._required: set[str] = set()
        # Which packages have a record that asks something of a package.
        self._askers: dict[str, set[str]] = {}
        # Whether records are left out for what is not limited as well: what does not exist at all.
        self._wide = False

    @property
    def required(self) -> dict[str, Records]:
        return {name: self._left[name] for name in sorted(self._required)}

    def run(self, until: float | None) -> str | None:
        """Follow the records until nothing is left of a package; return its name."""
        level: dict[str, None] = {}
        for item in self._members:
            allowed = _urls(r for r in self._universe.visible(item.name) if item.spec.matches(r))
            self._add(_Limit(name=item.name, kind=Kind.LINE, allowed=allowed, line=item))
            level[item.name] = None
        while level:
            empty = [name for name in self._required if not self._left[name]]
            if empty:
                return min(empty, key=self._distance)
            following: dict[str, None] = {}
            for name in level:
                if until is not None and time.monotonic() > until:
                    return None
                following.update(dict.fromkeys(self._follow(name)))
            if len(self._left) > _MOST_PACKAGES:
                return None
            # What no other package limits is looked at last: it takes reading all that anything asks for.
            level = following or self._widened()
        return None

    def _widened(self) -> dict[str, None]:
        if self._wide:
            return {}
        self._wide = True
        return dict.fromkeys(sorted(self._required))

    def _distance(self, name: str) -> tuple[bool, bool, bool, str]:
        """Sort what is plain first, then what a line names; Python before its binary interface."""
        named = any(limit.kind is Kind.LINE for limit in self._limits[name])
        direct = all(limit.kind in {Kind.LINE, Kind.NEED} for limit in self._limits[name])
        return not direct, not named, name.endswith("_abi"), name

    def _add(self, limit: _Limit) -> bool:
        """Take a limit in, and say whether it changes anything."""
        name = limit.name
        before = self._left.get(name)
        if before is None:
            before = self._universe.visible(name)
        after = tuple(record for record in before if record.url in limit.allowed)
        asks = limit.kind in {Kind.LINE, Kind.NEED}
        new = asks and name not in self._required
        if len(after) == len(before) and not new and limit.kind is not Kind.LINE:
            self._left.setdefault(name, before)
            return False
        self._limits.setdefault(name, []).append(limit)
        self._left[name] = after
        if asks:
            self._required.add(name)
        return True

    def _follow(self, name: str) -> list[str]:
        """Draw what follows from what is left of a package; return the packages that changed."""
        left = self._left[name]
        changed: list[str] = []
        known = len(self._limits[name])
        if name in self._required and left:
            for target in {target for record in left for target in self._universe.needs(record)}:
                self._askers.setdefault(target, set()).add(name)
            for kind, demands in (
                (Kind.NEED, [self._universe.needs(r) for r in left]),
                (Kind.BAR, [self._universe.bars(r) for r in left]),
            ):
                for target in _common(demands):
                    allowed = self._implied(left, target, kind)
                    limit = _Limit(name=target, kind=kind, allowed=allowed, source=name, known=known)
                    if self._add(limit):
                        changed.append(target)
            changed += self._fit(name, left)
        # What asked for other records of this package is left out.
        for asker in sorted(self._askers.get(name, ())):
            if asker != name and self._narrow(asker, name):
                changed.append(asker)
        return changed

    def _fit(self, name: str, left: Records) -> list[str]:
        """Leave out the records of a package that ask for what is not left of another."""
        targets = {target: None for record in left for target in self._universe.needs(record)}
        known = [t for t in targets if self._wide or t in self._limits or is_virtual(t)]
        return [name for target in known if target != name and self._narrow(name, target)]

    def _narrow(self, name: str, target: str) -> bool:
        if target not in self._left:
            self._left[target] = self._universe.visible(target)
        allowed = self._fitting(self._left[target], name, target)
        known = len(self._limits.get(target, ()))
        return self._add(_Limit(name=name, kind=Kind.FIT, allowed=allowed, source=target, known=known))

    def _implied(self, records: Iterable[PackageRecord], target: str, kind: Kind) -> frozenset[str]:
        """Return the records of a package that at least one of some records can live with."""
        asked = self._specs(records, target, kind)
        if not all(asked):  # one of them asks for nothing
            return _urls(self._universe.visible(target))
        return _urls(r for r in self._universe.visible(target) if any(all_match(one, r) for one in asked))

    def _specs(
        self, records: Iterable[PackageRecord], target: str, kind: Kind
    ) -> tuple[tuple[MatchSpec, ...], ...]:
        read = self._universe.bars if kind is Kind.BAR else self._universe.needs
        return tuple(dict.fromkeys(read(record).get(target, ()) for record in records))

    def _fitting(self, left: Records, name: str, target: str) -> frozenset[str]:
        """Return the records of `name` that can live with one of those left of `target`."""
        known: dict[tuple[MatchSpec, ...], bool] = {}

        def fits(record: PackageRecord) -> bool:
            specs = self._universe.needs(record).get(target, ())
            if specs not in known:
                known[specs] = not specs or any(all_match(specs, one) for one in left)
            return known[specs]

        return _urls(filter(fits, self._universe.visible(name)))

    # What it takes, once nothing is left of a package.

    def chain(self, name: str) -> Chain:
        count = len(self._limits[name])
        reasons, _ = self._reasons(name, count, lambda left: not left, requires=True)
        return Chain(name=name, visible=self._universe.visible(name), reasons=reasons)

    def _reasons(
        self, name: str, count: int, goal: _Goal, *, requires: bool
    ) -> tuple[tuple[Reason, ...], Records]:
        """Return limits on a package that reach a goal, none of them idle, and what is left under them."""
        kept = list(self._limits.get(name, [])[:count])
        for limit in sorted(kept, key=_idle_first):
            rest = [one for one in kept if one is not limit]
            if (not requires or _asks(rest)) and goal(self._under(name, rest)):
                kept = rest
        reasons = []
        for place, limit in enumerate(kept):
            if limit.kind is Kind.LINE:
                reasons.append(Reason(name=name, kind=limit.kind, line=limit.line))
                continue
            others = self._under(name, [one for one in kept if one is not limit])
            reason, allowed = self._behind(limit, others, goal)
            kept[place] = replace(limit, allowed=allowed)
            reasons.append(reason)
        in_order = tuple(sorted(reasons, key=lambda reason: reason.kind is not Kind.LINE))
        return in_order, self._under(name, kept)

    def _behind(self, limit: _Limit, others: Records, goal: _Goal) -> tuple[Reason, frozenset[str]]:
        """Return why a limit holds, as far as the goal needs it, and what it then allows."""

        def allowed_by(left: Records) -> frozenset[str]:
            if limit.kind is Kind.FIT:
                return self._fitting(left, limit.name, limit.source)
            return self._implied(left, limit.name, limit.kind)

        def enough(left: Records) -> bool:
            if limit.kind is not Kind.FIT and not self._all_ask(left, limit):
                return False
            allowed = allowed_by(left)
            return goal(tuple(record for record in others if record.url in allowed))

        requires = limit.kind is not Kind.FIT
        behind, left = self._reasons(limit.source, limit.known, enough, requires=requires)
        allowed = allowed_by(left)
        fit = limit.kind is Kind.FIT
        dropped = tuple(record for record in others if record.url not in allowed) if fit else ()
        reason = Reason(
            name=limit.name,
            kind=limit.kind,
            source=limit.source,
            records=left,
            specs=self._specs(dropped, limit.source, Kind.NEED)
            if fit
            else self._specs(left, limit.name, limit.kind),
            dropped=dropped,
            behind=behind,
        )
        return reason, allowed

    def _all_ask(self, left: Records, limit: _Limit) -> bool:
        read = self._universe.bars if limit.kind is Kind.BAR else self._universe.needs
        return all(limit.name in read(record) for record in left)

    def _under(self, name: str, limits: Iterable[_Limit]) -> Records:
        sets = [limit.allowed for limit in limits]
        return tuple(r for r in self._universe.visible(name) if all(r.url in one for one in sets))


def _asks(limits: Iterable[_Limit]) -> bool:
    return any(limit.kind in {Kind.LINE, Kind.NEED} for limit in limits)


def _idle_first(limit: _Limit) -> tuple[int, int]:
    """Sort limits so that what is hardest to follow is the first to be taken back."""
    order = {Kind.FIT: 0, Kind.BAR: 1, Kind.NEED: 2, Kind.LINE: 3}
    return order[limit.kind], -limit.known


def _common(demands: Sequence[Demands]) -> list[str]:
    """Return the packages of which every record asks something, in the order of the first one."""
    if not demands:
        return []
    first, *others = demands
    return [name for name in first if all(name in one for one in others)]


def _urls(records: Iterable[PackageRecord]) -> frozenset[str]:
    return frozenset(record.url for record in records)
