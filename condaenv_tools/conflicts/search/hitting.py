"""Sets of lines that have one of every conflict, smallest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.span import SourceSpan

__all__ = ["TooManySetsError", "hitting_sets", "least_size"]

#: So many beginnings of sets are looked at.
_MOST_LOOKED_AT = 50_000


class TooManySetsError(Exception):
    """There are more sets than are looked at."""


def least_size(conflicts: Sequence[frozenset[Dependency]]) -> int:
    """Return a number of lines below which no set has one of every conflict.

    Conflicts that share no line need one each.
    """
    taken: set[Dependency] = set()
    number = 0
    for one in sorted(conflicts, key=len):
        if taken.isdisjoint(one):
            taken |= one
            number += 1
    return number


def hitting_sets(
    conflicts: Sequence[frozenset[Dependency]],
    size: int,
    order: Callable[[Dependency], tuple[bool, SourceSpan]],
) -> Iterator[tuple[Dependency, ...]]:
    """Yield each set of so many lines that has one of every conflict, in the order of the text within it.

    Parameters
    ----------
    conflicts : sequence of frozenset of Dependency
        What has to be broken.
    size : int
        So many lines; smaller sets that suffice, and larger ones that come of them, are left out.
    order : callable
        A key: lines that come first by it are tried first.

    Raises
    ------
    TooManySetsError
        The search grows too large.
    """
    looked_at = 0

    def grow(
        chosen: tuple[Dependency, ...], barred: frozenset[Dependency]
    ) -> Iterator[tuple[Dependency, ...]]:
        nonlocal looked_at
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            raise TooManySetsError
        here = set(chosen)
        left = sorted((one - barred for one in conflicts if here.isdisjoint(one)), key=len)
        if not left:
            if len(chosen) == size:
                yield tuple(sorted(chosen, key=lambda item: item.span))
            return
        if len(chosen) + least_size(left) > size:
            return
        passed: set[Dependency] = set()
        for item in sorted(left[0], key=order):
            yield from grow((*chosen, item), barred | passed)
            passed.add(item)

    yield from grow((), frozenset())
