"""Channels recorded in a folder: ``CHANNEL/SUBDIR/repodata.json``, plain or packed (``.zst``).

CHANNEL is the channel's name, such as ``conda-forge`` or ``pkgs/main``. A channel of another host lies under
``HOST/PATH``, such as ``repo.prefix.dev/conda-forge``; a colon before a port is an underscore there.
What is read from a snapshot names the channel's real URLs, as if the channel itself had been read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from condaenv_tools.channels.directory import SUBDIRS, DirectorySource, holds_a_channel, repodata_of
from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import Channel

__all__ = ["SnapshotSource", "check_snapshot", "held_channels", "open_recorded", "place_in_snapshot"]

#: So deep may a channel's folder lie in a snapshot (HOST/PATH/label/LABEL).
_DEPTH = 6


class SnapshotSource(DirectorySource):
    """A channel as recorded in a snapshot."""


def place_in_snapshot(channel: Channel) -> str | None:
    """Return where a snapshot keeps a channel: a relative path with forward slashes.

    Returns
    -------
    str or None
        None for a folder of this machine, which is always read itself, and for a URL with ``..`` in it.

    Examples
    --------
    >>> from condaenv_tools.model.channel import expand_channels
    >>> [place_in_snapshot(c) for c in expand_channels(["bioconda", "https://me:pw@conda.example.org:8443/team"])]
    ['bioconda', 'conda.example.org_8443/team']
    """
    if channel.is_local:
        return None
    name = channel.name.partition("://")[2] if "://" in channel.name else channel.name
    parts = name.replace("\\", "/").replace(":", "_").split("/")
    parts = [part for part in parts if part]
    # A recorded folder must be found below the snapshot, whatever a file names as its channel.
    if not parts or any(part in {".", ".."} or "\0" in part for part in parts):
        return None
    return "/".join(parts)


def check_snapshot(folder: Path) -> None:
    """Make sure that a snapshot is a folder.

    Raises
    ------
    ParseError
        It is not.
    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise ParseError(
            f"the snapshot {str(folder)!r} {what}",
            hints=["name a folder CHANNEL/SUBDIR/repodata.json, as `condaenv snapshot` writes one"],
        )


def open_recorded(
    channel: Channel, *, platforms: Iterable[str], options: SourceOptions
) -> SnapshotSource | None:
    """Return a channel as the snapshot of `options` holds it, or None where it does not.

    Raises
    ------
    ChannelError
        What the snapshot holds is broken, or a link leads out of it.
    """
    place = place_in_snapshot(channel)
    if options.snapshot is None or place is None:
        return None
    folder = Path(os.path.abspath(options.snapshot)).joinpath(*place.split("/"))  # noqa: PTH100
    if not holds_a_channel(folder):
        return None
    _check_inside(channel, place, folder, options.snapshot)
    source = SnapshotSource(channel, folder, options)
    source.prepare(platforms)
    return source


def _check_inside(channel: Channel, place: str, folder: Path, snapshot: Path) -> None:
    """Make sure that no link leads out: a snapshot of somebody else must not read files of this machine."""
    root = snapshot.resolve()
    for subdir in SUBDIRS:
        file = repodata_of(folder, subdir)
        if file is not None and not file.resolve().is_relative_to(root):
            raise ChannelError(
                f"channel {channel} cannot be read: {place}/{subdir}/{file.name} is a link out of the snapshot",
                channel=channel.name,
                subdir=subdir,
                hints=["put the file itself there, or name the folder that it is in as the channel"],
            )


def held_channels(folder: Path) -> tuple[str, ...]:
    """Return the places of all channels that a snapshot holds, sorted."""
    return tuple(sorted(_held(folder, folder, _DEPTH)))


def _held(root: Path, folder: Path, depth: int) -> Iterator[str]:
    try:
        inner = sorted(p for p in folder.iterdir() if p.is_dir() and p.name not in SUBDIRS)
    except OSError:
        return
    for one in inner:
        if holds_a_channel(one):
            yield one.relative_to(root).as_posix()
        if depth > 1:
            yield from _held(root, one, depth - 1)
