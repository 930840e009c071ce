"""uv's answer (PEP 751), read: the archive of each distribution that fits the machine."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.pylock import Package, PackageSdist, PackageWheel, Pylock, PylockValidationError

from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.pypi.answer import Distribution, SourceKind
from condaenv_tools.resolve.pypi.lines import AskedLine, place_key
from condaenv_tools.resolve.pypi.placeholders import Placeholders, without_credentials
from condaenv_tools.resolve.pypi.sources import Source, Sources
from condaenv_tools.resolve.pypi.tags import TagOrder

__all__ = ["Reader", "Unfit", "read_pylock"]

#: Stands for a hash that the index did not give; the specification wants one.
_NO_HASH = {"none": "0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfit:
    """A release of which no archive may be taken.

    Attributes
    ----------
    name : PyPIName
        The distribution.
    version : str
        The release.
    files : tuple of str
        The archives that there are.
    by_hash : bool
        Whether a line's hashes exclude them.
    requires_python : str or None
        The versions of Python that they demand, where that excludes them; else, and without `by_hash`, their tags
        do.
    fixed : bool
        Whether no other release can take its place: a URL was asked for.
    """

    name: PyPIName
    version: str
    files: tuple[str, ...]
    by_hash: bool = False
    requires_python: str | None = None
    fixed: bool = False


def read_pylock(text: str) -> tuple[Package, ...]:
    """Read a lock that uv wrote.

    Raises
    ------
    CondaEnvToolsError
        It is none: uv is of a version that is not understood.
    """
    try:
        tree = tomllib.loads(text)
        for entry in tree.get("packages", []):
            _fill_hashes(entry)
        return tuple(Pylock.from_dict(tree).packages)
    except (tomllib.TOMLDecodeError, PylockValidationError, AttributeError, TypeError) as error:
        raise CondaEnvToolsError(
            f"uv's answer is not a lock that is understood ({error})",
            hints=["install another release of uv: python -m pip install --upgrade uv"],
        ) from None


def _fill_hashes(entry: dict[str, Any]) -> None:
    for archive in [*entry.get("wheels", []), entry.get("sdist"), entry.get("archive")]:
        if archive is not None and not archive.get("hashes"):
            archive["hashes"] = dict(_NO_HASH)


class Reader:
    """Turns the packages of a lock into distributions for one machine."""

    def __init__(
        self,
        tags: TagOrder,
        lines: Iterable[AskedLine],
        placeholders: Placeholders,
        sources: Sources | None = None,
    ) -> None:
        self._tags = tags
        self._sources = sources
        self._placeholders = placeholders
        #: Where each archive is read from: not for any eyes.
        self.addresses: dict[PyPIName, str] = {}
        #: The distribution of each place that a line asked for.
        self.names: dict[str, PyPIName] = {}
        self._hashes: dict[str, frozenset[str]] = {}
        self._places: dict[str, AskedLine] = {}
        for line in lines:
            if line.name is not None and line.hashes:
                known = self._hashes.get(line.name)
                self._hashes[line.name] = line.hashes if known is None else known & line.hashes
            if line.key:
                self._places.setdefault(line.key, line)

    def read(self, package: Package) -> Distribution | Unfit:
        """Return the archive of a package that fits, or what there is where none does."""
        if package.vcs is not None or package.directory is not None:
            return self._tree(package)
        if package.archive is not None:
            return self._archive(package)
        return self._from_index(package)

    def _from_index(self, package: Package) -> Distribution | Unfit:
        name = PyPIName(package.name)
        version = None if package.version is None else str(package.version)
        if self._sources is not None and (source := self._sources.get(name, version)) is not None:
            return self._source(source)
        allowed = self._hashes.get(name)
        wheels = list(package.wheels or [])
        ranked = [(rank, wheel) for wheel in wheels if (rank := self._tags.rank(wheel.filename)) is not None]
        ranked.sort(key=lambda pair: pair[0])
        archives: list[PackageWheel | PackageSdist] = [wheel for _, wheel in ranked]
        if package.sdist is not None:
            archives.append(package.sdist)
        taken = [one for one in archives if allowed is None or one.hashes.get("sha256") in allowed]
        if not taken:
            sources = [] if package.sdist is None else [package.sdist.filename]
            files = tuple(sorted([*(wheel.filename for wheel in wheels), *sources]))
            return Unfit(name=name, version=version or "", files=files, by_hash=bool(archives))
        one = taken[0]
        address = one.url or Path(one.path or "").absolute().as_uri()
        self.addresses[name] = address
        return Distribution(
            name=name,
            version=version,
            url=self._shown(address),
            sha256=_sha256(one.hashes, one.url),
            size=one.size,
            is_wheel=isinstance(one, PackageWheel),
        )

    def _source(self, source: Source) -> Distribution:
        """Return a source archive, whose stub the engine took."""
        self.addresses[source.name] = source.file.url
        return Distribution(
            name=source.name,
            version=str(source.file.version),
            url=self._shown(source.file.url),
            sha256=source.file.sha256,
            size=source.file.size,
            is_wheel=False,
        )

    def _archive(self, package: Package) -> Distribution | Unfit:
        assert package.archive is not None
        archive, name = package.archive, PyPIName(package.name)
        address = archive.url or archive.path or ""
        line = self._line_of(name, address)
        self.addresses[name] = address if archive.url else Path(address).absolute().as_uri()
        digest = _sha256(archive.hashes, archive.url)
        allowed = self._hashes.get(name, frozenset()) | (line.hashes if line else frozenset())
        file_name = urlsplit(address).path.rsplit("/", 1)[-1]
        version = None if package.version is None else str(package.version)
        is_wheel = file_name.endswith(".whl")
        wrong = bool(allowed) and digest not in allowed
        if wrong or (is_wheel and self._tags.rank(file_name) is None):
            return Unfit(name=name, version=version or "", files=(file_name,), by_hash=wrong, fixed=True)
        local = archive.url is None or archive.url.startswith("file:")
        return Distribution(
            name=name,
            version=version,
            url=_written(line) if line else self._shown(address),
            source=SourceKind.PATH if local else SourceKind.URL,
            sha256=digest,
            size=archive.size,
            subdirectory=archive.subdirectory,
            is_wheel=is_wheel,
        )

    def _tree(self, package: Package) -> Distribution:
        name = PyPIName(package.name)
        version = None if package.version is None else str(package.version)
        if package.vcs is not None:
            address = package.vcs.url or package.vcs.path or ""
            line = self._line_of(name, address)
            return Distribution(
                name=name,
                version=version,
                url=_repository(_written(line)) if line else self._shown(address),
                source=SourceKind.VCS,
                commit=package.vcs.commit_id,
                requested_revision=package.vcs.requested_revision,
                subdirectory=package.vcs.subdirectory,
                is_wheel=False,
            )
        assert package.directory is not None
        path = package.directory.path
        line = self._line_of(name, path)
        self.addresses[name] = Path(path).absolute().as_uri()
        return Distribution(
            name=name,
            version=version,
            url=_written(line) if line else path,
            source=SourceKind.EDITABLE if package.directory.editable else SourceKind.PATH,
            subdirectory=package.directory.subdirectory,
            is_wheel=False,
        )

    def _line_of(self, name: PyPIName, address: str) -> AskedLine | None:
        key = place_key(address)
        line = self._places.get(key)
        if line is not None:
            self.names[key] = name
        return line

    def _shown(self, url: str) -> str:
        return self._placeholders.restore(without_credentials(url))


def _written(line: AskedLine) -> str:
    """Return the place of a line as it was written, without credentials and fragment."""
    return without_credentials(line.place.partition("#")[0])


def _repository(url: str) -> str:
    """Return the URL of a repository without the tool's prefix and the revision."""
    scheme, _, rest = url.removeprefix("git+").partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host}{slash}{path.partition('@')[0]}"


def _sha256(hashes: Any, url: str | None) -> str | None:
    digest = hashes.get("sha256")
    if digest is not None:
        return str(digest).lower()
    if url is not None and url.startswith("file:"):
        path = Path(url2pathname(urlsplit(url).path))
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return None
