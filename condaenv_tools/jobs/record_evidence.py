"""The records of the channels of many files, each channel opened once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.jobs.targets import target_channels, target_platforms, unique_channels
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.rules.evidence import Evidence

__all__ = ["EvidenceRoom"]


class _Prefetching(Evidence, Protocol):
    """Evidence that asks for all names of a file at once."""

    def prefetch(self, environment: Environment) -> None: ...


class EvidenceRoom:
    """What has been opened so far.

    Parameters
    ----------
    sources : SourceOptions or None
        How channels are asked; with None they are not.
    platforms : sequence of Platform
        In place of those of the files.
    channels : sequence of str
        In place of those of the files.
    """

    def __init__(
        self,
        sources: SourceOptions | None,
        *,
        platforms: Sequence[Platform] = (),
        channels: Sequence[str] = (),
    ) -> None:
        self._sources = sources
        self._platforms = tuple(platforms)
        self._channels = tuple(channels)
        self._opened: dict[object, _Prefetching] = {}

    def evidence(self, environment: Environment) -> Evidence | None:
        """Return the records that a file is held against, or None where none are asked for.

        Raises
        ------
        ParseError
            A channel of the file cannot be read.
        ChannelError
            A channel cannot be opened.
        """
        if self._sources is None:
            return None
        # Deferred: a check without records has no use for the engine that reads them.
        from condaenv_tools.channels.source import open_sources  # noqa: PLC0415 - as said above
        from condaenv_tools.rules.channel_evidence import channel_evidence  # noqa: PLC0415 - as said above

        platforms = target_platforms(environment, self._platforms)
        channels = target_channels(environment, platforms, self._channels)
        key = tuple((platform, *(channel.text for channel in channels[platform])) for platform in platforms)
        if key not in self._opened:
            every = unique_channels(channels.values())
            sources = open_sources(every, platforms=platforms, options=self._sources)
            by_url = {channel.url: source for channel, source in zip(every, sources, strict=True)}
            listed = {p: tuple(by_url[channel.url] for channel in channels[p]) for p in platforms}
            self._opened[key] = channel_evidence(listed, platforms)
        self._opened[key].prefetch(environment)
        return self._opened[key]
