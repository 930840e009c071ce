"""Recording the reachable part of channels, and reading it back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from condaenv_tools.channels.record_snapshot import SnapshotReport, record_snapshot
from condaenv_tools.channels.zstd import unpack
from condaenv_tools.errors import ChannelError, OutputError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from tests.builders import record, repodata_files, write_channel, write_files
from tests.channels.conftest import Opener
from tests.loopback import serve

FORGE = "https://conda.anaconda.org/forge"
BOTH = (Platform.LINUX_64, Platform.OSX_ARM64)

#: `app` reaches `lib` in both subdirs, `deep` through an old `lib`, `other` through its channel alone.
WORLD = [
    record("app", "1.0", "lib >=1", "__glibc >=2.17", "other::elsewhere", channel=FORGE),
    record("app", "2.0", "lib[version='>=2']", subdir="osx-arm64", channel=FORGE),
    record("lib", "1.0", "deep=1=h_0", subdir="noarch", channel=FORGE),
    record("lib", "2.0", subdir="noarch", channel=FORGE, extra_depends=(("test", ("tester >1",)),)),
    record("deep", "1", "app", channel=FORGE),
    record("tester", "3", channel=FORGE),
    record("unreached", "1", "app", channel=FORGE),
]
ELSEWHERE = [record("elsewhere", "7", "lib"), record("unreached", "8")]


def record_world(
    tmp_path: Path, opened: Opener, *specs: str, dest: str = "out", zst: bool = False
) -> SnapshotReport:
    write_channel(tmp_path / "in" / "forge", WORLD, zst=zst)
    write_channel(tmp_path / "in" / "other", ELSEWHERE, zst=zst)
    sources = opened("forge", "other", platforms=BOTH, snapshot=tmp_path / "in", offline=True)
    return record_snapshot(sources, [MatchSpec.parse(s) for s in specs or ("app",)], BOTH, tmp_path / dest)


def held(folder: Path) -> dict[str, list[str]]:
    found = {}
    for file in sorted(folder.rglob("repodata.json.zst")):
        document = json.loads(unpack(file.read_bytes()))
        found[file.parent.relative_to(folder).as_posix()] = sorted(
            [*document["packages"], *document["packages.conda"]]
        )
    return found


@pytest.mark.parametrize("zst", [False, True], ids=["plain", "packed"])
def test_it_holds_what_can_be_reached_and_no_more(tmp_path: Path, opened: Opener, *, zst: bool) -> None:
    report = record_world(tmp_path, opened, "app >=1", "nowhere", zst=zst)
    assert held(tmp_path / "out") == {
        "forge/linux-64": ["app-1.0-0.conda", "deep-1-0.conda", "tester-3-0.conda"],
        "forge/noarch": ["lib-1.0-0.conda", "lib-2.0-0.conda"],
        "forge/osx-arm64": ["app-2.0-0.conda"],
        "other/linux-64": ["elsewhere-7-0.conda"],
        "other/noarch": [],
        "other/osx-arm64": [],
    }
    assert (report.records, report.names, report.missing) == (7, 5, ("nowhere",))
    assert report.size == sum(p.stat().st_size for p in (tmp_path / "out").rglob("*.zst"))
    assert [(one.channel, one.subdir, one.path) for one in report.subdirs[:2]] == [
        ("forge", "noarch", "forge/noarch/repodata.json.zst"),
        ("forge", "linux-64", "forge/linux-64/repodata.json.zst"),
    ]
    assert "<table>" in report._repr_html_()


def test_records_read_back_are_the_same(tmp_path: Path, opened: Opener) -> None:
    record_world(tmp_path, opened)
    old = opened("forge", platforms=BOTH, snapshot=tmp_path / "in", offline=True)[0]
    new = opened("forge", platforms=BOTH, snapshot=tmp_path / "out", offline=True)[0]
    for subdir in ("noarch", *BOTH):
        assert old.records(subdir, "app", "lib", "deep") == new.records(subdir, "app", "lib", "deep")


def test_the_objects_of_the_channel_are_unchanged(tmp_path: Path, opened: Opener) -> None:
    entry = {"name": "app", "version": "1", "build": "0", "build_number": 0, "depends": [], "ours": {"z": 1}}
    document = {
        "info": {"subdir": "noarch", "base_url": "https://packages.example.org/noarch"},
        "packages": {"app-1-0.tar.bz2": entry},
        "packages.conda": {},
        "v3": {"conda": {"app-2-0.conda": entry | {"version": "2"}}},
        "repodata_version": 2,
    }
    write_files(tmp_path / "in", {"forge/noarch/repodata.json": json.dumps(document).encode()})
    sources = opened("forge", snapshot=tmp_path / "in")
    record_snapshot(sources, [MatchSpec.parse("app")], [Platform.LINUX_64], tmp_path / "out")
    found = json.loads(unpack((tmp_path / "out/forge/noarch/repodata.json.zst").read_bytes()))
    assert found == document


def test_bytes_do_not_depend_on_order(tmp_path: Path, opened: Opener) -> None:
    def hashes(folder: str) -> dict[str, str]:
        return {
            file.relative_to(tmp_path / folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted((tmp_path / folder).rglob("*.zst"))
        }

    record_world(tmp_path, opened, "app", "tester", dest="one")
    WORLD.reverse()
    record_world(tmp_path, opened, "tester", "app", "app >2", dest="two")
    assert hashes("one") == hashes("two")


def test_recordings_add_up(tmp_path: Path, opened: Opener) -> None:
    record_world(tmp_path, opened, "tester")
    report = record_world(tmp_path, opened, "unreached")
    found = held(tmp_path / "out")
    assert found["forge/linux-64"] == [
        *("app-1.0-0.conda", "deep-1-0.conda", "tester-3-0.conda", "unreached-1-0.conda")
    ]
    assert report.records == sum(map(len, found.values()))


def test_a_plain_recording_stays_plain(tmp_path: Path, opened: Opener) -> None:
    write_channel(tmp_path / "out" / "forge", [record("old")])
    record_world(tmp_path, opened, "tester")
    document = json.loads((tmp_path / "out/forge/linux-64/repodata.json").read_bytes())
    assert sorted(document["packages.conda"]) == ["old-1.0-0.conda", "tester-3-0.conda"]
    assert not (tmp_path / "out/forge/linux-64/repodata.json.zst").exists()


def test_a_broken_recording_is_not_overwritten(tmp_path: Path, opened: Opener) -> None:
    write_files(tmp_path / "out", {"forge/linux-64/repodata.json.zst": b"no"})
    with pytest.raises(OutputError, match="untouched"):
        record_world(tmp_path, opened)
    assert (tmp_path / "out/forge/linux-64/repodata.json.zst").read_bytes() == b"no"


def test_a_folder_that_cannot_be_made(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        record_world(tmp_path, opened, dest="file/out")


def test_broken_repodata_of_the_channel(tmp_path: Path, opened: Opener) -> None:
    write_files(tmp_path / "in", {"forge/noarch/repodata.json": b"[]"})
    sources = opened("forge", snapshot=tmp_path / "in")
    with pytest.raises(ChannelError, match="noarch"):
        record_snapshot(sources, [MatchSpec.parse("app")], [Platform.LINUX_64], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_server_is_recorded_and_never_its_secret(tmp_path: Path, opened: Opener) -> None:
    with serve(repodata_files(WORLD, zst=True), token="hunter2") as server:
        url = server.url.replace("/team", "/t/hunter2/team")
        sources = opened(url, platforms=BOTH)
        report = record_snapshot(sources, [MatchSpec.parse("app")], BOTH, tmp_path / "out")
        assert report.records == 6
        before = {s: sources[0].records(s, "app", "lib") for s in ("noarch", *BOTH)}
        assert [r.channel for r in before["noarch"]] == [server.url] * 2
        (back,) = opened(url, platforms=BOTH, snapshot=tmp_path / "out", offline=True)
        for subdir, records in before.items():
            assert set(back.records(subdir, "app", "lib")) == set(records)
    for file in (tmp_path / "out").rglob("*.zst"):
        assert b"hunter2" not in unpack(file.read_bytes())


def test_a_local_channel_is_followed_and_not_recorded(tmp_path: Path, opened: Opener) -> None:
    mine = write_channel(tmp_path / "mine", [record("mine", "1", "tester")])
    write_channel(tmp_path / "in" / "forge", WORLD)
    sources = opened(str(mine), "forge", snapshot=tmp_path / "in", offline=True)
    report = record_snapshot(sources, [MatchSpec.parse("mine")], [Platform.LINUX_64], tmp_path / "out")
    assert report.skipped == (mine.as_uri(),)
    assert held(tmp_path / "out")["forge/linux-64"] == ["tester-3-0.conda"]
