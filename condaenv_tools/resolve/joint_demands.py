"""What the pip half asks of conda: a package in other versions, because of some lines."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.pep440 import to_conda_versions
from condaenv_tools.resolve.pypi.answer import PyPIConflict
from condaenv_tools.resolve.pypi.given import RequirementLine

__all__ = ["Demand", "demands_of", "merged"]


@dataclass(frozen=True, slots=True)
class Demand:
    """What the pip half asks of one conda package, and the lines that make it."""

    spec: MatchSpec
    text: str
    lines: tuple[RequirementLine, ...]


def demands_of(conflict: PyPIConflict) -> tuple[Demand, ...]:
    """Return what conda can be asked for: each package that is part of the conflict, and Python where it is."""
    names = {one.name: one.conda_name for one in conflict.provided}
    found = [(str(names[name]), text) for name, text in conflict.excluded if name in names]
    if conflict.requires_python:
        found.append(("python", conflict.requires_python))
    demands = []
    for name, specifier in found:
        versions = to_conda_versions(specifier)
        if versions not in {None, "*"}:
            text = f"{name} {versions}"
            demands.append(Demand(MatchSpec.parse(text), text, conflict.requirements))
    return tuple(demands)


def merged(known: tuple[Demand, ...], more: tuple[Demand, ...]) -> tuple[Demand, ...]:
    """Return demands with those that are new behind them, each once."""
    return tuple({str(demand.spec): demand for demand in (*known, *more)}.values())
