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
    """Whether a comment left its column for want of room: nothing remembers for sure where that was."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    one, two = next(pair for pair in pairs if pair[0] != pair[1])
    gaps = [re.search(r"( +)#(?= |$)", line) for line in (one, two)]
    if not gaps[0] or not gaps[1]:
        return False
    return gaps[0][1] != gaps[1][1] and gaps[0].end(1) != gaps[1].end(1)
