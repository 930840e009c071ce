"""What mends a file, as a numbered list: lines that change, and what else there is to do."""

from __future__ import annotations

from collections.abc import Sequence

from condaenv_tools.conflicts.corrections.values import (
    OtherCorrection,
    OtherKind,
    VersionAfter,
    in_order,
)
from condaenv_tools.conflicts.ecosystems.either import AnyChange, AnyCorrection
from condaenv_tools.conflicts.ecosystems.values import JointChange
from condaenv_tools.jobs.explain_files import Explanation
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.rules.record_facts import joined

__all__ = ["correction_lines", "flag_text"]

#: So many lines of the smaller parts of a split are named.
_FEW = 4
#: So many packages are named with their versions.
_FEW_VERSIONS = 6


def correction_lines(found: Explanation) -> list[str]:
    """Return the paragraph of what was proven to solve it; none where no line is to blame."""
    if not any(one.conflicts for one in found.platforms):
        return []
    known = in_order(found.corrections, found.others)
    if not known:
        why = "no change of a few lines will do" if found.searched else "none was proven within the limits"
        return ["", f"What would solve it is not known: {why}."]
    platforms = [one.platform for one in found.platforms]
    proven = "both platforms" if len(platforms) == 2 else f"all {len(platforms)} platforms"
    where = platforms[0] if len(platforms) == 1 else proven
    which = {1: "This solves it", 2: "Either of these solves it"}.get(len(known), "Each of these solves it")
    rows = _rows(known, platforms=len(platforms))
    return ["", f"{which} (proven on {where}):", *rows, *_apply(found, known[0])]


def flag_text(one: OtherCorrection) -> str:
    """Return what to say on the command line in place of an edit; empty where the file is edited.

    Examples
    --------
    >>> flag_text(OtherCorrection(kind=OtherKind.VIRTUAL_PACKAGE, flags=("--virtual-package __glibc=2.34",)))
    '--virtual-package __glibc=2.34'
    """
    return " ".join(one.flags)


def _apply(found: Explanation, first: AnyCorrection | OtherCorrection) -> list[str]:
    if len(found.paths) != 1:
        return []
    if isinstance(first, OtherCorrection) and first.kind is not OtherKind.CHANNEL:
        return []
    return ["", f"condaenv fix {found.paths[0]} --write applies the first."]


def _rows(known: Sequence[AnyCorrection | OtherCorrection], *, platforms: int) -> list[str]:
    changes = [change for one in known if not isinstance(one, OtherCorrection) for change in one.changes]
    before = max((len(_old(change)) for change in changes), default=0)
    after = max((len(_new(change)) for change in changes), default=0)
    rows = []
    for number, one in enumerate(known, 1):
        if not isinstance(one, OtherCorrection):
            lines = [f"{_old(change):<{before}}  ->  {_new(change):<{after}}" for change in one.changes]
        else:
            lines = _other(one)
        lines[-1] += f"     {_versions(one.versions, platforms)}"
        rows += [f"  {f'{number}.' if n == 0 else '  '} {line}".rstrip() for n, line in enumerate(lines)]
    return rows


def _old(change: AnyChange) -> str:
    return mask_credentials(str(change.item))


def _new(change: AnyChange) -> str:
    if change.only_on:
        return f"only on {joined(change.only_on)}"
    if isinstance(change, JointChange) and change.moved:
        return mask_credentials(f"{change.to} of conda")
    return mask_credentials(change.to or "dropped")


def _other(one: OtherCorrection) -> list[str]:
    if one.kind is OtherKind.CHANNEL:
        return [f"add the channel {one.channel}, last"]
    if one.kind is OtherKind.SPLIT:
        first, *others = one.parts
        lines = [f"split it into {len(one.parts)} environments: {_named(part)}" for part in others[:1]]
        lines += [f"  {_named(part)}" for part in others[1:]]
        return [*lines, f"  and the other {len(first)} {'line' if len(first) == 1 else 'lines'}"]
    return [f"say {flag_text(one)}"]


def _named(part: Sequence[object]) -> str:
    texts = [mask_credentials(str(item)) for item in part]
    if len(texts) <= _FEW:
        return joined(texts)
    return f"{', '.join(texts[:_FEW])} and {len(texts) - _FEW} more"


def _versions(versions: Sequence[VersionAfter], platforms: int) -> str:
    """Return the version of each package after a correction, and where platforms differ."""
    by_name: dict[str, list[VersionAfter]] = {}
    for version in versions:
        by_name.setdefault(version.name, []).append(version)
    told = [_of_one(name, here, platforms) for name, here in by_name.items()]
    more = [f"and {len(told) - _FEW_VERSIONS} more"] if len(told) > _FEW_VERSIONS else []
    return ", ".join([*told[:_FEW_VERSIONS], *more])


def _of_one(name: str, versions: Sequence[VersionAfter], platforms: int) -> str:
    first, *others = versions
    if not others:
        where = "" if len(first.platforms) == platforms else f" on {joined(first.platforms)}"
        return f"{name} {first.version}{where}"
    told = [f"{one.version} on {joined(one.platforms)}" for one in others]
    return f"{name} {first.version} ({', '.join(told)})"
