"""Pieces cut out of a text: faults are found in a piece, and told where they stand in the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Cut"]


@dataclass(slots=True)
class Cut:
    """A piece of a text.

    Attributes
    ----------
    text : str
        The piece.
    places : sequence of int
        Where each of its characters stood, as 0-based offsets.

    Examples
    --------
    >>> whole = Cut.of("pkg >= 1.2")
    >>> piece = whole[4:].without_blanks()
    >>> piece.text, piece[2:].span
    ('>=1.2', (7, 10))
    """

    text: str
    places: Sequence[int]

    @classmethod
    def of(cls, text: str) -> Cut:
        """Return the whole of a text."""
        return cls(text, range(len(text)))

    def __getitem__(self, part: slice) -> Cut:
        return Cut(self.text[part], self.places[part])

    def __add__(self, other: Cut) -> Cut:
        return Cut(self.text + other.text, (*self.places, *other.places))

    @property
    def span(self) -> tuple[int, int]:
        """Where it begins and ends in the whole; a piece must have a character to have a place."""
        return self.places[0], self.places[-1] + 1

    def stripped(self) -> Cut:
        """Return the piece without the blanks around it."""
        bare = self.text.strip()
        if len(bare) == len(self.text):
            return self
        start = len(self.text) - len(self.text.lstrip()) if bare else 0
        return self[start : start + len(bare)]

    def without_blanks(self) -> Cut:
        """Return the piece with no blank in it."""
        if len(self.text.split(maxsplit=1)) == 1 and self.text == self.text.strip():
            return self
        kept = [i for i, char in enumerate(self.text) if not char.isspace()]
        return Cut("".join(self.text[i] for i in kept), [self.places[i] for i in kept])
