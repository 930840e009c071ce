"""The difference of two locks of any format, platform by platform."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from condaenv_tools.lock.diff.causes import find_causes, root_intents
from condaenv_tools.lock.diff.pairs import Comparison, pair_packages
from condaenv_tools.lock.diff.values import Cause, CauseKind, ChangeKind, Intent, LockDiff, PlatformDiff
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["diff_locks"]


def diff_locks(old: Lock, new: Lock) -> LockDiff:
    """Return what differs between two locks, and why.

    Parameters
    ----------
    old, new : Lock
        Of any formats; they are compared by what both say.

    Returns
    -------
    LockDiff
        Platforms sorted by name; packages sorted by name, then manager. Versions are ordered by conda's rules
        for conda, by those of PyPI for pip. The order of what is in the locks does not count.

    Notes
    -----
    Takes time in proportion to the number of packages, and of the dependencies of those that differ.

    Examples
    --------
    >>> from condaenv_tools.model.lock import LockedPackage
    >>> from condaenv_tools.model.record import PackageRecord
    >>> def lock_of(version):
    ...     record = PackageRecord(name="xz", version=version, build="0", subdir="linux-64", channel="", url="")
    ...     part = LockedPlatform(platform=Platform.LINUX_64, packages=(LockedPackage(record=record),))
    ...     return Lock(platforms=(part,))
    >>> change = diff_locks(lock_of("5.9"), lock_of("5.10")).platforms[0].changed[0]
    >>> change.name, change.old_version, change.new_version, change.kind.value
    ('xz', '5.9', '5.10', 'upgraded')

    References
    ----------
    CEP 33 and PEP 440, the order of versions.
    """
    before = {part.platform: part for part in old.platforms}
    after = {part.platform: part for part in new.platforms}
    comparison = Comparison(
        unknown=old.unknown | new.unknown,
        details=old.unknown == new.unknown,
        pypi_only=any(map(_is_pypi_only, (old, new))),
    )
    return LockDiff(
        platforms=tuple(
            _diff(old, new, before.get(platform), after.get(platform), comparison)
            for platform in sorted(before.keys() | after.keys())
        ),
        old_channels=tuple(channel.url for channel in old.channels),
        new_channels=tuple(channel.url for channel in new.channels),
        notes=tuple(_notes(old, new)),
    )


def _diff(
    old: Lock,
    new: Lock,
    before: LockedPlatform | None,
    after: LockedPlatform | None,
    comparison: Comparison,
) -> PlatformDiff:
    if before is None or after is None:
        return _one_sided(before, after, comparison)
    changes = pair_packages(before.packages, after.packages, comparison)
    if comparison.pypi_only:
        before, after = _of_pip(before), _of_pip(after)
    urls = _channels(old, before.platform), _channels(new, after.platform)
    found = PlatformDiff(
        platform=before.platform,
        causes=find_causes(changes, before, after, urls if all(urls) else (frozenset(), frozenset())),
        roots=tuple(intent for intent, *_ in root_intents(before.roots, after.roots)),
        virtual_packages=_virtual(before, after),
    )
    kinds = {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RESTATED}
    return replace(
        found,
        added=tuple(one for one in changes if one.kind is ChangeKind.ADDED),
        removed=tuple(one for one in changes if one.kind is ChangeKind.REMOVED),
        changed=tuple(one for one in changes if one.kind not in kinds),
        restated=tuple(one for one in changes if one.kind is ChangeKind.RESTATED),
    )


def _of_pip(part: LockedPlatform) -> LockedPlatform:
    """Return a platform with the lines that pip answers alone."""
    if part.roots is None:
        return part
    return replace(part, roots=tuple(root for root in part.roots if root.manager == "pip"))


def _one_sided(
    before: LockedPlatform | None, after: LockedPlatform | None, comparison: Comparison
) -> PlatformDiff:
    """Everything is new, or gone, for one reason."""
    part = before or after
    assert part is not None
    changes = pair_packages(before.packages if before else (), after.packages if after else (), comparison)
    name = part.platform.value
    intent = Intent(kind=CauseKind.PLATFORM, old=name if before else None, new=name if after else None)
    return PlatformDiff(
        platform=part.platform,
        added=changes if after else (),
        removed=changes if before else (),
        causes=(Cause(intent=intent, changes=changes),) if changes else (),
        in_old=before is not None,
        in_new=after is not None,
    )


def _channels(lock: Lock, platform: Platform) -> frozenset[str]:
    return frozenset(channel_urls([channel.url for channel in lock.channels], platform))


def _virtual(
    before: LockedPlatform, after: LockedPlatform
) -> tuple[tuple[VirtualPackage | None, VirtualPackage | None], ...]:
    if before.virtual_packages is None or after.virtual_packages is None:
        return ()
    old = {one.name: one for one in before.virtual_packages}
    new = {one.name: one for one in after.virtual_packages}
    names = sorted(old.keys() | new.keys())
    return tuple((old.get(n), new.get(n)) for n in names if old.get(n) != new.get(n))


def _is_pypi_only(lock: Lock) -> bool:
    """Say whether a lock is one of a PyPI tool, which has no word for packages of conda."""
    return PYTHON in dict(lock.metadata) and not any(part.records for part in lock.platforms)


def _notes(old: Lock, new: Lock) -> Iterator[str]:
    if _is_pypi_only(old) != _is_pypi_only(new):
        yield "what only conda installs is not compared: one of the locks is of PyPI alone"
    silent = old.unknown ^ new.unknown
    for field, what in (("build", "builds"), ("url", "addresses"), ("depends", "dependencies")):
        if field in silent:
            yield f"{what} are not compared: only one of the locks says them"
    if {_has_hashes(old), _has_hashes(new)} == {True, False}:
        yield "hashes are not compared: only one of the locks has them"


def _has_hashes(lock: Lock) -> bool | None:
    """Say whether the format has hashes; None where there is nothing to tell by."""
    packages = [one for part in lock.platforms for one in part.packages]
    return any(_digest(one.record) for one in packages) if packages else None


def _digest(record: PackageRecord | PyPIRecord) -> str | None:
    listed = record.hashes if isinstance(record, PyPIRecord) else ()
    return record.sha256 or record.md5 or next(iter(listed), None)
