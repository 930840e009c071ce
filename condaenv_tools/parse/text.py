"""Bytes to text, and places in a text: encodings, lines and columns."""

from __future__ import annotations

import codecs
import difflib
import os
import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path

from condaenv_tools.errors import ParseError
from condaenv_tools.model.secrets import mask_line
from condaenv_tools.model.span import SourceSpan

__all__ = [
    "MAX_FILE_SIZE",
    "NotTextError",
    "SourceText",
    "decode",
    "nearest_file",
    "read_bytes",
    "split_mark",
]

#: Bytes; no file that a person wrote comes near it.
MAX_FILE_SIZE = 64 * 1024 * 1024
#: Characters; a longer line is not shown beside a finding.
MAX_SHOWN_LINE = 2000

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_LONE_RETURN = re.compile(r"\r(?!\n)")
#: Told apart, since one set that reaches so far takes ten times as long to compile.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufffe\uffff]")

# The marks of UTF-32 begin with those of UTF-16, so they are looked for first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class NotTextError(ParseError):
    """Bytes are not text in an encoding that YAML knows.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence.
    readable : str
        The text before the fault.
    hint : str
        What to do.
    """

    def __init__(self, message: str, *, readable: str = "", hint: str = "") -> None:
        super().__init__(message, hints=[hint] if hint else ())
        self.readable = readable
        self.hint = hint


def decode(data: bytes) -> str:
    r"""Return the text of a file: UTF-8, or the Unicode encoding that its byte order mark names.

    The mark is not part of the text.

    Raises
    ------
    NotTextError
        The bytes are not text in that encoding.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfname: x"), decode("name: x".encode("utf-16"))
    ('name: x', 'name: x')
    """
    mark, encoding = split_mark(data)
    data = data[len(mark) :]
    try:
        # Two tools may each have written a mark.
        return data.decode(encoding).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _decoding_fault(data, encoding, error) from error


def split_mark(data: bytes) -> tuple[bytes, str]:
    """Return the byte order mark with which data begins, which may be empty, and the encoding that it means."""
    return next((found for found in _MARKS if data.startswith(found[0])), (b"", "utf-8"))


def _decoding_fault(data: bytes, encoding: str, error: UnicodeDecodeError) -> NotTextError:
    readable = data[: error.start].decode(encoding, errors="ignore")
    if encoding != "utf-8":
        what = f"the file begins as {encoding.upper()} and is cut off or damaged at byte {error.start}"
        return NotTextError(what, readable=readable, hint="save it again, as UTF-8")
    head = data[:200]
    if head.count(0) > len(head) // 4:
        what = "the file is UTF-16 without a byte order mark, or no text at all"
        return NotTextError(what, hint="save it as UTF-8")
    byte = data[error.start]
    meant = bytes([byte]).decode("cp1252", errors="replace")
    what = f"the file is not UTF-8: byte 0x{byte:02x} at offset {error.start}"
    if meant.isprintable() and meant != "�":
        what += f", which would be {meant!r} in Windows-1252"
    return NotTextError(what, readable=readable, hint="save it as UTF-8; every tool reads that")


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file.

    Raises
    ------
    ParseError
        It is absent, unreadable, a folder, or larger than `MAX_FILE_SIZE`.
    """
    file = Path(path)
    if not str(path):
        raise ParseError("the name of the file is empty", hints=["name a file, such as environment.yml"])
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_FILE_SIZE + 1)
    except FileNotFoundError as error:
        if file.is_symlink():
            message = f"{path}: there is no such file: it is a link to {file.readlink()}, which is not there"
            raise ParseError(message, hints=["mend the link, or name another file"]) from error
        if str(path) == "-":
            hints = ["write it to a file and name that; condaenv check - reads standard input"]
            raise ParseError("-: standard input is not read here", hints=hints) from error
        near = nearest_file(file)
        hint = f"{near} is there" if near else "check the name, and the folder that you are in"
        raise ParseError(f"{path}: there is no such file", hints=[hint]) from error
    except IsADirectoryError as error:
        raise ParseError(
            f"{path} is a folder", hints=[f"name the file, such as {file / 'environment.yml'}"]
        ) from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ParseError(f"{path} cannot be read: {reason}") from error
    if len(data) > MAX_FILE_SIZE:
        raise ParseError(
            f"{path} is larger than {MAX_FILE_SIZE // 2**20} MiB, too large for an environment file"
        )
    return data


def nearest_file(path: str | Path) -> str:
    """Return the file of the same folder that was probably meant in the place of an absent one; empty for none."""
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder or ".") as found:
            names = sorted(
                entry.name for entry in islice(found, 1000) if not entry.is_dir(follow_symlinks=False)
            )
    except (OSError, ValueError):
        return ""
    for near in difflib.get_close_matches(name[:100], names, n=5, cutoff=0.6):
        # A suffix in common makes short names much alike.
        if difflib.get_close_matches(Path(name).stem[:100], [Path(near).stem], cutoff=0.6):
            return os.path.join(folder, near)  # noqa: PTH118 - a Path would drop a leading dot
    return ""


class SourceText:
    r"""A text with the name of its file, which knows the line and column of each character.

    Lines end with ``\n``, ``\r\n`` or ``\r``, as editors count them.

    Parameters
    ----------
    text : str
        The decoded text.
    path : str
        The file as the user named it.

    Examples
    --------
    >>> str(SourceText("a: 1\rb: 2", path="e.yml").span(5, 6))
    'e.yml:2:1'
    """

    def __init__(self, text: str, *, path: str) -> None:
        self.text = text
        self.path = path

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line."""
        if "\r" in self.text:
            return [0, *[match.end() for match in _LINE_BREAK.finditer(self.text)]]
        lengths = [len(line) + 1 for line in self.text.split("\n")]
        return list(accumulate(lengths[:-1], initial=0))

    def line_number(self, offset: int) -> int:
        """Line of a character, counted from 1."""
        return bisect_right(self.line_starts, offset)

    def span(self, start: int, end: int) -> SourceSpan:
        """Return the stretch ``[start, end)`` of the text."""
        starts = self.line_starts
        line = bisect_right(starts, start)
        column = start - starts[line - 1] + 1
        return SourceSpan(path=self.path, line=line, column=column, start=start, end=end)

    def line_bounds(self, line: int) -> tuple[int, int]:
        """Return where a line begins and ends, its line break left out."""
        starts = self.line_starts
        start = starts[line - 1]
        end = starts[line] if line < len(starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def rest_of_line(self, offset: int) -> str:
        """Return what stands between a character and the end of its line."""
        match = _LINE_BREAK.search(self.text, offset)
        return self.text[offset : match.start() if match else len(self.text)]

    def shown_line(self, line: int) -> str:
        """Return a line as it may be printed: credentials masked, invisible characters as dots."""
        start, end = self.line_bounds(line)
        if end - start > MAX_SHOWN_LINE:
            return ""
        masked = mask_line(self.text[start:end])
        if masked.isprintable():
            return masked
        return "".join(c if c == "\t" or c.isprintable() else "·" for c in masked)

    def first_unprintable(self) -> int | None:
        """Return the offset of the first character that YAML forbids in a file, or None."""
        match = _UNPRINTABLE.search(self.text)
        return match.start() if match else None

    def without_unprintable(self) -> str:
        """Return the text with a space in the place of each character that YAML forbids."""
        return _UNPRINTABLE.sub(" ", self.text)

    def first_lone_return(self) -> int | None:
        """Return the offset of the first carriage return without a line feed, or None."""
        match = _LONE_RETURN.search(self.text) if "\r" in self.text else None
        return match.start() if match else None
