"""Files of a lock that says names, versions and builds alone: which records of its channels they can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from condaenv_tools.lock.rules.case import RecordLookup
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["with_places"]


def with_places(lock: Lock, lookup: RecordLookup) -> tuple[Lock, Mapping[Platform, frozenset[str]]]:
    """Return a lock with the records of its channels in place of those that have no address.

    Parameters
    ----------
    lock : Lock
        What may have been read from a pinned environment file.
    lookup : RecordLookup
        The records at hand.

    Returns
    -------
    tuple of Lock and mapping of Platform to names
        A record that several builds can be stays as it is. Named are the packages that no channel of the lock
        has, where all of its channels are at hand.
    """
    parts, absent = [], {}
    for part in lock.platforms:
        found, missing = _completed(lock, part, lookup)
        parts.append(found)
        absent[part.platform] = missing
    return replace(lock, platforms=tuple(parts)), absent


def _completed(
    lock: Lock, part: LockedPlatform, lookup: RecordLookup
) -> tuple[LockedPlatform, frozenset[str]]:
    names = {record.name for record in part.records if not record.url}
    urls = channel_urls([channel.url for channel in lock.channels], part.platform)
    there = [lookup.find(url, subdir, names) for url in urls for subdir in (part.platform.value, "noarch")]
    by_name: dict[str, list[PackageRecord]] = {name: [] for name in names}
    for records in there:
        for known in (records or {}).values():
            if known.name in by_name:
                by_name[known.name].append(known)
    missing: set[str] = set()
    packages: list[LockedPackage] = []
    for package in part.packages:
        record = package.record
        if not isinstance(record, PackageRecord) or record.url:
            packages.append(package)
            continue
        fitting = [one for one in by_name[record.name] if _can_be(record, one)]
        if not fitting and there and None not in there:
            missing.add(record.name)
        one = len({(found.version, found.build) for found in fitting}) == 1
        packages.append(replace(package, record=_first(fitting)) if one else package)
    return replace(part, packages=tuple(packages)), frozenset(missing)


def _can_be(said: PackageRecord, record: PackageRecord) -> bool:
    return said.version == record.version and said.build in {"", record.build}


def _first(records: list[PackageRecord]) -> PackageRecord:
    """Return what a solver would take of one build: that of the first channel, in the newer format."""
    channel = records[0].channel
    return min(
        (r for r in records if r.channel == channel), key=lambda r: (not r.url.endswith(".conda"), r.url)
    )
