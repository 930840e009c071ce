"""Toy records and toy channels, one line each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from condaenv_tools.channels.zstd import pack
from condaenv_tools.model.record import PackageRecord

CHANNEL = "https://conda.anaconda.org/toy"

#: Fields of a record that repodata does not hold: they follow from where it lies.
_PLACE = {"channel", "url"}


def record(
    name: str,
    version: str = "1.0",
    *depends: str,
    build: str = "0",
    subdir: str = "linux-64",
    channel: str = CHANNEL,
    **fields: Any,
) -> PackageRecord:
    """Return a toy record: `record("a", "1.0", "b >=2", "c")`.

    Hashes, size and timestamp are made up from its name, so that they are there and always the same.
    """
    stem = f"{name}-{version}-{build}"
    made: dict[str, Any] = {
        "md5": hashlib.md5(f"{subdir}/{stem}".encode()).hexdigest(),
        "sha256": hashlib.sha256(f"{subdir}/{stem}".encode()).hexdigest(),
        "size": 1000 + len(stem),
        "timestamp": 1_700_000_000_000,
        "depends": tuple(depends),
    }
    if subdir == "noarch":
        made["noarch"] = "generic"
    return PackageRecord(
        name=name,
        version=version,
        build=build,
        subdir=subdir,
        channel=channel,
        url=f"{channel}/{subdir}/{stem}.conda",
        **(made | fields),
    )


def moved(one: PackageRecord, channel: str) -> PackageRecord:
    """Return a record as another channel has it."""
    return replace(one, channel=channel, url=one.url.replace(one.channel, channel, 1))


def entry(one: PackageRecord) -> dict[str, Any]:
    """Return a record as repodata holds it: no place, and nothing that is empty."""
    found = {key: value for key, value in asdict(one).items() if key not in _PLACE}
    found["extra_depends"] = {extra: list(specs) for extra, specs in one.extra_depends}
    found["depends"] = list(one.depends)
    kept = {"depends", "build_number"}
    return {key: value for key, value in found.items() if key in kept or value not in (None, (), {}, "")}


def repodata(records: Iterable[PackageRecord], subdir: str) -> dict[str, Any]:
    """Return the repodata of one subdir."""
    found: dict[str, Any] = {
        "info": {"subdir": subdir},
        "packages": {},
        "packages.conda": {},
        "repodata_version": 1,
    }
    for one in records:
        if one.subdir == subdir:
            part = "packages.conda" if one.file_name.endswith(".conda") else "packages"
            found[part][one.file_name] = entry(one)
    return found


def repodata_files(
    records: Iterable[PackageRecord], subdirs: Iterable[str] | None = None, *, zst: bool = False
) -> dict[str, bytes]:
    """Return the files of a channel by their paths, `noarch` always among them.

    Parameters
    ----------
    subdirs : iterable of str, optional
        Instead of those of the records and `noarch`.
    zst : bool
        Packed files only.
    """
    records = tuple(records)
    wanted = {"noarch", *(one.subdir for one in records)} if subdirs is None else set(subdirs)
    plain = {s: json.dumps(repodata(records, s)).encode() for s in sorted(wanted)}
    if zst:
        return {f"{s}/repodata.json.zst": pack(data) for s, data in plain.items()}
    return {f"{s}/repodata.json": data for s, data in plain.items()}


def write_channel(
    folder: Path,
    records: Iterable[PackageRecord],
    subdirs: Iterable[str] | None = None,
    *,
    zst: bool = False,
) -> Path:
    """Write a toy channel into a folder and return the folder."""
    return write_files(folder, repodata_files(records, subdirs, zst=zst))


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder and return the folder."""
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return folder
