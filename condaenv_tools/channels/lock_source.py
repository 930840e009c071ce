"""Records that somebody has at hand, such as those of a lock, as channels that an engine can read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from condaenv_tools.channels.directory import DirectorySource
from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.record import PackageRecord

__all__ = ["open_records"]

#: Fields of a record that follow from where it lies.
_PLACE = {"channel", "url"}
_ALWAYS = {"depends", "build_number"}


def open_records(
    records: Iterable[PackageRecord], folder: Path, options: SourceOptions
) -> tuple[DirectorySource, ...]:
    """Return channels that have some records and nothing else.

    Parameters
    ----------
    records : iterable of PackageRecord
        In any order; those of one place are one.
    folder : Path
        Where they are written, an empty folder that lives as long as the channels are read.
    options : SourceOptions
        How they are read; nothing is connected to.

    Returns
    -------
    tuple of DirectorySource
        One for each channel that a record names, sorted by its URL.
    """
    by_channel: dict[str, dict[str, PackageRecord]] = {}
    for record in sorted(records, key=lambda one: (one.url, one.depends)):
        by_channel.setdefault(record.channel, {}).setdefault(record.url, record)
    found = []
    for index, (url, mine) in enumerate(sorted(by_channel.items())):
        place = folder / str(index)
        _write(place, tuple(mine.values()))
        found.append(DirectorySource(Channel(name=url, url=url, text=url), place, options))
    return tuple(found)


def _write(place: Path, records: Sequence[PackageRecord]) -> None:
    for subdir in sorted({"noarch", *(record.subdir for record in records)}):
        document: dict[str, Any] = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": {}}
        for record in records:
            if record.subdir == subdir:
                name = record.file_name.partition("#")[0]
                part = "packages.conda" if name.endswith(".conda") else "packages"
                document[part][name] = _entry(record)
        target = place / subdir / "repodata.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(document | {"repodata_version": 1}), encoding="utf-8")


def _entry(record: PackageRecord) -> dict[str, Any]:
    found = {key: value for key, value in asdict(record).items() if key not in _PLACE}
    found["extra_depends"] = {extra: list(specs) for extra, specs in record.extra_depends}
    return {key: value for key, value in found.items() if key in _ALWAYS or value not in (None, (), {}, "")}
