"""The metadata of an archive: read from beside it (PEP 658) or from within it, and kept by the archive's hash."""

from __future__ import annotations

import io
import json
import threading
import zipfile
import zlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from condaenv_tools.errors import IndexFailureError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.source_metadata import archive_headers, tree_headers
from condaenv_tools.resolve.pypi.web import Web, WebError

__all__ = ["Archive", "Metadata", "MetadataReader", "check_absent", "metadata_from_json"]

#: Connections at a time.
_THREADS = 8
#: How many wheels of a host without metadata beside them are enough to know it.
_SCOUTS = 2
#: The end of a wheel: its table of contents and, as a rule, its metadata.
_TAIL = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What counts of the metadata of an archive.

    Attributes
    ----------
    requires : tuple of str
        As written (``Requires-Dist``), in their order.
    requires_python : str or None
        As written.
    extras : tuple of str
        Normalised.
    version : str or None
        As written; None where the build decides it.
    """

    requires: tuple[str, ...] = ()
    requires_python: str | None = None
    extras: tuple[str, ...] = ()
    version: str | None = None

    @classmethod
    def parse(cls, text: str) -> Metadata:
        r"""Read the headers of a METADATA file.

        Examples
        --------
        >>> Metadata.parse("Name: a\nRequires-Dist: b >=1\nProvides-Extra: X\n\nLong words").requires
        ('b >=1',)
        """
        head = HeaderParser().parsestr(text, headersonly=True)

        def all_of(key: str) -> list[str]:
            return [" ".join(str(value).split()) for value in head.get_all(key) or []]

        python, version = all_of("Requires-Python"), all_of("Version")
        return cls(
            requires=tuple(all_of("Requires-Dist")),
            requires_python=python[0] if python else None,
            extras=tuple(map(pypi_name, all_of("Provides-Extra"))),
            version=version[0] if version else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Where a wheel, a source archive or a source tree is, for the reader alone: `url` may hold a credential."""

    url: str
    sha256: str | None = None
    size: int | None = None


class MetadataReader:
    """Reads metadata for all platforms of one batch.

    Parameters
    ----------
    cache : Path
        The folder in which it is kept; made when it is needed.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._known: dict[str, Metadata | None] = {}
        #: By host: above zero where metadata lies beside its wheels; below, how often there was none.
        self._beside: dict[str, int] = {}

    def read_all(self, wheels: Iterable[Archive], web: Web) -> list[Metadata | None]:
        """Return the metadata of archives, in their order; None for one that has none that can be read.

        Raises
        ------
        IndexFailureError
            An archive could not be read just now, so that nothing is known of it.
        """
        wheels = list(wheels)
        found = {wheel: self.kept(wheel) for wheel in wheels}
        missing = [wheel for wheel, metadata in found.items() if metadata is None]
        # The first ones show whether their host has metadata beside its wheels: a vain question to each is slow.
        for wheel in missing[:_SCOUTS]:
            found[wheel] = self._fetched(wheel, web)
        if rest := missing[_SCOUTS:]:
            with ThreadPoolExecutor(min(_THREADS, len(rest))) as pool:
                found.update(zip(rest, pool.map(lambda one: self._fetched(one, web), rest), strict=True))
        for wheel in missing:
            self._keep(wheel, found[wheel])
        return [found[wheel] for wheel in wheels]

    def _fetched(self, wheel: Archive, web: Web) -> Metadata | None:
        if not urlsplit(wheel.url).path.endswith(".whl"):
            return _of_source(wheel.url, web)
        host = urlsplit(wheel.url).netloc
        if host and self._beside.get(host, 0) > -_SCOUTS:
            found = _beside(wheel, web)
            with self._lock:
                # One that has some is asked for good: a few of its wheels may be too old to have it.
                count = self._beside.get(host, 0)
                self._beside[host] = 1 if found or count > 0 else count - 1
            if found is not None:
                return found
        return _within(wheel, web)

    def kept(self, wheel: Archive) -> Metadata | None:
        """Return what was read of an archive before, by its hash alone."""
        if wheel.sha256 is None:
            return None
        with self._lock:
            if wheel.sha256 in self._known:
                return self._known[wheel.sha256]
        found = None
        with suppress(OSError, ValueError, KeyError, TypeError):
            found = metadata_from_json(json.loads(self._path(wheel.sha256).read_bytes()))
            with self._lock:
                self._known[wheel.sha256] = found
        return found

    def _keep(self, wheel: Archive, metadata: Metadata | None) -> None:
        if metadata is None or wheel.sha256 is None:
            return
        with self._lock:
            self._known[wheel.sha256] = metadata
        path = self._path(wheel.sha256)
        # A cache that cannot be written costs time and nothing else.
        with suppress(OSError, OutputError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(asdict(metadata)))

    def _path(self, sha256: str) -> Path:
        return self._cache / "metadata" / sha256[:2] / f"{sha256}.json"


def metadata_from_json(tree: dict[str, Any]) -> Metadata:
    """Return what was kept of metadata as JSON; any error of the kind that reading raises for what is none."""
    return Metadata(
        requires=tuple(map(str, tree["requires"])),
        requires_python=tree["requires_python"],
        extras=tuple(map(str, tree["extras"])),
        version=tree.get("version"),
    )


def _of_source(url: str, web: Web) -> Metadata | None:
    path = Path(url2pathname(urlsplit(url).path))
    if url.startswith("file:") and path.is_dir():
        text = tree_headers(path)
    else:
        try:
            text = archive_headers(web.get(url).body)
        except WebError as error:
            check_absent(url, error)
            return None
    return None if text is None else Metadata.parse(text)


def _beside(wheel: Archive, web: Web) -> Metadata | None:
    with suppress(WebError, UnicodeDecodeError):
        reply = web.get(f"{wheel.url}.metadata")
        if b"Metadata-Version:" in reply.body:
            return Metadata.parse(reply.body.decode("utf-8"))
    return None


def _within(wheel: Archive, web: Web) -> Metadata | None:
    try:
        with zipfile.ZipFile(_opened(wheel, web)) as archive:
            path = next(
                n for n in archive.namelist() if n.count("/") == 1 and n.endswith(".dist-info/METADATA")
            )
            return Metadata.parse(archive.read(path).decode("utf-8"))
    except WebError as error:
        check_absent(wheel.url, error)
        return None
    except (zipfile.BadZipFile, zlib.error, UnicodeDecodeError, StopIteration, OSError, RuntimeError):
        return None


def check_absent(url: str, error: WebError) -> None:
    """Accept that there is no archive where its server says so for good.

    Raises
    ------
    IndexFailureError
        It could not be read just now; the message names the file without its path and credentials.
    """
    if error.absent:
        return
    parts = urlsplit(url)
    name = unquote(parts.path.rsplit("/", 1)[-1])
    host = parts.netloc.rpartition("@")[2]
    raise IndexFailureError(
        f"{name} cannot be read: {host or 'the file'} {error.reason}",
        index=f"{parts.scheme}://{host}",
        hints=["run once without --offline"] if error.offline else ["try again", "name a mirror"],
    )


def _opened(wheel: Archive, web: Web) -> io.BufferedIOBase:
    """Return a wheel as a file; of a remote one only the parts that are looked at are read."""
    if urlsplit(wheel.url).scheme == "file":
        return io.BytesIO(web.get(wheel.url).body)
    reply = web.get(wheel.url, part=f"-{_TAIL}")
    if reply.status == 206 and reply.total is not None:
        return io.BufferedReader(_Remote(wheel.url, web, reply.total, reply.body))
    return io.BytesIO(reply.body)


class _Remote(io.RawIOBase):
    """A remote file whose end is at hand, and of which other parts are asked for one by one."""

    def __init__(self, url: str, web: Web, total: int, tail: bytes) -> None:
        self._url, self._web, self._total, self._tail, self._at = url, web, total, tail, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._total}[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        end = min(self._at + len(buffer), self._total)
        begin = self._total - len(self._tail)
        if self._at >= end:
            return 0
        if self._at >= begin:
            data = self._tail[self._at - begin : end - begin]
        else:
            data = self._web.get(self._url, part=f"{self._at}-{end - 1}").body[: end - self._at]
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)
