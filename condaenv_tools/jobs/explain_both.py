"""The job of explaining both halves: which lines for conda and for pip exclude each other, and what mends it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from condaenv_tools.conflicts.corrections.values import Correction
from condaenv_tools.conflicts.ecosystems.asking import PipHalf
from condaenv_tools.conflicts.ecosystems.blame import find_joint_conflicts
from condaenv_tools.conflicts.ecosystems.mend import JointTarget, find_joint_corrections
from condaenv_tools.conflicts.ecosystems.probe import JointProbe, ask_together
from condaenv_tools.conflicts.ecosystems.values import Item, JointChange, JointConflict, JointCorrection
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.errors import SolverTimeoutError, UnsatisfiableError
from condaenv_tools.jobs.lock_files import pypi_options
from condaenv_tools.jobs.pip_half import joint_request
from condaenv_tools.jobs.plan import Inputs, LockOptions, Plan
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.joint import PyPISolve
from condaenv_tools.resolve.joint_request import JointOutcome

__all__ = ["BothHalves", "BothOnPlatform", "asks_for_both", "explain_both", "holding_with_pip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BothOnPlatform:
    """What stands against a solution of both halves on one platform.

    Attributes
    ----------
    outcome : JointOutcome
        The answer to the whole file.
    conflicts : tuple of JointConflict
        Lines of both halves that exclude each other.
    complete : bool
        Whether all such conflicts are known.
    """

    outcome: JointOutcome
    conflicts: tuple[JointConflict, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BothHalves:
    """What was found of both halves.

    Attributes
    ----------
    platforms : tuple of BothOnPlatform
        In the order of the plan.
    corrections : tuple of JointCorrection
        Each was proven with both halves on all platforms of the plan; what moves least first.
    searched : bool
        Whether the search for them came to its end.
    """

    platforms: tuple[BothOnPlatform, ...]
    corrections: tuple[JointCorrection, ...] = ()
    searched: bool = True


def asks_for_both(inputs: Inputs, plan: Plan, options: LockOptions) -> bool:
    """Say whether a pip section counts on a platform of a plan."""
    return not options.conda_only and any(inputs.pip.lines_on(one.platform) for one in plan.requests)


def explain_both(
    inputs: Inputs, plan: Plan, options: LockOptions, *, until: float, mend: bool = True
) -> BothHalves:
    """Say why both halves cannot be solved together, where conda's alone can be.

    Parameters
    ----------
    inputs : Inputs
        The files.
    plan : Plan
        Platforms on which the conda half has a solution.
    options : LockOptions
        As for `lock_files`.
    until : float
        Moment of `time.monotonic` at which the search ends.
    mend : bool
        Whether corrections are looked for.

    Raises
    ------
    CondaEnvToolsError
        An index failed, not the lines, or the time was over before anything was known.
    """
    with PipHalf(until) as ask:
        return _explained(_targets(inputs, plan, options, ask, until=until), mend=mend)


def _explained(targets: dict[Platform, JointTarget], *, mend: bool) -> BothHalves:
    joined = ask_together([target.probe for target in targets.values()])
    silent = all(isinstance(one.error, SolverTimeoutError) for one in joined)
    for one in joined:
        told = isinstance(one.error, UnsatisfiableError) or (
            isinstance(one.error, SolverTimeoutError) and not silent
        )
        if one.error is not None and not told:
            raise one.error
    found: list[BothOnPlatform] = []
    for outcome in joined:
        target = targets[outcome.platform]
        here = find_joint_conflicts(target.items, outcome, target.probe)
        targets[outcome.platform] = replace(target, conflicts=here.conflicts)
        found.append(BothOnPlatform(outcome=outcome, conflicts=here.conflicts, complete=here.complete))
    # A platform that fails for want of a Python, or of words, is mended by no line that is known.
    known = all(one.conflicts for one in found if one.outcome.error is not None)
    if not (mend and known) or not any(one.conflicts for one in found):
        return BothHalves(platforms=tuple(found), searched=False)
    search = find_joint_corrections(targets)
    return BothHalves(platforms=tuple(found), corrections=search.corrections, searched=search.complete)


def holding_with_pip(
    corrections: Iterable[Correction], inputs: Inputs, plan: Plan, options: LockOptions, *, until: float
) -> tuple[Correction, ...]:
    """Return the corrections of the conda half with which both halves have a solution on all platforms."""
    with PipHalf(until) as ask:
        targets = _targets(inputs, plan, options, ask, until=until)
        return tuple(
            one
            for one in corrections
            if all(_holds(one, platform, target) for platform, target in targets.items())
        )


def _holds(correction: Correction, platform: Platform, target: JointTarget) -> bool:
    new: dict[Item, JointChange] = {
        change.item: JointChange(item=change.item, to=None if change.leaves(platform) else change.to)
        for change in correction.changes
    }
    try:
        return target.probe.changed(target.items, new).solution is not None
    except OutOfTimeError:
        return False  # what is not proven is not told


def _targets(
    inputs: Inputs, plan: Plan, options: LockOptions, ask: PyPISolve, *, until: float
) -> dict[Platform, JointTarget]:
    section, base = inputs.pip, pypi_options(options)
    targets = {}
    for request in plan.requests:
        whole = joint_request(request, section, options.pip, base)
        lines = {(line.text, line.span) for line in (*whole.lines, *whole.constraints)}
        items: tuple[Item, ...] = (
            *dict.fromkeys(inputs.environment.dependencies_on(request.platform)),
            *(one for one in (*section.items, *section.constraints) if (one.text, one.span) in lines),
        )
        probe = JointProbe(whole, options.solve, ask=ask, joint=options.pip.joint, until=until)
        targets[request.platform] = JointTarget(items=items, probe=probe)
    return targets
