"""Reading from an index ourselves: connections, redirects, credentials, parts of files."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.resolve.pypi.metadata import Archive, Metadata, MetadataReader
from condaenv_tools.resolve.pypi.web import Web, WebError
from tests.pypi_index import serve_index, wheel

BIG = wheel("big", "1.0", "core>=2")


class Server:
    """Speaks HTTP/1.1, keeps connections, sends parts, and redirects ``/go/X`` to what it was told."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.ranges = True
        self.seen: list[tuple[str, str | None, str | None]] = []
        self.clients: set[tuple[str, int]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.seen.append((self.path, self.headers.get("Authorization"), asked))
            state.clients.add(self.client_address)
            if self.path in state.moved:
                self.reply(302, b"", Location=state.moved[self.path])
            elif self.path not in state.files:
                self.reply(404, b"no")
            elif asked and state.ranges:
                self.part(state.files[self.path], asked.removeprefix("bytes="))
            else:
                self.reply(200, state.files[self.path])

        def part(self, body: bytes, asked: str) -> None:
            first, _, last = asked.partition("-")
            begin = max(0, len(body) - int(last)) if not first else int(first)
            end = len(body) if not first else int(last) + 1
            place = f"bytes {begin}-{end - 1}/{len(body)}"
            self.reply(206, body[begin:end], **{"Content-Range": place})

        def reply(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def reading(*places: str, offline: bool = False) -> Iterator[Web]:
    web = Web(places, timeout=5, offline=offline)
    try:
        yield web
    finally:
        web.close()


def test_a_connection_is_kept() -> None:
    with serving() as server, reading() as web:
        server.files["/a"] = b"A"
        assert [web.get(f"{server.url}/a").body for _ in range(5)] == [b"A"] * 5
        assert len(server.clients) == 1


def test_a_connection_that_was_closed_meanwhile_is_made_anew() -> None:
    with serve_index([BIG]) as index, reading() as web:
        assert {web.get(f"{index.url}big/").status for _ in range(3)} == {200}


def test_credentials_go_to_their_own_host_alone() -> None:
    with serving() as one, serving() as other, reading(f"http://me:pw@127.0.0.1:{one.port}/simple/") as web:
        one.moved["/go"] = f"{other.url}/there"
        one.moved["/near"] = "there"
        one.files["/there"] = other.files["/there"] = b"x"
        assert web.get(f"{one.url}/go").body == b"x"
        assert web.get(f"{one.url}/near").body == b"x"
        assert [who for _, who, _ in other.seen] == [None]
        assert [who is not None for _, who, _ in one.seen] == [True, True, True]


def test_a_server_in_trouble_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from condaenv_tools.resolve.pypi import web as module
    from tests.loopback import Reply

    monkeypatch.setattr(module, "_PAUSE", 0.001)

    def fault(path: str, before: int) -> Reply | None:
        return Reply(status=503) if before < 2 else None

    with serve_index([BIG], fault=fault) as index:
        web = Web([], timeout=5, offline=False, tries=3)
        assert web.get(f"{index.url}big/").status == 200
        impatient = Web([], timeout=5, offline=False, tries=2)
        with pytest.raises(WebError, match="answered 503"):
            impatient.get(f"{index.url}other/")
        with pytest.raises(WebError, match="answered 404"):
            web.get(f"{index.url}other/")
        assert index.requests.count("/simple/other/") == 3


def test_a_circle_of_redirects_ends() -> None:
    with serving() as server, reading() as web:
        server.moved["/go"] = "/go"
        with pytest.raises(WebError, match="from place to place"):
            web.get(f"{server.url}/go")


def test_a_proxy_is_asked_in_place_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with reading() as web, pytest.raises(WebError, match="answered 404"):
            web.get("http://index.example.org/simple/a/")
        assert [path for path, _, _ in proxy.seen] == ["http://index.example.org/simple/a/"]


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("http://127.0.0.1:9/", "the connection is refused"),
        ("http://[/", "cannot be reached"),
        ("ftp://127.0.0.1/x", "cannot be reached"),
        ("file:///nowhere/x", "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_a_web_error(url: str, word: str) -> None:
    with reading() as web, pytest.raises(WebError, match=word):
        web.get(url)


def test_offline_nothing_is_asked() -> None:
    with serving() as server, reading(offline=True) as web:
        with pytest.raises(WebError, match="forbids the network"):
            web.get(f"{server.url}/a")
        assert server.seen == []


class TestMetadata:
    EXPECTED = Metadata(requires=("core>=2",), version="1.0")

    def read(self, server: Server, folder: Path, *names: str) -> list[Metadata | None]:
        with reading() as web:
            return MetadataReader(folder).read_all(
                [Archive(url=f"{server.url}/{name}") for name in names], web
            )

    def test_it_is_read_from_beside_the_wheel(self, tmp_path: Path) -> None:
        with serving() as server:
            server.files["/a.whl.metadata"] = BIG.metadata
            assert self.read(server, tmp_path, "a.whl") == [self.EXPECTED]
            assert [path for path, _, _ in server.seen] == ["/a.whl.metadata"]

    @pytest.mark.parametrize("ranges", [True, False])
    def test_it_is_read_from_within_the_wheel(self, tmp_path: Path, *, ranges: bool) -> None:
        with serving() as server:
            server.ranges = ranges
            server.files["/a.whl"] = BIG.content
            assert self.read(server, tmp_path, "a.whl") == [self.EXPECTED]

    def test_of_a_large_wheel_only_parts_are_read(self, tmp_path: Path) -> None:
        import io
        import zipfile

        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("big-1.0.dist-info/METADATA", BIG.metadata)
            archive.writestr("big/data.bin", b"\0" * 300_000)
        with serving() as server:
            server.files["/a.whl"] = stream.getvalue()
            assert self.read(server, tmp_path, "a.whl") == [self.EXPECTED]
            parts = [part for path, _, part in server.seen if path == "/a.whl"]
        assert parts[0] == "bytes=-65536"
        assert 2 <= len(parts) <= 4

    def test_a_host_without_metadata_beside_its_wheels_is_soon_known(self, tmp_path: Path) -> None:
        names = [f"w{i}.whl" for i in range(12)]
        with serving() as server:
            server.files.update({f"/{name}": BIG.content for name in names})
            assert self.read(server, tmp_path, *names) == [self.EXPECTED] * 12
            assert sum(path.endswith(".metadata") for path, _, _ in server.seen) == 2

    def test_what_is_no_wheel_has_none(self, tmp_path: Path) -> None:
        with serving() as server:
            server.files["/a.whl"] = b"PK but no wheel"
            assert self.read(server, tmp_path, "a.whl", "gone.whl") == [None, None]

    def test_long_lines_and_many_extras(self) -> None:
        text = (
            "Name: a\nRequires-Python: >=3.9\nRequires-Dist: b\n  >=1 ; extra == 'x'\n"
            "Provides-Extra: X_y\nProvides-Extra: z\n\nRequires-Dist: not-this\n"
        )
        found = Metadata.parse(text)
        assert found.requires == ("b >=1 ; extra == 'x'",)
        assert (found.requires_python, found.extras) == (">=3.9", ("x-y", "z"))
