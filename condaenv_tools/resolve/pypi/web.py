"""Reading from an index ourselves: the metadata of an archive, and why a page is not as it should be."""

from __future__ import annotations

import base64
import netrc
import os
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPSHandler, OpenerDirector, Request, build_opener, url2pathname

__all__ = ["Reply", "Web", "WebError"]

#: A page of an index is smaller, and so is the metadata of a wheel.
LARGEST = 200_000_000


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
    """

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


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
    """

    def __init__(self, places: Iterable[str], *, timeout: float, offline: bool) -> None:
        self._credentials = {host: pair for url in places for host, pair in _userinfo(url)}
        self._timeout = timeout
        self._offline = offline
        self._netrc = _read_netrc(os.environ)
        self._opener: OpenerDirector | None = None

    def get(self, url: str, *, accept: str = "*/*", part: str | None = None) -> Reply:
        """Return what a URL holds.

        Raises
        ------
        WebError
            It cannot be had.
        """
        parts = urlsplit(url)
        if parts.scheme == "file":
            return self._local(url2pathname(parts.path))
        if self._offline:
            raise WebError("is not asked: --offline forbids the network")
        host = parts.netloc.rpartition("@")[2]
        request = Request(urlunsplit(parts._replace(netloc=host)), headers={"Accept": accept})  # noqa: S310 - the scheme is http(s)
        request.add_header("User-Agent", "condaenv")
        pair = next((pair for _, pair in _userinfo(url)), None) or self._known(host)
        if pair is not None:
            # Not sent on to where the server redirects: that may be another host.
            word = base64.b64encode(":".join(pair).encode()).decode()
            request.add_unredirected_header("Authorization", f"Basic {word}")
        if part is not None:
            request.add_header("Range", f"bytes={part}")
        return self._asked(request)

    def _asked(self, request: Request) -> Reply:
        if self._opener is None:
            self._opener = build_opener(HTTPSHandler(context=_certificates()))
        try:
            with self._opener.open(request, timeout=self._timeout) as answer:
                body = answer.read(LARGEST)
                span = answer.headers.get("Content-Range", "")
                total = span.rpartition("/")[2]
                kind = answer.headers.get_content_type()
                length = answer.headers.get("Content-Length", "")
        except HTTPError as error:
            error.close()
            raise WebError(f"answered {error.code}", status=error.code) from None
        except (URLError, HTTPException, OSError, ValueError) as error:
            raise WebError(_why(error, self._timeout)) from None
        if length.isdigit() and len(body) < int(length):
            raise WebError("broke off its answer")
        return Reply(
            status=answer.status, kind=kind, body=body, total=int(total) if total.isdigit() else None
        )

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


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    # Reading them takes longer than a page does.
    return ssl.create_default_context()


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
    cause = error.reason if isinstance(error, URLError) else error
    text = str(cause).lower()
    if isinstance(cause, TimeoutError) or "timed out" in text:
        return f"did not answer within {timeout:g} s"
    if isinstance(cause, ssl.SSLError) or "certificate" in text:
        return "cannot be reached: no secure connection (TLS)"
    if isinstance(cause, ConnectionRefusedError):
        return "cannot be reached: the connection is refused"
    if "name or service" in text or "getaddrinfo" in text or "nodename" in text or "name resolution" in text:
        return "cannot be reached: its host is not found"
    if isinstance(cause, (HTTPException, ConnectionError)):
        return "broke off its answer"
    return "cannot be reached"
