"""Bytes to text and back: what an edit does not touch has the bytes that it had."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.parse.text import decode, split_mark

__all__ = ["TextFile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    r"""The bytes of a text file, taken apart so that they can be put together again.

    Attributes
    ----------
    text : str
        The text, without byte order marks.
    encoding : str
        The encoding, which writes no mark of its own: ``utf-8``, ``utf-16-le``, ...
    mark : bytes
        What stands before the text: no, one or several byte order marks.

    Examples
    --------
    >>> file = TextFile.of(b"\xef\xbb\xbfname: x\r\n")
    >>> file.text, file.encoding
    ('name: x\r\n', 'utf-8')
    >>> file.with_text("name: y").data
    b'\xef\xbb\xbfname: y'
    """

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @classmethod
    def of(cls, data: bytes) -> TextFile:
        """Take bytes apart, as `parse_environment` reads them.

        Raises
        ------
        NotTextError
            The bytes are not text in the encoding that their mark names.
        """
        first, encoding = split_mark(data)
        text = decode(data)
        # A strict decoder is one to one, so what the text does not account for is marks.
        mark = data[: len(data) - len(text.encode(encoding))]
        assert mark.startswith(first)
        return cls(text=text, encoding=encoding, mark=mark)

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self.mark + self.text.encode(self.encoding)

    def with_text(self, text: str) -> TextFile:
        """Return another text in the same dress."""
        return TextFile(text=text, encoding=self.encoding, mark=self.mark)
