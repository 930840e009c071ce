"""A difference as people are told it: each cause once, a row for each package, the platforms behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from condaenv_tools.lock.diff.values import CauseKind, Change, ChangeKind, LockDiff, PlatformDiff
from condaenv_tools.model.lock import LockedPackage
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["DiffRow", "DiffTable", "RowGroup", "diff_table"]


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
    platforms : tuple of Platform
        Where it is so, sorted by name.
    """

    kind: ChangeKind
    name: str
    old: str = ""
    new: str = ""
    platforms: tuple[Platform, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """Packages that moved for one reason.

    Attributes
    ----------
    heading : str
        Why.
    rows : tuple of DiffRow
        Sorted by name, then platforms; none for a line that differs and moved nothing.
    platforms : tuple of Platform
        Where the reason counts, sorted by name.
    whole : bool
        Whether the platform as a whole came or went, so that its packages are no news.
    """

    heading: str
    rows: tuple[DiffRow, ...] = ()
    platforms: tuple[Platform, ...] = ()
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffTable:
    """All that there is to tell of a difference.

    Attributes
    ----------
    platforms : tuple of Platform
        Those on which anything differs, sorted by name.
    groups : tuple of RowGroup
        Each cause once: first what the files say, last what no line asks for.
    """

    platforms: tuple[Platform, ...] = ()
    groups: tuple[RowGroup, ...] = ()

    @property
    def summary(self) -> str:
        """How many packages were added, removed and changed, each counted once whatever the platforms.

        Examples
        --------
        >>> row = DiffRow(kind=ChangeKind.UPGRADED, name="numpy", old="1.26.4", new="2.0.2")
        >>> DiffTable(groups=(RowGroup(heading="why", rows=(row,)),)).summary
        '1 changed'
        """
        what = {row.name: set[str]() for group in self.groups for row in group.rows}
        for group in self.groups:
            for row in group.rows:
                what[row.name].add(row.kind.value if row.kind in _COUNTED_APART else "changed")
        order = ("added", "removed", "changed", "restated")
        counts = {one: sum(one in found for found in what.values()) for one in order}
        return ", ".join(f"{counts[one]} {one}" for one in order if counts[one]) or "no package moved"

    def where(self, platforms: tuple[Platform, ...]) -> str:
        """Return platforms as text where they are not all that differ; empty where they are."""
        return "" if platforms == self.platforms else ", ".join(platforms)


_COUNTED_APART = {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.RESTATED}
_RESTATED = "the same archive, of which other categories or dependencies are said"
#: Causes that are told behind those that a file gives, in this order.
_LATE = (CauseKind.PACKAGE, CauseKind.NEWER, CauseKind.UNKNOWN, CauseKind.DRIFT, CauseKind.PLATFORM)


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    text: str
    whole: Platform | None = None


def diff_table(diff: LockDiff) -> DiffTable:
    """Return what there is to tell: each cause once, each row once with all platforms on which it is the same.

    Returns
    -------
    DiffTable
        Without any group where nothing differs.

    Notes
    -----
    Builds are told where nothing else differs. Where they differ between platforms, the rows are told as equal
    without them.
    """
    told: dict[_Heading, dict[DiffRow, list[Platform]]] = {}
    where: dict[_Heading, list[Platform]] = {}
    ambiguous = _builds_that_differ(diff)
    for part in diff.platforms:
        for heading, row in _keys(part, ambiguous):
            rows = told.setdefault(heading, {})
            if row is not None:
                rows.setdefault(row, []).append(part.platform)
            on = where.setdefault(heading, [])
            if part.platform not in on:
                on.append(part.platform)
    return DiffTable(
        platforms=tuple(sorted({platform for on in where.values() for platform in on})),
        groups=tuple(
            RowGroup(
                heading=heading.text,
                rows=tuple(_sorted_rows(told[heading])),
                platforms=tuple(where[heading]),
                whole=heading.whole is not None,
            )
            for heading in sorted(told, key=lambda one: one.rank)
        ),
    )


def _sorted_rows(rows: dict[DiffRow, list[Platform]]) -> list[DiffRow]:
    found = [replace(row, platforms=tuple(platforms)) for row, platforms in rows.items()]
    return sorted(found, key=lambda row: (row.name, row.platforms))


def _keys(
    part: PlatformDiff, ambiguous: set[tuple[ChangeKind, str]]
) -> Iterator[tuple[_Heading, DiffRow | None]]:
    for cause in part.causes:
        kind = cause.intent.kind
        rank = _LATE.index(kind) + 2 if kind in _LATE else 0
        heading = _Heading(rank, str(cause), part.platform if kind is CauseKind.PLATFORM else None)
        yield from ((heading, _row(one, ambiguous)) for one in cause.changes)
    moved = {cause.intent for cause in part.causes}
    yield from (
        (_Heading(1, f"{intent}; it moved nothing"), None) for intent in part.roots if intent not in moved
    )
    restated = _Heading(len(_LATE) + 2, _RESTATED)
    yield from ((restated, _row(one, ambiguous)) for one in part.restated)


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
