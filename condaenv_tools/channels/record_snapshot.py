"""Recording the part of channels that specs can reach, so that they can be solved again without a network."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from condaenv_tools.channels.directory import repodata_of
from condaenv_tools.channels.entries import Entry, Reader, load_repodata, names_in, reader_of, walk
from condaenv_tools.channels.reading import Place
from condaenv_tools.channels.snapshot import place_in_snapshot
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.channels.zstd import pack
from condaenv_tools.errors import ChannelError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["RecordedSubdir", "SnapshotReport", "record_snapshot"]


class _Named(Protocol):
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSubdir:
    """One file of a snapshot.

    Attributes
    ----------
    channel, subdir : str
        What it holds.
    path : str
        Below the snapshot, with forward slashes.
    records : int
        How many it holds, those of earlier recordings among them.
    size : int
        In bytes.
    """

    channel: str
    subdir: str
    path: str
    records: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotReport:
    """What a recording wrote.

    Attributes
    ----------
    subdirs : tuple of RecordedSubdir
        By channel, in the order of the sources, then `noarch` and the platforms, sorted.
    names : int
        How many packages were reached.
    missing : tuple of str
        Names of specs that no channel has, sorted.
    skipped : tuple of str
        Local channels: they are no part of a snapshot, and are read where they lie.
    """

    subdirs: tuple[RecordedSubdir, ...]
    names: int
    missing: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def records(self) -> int:
        """How many records all files hold."""
        return sum(one.records for one in self.subdirs)

    @property
    def size(self) -> int:
        """Of all files, in bytes."""
        return sum(one.size for one in self.subdirs)

    def _repr_html_(self) -> str:
        rows = [(one.channel, one.subdir, one.records, one.size) for one in self.subdirs]
        return table(("channel", "subdir", "records", "bytes"), rows)


def record_snapshot(
    sources: Sequence[RecordSource],
    specs: Iterable[_Named],
    platforms: Iterable[Platform],
    dest: str | Path,
) -> SnapshotReport:
    """Record what specs can reach, as ``CHANNEL/SUBDIR/repodata.json.zst`` below a folder.

    All versions of each package are recorded that a spec names, and of each that one of these may bring.
    What an earlier recording left in the folder stays. The same channels give the same bytes.

    Parameters
    ----------
    sources : sequence of RecordSource
        As `open_sources` returns them.
    specs : iterable of MatchSpec
        Only their names count.
    platforms : iterable of Platform
        The target machines; `noarch` is always recorded with them.
    dest : str or Path
        The folder. It is made where it does not exist.

    Returns
    -------
    SnapshotReport
        What each file holds. A subdir that a channel does not have is written empty, so that the snapshot
        answers for it.

    Raises
    ------
    ChannelError
        A channel cannot be read; nothing has been written.
    OutputError
        The folder cannot be written to. Each file is written whole or not at all.
    """
    root = Path(os.path.abspath(dest))  # noqa: PTH100 - links stay as written
    subdirs = ("noarch", *sorted(set(platforms)))
    readers = [(source, reader_of(_place(source), subdirs)) for source in sources]
    wanted = {spec.name.lower() for spec in specs}
    found, reached, known = _closure([reader for _, reader in readers], wanted, subdirs)
    written: list[RecordedSubdir] = []
    skipped: list[str] = []
    for (source, reader), parts in zip(readers, found, strict=True):
        place = place_in_snapshot(source.channel)
        if place is None:
            skipped.append(source.channel.name)
            continue
        for subdir in subdirs:
            folder = root.joinpath(*place.split("/"), subdir)
            records, size = _write(folder, subdir, parts.get(subdir, []), reader.info(subdir))
            name = (folder / _name_of(folder)).relative_to(root).as_posix()
            written.append(
                RecordedSubdir(
                    channel=source.channel.name, subdir=subdir, path=name, records=records, size=size
                )
            )
    missing = tuple(sorted(wanted - known))
    return SnapshotReport(
        subdirs=tuple(written), names=len(reached & known), missing=missing, skipped=tuple(skipped)
    )


def _place(source: RecordSource) -> Place:
    if not isinstance(source, Place):
        raise ChannelError(
            f"channel {source.channel} cannot be recorded: it is read by {type(source).__name__}",
            channel=source.channel.name,
        )
    return source


def _closure(
    readers: Sequence[Reader], wanted: set[str], subdirs: Sequence[str]
) -> tuple[list[dict[str, list[Entry]]], set[str], set[str]]:
    """Return the entries of each reader by subdir, the names that were reached, and those that exist.

    A name that one channel brings may lie in another, so all channels are followed together.
    """
    found: list[dict[str, list[Entry]]] = [{} for _ in readers]
    reached = set(wanted)
    known: set[str] = set()
    frontier = set(wanted)
    while frontier:
        brought: set[str] = set()
        for reader, parts in zip(readers, found, strict=True):
            for subdir in subdirs:
                for entry in reader.entries(subdir, sorted(frontier)):
                    parts.setdefault(subdir, []).append(entry)
                    known.add(entry.name)
                    brought.update(names_in(entry.record))
        frontier = brought - reached
        reached |= frontier
    return found, reached, known


def _write(folder: Path, subdir: str, entries: Iterable[Entry], info: Mapping[str, Any]) -> tuple[int, int]:
    """Write one file, together with what an earlier recording left; return its records and its bytes."""
    merged = {(entry.part, entry.key): entry.record for entry in (*_left(folder), *entries)}
    document: dict[str, Any] = {
        "info": {**{k: mask_credentials(v) if isinstance(v, str) else v for k, v in info.items()}},
        "packages": {},
        "packages.conda": {},
        "repodata_version": 1,
    }
    document["info"]["subdir"] = subdir
    if "base_url" in info:
        document["repodata_version"] = 2
    for (part, key), record in merged.items():
        place = document
        for step in part:
            place = place.setdefault(step, {})
        place[key] = record
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    name = _name_of(folder)
    plain = text.encode(errors="backslashreplace")  # a lone surrogate becomes the JSON escape that it was
    data = pack(plain) if name.endswith(".zst") else plain
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder {str(folder)!r} cannot be made: {error.strerror}", path=str(folder), usage=True
        ) from error
    write_atomically(folder / name, data)
    return len(merged), len(data)


def _left(folder: Path) -> list[Entry]:
    file = repodata_of(folder.parent, folder.name)
    if file is None:
        return []
    try:
        return list(walk(load_repodata(file)))
    except (ValueError, OSError) as error:
        raise OutputError(
            f"{file} is there already and cannot be read: {error}; it is untouched",
            path=str(file),
            usage=True,
            hints=["remove it, or record into another folder"],
        ) from error


def _name_of(folder: Path) -> str:
    """Return the name of the file: packed, unless there is a plain one, which would be read before it."""
    file = repodata_of(folder.parent, folder.name)
    return "repodata.json.zst" if file is None else file.name
