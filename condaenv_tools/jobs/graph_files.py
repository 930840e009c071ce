"""A lock, an installed environment or an `environment.yml` to its graphs.

A lock leaves much out; what the records of its channels say beyond it is added where these are at hand.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import networkx as nx

from condaenv_tools.channels.absence import records_of
from condaenv_tools.channels.prefix import file_counts, read_prefix
from condaenv_tools.channels.source import RecordSource, SourceOptions, open_sources
from condaenv_tools.errors import ChannelError, LockFormatError, ParseError
from condaenv_tools.graph.build import build_graph
from condaenv_tools.jobs.lock_files import lock_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.verify_files import ChannelRecords, VerifyOptions, read_lock
from condaenv_tools.lock.registry import FORMATS
from condaenv_tools.lock.text import decode
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.lock import Lock, LockedPlatform
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = [
    "GraphedLock",
    "channel_records",
    "graph_lock",
    "is_environment_file",
    "platforms_of",
    "read_graphs",
]

#: What every `environment.yml` has, and no lock.
_DEPENDENCIES = re.compile(r"""^["']?dependencies["']?\s*:""", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class GraphedLock:
    """The graphs of a lock or of an installed environment, and what its channels have beside it.

    Attributes
    ----------
    graphs : dict of str to networkx.MultiDiGraph
        By the platform's name, in the order of the lock.
    sources : dict of str to tuple of RecordSource
        Of each platform; empty where no records are at hand.
    findings : tuple of Finding
        What an `environment.yml` holds that is worth knowing; empty for a lock.
    """

    graphs: dict[str, nx.MultiDiGraph]
    sources: dict[str, tuple[RecordSource, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    @property
    def has_records(self) -> bool:
        """Whether the builds of the channels are at hand."""
        return any(self.sources.values())

    def candidates(self, platform: str) -> Callable[[str], tuple[PackageRecord, ...]] | None:
        """Return the function that knows all builds of a name on a platform, or None where nothing does."""
        sources = self.sources.get(platform)
        if not sources:
            return None
        return lambda name: records_of(sources, name, Platform(platform))


def is_environment_file(path: str | Path) -> bool:
    """Say whether a file is an `environment.yml`: it lists dependencies, and is no lock of a known format.

    A file that cannot be read is none.
    """
    try:
        text = decode(Path(path).read_bytes(), path=str(path))
    except (OSError, LockFormatError):
        return False
    return bool(_DEPENDENCIES.search(text)) and not any(form.recognises(text) for form in FORMATS.values())


def read_graphs(
    path: str | Path,
    *,
    platforms: Sequence[Platform] = (),
    snapshot: Path | None = None,
    solving: LockOptions | None = None,
) -> GraphedLock:
    """Read a lock file, an installed environment or an `environment.yml`; return the graph of each platform.

    Parameters
    ----------
    path : str or Path
        A lock of any format that can be read, a folder with ``conda-meta``, or an `environment.yml`.
    platforms : sequence of Platform
        Those that are wanted; all by default.
    snapshot : Path, optional
        A recorded channel; its records add what a lock leaves out. For a lock the network is never used.
    solving : LockOptions, optional
        How to lock an `environment.yml`, which is done in memory; its platforms are `platforms`. Without it such a
        file is refused.

    Raises
    ------
    LockFormatError
        The file is no lock that can be read, or the folder no environment.
    ParseError
        A platform is not in the lock, the snapshot is not a folder, or the `environment.yml` cannot be read.
    UnsatisfiableError, ChannelError
        The `environment.yml` cannot be solved, or a channel does not answer.
    """
    if solving is not None and is_environment_file(path):
        return _solved(path, replace(solving, platforms=tuple(platforms)))
    lock, files = (read_prefix(path), True) if Path(path).is_dir() else (read_lock(path), False)
    parts = platforms_of(lock, platforms, path=str(path))
    records = channel_records(lock, snapshot) if snapshot is not None else {}
    graphs = {
        part.platform.value: build_graph(part, records=records, files=file_counts(path) if files else None)
        for part in parts
    }
    if snapshot is None:
        return GraphedLock(graphs=graphs)
    options = SourceOptions(snapshot=snapshot, offline=True)
    return GraphedLock(graphs=graphs, sources={p.platform.value: _sources(lock, p, options) for p in parts})


def _solved(path: str | Path, options: LockOptions) -> GraphedLock:
    result = lock_files(path, options=options)
    graphs = {part.platform.value: build_graph(part) for part in result.lock}
    sources = {part.platform.value: _sources(result.lock, part, options.sources) for part in result.lock}
    return GraphedLock(graphs=graphs, sources=sources, findings=result.findings)


def _sources(lock: Lock, part: LockedPlatform, options: SourceOptions) -> tuple[RecordSource, ...]:
    """Open the channels of a part that are at hand; what is not says nothing."""
    texts = [channel.url for channel in lock.channels] or sorted({r.channel for r in part.records})
    found: list[RecordSource] = []
    for text in texts:
        with suppress(ChannelError, ParseError):
            channels = expand_channels([text], platform=part.platform)
            found += open_sources(channels, platforms=[part.platform], options=options)
    return tuple(found)


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
    return read_graphs(path, platforms=platforms, snapshot=snapshot).graphs


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
