"""Which correction moves least, measured against the file whose lines in conflict ask for no version."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from condaenv_tools.conflicts.corrections.proof import Targets, solved_with
from condaenv_tools.conflicts.corrections.values import Change, Correction, versions_after
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution

__all__ = ["ranked"]

_Solutions = Mapping[Platform, Solution]


def ranked(
    targets: Targets,
    found: Mapping[tuple[Change, ...], _Solutions],
    names: Sequence[str],
    has: Callable[[str, Platform], bool],
) -> tuple[Correction, ...]:
    """Return corrections, what moves least first.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms.
    found : mapping of changes to the solutions that prove them
        In any order.
    names : sequence of str
        The packages that the conflicts are about.
    has : callable
        Says whether there is anything of a package on a platform.

    Returns
    -------
    tuple of Correction
        By `Correction.rank`, then by their texts, so that the same file gives the same list.
    """
    before = _unsettled(targets, names, has) if len(found) > 1 else {}
    made = [
        Correction(
            changes=changes,
            versions=versions_after(dict.fromkeys([*map(_name, changes), *names]), solutions),
            moved=_moved(before, solutions),
            dependents=_dependents(map(_name, changes), before),
        )
        for changes, solutions in found.items()
    ]
    return tuple(sorted(made, key=lambda one: (one.rank, *_texts(one.changes))))


def _unsettled(
    targets: Targets, names: Sequence[str], has: Callable[[str, Platform], bool]
) -> dict[Platform, Solution]:
    """Return what each platform would have if the lines of some packages asked for no version.

    One that has no solution even so, or for which there is no time, is left out.
    """
    found = {}
    for platform, target in targets.items():
        plain = {
            item: MatchSpec(name=item.name) if has(item.name, platform) else None
            for item in target.items
            if item.name in names
        }
        try:
            solution = solved_with(target, plain)
        except OutOfTimeError:
            break
        if solution is not None:
            found[platform] = solution
    return found


def _moved(before: _Solutions, after: _Solutions) -> int:
    """Return how many packages, over all platforms, are of another version than before."""
    number = 0
    for platform in before.keys() & after.keys():
        versions = {record.name: record.version for record in before[platform].records}
        number += sum(
            versions.get(record.name, record.version) != record.version for record in after[platform].records
        )
    return number


def _dependents(names: Iterable[str], solutions: _Solutions) -> int:
    """Return how many packages, over all platforms, need one of some packages directly."""
    wanted = set(names)
    return sum(
        not wanted.isdisjoint(text.partition(" ")[0] for text in record.depends)
        for solution in solutions.values()
        for record in solution.records
    )


def _name(change: Change) -> str:
    return change.item.name if change.to is None else MatchSpec.parse(change.to).name


def _texts(changes: Sequence[Change]) -> tuple[list[str], list[str]]:
    return [str(change.item) for change in changes], [change.to or "" for change in changes]
