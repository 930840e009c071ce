"""The records that an engine would look at for one platform: what is visible, and what each record demands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

from condaenv_tools.channels.absence import records_of
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel_places import same_channel
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, SolveRequest

__all__ = ["Demands", "Universe", "all_match"]

#: By name of the package: the specs that all must hold.
Demands = dict[str, tuple[MatchSpec, ...]]


class Universe:
    """Records of one platform by name, as channel priority, a cut-off date and the machine let them be seen.

    Parameters
    ----------
    request : SolveRequest
        Its sources and virtual packages count; of its specs only the channels that they name.
    options : SolveOptions, optional
        Priority and cut-off date.
    """

    def __init__(self, request: SolveRequest, options: SolveOptions | None = None) -> None:
        self.request = request
        self._options = options or SolveOptions()
        self._pinned = {spec.name: spec.channel for spec in request.specs if spec.channel is not None}
        self._seen: dict[str, tuple[PackageRecord, ...]] = {}
        self._held: dict[tuple[int, str], list[PackageRecord]] = {}
        self._needs: dict[str, Demands] = {}
        self._bars: dict[str, Demands] = {}
        self._names: frozenset[str] | None = None

    def on(self, platform: Platform) -> Universe:
        """Return the records of another platform, as the same priority and date let them be seen."""
        return Universe(replace(self.request, platform=platform), self._options)

    def visible(self, name: str) -> tuple[PackageRecord, ...]:
        """Return the records of a name, in the order of their channels; a virtual package has one or none."""
        if name not in self._seen:
            self._seen[name] = self._machine(name) if is_virtual(name) else self._read(name)
        return self._seen[name]

    def prefetch(self, names: Iterable[str]) -> None:
        """Read the records of some names with one question for each channel and subdir."""
        wanted = sorted({name for name in names if not is_virtual(name) and name not in self._seen})
        for place, source in enumerate(self.request.sources):
            new = [name for name in wanted if (place, name) not in self._held]
            # A channel that fails here is asked again, name by name, when a name is needed.
            with suppress(ChannelError):
                parts = [source.records(subdir, *new) for subdir in (self.request.platform, "noarch") if new]
                self._held.update(((place, name), []) for name in new)
                for record in (one for part in parts for one in part):
                    self._held[place, record.name].append(record)

    def exists(self, name: str) -> bool:
        """Say whether any channel has a package of this name, whatever its records; or whether the machine has."""
        if is_virtual(name):
            return bool(self.visible(name))
        if self._names is None:
            subdirs = (self.request.platform, "noarch")
            self._names = frozenset().union(
                *(source.package_names(subdir) for source in self.request.sources for subdir in subdirs)
            )
        return name in self._names

    def needs(self, record: PackageRecord) -> Demands:
        """Return what must be there with a record."""
        return _read_once(self._needs, record, record.depends)

    def bars(self, record: PackageRecord) -> Demands:
        """Return what must hold of packages that are there with a record for other reasons."""
        return _read_once(self._bars, record, record.constrains)

    def _machine(self, name: str) -> tuple[PackageRecord, ...]:
        return tuple(
            PackageRecord(
                name=one.name,
                version=one.version,
                build=one.build,
                subdir="virtual",
                channel="",
                url=f"virtual:{one.name}",
            )
            for one in self.request.virtual_packages
            if one.name == name
        )

    def _read(self, name: str) -> tuple[PackageRecord, ...]:
        found = self._of_channels(name)
        newest = self._options.exclude_newer
        return tuple(
            record
            for record in found
            if _is_version(record.version)
            and (newest is None or (record.built is not None and record.built <= newest))
        )

    def _of_channels(self, name: str) -> tuple[PackageRecord, ...]:
        request = self.request
        channel = self._pinned.get(name)
        strict = self._options.channel_priority is ChannelPriority.STRICT
        found: list[PackageRecord] = []
        for place, source in enumerate(request.sources):
            known = self._held.get((place, name))
            here = records_of([source], name, request.platform) if known is None else tuple(known)
            if channel is not None:
                here = tuple(record for record in here if same_channel(channel, record.channel))
            found += here
            if here and strict:
                break
        return tuple(found)


def _read_once(known: dict[str, Demands], record: PackageRecord, texts: Iterable[str]) -> Demands:
    found = known.get(record.url)
    if found is None:
        found = known[record.url] = _demands(texts)
    return found


def _demands(texts: Iterable[str]) -> Demands:
    by_name: dict[str, list[MatchSpec]] = defaultdict(list)
    for text in texts:
        # What cannot be read, and what holds under a condition only, is taken to demand nothing.
        with suppress(ParseError):
            spec = MatchSpec.parse(text)
            if spec.when is None and not spec.has_name_pattern:
                by_name[spec.name].append(spec)
    return {name: tuple(specs) for name, specs in by_name.items()}


def _is_version(text: str) -> bool:
    try:
        Version.of(text)
    except ParseError:
        return False
    return True


def all_match(specs: Sequence[MatchSpec], record: PackageRecord) -> bool:
    """Say whether a record is what all specs ask for."""
    return all(spec.matches(record) for spec in specs)
