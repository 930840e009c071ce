"""The pip half of an update: distributions stay where the wanted ones and conda's packages let them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.update_targets import Stuck
from condaenv_tools.lock.fewest_moves import Tried, fewest_moves
from condaenv_tools.lock.wanted import Wanted
from condaenv_tools.model.lock import LockedPackage, PyPIRecord
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.joint import solve_joint
from condaenv_tools.resolve.joint_request import JointOutcome, JointRequest
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.request import SolveOptions

__all__ = ["PipQuestion", "PipUpdate", "update_pip"]

#: How often one pip half may be resolved to find the fewest moves, beside the first two times.
ATTEMPTS = 12

#: A request for both halves in, its outcome out.
Ask = Callable[[JointRequest], JointOutcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipQuestion:
    """What shall move in the pip half of one platform.

    Attributes
    ----------
    request : JointRequest
        What the files demand of both halves.
    solution : Solution
        The conda half, as the update has it.
    packages : tuple of LockedPackage
        What pip installs by the lock.
    wanted : tuple of Wanted
        What shall move.
    everything : bool
        All may move.
    options : SolveOptions
        How it is solved.
    joint : bool
        Whether the pip half may move what conda chose.
    """

    request: JointRequest
    solution: Solution
    packages: tuple[LockedPackage, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    everything: bool = False
    options: SolveOptions = field(default_factory=SolveOptions)
    joint: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PipUpdate:
    """Both halves of one platform.

    Attributes
    ----------
    outcome : JointOutcome
        The answer, or the error that says why there is none.
    stuck : tuple of Stuck
        Distributions that were asked to move and did not.
    proven : bool
        Whether no answer moves fewer distributions.
    """

    outcome: JointOutcome
    stuck: tuple[Stuck, ...] = ()
    proven: bool = True


def update_pip(question: PipQuestion, *, ask: Ask | None = None) -> PipUpdate:
    """Find the pip half that fits to the conda half, and move as few distributions as possible.

    Parameters
    ----------
    question : PipQuestion
        What is locked, what is demanded, and what shall move.
    ask : callable, optional
        What answers for both halves; the engines by default.

    Returns
    -------
    PipUpdate
        conda's packages stay as the update has them, unless the pip half has no answer then; those that are locked
        are preferred at any rate.
    """

    def engines(request: JointRequest) -> JointOutcome:
        return solve_joint([request], question.options, joint=question.joint)[0]

    return _Search(question, ask or engines).run()


class _Search:
    def __init__(self, question: PipQuestion, ask: Ask) -> None:
        self._question = question
        self._ask = ask
        named = {
            name: one
            for one in question.wanted
            for name in one.among_pypi(package.name for package in question.packages)
        }
        self._named = named
        self._kept = {
            package.name: f"{package.name}=={package.record.version}"
            for package in question.packages
            if _can_be_kept(package) and package.name not in named and not question.everything
        }
        self._now = {package.name: package for package in question.packages}
        self._targets: dict[str, str] = {}

    def run(self) -> PipUpdate:
        if self._named:
            self._set_targets()
        moves = fewest_moves(self._kept, self._try, ATTEMPTS)
        if moves is None:
            outcome = self._outcome((), pinned=False)
            return PipUpdate(outcome=outcome, stuck=self._stuck(outcome), proven=False)
        return PipUpdate(outcome=moves.result, stuck=self._stuck(moves.result), proven=moves.proven)

    def _set_targets(self) -> None:
        """Find how new the wanted distributions can be while all others are free, and ask for that from now on."""
        outcome = self._outcome((), pinned=True)
        if outcome.error is None:
            self._targets = {
                str(one.name): one.version
                for one in outcome.distributions
                if one.name in self._named and one.version is not None and _can_be_kept(self._now[one.name])
            }

    def _try(self, kept: frozenset[str]) -> Tried[JointOutcome] | None:
        outcome = self._outcome(sorted(kept), pinned=True)
        if outcome.error is not None:
            if not isinstance(outcome.error, UnsatisfiableError):
                raise outcome.error
            return None
        after = {one.name: one.version for one in outcome.distributions}
        moved = frozenset(
            name
            for name in self._kept
            if name in after and f"{name}=={after[pypi_name(name)]}" != self._kept[name]
        )
        return Tried(moved=moved, result=outcome)

    def _outcome(self, kept: Iterable[str], *, pinned: bool) -> JointOutcome:
        request = self._question.request
        lines = [*request.constraints, *(RequirementLine(text=self._kept[name]) for name in kept)]
        lines += self._bounds()
        records = self._question.solution.records
        conda = replace(request.conda, pinned=records) if pinned else replace(request.conda, locked=records)
        return self._ask(replace(request, conda=conda, constraints=tuple(lines)))

    def _bounds(self) -> Sequence[RequirementLine]:
        """Return what was asked for of distributions that shall move: versions, or that they go down never."""
        lines = []
        for name, one in self._named.items():
            package = self._now[name]
            if name in self._targets:
                lines.append(RequirementLine(text=f"{name}=={self._targets[name]}"))
            elif one.spec is not None:
                lines.append(RequirementLine(text=_requirement(name, one.spec)))
            elif _can_be_kept(package):
                lines.append(RequirementLine(text=f"{name}>={package.record.version}"))
        return lines

    def _stuck(self, outcome: JointOutcome) -> tuple[Stuck, ...]:
        after = {one.name: one.version for one in outcome.distributions}
        return tuple(
            self._why(name, one)
            for name, one in self._named.items()
            if outcome.error is None and after.get(pypi_name(name)) == self._now[name].record.version
        )

    def _why(self, name: str, one: Wanted) -> Stuck:
        """Ask for a newer one, to see who has something against it."""
        version = self._now[name].record.version
        newest = Stuck(
            name=name,
            version=version,
            reason="it is the newest that there is",
            newest=True,
            explicit=not one.is_pattern,
        )
        if one.is_pattern or one.spec is not None:
            return newest
        request = self._question.request
        wish = RequirementLine(text=f"{name}>{version}")
        conda = replace(request.conda, locked=self._question.solution.records)
        outcome = self._ask(replace(request, conda=conda, constraints=(*request.constraints, wish)))
        if not isinstance(outcome.error, UnsatisfiableError):
            return newest
        alone = self._ask(replace(request, conda=conda, lines=(wish,), constraints=()))
        if isinstance(alone.error, UnsatisfiableError):
            return newest
        reason = " ".join(line.strip() for line in outcome.error.message.splitlines())
        return replace(newest, newest=False, reason=reason, hints=outcome.error.hints)


def _can_be_kept(package: LockedPackage) -> bool:
    record = package.record
    return isinstance(record, PyPIRecord) and record.has_version and record.source is None


def _requirement(name: str, spec: MatchSpec) -> str:
    """Return versions in conda's words as a requirement of pip (PEP 508)."""
    text = "" if spec.version is None else str(spec.version)
    if spec.version is not None and spec.version.is_fuzzy:
        text = f"=={text.removeprefix('=').removesuffix('.*').removesuffix('*')}.*"
    return f"{name}{text}"
