"""Evidence from channels: what a file may ask about is fetched at once, the rest when a rule asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby, product
from operator import attrgetter

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["ChannelEvidence", "channel_evidence"]

#: Questions that are under way at the same time: each waits for a server, and the engine serves them together.
_AT_ONCE = 8


class ChannelEvidence:
    """Records of some channels, kept once they were asked for; `Evidence` for the rules.

    Parameters
    ----------
    sources : mapping of Platform to sequences of RecordSource
        The channels that count on each platform, by falling priority.
    """

    def __init__(self, sources: Mapping[Platform, Sequence[RecordSource]]) -> None:
        self._sources = {platform: tuple(found) for platform, found in sources.items()}
        self._records: dict[tuple[str, str, str], tuple[PackageRecord, ...]] = {}
        self._names: dict[tuple[str, str], frozenset[str]] = {}
        self._all_names: dict[Platform, frozenset[str]] = {}

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that were asked, by falling priority."""
        return tuple({s.channel.url: s.channel for found in self._sources.values() for s in found}.values())

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms that the file is checked for, in the order of the request."""
        return tuple(self._sources)

    def names(self, platform: Platform) -> frozenset[str]:
        """Return every package name on a platform, `noarch` included.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        if platform not in self._all_names:
            parts = [self._names_in(*place) for place in self._places(platform)]
            self._all_names[platform] = frozenset().union(*parts)
        return self._all_names[platform]

    def records(self, platform: Platform, name: str) -> tuple[PackageRecord, ...]:
        """Return the records of a name on a platform, `noarch` included, channel by channel.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        found: list[PackageRecord] = []
        for source, subdir in self._places(platform):
            key = (source.channel.url, subdir, name)
            if key not in self._records:
                self._records[key] = source.records(subdir, name)
            found += self._records[key]
        return tuple(found)

    def prefetch(self, environment: Environment) -> None:
        """Fetch the records of all names of a file, with one question for each channel and subdir.

        Names whose records are there already are not asked for again.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        names = {
            item.name
            for item in environment.dependencies
            if not item.spec.has_name_pattern and not is_virtual(item.name)
        }
        places = {(s.channel.url, subdir): s for p in self._sources for s, subdir in self._places(p)}
        questions = {
            (url, subdir): wanted
            for url, subdir in places
            if (wanted := sorted(name for name in names if (url, subdir, name) not in self._records))
        }
        if not questions:
            return
        with ThreadPoolExecutor(min(_AT_ONCE, len(questions))) as pool:
            answers = pool.map(lambda place: places[place].records(place[1], *questions[place]), questions)
            for (url, subdir), records in zip(questions, answers, strict=True):
                found = {name: tuple(one) for name, one in groupby(records, key=attrgetter("name"))}
                for name in questions[url, subdir]:
                    self._records[url, subdir, name] = found.get(name, ())

    def _places(self, platform: Platform) -> Iterator[tuple[RecordSource, str]]:
        yield from product(self._sources.get(platform, ()), (str(platform), "noarch"))

    def _names_in(self, source: RecordSource, subdir: str) -> frozenset[str]:
        key = (source.channel.url, subdir)
        if key not in self._names:
            self._names[key] = source.package_names(subdir)
        return self._names[key]


def channel_evidence(
    sources: Mapping[Platform, Sequence[RecordSource]] | Iterable[RecordSource],
    platforms: Iterable[Platform],
    environment: Environment | None = None,
) -> ChannelEvidence:
    """Return what channels hold, to hold files against.

    Parameters
    ----------
    sources : iterable of RecordSource, or mapping of Platform to sequences of them
        The channels by falling priority; a mapping where they are not the same on every platform.
    platforms : iterable of Platform
        The platforms that files are checked for.
    environment : Environment, optional
        A file whose names are fetched at once; `ChannelEvidence.prefetch` does it for further files.

    Returns
    -------
    ChannelEvidence
        What was not fetched at once is read when it is asked for, name by name.

    Raises
    ------
    ChannelError
        A channel cannot be read.

    Examples
    --------
    >>> channel_evidence([], [Platform.LINUX_64], Environment(sources=())).platforms
    (<Platform.LINUX_64: 'linux-64'>,)
    """
    wanted = tuple(platforms)
    if isinstance(sources, Mapping):
        evidence = ChannelEvidence({platform: sources.get(platform, ()) for platform in wanted})
    else:
        evidence = ChannelEvidence(dict.fromkeys(wanted, tuple(sources)))
    if environment is not None:
        evidence.prefetch(environment)
    return evidence
