"""Where the pip half of a lock may have changed, and what becomes of it where it has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from condaenv_tools.jobs.lock_files import pypi_options, solutions_of
from condaenv_tools.jobs.pip_half import joint_request, locked_packages
from condaenv_tools.jobs.plan import Inputs, LockOptions
from condaenv_tools.jobs.update_build import Half
from condaenv_tools.jobs.update_pip import PipQuestion, PipUpdate, update_pip
from condaenv_tools.jobs.update_platform import PlatformQuestion
from condaenv_tools.lock.build import roots_of
from condaenv_tools.lock.extra_needs import load_extra_needs
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.model.lock import Lock, LockedPlatform
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.request import Outcome

__all__ = ["PIP", "final_solutions", "has_pip_lines", "pip_halves", "pip_parts"]

#: What is asked of conda where a line is to be installed by pip, as conda itself does.
PIP = MatchSpec.parse("pip")


def has_pip_lines(inputs: Inputs, platform: Platform, options: LockOptions) -> bool:
    """Say whether pip has a part in a platform."""
    return not options.conda_only and bool(inputs.pip.lines_on(platform))


def pip_halves(
    old: Lock,
    inputs: Inputs,
    questions: Sequence[PlatformQuestion],
    solutions: Sequence[Solution],
    options: LockOptions,
) -> dict[Platform, PipUpdate]:
    """Resolve the pip half of each platform on which it may have changed.

    Parameters
    ----------
    old : Lock
        As it was.
    inputs : Inputs
        What the files say.
    questions : sequence of PlatformQuestion
        What shall move.
    solutions : sequence of Solution
        The conda half of each, in the same order.
    options : LockOptions
        How it is solved.

    Returns
    -------
    dict of Platform to PipUpdate
        Nothing of a platform whose pip half stays as it was; no index is read for it.

    Raises
    ------
    UnsatisfiableError
        Both halves do not agree.
    ChannelError, SolverTimeoutError, ParseError
        An index did not answer, the time ran out, a line cannot be resolved.
    """
    base = pypi_options(options)
    found = {}
    for question, solution in zip(questions, solutions, strict=True):
        platform = question.platform
        before = _part(old, platform)
        if not has_pip_lines(inputs, platform, options):
            continue
        if before is not None and not question.everything and _stays(before, question, solution, inputs):
            continue
        found[platform] = update_pip(
            PipQuestion(
                request=joint_request(question.request, inputs.pip, options.pip, base),
                solution=solution,
                packages=tuple(p for p in before.packages if p.manager == "pip") if before else (),
                wanted=question.wanted,
                everything=question.everything,
                options=options.solve,
                joint=options.pip.joint,
            )
        )
    solutions_of(
        [
            Outcome(platform=platform, solution=half.outcome.solution, error=half.outcome.error)
            for platform, half in found.items()
        ],
        inputs,
    )
    return found


def final_solutions(
    solutions: Sequence[Solution], halves: Mapping[Platform, PipUpdate]
) -> tuple[Solution, ...]:
    """Return the conda halves, as the pip half has them where it was asked."""
    found = []
    for solution in solutions:
        half = halves.get(solution.platform)
        found.append(solution if half is None or half.outcome.solution is None else half.outcome.solution)
    return tuple(found)


def pip_parts(
    old: Lock,
    inputs: Inputs,
    solutions: Sequence[Solution],
    halves: Mapping[Platform, PipUpdate],
    options: LockOptions,
) -> dict[Platform, Half]:
    """Return the pip half of each platform: as it was resolved, or as it was."""
    needs = load_extra_needs(dict(old.metadata).get(EXTRA_NEEDS, ""))
    found = {}
    for solution in solutions:
        platform = solution.platform
        half, before = halves.get(platform), _part(old, platform)
        if half is not None:
            outcome = half.outcome
            found[platform] = Half(packages=locked_packages(outcome), extra_needs=outcome.extra_needs)
        elif before is not None and has_pip_lines(inputs, platform, options):
            packages = tuple(p for p in before.packages if p.manager == "pip")
            found[platform] = Half(packages=packages, extra_needs=needs.get(platform.value, ()))
    return found


def _part(old: Lock, platform: Platform) -> LockedPlatform | None:
    return next((part for part in old.platforms if part.platform == platform), None)


def _stays(before: LockedPlatform, question: PlatformQuestion, solution: Solution, inputs: Inputs) -> bool:
    """Say whether nothing that the pip half rests on has changed: its lines, conda's packages, what shall move."""
    names = [package.name for package in before.packages if package.manager == "pip"]
    if before.roots is None or any(one.among_pypi(names) for one in question.wanted):
        return False
    if {record.url for record in before.records} != {record.url for record in solution.records}:
        return False
    if before.virtual_packages not in {None, solution.virtual_packages}:
        return False
    asked = roots_of(
        inputs.files,
        tuple("" for _ in inputs.files),
        question.platform,
        holds=marker_test(question.platform, solution.records, solution.virtual_packages),
    )
    now = sorted((root.name, root.spec, root.category) for root in asked if root.manager == "pip")
    was = sorted((root.name, root.spec, root.category) for root in before.roots if root.manager == "pip")
    return now == was
