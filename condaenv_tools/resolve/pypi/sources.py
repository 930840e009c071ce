"""Source archives that stand in where an index has no wheel: read as data, offered to the engine as stubs.

Nothing is built or run: what an archive says of its requirements is taken from its files, and how far that can be
relied on is kept beside it.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from condaenv_tools.errors import IndexFailureError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.answer import Distribution, SourceKind
from condaenv_tools.resolve.pypi.index_pages import IndexFile
from condaenv_tools.resolve.pypi.metadata import Metadata, check_absent, metadata_from_json
from condaenv_tools.resolve.pypi.source_metadata import Trust, source_headers
from condaenv_tools.resolve.pypi.stubs import StubFolder
from condaenv_tools.resolve.pypi.web import Web, WebError

__all__ = ["Source", "SourceReader", "Sources"]

#: In bytes: of a larger archive nothing is read.
_LARGEST = 100_000_000
#: How many releases of one name are offered at most.
_MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source archive.

    Attributes
    ----------
    name : PyPIName
        The distribution.
    file : IndexFile
        What the index lists, its hash and size filled in.
    metadata : Metadata or None
        What it says of its requirements; None where that is not known.
    trust : Trust
        How far that can be relied on.
    """

    name: PyPIName
    file: IndexFile
    metadata: Metadata | None = None
    trust: Trust = Trust.UNKNOWN


class SourceReader:
    """Reads source archives for all platforms of one batch, and keeps what they say by their hash.

    Parameters
    ----------
    cache : Path
        The folder in which it is kept; made when it is needed.
    """

    def __init__(self, cache: Path) -> None:
        self._cache = cache / "sources"
        self._lock = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}

    def read(self, name: PyPIName, file: IndexFile, web: Web) -> Source | None:
        """Return a source archive; None where its server says for good that it is not there.

        Raises
        ------
        IndexFailureError
            It could not be read just now, or it is not the file that the index lists.
        """
        if file.size is not None and file.size > _LARGEST:
            return Source(name=name, file=file)
        with self._lock:
            busy = self._busy.setdefault(file.url, threading.Lock())
        # Platforms that want the same archive at the same time wait for the first of them.
        with busy:
            return self.kept(name, file) or self._fetched(name, file, web)

    def _fetched(self, name: PyPIName, file: IndexFile, web: Web) -> Source | None:
        try:
            content = web.get(file.url).body
        except WebError as error:
            check_absent(file.url, error)
            return Source(name=name, file=file) if error.too_large else None
        digest = hashlib.sha256(content).hexdigest()
        if file.sha256 is not None and digest != file.sha256:
            raise IndexFailureError(
                f"{file.file_name} is not the file that its index lists: its SHA-256 is {digest}, and not "
                f"{file.sha256}",
                index=file.file_name,
                hints=[
                    "try again: a proxy may have sent another page",
                    "do not install it before it is known why",
                ],
            )
        headers = source_headers(content, name, file.version)
        found = Source(
            name=name,
            file=replace(file, sha256=digest, size=len(content)),
            metadata=None if headers.trust is Trust.UNKNOWN else Metadata.parse(headers.text),
            trust=headers.trust,
        )
        self._keep(found)
        return found

    def kept(self, name: PyPIName, file: IndexFile) -> Source | None:
        """Return what was read of a source archive before, by its hash alone."""
        if file.sha256 is None:
            return None
        with suppress(OSError, ValueError, KeyError, TypeError):
            tree = json.loads(self._path(file.sha256).read_bytes())
            trust = Trust(tree["trust"])
            known = None if trust is Trust.UNKNOWN else metadata_from_json(tree["metadata"])
            sized = replace(file, size=int(tree["size"]))
            return Source(name=name, file=sized, metadata=known, trust=trust)
        return None

    def _keep(self, source: Source) -> None:
        assert source.file.sha256 is not None
        path = self._path(source.file.sha256)
        metadata = None if source.metadata is None else asdict(source.metadata)
        tree = {"trust": source.trust, "size": source.file.size, "metadata": metadata}
        # A cache that cannot be written costs time and nothing else.
        with suppress(OSError, OutputError):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, json.dumps(tree))

    def _path(self, sha256: str) -> Path:
        return self._cache / sha256[:2] / f"{sha256}.json"


class Sources:
    """The source archives that one request offers to the engine, a few releases of each name.

    Parameters
    ----------
    reader : SourceReader
        What reads them.
    stubs : StubFolder
        Where their stubs are.
    """

    def __init__(self, reader: SourceReader, stubs: StubFolder) -> None:
        self._reader = reader
        self._stubs = stubs
        self._waiting: dict[PyPIName, list[IndexFile]] = {}
        self._offered: dict[PyPIName, list[Source]] = {}
        self._withdrawn: dict[PyPIName, list[Source]] = {}
        #: Names without which there was no answer.
        self.needed: set[PyPIName] = set()

    @property
    def names(self) -> tuple[PyPIName, ...]:
        """Those that are offered, sorted."""
        return tuple(sorted(self._offered))

    def stubs(self) -> tuple[Path, ...]:
        """Return the stubs of what is offered, sorted by name, the preferred release first."""
        return tuple(
            self._stubs.path_of_source(one.name, one.file.version, one.metadata)
            for name in self.names
            for one in self._offered[name]
        )

    def of(self, name: PyPIName) -> tuple[Source, ...]:
        """Return what is offered of a name, the preferred release first."""
        return tuple(self._offered.get(name, ()))

    def get(self, name: PyPIName, version: str | None) -> Source | None:
        """Return the source archive of a release, if it is offered."""
        return next((one for one in self.of(name) if str(one.file.version) == version), None)

    def chosen(self, one: Distribution) -> Source | None:
        """Return the source archive that a distribution of an answer is."""
        here = not one.is_wheel and one.source is SourceKind.INDEX
        return self.get(one.name, one.version) if here else None

    def offer(self, found: Mapping[PyPIName, Sequence[IndexFile]], web: Web) -> bool:
        """Offer the first release of each name; say whether anything is offered that was not before."""
        fresh = [name for name in sorted(found) if name not in self._offered]
        for name in fresh:
            if name in self._withdrawn:
                self.restore(name)
            else:
                self._waiting.setdefault(name, list(found[name])[:_MOST])
        return bool([name for name in fresh if name in self._offered or self._next(name, web)])

    def more(self, names: Iterable[PyPIName], web: Web) -> bool:
        """Offer one further release of each of some names; say whether there was one."""
        return bool([name for name in sorted(set(names)) if name in self._offered and self._next(name, web)])

    def _next(self, name: PyPIName, web: Web) -> bool:
        waiting = self._waiting.get(name, [])
        while waiting:
            found = self._reader.read(name, waiting.pop(0), web)
            if found is not None:
                self._offered.setdefault(name, []).append(found)
                return True
        return False

    def withdraw(self, name: PyPIName) -> None:
        """Offer nothing of a name."""
        self._withdrawn[name] = self._offered.pop(name)

    def restore(self, name: PyPIName) -> None:
        """Offer what was withdrawn of a name."""
        self._offered[name] = self._withdrawn.pop(name)
