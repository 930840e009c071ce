"""Files mended in place: their text alone changes, not their encoding, byte order mark or line ends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_one
from condaenv_tools.jobs.fix_text import fix_text
from condaenv_tools.jobs.record_evidence import EvidenceRoom
from condaenv_tools.jobs.shown_diff import shown_diff
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.encoding import TextFile
from condaenv_tools.parse.text import NotTextError, read_bytes

__all__ = ["FixedFile", "fix_bytes", "fix_file", "write_fixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFile:
    """What fixing made of a file; nothing is written yet.

    Attributes
    ----------
    path : str
        The file as it was named.
    before, after : bytes
        Its content; equal where there was nothing to fix.
    fixed : tuple of Finding
        What was mended.
    checked : CheckedFile
        What is left.
    """

    path: str
    before: bytes
    after: bytes
    fixed: tuple[Finding, ...]
    checked: CheckedFile

    @property
    def diff(self) -> str:
        """A unified diff for reading, credentials masked; empty where nothing changes."""
        if self.before == self.after:
            return ""
        old, new = (TextFile.of(data).text for data in (self.before, self.after))
        return shown_diff(old, new, self.path)


def fix_bytes(
    data: bytes,
    path: str,
    options: CheckOptions | None = None,
    *,
    unsafe: bool = False,
    room: EvidenceRoom | None = None,
) -> FixedFile:
    r"""Mend what can be mended in the content of a file.

    Parameters
    ----------
    data : bytes
        As `parse_environment` takes them.
    path : str
        How findings name the file.
    options : CheckOptions, optional
        As for a check.
    unsafe : bool
        Whether fixes that may change what the file means are made too.
    room : EvidenceRoom, optional
        Channels that are open already.

    Examples
    --------
    >>> text = b"channels: [a, nodefaults]\r\ndependencies: [python=3.12]  # noqa: CE501\r\n"
    >>> fix_bytes(text, "environment.yml").after
    b'channels: [a, nodefaults]\r\ndependencies: [python=3.12]\r\n'
    """
    options = options or CheckOptions()
    room = room or EvidenceRoom(options.sources, platforms=options.platforms, channels=options.channels)
    try:
        file = TextFile.of(data)
    except NotTextError:
        checked = check_one(data, path, options, room)
        return FixedFile(path=path, before=data, after=data, fixed=(), checked=checked)
    made = fix_text(file.text, lambda text: check_one(text, path, options, room), unsafe=unsafe)
    after = file.with_text(made.text).data if made.fixed else data
    return FixedFile(path=path, before=data, after=after, fixed=made.fixed, checked=made.checked)


def fix_file(
    path: str | Path,
    options: CheckOptions | None = None,
    *,
    unsafe: bool = False,
    room: EvidenceRoom | None = None,
) -> FixedFile:
    """Mend what can be mended in a file; `write_fixed` writes it.

    Raises
    ------
    ParseError
        The file cannot be read.
    """
    return fix_bytes(read_bytes(path), str(path), options, unsafe=unsafe, room=room)


def write_fixed(file: FixedFile) -> None:
    """Write a file that was mended, whole or not at all; one without changes is not touched.

    Raises
    ------
    OutputError
        The file cannot be written; it is what it was.
    """
    if file.after != file.before:
        write_atomically(file.path, file.after)
