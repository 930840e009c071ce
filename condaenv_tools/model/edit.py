"""Changes of a text: stretches replaced, all else kept to the byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Fix", "TextEdit", "apply_edits", "inverse_edits"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TextEdit:
    """One stretch of a text and what shall stand in its place.

    Attributes
    ----------
    start, end : int
        0-based character offsets into the decoded text, half open; equal where something is put in.
    text : str
        The replacement; empty where the stretch goes.
    """

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A change that mends a finding.

    Attributes
    ----------
    title : str
        What it does, as an order without a full stop: ``write python=3.10``.
    edits : tuple of TextEdit
        In the order of the text, none overlapping another.
    safe : bool
        Whether it may be made without asking: it keeps what the file means, or what every reader would say
        that it was meant to mean.
    """

    title: str
    edits: tuple[TextEdit, ...]
    safe: bool = True


def apply_edits(text: str, edits: Iterable[TextEdit]) -> str:
    """Return a text after edits, whose offsets are those of the text before any of them.

    Parameters
    ----------
    text : str
        The decoded text.
    edits : iterable of TextEdit
        In any order. Insertions at one place keep the order in which they come.

    Raises
    ------
    ValueError
        Two edits overlap, or one lies outside the text.

    Examples
    --------
    >>> edits = [TextEdit(start=8, end=11, text="2.0"), TextEdit(start=0, end=0, text="  ")]
    >>> apply_edits("- numpy=1.2 # old", edits)
    '  - numpy=2.0 # old'
    """
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < at or not edit.start <= edit.end <= len(text):
            raise ValueError(
                f"an edit of [{edit.start}, {edit.end}) overlaps another or lies outside the text"
            )
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def inverse_edits(text: str, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Return the edits that undo others, whose offsets are those of the text after them.

    Parameters
    ----------
    text : str
        The text before `edits`.
    edits : iterable of TextEdit
        In any order, none overlapping another.

    Returns
    -------
    tuple of TextEdit
        In the order of the text.

    Examples
    --------
    >>> edits = [TextEdit(start=8, end=11, text="2.0.1"), TextEdit(start=0, end=2, text="")]
    >>> apply_edits(apply_edits("- numpy=1.2", edits), inverse_edits("- numpy=1.2", edits))
    '- numpy=1.2'
    """
    found: list[TextEdit] = []
    moved = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = edit.start + moved
        found.append(TextEdit(start=start, end=start + len(edit.text), text=text[edit.start : edit.end]))
        moved += len(edit.text) - (edit.end - edit.start)
    return tuple(found)
