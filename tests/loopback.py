"""Small servers in this process, on 127.0.0.1 only, that can be told to fail in every usual way.

`listening` is the server of any sort; `serve` makes a channel of it.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What one request is answered with.

    Attributes
    ----------
    status : int
        Of HTTP.
    body : bytes
        The whole body.
    cut : int or None
        So many bytes are sent, the whole length is promised.
    hang : bool
        Never answered at all.
    kind : str
        The content type; none is said where it is empty.
    headers : tuple of (str, str)
        More of them.
    """

    status: int = 200
    body: bytes = b""
    cut: int | None = None
    hang: bool = False
    kind: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class ChannelServer:
    """What is served, and what was asked for.

    Attributes
    ----------
    files : dict of str to bytes
        By path below the channel: ``linux-64/repodata.json``.
    user, token : str or None
        ``NAME:PASSWORD`` for basic authentication; a token that every path begins with (``/t/TOKEN``).
    bearer : str or None
        A bearer token.
    fault : callable or None
        Given a path and how often it was asked for before, returns a Reply, or None for the usual one.
    requests : list of str
        All paths in the order in which they came; ``HEAD`` ones are left out.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    user: str | None = None
    token: str | None = None
    bearer: str | None = None
    fault: Callable[[str, int], Reply | None] | None = None
    requests: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """URL of the channel, without credentials."""
        return f"http://127.0.0.1:{self.port}/team"

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    def reply(self, path: str, headers: Message) -> Reply:
        """Return what a request is answered with."""
        if self.token is not None:
            lead = f"/t/{self.token}/"
            if not path.startswith(lead):
                return Reply(status=403, body=b"a token is wanted")
            path = path.removeprefix(lead[:-1])
        wanted = None
        if self.user is not None:
            wanted = "Basic " + base64.b64encode(self.user.encode()).decode()
        elif self.bearer is not None:
            wanted = f"Bearer {self.bearer}"
        if wanted is not None and headers.get("Authorization") != wanted:
            return Reply(status=401, body=b"credentials are wanted")
        path = path.removeprefix("/team/")
        before = self.requests.count(path)
        self.requests.append(path)
        if self.fault is not None and (fault := self.fault(path, before)) is not None:
            return fault
        if path not in self.files:
            return Reply(status=404, body=b"not here")
        return Reply(body=self.files[path])


def _handler(
    reply_to: Callable[[str, Message], Reply], stopped: threading.Event
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.answer(body=True)

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def answer(self, *, body: bool) -> None:
            reply = reply_to(self.path, self.headers)
            if reply.hang:
                stopped.wait(30)
                self.close_connection = True
                return
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body)))
            if reply.kind:
                self.send_header("Content-Type", reply.kind)
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="team"')
            self.end_headers()
            if body:
                self.wfile.write(reply.body[: reply.cut])
            self.close_connection = True

        def log_message(self, *args: Any) -> None:
            """Keep quiet: who answers keeps the requests."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: a client that hangs up is what some tests are about."""


@contextmanager
def listening(reply_to: Callable[[str, Message], Reply]) -> Iterator[int]:
    """Answer requests while the block runs, given their path and headers; yield the port."""
    stopped = threading.Event()
    server = _Server(("127.0.0.1", 0), _handler(reply_to, stopped))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def serve(files: Mapping[str, bytes] | None = None, **settings: Any) -> Iterator[ChannelServer]:
    """Serve a channel while the block runs.

    Parameters
    ----------
    files : mapping of str to bytes, optional
        By path below the channel.
    **settings : object
        Attributes of ChannelServer.
    """
    channel = ChannelServer(files=dict(files or {}), **settings)
    with listening(channel.reply) as channel.port:
        yield channel
