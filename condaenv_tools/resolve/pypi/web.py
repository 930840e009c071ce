"""Reading from an index ourselves: the metadata of an archive, and why a page is not as it should be."""

from __future__ import annotations

import base64
import netrc
import os
import ssl
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import url2pathname

from condaenv_tools.resolve.pypi.connections import Answer, Connections, TooLargeError

__all__ = ["Reply", "Web", "WebError"]

_MOVED = {301, 302, 303, 307, 308}
_REDIRECTS = 6
#: What a server answers that may answer otherwise in a moment.
_PASSING = {408, 429, 500, 502, 503, 504}
#: What a server answers that would give the file to somebody else, or later.
_UNDECIDED = {401, 403, 407, 408, 425, 429}
#: Seconds before the second try, doubled for each further one.
_PAUSE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server sent.

    Attributes
    ----------
    status : int
        200, or 206 for a part.
    kind : str
        The content type, without parameters.
    body : bytes
        All of it.
    total : int or None
        Length of the whole, where a part was asked for and sent.
    """

    status: int
    kind: str
    body: bytes
    total: int | None = None


class WebError(Exception):
    """A server did not send what was asked for.

    Parameters
    ----------
    reason : str
        Why, as a clause that goes on after the name of the index.
    status : int or None
        Of HTTP, where it answered at all.
    passing : bool
        Whether it may answer otherwise in a moment.
    offline : bool
        Whether it was not asked, because nothing may be.
    too_large : bool
        Whether it sends more than is read.
    """

    def __init__(
        self,
        reason: str,
        *,
        status: int | None = None,
        passing: bool = False,
        offline: bool = False,
        too_large: bool = False,
    ) -> None:
        super().__init__(reason)
        self.offline = offline
        self.too_large = too_large
        self.reason = reason
        self.status = status
        self.passing = passing or status in _PASSING

    @property
    def absent(self) -> bool:
        """Whether it is for good that the file cannot be had; anything else leaves that open."""
        if self.too_large:
            return True
        return self.status is not None and 400 <= self.status < 500 and self.status not in _UNDECIDED


class Web:
    """Reads URLs with the credentials that the places of a request have, or that netrc has.

    Parameters
    ----------
    places : iterable of str
        URLs that may hold a user and a password; these are sent to the same host alone.
    timeout : float
        Seconds that a server may stay silent.
    offline : bool
        Read local files only.
    tries : int
        How often a question is asked in all where the server does not answer, or is in trouble.
    """

    def __init__(self, places: Iterable[str], *, timeout: float, offline: bool, tries: int = 1) -> None:
        self._tries = tries
        self._credentials = {host: pair for url in places for host, pair in _userinfo(url)}
        self._timeout = timeout
        self._offline = offline
        self._netrc = _read_netrc(os.environ)
        self._connections = Connections(timeout)

    def get(self, url: str, *, accept: str = "*/*", part: str | None = None) -> Reply:
        """Return what a URL holds.

        Raises
        ------
        WebError
            It cannot be had.
        """
        if url.startswith("file:"):
            return self._local(url2pathname(urlsplit(url).path))
        if self._offline:
            raise WebError("is not asked: --offline forbids the network", offline=True)
        headers = {"Accept": accept, "User-Agent": "condaenv"}
        if part is not None:
            headers["Range"] = f"bytes={part}"
        for attempt in range(1, self._tries):
            try:
                return self._followed(url, headers)
            except WebError as error:
                if not error.passing:
                    raise
                time.sleep(_PAUSE * 2**attempt)
        return self._followed(url, headers)

    def _followed(self, url: str, headers: Mapping[str, str]) -> Reply:
        for _ in range(_REDIRECTS):
            answer = self._asked(url, headers)
            place = answer.headers.get("Location")
            if answer.status not in _MOVED or place is None:
                return _checked(answer)
            target = urljoin(url, place)
            if url.startswith("https:") and not target.startswith("https:"):
                raise WebError("sends us from a secure place to one that is not")
            url = target
        raise WebError("sends us from place to place")

    def _asked(self, url: str, headers: Mapping[str, str]) -> Answer:
        try:
            parts = urlsplit(url)
        except ValueError:
            raise WebError("cannot be reached: its URL is broken") from None
        host = parts.netloc.rpartition("@")[2]
        # Each host is given its own credentials only, also where a server redirects to another.
        pair = next((pair for _, pair in _userinfo(url)), None) or self._known(host)
        if pair is not None:
            word = base64.b64encode(":".join(pair).encode()).decode()
            headers = {**headers, "Authorization": f"Basic {word}"}
        try:
            return self._connections.get(urlunsplit(parts._replace(netloc=host)), headers)
        except TooLargeError:
            raise WebError("sends more than is read", too_large=True) from None
        except (HTTPException, OSError, ValueError) as error:
            # Who waited for a silent server once has waited long enough.
            passing = not isinstance(error, (TimeoutError, ssl.SSLError, ValueError))
            raise WebError(_why(error, self._timeout), passing=passing) from None

    def close(self) -> None:
        """Close the connections that are kept."""
        self._connections.close()

    def _known(self, host: str) -> tuple[str, str] | None:
        if host in self._credentials:
            return self._credentials[host]
        found = None if self._netrc is None else self._netrc.authenticators(host.partition(":")[0])
        return None if found is None else (found[0] or "", found[2] or "")

    @staticmethod
    def _local(path: str) -> Reply:
        try:
            with open(path, "rb") as stream:  # noqa: PTH123 - url2pathname gives a text
                return Reply(status=200, kind="application/octet-stream", body=stream.read())
        except OSError as error:
            raise WebError(f"cannot be read: {error.strerror}") from None


def _checked(answer: Answer) -> Reply:
    if answer.status not in {200, 206}:
        raise WebError(f"answered {answer.status}", status=answer.status)
    total = answer.headers.get("Content-Range", "").rpartition("/")[2]
    return Reply(
        status=answer.status,
        kind=answer.headers.get_content_type(),
        body=answer.body,
        total=int(total) if total.isdigit() else None,
    )


def _userinfo(url: str) -> list[tuple[str, tuple[str, str]]]:
    netloc = urlsplit(url).netloc
    info, at, host = netloc.rpartition("@")
    if not at:
        return []
    user, _, password = info.partition(":")
    return [(host, (unquote(user), unquote(password)))]


def _read_netrc(environ: Mapping[str, str]) -> netrc.netrc | None:
    with suppress(OSError, netrc.NetrcParseError, RuntimeError):
        return netrc.netrc(environ.get("NETRC") or os.path.expanduser("~/.netrc"))  # noqa: PTH111 - as the library does
    return None


def _why(error: Exception, timeout: float) -> str:
    text = str(error).lower()
    if isinstance(error, TimeoutError) or "timed out" in text:
        return f"did not answer within {timeout:g} s"
    if isinstance(error, ssl.SSLError) or "certificate" in text:
        return "cannot be reached: no secure connection (TLS)"
    if isinstance(error, ConnectionRefusedError):
        return "cannot be reached: the connection is refused"
    if "name or service" in text or "getaddrinfo" in text or "nodename" in text or "name resolution" in text:
        return "cannot be reached: its host is not found"
    if isinstance(error, (HTTPException, ConnectionError)):
        return "broke off its answer"
    return "cannot be reached"
