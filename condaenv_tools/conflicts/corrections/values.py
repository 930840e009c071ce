"""What mends an environment, as values: lines to change, and what else there is to do; each is proven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from condaenv_tools.conflicts.search.cores import Core
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.version import Version

__all__ = [
    "Change",
    "Correction",
    "CorrectionSearch",
    "OtherCorrection",
    "OtherKind",
    "Target",
    "VersionAfter",
    "in_order",
    "versions_after",
]

#: What changes lines: of one half, or of both.
OfLines = TypeVar("OfLines")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One platform of the file.

    Attributes
    ----------
    items : tuple of Dependency
        The lines that count there.
    probe : Probe
        Asks the solver.
    cores : tuple of Core
        The conflicts that are known.
    """

    items: tuple[Dependency, ...]
    probe: Probe
    cores: tuple[Core, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line and what takes its place.

    Attributes
    ----------
    item : Dependency
        The line.
    to : str or None
        Its new text, which is the old one where only a selector is given; None where the line goes.
    steps : int
        How many groups of releases lie between the old version and the new one.
    upward : bool
        Whether the version rises.
    only_on : tuple of Platform
        The requested platforms that keep the line, where it gets a selector; else empty.
    """

    item: Dependency
    to: str | None
    steps: int = 0
    upward: bool = False
    only_on: tuple[Platform, ...] = ()

    def leaves(self, platform: Platform) -> bool:
        """Say whether the line is no more on a platform."""
        return self.to is None or bool(self.only_on and platform not in self.only_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionAfter:
    """The version of one package with a correction.

    Attributes
    ----------
    name, version : str
        The package, and what is taken of it.
    platforms : tuple of Platform
        Where, sorted by name.
    """

    name: str
    version: str
    platforms: tuple[Platform, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Changes of lines with which every requested platform was solved.

    Attributes
    ----------
    changes : tuple of Change
        In the order of the files.
    versions : tuple of VersionAfter
        The packages that the conflicts are about, as far as they are there: those of the changed lines first,
        and for each the version that most platforms get first.
    moved : int
        How many other packages, over all platforms, are of another version than if the lines in conflict asked
        for no version.
    dependents : int
        How many packages, over all platforms, would then need one of the changed ones directly.
    """

    changes: tuple[Change, ...]
    versions: tuple[VersionAfter, ...]
    moved: int = 0
    dependents: int = 0

    @property
    def has_selector(self) -> bool:
        """Whether a line gets a selector, which is more than another text of the line."""
        return any(change.only_on for change in self.changes)

    @property
    def drops(self) -> bool:
        """Whether a line is lost, on one platform at least."""
        return any(change.to is None or change.only_on for change in self.changes)

    @property
    def rank(self) -> tuple[int, int, int, int, int, int, int]:
        """How much it moves, the most important first.

        Lines changed, lines dropped, lines dropped on some platforms, packages moved, packages that need a
        changed one, groups of releases passed; of two that are equal in all of this, the one that changes
        what was written last.
        """
        dropped = sum(change.to is None for change in self.changes)
        partly = sum(bool(change.only_on) for change in self.changes)
        steps = sum(change.steps for change in self.changes)
        last = max((change.item.span.line for change in self.changes), default=0)
        return len(self.changes), dropped, partly, self.moved, self.dependents, steps, -last


class OtherKind(StrEnum):
    """What is done where no line is changed; in the order of preference."""

    CHANNEL = "channel"
    VIRTUAL_PACKAGE = "virtual-package"
    CHANNEL_PRIORITY = "channel-priority"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCorrection:
    """What lets every requested platform be solved with all lines as they are.

    Attributes
    ----------
    kind : OtherKind
        What is done.
    channel : str
        The channel to list last, where one is added.
    flags : tuple of str
        What to say on the command line, where the file stays: ``--virtual-package __glibc=2.34``.
    parts : tuple of tuples of Dependency
        The lines of each environment, where the file is split; the largest part first.
    versions : tuple of VersionAfter
        The packages that the conflicts are about; empty for a split.
    """

    kind: OtherKind
    channel: str = ""
    flags: tuple[str, ...] = ()
    parts: tuple[tuple[Dependency, ...], ...] = ()
    versions: tuple[VersionAfter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSearch:
    """What a search for corrections found.

    Attributes
    ----------
    corrections : tuple of Correction
        What moves least first; all change the same number of lines, and no fewer suffice.
    complete : bool
        False where the time ran out, or there were too many sets of lines to try.
    """

    corrections: tuple[Correction, ...]
    complete: bool


def in_order(
    corrections: Iterable[OfLines], others: Iterable[OtherCorrection]
) -> tuple[OfLines | OtherCorrection, ...]:
    """Return all corrections of a file as they are numbered: lines first, then what else there is to do.

    Examples
    --------
    >>> other = OtherCorrection(kind=OtherKind.CHANNEL, channel="bioconda")
    >>> plain = Correction(changes=(), versions=())
    >>> in_order([plain], [other]) == (plain, other)
    True
    """
    kinds = list(OtherKind)
    return (*corrections, *sorted(others, key=lambda one: kinds.index(one.kind)))


def versions_after(names: Iterable[str], solutions: Mapping[Platform, Solution]) -> tuple[VersionAfter, ...]:
    """Return the versions of some packages, by name and then by how many platforms have them.

    Parameters
    ----------
    names : iterable of str
        The packages, in the order to keep; one that no solution has is left out.
    solutions : mapping of Platform to Solution
        What was proven.
    """
    found: dict[str, dict[str, list[Platform]]] = {name: {} for name in names}
    for platform, solution in sorted(solutions.items()):
        for record in solution.records:
            if record.name in found:
                found[record.name].setdefault(record.version, []).append(platform)
    return tuple(
        VersionAfter(name=name, version=version, platforms=tuple(platforms))
        for name, here in found.items()
        for version, platforms in sorted(here.items(), key=_most_first)
    )


def _most_first(one: tuple[str, list[Platform]]) -> tuple[int, Platform, Version]:
    version, platforms = one
    return -len(platforms), platforms[0], Version.of(version)
