"""`conda-lock.yml`, version 1 (CEP 37): what conda-lock writes and micromamba installs, read and written."""

from __future__ import annotations

import re
from typing import Any

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.conda_lock_v1.reading import lock_of
from condaenv_tools.lock.conda_lock_v1.writing import kept, losses, text_of
from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.text import decode
from condaenv_tools.lock.yaml_text import Positions, YamlError, read_exactly, read_quickly
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["CondaLockV1"]

_TOP = re.compile(r"^(?:metadata|package)\s*:", re.MULTILINE)
_VERSION = re.compile(r"^version\s*:\s*\S+\s*$", re.MULTILINE)
_ENVIRONMENTS = re.compile(r"^environments\s*:", re.MULTILINE)
#: The first versions of pixi.lock were like this format, and say more of each package.
_OF_PIXI = re.compile(r"^version\s*:\s*[23]\s*$", re.MULTILINE)
_SAID_BY_PIXI = re.compile(r"^\s+(?:subdir|build_number)\s*:", re.MULTILINE)
#: Faults that are shown; a file of another kind has one for each line.
_SHOWN = 20


class CondaLockV1:
    """Reads and writes `conda-lock.yml` version 1.

    What the format cannot say is listed by `losses`; our virtual packages and roots live in its
    `custom_metadata`.
    """

    name = "conda-lock"
    one_platform = False

    def recognises(self, text: str) -> bool:
        """Say whether a text has the top of such a file; pixi.lock has a version too, and environments."""
        if _ENVIRONMENTS.search(text) or (_OF_PIXI.search(text) and _SAID_BY_PIXI.search(text)):
            return False
        return bool(_TOP.search(text) or _VERSION.search(text))

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = '''
        ... version: 1
        ... metadata: {content_hash: {}, channels: [], platforms: [linux-64], sources: []}
        ... package: []
        ... '''
        >>> CondaLockV1().loads(text).platforms[0].platform.value
        'linux-64'
        """
        content = decode(text, path=path)
        tree = read_quickly(content)
        if isinstance(tree, dict) and _is_version_1(tree.get("version", 1)):
            lock = _lock(tree, content, [])
            if lock is not None:
                return lock
        # Whatever the quick way did not like is told, or taken, by the exact one: the answer is the same
        # without it.
        return self._loads_exactly(content, path)

    def file_name(self, platform: Platform | None = None) -> str:  # noqa: ARG002 - the seam
        """Return what conda-lock calls such a file: it is about all platforms."""
        return "conda-lock.yml"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:  # noqa: ARG002 - the seam
        """Write a lock: the same text for the same lock on any machine, whatever the order of its parts.

        Raises
        ------
        LockFormatError
            A URL or a channel holds a credential.
        """
        return text_of(lock)

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:  # noqa: ARG002 - the seam
        """Say what of the lock the format has no word for."""
        return losses(lock)

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:  # noqa: ARG002 - the seam
        """Return what is read when the lock is written."""
        return kept(lock)

    @staticmethod
    def _loads_exactly(text: str, path: str) -> Lock:
        try:
            tree, positions = read_exactly(text)
        except YamlError as error:
            raise LockFormatError(
                f"{path}:{error.line}:{error.column}: the file is not YAML that can be read: {error.reason}",
                hints=["is it cut off, or has a merge left its marks (<<<<<<<)? condaenv lock makes it anew"],
            ) from error
        _check_version(tree, path)
        faults: FaultList = []
        lock = _lock(tree, text, faults)
        if lock is None:
            raise _error(faults, positions, path)
        return lock


def _is_version_1(value: Any) -> bool:
    return isinstance(value, int | str) and value is not True and value in {1, "1"}


def _lock(tree: dict[str, Any], text: str, faults: FaultList) -> Lock | None:
    lock = lock_of(tree, faults)
    names = sum(len(record.depends) for part in lock.platforms for record in part.records)
    if names > len(text):
        # Each dependency takes more than one character, unless aliases repeat them to fill the memory.
        faults.append(((), "aliases make far more of it than there is"))
    return None if faults else lock


def _check_version(tree: Any, path: str) -> None:
    if tree is None:
        raise LockFormatError(f"{path} is empty", hints=["make it anew: condaenv lock"])
    if not isinstance(tree, dict):
        raise LockFormatError(f"{path} is not a lock file: its top is no mapping", hints=["see CEP 37"])
    version = tree.get("version", "1")
    if not _is_version_1(version):
        raise LockFormatError(
            f"{path} is version {version} of conda-lock.yml, and only version 1 can be read",
            hints=["conda-lock itself writes version 1; write the file with conda-lock or condaenv"],
        )


def _error(faults: FaultList, positions: Positions, path: str) -> LockFormatError:
    lines = sorted({(positions.line(where), message) for where, message in faults})
    count = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
    told = [f"  {path}:{line}: {message}" for line, message in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        told.append(f"  … and {len(lines) - _SHOWN} more")
    return LockFormatError(
        "\n".join([f"{path} is a conda-lock.yml with {count}:", *told]),
        hints=["make it anew: condaenv lock"],
    )
