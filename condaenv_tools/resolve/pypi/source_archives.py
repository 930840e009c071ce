"""What a source archive says of itself, read as data: nothing is unpacked, and what is too large is left unread.

An archive comes from whoever uploaded it. It may be a bomb, name places outside of itself, or put a link where a
file belongs: only regular files of a few places are looked at, in memory, and each of them up to a limit.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Self

__all__ = ["members_of"]

#: In bytes: of what an archive holds when it is unpacked, and of one file that is looked at.
_LARGEST_WHOLE = 256 * 1024 * 1024
_LARGEST_MEMBER = 4 * 1024 * 1024
#: Names and attributes that do not fit into a header: no honest one is as long.
_LARGEST_HEADER = 64 * 1024
_MOST_MEMBERS = 100_000
_EXTENDED = {
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
}
#: How deep ``NAME.egg-info`` may lie: beside the sources, or in a folder of theirs.
_DEEPEST = 3
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    UnicodeDecodeError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


class _Careful(tarfile.TarInfo):
    """A header whose additions may not be longer than a name can be: they are read into memory as one."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        if found.type in _EXTENDED and found.size > _LARGEST_HEADER:
            raise tarfile.ReadError("a header is too long")
        return found


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it is longer than any honest archive."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._left = _LARGEST_WHOLE

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise tarfile.ReadError("the archive is too large")
        return data


def members_of(content: bytes) -> dict[str, str]:
    """Return the files of a source archive that speak of its requirements.

    Parameters
    ----------
    content : bytes
        A tar, packed or not, or a zip.

    Returns
    -------
    dict of str to str
        ``PKG-INFO`` and ``pyproject.toml`` of its root, and ``FOLDER.egg-info/requires.txt`` and
        ``FOLDER.egg-info/PKG-INFO`` without the folders above them, in the archive's order; what was found before
        the archive broke off or became too large. Empty for what is no archive.
    """
    found: dict[str, str] = {}
    depths: dict[str, int] = {}
    try:
        for path, stream, size in _files(content):
            parts = _parts(path)
            key = _key(parts)
            if key is None or size > _LARGEST_MEMBER or depths.get(key, len(parts) + 1) <= len(parts):
                continue
            text = stream.read(_LARGEST_MEMBER + 1)
            if len(text) <= _LARGEST_MEMBER:
                found[key], depths[key] = text.decode("utf-8"), len(parts)
    except _BROKEN:
        return found
    return found


def _parts(path: str) -> list[str]:
    return path.removeprefix("./").split("/")


def _key(parts: list[str]) -> str | None:
    """Return what a file is known as, or None where it says nothing of the archive's requirements."""
    if any(part in {"", ".", ".."} for part in parts) or not 2 <= len(parts) <= _DEEPEST + 1:
        return None
    if len(parts) == 2:
        return parts[1] if parts[1] in {"PKG-INFO", "pyproject.toml"} else None
    folder, name = parts[-2:]
    listed = folder.endswith(".egg-info") and name in {"requires.txt", "PKG-INFO"}
    return f"{folder}/{name}" if listed else None


def _files(content: bytes) -> Iterator[tuple[str, IO[bytes], int]]:
    """Return the regular files of an archive: path, stream and size."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for entry in packed.infolist():
                if _key(_parts(entry.filename)) is not None and (entry.external_attr >> 28) in {0, 8}:
                    with packed.open(entry) as stream:
                        yield entry.filename, stream, entry.file_size
        return
    with tarfile.open(fileobj=_Bounded(_unpacked(content)), mode="r|", tarinfo=_Careful) as archive:
        for count, member in enumerate(archive):
            if count >= _MOST_MEMBERS:
                return
            if member.isreg() and not member.issparse() and (opened := archive.extractfile(member)):
                yield member.name, opened, member.size


def _unpacked(content: bytes) -> io.BufferedIOBase:
    stream = io.BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=stream)
    if content.startswith(b"BZh"):
        return bz2.BZ2File(stream)
    if content.startswith(b"\xfd7zXZ"):
        return lzma.LZMAFile(stream)
    return stream
