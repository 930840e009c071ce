"""The main job: `environment.yml` files in, a proven lock for every platform out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from condaenv_tools.errors import (
    ChannelError,
    CondaEnvToolsError,
    ParseError,
    SolverTimeoutError,
    UnsatisfiableError,
    VerificationError,
)
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.native_findings import native_findings
from condaenv_tools.jobs.pip_half import PipSection, joint_request, locked_packages, pip_findings
from condaenv_tools.jobs.plan import NO_CHANNEL, Inputs, LockOptions, Plan, make_plan, read_inputs
from condaenv_tools.lock.build import LockInputs, build_lock
from condaenv_tools.lock.channel_names import lock_channel
from condaenv_tools.lock.content_hash import HashOptions
from condaenv_tools.lock.extra_needs import dump_extra_needs
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.lock.registry import lock_format
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.joint import solve_joint
from condaenv_tools.resolve.joint_request import JointOutcome
from condaenv_tools.resolve.pypi.request import PyPIOptions
from condaenv_tools.resolve.request import Outcome
from condaenv_tools.resolve.solve import solve

__all__ = [
    "LockResult",
    "lock_files",
    "lock_text",
    "pypi_options",
    "relative_source",
    "solutions_of",
    "solve_plan",
    "write_lock",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockResult:
    """A proven lock, and what there is to say about it.

    Attributes
    ----------
    lock : Lock
        The lock.
    outcomes : tuple of Outcome
        One for each platform, sorted by its name; every one has a solution.
    findings : tuple of Finding
        What the files hold that is worth knowing, and what of the solution may bite; no errors.
    """

    lock: Lock
    outcomes: tuple[Outcome, ...]
    findings: tuple[Finding, ...]

    def _repr_html_(self) -> str:
        return self.lock._repr_html_()


def lock_files(
    *paths: str | Path,
    options: LockOptions | None = None,
    beside: str | Path | None = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> LockResult:
    """Solve the files for all their platforms and prove the answer.

    Parameters
    ----------
    *paths : str or Path
        The files, merged in this order.
    options : LockOptions, optional
        What may be said beside the files.
    beside : str or Path, optional
        The folder in which the lock will lie; its `sources` are relative to it. The first file's by default.
    on_plan, on_done : callable, optional
        Told when solving begins, and as each platform is answered.

    Returns
    -------
    LockResult
        The lock is verified: every dependency of every record is met on every platform.

    Raises
    ------
    ParseError
        A file cannot be read as an environment, or holds a spec that no solver takes.
    UnsatisfiableError
        At least one platform has no solution; the error tells of all platforms.
    ChannelError, SolverTimeoutError
        A channel did not answer, or the time ran out.
    VerificationError
        The solver's answer does not hold. Never written, and a bug.
    """
    options = options or LockOptions()
    inputs = read_inputs(paths, conda_only=options.conda_only)
    plan = make_plan(inputs, options)
    if on_plan:
        on_plan(plan)
    section = PipSection() if options.conda_only else inputs.pip
    joined = solve_plan(plan, section, options, on_done)
    outcomes = tuple(map(_outcome, joined))
    solutions = solutions_of(outcomes, inputs)
    folder = Path(beside) if beside is not None else Path(inputs.environment.sources[0]).parent
    lock = _build(inputs, plan, options, solutions, folder, joined)
    report = verify(lock)
    if report.faults:
        raise VerificationError(
            "the solver's answer does not hold, and nothing was written\n"
            + "\n".join(f"  {fault}" for fault in report.faults[:20]),
            faults=report.faults,
            hints=["this is a fault of condaenv or of its solver; please report it with your file"],
        )
    # That one of several files names no channel is nothing to say; that none does, the plan says.
    findings: tuple[Finding, ...] = (
        *(f for f in inputs.findings if f.code != NO_CHANNEL),
        *plan.findings,
        *_findings_of_pip(section, inputs, plan, joined),
    )
    native = native_findings(lock, path=inputs.environment.sources[0], known=findings)
    return LockResult(lock=lock, outcomes=outcomes, findings=(*findings, *native))


def lock_text(lock: Lock, *, form: str = "conda-lock") -> str:
    """Return the text of a lock file; the same lock gives the same bytes on any machine.

    Parameters
    ----------
    lock : Lock
        What to write.
    form : str
        A format of `condaenv_tools.lock`.
    """
    return lock_format(form).dumps(lock)


def write_lock(lock: Lock, path: str | Path, *, form: str = "conda-lock") -> None:
    """Write a lock file whole, or not at all; an old one survives any failure.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    write_atomically(path, lock_text(lock, form=form))


def solve_plan(
    plan: Plan,
    section: PipSection,
    options: LockOptions,
    on_done: Callable[[Outcome], None] | None = None,
) -> tuple[JointOutcome, ...]:
    """Solve all platforms of a plan; conda's half alone where there is no other.

    Nothing of the pip half is loaded then.

    Parameters
    ----------
    plan : Plan
        What to solve.
    section : PipSection
        The pip sections of the files.
    options : LockOptions
        What is said beside the files.
    on_done : callable, optional
        Told as each platform is answered.

    Returns
    -------
    tuple of JointOutcome
        One for each platform, in the order of the plan; one that fails does not hide the others.
    """
    if not any(section.lines_on(request.platform) for request in plan.requests):
        return tuple(map(_alone, solve(plan.requests, options.solve, on_done=on_done)))
    base = pypi_options(options)
    return solve_joint(
        [joint_request(request, section, options.pip, base) for request in plan.requests],
        options.solve,
        joint=options.pip.joint,
        on_done=(lambda joined: on_done(_outcome(joined))) if on_done else None,
    )


def pypi_options(options: LockOptions) -> PyPIOptions:
    """Return what both halves share of the options, in the words of the pip half."""
    base = PyPIOptions(
        strategy=options.solve.strategy,
        exclude_newer=options.solve.exclude_newer,
        offline=options.sources.offline,
        timeout=options.solve.time_limit,
        cache_dir=options.sources.cache_dir,
    )
    if options.sources.timeout is not None:
        base = replace(base, network_timeout=options.sources.timeout)
    return base


def _alone(outcome: Outcome) -> JointOutcome:
    return JointOutcome(
        platform=outcome.platform, solution=outcome.solution, error=outcome.error, seconds=outcome.seconds
    )


def _outcome(joined: JointOutcome) -> Outcome:
    return Outcome(
        platform=joined.platform, solution=joined.solution, error=joined.error, seconds=joined.seconds
    )


def _findings_of_pip(
    section: PipSection, inputs: Inputs, plan: Plan, joined: Sequence[JointOutcome]
) -> tuple[Finding, ...]:
    if not any(one.distributions or one.moves or one.notes for one in joined):
        return ()
    sources = {request.platform: request.sources for request in plan.requests}
    return pip_findings(section, inputs.files, joined, sources)


def _build(  # noqa: PLR0913, PLR0917 - all that a lock is made of
    inputs: Inputs,
    plan: Plan,
    options: LockOptions,
    solutions: Sequence[Solution],
    folder: Path,
    joined: Sequence[JointOutcome],
) -> Lock:
    hashing = HashOptions(
        channels=options.channels,
        virtual_packages=plan.virtual_package_table,
        stated=options.virtual_packages,
        conda_only=options.conda_only,
    )
    needs = dump_extra_needs({one.platform: one.extra_needs for one in joined})
    return build_lock(
        solutions,
        LockInputs(
            files=inputs.files,
            sources=tuple(relative_source(file.sources[0], folder) for file in inputs.files),
            channels=tuple(lock_channel(text) for text in plan.channel_texts),
            hashing=hashing,
            strategy=options.solve.strategy.value,
            exclude_newer=options.solve.exclude_newer,
            metadata=((EXTRA_NEEDS, needs),) if needs else (),
        ),
        pip={one.platform: locked_packages(one) for one in joined},
    )


def solutions_of(outcomes: Sequence[Outcome], inputs: Inputs) -> tuple[Solution, ...]:
    """Return the solutions of all platforms, in their order.

    Raises
    ------
    ParseError, ChannelError, SolverTimeoutError
        The first that a platform has.
    UnsatisfiableError
        Of all platforms that have no solution.
    """
    failed = {o.platform: o.error for o in outcomes if o.error is not None}
    if not failed:
        return tuple(o.solution for o in outcomes if o.solution is not None)
    for kind in (ParseError, ChannelError, SolverTimeoutError):
        first = next((error for error in failed.values() if isinstance(error, kind)), None)
        if first is not None:
            raise first
    solved = [o.platform for o in outcomes if o.solution is not None]
    raise _unsatisfiable(failed, solved, inputs.environment.sources)


def _unsatisfiable(
    failed: dict[Platform, CondaEnvToolsError], solved: Sequence[Platform], sources: Sequence[str]
) -> UnsatisfiableError:
    """One account of all platforms; those that fail for the same reason are told together."""
    together: dict[str, list[Platform]] = {}
    hints: dict[str, None] = {}
    for platform, error in failed.items():
        together.setdefault(error.message, []).append(platform)
        hints.update(dict.fromkeys(error.hints))
    files = " with ".join(sources)
    parts = [f"{files} cannot be solved on {_listed(failed)}; nothing was written"]
    for reason, platforms in together.items():
        parts.append(f"\n{_listed(platforms)}:\n{_indented(reason)}")
    if solved:
        parts.append(f"\nsolved: {_listed(solved)}")
    return UnsatisfiableError(
        "\n".join(parts),
        reasons={platform: error.message for platform, error in failed.items()},
        solved=solved,
        hints=list(hints),
    )


def _listed(platforms: Sequence[Platform] | dict[Platform, CondaEnvToolsError]) -> str:
    names = [p.value for p in platforms]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def relative_source(path: str, folder: Path) -> str:
    """Return `path` as a lock in `folder` names it: relative where that is possible, forward slashes."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive on Windows
        return Path(path).as_posix()
