"""A lock: exactly which archives make an environment on each platform, and why each is there.

A file format is one way to write a lock (`condaenv_tools.lock`); the model keeps all that a record says,
and `Lock.unknown` names what the format it was read from could not say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["ExtraNeed", "Lock", "LockChannel", "LockedPackage", "LockedPlatform", "PyPIRecord", "Root"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPIRecord:
    """One archive of one distribution.

    Attributes
    ----------
    name : str
        Normalised (PEP 503).
    version : str
        PEP 440; ``0`` for a source tree that says it only when it is built.
    url : str
        Where the archive is, without credentials. Its bare name, or the empty text, where a lock does not say it:
        `Lock.unknown` has ``url`` then.
    sha256, md5 : str or None
        Lower-case hexadecimal.
    requires : tuple of (str, str)
        Name and specifier of each requirement that counts, sorted.
    source : str or None
        The URL or repository that was asked for by address, where it was; without credentials.
    requirements : tuple of str
        The same requirements as their makers wrote them, with extras and markers (PEP 508), sorted; empty where a
        lock does not say them.
    hashes : tuple of str
        The sha256 of all archives of the release, sorted, where a lock does not say which of them is taken;
        empty where `sha256` says it.
    """

    name: str
    version: str
    url: str
    sha256: str | None = None
    md5: str | None = None
    requires: tuple[tuple[str, str], ...] = ()
    source: str | None = None
    requirements: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def has_version(self) -> bool:
        """Whether `version` is known, so that a demand can be held against it."""
        return self.source is None or self.version != "0"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ExtraNeed:
    """One requirement of one extra of a distribution that conda brings.

    Attributes
    ----------
    name : str
        The distribution that conda brings, normalised.
    extra : str
        Its extra, normalised.
    wanted : str
        The distribution that is needed, normalised; pip or conda brings it.
    specifier : str
        Its versions; empty where any will do.
    """

    name: str
    extra: str
    wanted: str
    specifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPackage:
    """One archive of a lock, with the categories that need it (`main`, `dev`, ...), sorted."""

    record: PackageRecord | PyPIRecord
    categories: tuple[str, ...] = ("main",)
    optional: bool = False

    @property
    def name(self) -> str:
        """Name of the package."""
        return self.record.name

    @property
    def manager(self) -> str:
        """Who installs it: ``"conda"`` or ``"pip"``."""
        return "conda" if isinstance(self.record, PackageRecord) else "pip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """One line of an input file that a lock answers.

    Attributes
    ----------
    name : str
        The package asked for.
    spec : str
        What is asked, as conda's canonical string (or a PEP 508 requirement where `manager` is pip).
    source : str
        ``FILE:LINE``, the file relative to the lock.
    category : str
        The category of the file, `main` by default.
    manager : str
        ``"conda"`` or ``"pip"``.
    """

    name: str
    spec: str
    source: str
    category: str = "main"
    manager: str = "conda"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockChannel:
    """A channel as the lock names it: never with a credential.

    Attributes
    ----------
    url : str
        Name or URL; references to environment variables stay as they are.
    used_env_vars : tuple of str
        The variables that the URL needs.
    """

    url: str
    used_env_vars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedPlatform:
    """The part of a lock for one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    packages : tuple of LockedPackage
        Sorted by manager, then name.
    virtual_packages : tuple of VirtualPackage or None
        What was assumed of the machine; None where the format does not say.
    roots : tuple of Root or None
        What was asked, in the order of the files; None where the format does not say.
    content_hash : str or None
        conda-lock's hash of the input; lower-case hexadecimal.
    """

    platform: Platform
    packages: tuple[LockedPackage, ...]
    virtual_packages: tuple[VirtualPackage, ...] | None = None
    roots: tuple[Root, ...] | None = None
    content_hash: str | None = None

    @property
    def records(self) -> tuple[PackageRecord, ...]:
        """The conda packages, sorted by name."""
        return tuple(p.record for p in self.packages if isinstance(p.record, PackageRecord))

    @property
    def size(self) -> int:
        """Bytes to download from channels; archives of unknown size count as nothing."""
        return sum(record.size or 0 for record in self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """An environment, pinned for some platforms.

    Attributes
    ----------
    platforms : tuple of LockedPlatform
        Sorted by the platform's name.
    channels : tuple of LockChannel
        In the order of priority.
    sources : tuple of str
        The files that were locked, relative to the lock, with forward slashes.
    metadata : tuple of (str, str)
        Free-form pairs, sorted.
    unknown : frozenset of str
        Fields of records that the format could not say, so that nothing is proven of them.
    """

    platforms: tuple[LockedPlatform, ...]
    channels: tuple[LockChannel, ...] = ()
    sources: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    unknown: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[LockedPlatform]:
        return iter(self.platforms)

    def on(self, platform: Platform | str) -> LockedPlatform:
        """Return the part for one platform.

        Raises
        ------
        KeyError
            The lock has none.
        """
        for part in self.platforms:
            if part.platform == platform:
                return part
        raise KeyError(str(platform))

    def _repr_html_(self) -> str:
        # Many formats do not keep sizes, or what was asked for: that is not zero.
        rows = [
            (
                part.platform,
                len(part.packages),
                _download(part),
                "not known" if part.roots is None else len(part.roots),
            )
            for part in self.platforms
        ]
        caption = f"lock of {', '.join(self.sources) or 'no file'}"
        return table(("platform", "packages", "download", "asked for"), rows, caption=caption)


def _download(part: LockedPlatform) -> str:
    if part.records and not part.size:
        return "not known"
    partly = any(record.size is None for record in part.records)
    return f"{'at least ' if partly else ''}{part.size / 1e6:.1f} MB"
