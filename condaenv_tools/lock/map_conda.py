"""The packages of conda that are on PyPI, as distributions of a lock: what `--map-conda` asks for."""

from __future__ import annotations

from dataclasses import replace

from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.resolve.provided import provided_by

__all__ = ["prepared", "unmapped", "with_conda_mapped"]


def prepared(lock: Lock, options: DumpOptions | None) -> Lock:
    """Return the lock that a format of PyPI writes."""
    return with_conda_mapped(lock) if options is not None and options.map_conda else lock


def with_conda_mapped(lock: Lock) -> Lock:
    """Return a lock whose PyPI part has what conda brings, too, in the same versions.

    Names are those of the purls of the records and of the recorded table, never guessed. What pip installs
    already stays as it is. A version of conda says nothing of archives, so that address and hash stay unknown.

    Examples
    --------
    >>> from condaenv_tools.model.lock import LockedPackage
    >>> from condaenv_tools.model.platform import Platform
    >>> from condaenv_tools.model.record import PackageRecord
    >>> torch = PackageRecord(name="pytorch", version="2.5.1", build="0", subdir="linux-64", channel="", url="")
    >>> part = LockedPlatform(platform=Platform.LINUX_64, packages=(LockedPackage(record=torch),))
    >>> [p.record.name for p in with_conda_mapped(Lock(platforms=(part,))).platforms[0].packages]
    ['pytorch', 'torch']
    """
    return replace(lock, platforms=tuple(map(_mapped, lock.platforms)))


def _mapped(part: LockedPlatform) -> LockedPlatform:
    here = {package.name for package in part.packages if package.manager == "pip"}
    by_name = {package.name: package for package in part.packages if package.manager == "conda"}
    found = list(part.packages)
    for one in provided_by(part.records):
        owner = by_name[str(one.conda_name)]
        if one.name in here or one.name == "python":
            continue
        record = PyPIRecord(name=one.name, version=one.version, url="")
        found.append(replace(owner, record=record))
    found.sort(key=lambda package: (package.manager, package.name))
    return replace(part, packages=tuple(found))


def unmapped(part: LockedPlatform) -> tuple[str, ...]:
    """Return the packages of conda that bring no distribution that anybody knows, sorted."""
    bringing = {str(one.conda_name) for one in provided_by(part.records)}
    return tuple(sorted({record.name for record in part.records} - bringing))
