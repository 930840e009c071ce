"""An edit held against its text, for tests of all kinds."""

from __future__ import annotations

import re

from condaenv_tools.model.edit import apply_edits, inverse_edits
from condaenv_tools.parse.editing.changes import Change, Section
from condaenv_tools.parse.editing.edit import EditResult, edit_text

__all__ = ["NEW", "edited", "pushed"]

#: An item for each list that no file has, and that needs no quotes anywhere.
NEW = {
    Section.DEPENDENCIES: "zz-new=1",
    Section.PIP: "zz-new==1",
    Section.CHANNELS: "zz-new",
    Section.PLATFORMS: "linux-ppc64le",
}


def edited(text: str, *changes: Change) -> EditResult:
    """Edit, and hold the edits against the text."""
    result = edit_text(text, changes)
    assert apply_edits(text, result.edits) == result.text
    assert apply_edits(result.text, inverse_edits(text, result.edits)) == text
    return result


def pushed(before: str, after: str) -> bool:
    """Whether a comment left its column for want of room, or came into one: nothing remembers where it was."""
    old, new = before.splitlines(), after.splitlines()
    at = next(at for at, line in enumerate(old) if line != new[at])
    gaps = [_gap(line) for line in (old[at], new[at])]
    if gaps[0] is None or gaps[1] is None or gaps[0][1] == gaps[1][1]:
        return False
    beside = [
        found[1] for line in (*new[max(at - 1, 0) : at], *new[at + 1 : at + 2]) if (found := _gap(line))
    ]
    return gaps[0][0] != gaps[1][0] or gaps[1][1] in beside


def _gap(line: str) -> tuple[int, int] | None:
    """How many blanks stand before the comment of a line, and where it begins."""
    found = re.search(r"( +)#(?= |$)", line)
    return (len(found[1]), found.end(1)) if found else None
