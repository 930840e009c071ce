"""The smallest part of a request that has no answer (QuickXplain)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["Budget", "BudgetSpentError", "find_core"]

T = TypeVar("T")


class BudgetSpentError(Exception):
    """The number of attempts that were allowed is used up."""


class Budget:
    """Counts attempts down."""

    def __init__(self, attempts: int) -> None:
        self.left = attempts

    def spend(self) -> None:
        """Count one attempt.

        Raises
        ------
        BudgetSpentError
            There is none left.
        """
        if self.left <= 0:
            raise BudgetSpentError
        self.left -= 1


def find_core(
    elements: Sequence[T], fails: Callable[[Sequence[T]], bool], budget: Budget
) -> tuple[tuple[T, ...], bool]:
    """Return a part of `elements` that fails, and that does not without any one of its members.

    Parameters
    ----------
    elements : sequence
        All of which fails together; the earlier ones are rather blamed than the later.
    fails : callable
        Says whether some of them fail together; more of them must not fail less.
    budget : Budget
        The number of times that `fails` may be called.

    Returns
    -------
    tuple of (tuple, bool)
        The part, in the order of `elements`, and whether it is proven to be minimal. Where the budget was
        spent it is not; it fails all the same.

    Examples
    --------
    >>> find_core("abcdef", lambda part: {"b", "e"} <= set(part), Budget(20))
    (('b', 'e'), True)
    """
    # Halving drops large blocks that do not matter in few calls; what it leaves is tested one by one.
    left, size = list(elements), max(1, len(elements) // 2)
    proven = True
    try:
        while True:
            at = len(left)
            while at > 0:
                begin = max(0, at - size)
                rest = left[:begin] + left[at:]
                budget.spend()
                if fails(rest):
                    left = rest
                at = begin
            if size == 1:
                break
            size = max(1, min(size // 2, (len(left) + 1) // 2))
    except BudgetSpentError:
        proven = False
    return tuple(left), proven
