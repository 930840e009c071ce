"""The difference of two lock files, or of a lock file and an installed environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from condaenv_tools.channels.prefix import read_prefix
from condaenv_tools.jobs.graph_files import platforms_of
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.diff import Cause, CauseKind, Intent, LockDiff, PlatformDiff, diff_locks
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform

__all__ = ["FileDiff", "diff_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What differs between two files.

    Attributes
    ----------
    diff : LockDiff
        The difference.
    old, new : str
        The paths.
    drift : bool
        Whether one of both is an installed environment, so that a difference is drift.
    """

    diff: LockDiff
    old: str
    new: str
    drift: bool = False

    def _repr_html_(self) -> str:
        return self.diff._repr_html_()


def diff_files(
    old: str | Path | Lock, new: str | Path | Lock, *, platforms: Sequence[Platform] = ()
) -> FileDiff:
    """Compare two locks of any format; a folder with ``conda-meta`` is what is installed there.

    Parameters
    ----------
    old, new : str, Path or Lock
        What to compare. Against an installed environment, or a file of a format that has one for each platform,
        only its own platform is compared.
    platforms : sequence of Platform
        Those that are wanted; all by default. One that only one lock has is new, or gone.

    Raises
    ------
    LockFormatError
        One of both cannot be read.
    ParseError
        A platform is in neither.
    """
    sides = [_Side.read(old, "the old lock"), _Side.read(new, "the new lock")]
    drift = any(side.is_prefix for side in sides)
    # What is installed, and what some formats hold, is of one platform: nobody misses the others there.
    alone = {side.lock.platforms[0].platform: side.path for side in sides if side.is_alone}
    wanted = tuple(platforms) or tuple(alone)
    if drift:
        parts = [platforms_of(side.lock, wanted, path=side.path) for side in sides]
    else:
        known = {part.platform: part for side in sides for part in side.lock.platforms}
        every = Lock(platforms=tuple(known.values()))
        chosen = {p.platform for p in platforms_of(every, wanted, path=" and ".join(s.path for s in sides))}
        parts = [tuple(part for part in side.lock.platforms if part.platform in chosen) for side in sides]
    left, right = (replace(side.lock, platforms=found) for side, found in zip(sides, parts, strict=True))
    diff = diff_locks(left, right)
    if drift:
        diff = replace(diff, platforms=tuple(map(_without_causes, diff.platforms)))
    elif any(len(side.lock.platforms) > 1 for side in sides):
        told = tuple(
            f"only {one} is compared: {path} is of that platform alone" for one, path in alone.items()
        )
        diff = replace(diff, notes=(*diff.notes, *told))
    return FileDiff(diff=diff, old=sides[0].path, new=sides[1].path, drift=drift)


def _without_causes(part: PlatformDiff) -> PlatformDiff:
    """Nobody notes why something was installed."""
    changes = tuple(sorted(part.moved, key=lambda one: (one.name, one.manager, one.kind)))
    cause = Cause(intent=Intent(kind=CauseKind.DRIFT), changes=changes)
    return replace(part, causes=(cause,) if changes else (), roots=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    lock: Lock
    path: str
    is_prefix: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether it is of one platform by nature: an environment, or a format with a file for each."""
        lock = self.lock
        by_format = "depends" in lock.unknown or PYTHON in dict(lock.metadata)
        return len(lock.platforms) == 1 and (self.is_prefix or by_format)

    @classmethod
    def read(cls, what: str | Path | Lock, name: str) -> _Side:
        if isinstance(what, Lock):
            return cls(lock=what, path=name)
        if Path(what).is_dir():
            lock = read_prefix(what)
            # Nobody notes in an environment for which category a package is there.
            silent = replace(lock, unknown=lock.unknown | {"categories"}, channels=())
            return cls(lock=silent, path=str(what), is_prefix=True)
        return cls(lock=read_lock(what), path=str(what))
