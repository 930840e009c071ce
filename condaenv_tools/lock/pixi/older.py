"""`pixi.lock` versions 1 to 5, which py-rattler reads and writes as the newest: what it writes is what we read."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.pixi import PixiLock, version_of
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock

__all__ = ["OlderPixiLock"]

_LISTS = re.compile(r"^version\s*:\s*[23]\s*$", re.MULTILINE)
#: The first versions are like a conda-lock.yml, and say more of each package than that does.
_MORE = re.compile(r"^\s+(?:subdir|build_number)\s*:", re.MULTILINE)
_FIRST_OF_OURS = 6


class OlderPixiLock:
    """Reads what releases of pixi before 0.33 wrote; nothing writes it any more."""

    name = "pixi-older"

    def recognises(self, text: str) -> bool:
        """Say whether a text is of version 2 to 5; version 1 is read as the conda-lock.yml that it is."""
        version = version_of(text)
        if version is not None:
            return 0 < version < _FIRST_OF_OURS
        return bool(_LISTS.search(text) and _MORE.search(text))

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        """Read a lock.

        Raises
        ------
        LockFormatError
            It is damaged.
        """
        content = decode(text, path=path)
        return PixiLock().loads(_as_newest(content, path), path=path)


def _as_newest(text: str, path: str) -> str:
    from rattler import LockFile  # noqa: PLC0415 - few locks are so old
    from rattler.exceptions import ParseCondaLockError  # noqa: PLC0415 - few locks are so old

    # The engine reads and writes files alone.
    with tempfile.TemporaryDirectory(prefix="condaenv-") as folder:
        old, new = Path(folder, "old.lock"), Path(folder, "new.lock")
        old.write_text(text, encoding="utf-8")
        try:
            LockFile.from_path(old).to_path(new)
        except (ParseCondaLockError, OSError, ValueError) as error:
            reason = " ".join(str(error).split()).replace(str(old), path)
            raise LockFormatError(
                f"{path} is an old pixi.lock that cannot be read: {reason}",
                hints=["pixi lock writes it anew, in the newest version"],
            ) from error
        return new.read_text(encoding="utf-8")
