"""An explanation as small tables for notebooks: each conflict once, in the lines of the file; what mends it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from condaenv_tools.conflicts.ecosystems.either import AnyConflict, AnyCorrection
from condaenv_tools.conflicts.shown import account_table, conflict_title
from condaenv_tools.errors import ParseError
from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.text import decode, read_bytes
from condaenv_tools.rules.record_facts import joined

__all__ = ["conflict_tables", "correction_table", "explanation_title", "read_lines"]

#: The lines of files, by path.
Lines = tuple[tuple[str, tuple[str, ...]], ...]


def read_lines(paths: Iterable[str]) -> Lines:
    """Return the lines of files; of one that has gone since it was solved there are none."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for path in dict.fromkeys(paths):
        try:
            text = decode(read_bytes(path))
        except ParseError:
            continue
        found.append((path, tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))))
    return tuple(found)


def conflict_tables(conflicts: Iterable[tuple[Platform, AnyConflict]], lines: Lines) -> str:
    """Return a table for each conflict; one that is the same on several platforms is told once.

    Parameters
    ----------
    conflicts : iterable of (Platform, Conflict)
        In the order in which they are told.
    lines : tuple of (str, tuple of str)
        Of `read_lines`.
    """
    groups: dict[object, tuple[AnyConflict, list[Platform]]] = {}
    for platform, conflict in conflicts:
        key = (conflict.account.remarks, conflict.account.further, conflict.account.hints)
        groups.setdefault(key, (conflict, []))[1].append(platform)
    sources: Mapping[str, Sequence[str]] = dict(lines)
    return "".join(
        account_table(
            conflict.account,
            caption=f"{joined(platforms)}: {conflict_title(conflict.core)}",
            sources=sources,
        )
        for conflict, platforms in groups.values()
    )


def correction_table(corrections: Sequence[AnyCorrection]) -> str:
    """Return a table of what was proven to mend it, numbered as the text has it; empty where there is nothing."""
    if not corrections:
        return ""
    rows = [
        (
            number if first else "",
            mask_credentials(str(change.item)),
            mask_credentials(change.to or "dropped") + _where(change.only_on),
            ", ".join(dict.fromkeys(f"{one.name} {one.version}" for one in correction.versions))
            if first
            else "",
        )
        for number, correction in enumerate(corrections, 1)
        for first, change in ((change is correction.changes[0], change) for change in correction.changes)
    ]
    return table(("", "instead of", "write", "gives"), rows, caption="proven to solve it")


def _where(only_on: Iterable[object]) -> str:
    told = [str(one) for one in only_on]
    return f", on {joined(told)} only" if told else ""


def explanation_title(
    paths: Sequence[str], failing: Sequence[Platform], platforms: Sequence[Platform]
) -> str:
    """Return the headline of an explanation."""
    files = " with ".join("standard input" if path == "-" else Path(path).name for path in paths)
    if not failing:
        return f"{files} can be solved on {joined(platforms)}"
    return f"{files} cannot be solved on {joined(failing)}"
