"""What an index says of one name (PEP 503, PEP 691): looked at only where the engine found no answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from condaenv_tools.errors import IndexFailureError
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.pypi.placeholders import Placeholders, without_credentials
from condaenv_tools.resolve.pypi.web import Reply, Web, WebError

__all__ = ["IndexFile", "Pages"]

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_THREADS = 8
_ABSENT = {404, 410}
_CREDENTIALS = (
    "give the credentials as ${VAR} in the URL, or in netrc (NETRC, ~/.netrc)",
    "see whether they are right and still valid",
)
_AGAIN = ("try again", "name a mirror with --index-url", "use --offline with a warm cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFile:
    """One archive that an index lists.

    Attributes
    ----------
    file_name : str
        As listed.
    version : Version
        Of the release.
    is_wheel : bool
        False for a source archive.
    requires_python : str or None
        As listed.
    """

    file_name: str
    version: Version
    is_wheel: bool
    requires_python: str | None = None


class Pages:
    """The pages of the indexes of one request.

    Parameters
    ----------
    web : Web
        How they are read.
    indexes : iterable of str
        URLs, variables expanded, in the order in which they are asked.
    folders : iterable of str
        Folders and pages with links, variables expanded.
    placeholders : Placeholders
        For what is shown of a URL.
    """

    def __init__(
        self, web: Web, indexes: Iterable[str], folders: Iterable[str], placeholders: Placeholders
    ) -> None:
        self._web = web
        self._indexes = tuple(indexes)
        self._folders = tuple(folders)
        self._placeholders = placeholders

    def files_of(self, names: Iterable[PyPIName]) -> dict[PyPIName, tuple[IndexFile, ...] | None]:
        """Return the archives of each name; None for a name that no place has.

        Raises
        ------
        IndexFailureError
            An index did not answer, refused, or sent something that is no page of an index.
        """
        names = tuple(dict.fromkeys(names))
        if not names:
            return {}
        links = [link for folder in self._folders for link in self._folder(folder)]
        with ThreadPoolExecutor(min(_THREADS, len(names))) as pool:
            found = pool.map(self._of_indexes, names)
            return {
                name: self._joined(page, [f for n, f in links if n == name])
                for name, page in zip(names, found, strict=True)
            }

    @staticmethod
    def _joined(page: tuple[IndexFile, ...] | None, local: list[IndexFile]) -> tuple[IndexFile, ...] | None:
        return None if page is None and not local else (*(page or ()), *local)

    def _of_indexes(self, name: PyPIName) -> tuple[IndexFile, ...] | None:
        """Return what the first index that has a name lists: it is the only one that counts for it."""
        for index in self._indexes:
            url = f"{index.rstrip('/')}/{name}/"
            try:
                reply = self._web.get(url, accept=_ACCEPT)
            except WebError as error:
                if error.status in _ABSENT or (error.status is None and url.startswith("file:")):
                    continue
                raise self.failure(index, error) from None
            return tuple(file for _, file in self._read(index, reply))
        return None

    def _read(self, index: str, reply: Reply) -> list[tuple[str, IndexFile]]:
        try:
            text = reply.body.decode("utf-8")
            if reply.kind.endswith("json"):
                listed = [
                    (entry["filename"], entry.get("requires-python")) for entry in json.loads(text)["files"]
                ]
            else:
                listed = _links(text)
                if not listed and "<" not in text:
                    listed = json.loads("")  # neither form of a page
        except (ValueError, KeyError, TypeError, AttributeError):
            raise IndexFailureError(
                f"index {self.shown(index)} sent something that is no page of a package index",
                index=self.shown(index),
                hints=["see whether its URL is right: it ends in /simple as a rule", *_AGAIN[:1]],
            ) from None
        return [found for name, python in listed if (found := _file(name, python)) is not None]

    def _folder(self, place: str) -> list[tuple[str, IndexFile]]:
        path = Path(url2pathname(urlsplit(place).path) if place.startswith("file:") else place)
        if "://" not in place or place.startswith("file:"):
            if path.is_dir():
                return [
                    found for one in sorted(path.iterdir()) if (found := _file(one.name, None)) is not None
                ]
            return []
        try:
            reply = self._web.get(place)
        except WebError as error:
            raise self.failure(place, error) from None
        return self._read(place, reply)

    def shown(self, index: str) -> str:
        """Return the URL of an index as it may be shown."""
        return mask_credentials(self._placeholders.restore(without_credentials(index)))

    def local_names(self) -> tuple[str, ...]:
        """Return the names of what lies in the folders, sorted."""
        return tuple(sorted({name for folder in self._folders for name, _ in self._folder(folder)}))

    def failure(self, url: str, error: WebError) -> IndexFailureError:
        """Return the error for a place that cannot be read; the index that it belongs to is named, if one is."""
        bare = without_credentials(url)
        near = [i for i in self._indexes if bare.startswith(without_credentials(i).rstrip("/"))]
        index = max(near, key=len, default=url)
        shown = self.shown(index)
        if error.status in {401, 403, 407}:
            return IndexFailureError(
                f"index {shown} answered {error.status}: it wants credentials, or others",
                index=shown,
                hints=_CREDENTIALS,
            )
        return IndexFailureError(f"index {shown} {error.reason}", index=shown, hints=_AGAIN)


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        href = values.get("href")
        if tag == "a" and href:
            name = unquote(urlsplit(href).path.rstrip("/").rsplit("/", 1)[-1])
            self.found.append((name, values.get("data-requires-python")))


def _links(text: str) -> list[tuple[Any, Any]]:
    parser = _Links()
    parser.feed(text)
    return list(parser.found)


def _file(file_name: str, requires_python: str | None) -> tuple[str, IndexFile] | None:
    """Return the name of the distribution of an archive and the archive, or None for any other file."""
    try:
        if file_name.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(file_name)
        else:
            name, version = parse_sdist_filename(file_name)
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    is_wheel = file_name.endswith(".whl")
    return pypi_name(name), IndexFile(
        file_name=file_name, version=version, is_wheel=is_wheel, requires_python=requires_python
    )
