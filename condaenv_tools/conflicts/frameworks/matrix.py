"""The matrix of a package: each release, its builds, and with what they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.conflicts.frameworks.names import GUESTS
from condaenv_tools.conflicts.frameworks.needs import (
    Needs,
    companions_of,
    excludes,
    is_part,
    needs_of,
    together,
)
from condaenv_tools.conflicts.frameworks.pythons import Minor
from condaenv_tools.conflicts.frameworks.shelf import Shelf
from condaenv_tools.errors import InvalidVersionError, ParseError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version

__all__ = ["Matrix", "PlatformMatrix", "Release", "find_matrix"]

#: How far parts of parts are followed: pytorch-gpu, pytorch, libtorch.
_DEPTH = 3
#: So many combinations of a build with builds of its parts are told apart.
_MOST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release of a package in one channel.

    Attributes
    ----------
    version : Version
        Its version.
    channel : str
        URL of the channel.
    builds : int
        How many builds there are.
    needs : tuple of Needs
        What they are for, each once; none where no build can be had.
    lacking : tuple of str
        Parts, and frameworks, that builds ask for and no channel at hand has so; sorted.
    guests : tuple of (str, tuple of Version)
        The releases of packages built upon it that take this one, rising.
    """

    version: Version
    channel: str
    builds: int
    needs: tuple[Needs, ...]
    lacking: tuple[str, ...] = ()
    guests: tuple[tuple[str, tuple[Version, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformMatrix:
    """All releases on one platform: channel by channel, the newest first."""

    platform: Platform
    releases: tuple[Release, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """What goes with a package, by platform.

    Attributes
    ----------
    name : str
        The package.
    channels : tuple of str
        Those that were read, by falling priority, credentials masked.
    platforms : tuple of PlatformMatrix
        In the order of the request; without releases where no channel has the package.
    """

    name: str
    channels: tuple[str, ...]
    platforms: tuple[PlatformMatrix, ...]

    @property
    def found(self) -> bool:
        """Whether any platform has the package."""
        return any(one.releases for one in self.platforms)


def find_matrix(
    name: str,
    sources: Mapping[Platform, Sequence[RecordSource]],
    *,
    newest: datetime | None = None,
    strict: bool = False,
) -> Matrix:
    """Return with what the releases of a package go, as the records of some channels have it.

    Parameters
    ----------
    name : str
        Of a conda package.
    sources : mapping of Platform to sequences of RecordSource
        The channels of each platform, by falling priority. Only the package, its parts and what is built upon
        it are read.
    newest : datetime, optional
        Nothing that was built later counts.
    strict : bool
        Leave out what strict channel priority hides.

    Returns
    -------
    Matrix
        Every channel's releases, also those that strict priority would hide if it is not asked for.

    Raises
    ------
    ChannelError
        A channel cannot be read.
    """
    shelf = Shelf(sources, newest=newest, strict=strict)
    guests = GUESTS.get(name, ())
    shelf.fetch([name, *guests])
    names = {name}
    for _ in range(_DEPTH):
        records = [r for p in shelf.platforms for one in names for r in shelf.records(p, one)]
        names = {spec.name for record in records for spec in companions_of(record)}
        shelf.fetch(names)
    channels = dict.fromkeys(str(source.channel) for found in sources.values() for source in found)
    return Matrix(
        name=name,
        channels=tuple(channels),
        platforms=tuple(
            PlatformMatrix(platform=platform, releases=tuple(_releases(name, platform, shelf, guests)))
            for platform in shelf.platforms
        ),
    )


def _releases(name: str, platform: Platform, shelf: Shelf, guests: Sequence[str]) -> Iterable[Release]:
    hosts = {
        guest: [
            (record, spec)
            for record in shelf.records(platform, guest)
            if _has_version(record)
            for spec in _asked(record, name)
        ]
        for guest in guests
    }
    combining = _Combining(platform, shelf)
    for channel, found in groupby(shelf.records(platform, name), key=lambda record: record.channel):
        by_version: dict[Version, list[PackageRecord]] = {}
        for record in filter(_has_version, found):
            by_version.setdefault(Version.of(record.version), []).append(record)
        for version in sorted(by_version, reverse=True):
            records = by_version[version]
            taking = ((guest, _taking(specs, records)) for guest, specs in hosts.items())
            needs = dict.fromkeys(needs for record in records for needs in combining.of(record))
            lacking = {name for record in records for name in combining.lacking.get(record.url, ())}
            yield Release(
                version=version,
                channel=channel,
                builds=len(records),
                needs=tuple(needs),
                lacking=tuple(sorted(lacking)),
                guests=tuple((guest, versions) for guest, versions in taking if versions),
            )


def _taking(
    hosts: Iterable[tuple[PackageRecord, MatchSpec]], records: Sequence[PackageRecord]
) -> tuple[Version, ...]:
    """Return the versions of packages that take one of some records, and that none of them excludes."""
    found: set[Version] = set()
    for guest, spec in hosts:
        version = Version.of(guest.version)
        if version not in found and any(spec.matches(one) and not excludes(one, guest) for one in records):
            found.add(version)
    return tuple(sorted(found))


def _has_version(record: PackageRecord) -> bool:
    try:
        Version.of(record.version)
    except InvalidVersionError:
        return False
    return True


def _asked(record: PackageRecord, name: str) -> Iterable[MatchSpec]:
    """Yield the first spec of a record on a name that bounds its version; a bare name says nothing."""
    for text in record.depends:
        if text.split(" ", 1)[0].lower() != name:
            continue
        try:
            spec = MatchSpec.parse(text)
        except ParseError:
            continue
        if spec.version is not None and not spec.version.is_any:
            yield MatchSpec(name=name, version=spec.version)
            return


class _Combining:
    """Puts what a build says together with what the builds of its parts say."""

    def __init__(self, platform: Platform, shelf: Shelf) -> None:
        self._platform = platform
        self._shelf = shelf
        self._known: dict[str, tuple[Needs, ...]] = {}
        self._by_version: dict[str, dict[str, list[PackageRecord]]] = {}
        self._matching: dict[MatchSpec, tuple[PackageRecord, ...]] = {}
        #: By the URL of a build: what it asks for and no channel has so.
        self.lacking: dict[str, tuple[str, ...]] = {}

    def of(self, record: PackageRecord, depth: int = _DEPTH) -> tuple[Needs, ...]:
        """Return what a build is for: one for each way in which its parts can be had, none without them."""
        if record.url not in self._known:
            # Whatever asks for itself in a circle says no more than it does.
            self._known[record.url] = (needs_of(record),)
            self._known[record.url] = self._combined(record, depth)
        return self._known[record.url]

    def _combined(self, record: PackageRecord, depth: int) -> tuple[Needs, ...]:
        found: tuple[Needs, ...] = (needs_of(record),)
        for spec in companions_of(record) if depth else ():
            needs = self._companion(spec, record, depth)
            if not needs:
                self.lacking[record.url] = (*self.lacking.get(record.url, ()), spec.name)
                continue
            both = dict.fromkeys(
                joined for one in found for other in needs if (joined := together(one, other)) is not None
            )
            # Those that seem not to go with it are told as if they were not known: the solver has the last word.
            found = tuple(both)[:_MOST] or found
        return () if record.url in self.lacking else found

    def _fitting(self, spec: MatchSpec) -> tuple[PackageRecord, ...]:
        """Return the builds that a spec matches; those of a version that it excludes are not looked at."""
        if spec not in self._matching:
            by_version = self._by_version.get(spec.name)
            if by_version is None:
                by_version = self._by_version[spec.name] = {}
                for build in filter(_has_version, self._shelf.records(self._platform, spec.name)):
                    by_version.setdefault(build.version, []).append(build)
            self._matching[spec] = tuple(
                build
                for version, builds in by_version.items()
                if spec.version is None or spec.version.matches(version)
                for build in builds
                if spec.matches(build)
            )
        return self._matching[spec]

    def _companion(self, spec: MatchSpec, record: PackageRecord, depth: int) -> tuple[Needs, ...]:
        """Return what the builds of a companion are for; of a framework that is no part only the Pythons."""
        builds = [build for build in self._fitting(spec) if not excludes(build, record)]
        own = [build for build in builds if build.channel == record.channel]
        needs = tuple(dict.fromkeys(needs for one in own or builds for needs in self.of(one, depth - 1)))
        if is_part(spec, record):
            return needs
        pythons = frozenset[Minor]().union(*(one.pythons or () for one in needs if not one.free_threaded))
        if not needs or any(one.pythons is None for one in needs):
            return (Needs(),) if needs else ()
        return (Needs(pythons=pythons),) if pythons else (Needs(),)
