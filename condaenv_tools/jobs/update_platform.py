"""The conda half of an update on one platform: what is asked for moves, and as little as possible of the rest."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from condaenv_tools.errors import CondaEnvToolsError, UnsatisfiableError
from condaenv_tools.jobs.update_targets import Stuck, Targets, find_targets
from condaenv_tools.lock.build import dependency_name, reachable_names
from condaenv_tools.lock.fewest_moves import Moves, Tried, fewest_moves
from condaenv_tools.lock.wanted import Wanted
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.request import SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import solve

__all__ = ["ATTEMPTS", "PlatformQuestion", "PlatformUpdate", "update_platform"]

#: How often one platform may be solved to find the fewest moves, beside the first two times.
ATTEMPTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformQuestion:
    """What shall move on one platform.

    Attributes
    ----------
    request : SolveRequest
        What the files demand now.
    records : tuple of PackageRecord
        What is locked and may stay, as its channel has it.
    lines : tuple of Dependency
        The lines behind the request, for messages.
    wanted : tuple of Wanted
        What shall move; none where only the files count.
    everything : bool
        All may move: solve anew.
    options : SolveOptions
        How it is solved.
    """

    request: SolveRequest
    records: tuple[PackageRecord, ...]
    lines: tuple[Dependency, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    everything: bool = False
    options: SolveOptions = field(default_factory=SolveOptions)

    @property
    def platform(self) -> Platform:
        """The target machine."""
        return self.request.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformUpdate:
    """The conda half of one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    solution : Solution or None
        None exactly where `error` is not.
    moved : frozenset of str
        What moved and was not asked to.
    proven : bool
        Whether no solution moves fewer.
    stuck : tuple of Stuck
        What was asked to move and did not, and why.
    error : CondaEnvToolsError or None
        Why there is no solution.
    """

    platform: Platform
    solution: Solution | None = None
    moved: frozenset[str] = frozenset()
    proven: bool = True
    stuck: tuple[Stuck, ...] = ()
    error: CondaEnvToolsError | None = None


def update_platform(question: PlatformQuestion) -> PlatformUpdate:
    """Find what the files and the wanted names demand, and move as few other packages as possible.

    Parameters
    ----------
    question : PlatformQuestion
        What is locked, what is demanded, and what shall move.

    Returns
    -------
    PlatformUpdate
        Of all solutions in which the wanted packages are as new as they can be, one that moves the fewest of the
        others. A package that is no longer needed goes, and one that is newly needed comes: neither counts.

    Notes
    -----
    Wanted packages are made as new as possible one after another in the order of the arguments, each with those
    before it at their new versions. Then the rest is pinned, and freed by what cannot be kept together
    (`fewest_moves`), with at most `ATTEMPTS` solves.
    """
    try:
        return _updated(question)
    except CondaEnvToolsError as error:
        return PlatformUpdate(platform=question.platform, error=error)


def _updated(question: PlatformQuestion) -> PlatformUpdate:
    if question.everything:
        (outcome,) = solve([question.request], question.options)
        return PlatformUpdate(platform=question.platform, solution=outcome.solution, error=outcome.error)
    targets = find_targets(
        question.request, question.records, question.wanted, question.options, lines=question.lines
    )
    moves = _fewest(question, targets)
    if moves is not None:
        idle = _idle(question.request.specs, targets, moves.result)
        if idle:
            # Nothing needs it any more: that it be new does not bring it.
            moves = _fewest(question, replace(targets, solution=None), as_constraints=idle) or moves
    if moves is None:
        (outcome,) = solve([question.request], question.options)
        error = outcome.error or UnsatisfiableError(
            "what was asked for cannot be had together", reasons={question.platform: ""}
        )
        return PlatformUpdate(platform=question.platform, error=error)
    return PlatformUpdate(
        platform=question.platform,
        solution=moves.result,
        moved=moves.moved,
        proven=moves.proven,
        stuck=targets.stuck,
    )


def _fewest(
    question: PlatformQuestion, targets: Targets, *, as_constraints: frozenset[str] = frozenset()
) -> Moves[Solution] | None:
    request = question.request
    specs = [spec for spec in targets.specs if spec.name not in as_constraints]
    bounds = [spec for spec in targets.specs if spec.name in as_constraints]
    wide = replace(request, specs=(*request.specs, *specs), constraints=(*request.constraints, *bounds))
    locked = {record.name: record for record in question.records if record.name not in targets.moving}

    def ask(kept: frozenset[str]) -> Tried[Solution] | None:
        (outcome,) = solve(
            [
                replace(
                    wide,
                    pinned=tuple(locked[name] for name in sorted(kept)),
                    locked=tuple(record for name, record in locked.items() if name not in kept),
                )
            ],
            replace(question.options, tells_why=False),
        )
        if outcome.solution is None:
            if not isinstance(outcome.error, UnsatisfiableError):
                assert outcome.error is not None
                raise outcome.error
            return None
        return Tried(moved=_moved(locked, outcome.solution), result=outcome.solution)

    known = targets.solution
    # What is locked is preferred: mostly the first answer moves no more than has to be.
    first = ask(frozenset()) if known is None else Tried(moved=_moved(locked, known), result=known)
    return None if first is None else fewest_moves(locked, ask, ATTEMPTS, first=first)


def _moved(locked: Mapping[str, PackageRecord], solution: Solution) -> frozenset[str]:
    return frozenset(
        record.name
        for record in solution.records
        if record.name in locked and locked[record.name].url != record.url
    )


def _idle(specs: Iterable[MatchSpec], targets: Targets, solution: Solution) -> frozenset[str]:
    """Return the targets that are there for no other reason than that they were to be new."""
    needs: dict[str, Sequence[str]] = {
        record.name: [dependency_name(spec) for spec in record.depends] for record in solution.records
    }
    roots = [
        name
        for spec in specs
        for name in (
            [one for one in needs if fnmatch.fnmatchcase(one, spec.name)]
            if spec.has_name_pattern
            else [spec.name]
        )
    ]
    return frozenset(spec.name for spec in targets.specs) - reachable_names(roots, needs)
