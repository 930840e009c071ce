"""A requirements file of pip in which each line is pinned, with hashes: the PyPI part of a lock."""

from __future__ import annotations

import re

from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.map_conda import prepared
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["Requirements"]

_NOTE = re.compile(r"^# condaenv: platform ", re.MULTILINE)
_PIN = re.compile(r"^\s*[A-Za-z0-9][A-Za-z0-9._-]*\s*(?:\[[^\]\n]*\]\s*)?={2,3}\s*[0-9A-Za-z]", re.MULTILINE)
#: Lines that no requirements file has: keys of YAML and TOML, braces of JSON, marks of conda's lists.
_OTHER = re.compile(r"^(?:[\w.-]+:(?:\s|$)|\[|\{|@EXPLICIT|[\w.-]+ = |- )", re.MULTILINE)


class Requirements:
    """Reads and writes requirements files, as pip-compile, uv and pip make and install them.

    One is about one platform, or, with `DumpOptions.selectors`, about all: lines that count on some of them have
    a marker then. The platforms and their Python stand in comments that `loads` reads.
    """

    name = "requirements"
    one_platform = True
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text has our note, or a line that is pinned and none that belongs to another format."""
        if _NOTE.search(text):
            return True
        return bool(_PIN.search(text)) and not _OTHER.search(text)

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages; ``requirements.linux-64.txt`` says the platform, too.
        options : ReadOptions, optional
            For which platforms and Python markers are decided. Without it, what the comments say counts, then the
            default platforms.

        Raises
        ------
        LockFormatError
            With each line that pip refuses or that allows more than one release, by line and column.

        Examples
        --------
        >>> lock = Requirements().loads("idna==3.10 ; sys_platform == 'win32'", path="requirements.win-64.txt")
        >>> [(part.platform.value, part.packages[0].record.version) for part in lock]
        [('win-64', '3.10')]
        """
        from condaenv_tools.lock.requirements.reading import lock_of  # noqa: PLC0415 - brings packaging

        return lock_of(decode(text, path=path), path, options)

    def file_name(self, platform: Platform | None = None) -> str:
        """Return ``requirements.PLATFORM.txt``."""
        return "requirements.txt" if platform is None else f"requirements.{platform}.txt"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:
        """Write the PyPI part of a lock: the same text whatever the order of its parts.

        Raises
        ------
        LockFormatError
            There is more than one platform without `selectors`, or an address holds a credential.
        """
        from condaenv_tools.lock.requirements.writing import text_of  # noqa: PLC0415 - brings packaging

        return text_of(prepared(lock, options), options or DumpOptions())

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:
        """Say what of the lock is not written."""
        from condaenv_tools.lock.requirements.writing import losses  # noqa: PLC0415 - brings packaging

        return losses(prepared(lock, options), options or DumpOptions())

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:
        """Return what is read when the lock is written."""
        from condaenv_tools.lock.requirements.writing import kept  # noqa: PLC0415 - brings packaging

        return kept(prepared(lock, options), options or DumpOptions())
