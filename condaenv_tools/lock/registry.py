"""The formats of lock files, by name: each knows its own text when it sees it, reads it and writes it."""

from __future__ import annotations

import re
from typing import Protocol

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock

__all__ = ["FORMATS", "LockFormat", "loads_lock", "lock_format"]


class LockFormat(Protocol):
    """The seam: one version of one format, both directions."""

    @property
    def name(self) -> str:
        """What `--format` calls it."""
        ...

    def recognises(self, text: str) -> bool:
        """Say whether a text is, or was meant to be, of this format."""
        ...

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        """Read a lock.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.
        """
        ...

    def dumps(self, lock: Lock) -> str:
        """Write a lock. The text depends on nothing but the lock, and not on the order of what is in it."""
        ...

    def losses(self, lock: Lock) -> tuple[str, ...]:
        """Say what of the lock the text does not hold."""
        ...

    def kept(self, lock: Lock) -> Lock:
        """Return what is read when the lock is written: ``loads(dumps(lock)) == kept(lock)``."""
        ...


#: The formats by name.
FORMATS: dict[str, LockFormat] = {form.name: form for form in (CondaLockV1(),)}

_PIXI = re.compile(r"^version:\s*(\d+)\s*$(?=[\s\S]*^environments:)", re.MULTILINE)
#: What is no lock that can be read, how to know it, and what to do instead.
_OTHERS = (
    (
        re.compile(r"^@EXPLICIT\b", re.MULTILINE),
        "a list of URLs (@EXPLICIT)",
        "it cannot be read as a lock yet",
    ),
    (re.compile(r"^\s*\{"), "JSON", "it cannot be read as a lock"),
    (re.compile(r"^created-by\s*=", re.MULTILINE), "a pylock.toml", "it cannot be read as a lock yet"),
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


def loads_lock(text: str | bytes, *, path: str = "<text>") -> Lock:
    """Read a lock of any format.

    Parameters
    ----------
    text : str or bytes
        The content of the file; bytes are UTF-8, or UTF-16 with its mark.
    path : str
        The file, for messages.

    Raises
    ------
    LockFormatError
        It is of no format that can be read, or damaged.
    """
    content = decode(text, path=path)
    for form in FORMATS.values():
        if form.recognises(content):
            return form.loads(content, path=path)
    raise _unreadable(content, path)


def _unreadable(text: str, path: str) -> LockFormatError:
    if not text.strip():
        return LockFormatError(f"{path} is empty", hints=["make it anew: condaenv lock"])
    pixi = _PIXI.search(text)
    if pixi:
        return LockFormatError(
            f"{path} is a pixi.lock (version {pixi[1]}), which cannot be read yet",
            hints=["conda-lock.yml version 1 can: pixi-to-conda-lock makes one of a pixi.lock"],
        )
    for pattern, what, hint in _OTHERS:
        if pattern.search(text):
            return LockFormatError(f"{path} is {what} and not a lock file", hints=[hint])
    return LockFormatError(
        f"{path} is not a lock file: it has neither `version:` nor `metadata:` nor `package:` at its top",
        hints=["conda-lock.yml version 1 can be read (CEP 37)"],
    )
