"""What differs between two locks, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from condaenv_tools.model.html import table
from condaenv_tools.model.lock import LockedPackage
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.spec_words import plain_spec
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["Cause", "CauseKind", "Change", "ChangeKind", "Intent", "LockDiff", "PlatformDiff"]


class ChangeKind(StrEnum):
    """In which way a package differs; of several ways the first of this list counts."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    """From conda to PyPI or back."""
    UPGRADED = "upgraded"
    DOWNGRADED = "downgraded"
    CHANNEL = "channel"
    """The same version from another channel."""
    REBUILT = "rebuilt"
    """Another build of the same version."""
    REPLACED = "replaced"
    """Another archive of the same build: another hash or URL."""
    RESTATED = "restated"
    """The same archive, of which another category or dependency is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One package that is not in both locks as it is.

    Attributes
    ----------
    name : str
        Of the package in the new lock; in the old one where the new has none.
    manager : str
        ``"conda"`` or ``"pip"``, in the same lock.
    old, new : LockedPackage or None
        What the locks have.
    kind : ChangeKind
        In which way they differ.
    """

    name: str
    manager: str
    old: LockedPackage | None
    new: LockedPackage | None
    kind: ChangeKind

    @property
    def package(self) -> LockedPackage:
        """The package in the new lock; in the old one where the new has none."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def old_version(self) -> str | None:
        """Version in the old lock."""
        return self.old.record.version if self.old else None

    @property
    def new_version(self) -> str | None:
        """Version in the new lock."""
        return self.new.record.version if self.new else None


class CauseKind(StrEnum):
    """Why packages moved."""

    ASKED = "asked"
    """A line of a file asks for something that none asked for before."""
    DROPPED = "dropped"
    """No line asks for it any more."""
    EDITED = "edited"
    """A line asks for something else than before."""
    MACHINE = "machine"
    """Something else is assumed of the target machine."""
    CHANNELS = "channels"
    """The list of channels is another one."""
    PACKAGE = "package"
    """Another package moved, and no line that differs is behind that."""
    NEWER = "newer"
    """No line asks for it: the channels have moved on."""
    UNKNOWN = "unknown"
    """The locks do not say what was asked for, or what needs what."""
    DRIFT = "drift"
    """What is installed is not what is locked, and nobody notes why."""
    PLATFORM = "platform"
    """The other lock does not have the platform at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One reason for a move.

    Attributes
    ----------
    kind : CauseKind
        Of what nature it is.
    name : str
        The package, virtual package or channel; empty for `newer`, `unknown`, `drift` and `platform`.
    old, new : str or None
        What was said of it before and is now; None where nothing was or is.
    source : str
        ``FILE:LINE`` of the line, where there is one.
    """

    kind: CauseKind
    name: str = ""
    old: str | None = None
    new: str | None = None
    source: str = ""

    def __str__(self) -> str:
        text = _TEXTS[self.kind].format(
            name=self.name,
            old=_plain(self.old),
            new=_plain(self.new),
            verb="added" if self.new else "removed",
        )
        return f"{text} ({self.source})" if self.source else text


def _plain(text: str | None) -> str:
    return ", ".join(map(plain_spec, text.split(", "))) if text else "none"


_TEXTS = {
    CauseKind.ASKED: "{new} was added",
    CauseKind.DROPPED: "{old} was removed",
    CauseKind.EDITED: "{old} became {new}",
    CauseKind.MACHINE: "{name} {old} became {new} on the machine",
    CauseKind.CHANNELS: "the channel {name} was {verb}",
    CauseKind.PACKAGE: "{name} moved by itself",
    CauseKind.NEWER: "no line asks for it: the channels have moved on",
    CauseKind.UNKNOWN: "why is not known: a lock does not say what was asked for",
    CauseKind.DRIFT: "what is installed is not what is locked",
    CauseKind.PLATFORM: "the platform was {verb}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Packages that moved for one reason.

    Attributes
    ----------
    intent : Intent
        Why.
    changes : tuple of Change
        What moved, sorted by name.
    """

    intent: Intent
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return str(self.intent)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformDiff:
    """What differs on one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    added, removed, changed : tuple of Change
        Sorted by name, then manager.
    restated : tuple of Change
        Packages of the same archive in both, of which the locks say other categories or dependencies.
    causes : tuple of Cause
        All that is added, removed and changed, each once, grouped by why: first what the files say, last what
        no line asks for.
    in_old, in_new : bool
        Whether the lock has the platform at all.
    roots : tuple of Intent
        The lines that differ, in the order of the files; also those that moved nothing.
    virtual_packages : tuple of (VirtualPackage or None, VirtualPackage or None)
        Those that differ, old and new, sorted by name; empty where a lock does not say them.
    """

    platform: Platform
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    restated: tuple[Change, ...] = ()
    causes: tuple[Cause, ...] = ()
    in_old: bool = True
    in_new: bool = True
    roots: tuple[Intent, ...] = ()
    virtual_packages: tuple[tuple[VirtualPackage | None, VirtualPackage | None], ...] = ()

    @property
    def moved(self) -> tuple[Change, ...]:
        """What is added, removed and changed."""
        return (*self.added, *self.removed, *self.changed)

    @property
    def is_empty(self) -> bool:
        """Whether both locks install the same there, for the same categories."""
        return not self.moved and not self.restated and self.in_old and self.in_new


@dataclass(frozen=True, slots=True, kw_only=True)
class LockDiff:
    """What differs between two locks.

    Attributes
    ----------
    platforms : tuple of PlatformDiff
        Of each platform of either lock, sorted by its name.
    old_channels, new_channels : tuple of str
        As the locks name them, by falling priority.
    notes : tuple of str
        What could not be compared, because a format does not say it.
    """

    platforms: tuple[PlatformDiff, ...]
    old_channels: tuple[str, ...] = ()
    new_channels: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether both locks install the same everywhere."""
        return all(part.is_empty for part in self.platforms)

    @property
    def moved(self) -> int:
        """How many packages are added, removed and changed, counted on each platform."""
        return sum(len(part.moved) for part in self.platforms)

    def _repr_html_(self) -> str:
        # What is equal on several platforms stands once.
        rows: dict[tuple[str, ...], list[str]] = {}
        for part in self.platforms:
            for cause in part.causes:
                for one in cause.changes:
                    what = (one.kind.value, one.name, one.old_version or "", one.new_version or "")
                    rows.setdefault((str(cause), *what), []).append(part.platform.value)
        return table(
            ("why", "how", "package", "from", "to", "where"),
            [(*what, ", ".join(where)) for what, where in rows.items()],
            caption=self._caption(),
            notes=self.notes,
        )

    def _caption(self) -> str:
        if not self.moved:
            return "both install the same" if self.is_empty else "no package moved"
        moved = f"{self.moved} change{'' if self.moved == 1 else 's'}"
        several = len(self.platforms)
        return moved if several == 1 else f"{moved} on {several} platforms"
