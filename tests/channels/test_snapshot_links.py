"""A snapshot of somebody else: no link in it leads to other files of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import ChannelError
from tests.builders import record, write_channel
from tests.channels.conftest import Opener

A = record("a")


@pytest.mark.parametrize("link", ["forge", "forge/linux-64", "forge/linux-64/repodata.json"])
def test_a_link_out_of_the_snapshot_is_refused(tmp_path: Path, opened: Opener, link: str) -> None:
    outside = write_channel(tmp_path / "outside", [A])
    place = tmp_path / "snap" / link
    place.parent.mkdir(parents=True)
    place.symlink_to(outside / link.removeprefix("forge").removeprefix("/"))
    with pytest.raises(ChannelError, match="is a link out of the snapshot"):
        opened("forge", snapshot=tmp_path / "snap", offline=True)


def test_a_link_within_the_snapshot_is_followed(tmp_path: Path, opened: Opener) -> None:
    write_channel(tmp_path / "snap" / "forge", [A])
    (tmp_path / "snap" / "mirror").symlink_to("forge")
    (source,) = opened("mirror", snapshot=tmp_path / "snap", offline=True)
    assert source.package_names("linux-64") == {"a"}


def test_the_snapshot_itself_may_be_a_link(tmp_path: Path, opened: Opener) -> None:
    write_channel(tmp_path / "real" / "forge", [A])
    (tmp_path / "snap").symlink_to("real")
    (source,) = opened("forge", snapshot=tmp_path / "snap", offline=True)
    assert source.package_names("linux-64") == {"a"}
