"""What is asked of both halves of an environment, and what comes back: values without an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.lock import ExtraNeed
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.pypi.answer import Distribution, PyPINote
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions
from condaenv_tools.resolve.request import SolveRequest

__all__ = ["JointOutcome", "JointRequest", "Move"]


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
    seconds: float = 0.0
