"""A file in parts, each of which solves: the fewest parts, and the fewest lines that move out of the first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind
from condaenv_tools.conflicts.search.cores import find_core
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency

__all__ = ["split"]

#: So many ways to part lines are looked at.
_MOST_WAYS = 20_000
#: So many environments are still a help.
_MOST_PARTS = 3
_Part = tuple[Dependency, ...]


def split(targets: Targets) -> OtherCorrection | None:
    """Return the smallest partition of the lines whose parts all solve on every platform, or None.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, with their conflicts.

    Returns
    -------
    OtherCorrection or None
        Of as few parts as suffice; among those, with as many lines as can be in the first part. None where a line
        cannot be met by itself, or where more than three parts, or too many ways, would have to be tried.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    conflicts = {frozenset(core.members) for target in targets.values() for core in target.cores}
    lines = list(dict.fromkeys(item for target in targets.values() for item in target.items))
    for number in range(2, _MOST_PARTS + 1):
        parts = _partition(targets, lines, conflicts, number)
        if parts is not None:
            return OtherCorrection(kind=OtherKind.SPLIT, parts=parts)
    return None


def _partition(
    targets: Targets, lines: Sequence[Dependency], conflicts: set[frozenset[Dependency]], number: int
) -> tuple[_Part, ...] | None:
    while True:
        among = sorted({item for one in conflicts for item in one}, key=lambda item: item.span)
        if number ** len(among) > _MOST_WAYS or any(len(one) < 2 for one in conflicts):
            return None
        places = next(_ways(among, conflicts, number), None)
        if places is None:
            return None
        where = dict(zip(among, places, strict=True))
        parts = tuple(tuple(item for item in lines if where.get(item, 0) == part) for part in range(number))
        new = _conflict_within(targets, parts)
        if new is None:
            return parts
        # It is a new one: no part has a whole conflict of those that were known.
        conflicts.add(new)


def _ways(
    among: Sequence[Dependency], conflicts: set[frozenset[Dependency]], number: int
) -> Iterator[tuple[int, ...]]:
    """Yield ways to put lines into parts so that no part has a whole conflict: the fewest moved lines first.

    Parts but the first are alike, so each is begun only after the one before; of two lines, the later one moves.
    """
    all_ways = (
        places
        for places in product(range(number), repeat=len(among))
        if set(places) >= set(range(1, number)) and _in_turn(places)
    )
    for places in sorted(all_ways, key=lambda one: (sum(part > 0 for part in one), one)):
        where = dict(zip(among, places, strict=True))
        if all(len({where[item] for item in one}) > 1 for one in conflicts):
            yield places


def _in_turn(places: Sequence[int]) -> bool:
    begun = [places.index(part) for part in range(1, max(places) + 1) if part in places]
    return begun == sorted(begun)


def _conflict_within(targets: Targets, parts: Sequence[_Part]) -> frozenset[Dependency] | None:
    """Return lines of one part that exclude each other on some platform, or None where all parts solve."""
    for target in targets.values():
        for part in parts:
            here = [item for item in part if item in target.items]
            if not here or target.probe.outcome([item.spec for item in here]).solution is not None:
                continue
            core = find_core(here, target.probe.fails)
            if not core.minimal:
                raise OutOfTimeError
            return frozenset(core.members)
    return None
