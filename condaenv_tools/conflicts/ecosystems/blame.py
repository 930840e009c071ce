"""Which lines of both halves exclude each other: subset-minimal sets, proven by asking both solvers.

What the joint step learned on its way names a few lines: those of the pip section whose demands conda could not
meet. Which lines of the conda part stand against them conda's solver tells alone. These are tried first; only
where they do not exclude each other by themselves, more lines are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.ecosystems.refusing import find_refusing, lines_to
from condaenv_tools.conflicts.ecosystems.text import account_of_both
from condaenv_tools.conflicts.ecosystems.values import Item, JointConflict, JointConflicts, JointCore
from condaenv_tools.conflicts.search.cores import tightness
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.resolve.core import Budget, BudgetSpentError, find_core
from condaenv_tools.resolve.joint_request import JointFailure, JointOutcome

__all__ = ["find_joint_conflicts"]

#: So many conflicts are looked for.
_MOST = 8
#: So often both halves are asked for one conflict.
_ATTEMPTS = 60


def find_joint_conflicts(items: Sequence[Item], outcome: JointOutcome, probe: JointProbe) -> JointConflicts:
    """Return conflicts between the halves of a file that share no line, until what is left goes together.

    Parameters
    ----------
    items : sequence of Dependency or PipItem
        The lines that count on the platform, constraints included, in the order of the files.
    outcome : JointOutcome
        The answer to all of them.
    probe : JointProbe
        Asks about parts of them.

    Returns
    -------
    JointConflicts
        None where there is a solution, or where the pip half was not asked.

    Notes
    -----
    A conflict of `k` lines takes ``k + 2`` questions where the joint step has named them, as it does as a rule.
    """
    left, conflicts = tuple(items), list[JointConflict]()
    try:
        while outcome.failure is not None:
            if len(conflicts) == _MOST:
                return JointConflicts(conflicts=tuple(conflicts), complete=False)
            core = _core(left, outcome.failure, probe)
            conflicts.append(JointConflict(core=core, account=account_of_both(core, probe, outcome.failure)))
            if not core.minimal:
                return JointConflicts(conflicts=tuple(conflicts), complete=False)
            left = tuple(item for item in left if item not in core.members)
            outcome = probe.outcome(left)
    except OutOfTimeError:
        return JointConflicts(conflicts=tuple(conflicts), complete=False)
    return JointConflicts(conflicts=tuple(conflicts))


def _core(items: Sequence[Item], failure: JointFailure, probe: JointProbe) -> JointCore:
    """Return the lines of one conflict; where the time runs out, the fewest that are known to have it."""
    part: tuple[Item, ...] | None = None
    proven = False
    probe.free = tuple(sorted({str(one.conda_name) for c in failure.conflicts for one in c.provided}))
    asked = _asked(items, failure)
    refusing = find_refusing([item for item in items if isinstance(item, Dependency)], failure, probe)
    try:
        for candidate in _candidates(items, asked, refusing, failure, probe):
            if probe.fails(candidate):
                part = tuple(candidate)
                part, proven = find_core(_blamed_first(candidate), _within_time(probe), Budget(_ATTEMPTS))
                break
    except OutOfTimeError:
        proven = False
    if part is None:
        # What the lines demand and what excludes it is known, if not from both solvers at once.
        part = (*asked, *refusing) if asked and refusing else tuple(items)
    chosen = set(part)
    return JointCore(members=tuple(item for item in items if item in chosen), minimal=proven)


def _within_time(probe: JointProbe) -> Callable[[Sequence[Item]], bool]:
    """Return the question of a search that keeps what it has narrowed down to when the time runs out."""

    def fails(part: Sequence[Item]) -> bool:
        try:
            return probe.fails(part)
        except OutOfTimeError:
            raise BudgetSpentError from None

    return fails


def _asked(items: Sequence[Item], failure: JointFailure) -> list[Item]:
    """Return the lines for pip whose demands were not met."""
    lines = {(line.text, line.span) for one in failure.conflicts for line in one.requirements}
    return [item for item in items if isinstance(item, PipItem) and (item.text, item.span) in lines]


def _candidates(
    items: Sequence[Item],
    asked: Sequence[Item],
    refusing: Sequence[Item],
    failure: JointFailure,
    probe: JointProbe,
) -> Iterator[Sequence[Item]]:
    """Yield sets of lines, the most likely one first; the last one is all of them."""
    given = {str(one.conda_name) for conflict in failure.conflicts for one in conflict.provided}
    conda = [item for item in items if isinstance(item, Dependency)]
    bring = [item for item in conda if item.name in given]
    seen: list[set[Item]] = []
    wider: tuple[Callable[[], Sequence[Item]], ...] = (
        lambda: (),
        lambda: bring,
        lambda: lines_to(given, conda, probe),
    )
    for more in wider:
        chosen: list[Item] = list(dict.fromkeys([*asked, *refusing, *more()]))
        if chosen and set(chosen) not in seen:
            seen.append(set(chosen))
            yield chosen
    if (every := [*asked, *conda]) and set(every) not in seen:
        yield every
    yield items


def _blamed_first(items: Sequence[Item]) -> list[Item]:
    """Return lines in the order in which they are rather kept: those for pip, then conda's, the tightest first."""
    return sorted(items, key=lambda item: tightness(item.spec) if isinstance(item, Dependency) else -1)
