"""Lines for pip that exclude each other: on which distribution, and who demands what of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.environment import PipItem
from condaenv_tools.resolve.joint_request import JointOutcome

__all__ = ["find_clash"]

#: Who demands it and which versions, by name of the distribution.
_Demands = Mapping[str, Sequence[tuple[str, str]]]


def find_clash(items: Sequence[PipItem], probe: JointProbe) -> tuple[tuple[PipItem, str], ...]:
    """Return what two lines demand of one distribution, where neither takes what the other one does.

    Parameters
    ----------
    items : sequence of PipItem
        Lines that exclude each other, each of which can be met alone.
    probe : JointProbe
        Asked about each line alone.

    Returns
    -------
    tuple of (PipItem, str)
        A clause for each of two lines; none where no two of them clash over one distribution.
    """
    try:
        outcomes = [probe.changed([item], {}) for item in items]
    except OutOfTimeError:
        return ()
    told = [_demands(item, outcome) for item, outcome in zip(items, outcomes, strict=True)]
    chosen = [{str(d.name): d.version for d in outcome.distributions} for outcome in outcomes]
    for one, other in combinations(range(len(items)), 2):
        for name in sorted(told[one].keys() & told[other].keys()):
            mine = _excluding(told[one][name], chosen[other].get(name))
            theirs = _excluding(told[other][name], chosen[one].get(name))
            if mine and theirs:
                return (items[one], _clause(mine, name)), (items[other], _clause(theirs, name))
    return ()


def _demands(item: PipItem, outcome: JointOutcome) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    if item.name and item.details.specifier:
        found.setdefault(item.name, []).append(("", item.details.specifier))
    for one in outcome.distributions:
        for name, specifier in one.needs:
            if specifier:
                found.setdefault(name, []).append((f"{one.name} {one.version}", specifier))
    return found


def _excluding(demands: Sequence[tuple[str, str]], version: str | None) -> tuple[str, str] | None:
    """Return the first demand that a version does not meet."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few conflicts need it

    if version is None:
        return None
    for who, specifier in demands:
        try:
            if not SpecifierSet(specifier).contains(version, prereleases=True):
                return who, specifier
        except InvalidSpecifier:
            continue
    return None


def _clause(demand: tuple[str, str], name: str) -> str:
    who, specifier = demand
    return f"{who} needs {name}{specifier}" if who else f"asks for {name}{specifier}"
