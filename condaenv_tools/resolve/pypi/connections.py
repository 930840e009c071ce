"""Connections that are kept: an index is asked hundreds of small questions, and each new connection costs more."""

from __future__ import annotations

import base64
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

__all__ = ["Answer", "Connections", "TooLargeError"]

#: In bytes: a page or the metadata of a wheel is smaller; a server that sends no parts may send a whole wheel.
_LARGEST = 100_000_000
_PORTS = {"http": 80, "https": 443}


class TooLargeError(HTTPException):
    """A server sends more than is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status, headers and body of one answer."""

    status: int
    headers: Message
    body: bytes


class Connections:
    """Idle connections by scheme and host, for several threads; proxies are those of the environment.

    Parameters
    ----------
    timeout : float
        Seconds that a server may stay silent.
    """

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._lock = threading.Lock()
        self._idle: dict[tuple[str, str], list[HTTPConnection]] = {}
        self._proxies = getproxies()

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Ask once; redirects are not followed.

        Raises
        ------
        OSError, HTTPException
            No whole answer came.
        """
        parts = urlsplit(url)
        key = (parts.scheme, parts.netloc)
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        with self._lock:
            waiting = self._idle.setdefault(key, [])
            connection = waiting.pop() if waiting else None
        if connection is not None:
            try:
                return self._asked(connection, key, target, headers)
            except TooLargeError:
                raise
            except (HTTPException, ConnectionError):
                pass  # the server had closed it meanwhile; a new one shows whether it answers at all
        return self._asked(self._connection(*key), key, target, headers)

    def _asked(
        self, connection: HTTPConnection, key: tuple[str, str], target: str, headers: Mapping[str, str]
    ) -> Answer:
        keep = False
        plain = key[0] == "http" and self._proxy(*key) is not None
        try:
            connection.request("GET", f"http://{key[1]}{target}" if plain else target, headers=dict(headers))
            response = connection.getresponse()
            answer = Answer(status=response.status, headers=response.headers, body=_body(response))
            keep = not response.will_close
        finally:
            if keep:
                with self._lock:
                    self._idle[key].append(connection)
            else:
                connection.close()
        return answer

    def _proxy(self, scheme: str, host: str) -> str | None:
        found = self._proxies.get(scheme) or self._proxies.get("all")
        return None if not found or proxy_bypass(host) else found

    def _connection(self, scheme: str, host: str) -> HTTPConnection:
        if scheme not in _PORTS:
            raise OSError(f"{scheme} is no scheme of the web")
        proxy = self._proxy(scheme, host)
        if proxy is None:
            return self._to(scheme, host)
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        connection = self._to(scheme if scheme == "https" else "http", parts.netloc.rpartition("@")[2])
        if scheme == "https":
            headers = {}
            if parts.username:
                pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
                headers["Proxy-Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
            bare, _, port = host.rpartition(":") if ":" in host else (host, "", "")
            connection.set_tunnel(bare, int(port) if port else None, headers)
        return connection

    def _to(self, scheme: str, host: str) -> HTTPConnection:
        if scheme == "https":
            return HTTPSConnection(host, timeout=self._timeout, context=_certificates())
        return HTTPConnection(host, timeout=self._timeout)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            connections = [one for waiting in self._idle.values() for one in waiting]
            self._idle.clear()
        for one in connections:
            one.close()


def _body(response: HTTPResponse) -> bytes:
    if (response.length or 0) > _LARGEST:
        raise TooLargeError("too large")
    # Asked for a number of bytes, the library would not notice that a body of a known length is cut.
    body = response.read() if response.length is not None else response.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise TooLargeError("too large")
    return body


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    # Reading them takes longer than a page does. SSL_CERT_FILE and SSL_CERT_DIR are honoured.
    return ssl.create_default_context()
