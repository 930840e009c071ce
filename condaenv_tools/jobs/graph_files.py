"""A lock file to its graphs, with what the records of its channels say beyond it where these are at hand."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

import networkx as nx

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import ParseError
from condaenv_tools.graph.build import build_graph
from condaenv_tools.jobs.verify_files import ChannelRecords, VerifyOptions, read_lock
from condaenv_tools.model.lock import Lock, LockedPlatform
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["channel_records", "graph_lock", "platforms_of"]


def graph_lock(
    path: str | Path, *, platforms: Sequence[Platform] = (), snapshot: Path | None = None
) -> dict[str, nx.MultiDiGraph]:
    """Read a lock file and return the graph of each platform.

    Parameters
    ----------
    path : str or Path
        A lock of any format that can be read.
    platforms : sequence of Platform
        Those that are wanted; all by default.
    snapshot : Path, optional
        A recorded channel; its records add sizes, constraints and licences. The network is never used.

    Returns
    -------
    dict of str to networkx.MultiDiGraph
        By the platform's name, in the order of the lock.

    Raises
    ------
    LockFormatError
        The file is no lock that can be read.
    ParseError
        A platform is not in the lock, or the snapshot is not a folder.
    """
    lock = read_lock(path)
    parts = platforms_of(lock, platforms, path=str(path))
    records = channel_records(lock, snapshot) if snapshot is not None else {}
    return {part.platform.value: build_graph(part, records=records) for part in parts}


def platforms_of(lock: Lock, platforms: Sequence[Platform], *, path: str) -> tuple[LockedPlatform, ...]:
    """Return the wanted parts of a lock in its order, or all of it.

    Raises
    ------
    ParseError
        A platform is not in the lock.
    """
    known = [part.platform for part in lock]
    for platform in platforms:
        if platform not in known:
            near = difflib.get_close_matches(platform.value, known, n=1)
            hints = [f"did you mean {near[0]}?"] if near else []
            raise ParseError(
                f"{path} has no {platform}; it has {', '.join(known) or 'no platform at all'}", hints=hints
            )
    return tuple(part for part in lock if not platforms or part.platform in platforms)


def channel_records(lock: Lock, snapshot: Path) -> dict[str, PackageRecord]:
    """Return the recorded channel's own record of each locked archive, by the URL in the lock.

    An archive of another hash is not the one that is locked, and has no record.
    """
    source = ChannelRecords(lock, VerifyOptions(sources=SourceOptions(snapshot=snapshot, offline=True)))
    wanted: dict[tuple[str, str], dict[str, PackageRecord]] = {}
    for part in lock:
        for record in part.records:
            wanted.setdefault((record.channel, record.subdir), {})[record.url] = record
    found = {}
    for (channel, subdir), locked in wanted.items():
        records = source.find(channel, subdir, {record.name for record in locked.values()}) or {}
        for url, record in locked.items():
            full = records.get(record.file_name)
            if full is not None and (record.sha256 is None or full.sha256 in {None, record.sha256}):
                found[url] = full
    return found
