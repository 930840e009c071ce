"""A channel that a variable names as a whole, and a credential store that cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from condaenv_tools.errors import ChannelError
from tests.builders import moved, record, repodata_files
from tests.channels.conftest import Opener
from tests.loopback import serve

A = record("a", "1.0", "b >=2")
FILES = repodata_files([A])
SECRET = "hunter2"


@pytest.mark.parametrize("text", ["${TEAM_CHANNEL}", "$TEAM_CHANNEL", "${TEAM_CHANNEL}/"])
def test_a_variable_may_hold_the_whole_url(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    with serve(FILES, user=f"me:{SECRET}") as server:
        monkeypatch.setenv("TEAM_CHANNEL", f"http://me:{SECRET}@{server.host}/team/")
        (source,) = opened(text)
        found = source.records("linux-64", "a")
    assert found == (moved(A, text.rstrip("/")),)
    assert SECRET not in repr((source, found))


def test_a_variable_may_hold_scheme_and_host(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(FILES) as server:
        monkeypatch.setenv("MIRROR", f"http://{server.host}")
        (source,) = opened("${MIRROR}/team")
        assert source.records("linux-64", "a") == (moved(A, "${MIRROR}/team"),)


def test_a_variable_may_hold_a_name(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_CHANNEL", "conda-forge")
    assert opened("${TEAM_CHANNEL}")[0].location == "https://conda.anaconda.org/conda-forge"


@pytest.mark.parametrize("value", [f"http://me:{SECRET}@/team", "nodefaults", "defaults", f"a b {SECRET}"])
def test_a_variable_that_holds_no_channel(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("TEAM_CHANNEL", value)
    with pytest.raises(ChannelError, match="no URL, path or name of one channel") as caught:
        opened("${TEAM_CHANNEL}")
    assert SECRET not in str(caught.value)


def test_a_refusal_does_not_tell_what_a_variable_holds(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(FILES, user="me:other") as server:
        monkeypatch.setenv("TEAM_CHANNEL", f"http://me:{SECRET}@{server.host}/team")
        with pytest.raises(ChannelError, match="TEAM_CHANNEL} answered 401") as caught:
            opened("${TEAM_CHANNEL}")[0].package_names("linux-64")
    assert SECRET not in str(caught.value)


def test_a_broken_credential_store_is_told(opened: Opener) -> None:
    Path(os.environ["RATTLER_AUTH_FILE"]).write_text('{"127.0.0.1": {"CondaToken": "hunter2"')
    with serve(FILES) as server, pytest.raises(ChannelError, match="credential store is broken") as caught:
        opened(server.url)[0].package_names("linux-64")
    assert "RATTLER_AUTH_FILE" in str(caught.value)
    assert SECRET not in str(caught.value)
