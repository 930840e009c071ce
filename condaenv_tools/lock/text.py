"""Bytes of a lock file to text."""

from __future__ import annotations

import codecs

from condaenv_tools.errors import LockFormatError

__all__ = ["decode"]


def decode(text: str | bytes, *, path: str) -> str:
    """Return the text without a byte order mark; bytes are UTF-8, or UTF-16 with its mark.

    Raises
    ------
    LockFormatError
        The bytes are neither.

    Examples
    --------
    >>> decode("version: 1".encode("utf-16"), path="conda-lock.yml")
    'version: 1'
    """
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    encoding = "utf-16" if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise LockFormatError(
            f"{path}:{line}: the file is not UTF-8",
            hints=["is it a packed file, or cut in the middle of a sign?"],
        ) from error
