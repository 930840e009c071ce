"""Several edits, each planned on the text that the one before left, as edits of the first text."""

from __future__ import annotations

from collections.abc import Iterable

from condaenv_tools.model.edit import TextEdit, apply_edits

__all__ = ["Patchwork"]


class Patchwork:
    """A text made of stretches of an older one and of new pieces.

    Parameters
    ----------
    text : str
        The older text.

    Examples
    --------
    >>> work = Patchwork("a b c")
    >>> work.apply([TextEdit(start=2, end=4, text="")])
    >>> work.apply([TextEdit(start=0, end=1, text="x")])
    >>> work.text, work.edits()
    ('x c', (TextEdit(start=0, end=1, text='x'), TextEdit(start=2, end=4, text='')))
    """

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = text
        #: Pieces in order: a stretch [start, end) of the older text, or a new text.
        self._pieces: list[tuple[int, int] | str] = [(0, len(text))]

    def apply(self, edits: Iterable[TextEdit]) -> None:
        """Change the text; offsets are those of the text as it is now."""
        edits = sorted(edits, key=lambda edit: (edit.start, edit.end))
        self.text = apply_edits(self.text, edits)
        for edit in reversed(edits):
            at = self._cut(edit.start)
            self._pieces[at : self._cut(edit.end)] = [edit.text] if edit.text else []

    def origin(self, offset: int) -> int | None:
        """Return where a character of the text stood in the older one; None for a new one."""
        for piece in self._pieces:
            size = _size(piece)
            if offset < size:
                return None if isinstance(piece, str) else piece[0] + offset
            offset -= size
        return None

    def edits(self) -> tuple[TextEdit, ...]:
        """Return what makes the text out of the older one, in order; no stretch that stays is in it."""
        found: list[TextEdit] = []
        at, new = 0, ""
        for piece in [*self._pieces, (len(self.original), len(self.original))]:
            if isinstance(piece, str):
                new += piece
                continue
            # The end of the text stands for no character: it closes the last edit only.
            if new != self.original[at : piece[0]]:
                found.append(TextEdit(start=at, end=piece[0], text=new))
            at, new = piece[1], ""
        return tuple(found)

    def _cut(self, offset: int) -> int:
        """Make a seam at an offset and return the index of the piece that begins there."""
        for index, piece in enumerate(self._pieces):
            size = _size(piece)
            if offset == 0:
                return index
            if offset < size:
                parts: list[tuple[int, int] | str]
                if isinstance(piece, str):
                    parts = [piece[:offset], piece[offset:]]
                else:
                    middle = piece[0] + offset
                    parts = [(piece[0], middle), (middle, piece[1])]
                self._pieces[index : index + 1] = parts
                return index + 1
            offset -= size
        return len(self._pieces)


def _size(piece: tuple[int, int] | str) -> int:
    return len(piece) if isinstance(piece, str) else piece[1] - piece[0]
