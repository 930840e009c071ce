"""What is asked of both halves of an environment, and what comes back: values without an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.lock import ExtraNeed
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.pypi.answer import Distribution, PyPIConflict, PyPINote
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions
from condaenv_tools.resolve.request import SolveRequest

__all__ = ["JointFailure", "JointOutcome", "JointRequest", "Move", "Refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRequest:
    """One platform of an environment with a pip section.

    Attributes
    ----------
    conda : SolveRequest
        The conda half.
    lines, constraints : tuple of RequirementLine
        The pip half, in the order of the files; none where the platform has no pip section.
    options : PyPIOptions
        Where the pip half looks.
    folder : Path or None
        What relative paths of lines start from.
    """

    conda: SolveRequest
    lines: tuple[RequirementLine, ...] = ()
    constraints: tuple[RequirementLine, ...] = ()
    options: PyPIOptions = field(default_factory=PyPIOptions)
    folder: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A conda package that is not what conda alone would have chosen, so that the pip section fits.

    Attributes
    ----------
    name : str
        The conda package.
    before, after : str or None
        Its version with the conda half alone, and now; None where it is not there.
    demand : str
        What was asked of conda, as ``NAME VERSIONS``; empty where the package moved along with another.
    lines : tuple of RequirementLine
        The lines of the pip section that demand it; empty with `demand`.
    """

    name: str
    before: str | None
    after: str | None
    demand: str = ""
    lines: tuple[RequirementLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What the pip half demanded of conda, and conda cannot give.

    Attributes
    ----------
    demands : tuple of MatchSpec
        All of them at once.
    specs : tuple of MatchSpec
        The fewest specs of the conda half that exclude them; empty where these are not known.
    reason : str
        What the solver says of it.
    """

    demands: tuple[MatchSpec, ...]
    specs: tuple[MatchSpec, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointFailure:
    """Why both halves do not agree, as values.

    Attributes
    ----------
    conflicts : tuple of PyPIConflict
        What the pip half said each time that it had no answer; the first one is about what conda chose freely.
    refusals : tuple of Refusal
        What conda could not give, in the order in which it was asked.
    complete : bool
        Whether nothing was left to try.
    """

    conflicts: tuple[PyPIConflict, ...]
    refusals: tuple[Refusal, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class JointOutcome:
    """The answer for one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    solution : Solution or None
        The conda half; None exactly where `error` is not.
    distributions : tuple of Distribution
        The pip half, sorted by name.
    moves : tuple of Move
        What the pip half demanded of conda first, then what moved along; each sorted by name.
    assumed : tuple of str
        conda packages that were taken to bring the distribution of the same name, although nothing says so, since
        pip would have installed one over them; sorted.
    instead : tuple of (str, str)
        Distributions with the name of another conda package, and the conda package that brings each of them.
    notes : tuple of PyPINote
        What is worth knowing of the pip half.
    extra_needs : tuple of ExtraNeed
        What the extras of what conda brings need, as far as the pip half asks for them; sorted.
    error : CondaEnvToolsError or None
        Why there is no answer.
    failure : JointFailure or None
        The same as values, where conda alone has a solution and the pip half was asked.
    seconds : float
        Wall time of the conda half, for the user's eyes only.
    """

    platform: Platform
    solution: Solution | None = None
    distributions: tuple[Distribution, ...] = ()
    moves: tuple[Move, ...] = ()
    assumed: tuple[str, ...] = ()
    instead: tuple[tuple[str, str], ...] = ()
    notes: tuple[PyPINote, ...] = ()
    extra_needs: tuple[ExtraNeed, ...] = ()
    error: CondaEnvToolsError | None = None
    failure: JointFailure | None = None
    seconds: float = 0.0
