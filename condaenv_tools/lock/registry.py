"""The formats of lock files, by name: each knows its own text when it sees it, reads it and writes it."""

from __future__ import annotations

import re

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.environment_yml import EnvironmentYml
from condaenv_tools.lock.explicit import ExplicitList
from condaenv_tools.lock.formats import ChoosingReader, LockFormat, LockReader, ReadOptions
from condaenv_tools.lock.pipfile_lock import PipfileLock
from condaenv_tools.lock.pixi import PixiLock
from condaenv_tools.lock.pixi.older import OlderPixiLock
from condaenv_tools.lock.poetry_lock import PoetryLock
from condaenv_tools.lock.pylock import Pylock
from condaenv_tools.lock.requirements import Requirements
from condaenv_tools.lock.text import decode
from condaenv_tools.lock.uv_lock import UvLock
from condaenv_tools.model.lock import Lock

__all__ = ["FORMATS", "READERS", "loads_lock", "lock_format", "read_format"]


#: The formats that are read and written, by name, in the order in which they are tried on a text.
FORMATS: dict[str, LockFormat] = {
    form.name: form
    for form in (
        PixiLock(),
        PixiLock(6),
        CondaLockV1(),
        ExplicitList(),
        Pylock(),
        EnvironmentYml(),
        Requirements(),
    )
}
#: Those that are read only.
READERS: dict[str, LockReader] = {
    form.name: form for form in (OlderPixiLock(), UvLock(), PoetryLock(), PipfileLock())
}

#: What is no lock that can be read, how to know it, and what to do instead.
_OTHERS = (
    (re.compile(r"^\s*\{"), "JSON", "it cannot be read as a lock"),
    (re.compile(r"^\[\[?\w", re.MULTILINE), "TOML", "it cannot be read as a lock"),
    (re.compile(r"^dependencies:", re.MULTILINE), "an environment.yml", "lock it first: condaenv lock"),
)


def lock_format(name: str) -> LockFormat:
    """Return a format by its name.

    Raises
    ------
    LockFormatError
        There is none of that name.

    Examples
    --------
    >>> lock_format("conda-lock").name
    'conda-lock'
    """
    try:
        return FORMATS[name]
    except KeyError:
        hint = f"choose one of: {', '.join(sorted(FORMATS))}"
        raise LockFormatError(f"{name!r} is not a format of lock files", hints=[hint]) from None


def loads_lock(text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
    """Read a lock of any format.

    Parameters
    ----------
    text : str or bytes
        The content of the file; bytes are UTF-8, or UTF-16 with its mark.
    path : str
        The file, for messages.
    options : ReadOptions, optional
        For which platforms and Python, where the file leaves them open; other formats are read as they are.

    Raises
    ------
    LockFormatError
        It is of no format that can be read, or damaged.
    """
    content = decode(text, path=path)
    reader = _reader_of(content, path)
    if options is not None and isinstance(reader, ChoosingReader):
        return reader.loads(content, path=path, options=options)
    return reader.loads(content, path=path)


def read_format(text: str | bytes, *, path: str = "<text>") -> str:
    """Return the name of the format that a text is of.

    Raises
    ------
    LockFormatError
        It is of no format that can be read.
    """
    return _reader_of(decode(text, path=path), path).name


def _reader_of(text: str, path: str) -> LockReader:
    for form in (*FORMATS.values(), *READERS.values()):
        if form.recognises(text):
            return form
    raise _unreadable(text, path)


def _unreadable(text: str, path: str) -> LockFormatError:
    if not text.strip():
        return LockFormatError(f"{path} is empty", hints=["make it anew: condaenv lock"])
    for pattern, what, hint in _OTHERS:
        if pattern.search(text):
            return LockFormatError(f"{path} is {what} and not a lock file", hints=[hint])
    return LockFormatError(
        f"{path} is not a lock file: it has neither `version:` nor `metadata:` nor `package:` at its top",
        hints=[f"what can be read: {', '.join([*FORMATS, *READERS])}"],
    )
