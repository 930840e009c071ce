"""The difference of two locks in a terminal, and as the JSON of the contract."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from condaenv_tools.cli.output import styled
from condaenv_tools.jobs.diff_locks import FileDiff
from condaenv_tools.lock.diff import Change, ChangeKind, PlatformDiff
from condaenv_tools.lock.diff.sections import DiffRow, DiffTable, RowGroup, diff_table
from condaenv_tools.model.lock import LockedPackage
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["diff_document", "diff_lines"]

_STYLES = {ChangeKind.ADDED: "good", ChangeKind.REMOVED: "error", ChangeKind.DOWNGRADED: "warning"}


def diff_lines(found: FileDiff, *, every: bool = False) -> Iterator[str]:
    """Yield the lines for a terminal: causes as headings, a row for each package.

    Parameters
    ----------
    found : FileDiff
        The difference.
    every : bool
        Whether the packages of a platform that came or went are listed, too.
    """
    diff = found.diff
    table = diff_table(diff)
    if diff.old_channels != diff.new_channels and diff.old_channels and diff.new_channels:
        yield mask_credentials(f"channels: {', '.join(diff.old_channels)} -> {', '.join(diff.new_channels)}")
    if not table.groups:
        yield "what is installed is what is locked" if found.drift else "both lock the same packages"
        return
    yield f"{', '.join(table.platforms)}: {table.summary}"
    shown = [_cells(row) for group in table.groups if every or not group.whole for row in group.rows]
    widths = [max((len(text) for text in column), default=0) for column in zip(*shown, strict=True)]
    for group in table.groups:
        yield from _group_lines(table, group, widths, every=every)


def _group_lines(table: DiffTable, group: RowGroup, widths: list[int], *, every: bool) -> Iterator[str]:
    on = table.where(group.platforms) if group.whole or not group.rows else ""
    heading = mask_credentials(group.heading) + (f" ({on})" if on else "")
    if group.whole and not every:
        yield f"  {heading}: {len(group.rows)} packages (-v lists them)"
        return
    yield f"  {styled(heading, 'dim', sys.stdout)}"
    for row in group.rows:
        kind, name, versions = _cells(row)
        shown = styled(kind, _STYLES[row.kind], sys.stdout) if row.kind in _STYLES else kind
        pad = " " * (widths[0] - len(kind))
        where = "" if group.whole else table.where(row.platforms)
        told = f"{versions.ljust(widths[2])}  ({where})" if where else versions
        yield f"    {shown}{pad}  {name.ljust(widths[1])}  {told}".rstrip()


def _cells(row: DiffRow) -> tuple[str, str, str]:
    versions = " -> ".join(text for text in (row.old, row.new) if text)
    return row.kind.value, row.name, mask_credentials(versions)


def diff_document(found: FileDiff) -> dict[str, object]:
    """Return the difference as the JSON document of the contract."""
    diff = found.diff
    return {
        "platforms": {part.platform.value: _platform(part) for part in diff.platforms},
        "channels": {"from": _masked(diff.old_channels), "to": _masked(diff.new_channels)},
        "notes": list(diff.notes),
        "drift": found.drift and not diff.is_empty,
        "equal": diff.is_empty,
    }


def _masked(texts: tuple[str, ...]) -> list[str]:
    return [mask_credentials(text) for text in texts]


def _platform(part: PlatformDiff) -> dict[str, object]:
    # A change is one object in all places, so that its identity finds its cause.
    why = {id(one): mask_credentials(str(cause)) for cause in part.causes for one in cause.changes}
    return {
        "added": [{**_package(one.new), "cause": why.get(id(one))} for one in part.added],
        "removed": [{**_package(one.old), "cause": why.get(id(one))} for one in part.removed],
        "changed": [{**_change(one), "cause": why.get(id(one))} for one in part.changed],
        "restated": [_restated(one) for one in part.restated],
        "in_old": part.in_old,
        "in_new": part.in_new,
        "roots": [
            {"kind": one.kind.value, "name": one.name, "from": one.old, "to": one.new, "source": one.source}
            for one in part.roots
        ],
        "virtual_packages": [
            {"name": name, "from": str(old) if old else None, "to": str(new) if new else None}
            for old, new in part.virtual_packages
            for name in sorted({one.name for one in (old, new) if one})
        ],
    }


def _package(package: LockedPackage | None) -> dict[str, object]:
    assert package is not None
    return {
        "name": package.name,
        "version": package.record.version,
        "build": _build(package),
        "manager": package.manager,
    }


def _change(change: Change) -> dict[str, object]:
    assert change.old is not None
    assert change.new is not None
    found: dict[str, object] = {
        "name": change.name,
        "from": change.old_version,
        "to": change.new_version,
        "kind": change.kind.value,
        "manager": change.manager,
        "from_build": _build(change.old),
        "to_build": _build(change.new),
    }
    if change.kind is ChangeKind.MOVED:
        found |= {"from_manager": change.old.manager, "from_name": change.old.name}
    channels = [_channel(change.old), _channel(change.new)]
    if channels[0] != channels[1]:
        found |= {"from_channel": channels[0], "to_channel": channels[1]}
    if change.kind is ChangeKind.REPLACED:
        found |= {"from_url": mask_credentials(change.old.record.url)}
        found |= {"to_url": mask_credentials(change.new.record.url)}
    return found


def _restated(change: Change) -> dict[str, object]:
    assert change.old is not None
    assert change.new is not None
    return {
        "name": change.name,
        "manager": change.manager,
        "from_categories": list(change.old.categories),
        "to_categories": list(change.new.categories),
    }


def _build(package: LockedPackage) -> str | None:
    return package.record.build or None if isinstance(package.record, PackageRecord) else None


def _channel(package: LockedPackage) -> str | None:
    found = package.record.channel if isinstance(package.record, PackageRecord) else ""
    return mask_credentials(found) or None
