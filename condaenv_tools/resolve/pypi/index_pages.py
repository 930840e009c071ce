"""What an index says of one name (PEP 503, PEP 691): looked at where the engine found no answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import url2pathname

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from condaenv_tools.errors import IndexFailureError, OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.pypi.placeholders import Placeholders, without_credentials
from condaenv_tools.resolve.pypi.web import Reply, Web, WebError

__all__ = ["IndexFile", "Pages"]

_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
_THREADS = 8
_ABSENT = {404, 410}
_SHA256 = re.compile(r"[0-9a-f]{64}")
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
    url : str
        Where it is, for the reader alone: it may hold a credential.
    sha256 : str or None
        Lower-case hexadecimal, as listed.
    size : int or None
        In bytes, as listed.
    uploaded : datetime or None
        Aware, as listed.
    yanked : bool
        Whether its makers took it back.
    index : str or None
        URL of the index that lists it, for the reader alone; None for a place of `find_links`.
    """

    file_name: str
    version: Version
    is_wheel: bool
    requires_python: str | None = None
    url: str = ""
    sha256: str | None = None
    size: int | None = None
    uploaded: datetime | None = None
    yanked: bool = False
    index: str | None = None


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
    cache : Path or None
        A folder in which pages are kept for times without a network; None keeps none.
    """

    def __init__(
        self,
        web: Web,
        indexes: Iterable[str],
        folders: Iterable[str],
        placeholders: Placeholders,
        cache: Path | None = None,
    ) -> None:
        self._web = web
        self._indexes = tuple(indexes)
        self._folders = tuple(folders)
        self._placeholders = placeholders
        self._cache = cache
        #: What was read of each name: a request looks at one name many times.
        self._known: dict[PyPIName, tuple[IndexFile, ...] | None] = {}
        #: What the folders and pages with links have, once they were read.
        self._links: list[tuple[str, IndexFile]] | None = None

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
        links = self._local()
        if asked := [name for name in names if name not in self._known]:
            with ThreadPoolExecutor(min(_THREADS, len(asked))) as pool:
                self._known.update(zip(asked, pool.map(self._of_indexes, asked), strict=True))
        return {name: self._joined(self._known[name], [f for n, f in links if n == name]) for name in names}

    @staticmethod
    def _joined(page: tuple[IndexFile, ...] | None, local: list[IndexFile]) -> tuple[IndexFile, ...] | None:
        return None if page is None and not local else (*(page or ()), *local)

    def _of_indexes(self, name: PyPIName) -> tuple[IndexFile, ...] | None:
        """Return what the first index that has a name lists: it is the only one that counts for it."""
        for index in self._indexes:
            url = f"{index.rstrip('/')}/{name}/"
            try:
                reply = self._page(url)
            except WebError as error:
                if (
                    error.status in _ABSENT
                    or error.offline
                    or (error.status is None and url.startswith("file:"))
                ):
                    continue
                raise self.failure(index, error) from None
            return tuple(replace(file, index=index) for _, file in self._read(index, url, reply))
        return None

    def _page(self, url: str) -> Reply:
        """Return a page; what was read of it last, where nothing may be asked."""
        digest = hashlib.sha256(without_credentials(url).encode()).hexdigest()
        kept = None if self._cache is None else self._cache / digest[:2] / f"{digest}.json"
        try:
            reply = self._web.get(url, accept=_ACCEPT)
        except WebError as error:
            if error.offline and kept is not None:
                with suppress(OSError, ValueError, KeyError, TypeError):
                    tree = json.loads(kept.read_bytes())
                    return Reply(status=200, kind=str(tree["kind"]), body=str(tree["text"]).encode())
            raise
        if kept is not None:
            # A cache that cannot be written costs time and nothing else; a page that is no text is told later.
            with suppress(OSError, OutputError, UnicodeDecodeError):
                kept.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(kept, json.dumps({"kind": reply.kind, "text": reply.body.decode("utf-8")}))
        return reply

    def _read(self, index: str, url: str, reply: Reply) -> list[tuple[str, IndexFile]]:
        try:
            text = reply.body.decode("utf-8")
            if reply.kind.endswith("json"):
                entries = json.loads(text)["files"]
                return [found for entry in entries if (found := _entry(entry, url)) is not None]
            return [found for link in _links(text) if (found := _linked(link, url)) is not None]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise IndexFailureError(
                f"index {self.shown(index)} sent something that is no page of a package index",
                index=self.shown(index),
                hints=["see whether its URL is right: it ends in /simple as a rule", *_AGAIN[:1]],
            ) from None

    def _local(self) -> list[tuple[str, IndexFile]]:
        if self._links is None:
            self._links = [link for folder in self._folders for link in self._folder(folder)]
        return self._links

    def _folder(self, place: str) -> list[tuple[str, IndexFile]]:
        path = Path(url2pathname(urlsplit(place).path) if place.startswith("file:") else place)
        if "://" not in place or place.startswith("file:"):
            if path.is_dir():
                found = ((_file(one.name, None), one) for one in sorted(path.iterdir()))
                return [
                    (pair[0], replace(pair[1], url=one.absolute().as_uri())) for pair, one in found if pair
                ]
            return []
        try:
            reply = self._page(place)
        except WebError as error:
            if error.offline:
                return []
            raise self.failure(place, error) from None
        return self._read(place, place, reply)

    def shown(self, index: str) -> str:
        """Return the URL of an index as it may be shown."""
        return mask_credentials(self._placeholders.restore(without_credentials(index)))

    def local_names(self) -> tuple[str, ...]:
        """Return the names of what lies in the folders, sorted."""
        return tuple(sorted({name for name, _ in self._local()}))

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
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append(values)


def _links(text: str) -> list[dict[str, str | None]]:
    parser = _Links()
    parser.feed(text)
    if not parser.found and "<" not in text:
        raise ValueError("neither form of a page")
    return list(parser.found)


def _linked(link: Mapping[str, str | None], page: str) -> tuple[str, IndexFile] | None:
    """Return the file that a link of an older page leads to (PEP 503), or None for a link to anything else."""
    href = link.get("href") or ""
    try:
        name = unquote(urlsplit(href).path.rstrip("/").rsplit("/", 1)[-1])
        place, _, fragment = urljoin(page, href).partition("#")
    except ValueError:  # no URL at all, such as http://[
        return None
    found = _file(name, link.get("data-requires-python"))
    if found is None:
        return None
    digest = fragment.partition("sha256=")[2].partition("&")[0].lower()
    return found[0], replace(
        found[1],
        url=place,
        sha256=digest if _SHA256.fullmatch(digest) else None,
        yanked="data-yanked" in link,
    )


def _entry(entry: Mapping[str, Any], page: str) -> tuple[str, IndexFile] | None:
    """Return one file of a page (PEP 691, 700)."""
    found = _file(entry["filename"], entry.get("requires-python"))
    if found is None:
        return None
    digest = str((entry.get("hashes") or {}).get("sha256", "")).lower()
    size = entry.get("size")
    return found[0], replace(
        found[1],
        url=urljoin(page, str(entry.get("url", ""))).partition("#")[0],
        sha256=digest if _SHA256.fullmatch(digest) else None,
        size=size if isinstance(size, int) else None,
        uploaded=_moment(entry.get("upload-time")),
        yanked=bool(entry.get("yanked", False)),
    )


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


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
