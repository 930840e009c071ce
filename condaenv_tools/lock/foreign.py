"""Locks of PyPI tools as locks of ours: for which machines and which Python, with which archive of each release.

Such a lock often serves many machines: it has all archives of a release, and markers. Ours names one archive for
each platform, so one is chosen here as pip would choose on that machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.lock.channel_names import lock_channel
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.lock.pypi_target import Target, minor_of
from condaenv_tools.lock.tables import FaultList, Where
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["Archive", "Entry", "Selected", "Serving", "assemble", "foreign_lock", "without_credential"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """One file of a release.

    Attributes
    ----------
    file_name : str
        As the index has it; decides which machines it is for.
    url : str
        Where it is; its bare name where the lock does not say.
    sha256, md5 : str or None
        Lower-case hexadecimal.
    """

    file_name: str
    url: str
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One package of such a lock.

    Attributes
    ----------
    where : Where
        Its place, for faults.
    record : PyPIRecord
        What is the same on each machine; its address counts where there are no archives.
    archives : tuple of Archive
        Of which one is taken.
    requires_python : str or None
        What the release demands of Python.
    needs : tuple of (str, str, str)
        Name, specifier and marker of each requirement; only those whose marker holds are kept.
    """

    where: Where
    record: PyPIRecord
    archives: tuple[Archive, ...] = ()
    requires_python: str | None = None
    needs: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A package that is installed on a machine, and by whom it is asked for there."""

    entry: Entry
    categories: tuple[str, ...] = ("main",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Which machines a lock may be for.

    Attributes
    ----------
    pythons : tuple of str
        In full, the likeliest first; never empty.
    platforms : tuple of Platform
        Those that are wanted; all of them have to be served.
    candidates : tuple of Platform
        Where none is wanted: those that are looked at, and dropped where the lock does not serve them.
    own : bool
        Whether the lock was written for the platform alone, so that an archive without another fits it.
    """

    pythons: tuple[str, ...]
    platforms: tuple[Platform, ...] = ()
    candidates: tuple[Platform, ...] = DEFAULT_PLATFORMS
    own: bool = False

    @classmethod
    def of(cls, pythons: Sequence[str], options: ReadOptions | None) -> Serving:
        """Return what is asked for."""
        wanted = options.platforms if options is not None else ()
        return cls(pythons=tuple(pythons), platforms=tuple(sorted(set(wanted))))


def assemble(
    select: Callable[[Target], Iterable[Selected]],
    serving: Serving,
    faults: FaultList,
    virtual: Mapping[Platform, tuple[VirtualPackage, ...]] | None = None,
) -> tuple[str, dict[Platform, tuple[LockedPackage, ...]]]:
    """Choose Python, platforms and archives.

    Parameters
    ----------
    select : callable
        Yields what is installed on a target, in any order.
    serving : Serving
        What may be chosen.
    faults : list
        Filled where a wanted platform, or every candidate, is not served; the answer then means nothing.
    virtual : mapping of Platform to VirtualPackage values, optional
        What is assumed of the machines, where the lock says it.

    Returns
    -------
    str and dict of Platform to LockedPackage values
        The first of the Pythons that serves the most platforms, and the packages of those, sorted by name.
    """
    wanted = serving.platforms or serving.candidates
    told: FaultList = []
    python, found = "", dict[Platform, tuple[LockedPackage, ...]]()
    # What would be built where others get a wheel is no sign that the lock was made for the machine.
    for built in (False, True):
        told = []
        for one in serving.pythons:
            wrong: FaultList = []
            now = _on_all(select, wanted, one, wrong, _Choice(serving.own, built, virtual or {}))
            told = told or wrong
            if len(now) > len(found) or not python:
                python, found = one, now
            if not wrong:
                break
        if found and len(found) >= len(serving.platforms):
            return python, found
    if not serving.pythons:
        told = [((), "no Python 3 is one that it allows")]
    elif not wanted:
        told = [((), "no platform that conda knows is one that it is for")]
    faults += told
    return python, {}


class _Choice(NamedTuple):
    """How an archive is chosen: is a sole one taken unseen, may one be built, what is assumed of machines."""

    sole: bool
    built: bool
    virtual: Mapping[Platform, tuple[VirtualPackage, ...]]


def _on_all(
    select: Callable[[Target], Iterable[Selected]],
    platforms: Iterable[Platform],
    python: str,
    faults: FaultList,
    choice: _Choice,
) -> dict[Platform, tuple[LockedPackage, ...]]:
    """Return the packages of each platform that is served, and tell what hinders the others."""
    found = {}
    for platform in platforms:
        target = Target(platform, python, choice.virtual.get(platform, ()))
        wrong: FaultList = []
        packages = _packages(select, target, wrong, choice)
        if wrong:
            faults += wrong
        else:
            found[platform] = packages
    return found


def _packages(
    select: Callable[[Target], Iterable[Selected]], target: Target, faults: FaultList, choice: _Choice
) -> tuple[LockedPackage, ...]:
    found: dict[str, tuple[LockedPackage, Entry]] = {}
    try:
        chosen = list(select(target))
        names = {one.entry.record.name for one in chosen}
        for one in chosen:
            record = _record(one.entry, target, faults, choice)
            if record is None:
                continue
            if record.name in found:
                first = found[record.name][0].record.version
                message = f"{record.name} is locked twice for {target.platform}: {first} and {record.version}"
                faults.append((one.entry.where, message))
                continue
            record = replace(record, requires=tuple(_requires(one.entry, target, names)))
            categories = tuple(sorted(set(one.categories)))
            package = LockedPackage(record=record, categories=categories, optional="main" not in categories)
            found[record.name] = (package, one.entry)
    except UnsupportedError as error:
        faults.append(((), error.message))
    return tuple(package for _, (package, _) in sorted(found.items()))


def _requires(entry: Entry, target: Target, names: set[str]) -> Iterator[tuple[str, str]]:
    if not entry.needs:
        yield from entry.record.requires
        return
    found: dict[str, set[str]] = {}
    for name, specifier, marker in entry.needs:
        if name in names and target.holds(marker):
            found.setdefault(name, set()).add(specifier)
    for name in sorted(found):
        yield name, ",".join(sorted(filter(None, found[name])))


def _record(entry: Entry, target: Target, faults: FaultList, choice: _Choice) -> PyPIRecord | None:
    record, python = entry.record, minor_of(target.python)
    label = f"{record.name} {record.version}"
    if not target.allows(entry.requires_python):
        message = f"{label} wants Python {entry.requires_python}, and {python} is assumed"
        faults.append((entry.where, message))
        return None
    if not entry.archives:
        return record
    names = [one.file_name for one in entry.archives]
    index = 0 if choice.sole and len(names) == 1 else target.best(names)
    if index is not None and not choice.built and not names[index].endswith(".whl"):
        # Of a release without wheels the source archive is for all machines.
        index = None if any(name.endswith(".whl") for name in names) else index
    if index is None:
        message = f"{label} has no archive for {target.platform} with Python {python}"
        faults.append((entry.where, message))
        return None
    taken = entry.archives[index]
    return replace(record, url=taken.url, sha256=taken.sha256, md5=taken.md5)


def foreign_lock(
    python: str,
    packages: dict[Platform, tuple[LockedPackage, ...]],
    *,
    unknown: Iterable[str] = (),
    sources: tuple[str, ...] = (),
) -> Lock:
    """Return the lock of what was assembled; the Python that was assumed stands in its metadata."""
    return Lock(
        platforms=tuple(
            LockedPlatform(platform=platform, packages=packages[platform]) for platform in sorted(packages)
        ),
        sources=sources,
        metadata=((PYTHON, minor_of(python)),),
        unknown=frozenset(unknown),
    )


def without_credential(url: str) -> str:
    """Return a URL without user, password and token, which the file that is read should not have.

    Examples
    --------
    >>> without_credential("https://me:hunter2@pypi.example.org/simple")
    'https://pypi.example.org/simple'
    """
    return lock_channel(url).url if has_credentials(url) else url
