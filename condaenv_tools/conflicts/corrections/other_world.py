"""A file solved in another world: all lines as they are, other channels or another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from condaenv_tools.conflicts.corrections.proof import Targets, solved
from condaenv_tools.conflicts.corrections.values import Target, VersionAfter, versions_after
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution

__all__ = ["cores_go", "elsewhere", "reached", "solved_elsewhere", "told_versions"]


def elsewhere(targets: Targets, other: Callable[[Platform, Probe], Probe]) -> dict[Platform, Target]:
    """Return targets that are asked about in another world."""
    return {
        platform: replace(target, probe=other(platform, target.probe)) for platform, target in targets.items()
    }


def cores_go(targets: Targets) -> bool:
    """Say whether the lines of every known conflict go together."""
    return all(
        target.probe.fails(core.members) is False for target in targets.values() for core in target.cores
    )


def solved_elsewhere(targets: Targets) -> Mapping[Platform, Solution] | None:
    """Return the solution of each platform, or None; the conflicts are asked about first, which is quick."""
    return solved(targets, ()) if cores_go(targets) else None


def told_versions(targets: Targets, solutions: Mapping[Platform, Solution]) -> tuple[VersionAfter, ...]:
    """Return the versions of the packages that the conflicts are about."""
    cores = [core for target in targets.values() for core in target.cores]
    return versions_after(dict.fromkeys(item.name for core in cores for item in core.members), solutions)


def reached(target: Target, universe: Universe) -> Iterator[tuple[str, tuple[PackageRecord, ...]]]:
    """Yield the packages that the lines in conflict ask for, by themselves or through others, with their records.

    One that is not there has none. Each is yielded once; what is asked of it does not count.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    todo = [item.name for core in target.cores for item in core.members if not item.spec.has_name_pattern]
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen or is_virtual(name):
            continue
        seen.add(name)
        if target.probe.is_late:
            raise OutOfTimeError
        records = universe.visible(name)
        yield name, records
        todo += [text.partition(" ")[0] for record in records for text in record.depends]
