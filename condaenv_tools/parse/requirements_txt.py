"""A requirements file of pip: text in, an `Environment` that has only pip lines and all findings out."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from condaenv_tools.model.environment import Environment, PipItem
from condaenv_tools.model.pip_words import cut_comment
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.pip_faults import PipFault
from condaenv_tools.parse.pip_line import classify_pip_line
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.text import NotTextError, SourceText, decode

__all__ = ["LogicalLine", "logical_lines", "parse_requirements", "read_requirements_text"]

#: Requirements of one file; no list that a person or a tool wrote comes near it.
MAX_LINES = 100_000

_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
#: PEP 263, in the form that pip looks for.
_CODING = re.compile(rb"coding[:=]\s*([-\w.]{1,40})")
#: Codecs that Python knows and in which nobody saves a file.
_NO_FILES = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}


class LogicalLine(NamedTuple):
    """One line as pip sees it: joined with those that continue it, without its comment.

    Attributes
    ----------
    text : str
        What is read; never empty.
    pieces : tuple of (int, int)
        For each physical line, the offset in `text` at which it begins and that in the source.
    """

    text: str
    pieces: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the source in which ``[start, end)`` of the text stands."""
        if len(self.pieces) == 1:
            shift = self.pieces[0][1] - self.pieces[0][0]
            return start + shift, max(start + 1, end) + shift
        first = _source_offset(self.pieces, start)
        return first, max(first, _source_offset(self.pieces, max(start, end - 1)) + 1)


def _source_offset(pieces: tuple[tuple[int, int], ...], offset: int) -> int:
    begin, source = pieces[max(0, bisect_right(pieces, offset, key=lambda piece: piece[0]) - 1)]
    return source + offset - begin


def parse_requirements(text: str | bytes, *, path: str = "<text>") -> ParsedFile:
    r"""Read the text of a requirements file; bad input gives findings, never an exception.

    Parameters
    ----------
    text : str or bytes
        Bytes are what their byte order mark says, else what a comment ``# -*- coding: NAME -*-`` in one of the
        first two lines says (PEP 263), else UTF-8. pip would then try the encoding of the machine; a file
        that reads differently from machine to machine is a finding here.
    path : str
        How findings and spans name the file.

    Returns
    -------
    ParsedFile
        The environment, whose `pip` has every line in order, and every finding. The span of a line goes from
        its first character to its last, over all lines that a backslash joins.

    Examples
    --------
    >>> parsed = parse_requirements("six==1.16.0 \\\n  --hash=sha256:8abb  # short\n-r base.txt\n")
    >>> [(item.kind.value, item.name, item.span.line) for item in parsed.environment.pip]
    [('requirement', 'six', 1), ('file', None, 3)]
    >>> [finding.code for finding in parsed.findings]
    ['CE410']

    References
    ----------
    The requirements file format of pip; PEP 508; PEP 263.
    """
    return read_requirements_text(text, path=path)[0]


def read_requirements_text(text: str | bytes, *, path: str) -> tuple[ParsedFile, SourceText]:
    """Read a requirements file as `parse_requirements` does, and return its text as well."""
    try:
        source = SourceText(_decode(text) if isinstance(text, bytes) else text.lstrip("\ufeff"), path=path)
    except NotTextError as fault:
        source = SourceText(fault.readable, path=path)
        report = Report(source)
        at = len(fault.readable) if fault.readable else None
        report.add("CE102", fault.message, at, at, hint=fault.hint)
        return ParsedFile(path=path, environment=None, findings=report.findings()), source
    report = Report(source)
    items = tuple(_read_line(line, source, report) for line in islice(logical_lines(source.text), MAX_LINES))
    _tell_length(items, source, report)
    environment = Environment(sources=(path,), pip=items)
    return ParsedFile(path=path, environment=environment, findings=report.findings()), source


def logical_lines(text: str) -> Iterator[LogicalLine]:
    r"""Join and strip the lines of a requirements file as pip does.

    A line that ends with a backslash goes on in the next one, unless it is a comment; a comment within such
    lines ends them. A comment begins with a ``#`` at the start of a line or behind white space.

    Examples
    --------
    >>> [line.text for line in logical_lines("a \\\n==1 # one\n\n# two\nb\n")]
    ['a ==1', 'b']
    """
    joined: list[tuple[str, int]] = []
    at = 0
    for whole in text.splitlines(keepends=True):
        line = whole.rstrip("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
        bare = line.lstrip()
        if not joined and "#" not in line and "\\" not in line:
            # The greater part of all lines.
            if bare:
                yield LogicalLine(bare.rstrip(), ((0, at + len(line) - len(bare)),))
            at += len(whole)
            continue
        comment = bare.startswith("#")
        if line.endswith("\\") and not comment:
            joined.append((line.strip("\\"), at + len(line) - len(line.lstrip("\\"))))
        elif joined or (bare and not comment):
            # pip puts a space before the comment, so that it stays one.
            joined.append((f" {line}", at - 1) if comment else (line, at))
            yield from _joined(joined)
            joined = []
        at += len(whole)
    yield from _joined(joined)


def _joined(pieces: list[tuple[str, int]]) -> Iterator[LogicalLine]:
    whole = pieces[0][0] if len(pieces) == 1 else "".join(text for text, _ in pieces)
    text = cut_comment(whole)
    stripped = text.lstrip()
    if not stripped:
        return
    lead = len(text) - len(stripped)
    places, offset = [], -lead
    for piece, source in pieces:
        places.append((offset, source))
        offset += len(piece)
    yield LogicalLine(stripped, tuple(places))


def _tell_length(items: tuple[PipItem, ...], source: SourceText, report: Report) -> None:
    """Tell of the lines that are not read, where there are too many."""
    if len(items) < MAX_LINES:
        return
    at = items[-1].span.end
    if next(logical_lines(source.text[at:]), None) is not None:
        message = f"the file has more than {MAX_LINES:,} requirements, and the rest is left out"
        report.add("CE401", message, at - 1, at, hint="check that this is a requirements file")


def _read_line(line: LogicalLine, source: SourceText, report: Report) -> PipItem:
    text = line.text
    # A backslash at the end would have joined the next line, had nothing stood behind it.
    bare = text.rstrip("\\ \t") if text.endswith("\\") else text
    read = classify_pip_line(bare or text)
    faults = list(read.faults) if read.code or read.more else []
    if bare != text:
        reason = "white space stands behind the backslash, so the next line is not joined to this one"
        faults.append(PipFault("CE401", reason, len(text) - 1, len(text), "remove the white space"))
    if faults and report.full:
        faults = []
    for fault in faults:
        place = line.place(fault.start, fault.end)
        report.add(fault.code, f"{quoted(text)}: {fault.reason}", *place, hint=fault.hint)
    start, end = line.place(0, len(text))
    if "://" in text and has_credentials(text):
        message = f"there is a credential in {quoted(text)}"
        hint = "write a reference, https://${USER}:${TOKEN}@..., or keep it in .netrc"
        report.add("CE602", message, start, end, hint=hint)
    return PipItem(span=source.span(start, end), text=bare or text, kind=read.kind, name=read.name)


def _decode(data: bytes) -> str:
    coding = None if data.startswith(_MARKS) else _coding_line(data)
    if coding is None:
        return decode(data)
    hint = "save it as UTF-8, and remove the line that names another encoding"
    try:
        return data.decode("undefined" if codecs.lookup(coding).name in _NO_FILES else coding)
    except UnicodeDecodeError as error:
        message = f"the file says that it is {coding}, and is not: byte {error.start} does not fit"
        raise NotTextError(message, hint=hint) from error
    except (LookupError, ValueError) as error:
        message = f"{quoted(coding)}, which the file names, is no encoding of text"
        raise NotTextError(message, hint=hint) from error


def _coding_line(data: bytes) -> str | None:
    for line in data[:2000].split(b"\n")[:2]:
        found = _CODING.search(line) if line.startswith(b"#") else None
        if found:
            return found[1].decode("ascii", errors="replace")
    return None
