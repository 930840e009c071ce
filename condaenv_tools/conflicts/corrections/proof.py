"""Solving a file again with other lines: what every correction has to pass, on all platforms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from condaenv_tools.conflicts.corrections.values import Change, Target
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution

__all__ = [
    "Instead",
    "Targets",
    "settled",
    "solved",
    "solved_with",
]

#: By platform.
Targets = Mapping[Platform, Target]
#: What stands in the place of some lines; None for a line that goes.
Instead = Mapping[Dependency, MatchSpec | None]


def solved(targets: Targets, changes: Iterable[Change]) -> dict[Platform, Solution] | None:
    """Return the solution of each platform with some changes, or None where one has none.

    Raises
    ------
    OutOfTimeError
        The time is over.
    CondaEnvToolsError
        A channel failed.
    """
    changes = tuple(changes)
    found: dict[Platform, Solution] = {}
    for platform, target in targets.items():
        solution = solved_with(target, _on(changes, platform))
        if solution is None:
            return None
        found[platform] = solution
    return found


def solved_with(target: Target, instead: Instead) -> Solution | None:
    """Return the solution of one platform with other specs in the place of some lines.

    None as well where all lines are gone: a file that asks for nothing is not mended.
    """
    specs = [item.spec for item in target.items if item not in instead]
    specs += [spec for item in target.items if (spec := instead.get(item)) is not None]
    if target.items and not specs:
        return None
    return target.probe.outcome(specs).solution


def settled(targets: Targets, instead: Instead) -> bool:
    """Say whether all platforms have a solution with other specs in the place of some lines."""
    return all(solved_with(target, instead) is not None for target in targets.values())


def _on(changes: Sequence[Change], platform: Platform) -> dict[Dependency, MatchSpec | None]:
    return {
        change.item: None if change.to is None or change.leaves(platform) else MatchSpec.parse(change.to)
        for change in changes
    }
