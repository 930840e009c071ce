"""The job of explaining: why files cannot be solved, on which platforms, and what mends them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path

from condaenv_tools.conflicts.corrections.others import find_other_corrections
from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Correction, OtherCorrection, Target
from condaenv_tools.conflicts.ecosystems.either import AnyConflict, AnyCorrection
from condaenv_tools.conflicts.explain import PlatformConflicts, explain_platform
from condaenv_tools.conflicts.search.all_cores import disjoint
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.errors import ChannelError, SolverTimeoutError
from condaenv_tools.jobs.explain_both import (
    BothOnPlatform,
    asks_for_both,
    explain_both,
    holding_with_pip,
)
from condaenv_tools.jobs.explanation_html import (
    conflict_tables,
    correction_table,
    explanation_title,
    read_lines,
)
from condaenv_tools.jobs.first_answers import first_answers
from condaenv_tools.jobs.native_findings import native_findings, part_of
from condaenv_tools.jobs.pip_half import locked_packages
from condaenv_tools.jobs.plan import Inputs, LockOptions, Plan, make_plan, read_inputs
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.request import Outcome
from condaenv_tools.resolve.solve import SOLVERS

__all__ = ["Explanation", "PlatformExplanation", "explain_files"]

#: Seconds for the search behind all platforms; each solve has the limit of the options besides.
SECONDS = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformExplanation:
    """What stands against a solution on one platform.

    Attributes
    ----------
    platform : Platform
        The platform.
    satisfiable : bool
        Whether there is a solution.
    conflicts : tuple of Conflict or JointConflict
        Lines that exclude each other; no two conflicts share a line, unless all cores were asked for.
    complete : bool
        Whether all such conflicts are known; False where the time ran out, or there are very many.
    known : bool
        Whether it is known if there is a solution; False where the solver did not say so in time, and nothing
        was found that speaks against one.
    reason : str
        Why the pip section has no answer, where the conda half has one; else empty.
    hints : tuple of str
        What to do about that.
    """

    platform: Platform
    satisfiable: bool
    conflicts: tuple[AnyConflict, ...] = ()
    complete: bool = True
    known: bool = True
    reason: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why files cannot be solved.

    Attributes
    ----------
    paths : tuple of str
        The files, as the user named them.
    platforms : tuple of PlatformExplanation
        All that were asked for, sorted by name.
    corrections : tuple of Correction or JointCorrection
        Each was proven on all platforms; what moves least first.
    others : tuple of OtherCorrection
        What else was proven on all platforms, with all lines as they are.
    searched : bool
        Whether the search for corrections came to its end.
    findings : tuple of Finding
        What was assumed.
    lines : tuple of (str, tuple of str)
        The lines of the files when they were solved, by path; of one that can be solved there are none. They may
        hold a credential.
    """

    paths: tuple[str, ...]
    platforms: tuple[PlatformExplanation, ...]
    corrections: tuple[AnyCorrection, ...] = ()
    others: tuple[OtherCorrection, ...] = ()
    searched: bool = True
    findings: tuple[Finding, ...] = ()
    lines: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), repr=False, compare=False)

    @property
    def satisfiable(self) -> bool:
        """Whether every platform has a solution."""
        return all(one.satisfiable for one in self.platforms)

    def _repr_html_(self) -> str:
        failing = [one.platform for one in self.platforms if not one.satisfiable]
        head = explanation_title(self.paths, failing, [one.platform for one in self.platforms])
        reasons = {one.reason: one.platform for one in self.platforms if one.reason}
        return (
            f"<p>{escape(head)}</p>"
            + conflict_tables(
                ((one.platform, c) for one in self.platforms for c in one.conflicts), self.lines
            )
            + "".join(f"<pre>{escape(mask_credentials(reason))}</pre>" for reason in reasons)
            + correction_table(self.corrections)
        )


def explain_files(
    *paths: str | Path,
    options: LockOptions | None = None,
    seconds: float = SECONDS,
    all_cores: int | None = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> Explanation:
    """Say why files cannot be solved, and what would mend them.

    Parameters
    ----------
    *paths : str or Path
        The files, merged in this order.
    options : LockOptions, optional
        As for `lock_files`.
    seconds : float
        For the first solve of each platform, and for the search behind them; what is proven until then is told.
    all_cores : int, optional
        Look for all minimal cores of each platform, those that share lines with others as well, up to so many.
    on_plan, on_done : callable, optional
        Told when solving begins, and as each platform is answered.

    Returns
    -------
    Explanation
        Of the conda half; where that has a solution everywhere, of both halves.

    Raises
    ------
    ParseError
        A file cannot be read as an environment, or holds a spec that no solver takes.
    ChannelError, SolverTimeoutError
        A channel did not answer, or the time ran out before anything was known.
    """
    options = options or LockOptions()
    inputs = read_inputs(paths, conda_only=options.conda_only)
    plan = make_plan(inputs, options)
    if on_plan:
        on_plan(plan)
    outcomes = first_answers(plan, options, seconds=seconds, on_done=on_done)
    until = time.monotonic() + seconds
    names = tuple(map(str, paths))
    if all(outcome.solution is not None for outcome in outcomes):
        return _of_both(names, inputs, plan, options, outcomes, until=until)
    probes = _probes(plan, options, outcomes, until=until)
    # A file that is named twice has each of its lines once.
    items = {p: tuple(dict.fromkeys(inputs.environment.dependencies_on(p))) for p in probes}
    found = {p: explain_platform(items[p], probe, all_cores=all_cores) for p, probe in probes.items()}
    _raise_if_nothing_is_known(found, outcomes)
    targets = {
        platform: Target(
            items=items[platform],
            probe=probe,
            cores=disjoint([conflict.core for conflict in found[platform].conflicts]),
        )
        for platform, probe in probes.items()
    }
    search = find_corrections(targets)
    explanation = Explanation(
        paths=names,
        platforms=_explanations(found, outcomes),
        corrections=search.corrections,
        others=find_other_corrections(targets, drops=all(one.drops for one in search.corrections)),
        searched=search.complete,
        findings=plan.findings,
        lines=read_lines(inputs.environment.sources),
    )
    return _beside_conda(explanation, inputs, plan, options, until=until)


def _probes(
    plan: Plan, options: LockOptions, outcomes: tuple[Outcome, ...], *, until: float
) -> dict[Platform, Probe]:
    probes = {}
    # Why a part of the lines has no solution is found here, and for all parts in another way than the engine's.
    asked = replace(options.solve, tells_why=False)
    for request, outcome in zip(plan.requests, outcomes, strict=True):
        probe = probes[request.platform] = Probe(request, SOLVERS["rattler"], asked, until=until)
        probe.learn(outcome)
    return probes


def _raise_if_nothing_is_known(
    found: Mapping[Platform, PlatformConflicts], outcomes: Sequence[Outcome]
) -> None:
    """Raise the solver's own error where it has said nothing of a platform, and nothing is known of any other."""
    silent = [outcome for outcome in outcomes if not found[outcome.platform].known]
    if silent and not any(one.conflicts for one in found.values()):
        assert silent[0].error is not None
        raise silent[0].error


def _explanations(
    found: Mapping[Platform, PlatformConflicts], outcomes: tuple[Outcome, ...]
) -> tuple[PlatformExplanation, ...]:
    return tuple(
        PlatformExplanation(
            platform=outcome.platform,
            satisfiable=outcome.solution is not None,
            conflicts=found[outcome.platform].conflicts,
            complete=found[outcome.platform].complete,
            known=found[outcome.platform].known,
        )
        for outcome in outcomes
    )


def _of_both(  # noqa: PLR0913 - all that is known when conda's half has its answer
    names: tuple[str, ...],
    inputs: Inputs,
    plan: Plan,
    options: LockOptions,
    outcomes: Sequence[Outcome],
    *,
    until: float,
) -> Explanation:
    """Explain both halves, where conda's has a solution on every platform."""
    if not asks_for_both(inputs, plan, options):
        platforms = tuple(
            PlatformExplanation(platform=one.platform, satisfiable=True) for one in plan.requests
        )
        parts = [part_of(one.solution) for one in outcomes if one.solution is not None]
        native = native_findings(parts, path=names[0])
        return Explanation(paths=names, platforms=platforms, findings=(*plan.findings, *native))
    both = explain_both(inputs, plan, options, until=until)
    platforms = tuple(map(_both_on_platform, both.platforms))
    failing = [platform for platform in platforms if not platform.satisfiable]
    solved = [one.outcome for one in both.platforms if not failing]
    parts = [part_of(one.solution, locked_packages(one)) for one in solved if one.solution is not None]
    return Explanation(
        paths=names,
        platforms=platforms,
        corrections=both.corrections,
        searched=both.searched,
        findings=(*plan.findings, *native_findings(parts, path=names[0])),
        lines=read_lines(item.span.path for one in failing for c in one.conflicts for item in c.members),
    )


def _both_on_platform(one: BothOnPlatform) -> PlatformExplanation:
    error = one.outcome.error
    told = error is None or bool(one.conflicts)
    return PlatformExplanation(
        platform=one.outcome.platform,
        satisfiable=error is None,
        conflicts=one.conflicts,
        complete=one.complete,
        known=not isinstance(error, SolverTimeoutError),
        reason="" if told or error is None else error.message,
        hints=() if told or error is None else error.hints,
    )


def _beside_conda(
    found: Explanation, inputs: Inputs, plan: Plan, options: LockOptions, *, until: float
) -> Explanation:
    """Add what the pip section has against the platforms that conda's half can be solved on, and prove again."""
    if not asks_for_both(inputs, plan, options):
        return found
    solved = {one.platform for one in found.platforms if one.satisfiable}
    part = replace(plan, requests=tuple(one for one in plan.requests if one.platform in solved))
    told = {
        platform: PlatformExplanation(platform=platform, satisfiable=False, known=False, complete=False)
        for platform in solved
        if inputs.pip.lines_on(platform)
    }
    kept = tuple(one for one in found.corrections if isinstance(one, Correction))
    # An index that fails, or is slow, keeps nobody from seeing why conda's half has no solution.
    with suppress(ChannelError, SolverTimeoutError):
        if asks_for_both(inputs, part, options):
            both = explain_both(inputs, part, options, until=until, mend=False)
            told |= {one.outcome.platform: _both_on_platform(one) for one in both.platforms}
        kept = holding_with_pip(kept, inputs, plan, options, until=until)
    return replace(
        found,
        platforms=tuple(told.get(one.platform, one) for one in found.platforms),
        corrections=kept,
    )
