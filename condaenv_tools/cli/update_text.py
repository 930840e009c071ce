"""What moved in a lock, as lines for people and as the document of `--json`."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.cli.diff_text import diff_document
from condaenv_tools.cli.diff_text import diff_lines as grouped_lines
from condaenv_tools.jobs.diff_locks import FileDiff
from condaenv_tools.jobs.update_files import UpdateResult
from condaenv_tools.lock.diff import Change, ChangeKind, LockDiff

__all__ = ["diff_lines", "update_document", "update_text"]


def update_document(result: UpdateResult, *, written: bool) -> dict[str, object]:
    """Return the document of an update: that of a diff, and what became of the file."""
    return {
        **diff_document(FileDiff(diff=result.diff, old=result.path, new=result.path)),
        "path": result.path,
        "written": written,
        "proven_least": {one.platform.value: one.proven for one in result.updates},
        "notes": [*result.diff.notes, *result.notes],
    }


def update_text(result: UpdateResult, *, verbose: bool = False) -> str:
    """Return what moved, a line for each package; equal changes of several platforms are one.

    Parameters
    ----------
    result : UpdateResult
        What moved.
    verbose : bool
        Whether the packages are grouped by what moved them, as `condaenv diff` does.
    """
    if verbose:
        whole = FileDiff(diff=result.diff, old=result.path, new=result.path)
        return "\n".join(grouped_lines(whole, every=True))
    lines = list(diff_lines(result.diff))
    if not lines:
        return "no package moved; what the lock says of its files changed"
    return "\n".join(lines)


def diff_lines(diff: LockDiff) -> Iterator[str]:
    """Yield a line for each package that differs, the platforms behind it where it is not all of them."""
    where: dict[tuple[str, ...], list[str]] = {}
    for part in diff.platforms:
        for change in part.moved:
            where.setdefault(_words(change), []).append(part.platform.value)
    widths = [max((len(words[n]) for words in where), default=0) for n in range(2)]
    for words, platforms in sorted(where.items(), key=lambda pair: (pair[0][0], pair[1])):
        on = "" if len(platforms) == len(diff.platforms) else f"  ({', '.join(platforms)})"
        name, kind, versions = words
        yield f"{name.ljust(widths[0])}  {kind.ljust(widths[1])}  {versions}{on}"


def _words(change: Change) -> tuple[str, str, str]:
    name = change.name if change.manager == "conda" else f"{change.name} (pip)"
    old, new = change.old_version, change.new_version
    if change.kind is ChangeKind.REPLACED:
        return name, change.kind.value, f"{new} by another file"
    if change.kind is ChangeKind.REBUILT and old == new:
        builds = [getattr(p.record, "build", "") for p in (change.old, change.new) if p]
        return name, change.kind.value, f"{old} {' -> '.join(builds)}".rstrip()
    return name, change.kind.value, " -> ".join(version for version in (old, new) if version)
