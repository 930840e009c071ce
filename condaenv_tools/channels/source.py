"""The one seam to channels: what every source of records can do, and how one is opened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from condaenv_tools.channels.directory import folder_of, open_directory
from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.channels.remote import expand_variables, open_remote
from condaenv_tools.channels.snapshot import check_snapshot, held_channels, open_recorded, place_in_snapshot
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import Channel, expand_channels
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["RecordSource", "SourceOptions", "open_sources"]


class RecordSource(Protocol):
    """A channel that can be read."""

    @property
    def channel(self) -> Channel:
        """By whose URL every record and every lock names it."""
        ...

    @property
    def location(self) -> str:
        """From where an engine reads it, without trailing slash. May hold a credential: never shown."""
        ...

    def package_names(self, subdir: str) -> frozenset[str]:
        """Return the names of all packages in a subdir; none where the channel has no such subdir.

        Raises
        ------
        ChannelError
            The channel cannot be read.
        """
        ...

    def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
        """Return all records of some names in a subdir, sorted by name and URL, with one question.

        Raises
        ------
        ChannelError
            The channel cannot be read.
        """
        ...


def open_sources(
    channels: Iterable[Channel], *, platforms: Iterable[Platform], options: SourceOptions | None = None
) -> tuple[RecordSource, ...]:
    """Return where the records of each channel are read from.

    The snapshot, where there is one and it holds the channel; the folder of a local channel; the server.
    No server is connected to here.

    Parameters
    ----------
    channels : iterable of Channel
        By falling priority.
    platforms : iterable of Platform
        The target machines; `noarch` is always read with them.
    options : SourceOptions, optional
        Snapshot, cache, time limit, and whether the network may be used.

    Returns
    -------
    tuple of RecordSource
        One for each channel, in their order.

    Raises
    ------
    ParseError
        The snapshot is not a folder.
    ChannelError
        A local channel does not exist, a packed file is broken, a variable of a URL is not set.
    """
    options = options or SourceOptions()
    if options.snapshot is not None:
        check_snapshot(options.snapshot)
    subdirs = ["noarch", *platforms]
    return tuple(_open(channel, subdirs, options) for channel in channels)


def _open(channel: Channel, subdirs: list[str], options: SourceOptions) -> RecordSource:
    recorded = open_recorded(channel, platforms=subdirs, options=options)
    if recorded is not None:
        return recorded
    local = _local_url(channel)
    if local is not None:
        return open_directory(channel, folder_of(local), platforms=subdirs, options=options)
    if options.snapshot is not None and options.offline:
        raise _not_recorded(channel, options)
    return open_remote(channel, options)


def _local_url(channel: Channel) -> str | None:
    """Return the ``file://`` URL of a local channel, variables in place; None for a server's."""
    if "$" not in channel.url:
        return channel.url if channel.is_local else None
    text = expand_variables(channel, channel.url)
    try:
        url = expand_channels([text])[0].url
    except (ParseError, IndexError):
        return None
    return url if url.startswith("file:") else None


def _not_recorded(channel: Channel, options: SourceOptions) -> ChannelError:
    assert options.snapshot is not None
    held = ", ".join(held_channels(options.snapshot)) or "none"
    place = place_in_snapshot(channel)
    return ChannelError(
        f"channel {channel} is not in the snapshot, and --offline forbids the network; it holds: {held}",
        channel=channel.name,
        hints=[f"record it as {place}/SUBDIR/repodata.json, or leave out --offline"] if place else [],
    )
