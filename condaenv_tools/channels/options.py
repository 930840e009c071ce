"""How channels are read: what may be said beside their names."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DEFAULT_TIMEOUT", "SourceOptions", "cache_folder"]

#: Seconds that one question to a channel may take.
DEFAULT_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOptions:
    """How channels are read.

    Attributes
    ----------
    snapshot : Path or None
        A folder ``CHANNEL/SUBDIR/repodata.json[.zst]``, read in place of the network for what it holds.
    offline : bool
        Never use the network; what an earlier run left in the cache counts.
    timeout : float or None
        Seconds that one question to a channel may take; None for `DEFAULT_TIMEOUT`.
    cache_dir : Path or None
        Where repodata, and what was read for a pip section, is kept. By default the caches of py-rattler and
        uv, which other tools share, for what was downloaded, and the user's cache folder for what was unpacked.
    """

    snapshot: Path | None = None
    offline: bool = False
    timeout: float | None = None
    cache_dir: Path | None = None

    def __post_init__(self) -> None:
        for name in ("snapshot", "cache_dir"):
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, Path(value))


def cache_folder(options: SourceOptions) -> Path:
    """Return the folder for what is unpacked; it need not exist."""
    if options.cache_dir is not None:
        return Path(os.path.abspath(options.cache_dir))  # noqa: PTH100 - links stay as written
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "condaenv"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local")).expanduser() / "condaenv" / "cache"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/condaenv").expanduser()
    return Path("~/.cache/condaenv").expanduser()
