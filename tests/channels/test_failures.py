"""What a user reads when a channel fails: which one, why, what to do, and no secret."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.channels.failures import channel_error
from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.channels.reading import Place
from condaenv_tools.model.channel import expand_channels
from tests.builders import record, write_channel, write_files
from tests.channels.conftest import Opener


def place(text: str, location: str) -> Place:
    (channel,) = expand_channels([text])
    return Place(channel, location, SourceOptions())


FORGE = place("conda-forge", "https://conda.anaconda.org/conda-forge")
TEAM = place("https://me:hunter2@h.example/team", "https://me:hunter2@h.example/team")
TOKEN = place("https://h.example/t/tk-1/other", "https://h.example/t/tk-1/other")
SNAPSHOT = place("bioconda", "file:///srv/snapshot/bioconda")
ALL = [FORGE, TEAM, TOKEN, SNAPSHOT]

GOLDEN = [
    (
        (
            "HTTP status server error (503 Service Unavailable) for url "
            "(https://conda.anaconda.org/conda-forge/linux-64/repodata_shards.msgpack.zst)"
        ),
        "channel conda-forge answered 503 for linux-64 after 4 tries",
    ),
    (
        "HTTP status client error (401 Unauthorized) for url (https://h.example/team/noarch/repodata.json)",
        "channel https://h.example/team answered 401 for noarch: it wants credentials, or others",
    ),
    (
        "HTTP status client error (403 Forbidden) for url (https://h.example/t/********/other/osx-64/x)",
        "channel https://h.example/other answered 403 for osx-64: it wants credentials, or others",
    ),
    (
        (
            "could not find subdir 'noarch' in channel 'file:///srv/snapshot/bioconda/'\n"
            "Caused by: failed to open file `/srv/snapshot/bioconda/noarch/repodata.json`: No such file"
        ),
        "channel bioconda does not exist: it has no repodata for noarch",
    ),
    (
        "no usable repodata cache for https://conda.anaconda.org/conda-forge/win-64/",
        "channel conda-forge is not in the cache for win-64, and --offline forbids the network",
    ),
    (
        (
            "Request failed after 3 retries\nCaused by: error sending request for url (https://conda.anaconda.org/"
            "conda-forge/noarch/x)\nCaused by: client error (Connect)\nCaused by: dns error"
        ),
        "channel conda-forge cannot be reached: its host is not found",
    ),
    (
        (
            "Request failed after 3 retries\nCaused by: error sending request for url (https://h.example/team/noarch"
            "/x)\nCaused by: client error (Connect)\nCaused by: invalid peer certificate: UnknownIssuer"
        ),
        "channel https://h.example/team cannot be reached: no secure connection (TLS)",
    ),
    (
        "error sending request for url (https://h.example/team/noarch/x)\nCaused by: operation timed out",
        "channel https://h.example/team did not answer for noarch in time",
    ),
    (
        "failed to parse repodata.json\nCaused by: expected value at line 1 column 1",
        (
            "one of the channels conda-forge, https://h.example/team, https://h.example/other, bioconda has "
            "repodata that is not JSON, or is cut off"
        ),
    ),
    (
        "failed to write /home/x: No space left on device",
        (
            "one of the channels conda-forge, https://h.example/team, https://h.example/other, bioconda cannot be "
            "kept in the cache: the disk is full or not writable"
        ),
    ),
    (
        "{strange} of file:///srv/snapshot/bioconda/x\n  in /srv/snapshot/bioconda/y",
        "channel bioconda cannot be read: {strange} of bioconda/x in bioconda/y",
    ),
    (
        "odd: https://me:hunter2@h.example/team/noarch/x and hunter2 and tk-1",
        (
            "channel https://h.example/team cannot be read for noarch: odd: "
            "https://h.example/team/noarch/x and ******** and ********"
        ),
    ),
]


@pytest.mark.parametrize(("text", "told"), GOLDEN, ids=[told[:60] for _, told in GOLDEN])
def test_an_error_is_told(text: str, told: str) -> None:
    error = channel_error(RuntimeError(text), ALL)
    assert error.message == told
    assert "hunter2" not in str(error)
    assert "tk-1" not in str(error)


def test_time_ran_out() -> None:
    assert channel_error(TimeoutError(), [FORGE], timeout=2.5).message == (
        "channel conda-forge did not answer within 2.5 s"
    )
    # A folder keeps nobody waiting.
    assert channel_error(TimeoutError(), [FORGE, SNAPSHOT], timeout=60).channel == "conda-forge"


def test_a_long_text_is_cut() -> None:
    error = channel_error(RuntimeError("x " * 1000), [FORGE])
    assert len(error.message) < 300


def test_a_name_does_not_decide_the_reason() -> None:
    odd = place("https://tls-timeout.example/json", "https://tls-timeout.example/json")
    text = "mystery at https://tls-timeout.example/json/noarch/repodata.json"
    assert channel_error(RuntimeError(text), [odd]).message.startswith(
        "channel https://tls-timeout.example/json cannot be read for noarch: mystery"
    )


@pytest.mark.parametrize("damage", [lambda data: data[:-30], lambda data: b"<html>", lambda data: b""])
def test_the_broken_one_of_several_folders_is_named(
    tmp_path: Path, opened: Opener, damage: Callable[[bytes], bytes]
) -> None:
    good = write_channel(tmp_path / "good", [record("a")])
    bad = write_channel(tmp_path / "bad", [record("a")])
    write_files(bad, {"linux-64/repodata.json": damage((bad / "linux-64/repodata.json").read_bytes())})
    sources = opened(str(good), str(bad))
    error = channel_error(RuntimeError("failed to parse repodata.json"), sources)
    assert (error.channel, error.subdir) == (bad.as_uri(), "linux-64")
