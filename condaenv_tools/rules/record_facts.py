"""How far a line gets with the records of the channels: does its name, its version, its build exist, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from weakref import WeakKeyDictionary

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.channel_places import channel_label, same_channel
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.rules.case import Case

__all__ = [
    "Level",
    "Look",
    "asked",
    "channels_of",
    "has_name",
    "joined",
    "looks",
    "versions_of",
    "where",
]


class Level(IntEnum):
    """How far a line gets on one platform; each level has what those before it have."""

    ABSENT = 0
    """No channel has the name."""
    ELSEWHERE = 1
    """The channel that the line names has it not, another has."""
    NO_VERSION = 2
    NO_BUILD = 3
    NO_RECORD = 4
    """Version and build exist, and not together with what else is asked for."""
    HIDDEN = 5
    """Only in a channel that strict priority hides behind one that has the name as well."""
    FOUND = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """What the records say of one line; compared by identity.

    Attributes
    ----------
    item : Dependency
        The line.
    levels : mapping of Platform to Level
        How far it gets, for every platform on which it is asked for.
    records : mapping of Platform to tuples of PackageRecord
        The records of its name there, those of its channel alone where it names one that has the name.
    """

    item: Dependency
    levels: Mapping[Platform, Level]
    records: Mapping[Platform, tuple[PackageRecord, ...]]

    def at(self, *levels: Level) -> tuple[Platform, ...]:
        """Return the platforms on which the line gets exactly so far."""
        return tuple(platform for platform, level in self.levels.items() if level in levels)

    @property
    def best(self) -> Level:
        """How far it gets on the platform where it gets farthest."""
        return max(self.levels.values())


_LOOKS: WeakKeyDictionary[Case, tuple[Look, ...]] = WeakKeyDictionary()


def looks(case: Case) -> tuple[Look, ...]:
    """Return what the records say of each line that names a package, in the order of the text.

    A file is looked through once, however many rules ask.

    Raises
    ------
    ChannelError
        A channel cannot be read.
    """
    found = _LOOKS.get(case)
    if found is None:
        found = _LOOKS[case] = tuple(_look(case, item) for item in _items(case))
    return found


def _items(case: Case) -> list[Dependency]:
    return [
        item
        for item in case.environment.dependencies
        if not item.spec.has_name_pattern
        and not is_virtual(item.name)
        and item.spec.url is None
        and item.spec.when is None
        and asked(case, item)
    ]


def _look(case: Case, item: Dependency) -> Look:
    assert case.evidence is not None
    order = {channel.url: number for number, channel in enumerate(case.evidence.channels)}
    levels: dict[Platform, Level] = {}
    records: dict[Platform, tuple[PackageRecord, ...]] = {}
    for platform in asked(case, item):
        found = tuple(filter(_has_version, case.evidence.records(platform, item.name)))
        wanted = item.spec.channel
        of_channel = tuple(r for r in found if wanted is None or same_channel(wanted, r.channel))
        levels[platform] = _level(item, found, of_channel, order)
        records[platform] = of_channel or found
    return Look(item=item, levels=levels, records=records)


def _level(
    item: Dependency,
    found: Sequence[PackageRecord],
    of_channel: Sequence[PackageRecord],
    order: Mapping[str, int],
) -> Level:
    spec = item.spec
    if not of_channel:
        return Level.ELSEWHERE if found else Level.ABSENT
    fitting = [record for record in of_channel if spec.matches(record)]
    if fitting:
        if spec.channel is not None:
            return Level.FOUND
        first = min(order.get(record.channel, -1) for record in of_channel)
        seen = any(order.get(record.channel, -1) == first for record in fitting)
        return Level.FOUND if seen else Level.HIDDEN
    if spec.version is not None:
        of_channel = [record for record in of_channel if spec.version.matches(record.version)]
        if not of_channel:
            return Level.NO_VERSION
    if spec.build is None:
        return Level.NO_RECORD
    build = type(spec)(name=spec.name, build=spec.build)
    return Level.NO_RECORD if any(build.matches(record) for record in of_channel) else Level.NO_BUILD


def _has_version(record: PackageRecord) -> bool:
    """Say whether the version of a record is one; no solver takes it otherwise."""
    try:
        Version.of(record.version)
    except InvalidVersionError:
        return False
    return True


def asked(case: Case, item: Dependency) -> tuple[Platform, ...]:
    """Return the platforms that are checked and on which a line counts."""
    return () if case.evidence is None else tuple(filter(item.counts_on, case.evidence.platforms))


def has_name(case: Case, platform: Platform, name: str) -> bool:
    """Say whether any channel has a package of a name on a platform."""
    return case.evidence is not None and bool(case.evidence.records(platform, name))


def versions_of(records: Iterable[PackageRecord]) -> tuple[Version, ...]:
    """Return the versions of records that have one, rising, each once."""
    return tuple(sorted({Version.of(record.version) for record in records}))


def where(case: Case, item: Dependency, platforms: Sequence[Platform]) -> str:
    """Return a list of platforms as the end of a sentence: ``on osx-arm64 and win-64``, after a blank."""
    everywhere = asked(case, item)
    if len(platforms) > 1 and tuple(platforms) == everywhere and item.selector is None:
        return " on any platform"
    return f" on {joined(platforms)}"


def channels_of(texts: Iterable[str]) -> frozenset[str]:
    """Return channels as people call them; the members of ``defaults`` as one.

    Examples
    --------
    >>> sorted(channels_of(["https://conda.anaconda.org/conda-forge", "pkgs/main", "nodefaults"]))
    ['conda-forge', 'defaults']
    """
    labels = set()
    for text in texts:
        if text == "nodefaults":
            continue
        label = channel_label(text)
        # A mirror of conda-forge holds what conda-forge does.
        labels.add("conda-forge" if label.rstrip("/").rpartition("/")[2] == "conda-forge" else label)
    return frozenset(labels)


def joined(texts: Iterable[str], word: str = "and") -> str:
    """Return a list as English has it.

    Examples
    --------
    >>> joined(["a", "b", "c"]), joined(["a", "b"], "or")
    ('a, b and c', 'a or b')
    """
    *first, last = map(str, texts)
    return f"{', '.join(first)} {word} {last}" if first else last
