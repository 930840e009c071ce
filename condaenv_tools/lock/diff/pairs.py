"""Which package of one lock answers which of another, and in which way the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.diff.values import Change, ChangeKind
from condaenv_tools.model.channel_places import same_channel
from condaenv_tools.model.lock import LockedPackage, PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.resolve.provided import owners

__all__ = ["Comparison", "pair_packages"]

Record = PackageRecord | PyPIRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What both locks say of a package.

    Attributes
    ----------
    unknown : set of str
        Fields of a record that one of the locks does not say.
    details : bool
        Whether categories, and what a package needs, are told alike in both: formats that shorten them in
        different ways have nothing to compare.
    pypi_only : bool
        Whether one of the locks cannot hold packages of conda.
    """

    unknown: AbstractSet[str] = frozenset()
    details: bool = True
    pypi_only: bool = False


def pair_packages(
    old: Iterable[LockedPackage], new: Iterable[LockedPackage], comparison: Comparison
) -> tuple[Change, ...]:
    """Return what differs between two sets of packages, sorted by name, then manager.

    Parameters
    ----------
    old, new : iterable of LockedPackage
        Of one platform, in any order. Of several packages of one name those that are equal belong together,
        then those of the nearest place in the order.
    comparison : Comparison
        What both sides say.
    """
    before, after = _grouped(old), _grouped(new)
    changes: list[Change] = []
    gone: list[LockedPackage] = []
    come: list[LockedPackage] = []
    for key in sorted(before.keys() | after.keys()):
        left, right = _unequal(before.get(key, []), after.get(key, []))
        for one, other in zip(left, right, strict=False):
            kind = _kind(one, other, comparison)
            if kind is not None:
                changes.append(_change(one, other, kind))
        gone += left[len(right) :]
        come += right[len(left) :]
    changes += _moved(gone, come)
    changes += (_change(one, None, ChangeKind.REMOVED) for one in gone if _counts(one, comparison))
    changes += (_change(None, one, ChangeKind.ADDED) for one in come if _counts(one, comparison))
    return tuple(sorted(changes, key=_order))


def _grouped(packages: Iterable[LockedPackage]) -> dict[tuple[str, str], list[LockedPackage]]:
    found: dict[tuple[str, str], list[LockedPackage]] = {}
    for package in packages:
        name = package.name if package.manager == "conda" else pypi_name(package.name)
        found.setdefault((package.manager, name), []).append(package)
    return found


def _unequal(
    old: list[LockedPackage], new: list[LockedPackage]
) -> tuple[list[LockedPackage], list[LockedPackage]]:
    """Leave out what is in both; sort the rest, where there is more than one to choose from."""
    if len(old) == len(new) == 1:
        return ([], []) if old[0] == new[0] else (old, new)
    rest = list(new)
    left = []
    for one in old:
        if one in rest:
            rest.remove(one)
        else:
            left.append(one)
    return sorted(left, key=_full_order), sorted(rest, key=_full_order)


def _counts(package: LockedPackage, comparison: Comparison) -> bool:
    return not comparison.pypi_only or package.manager == "pip"


def _full_order(package: LockedPackage) -> tuple[str, ...]:
    record = package.record
    return (record.version, getattr(record, "build", ""), record.url, repr(package))


def _order(change: Change) -> tuple[str, ...]:
    return (change.name, change.manager, change.kind, *_full_order(change.package))


def _change(old: LockedPackage | None, new: LockedPackage | None, kind: ChangeKind) -> Change:
    package = new or old
    assert package is not None
    return Change(name=package.name, manager=package.manager, old=old, new=new, kind=kind)


def _kind(old: LockedPackage, new: LockedPackage, comparison: Comparison) -> ChangeKind | None:
    """Return in which way two packages of one name differ, None where they do not as far as both say."""
    one, other = old.record, new.record
    order = _compare(one, other)
    if order:
        return ChangeKind.UPGRADED if order < 0 else ChangeKind.DOWNGRADED
    unknown = comparison.unknown
    if isinstance(one, PackageRecord) and isinstance(other, PackageRecord):
        if _both(one.channel, other.channel) and not _same_place(one.channel, other.channel):
            return ChangeKind.CHANNEL
        if "build" not in unknown and _both(one.build, other.build) and one.build != other.build:
            return ChangeKind.REBUILT
    if one.version != other.version:
        return ChangeKind.REBUILT if isinstance(one, PackageRecord) else ChangeKind.REPLACED
    if _is_other_archive(one, other, unknown):
        return ChangeKind.REPLACED
    return ChangeKind.RESTATED if _is_restated(old, new, comparison) else None


def _both(one: str | None, other: str | None) -> bool:
    return bool(one) and bool(other)


def _same_place(one: str, other: str) -> bool:
    return one == other or bare_url(one) == bare_url(other) or same_channel(one, other)


def _is_other_archive(one: Record, other: Record, unknown: AbstractSet[str]) -> bool:
    for kind in ("sha256", "md5"):
        mine, theirs = _digests(one, kind), _digests(other, kind)
        if mine and theirs and mine.isdisjoint(theirs):
            return True
    if "url" in unknown or not _both(one.url, other.url):
        return False
    mine_url, their_url = (bare_url(url).partition("#")[0] for url in (one.url, other.url))
    if isinstance(one, PackageRecord):
        # The same channel by another name is no other archive.
        return mine_url.rpartition("/")[2] != their_url.rpartition("/")[2] or _subdir(one) != _subdir(other)
    return mine_url != their_url


def _digests(record: Record, kind: str) -> set[str]:
    """Return the hashes that an archive may have: some locks do not say which of a release is taken."""
    known = getattr(record, kind)
    if known:
        return {known.lower()}
    return set(record.hashes) if kind == "sha256" and isinstance(record, PyPIRecord) else set()


def _subdir(record: Record) -> str:
    return record.subdir if isinstance(record, PackageRecord) else ""


def _is_restated(old: LockedPackage, new: LockedPackage, comparison: Comparison) -> bool:
    if not comparison.details:
        return False
    if set(old.categories) != set(new.categories):
        return True
    one, other = old.record, new.record
    if isinstance(one, PyPIRecord) and isinstance(other, PyPIRecord):
        return sorted(one.requires) != sorted(other.requires)
    names = {"depends", "constrains"} - comparison.unknown
    return any(sorted(getattr(one, name, ())) != sorted(getattr(other, name, ())) for name in names)


def _compare(one: Record, other: Record) -> int:
    """Return a negative number where the version of the first comes before that of the second."""
    if one.version == other.version:
        return 0
    if isinstance(one, PyPIRecord) and isinstance(other, PyPIRecord):
        if not (one.has_version and other.has_version):
            return 0
        return _compare_pep440(one.version, other.version)
    return _compare_conda(one.version, other.version)


@lru_cache(maxsize=4096)
def _compare_conda(one: str, other: str) -> int:
    try:
        mine, theirs = Version.of(one), Version.of(other)
    except InvalidVersionError:
        return (one > other) - (one < other)
    return (mine > theirs) - (mine < theirs)


@lru_cache(maxsize=4096)
def _compare_pep440(one: str, other: str) -> int:
    from packaging.version import InvalidVersion  # noqa: PLC0415 - pip sections only
    from packaging.version import Version as PyPIVersion  # noqa: PLC0415

    try:
        mine, theirs = PyPIVersion(one), PyPIVersion(other)
    except InvalidVersion:
        return _compare_conda(one, other)
    return (mine > theirs) - (mine < theirs)


def _moved(gone: list[LockedPackage], come: list[LockedPackage]) -> Iterator[Change]:
    """Yield what one manager gave up and the other took over, and take both out of the lists."""
    for manager in ("conda", "pip"):
        # Which conda package brings a distribution is known by its purls, the table of names, or its own name.
        conda, pip = (gone, come) if manager == "conda" else (come, gone)
        brought = owners(one.record for one in conda if isinstance(one.record, PackageRecord)) if pip else {}
        for distribution in [one for one in pip if one.manager == "pip"]:
            owner = brought.get(pypi_name(distribution.name))
            package = next((one for one in conda if one.manager == "conda" and one.name == owner), None)
            if package is None:
                continue
            conda.remove(package)
            pip.remove(distribution)
            pair = (package, distribution) if manager == "conda" else (distribution, package)
            yield _change(*pair, ChangeKind.MOVED)
