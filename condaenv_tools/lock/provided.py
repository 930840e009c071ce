"""What conda brings to the distributions of a lock of PyPI alone, as lines of text in its metadata.

Such a file has no packages of conda. Without a word of those that its distributions need, it could not be told
from one out of which a distribution was lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from condaenv_tools.lock.metadata_keys import PROVIDED
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.provided import owners

__all__ = ["provided_in", "provided_note"]

_LINE = re.compile(r"(?P<platform>\S+): (?P<name>\S+) (?P<version>\S+)")


def provided_note(lock: Lock, part: LockedPlatform, written: Iterable[str]) -> str:
    """Return one line for each distribution that what is written needs and conda brings, sorted.

    Parameters
    ----------
    lock, part : Lock, LockedPlatform
        The lock, and the platform of it that is written; what it says already of what is brought stays.
    written : iterable of str
        Names of the distributions that the file has.
    """
    here = set(written)
    pip = [p.record for p in part.packages if isinstance(p.record, PyPIRecord) and p.name in here]
    wanted = {pypi_name(name) for record in pip for name, _ in record.requires} - here
    records = {record.name: record for record in part.records}
    known = dict(provided_in(lock, part))
    known.update((str(name), records[owner].version) for name, owner in owners(part.records).items())
    return "\n".join(f"{part.platform}: {name} {known[name]}" for name in sorted(wanted & known.keys()))


def provided_in(lock: Lock, part: LockedPlatform) -> Mapping[str, str]:
    """Read what `provided_note` wrote of a platform: versions by name; a line that it did not write says nothing.

    Examples
    --------
    >>> from condaenv_tools.model.platform import Platform
    >>> part = LockedPlatform(platform=Platform.LINUX_64, packages=())
    >>> provided_in(Lock(platforms=(part,), metadata=((PROVIDED, "linux-64: numpy 2.0"),)), part)
    {'numpy': '2.0'}
    """
    lines = map(_LINE.fullmatch, dict(lock.metadata).get(PROVIDED, "").splitlines())
    return {m["name"]: m["version"] for m in lines if m is not None and m["platform"] == part.platform.value}
