"""The few records that a question about one package takes, read with few questions to the channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["Shelf"]

#: Questions that are under way at the same time: each waits for a server.
_AT_ONCE = 8


class Shelf:
    """Records of some names, kept once they were read.

    Parameters
    ----------
    sources : mapping of Platform to sequences of RecordSource
        The channels of each platform, by falling priority.
    newest : datetime, optional
        What was built later, or nobody knows when, is not there.
    strict : bool
        Whether the first channel that has a name hides those behind it.
    """

    def __init__(
        self,
        sources: Mapping[Platform, Sequence[RecordSource]],
        *,
        newest: datetime | None = None,
        strict: bool = False,
    ) -> None:
        self._newest = newest
        self._strict = strict
        self._sources = {platform: tuple(found) for platform, found in sources.items()}
        self._records: dict[tuple[str, str], dict[str, tuple[PackageRecord, ...]]] = {}

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms, in the order of the request."""
        return tuple(self._sources)

    def fetch(self, names: Iterable[str]) -> None:
        """Read the records of some names, with one question for each channel and subdir; those read are kept.

        Raises
        ------
        ChannelError
            A channel cannot be read.
        """
        wanted = sorted(set(names))
        places = {
            (source.channel.url, subdir): source
            for platform, found in self._sources.items()
            for source in found
            for subdir in (platform.value, "noarch")
        }
        questions = {}
        for place in places:
            lacking = [name for name in wanted if name not in self._records.setdefault(place, {})]
            if lacking:
                questions[place] = lacking
        if not questions:
            return
        with ThreadPoolExecutor(min(_AT_ONCE, len(questions))) as pool:
            answers = pool.map(lambda place: places[place].records(place[1], *questions[place]), questions)
            for place, records in zip(questions, answers, strict=True):
                for name in questions[place]:
                    self._records[place][name] = tuple(one for one in records if one.name == name)

    def _counts(self, record: PackageRecord) -> bool:
        return self._newest is None or (record.built is not None and record.built <= self._newest)

    def records(self, platform: Platform, name: str) -> tuple[PackageRecord, ...]:
        """Return what was fetched of a name on a platform, channel by channel, `noarch` last in each."""
        found: list[PackageRecord] = []
        for source in self._sources.get(platform, ()):
            here = [
                record
                for subdir in (platform.value, "noarch")
                for record in self._records.get((source.channel.url, subdir), {}).get(name, ())
            ]
            # A release that is too young hides those of other channels all the same.
            found += filter(self._counts, here)
            if here and self._strict:
                break
        return tuple(found)
