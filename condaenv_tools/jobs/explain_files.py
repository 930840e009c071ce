"""The job of explaining: why files cannot be solved, on which platforms, and what mends them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from condaenv_tools.conflicts.correction_search import find_corrections
from condaenv_tools.conflicts.corrections import Correction, Target
from condaenv_tools.conflicts.explain import Conflict, PlatformConflicts, explain_platform
from condaenv_tools.conflicts.probe import Probe
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.explanation_html import (
    conflict_tables,
    correction_table,
    explanation_title,
    read_lines,
)
from condaenv_tools.jobs.lock_files import solve_plan
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
    conflicts : tuple of Conflict
        Lines that exclude each other; no two conflicts share a line.
    complete : bool
        Whether all such conflicts are known; False where the time ran out, or there are very many.
    reason : str
        Why the pip section has no answer, where the conda half has one; else empty.
    hints : tuple of str
        What to do about that.
    """

    platform: Platform
    satisfiable: bool
    conflicts: tuple[Conflict, ...] = ()
    complete: bool = True
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
    corrections : tuple of Correction
        Each was proven on all platforms; what moves least first.
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
    corrections: tuple[Correction, ...] = ()
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
        For the search behind the first solve of each platform; what is proven until then is told.
    on_plan, on_done : callable, optional
        Told when solving begins, and as each platform is answered.

    Returns
    -------
    Explanation
        Of the conda half; where that has a solution everywhere, the pip half's own reason.

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
    outcomes = SOLVERS["rattler"].solve(plan.requests, options.solve, on_done=on_done)
    for outcome in outcomes:
        if outcome.error is not None and not isinstance(outcome.error, UnsatisfiableError):
            raise outcome.error
    names = tuple(map(str, paths))
    if all(outcome.solution is not None for outcome in outcomes):
        return Explanation(paths=names, platforms=_pip_half(inputs, plan, options), findings=plan.findings)
    probes = _probes(plan, options, outcomes, until=time.monotonic() + seconds)
    # A file that is named twice has each of its lines once.
    items = {p: tuple(dict.fromkeys(inputs.environment.dependencies_on(p))) for p in probes}
    found = {platform: explain_platform(items[platform], probe) for platform, probe in probes.items()}
    search = find_corrections(
        {
            platform: Target(
                items=items[platform],
                probe=probe,
                cores=tuple(conflict.core for conflict in found[platform].conflicts),
            )
            for platform, probe in probes.items()
        }
    )
    return Explanation(
        paths=names,
        platforms=_explanations(found, outcomes),
        corrections=search.corrections,
        searched=search.complete,
        findings=plan.findings,
        lines=read_lines(inputs.environment.sources),
    )


def _probes(
    plan: Plan, options: LockOptions, outcomes: tuple[Outcome, ...], *, until: float
) -> dict[Platform, Probe]:
    probes = {}
    for request, outcome in zip(plan.requests, outcomes, strict=True):
        probe = probes[request.platform] = Probe(request, SOLVERS["rattler"], options.solve, until=until)
        probe.learn(outcome)
    return probes


def _explanations(
    found: Mapping[Platform, PlatformConflicts], outcomes: tuple[Outcome, ...]
) -> tuple[PlatformExplanation, ...]:
    return tuple(
        PlatformExplanation(
            platform=outcome.platform,
            satisfiable=outcome.solution is not None,
            conflicts=found[outcome.platform].conflicts,
            complete=found[outcome.platform].complete,
        )
        for outcome in outcomes
    )


def _pip_half(inputs: Inputs, plan: Plan, options: LockOptions) -> tuple[PlatformExplanation, ...]:
    """Ask for both halves, where conda's has a solution and there is another one."""
    section = inputs.pip
    if options.conda_only or not any(section.lines_on(request.platform) for request in plan.requests):
        return tuple(
            PlatformExplanation(platform=request.platform, satisfiable=True) for request in plan.requests
        )
    found = []
    for joined in solve_plan(plan, section, options):
        error = joined.error
        if error is not None and not isinstance(error, UnsatisfiableError):
            raise error
        found.append(
            PlatformExplanation(
                platform=joined.platform,
                satisfiable=error is None,
                reason="" if error is None else error.message,
                hints=() if error is None else error.hints,
            )
        )
    return tuple(found)
