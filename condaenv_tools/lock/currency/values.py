"""What a lock is held against, and why it is not the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from condaenv_tools.model.environment import Environment, PipItem
from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["CODES", "HashState", "Reason", "StatusInputs", "StatusReport"]

#: Every code of a reason, and what it means.
CODES = {
    "platform-added": "the files, or -p, name a platform that the lock does not have",
    "platform-removed": "the lock has a platform that the files no longer name",
    "channel-added": "the files name a channel that the lock was not made with",
    "channel-removed": "the lock was made with a channel that the files do not name",
    "channel-order": "the channels are the same, in another order of priority",
    "spec-added": "the files ask for a package that the lock was not made for and does not have",
    "spec-changed": "the locked version does not satisfy what the files ask for",
    "spec-removed": "packages are locked for a line that the files no longer have",
    "not-needed": "a package is locked that nothing asks for, and no line that went explains it",
    "pip-added": "a line of the pip section asks for a distribution that is not in the lock",
    "pip-changed": "what is locked does not satisfy a line of the pip section: version, extra or hash",
    "pip-removed": "distributions are locked for a line that the pip section no longer has",
    "source-changed": "a line asks for a distribution from another address than that it is locked from",
    "constraint-changed": "what is locked does not satisfy a line of a file of constraints (-c)",
    "category-changed": "a package is locked for other categories than those that need it now",
    "virtual-package-changed": "a locked package needs more than the machine is now stated to have",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInputs:
    """What a lock should answer.

    Attributes
    ----------
    files : tuple of Environment
        One for each file, in order; in the pip sections, what ``-r`` lines name stands in their place.
    platforms : tuple of Platform
        Those that are looked at, in place of those of the files; empty for these.
    channels : tuple of str
        In place of those of the files; empty for these.
    virtual_packages : mapping of Platform to VirtualPackage values
        What is stated of the machines; what nobody states is as the lock recorded it.
    constraints : tuple of PipItem
        The lines of files of constraints (``-c``).
    conda_only : bool
        Whether the pip sections do not count. They do not either where the lock says that they were left out.
    """

    files: tuple[Environment, ...]
    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    virtual_packages: Mapping[Platform, Sequence[VirtualPackage]] | None = None
    constraints: tuple[PipItem, ...] = ()
    conda_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason why a lock is not the answer to what the files say now.

    Attributes
    ----------
    code : str
        A key of `CODES`.
    platform : Platform
        Where it counts.
    text : str
        What it is about: the spec, requirement, package, channel or platform, credentials masked.
    message : str
        Why, in one sentence without a full stop.
    source : str
        ``FILE:LINE`` of the line that is behind it; empty where there is none.
    package : str
        The name in a requirement, or of what is locked; empty for what is no package.
    """

    code: str
    platform: Platform
    text: str
    message: str
    source: str = ""
    package: str = ""

    def __str__(self) -> str:
        return f"{self.platform}: {self.code}: {self.message}"


class HashState:
    """What the content hash of a lock says of the files: no more than a remark, since it is one of the input."""

    EQUAL = "equal"
    DIFFERS = "differs"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """Whether a lock is current.

    Attributes
    ----------
    reasons : tuple of Reason
        Why it is not; by platform, then in the order of the questions: platforms, channels, requirements in the
        order of the files, what is left over.
    notes : tuple of str
        What differs and does not count, and what could not be decided: one sentence for each.
    hashes : tuple of (Platform, str)
        What the content hash of each platform says: ``equal``, ``differs`` or ``absent``. Never relied upon.
    """

    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()
    hashes: tuple[tuple[Platform, str], ...] = ()

    @property
    def current(self) -> bool:
        """Whether the lock satisfies the files and holds nothing beyond them."""
        return not self.reasons

    def _repr_html_(self) -> str:
        rows = [(one.platform, one.code, one.text, one.message) for one in self.reasons]
        caption = (
            "the lock is current"
            if self.current
            else f"not current: {len(rows)} reason{'' if len(rows) == 1 else 's'}"
        )
        return table(("platform", "code", "what", "why"), rows, caption=caption, notes=self.notes)
