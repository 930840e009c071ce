"""Sharded repodata (CEP 16) from a server: what is asked for, and what goes wrong between index and parts."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from typing import Any

import pytest

from condaenv_tools.channels.zstd import pack
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.record import PackageRecord
from tests.builders import entry, moved, record
from tests.channels.conftest import Opener
from tests.loopback import ChannelServer, Reply, serve

A = record("a", "1.0", "b >=2", build_number=1)
B = record("b", "2.0", subdir="noarch")
C = record("c", "3.0")


def msgpack(value: Any) -> bytes:
    """Write the few kinds of values that shards hold, each in its longest form."""
    match value:
        case int():
            return b"\xcf" + struct.pack(">Q", value)
        case str():
            return b"\xdb" + struct.pack(">I", len(value.encode())) + value.encode()
        case bytes():
            return b"\xc6" + struct.pack(">I", len(value)) + value
        case list():
            return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(msgpack, value))
        case dict():
            inner = b"".join(msgpack(k) + msgpack(v) for k, v in value.items())
            return b"\xdf" + struct.pack(">I", len(value)) + inner
    raise TypeError(value)


def shard_entry(one: PackageRecord) -> dict[str, Any]:
    hashes = {name: bytes.fromhex(getattr(one, name)) for name in ("md5", "sha256")}
    return entry(one) | hashes


def sharded(*records: PackageRecord) -> dict[str, bytes]:
    """Return the files of a channel that has shards and nothing else."""
    files: dict[str, bytes] = {}
    for subdir in ("linux-64", "noarch"):
        index: dict[str, bytes] = {}
        for name in {one.name for one in records if one.subdir == subdir}:
            packages = {r.file_name: shard_entry(r) for r in records if (r.name, r.subdir) == (name, subdir)}
            data = pack(msgpack({"packages": {}, "packages.conda": packages, "removed": []}))
            index[name] = hashlib.sha256(data).digest()
            files[f"{subdir}/shards/{index[name].hex()}.msgpack.zst"] = data
        info = {"subdir": subdir, "base_url": "./", "shards_base_url": "./shards/"}
        files[f"{subdir}/repodata_shards.msgpack.zst"] = pack(msgpack({"info": info, "shards": index}))
    return files


def parts(server: ChannelServer) -> list[str]:
    return [path for path in server.requests if "/shards/" in path]


def of_parts(reply: Reply) -> Callable[[str, int], Reply | None]:
    return lambda path, before: reply if "/shards/" in path else None


def test_only_what_is_asked_for_is_fetched(opened: Opener) -> None:
    with serve(sharded(A, B, C)) as server:
        (source,) = opened(server.url)
        assert source.package_names("linux-64") == {"a", "c"}
        assert parts(server) == []
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        assert len(parts(server)) == 1


@pytest.mark.parametrize("kind", ["password", "token"])
def test_credentials_reach_every_part_and_no_record(opened: Opener, kind: str) -> None:
    settings = {"user": "me:hunter2"} if kind == "password" else {"token": "hunter2"}
    with serve(sharded(A, B), **settings) as server:
        address = {
            "password": f"http://me:hunter2@{server.host}/team",
            "token": f"http://{server.host}/t/hunter2/team",
        }
        (source,) = opened(address[kind])
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        assert source.records("noarch", "b") == (moved(B, server.url),)


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(status=404), "lacks a part of its repodata for linux-64"),
        (Reply(status=403), "answered 403 for linux-64"),
        (Reply(body=b"xx"), "broke off its answer for linux-64"),
    ],
    ids=["404", "403", "broken"],
)
def test_a_part_that_cannot_be_had_is_told(opened: Opener, reply: Reply, told: str) -> None:
    fault = of_parts(reply)
    with serve(sharded(A), fault=fault) as server, pytest.raises(ChannelError, match=told):
        opened(server.url)[0].records("linux-64", "a")


def test_a_part_that_never_comes_is_given_up(opened: Opener) -> None:
    fault = of_parts(Reply(hang=True))
    with serve(sharded(A), fault=fault) as server, pytest.raises(ChannelError, match="did not answer within"):
        opened(server.url, timeout=0.5)[0].records("linux-64", "a")


def test_offline_has_what_was_asked_for_before(opened: Opener) -> None:
    with serve(sharded(A, C)) as server:
        assert opened(server.url)[0].records("linux-64", "a")
        server.requests.clear()
        (source,) = opened(server.url, offline=True)
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        with pytest.raises(ChannelError, match=r"package c of .* is not in the cache, and --offline"):
            source.records("linux-64", "c")
        assert server.requests == []
