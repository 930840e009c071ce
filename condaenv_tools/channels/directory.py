"""A channel in a folder of this machine: ``SUBDIR/repodata.json``, plain or packed.

py-rattler reads a plain ``repodata.json`` where it lies, and needs one in `noarch`. Another folder is read
through a view: a folder in the cache with the same subdirs, each unpacked or linked, named by a hash of
what it shows, so that a change makes a new view and two processes that make the same one do not disturb each
other.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from condaenv_tools.channels.engine import forget
from condaenv_tools.channels.options import SourceOptions, cache_folder
from condaenv_tools.channels.reading import Place
from condaenv_tools.channels.zstd import ZstdError, unpack
from condaenv_tools.errors import ChannelError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["SUBDIRS", "DirectorySource", "folder_of", "holds_a_channel", "open_directory", "repodata_of"]

#: Every subdir that a channel can have, `noarch` first.
SUBDIRS = ("noarch", *(p.value for p in Platform))

_PLAIN = "repodata.json"
_PACKED = "repodata.json.zst"

#: What each location looked like when it was last opened: the gateways keep what they have read of it.
_seen: dict[str, tuple[object, ...]] = {}


class DirectorySource(Place):
    """A channel in a folder. The location is the folder itself, or a view of it.

    Attributes
    ----------
    folder : Path
        Where the channel lies.
    """

    def __init__(self, channel: Channel, folder: Path, options: SourceOptions) -> None:
        self.folder = folder
        self._files = {s: file for s in SUBDIRS if (file := repodata_of(folder, s)) is not None}
        self._view = None if self._readable_in_place() else _View(self._files, channel, options)
        super().__init__(channel, self._view.location if self._view else folder.as_uri(), options)
        self._notice_changes()

    def prepare(self, subdirs: Iterable[str]) -> None:
        """Unpack what is needed to read these subdirs.

        Raises
        ------
        ChannelError
            A packed file is broken.
        """
        if self._view is not None:
            self._view.prepare(subdirs)

    def package_names(self, subdir: str) -> frozenset[str]:
        """Return the names of all packages in a subdir; none where the folder has no such subdir."""
        self.prepare([subdir])
        return super().package_names(subdir)

    def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
        """Return all records of some names in a subdir, sorted by name and URL."""
        self.prepare([subdir])
        return super().records(subdir, *names)

    def _readable_in_place(self) -> bool:
        return "noarch" in self._files and all(file.name == _PLAIN for file in self._files.values())

    def _notice_changes(self) -> None:
        state = tuple((subdir, *_stamp(file)) for subdir, file in self._files.items())
        if _seen.setdefault(self.location, state) != state:
            _seen[self.location] = state
            forget(self.location)


class _View:
    """The subdirs of a folder as py-rattler can read them."""

    def __init__(self, files: dict[str, Path], channel: Channel, options: SourceOptions) -> None:
        self._files = files
        self._channel = channel
        digest = hashlib.sha256()
        for subdir, file in files.items():
            digest.update(f"{subdir}\0{_identity(file)}\0".encode())
        self._folder = _writable(cache_folder(options) / "channels") / digest.hexdigest()[:32]
        self.location = self._folder.as_uri()

    def prepare(self, subdirs: Iterable[str]) -> None:
        for subdir in dict.fromkeys(("noarch", *subdirs)):
            target = self._folder / subdir / _PLAIN
            if target.exists() or (subdir != "noarch" and subdir not in self._files):
                continue
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(target, self._content(subdir))
            except (OSError, OutputError) as error:
                raise ChannelError(
                    f"channel {self._channel} cannot be unpacked: the cache cannot be written to",
                    channel=self._channel.name,
                    subdir=subdir,
                    hints=["free the disk, or name another cache folder (XDG_CACHE_HOME)"],
                ) from error

    def _content(self, subdir: str) -> bytes:
        file = self._files.get(subdir)
        if file is None:
            return b'{"info":{"subdir":"noarch"},"packages":{},"packages.conda":{},"repodata_version":1}'
        try:
            data = file.read_bytes()
            return data if file.name == _PLAIN else unpack(data)
        except (OSError, ZstdError, EOFError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no whole Zstandard file"
            raise ChannelError(
                f"channel {self._channel} cannot be read: {subdir}/{file.name} is broken: {reason}",
                channel=self._channel.name,
                subdir=subdir,
                hints=["record or download it anew"],
            ) from error


def open_directory(
    channel: Channel, folder: Path, *, platforms: Iterable[str], options: SourceOptions
) -> DirectorySource:
    """Return the channel in a folder, ready for these platforms.

    Raises
    ------
    ChannelError
        There is no channel in the folder.
    """
    if not holds_a_channel(folder):
        what = f"no folder {str(folder)!r}" if not folder.is_dir() else f"no channel in {str(folder)!r}"
        raise ChannelError(
            f"channel {channel} does not exist: there is {what}",
            channel=channel.name,
            hints=[
                f"looked for SUBDIR/{_PLAIN} and SUBDIR/{_PACKED} with noarch, linux-64 and so on as SUBDIR"
            ],
        )
    source = DirectorySource(channel, folder, options)
    source.prepare(platforms)
    return source


def holds_a_channel(folder: Path) -> bool:
    """Say whether a folder has repodata for at least one subdir."""
    return any(repodata_of(folder, subdir) is not None for subdir in SUBDIRS)


def repodata_of(folder: Path, subdir: str) -> Path | None:
    """Return the repodata of a subdir, the plain file before the packed one; None where there is none."""
    for name in (_PLAIN, _PACKED):
        file = folder / subdir / name
        if file.is_file():
            return file
    return None


def folder_of(url: str) -> Path:
    """Return the folder that a ``file://`` URL names."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path.lstrip("/")
    return Path(path)


def _identity(file: Path) -> str:
    """Return what tells one content from another: a hash of a packed file, size and time of a plain one."""
    if file.name == _PACKED:
        try:
            return hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError:
            return str(file)
    return "\0".join(map(str, (os.path.realpath(file), *_stamp(file))))


def _stamp(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


_temporary: dict[Path, Path] = {}


def _writable(folder: Path) -> Path:
    """Return the folder, or a temporary one for this process where it cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    except OSError:
        pass
    if folder not in _temporary:
        made = tempfile.mkdtemp(prefix="condaenv-")
        _temporary[folder] = Path(made)
        weakref.finalize(_temporary_owner, shutil.rmtree, made, ignore_errors=True)
    return _temporary[folder]


class _Owner:
    """Lives as long as the process; what is tied to it ends at exit."""


_temporary_owner = _Owner()
