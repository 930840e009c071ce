"""The fewest packages that have to move so that something can be had, whoever is asked what goes together.

Nothing here knows of packages: there are names that one would rather keep, and a question that says whether some
of them can be kept together. The search is that of implicit hitting sets: a set of names that cannot be kept
together, a core, has to lose one of them, so what is given up has one of every core.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from condaenv_tools.resolve.core import Budget, BudgetSpentError, find_core

__all__ = ["Moves", "Tried", "fewest_moves", "smallest_hitting_set"]

T = TypeVar("T")

#: Beginnings of hitting sets that are looked at before the search is given up.
_MOST_LOOKED_AT = 20_000
#: So many names that may stay after all are tried in blocks before one by one.
_BLOCK = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried(Generic[T]):
    """One answer.

    Attributes
    ----------
    moved : frozenset of str
        The names that it did not keep.
    result : object
        The answer itself.
    """

    moved: frozenset[str]
    result: T


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves(Generic[T]):
    """The answer that moves the fewest names.

    Attributes
    ----------
    moved : frozenset of str
        What it moves.
    result : object
        The answer itself.
    proven : bool
        Whether no answer moves fewer; False where the budget was spent before that was known.
    cores : tuple of frozenset of str
        Names that cannot be kept together, each proven; why something moves at all.
    """

    moved: frozenset[str]
    result: T
    proven: bool
    cores: tuple[frozenset[str], ...] = ()


def fewest_moves(
    names: Iterable[str],
    ask: Callable[[frozenset[str]], Tried[T] | None],
    attempts: int,
    *,
    first: Tried[T] | None = None,
) -> Moves[T] | None:
    """Return the answer that moves the fewest of some names.

    Parameters
    ----------
    names : iterable of str
        What is kept if possible.
    ask : callable
        Takes names that must be kept and returns an answer, which should move few of the others; None where
        there is none. Fewer names that must be kept do not have less of an answer.
    attempts : int
        How often `ask` may be called, beside the first two times.
    first : Tried, optional
        An answer that is known already. One that moves nothing, or no more than is proven of its names one by
        one, is the answer, and neither whether all can be kept nor whether none has to be is asked.

    Returns
    -------
    Moves or None
        None where there is no answer even if all may move. Where the attempts do not suffice, the best that was
        found: at worst what `ask` itself does.

    Notes
    -----
    One question where all can be kept, two more for each name that has to move by itself; a core of several names
    costs about ``2 k log2 n``.

    Examples
    --------
    >>> def ask(kept):
    ...     return None if {"a", "b"} <= kept else Tried(moved=frozenset("ab") - kept, result=None)
    >>> moves = fewest_moves("abc", ask, 20)
    >>> sorted(moves.moved), moves.proven
    (['b'], True)
    """
    search = _Search(sorted(set(names)), ask, Budget(attempts))
    return search.run(first)


class _Search(Generic[T]):
    def __init__(
        self, names: Sequence[str], ask: Callable[[frozenset[str]], Tried[T] | None], budget: Budget
    ) -> None:
        self._names = names
        self._all = frozenset(names)
        self._ask = ask
        self._budget = budget
        self._cores: list[frozenset[str]] = []
        self._best: Tried[T] | None = None

    def run(self, first: Tried[T] | None) -> Moves[T] | None:
        self._best = first
        proven = first is not None and not first.moved
        if first is None or len(first.moved) > _BLOCK:
            whole = self._ask(self._all)
            proven = whole is not None
            self._best = whole or first or self._ask(frozenset())
        if self._best is None:
            return None
        proven = proven or self._improve()
        return Moves(
            moved=self._best.moved, result=self._best.result, proven=proven, cores=tuple(self._cores)
        )

    def _improve(self) -> bool:
        try:
            self._put_back_blocks()
            self._prove_singles()
            self._put_back_singles()
            return self._close_the_gap()
        except BudgetSpentError:
            return self._is_optimal()

    @property
    def _found(self) -> Tried[T]:
        assert self._best is not None
        return self._best

    def _try(self, kept: Iterable[str]) -> bool:
        """Ask once more, and remember an answer that moves less."""
        self._budget.spend()
        answer = self._ask(frozenset(kept))
        if answer is not None and len(answer.moved) < len(self._found.moved):
            self._best = answer
        return answer is not None

    def _put_back_blocks(self) -> None:
        """Try to keep many at once: most moves of a first answer are needed, or none is."""
        todo = sorted(self._found.moved)
        size = len(todo) // 2
        while size >= _BLOCK:
            for at in range(0, len(todo), size):
                block = [name for name in todo[at : at + size] if name in self._found.moved]
                if len(block) > 1:
                    self._try((self._all - self._found.moved) | set(block))
            todo = sorted(self._found.moved)
            size //= 2

    def _prove_singles(self) -> None:
        """Find those that cannot be kept whatever else moves."""
        for name in sorted(self._found.moved):
            if name in self._found.moved and not self._try([name]):
                self._cores.append(frozenset([name]))

    def _put_back_singles(self) -> None:
        """Make the answer one from which nothing can be put back."""
        for name in sorted(self._found.moved - frozenset().union(*self._cores)):
            if name in self._found.moved:
                self._try((self._all - self._found.moved) | {name})

    def _close_the_gap(self) -> bool:
        """Look for cores until the answer moves no more than they demand."""
        while True:
            demanded = smallest_hitting_set(self._cores)
            if demanded is None:
                return False
            if len(demanded) >= len(self._found.moved):
                return True
            self._budget.spend()
            answer = self._ask(self._all - demanded)
            if answer is not None:
                self._best = answer
                continue
            core, _ = find_core(self._in_order(self._all - demanded), self._fails, self._budget)
            self._cores.append(frozenset(core))

    def _fails(self, kept: Sequence[str]) -> bool:
        return not self._try_core(kept)

    def _try_core(self, kept: Sequence[str]) -> bool:
        # The budget is spent by whoever looks for the core.
        answer = self._ask(frozenset(kept))
        if answer is not None and len(answer.moved) < len(self._found.moved):
            self._best = answer
        return answer is not None

    def _in_order(self, names: frozenset[str]) -> list[str]:
        """Put those that move now first: a core has one of them, and the earlier are rather blamed."""
        return sorted(names, key=lambda name: (name not in self._found.moved, name))

    def _is_optimal(self) -> bool:
        demanded = smallest_hitting_set(self._cores)
        return demanded is not None and len(demanded) >= len(self._found.moved)


def smallest_hitting_set(cores: Sequence[frozenset[str]]) -> frozenset[str] | None:
    """Return the smallest set that has a member of every core, the first of them in alphabetical order.

    Returns
    -------
    frozenset of str or None
        None where the search grows too large.

    Examples
    --------
    >>> sorted(smallest_hitting_set([frozenset("ab"), frozenset("bc"), frozenset("d")]))
    ['b', 'd']
    """
    forced = frozenset(name for core in cores if len(core) == 1 for name in core)
    left = sorted({core for core in cores if not core & forced}, key=lambda c: (len(c), sorted(c)))
    looked_at = 0

    def grow(chosen: frozenset[str], size: int) -> frozenset[str] | None:
        nonlocal looked_at
        looked_at += 1
        if looked_at > _MOST_LOOKED_AT:
            raise BudgetSpentError
        open_ = next((core for core in left if not core & chosen), None)
        if open_ is None:
            return chosen
        if size == 0:
            return None
        found = (grow(chosen | {name}, size - 1) for name in sorted(open_))
        return next((one for one in found if one is not None), None)

    try:
        for size in range(len(left) + 1):
            found = grow(frozenset(), size)
            if found is not None:
                return forced | found
    except BudgetSpentError:
        return None
    return forced
