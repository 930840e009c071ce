"""Recorded channels in place of the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.channels.snapshot import SnapshotSource, held_channels, place_in_snapshot
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import expand_channels
from tests.builders import moved, record, write_channel
from tests.channels.conftest import Opener
from tests.shared_data import need_shared

FORGE = "https://conda.anaconda.org/conda-forge"
A = record("a", "1.0", "b >=2", channel=FORGE)


@pytest.mark.parametrize("zst", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize(
    ("text", "place", "url"),
    [
        ("conda-forge", "conda-forge", FORGE),
        ("pkgs/main", "pkgs/main", "https://repo.anaconda.com/pkgs/main"),
        ("conda-forge/label/dev", "conda-forge/label/dev", f"{FORGE}/label/dev"),
        ("https://me:hunter2@h.example:81/x", "h.example_81/x", "https://h.example:81/x"),
    ],
)
def test_records_name_the_real_urls(
    tmp_path: Path, opened: Opener, *, text: str, place: str, url: str, zst: bool
) -> None:
    write_channel(tmp_path / "snap" / place, [A], zst=zst)
    (source,) = opened(text, snapshot=tmp_path / "snap", offline=True)
    assert isinstance(source, SnapshotSource)
    assert source.records("linux-64", "a") == (moved(A, url),)
    assert source.channel.url == url


def test_a_plain_snapshot_is_read_in_place(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "snap" / "conda-forge", [A])
    (source,) = opened("conda-forge", snapshot=tmp_path / "snap")
    assert source.location == folder.as_uri()
    assert not (tmp_path / "cache").exists()


def test_a_channel_that_it_does_not_hold(tmp_path: Path, opened: Opener) -> None:
    write_channel(tmp_path / "snap" / "conda-forge", [A])
    write_channel(tmp_path / "snap" / "pkgs" / "main", [A])
    assert held_channels(tmp_path / "snap") == ("conda-forge", "pkgs/main")
    (source,) = opened("bioconda", snapshot=tmp_path / "snap")
    assert source.location == "https://conda.anaconda.org/bioconda"
    with pytest.raises(ChannelError, match="holds: conda-forge, pkgs/main") as caught:
        opened("bioconda", snapshot=tmp_path / "snap", offline=True)
    assert "bioconda/SUBDIR/repodata.json" in caught.value.hints[0]


@pytest.mark.parametrize("kind", ["absent", "file"])
def test_a_snapshot_that_is_no_folder(tmp_path: Path, opened: Opener, kind: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ParseError, match="snapshot"):
        opened("conda-forge", snapshot=tmp_path / kind)


@pytest.mark.parametrize(
    "text", ["https://h/../../x", "https://h/%2e%2e/x", "../..", "https://../x", "https://h/a/./b"]
)
def test_a_channel_never_leads_out_of_it(tmp_path: Path, text: str) -> None:
    (channel,) = expand_channels([text], base_dir=tmp_path)
    place = place_in_snapshot(channel)
    assert place is None or ".." not in place.split("/")


def test_a_local_channel_is_read_itself(tmp_path: Path, opened: Opener) -> None:
    write_channel(tmp_path / "snap" / "conda-forge", [A])
    chan = write_channel(tmp_path / "chan", [record("mine")])
    (source,) = opened(str(chan), snapshot=tmp_path / "snap", offline=True)
    assert source.package_names("linux-64") == {"mine"}


def test_the_recorded_channels_of_the_project(opened: Opener) -> None:
    recorded = need_shared("channel")
    forge, bio = opened("conda-forge", "bioconda", snapshot=recorded, offline=True)
    assert forge.location == (recorded / "conda-forge").as_uri()
    assert "python" in forge.package_names("linux-64")
    assert bio.package_names("noarch")
    assert bio.package_names("linux-64") == frozenset()
