"""The seam of lock formats: what every format of the registry can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["ChoosingReader", "DumpOptions", "LockFormat", "LockReader", "ReadOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpOptions:
    """How a lock is written, where its format leaves a choice.

    Attributes
    ----------
    map_conda : bool
        A format of PyPI has the packages of conda that are on PyPI, too, by the recorded names.
    builds : bool
        An environment file pins builds, and not versions alone.
    name : str or None
        Name of the environment, for a format that has one.
    selectors : bool
        One environment file for all platforms, with conda-lock's selectors where they differ.
    """

    map_conda: bool = False
    builds: bool = True
    name: str | None = None
    selectors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """What is asked of a lock that does not say by itself which machines it is for.

    Attributes
    ----------
    platforms : tuple of Platform
        Those that are wanted; empty for those that the file names, else the default ones that it serves.
    python : str or None
        The Python with which markers are decided and wheels chosen, such as ``"3.12"``; None for the oldest that
        the file allows.
    """

    platforms: tuple[Platform, ...] = ()
    python: str | None = None


class LockReader(Protocol):
    """One version of one format that is read."""

    @property
    def name(self) -> str:
        """What `--format` calls it."""
        ...

    def recognises(self, text: str) -> bool:
        """Say whether a text is, or was meant to be, of this format."""
        ...

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        """Read a lock.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.
        """
        ...


@runtime_checkable
class ChoosingReader(Protocol):
    """A reader of files that may serve more machines than are wanted, or do not name them."""

    @property
    def serves_several(self) -> bool:
        """Whether platforms and Python may be chosen."""
        ...

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        """Read a lock for some platforms, as `LockReader.loads` reads it for all."""
        ...


class LockFormat(LockReader, Protocol):
    """One version of one format, both directions."""

    @property
    def one_platform(self) -> bool:
        """Whether a file is about one platform alone: `dumps` takes a lock of exactly one then."""
        ...

    def file_name(self, platform: Platform | None = None) -> str:
        """Return what such a file is called: the platform tells those of one platform apart."""
        ...

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:
        """Write a lock. The text depends on nothing but the lock, and not on the order of what is in it.

        Raises
        ------
        LockFormatError
            The lock holds a credential, or more platforms than a file can.
        """
        ...

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:
        """Say what of the lock the text does not hold, sorted."""
        ...

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:
        """Return what is read when the lock is written: ``loads(dumps(lock)) == kept(lock)``."""
        ...
