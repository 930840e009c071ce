"""Writing a file whole, or not at all.

Whatever this package writes goes through `write_atomically`: a reader, or a second process that writes at the
same time, never sees half a file, and an old file survives a full disk, a power cut and Ctrl-C.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from condaenv_tools.errors import OutputError

__all__ = ["write_atomically", "write_together"]

_WRONG_PATH = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP}


def write_atomically(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file whole, or leave what was there.

    The content goes to a temporary file in the same directory, reaches the disk, and takes the file's place
    in one step. The permissions of an old file stay; a symbolic link keeps pointing where it did, and what it
    points to is replaced. Something that is no regular file (a pipe, ``/dev/null``) is written to directly:
    it cannot be replaced.

    Parameters
    ----------
    path : str or path
        The file; its directory must exist.
    content : str or bytes
        Text is written as UTF-8 with the line ends that it has.

    Raises
    ------
    OutputError
        The file could not be written; the old one, if any, is untouched, and no temporary file is left. Its
        `usage` says whether the path is wrong (no such directory, a directory) or the machine refused.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_atomically(folder / "a.txt", "one")
    >>> [(p.name, p.read_text()) for p in folder.iterdir()]
    [('a.txt', 'one')]
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        # What stands at the path is found out once; a link is followed so that the link itself survives.
        target = Path(os.path.realpath(path))
        mode = _mode_of(target)
        if mode is not None and not stat.S_ISREG(mode):
            _write_directly(target, mode, data)
            return
        if mode is not None and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "the file is read-only")
        _replace(target, data, mode)
    except (OSError, ValueError) as error:
        raise _output_error(str(path), error) from error


def write_together(contents: Mapping[Path, str | bytes]) -> None:
    """Write several files, or leave what was there of all of them.

    Parameters
    ----------
    contents : mapping of path to str or bytes
        What each file shall hold; `write_atomically` says how one is written.

    Raises
    ------
    OutputError
        One could not be written; those before it are as they were again.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> write_together({folder / "a.txt": "one", folder / "b.txt": "two"})
    >>> sorted(p.name for p in folder.iterdir())
    ['a.txt', 'b.txt']
    """
    before: list[tuple[Path, bytes | None]] = []
    try:
        for path, content in contents.items():
            old = path.read_bytes() if path.is_file() else None
            write_atomically(path, content)
            before.append((path, old))
    except BaseException:
        for path, old in reversed(before):
            with suppress(OSError, OutputError):
                if old is None:
                    path.unlink()
                else:
                    write_atomically(path, old)
        raise


def _mode_of(target: Path) -> int | None:
    try:
        return target.stat().st_mode
    except FileNotFoundError:
        return None


def _write_directly(target: Path, mode: int, data: bytes) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    with target.open("wb") as stream:
        stream.write(data)


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    # The random part keeps two writers apart; O_EXCL makes sure of it, and the mode honours the umask.
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            temporary.chmod(stat.S_IMODE(mode))
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_directory(target.parent)


def _sync_directory(directory: Path) -> None:
    """Make the new name survive a power cut, where a directory can be opened for that."""
    with suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _output_error(path: str, error: OSError | ValueError) -> OutputError:
    usage = not isinstance(error, OSError) or error.errno in _WRONG_PATH
    if isinstance(error, OSError):
        if error.errno in {errno.ENOENT, errno.ENOTDIR}:
            reason = f"there is no directory {str(Path(path).parent)!r}"
            hints = ["make the directory first, or name another file"]
        elif error.errno == errno.EISDIR:
            reason, hints = "it is a directory", ["name a file in it"]
        else:
            reason = error.strerror or str(error)
            hints = [] if usage else ["free the disk or the permission, and try again"]
    else:
        reason, hints = str(error), []
    reason = reason[:1].lower() + reason[1:]
    return OutputError(
        f"{path} could not be written: {reason}; what was there is untouched",
        path=path,
        usage=usage,
        hints=hints,
    )
