"""What was probably meant, where a package is in no channel. Asked only when something has failed.

A channel that cannot be read here says nothing: the failure at hand is the one to tell.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import ChannelError, InvalidVersionError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version

__all__ = ["nearest_names", "platforms_having", "records_of", "versions_of"]

#: What tells the name in one ecosystem from that in another, put before or behind it.
_AFFIXES = ("python-", "py", "lib", "r-", "-python", "py-")


def nearest_names(
    sources: Sequence[RecordSource], name: str, platform: Platform, *, limit: int = 3
) -> tuple[str, ...]:
    """Return names that exist and look like `name`, the nearest first.

    Parameters
    ----------
    sources : sequence of RecordSource
        Where to look.
    name : str
        What is not there.
    platform : Platform
        The target machine; `noarch` counts too.
    limit : int
        How many at most.
    """
    known = {one for source in sources for subdir in (platform, "noarch") for one in _names(source, subdir)}
    known.discard(name)
    alike = _folded(name)
    # Another spelling of the same word is nearer than any other word.
    same = sorted(one for one in known if _folded(one) == alike)
    affixed = [one for affix in _AFFIXES for one in _variants(name, affix) if one in known]
    close = difflib.get_close_matches(name.lower(), known, n=limit + 2, cutoff=0.75)
    return tuple(dict.fromkeys([*same, *close[:1], *affixed, *close]))[:limit]


def platforms_having(
    sources: Sequence[RecordSource], name: str, platforms: Iterable[Platform] = tuple(Platform)
) -> tuple[Platform, ...]:
    """Return the platforms on which a package exists, in the order of `platforms`.

    One in `noarch` exists on all of them.
    """
    platforms = tuple(platforms)
    if any(name in _names(source, "noarch") for source in sources):
        return platforms
    return tuple(p for p in platforms if any(name in _names(source, p) for source in sources))


def records_of(sources: Iterable[RecordSource], name: str, platform: Platform) -> tuple[PackageRecord, ...]:
    """Return all records of a name that count on a platform, channel by channel, `noarch` last in each."""
    found: list[PackageRecord] = []
    for source in sources:
        for subdir in (platform, "noarch"):
            with suppress(ChannelError):
                found += source.records(subdir, name)
    return tuple(found)


def versions_of(sources: Iterable[RecordSource], name: str, platform: Platform) -> tuple[str, ...]:
    """Return the versions of a package that exist on a platform, the lowest first, each once."""
    return tuple(v.text for v in sorted(set(_versions(records_of(sources, name, platform)))))


def _versions(records: Iterable[PackageRecord]) -> Iterator[Version]:
    for record in records:
        with suppress(InvalidVersionError):
            yield Version.of(record.version)


def _names(source: RecordSource, subdir: str) -> frozenset[str]:
    try:
        return source.package_names(subdir)
    except ChannelError:
        return frozenset()


def _folded(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "").replace(".", "")


def _variants(name: str, affix: str) -> tuple[str, ...]:
    if affix.startswith("-"):
        return (name.removesuffix(affix), f"{name}{affix}")
    return (name.removeprefix(affix), f"{affix}{name}")
