"""What an index says of a release that conda provides: read for that version alone, and never for another.

What was listed of a release is kept by index, name and version, and its metadata by the hash of the archive: a
release does not change, so that its page is looked at once.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from condaenv_tools.errors import IndexFailureError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.index_pages import IndexFile
from condaenv_tools.resolve.pypi.metadata import Archive, Metadata, MetadataReader
from condaenv_tools.resolve.pypi.placeholders import without_credentials
from condaenv_tools.resolve.pypi.sources import SourceReader
from condaenv_tools.resolve.pypi.stubs import python_version_of
from condaenv_tools.resolve.pypi.tags import TagOrder
from condaenv_tools.resolve.pypi.uv_session import Session

__all__ = ["Release", "ReleaseReader"]

_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The metadata of a release, or why there is none, as a clause."""

    metadata: Metadata | None = None
    reason: str = ""


class ReleaseReader:
    """Reads the metadata of releases for all platforms of one batch.

    Parameters
    ----------
    cache : Path
        The folder in which what was listed is kept; made when it is needed.
    wheels : MetadataReader
        What reads wheels.
    sources : SourceReader
        What reads source archives.
    """

    def __init__(self, cache: Path, wheels: MetadataReader, sources: SourceReader) -> None:
        self._cache = cache / "releases"
        self._wheels = wheels
        self._sources = sources
        self._lock = threading.Lock()
        #: What the index listed in this batch, or why it could not be read.
        self._listed: dict[str, tuple[IndexFile, ...] | str] = {}

    def read_all(
        self, session: Session, names: Iterable[PyPIName], *, largest: int | None = None
    ) -> dict[PyPIName, Release]:
        """Return what is known of the releases that conda provides under some names.

        Parameters
        ----------
        session : Session
            The request.
        names : iterable of PyPIName
            Of what it provides.
        largest : int, optional
            In bytes: no larger source archive is fetched.

        Returns
        -------
        dict of PyPIName to Release
            In the order of the names; an index that cannot be read is a reason, and raises nothing.
        """
        versions = {name: python_version_of(session.provided[name].version) for name in names}
        # Platforms share what they ask of an index: who comes second finds the answers of the first.
        with self._lock:
            found = {name: self._known(session, name, version, largest) for name, version in versions.items()}
            if asked := [name for name, one in found.items() if one is None]:
                session.pages()  # made once, before threads use it
                with ThreadPoolExecutor(min(_THREADS, len(asked))) as pool:
                    read = pool.map(lambda name: self._read(session, name, versions[name], largest), asked)
                    found.update(zip(asked, read, strict=True))
        return {name: one for name, one in found.items() if one is not None}

    def _known(
        self, session: Session, name: PyPIName, version: Version | None, largest: int | None
    ) -> Release | None:
        """Return a release without a question to an index, where that is possible."""
        if version is None:
            return Release(reason=f"{session.provided[name].version} is no version that pip reads")
        listed = self._kept(self._key(session, name, version), version)
        for file in _preferred(listed, session.tags, largest):
            if file.is_wheel:
                found = self._wheels.kept(Archive(url="", sha256=file.sha256))
                if found is None:
                    return None
            else:
                source = self._sources.kept(name, file)
                if source is None:
                    return None
                found = source.metadata
            if found is not None and _is_of(found, version):
                return Release(metadata=found)
        return _silent(name, version) if listed else None

    def _read(
        self, session: Session, name: PyPIName, version: Version | None, largest: int | None
    ) -> Release:
        assert version is not None, "a version that cannot be read is known to be none"
        key = self._key(session, name, version)
        if key not in self._listed:
            self._listed[key] = self._page(session, name, version)
            self._keep(key, session, self._listed[key])
        listed = self._listed[key]
        if isinstance(listed, str):
            return Release(reason=listed)
        for file in _preferred(listed, session.tags, largest):
            try:
                found = self._metadata(session, name, file)
            except IndexFailureError as error:
                return Release(reason=error.message)
            if found is not None and _is_of(found, version):
                return Release(metadata=found)
        return _silent(name, version)

    @staticmethod
    def _page(session: Session, name: PyPIName, version: Version) -> tuple[IndexFile, ...] | str:
        try:
            files = session.pages().files_of([name])[name]
        except IndexFailureError as error:
            return error.message
        if found := tuple(file for file in files or () if file.version == version):
            return found
        if session.request.options.offline and not session.request.options.no_index:
            return f"{name} {version} is not in the cache, and --offline forbids the network"
        return f"no index has {name} {version}"

    def _metadata(self, session: Session, name: PyPIName, file: IndexFile) -> Metadata | None:
        if file.is_wheel:
            archive = Archive(url=file.url, sha256=file.sha256)
            return self._wheels.read_all([archive], session.web())[0]
        source = self._sources.read(name, file, session.web())
        return None if source is None else source.metadata

    @staticmethod
    def _key(session: Session, name: PyPIName, version: Version) -> str:
        places, options = session.places, session.request.options
        where = [*places.extra_index_urls, places.index_url or ""] if not options.no_index else []
        indexes = [without_credentials(url).rstrip("/") for url in where]
        text = json.dumps([indexes, list(places.find_links), name, str(version)])
        return hashlib.sha256(text.encode()).hexdigest()

    def _path(self, key: str) -> Path:
        return self._cache / key[:2] / f"{key}.json"

    def _kept(self, key: str, version: Version) -> tuple[IndexFile, ...]:
        """Return what was listed of a release: names and hashes, and no URL, as that may not hold for ever."""
        listed = self._listed.get(key)
        if listed is not None:
            return () if isinstance(listed, str) else listed
        with suppress(OSError, ValueError, TypeError, AttributeError):
            tree = json.loads(self._path(key).read_bytes())
            return tuple(
                IndexFile(
                    file_name=name, version=version, is_wheel=name.endswith(".whl"), sha256=digest, size=size
                )
                for name, (digest, size) in tree.items()
            )
        return ()

    def _keep(self, key: str, session: Session, listed: tuple[IndexFile, ...] | str) -> None:
        # Folders with links change as anybody likes, and what has no hash is not known again.
        if isinstance(listed, str) or session.places.find_links or not all(one.sha256 for one in listed):
            return
        path = self._path(key)
        # A cache that cannot be written costs time and nothing else.
        with suppress(OSError, OutputError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps({one.file_name: (one.sha256, one.size) for one in listed}))


def _preferred(listed: Sequence[IndexFile], tags: TagOrder, largest: int | None) -> tuple[IndexFile, ...]:
    """Return the wheel that the machine would take, else another one, and then a source archive."""
    wheels = [file for file in listed if file.is_wheel]
    running = [(rank, file) for file in wheels if (rank := tags.rank(file.file_name)) is not None]
    best = [min(running, key=lambda pair: pair[0])[1]] if running else []
    other = [] if best else sorted(wheels, key=lambda file: file.file_name)[:1]
    sources = sorted(
        (
            file
            for file in listed
            if not file.is_wheel and (largest is None or (file.size is not None and file.size <= largest))
        ),
        key=lambda file: (not file.file_name.endswith(".tar.gz"), file.file_name),
    )
    return (*best, *other, *sources[:1])


def _silent(name: PyPIName, version: Version) -> Release:
    return Release(reason=f"what the index has of {name} {version} does not say it")


def _is_of(metadata: Metadata, version: Version) -> bool:
    """Say whether metadata is that of a release; what it leaves open is taken from the name of its file."""
    return metadata.version is None or python_version_of(metadata.version) == version
