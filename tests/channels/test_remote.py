"""A real HTTP channel on this machine: credentials, and every way in which a server fails."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.channels import engine
from condaenv_tools.channels.zstd import pack
from condaenv_tools.errors import ChannelError
from tests.builders import moved, record, repodata_files
from tests.channels.conftest import Opener
from tests.loopback import ChannelServer, Reply, serve

A = record("a", "1.0", "b >=2")
B = record("b", "2.0", subdir="noarch")
PLAIN = repodata_files([A, B])
PACKED = repodata_files([A, B], zst=True)
SECRET = "hunter2"


def with_user(server: ChannelServer, user: str = f"me:{SECRET}") -> str:
    return server.url.replace("://", f"://{user}@")


def with_token(server: ChannelServer, token: str = SECRET) -> str:
    return server.url.replace("/team", f"/t/{token}/team")


def first_times(count: int, reply: Reply) -> Callable[[str, int], Reply | None]:
    return lambda path, before: reply if before < count else None


def only(name: str, reply: Reply) -> Callable[[str, int], Reply | None]:
    return lambda path, before: reply if path == name else None


# --- what is read


@pytest.mark.parametrize("files", [PLAIN, PACKED], ids=["plain", "packed"])
def test_records_are_those_of_the_server(opened: Opener, files: dict[str, bytes]) -> None:
    with serve(files) as server:
        (source,) = opened(server.url)
        assert source.package_names("linux-64") == {"a"}
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        assert source.records("noarch", "b") == (moved(B, server.url),)


def test_opening_asks_nothing(opened: Opener) -> None:
    with serve(PLAIN) as server:
        opened(server.url)
        assert server.requests == []


def test_a_missing_platform_is_empty(opened: Opener) -> None:
    with serve(repodata_files([B], ["noarch"])) as server:
        (source,) = opened(server.url)
        assert source.package_names("linux-64") == frozenset()
        assert source.package_names("noarch") == {"b"}


def test_a_channel_that_does_not_exist(opened: Opener) -> None:
    with serve({}) as server, pytest.raises(ChannelError, match="does not exist") as caught:
        opened(server.url)[0].package_names("noarch")
    assert caught.value.channel == server.url
    assert caught.value.subdir == "noarch"
    assert caught.value.hints


def test_packages_that_lie_elsewhere_keep_their_place(opened: Opener) -> None:
    document = json.loads(PLAIN["linux-64/repodata.json"])
    document["info"]["base_url"] = "https://packages.example.org/x/linux-64"
    document["repodata_version"] = 2
    with serve(PLAIN | {"linux-64/repodata.json": json.dumps(document).encode()}) as server:
        (found,) = opened(server.url)[0].records("linux-64", "a")
    assert found.url == "https://packages.example.org/x/linux-64/a-1.0-0.conda"
    assert found.channel == server.url


# --- credentials


def test_user_and_password_of_the_url(opened: Opener) -> None:
    with serve(PLAIN, user=f"me:{SECRET}") as server:
        (source,) = opened(with_user(server))
        assert source.records("linux-64", "a") == (moved(A, server.url),)


def test_a_password_with_every_sign(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHANNEL_PASSWORD", "p@ss:/?#[]% w")
    with serve(PLAIN, user="me:p@ss:/?#[]% w") as server:
        (source,) = opened(with_user(server, "me:${CHANNEL_PASSWORD}"))
        assert source.records("linux-64", "a") == (moved(A, server.url),)


def test_a_token_in_the_url(opened: Opener) -> None:
    with serve(PLAIN, token=SECRET) as server:
        (source,) = opened(with_token(server))
        assert source.records("linux-64", "a") == (moved(A, server.url),)


@pytest.mark.parametrize("form", ["${CHANNEL_TOKEN}", "$CHANNEL_TOKEN"])
def test_a_token_from_a_variable(opened: Opener, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    monkeypatch.setenv("CHANNEL_TOKEN", SECRET)
    with serve(PLAIN, token=SECRET) as server:
        (source,) = opened(with_token(server, form))
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        assert source.channel.text == with_token(server, form)


def test_a_variable_that_is_not_set(opened: Opener) -> None:
    with pytest.raises(ChannelError, match="CHANNEL_TOKEN of its URL is not set"):
        opened("https://conda.example.org/t/${CHANNEL_TOKEN}/team")


def test_netrc(opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1\nlogin me\npassword {SECRET}\n")
    with serve(PLAIN, user=f"me:{SECRET}") as server:
        with pytest.raises(ChannelError, match="401"):
            opened(server.url)[0].records("linux-64", "a")
        monkeypatch.setenv("NETRC", str(netrc))
        assert opened(server.url)[0].records("linux-64", "a") == (moved(A, server.url),)


def test_netrc_in_the_home_folder(opened: Opener) -> None:
    home = Path(os.environ["HOME"])
    (home / ".netrc").write_text(f"machine 127.0.0.1 login me password {SECRET}\n")
    with serve(PLAIN, user=f"me:{SECRET}") as server:
        assert opened(server.url)[0].records("linux-64", "a") == (moved(A, server.url),)


@pytest.mark.parametrize(
    ("entry", "settings"),
    [
        ({"BasicHTTP": {"username": "me", "password": SECRET}}, {"user": f"me:{SECRET}"}),
        ({"BearerToken": SECRET}, {"bearer": SECRET}),
        ({"CondaToken": SECRET}, {"token": SECRET}),
    ],
    ids=["basic", "bearer", "token"],
)
def test_the_credential_store(opened: Opener, entry: dict[str, object], settings: dict[str, str]) -> None:
    Path(os.environ["RATTLER_AUTH_FILE"]).write_text(json.dumps({"127.0.0.1": entry}))
    with serve(PLAIN, **settings) as server:
        assert opened(server.url)[0].records("linux-64", "a") == (moved(A, server.url),)


@pytest.mark.parametrize("status", [401, 403])
def test_credentials_are_wanted(opened: Opener, status: int) -> None:
    with (
        serve(PLAIN, fault=lambda path, before: Reply(status=status)) as server,
        pytest.raises(ChannelError, match=f"{status} for linux-64") as caught,
    ):
        opened(server.url)[0].records("linux-64", "a")
    assert "netrc" in str(caught.value)


@pytest.mark.parametrize("address", [with_user, with_token], ids=["password", "token"])
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_secret_is_in_nothing_that_can_be_seen(
    opened: Opener,
    address: Callable[[ChannelServer], str],
    status: int,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with serve(PLAIN, fault=lambda path, before: Reply(status=status)) as server:
        (source,) = opened(address(server), timeout=4)
        with pytest.raises(ChannelError) as caught:
            source.package_names("noarch")
    error = caught.value
    seen = f"{error} {error!r} {error.args} {error.channel} {source!r} {source.channel!r}"
    # A traceback shows causes too.
    cause: BaseException | None = error.__cause__
    while cause is not None:
        seen += f"{cause} {cause!r}"
        cause = cause.__cause__
    out, err = capfd.readouterr()
    assert SECRET not in seen + caplog.text + out + err


def test_a_secret_is_in_no_record(opened: Opener) -> None:
    with serve(PLAIN, user=f"me:{SECRET}") as server:
        assert SECRET not in repr(opened(with_user(server))[0].records("linux-64", "a"))
    with serve(PLAIN, token=SECRET) as server:
        assert SECRET not in repr(opened(with_token(server))[0].records("linux-64", "a"))


# --- servers that fail


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "TRIES", 2)  # what waits between tries is py-rattler, and not the point


@pytest.mark.parametrize("status", [503, 500, 429])
def test_a_fault_that_passes_is_survived(opened: Opener, status: int) -> None:
    name = "linux-64/repodata.json"
    fault = lambda path, before: Reply(status=status) if path == name and before < 1 else None  # noqa: E731
    with serve(PLAIN, fault=fault) as server:
        assert opened(server.url)[0].records("linux-64", "a") == (moved(A, server.url),)
        assert server.requests.count(name) == 2


def test_a_fault_that_stays_is_told(opened: Opener) -> None:
    with serve(PLAIN, fault=only("linux-64/repodata.json", Reply(status=503))) as server:
        with pytest.raises(ChannelError, match="answered 503 for linux-64 after 4 tries") as caught:
            opened(server.url)[0].records("linux-64", "a")
        assert server.requests.count("linux-64/repodata.json") == 4
    hints = " ".join(caught.value.hints)
    assert "try again" in hints
    assert "-c" in hints
    assert "--offline" in hints


@pytest.mark.parametrize("limit", [0.3, 1.5])
def test_a_server_that_never_answers_is_given_up(opened: Opener, limit: float) -> None:
    with serve(PLAIN, fault=lambda path, before: Reply(hang=True)) as server:
        (source,) = opened(server.url, timeout=limit)
        started = time.monotonic()
        with pytest.raises(ChannelError, match=f"did not answer within {limit:g} s"):
            source.package_names("linux-64")
        assert time.monotonic() - started < limit + 2


def test_an_answer_that_breaks_off(opened: Opener) -> None:
    body = PLAIN["linux-64/repodata.json"]
    with (
        serve(PLAIN, fault=only("linux-64/repodata.json", Reply(body=body, cut=50))) as server,
        pytest.raises(ChannelError, match="broke off its answer for linux-64"),
    ):
        opened(server.url)[0].package_names("linux-64")


def test_packed_data_that_is_cut_off(opened: Opener) -> None:
    files = PACKED | {"linux-64/repodata.json.zst": PACKED["linux-64/repodata.json.zst"][:60]}
    with serve(files) as server, pytest.raises(ChannelError, match="broke off its answer"):
        opened(server.url)[0].package_names("linux-64")


@pytest.mark.parametrize(
    "body", [b"<html>no</html>", b"", b"[]", PLAIN["linux-64/repodata.json"][:90]], ids=range(4)
)
@pytest.mark.parametrize("form", ["plain", "packed"])
def test_repodata_that_is_not_json(opened: Opener, body: bytes, form: str) -> None:
    name = "linux-64/repodata.json" if form == "plain" else "linux-64/repodata.json.zst"
    files = (PLAIN if form == "plain" else PACKED) | {name: body if form == "plain" else pack(body)}
    with serve(files) as server:
        (source,) = opened(server.url)
        with pytest.raises(ChannelError, match="not JSON, or is cut off"):
            source.package_names("linux-64")
        # The broken answer is not kept.
        server.files = dict(PLAIN if form == "plain" else PACKED)
        assert source.package_names("linux-64") == {"a"}


@pytest.mark.usefixtures("impatient")
def test_nobody_listens(opened: Opener) -> None:
    with serve(PLAIN) as server:
        url = server.url
    with pytest.raises(ChannelError, match="refused"):
        opened(url)[0].package_names("linux-64")


@pytest.mark.usefixtures("impatient")
def test_a_host_that_does_not_exist(opened: Opener) -> None:
    with pytest.raises(ChannelError, match="its host is not found"):
        opened("https://conda.invalid/team")[0].package_names("linux-64")


@pytest.mark.usefixtures("impatient")
def test_a_server_without_tls(opened: Opener) -> None:
    with serve(PLAIN) as server, pytest.raises(ChannelError, match="TLS"):
        opened(server.url.replace("http:", "https:"))[0].package_names("linux-64")


# --- offline


def test_offline_uses_the_cache_and_asks_nothing(opened: Opener) -> None:
    with serve(PLAIN) as server:
        assert opened(server.url)[0].package_names("linux-64") == {"a"}
        server.requests.clear()
        (source,) = opened(server.url, offline=True)
        assert source.records("linux-64", "a") == (moved(A, server.url),)
        assert server.requests == []


def test_offline_with_an_empty_cache(opened: Opener) -> None:
    with serve(PLAIN) as server:
        with pytest.raises(ChannelError, match="not in the cache for linux-64, and --offline forbids"):
            opened(server.url, offline=True)[0].package_names("linux-64")
        assert server.requests == []
