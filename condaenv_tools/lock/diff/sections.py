"""A difference as people are told it: what platforms share once, causes as headings, a row for each package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from condaenv_tools.lock.diff.values import CauseKind, Change, ChangeKind, LockDiff, PlatformDiff
from condaenv_tools.model.lock import LockedPackage
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["DiffRow", "RowGroup", "Section", "diff_sections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffRow:
    """One package.

    Attributes
    ----------
    kind : ChangeKind
        What happened to it.
    name : str
        The package; ``name (pip)`` where pip installs it.
    old, new : str
        What there was and is: the version, or what else differs. Empty where there is nothing.
    """

    kind: ChangeKind
    name: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Packages that moved for one reason.

    Attributes
    ----------
    heading : str
        Why.
    rows : tuple of DiffRow
        Sorted by name; none for a line that differs and moved nothing.
    whole : bool
        Whether the platform as a whole came or went, so that its packages are no news.
    """

    heading: str
    rows: tuple[DiffRow, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What is equal on some platforms, and on no other.

    Attributes
    ----------
    platforms : tuple of Platform
        Sorted by name.
    groups : tuple of RowGroup
        In the order of the causes.
    """

    platforms: tuple[Platform, ...]
    groups: tuple[RowGroup, ...]

    @property
    def rows(self) -> tuple[DiffRow, ...]:
        """The rows of all groups."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def summary(self) -> str:
        """How many packages were added, removed and changed.

        Examples
        --------
        >>> row = DiffRow(kind=ChangeKind.UPGRADED, name="numpy", old="1.26.4", new="2.0.2")
        >>> Section(platforms=(), groups=(RowGroup(heading="why", rows=(row,)),)).summary
        '1 changed'
        """
        kinds = [row.kind for row in self.rows]
        counts = {
            "added": kinds.count(ChangeKind.ADDED),
            "removed": kinds.count(ChangeKind.REMOVED),
            "restated": kinds.count(ChangeKind.RESTATED),
        }
        counts["changed"] = len(kinds) - sum(counts.values())
        order = ("added", "removed", "changed", "restated")
        return ", ".join(f"{counts[what]} {what}" for what in order if counts[what]) or "no package moved"


_RESTATED = "the same archive, of which other categories or dependencies are said"
_Key = tuple[str, DiffRow | None, bool]


def diff_sections(diff: LockDiff) -> tuple[Section, ...]:
    """Return what there is to tell, each row once with all platforms on which it is the same.

    Returns
    -------
    tuple of Section
        Those of many platforms first, then by their names.

    Notes
    -----
    Builds are told where nothing else differs. Where they differ between platforms, the rows are told as equal
    without them.
    """
    told: dict[_Key, list[Platform]] = {}
    ambiguous = _builds_that_differ(diff)
    for part in diff.platforms:
        for key in _keys(part, ambiguous):
            told.setdefault(key, []).append(part.platform)
    by_platforms: dict[tuple[Platform, ...], list[_Key]] = {}
    for key, platforms in told.items():
        by_platforms.setdefault(tuple(platforms), []).append(key)
    ordered = sorted(by_platforms, key=lambda platforms: (-len(platforms), platforms))
    return tuple(
        Section(platforms=platforms, groups=tuple(_groups(by_platforms[platforms]))) for platforms in ordered
    )


def _groups(keys: Iterable[_Key]) -> Iterator[RowGroup]:
    rows: dict[tuple[str, bool], list[DiffRow]] = {}
    for heading, row, whole in keys:
        rows.setdefault((heading, whole), []).extend([row] if row else [])
    for (heading, whole), found in rows.items():
        yield RowGroup(heading=heading, rows=tuple(found), whole=whole)


def _keys(part: PlatformDiff, ambiguous: set[tuple[ChangeKind, str]]) -> Iterator[_Key]:
    for cause in part.causes:
        whole = cause.intent.kind is CauseKind.PLATFORM
        yield from ((str(cause), _row(one, ambiguous), whole) for one in cause.changes)
    moved = {cause.intent for cause in part.causes}
    yield from ((f"{intent}; it moved nothing", None, False) for intent in part.roots if intent not in moved)
    if part.restated:
        yield from ((_RESTATED, _row(one, ambiguous), False) for one in part.restated)


def _builds_that_differ(diff: LockDiff) -> set[tuple[ChangeKind, str]]:
    """Return the packages whose row would be another on each platform for their builds alone."""
    seen: dict[tuple[ChangeKind, str], set[tuple[str, str]]] = {}
    for part in diff.platforms:
        for one in part.changed:
            seen.setdefault((one.kind, one.name), set()).add((_build(one.old), _build(one.new)))
    return {key for key, builds in seen.items() if len(builds) > 1}


def _row(change: Change, ambiguous: set[tuple[ChangeKind, str]]) -> DiffRow:
    old, new = change.old_version or "", change.new_version or ""
    match change.kind:
        case ChangeKind.REBUILT | ChangeKind.REPLACED:
            if (change.kind, change.name) not in ambiguous:
                old, new = (f"{old} {_build(change.old)}".strip(), f"{new} {_build(change.new)}".strip())
                if old == new:
                    old, new = _files(change)
            else:
                new = "another build" if change.kind is ChangeKind.REBUILT else "another archive"
        case ChangeKind.CHANNEL:
            old, new = f"{old} from {_channel(change.old)}", f"{new} from {_channel(change.new)}"
        case ChangeKind.MOVED:
            old, new = f"{old} ({_manager(change.old)})", f"{new} ({_manager(change.new)})"
        case ChangeKind.RESTATED if change.old and change.new:
            if change.old.categories != change.new.categories:
                old, new = ", ".join(change.old.categories), ", ".join(change.new.categories)
    name = f"{change.name} (pip)" if change.manager == "pip" else change.name
    if change.kind is ChangeKind.MOVED and change.old and change.old.name != change.name:
        old = f"{change.old.name} {old}"
    return DiffRow(kind=change.kind, name=name, old=old, new=new)


def _files(change: Change) -> tuple[str, str]:
    assert change.old is not None
    assert change.new is not None
    old, new = change.old.record, change.new.record
    names = (old.url.rpartition("/")[2], new.url.rpartition("/")[2])
    if names[0] != names[1]:
        return names
    hashes = [(record.sha256 or record.md5 or "")[:12] for record in (old, new)]
    return (
        (old.url, new.url)
        if hashes[0] == hashes[1]
        else (f"{names[0]} {hashes[0]}", f"{names[1]} {hashes[1]}")
    )


def _build(package: LockedPackage | None) -> str:
    return package.record.build if package and isinstance(package.record, PackageRecord) else ""


def _channel(package: LockedPackage | None) -> str:
    return package.record.channel if package and isinstance(package.record, PackageRecord) else ""


def _manager(package: LockedPackage | None) -> str:
    return {"pip": "PyPI"}.get(package.manager, package.manager) if package else ""
