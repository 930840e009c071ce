"""Which lines seem to exclude each other, by what their own records ask for: no solver is asked.

What is looked at is what no solution can be without: the records that a line leaves of its package, and what all
of these ask of Python and of the packages that other lines name. That takes one pass over the records of the
lines; what takes a longer derivation is left to the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice, product

from condaenv_tools.conflicts.search.universe import Demands, Universe, all_match
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.record import PackageRecord

__all__ = ["records_left", "seen_conflicts"]

#: So many pairs are returned: each costs three questions to prove.
_MOST_PAIRS = 40

_Records = tuple[PackageRecord, ...]


def seen_conflicts(items: Sequence[Dependency], universe: Universe) -> tuple[tuple[Dependency, ...], ...]:
    """Return lines that cannot be met by themselves, and pairs of lines that exclude each other directly.

    Parameters
    ----------
    items : sequence of Dependency
        Lines of one platform.
    universe : Universe
        The records of the platform.

    Returns
    -------
    tuple of tuples of Dependency
        Single lines first, in the order of `items`; a pair has none of them. Lines that hold under a condition
        are passed over.

    Notes
    -----
    One pass over the `r` records of the lines, O(r d) for `d` demands each, and one over the pairs of lines that
    leave different records of a package.
    """
    lines = [item for item in items if item.spec.when is None and not item.spec.has_name_pattern]
    named = {str(item.name) for item in lines} | {"python"}
    universe.prefetch(named)
    left = {item: records_left(item.spec, universe) for item in lines}
    needed = {item: _needed(item, records, named, universe) for item, records in left.items()}
    barred = {item: _barred(records, named, universe) for item, records in left.items()}
    alone = [item for item in lines if not all(needed[item].values())]
    pairs = _pairs([item for item in lines if item not in alone], needed, barred)
    return (*((item,) for item in alone), *islice(pairs, _MOST_PAIRS))


def records_left(spec: MatchSpec, universe: Universe) -> _Records:
    """Return the records that a spec leaves, of those that the machine and the names on the channels allow."""
    return tuple(
        record
        for record in universe.visible(spec.name)
        if spec.matches(record)
        and all(
            any(all_match(specs, one) for one in universe.visible(name))
            if is_virtual(name)
            else _there(universe, name)
            for name, specs in universe.needs(record).items()
        )
    )


def _there(universe: Universe, name: str) -> bool:
    try:
        return universe.exists(name)
    except ChannelError:
        return True


_Shares = dict[str, frozenset[str]]


def _needed(item: Dependency, records: _Records, named: set[str], universe: Universe) -> _Shares:
    """Return what a line leaves of its package, and of each named package that all its records need."""
    own = str(item.name)
    found = {own: frozenset(record.url for record in records)}
    for name, asked in _common([universe.needs(record) for record in records], named):
        if name != own:
            found[name] = _allowed(asked, universe.visible(name))
    return found


def _barred(records: _Records, named: set[str], universe: Universe) -> _Shares:
    """Return what the records of a line allow of each named package, if it is there for another reason."""
    asked = _common([universe.bars(record) for record in records], named)
    return {name: _allowed(specs, universe.visible(name)) for name, specs in asked}


def _common(demands: Sequence[Demands], named: set[str]) -> Iterator[tuple[str, set[tuple[MatchSpec, ...]]]]:
    """Yield each named package that all of some records ask about, and what each of them asks, once."""
    for name in sorted(named.intersection(demands[0]) if demands else ()):
        if all(name in one for one in demands):
            yield name, {one[name] for one in demands}


def _allowed(asked: set[tuple[MatchSpec, ...]], records: _Records) -> frozenset[str]:
    return frozenset(record.url for record in records if any(all_match(specs, record) for specs in asked))


def _pairs(
    lines: Sequence[Dependency], needed: dict[Dependency, _Shares], barred: dict[Dependency, _Shares]
) -> Iterator[tuple[Dependency, Dependency]]:
    """Yield pairs of lines that leave nothing in common of a package that one of them needs."""
    place = {item: number for number, item in enumerate(lines)}
    found: dict[tuple[Dependency, Dependency], None] = {}
    needing, barring = _by_name(lines, needed), _by_name(lines, barred)
    for name, groups in needing.items():
        sides = [*combinations(groups.items(), 2), *product(groups.items(), barring.get(name, {}).items())]
        for (one, ones), (other, others) in sides:
            if one.isdisjoint(other):
                for pair in product(ones, others):
                    first, second = sorted(pair, key=place.__getitem__)
                    found[first, second] = None
    yield from sorted(
        (pair for pair in found if pair[0] != pair[1]), key=lambda pair: (place[pair[0]], place[pair[1]])
    )


def _by_name(
    lines: Sequence[Dependency], shares: dict[Dependency, _Shares]
) -> dict[str, dict[frozenset[str], list[Dependency]]]:
    groups: dict[str, dict[frozenset[str], list[Dependency]]] = {}
    for item in lines:
        for name, allowed in shares[item].items():
            groups.setdefault(name, {}).setdefault(allowed, []).append(item)
    return groups
