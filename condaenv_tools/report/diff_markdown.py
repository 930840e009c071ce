"""What changed in a lock as Markdown for a pull request: a part that unfolds for each set of platforms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.lock.diff import LockDiff
from condaenv_tools.lock.diff.sections import DiffRow, RowGroup, Section, diff_sections
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
        GitHub's and GitLab's Markdown, every name and version escaped. What is equal on several platforms is told
        once. The same difference gives the same bytes.

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
    sections = diff_sections(diff)
    if not sections:
        lines += ["Both lock the same packages.", ""]
    for section in sections:
        lines += _section(section, len(diff.platforms))
    lines += [f"> {_text(note)}\n" for note in diff.notes]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(section: Section, platforms: int) -> Iterator[str]:
    where = ", ".join(section.platforms)
    everywhere = " (all platforms)" if len(section.platforms) == platforms > 1 else ""
    yield f"<details><summary><b>{where}</b>{everywhere}: {section.summary}</summary>"
    yield ""
    left = _MOST_ROWS
    for group in section.groups:
        yield f"**{_text(group.heading)}**"
        yield ""
        if group.rows and not group.whole:
            yield "| | package | from | to |"
            yield "|---|---|---|---|"
            yield from map(_row, group.rows[:left])
            if len(group.rows) > left:
                yield f"| | … and {len(group.rows) - left} more | | |"
            left = max(0, left - len(group.rows))
            yield ""
        elif group.whole:
            yield from _whole(group)
    yield "</details>"
    yield ""


def _whole(group: RowGroup) -> Iterator[str]:
    yield f"{len(group.rows)} packages"
    yield ""


def _row(row: DiffRow) -> str:
    return f"| {row.kind.value} | {_text(row.name)} | {_text(row.old)} | {_text(row.new)} |"


def _text(text: str) -> str:
    """Escape what Markdown or HTML would take for more than text."""
    plain = mask_credentials(" ".join(text.split()))
    return _SIGNS.sub(lambda match: _ENTITIES.get(match[1], f"\\{match[1]}"), plain)


_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
