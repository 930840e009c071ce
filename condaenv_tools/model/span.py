"""Where in a text something stands."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["SourceSpan"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class SourceSpan:
    """A stretch of a text file, on one line as a rule.

    Attributes
    ----------
    path : str
        The file as the user named it, or ``"<text>"``.
    line, column : int
        Where it begins, both counted from 1; columns count characters.
    start, end : int
        The same stretch as 0-based character offsets into the text, half open.
    """

    path: str
    line: int
    column: int
    start: int = 0
    end: int = 0

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end - self.start

    def narrowed(self, start: int, end: int) -> SourceSpan:
        """Return the part ``[start, end)`` of a span that lies on one line.

        Examples
        --------
        >>> SourceSpan(path="e.yml", line=3, column=5, start=20, end=30).narrowed(2, 4)
        SourceSpan(path='e.yml', line=3, column=7, start=22, end=24)
        """
        return SourceSpan(
            path=self.path,
            line=self.line,
            column=self.column + start,
            start=self.start + start,
            end=self.start + end,
        )

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"
