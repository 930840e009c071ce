"""`pixi.lock`: versions 6 and 7 read and written in our own lines, older ones read through py-rattler.

The format has no specification: the `rattler_lock` crate is its definition. What we write is, byte for byte, what
that crate writes of what it reads of it.
"""

from __future__ import annotations

import re
from typing import Any

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.pixi.losses import kept, losses
from condaenv_tools.lock.pixi.reading import NO_ONE_LOCK, lock_of
from condaenv_tools.lock.pixi.writing import text_of
from condaenv_tools.lock.text import decode
from condaenv_tools.lock.writable import refuse_credentials, refuse_nameless_places, refuse_odd_hashes
from condaenv_tools.lock.yaml_text import Positions, YamlError, read_exactly, read_quickly
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["PixiLock"]

_VERSION = re.compile(r"^version\s*:\s*(['\"]?)(\d+)\1\s*(?:#.*)?$", re.MULTILINE)
_ENVIRONMENTS = re.compile(r"^environments\s*:", re.MULTILINE)
_CONDA_LOCK = re.compile(r"^(?:metadata|package)\s*:", re.MULTILINE)
#: The first version that is no list of packages for each platform, as conda-lock's is.
_FIRST = 4
_NEWEST = 7
#: Faults that are shown; a file of another kind has one for each line.
_SHOWN = 20


def version_of(text: str) -> int | None:
    r"""Return the version that a text says; None where it is no pixi.lock.

    Examples
    --------
    >>> version_of("version: 6\nenvironments: {}"), version_of("version: 1\nmetadata: {}")
    (6, None)
    """
    match = _VERSION.search(text)
    if _ENVIRONMENTS.search(text):
        return int(match[2]) if match else 0
    if match is None or _CONDA_LOCK.search(text):
        return None
    return int(match[2]) if int(match[2]) >= _FIRST else None


class PixiLock:
    """Reads and writes one version of `pixi.lock`.

    Parameters
    ----------
    version : int
        6 or 7.
    """

    one_platform = False

    def __init__(self, version: int = _NEWEST) -> None:
        self.version = version
        self.name = "pixi" if version == _NEWEST else f"pixi-v{version}"

    def recognises(self, text: str) -> bool:
        """Say whether a text is of this version; the newest takes what says none, or one that nobody knows."""
        found = version_of(text)
        if self.version == _NEWEST:
            return found is not None and (found == 0 or found >= _NEWEST)
        return found == self.version

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages; ``FILE#ENVIRONMENT`` reads one of several environments.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = '''
        ... version: 7
        ... platforms:
        ... - name: linux-64
        ... environments:
        ...   default:
        ...     channels:
        ...     - url: https://conda.anaconda.org/conda-forge/
        ...     packages:
        ...       linux-64: []
        ... packages: []
        ... '''
        >>> PixiLock().loads(text).platforms[0].platform.value
        'linux-64'
        """
        content = decode(text, path=path)
        wanted = path.rpartition("#")[2] or None if "#" in path else None
        tree = read_quickly(content)
        if isinstance(tree, dict) and tree.get("version") == self.version:
            faults: FaultList = []
            lock = lock_of(tree, self.version, wanted, faults)
            if not faults:
                return lock
        # Whatever the quick way did not like is told, or taken, by the exact one.
        return self._loads_exactly(content, path, wanted)

    def file_name(self, platform: Platform | None = None) -> str:  # noqa: ARG002 - the seam
        """Return what pixi calls such a file: it is about all platforms."""
        return "pixi.lock"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:  # noqa: ARG002 - the seam
        """Write a lock: the same text for the same lock on any machine, whatever the order of its parts.

        Raises
        ------
        LockFormatError
            A URL or a channel holds a credential, a package has no URL, or a hash is none.
        """
        refuse_credentials(lock)
        refuse_nameless_places(lock, "a pixi.lock")
        refuse_odd_hashes(lock)
        return text_of(lock, self.version)

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:  # noqa: ARG002 - the seam
        """Say what of the lock the format has no word for."""
        return losses(lock, self.version)

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:  # noqa: ARG002 - the seam
        """Return what is read when the lock is written."""
        return kept(lock, self.version)

    def _loads_exactly(self, text: str, path: str, wanted: str | None) -> Lock:
        try:
            tree, positions = read_exactly(text)
        except YamlError as error:
            raise LockFormatError(
                f"{path}:{error.line}:{error.column}: the file is not YAML that can be read: {error.reason}",
                hints=["is it cut off, or has a merge left its marks (<<<<<<<)? pixi lock makes it anew"],
            ) from error
        _check_version(tree, self.version, path)
        faults: FaultList = []
        lock = lock_of(tree, self.version, wanted, faults)
        if faults:
            raise _error(faults, positions, path)
        return lock


def _check_version(tree: Any, version: int, path: str) -> None:
    if not isinstance(tree, dict):
        raise LockFormatError(
            f"{path} is not a lock file: its top is no mapping", hints=["make it anew: pixi lock"]
        )
    found = tree.get("version")
    if found is None:
        raise LockFormatError(
            f"{path} is a pixi.lock that says no version",
            hints=["is its head cut off? pixi lock makes it anew"],
        )
    if str(found) != str(version):
        raise LockFormatError(
            f"{path} is version {found} of pixi.lock, and versions 1 to {_NEWEST} can be read",
            hints=["write it with an older pixi, or look for a newer condaenv"],
        )


def _error(faults: FaultList, positions: Positions, path: str) -> LockFormatError:
    lines = sorted({(positions.line(where), message) for where, message in faults})
    count = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
    told = [f"  {path}:{line}: {message}" for line, message in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        told.append(f"  … and {len(lines) - _SHOWN} more")
    hint = "make it anew: pixi lock"
    if any(NO_ONE_LOCK in message for _, message in lines):
        hint = f"name the one that is meant behind the file: {path}#ENVIRONMENT"
    return LockFormatError("\n".join([f"{path} is a pixi.lock with {count}:", *told]), hints=[hint])
