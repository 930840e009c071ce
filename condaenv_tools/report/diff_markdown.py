"""What changed in a lock as Markdown for a pull request: a part that unfolds, with a table for each cause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.lock.diff import LockDiff
from condaenv_tools.lock.diff.sections import DiffRow, DiffTable, RowGroup, diff_table
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["diff_markdown"]

_SIGNS = re.compile(r"([\\`*_{}\[\]<>|~#&])")
#: A comment on a pull request has at most 65,536 characters; what is longer than this is folded to its counts.
_MOST_ROWS = 400


def diff_markdown(diff: LockDiff, *, title: str = "") -> str:
    """Return the difference of two locks as Markdown.

    Parameters
    ----------
    diff : LockDiff
        The difference.
    title : str
        What was compared.

    Returns
    -------
    str
        GitHub's and GitLab's Markdown, every name and version escaped. Each cause is told once, and the platforms
        behind a package where not all have it. The same difference gives the same bytes.

    Examples
    --------
    >>> print(diff_markdown(LockDiff(platforms=()), title="conda-lock.yml"), end="")
    ### conda-lock.yml
    <BLANKLINE>
    Both lock the same packages.
    """
    lines = [f"### {_text(title)}", ""] if title else []
    if diff.old_channels != diff.new_channels and diff.old_channels and diff.new_channels:
        sides = (", ".join(map(_text, urls)) for urls in (diff.old_channels, diff.new_channels))
        lines += [f"Channels: {' became '.join(sides)}", ""]
    table = diff_table(diff)
    if table.groups:
        lines += _table(table, len(diff.platforms))
    else:
        lines += ["Both lock the same packages.", ""]
    lines += [f"> {_text(note)}\n" for note in diff.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _table(table: DiffTable, platforms: int) -> Iterator[str]:
    everywhere = " (all platforms)" if len(table.platforms) == platforms > 1 else ""
    yield f"<details><summary><b>{', '.join(table.platforms)}</b>{everywhere}: {table.summary}</summary>"
    yield ""
    left = _MOST_ROWS
    for group in table.groups:
        on = table.where(group.platforms) if group.whole or not group.rows else ""
        yield f"**{_text(group.heading)}**" + (f" ({on})" if on else "")
        yield ""
        if group.whole:
            yield f"{len(group.rows)} packages"
            yield ""
        elif group.rows:
            yield from _rows(table, group, left)
            left = max(0, left - len(group.rows))
            yield ""
    yield "</details>"
    yield ""


def _rows(table: DiffTable, group: RowGroup, most: int) -> Iterator[str]:
    apart = any(table.where(row.platforms) for row in group.rows)
    yield "| | package | from | to |" + (" platforms |" if apart else "")
    yield "|---|---|---|---|" + ("---|" if apart else "")
    for row in group.rows[:most]:
        yield _row(row) + (f" {table.where(row.platforms) or 'all'} |" if apart else "")
    if len(group.rows) > most:
        yield f"| | … and {len(group.rows) - most} more | | |" + (" |" if apart else "")


def _row(row: DiffRow) -> str:
    return f"| {row.kind.value} | {_text(row.name)} | {_text(row.old)} | {_text(row.new)} |"


def _text(text: str) -> str:
    """Escape what Markdown or HTML would take for more than text."""
    plain = mask_credentials(" ".join(text.split()))
    return _SIGNS.sub(lambda match: _ENTITIES.get(match[1], f"\\{match[1]}"), plain)


_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
