"""Which lines of the conda part stand against what the pip half demands: conda's solver alone is asked.

That takes a small part of the time of a question about both halves, and most such questions are about few lines.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.ecosystems.trail import trail_to
from condaenv_tools.conflicts.search.cores import find_core
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.resolve.joint_request import JointFailure, Refusal
from condaenv_tools.resolve.solve import SOLVERS

__all__ = ["as_lines", "conda_probe", "find_refusing", "lines_to"]

_PLACE = SourceSpan(path="<pip>", line=0, column=0)


def find_refusing(
    lines: Sequence[Dependency], failure: JointFailure, probe: JointProbe
) -> tuple[Dependency, ...]:
    """Return the fewest lines of the conda part that exclude what it could not give, in the order of the files.

    Parameters
    ----------
    lines : sequence of Dependency
        The conda part.
    failure : JointFailure
        What was demanded of it; what is refused with one demand is refused with more as well.
    probe : JointProbe
        Whose conda half and time count.

    Returns
    -------
    tuple of Dependency
        Of several demands, those against each; none of a demand for which there was no time.
    """
    found: set[Dependency] = set()
    conda = conda_probe(probe)
    try:
        for refusal in _smallest(failure.refusals):
            found |= set(_against(as_lines(refusal.demands), lines, conda))
    except (OutOfTimeError, CondaEnvToolsError):
        pass  # what is known by then is enough to begin with
    return tuple(item for item in lines if item in found)


def _against(
    demands: Sequence[Dependency], lines: Sequence[Dependency], conda: Probe
) -> tuple[Dependency, ...]:
    """Return the fewest lines against demands; those that name what is demanded tell more than any others."""

    def fails(part: Sequence[Dependency]) -> bool | None:
        return conda.fails([*demands, *part])

    named = [item for item in lines if any(item.name == demand.name for demand in demands)]
    core = find_core(named if named and fails(named) else lines, fails)
    return core.members if core.minimal else ()


def lines_to(
    names: Collection[str], lines: Sequence[Dependency], probe: JointProbe
) -> tuple[Dependency, ...]:
    """Return the lines of the conda part that lead to some packages, in what conda chooses for all lines.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    outcome = conda_probe(probe).outcome([item.spec for item in lines])
    records = () if outcome.solution is None else outcome.solution.records
    return tuple(item for item in lines if item.name in names or trail_to(item.name, names, records))


def conda_probe(probe: JointProbe) -> Probe:
    """Return what asks about the conda half alone, within the same time."""
    options = replace(probe.options, tells_why=False)
    return Probe(probe.request.conda, SOLVERS["rattler"], options, until=probe.until)


def as_lines(demands: Sequence[MatchSpec]) -> list[Dependency]:
    """Return demands as if they stood in the conda part."""
    return [Dependency(text=str(spec), spec=spec, span=_PLACE) for spec in demands]


def _smallest(refusals: Sequence[Refusal]) -> list[Refusal]:
    sets = [frozenset(map(str, one.demands)) for one in refusals]
    return [one for one, mine in zip(refusals, sets, strict=True) if not any(other < mine for other in sets)]
