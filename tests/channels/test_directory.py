"""Channels in folders: plain, packed, with subdirs missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from condaenv_tools.channels.zstd import pack
from condaenv_tools.errors import ChannelError
from tests.builders import moved, record, write_channel, write_files
from tests.channels.conftest import Opener

A = record("a", "1.0", "b >=2")
B = record("b", "2.0", subdir="noarch")


@pytest.mark.parametrize("zst", [False, True], ids=["plain", "packed"])
def test_records_are_those_of_the_folder(tmp_path: Path, opened: Opener, *, zst: bool) -> None:
    folder = write_channel(tmp_path / "chan", [A, B], zst=zst)
    (source,) = opened(str(folder))
    assert source.package_names("linux-64") == {"a"}
    assert source.package_names("noarch") == {"b"}
    assert source.records("linux-64", "a") == (moved(A, folder.as_uri()),)
    assert source.records("noarch", "b") == (moved(B, folder.as_uri()),)


def test_a_plain_folder_is_read_in_place(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "chan", [A])
    (source,) = opened(folder.as_uri())
    assert source.location == folder.as_uri()
    assert not (tmp_path / "cache" / "channels").exists()


def test_a_packed_folder_is_unpacked_once(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "chan", [A, B], zst=True)
    first = opened(str(folder))[0].location
    files = {p: p.stat().st_mtime_ns for p in (tmp_path / "cache").rglob("repodata.json")}
    assert len(files) == 2
    assert opened(str(folder))[0].location == first
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "cache").rglob("repodata.json")} == files


def test_plain_and_packed_subdirs_stand_side_by_side(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "chan", [A], ["linux-64"], zst=True)
    write_channel(folder, [B], ["noarch"])
    (source,) = opened(str(folder))
    assert source.package_names("linux-64") | source.package_names("noarch") == {"a", "b"}


@pytest.mark.parametrize("zst", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("subdir", ["linux-64", "noarch"])
def test_a_missing_subdir_is_empty(tmp_path: Path, opened: Opener, subdir: str, *, zst: bool) -> None:
    other = {"linux-64": B, "noarch": A}[subdir]
    folder = write_channel(tmp_path / "chan", [other], [other.subdir], zst=zst)
    (source,) = opened(str(folder))
    assert source.package_names(subdir) == frozenset()
    assert source.records(subdir, "a") == ()
    assert source.package_names(other.subdir) == {other.name}


def test_several_names_are_one_question(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "chan", [record(name) for name in "abc"])
    (source,) = opened(str(folder))
    assert {r.name for r in source.records("linux-64", "a", "c")} == {"a", "c"}
    assert source.records("linux-64") == ()


@pytest.mark.parametrize("name", ["absent", "", "not a name", "[", "*", "a*"])
def test_no_record_has_a_strange_name(tmp_path: Path, opened: Opener, name: str) -> None:
    (source,) = opened(str(write_channel(tmp_path / "chan", [A])))
    assert source.records("linux-64", name) == ()


def test_every_field_comes_through(tmp_path: Path, opened: Opener) -> None:
    whole = record(
        *("whole", "1.2", "b >=2", "__glibc >=2.17"),
        build="py312h1_3",
        build_number=3,
        constrains=("c <2",),
        track_features=("x", "y"),
        features="f",
        license="BSD-3-Clause",
        license_family="BSD",
        python_site_packages_path="lib/python3.12/site-packages",
        purls=("pkg:pypi/whole", "pkg:pypi/whole-too"),
        flags=("cuda",),
        extra_depends=(("test", ("pytest",)),),
    )
    python = record("pure", subdir="noarch", noarch="python")
    folder = write_channel(tmp_path / "chan", [whole, python])
    (source,) = opened(str(folder))
    assert source.records("linux-64", "whole") == (moved(whole, folder.as_uri()),)
    assert source.records("noarch", "pure") == (moved(python, folder.as_uri()),)


def test_a_folder_without_a_channel_is_told(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "empty").mkdir()
    for name, what in (("empty", "no channel in"), ("absent", "no folder")):
        with pytest.raises(ChannelError, match=what) as caught:
            opened(str(tmp_path / name))
        assert "repodata.json.zst" in caught.value.hints[0]


@pytest.mark.parametrize("cut", [0, 4, 40], ids=["empty", "head", "half"])
def test_a_packed_file_that_is_cut_off_is_told(tmp_path: Path, opened: Opener, cut: int) -> None:
    folder = write_channel(tmp_path / "chan", [A, B], zst=True)
    file = folder / "linux-64" / "repodata.json.zst"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(ChannelError, match=r"linux-64/repodata\.json\.zst is broken"):
        opened(str(folder))


@pytest.mark.parametrize("body", [b"<html>no</html>", b"", b"[]", b'{"packages": {"a'])
def test_a_plain_file_that_is_not_json_is_told(tmp_path: Path, opened: Opener, body: bytes) -> None:
    folder = write_channel(tmp_path / "chan", [A, B])
    write_files(folder, {"linux-64/repodata.json": body})
    (source,) = opened(str(folder))
    with pytest.raises(ChannelError, match="not JSON") as caught:
        source.package_names("linux-64")
    assert caught.value.subdir == "linux-64"


def test_packed_data_that_is_not_json_is_told(tmp_path: Path, opened: Opener) -> None:
    folder = write_files(tmp_path / "chan", {"noarch/repodata.json.zst": pack(b"no")})
    (source,) = opened(str(folder))
    with pytest.raises(ChannelError, match="not JSON"):
        source.package_names("noarch")


@pytest.mark.parametrize("zst", [False, True], ids=["plain", "packed"])
def test_a_channel_that_changes_is_read_anew(tmp_path: Path, opened: Opener, *, zst: bool) -> None:
    folder = write_channel(tmp_path / "chan", [A], zst=zst)
    assert opened(str(folder))[0].package_names("linux-64") == {"a"}
    write_channel(folder, [A, record("later")], zst=zst)
    assert opened(str(folder))[0].package_names("linux-64") == {"a", "later"}


def test_a_read_only_folder_is_read(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "chan", [A])
    for path in (folder / "linux-64", folder):
        path.chmod(0o555)
    try:
        assert opened(str(folder))[0].package_names("linux-64") == {"a"}
    finally:
        for path in (folder, folder / "linux-64"):
            path.chmod(0o755)


def test_a_cache_that_cannot_be_made_is_no_obstacle(tmp_path: Path, opened: Opener) -> None:
    (tmp_path / "file").write_text("")
    folder = write_channel(tmp_path / "chan", [A], zst=True)
    (source,) = opened(str(folder), cache_dir=tmp_path / "file" / "cache")
    assert str(tmp_path) not in source.location


def test_a_path_with_spaces_and_signs_is_read(tmp_path: Path, opened: Opener) -> None:
    folder = write_channel(tmp_path / "a b" / "käse #1%", [A])
    for text in (str(folder), folder.as_uri()):
        (source,) = opened(text)
        assert source.records("linux-64", "a")[0].url == f"{folder.as_uri()}/linux-64/a-1.0-0.conda"


def test_a_folder_may_come_from_a_variable(
    tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_channel(tmp_path / "chan", [A])
    monkeypatch.setenv("CHANNELS", str(tmp_path))
    (source,) = opened("${CHANNELS}/chan")
    assert source.records("linux-64", "a")[0].url == "${CHANNELS}/chan/linux-64/a-1.0-0.conda"
    monkeypatch.delenv("CHANNELS")
    with pytest.raises(ChannelError, match="CHANNELS"):
        opened("${CHANNELS}/chan")


def test_two_processes_unpack_the_same_channel(tmp_path: Path) -> None:
    many = [record(f"p{i}", f"{j}") for i in range(100) for j in range(20)]
    folder = write_channel(tmp_path / "chan", many, zst=True)
    code = (
        "import sys; from pathlib import Path\n"
        "from condaenv_tools.channels.source import SourceOptions, open_sources\n"
        "from condaenv_tools.model.channel import expand_channels\n"
        "from condaenv_tools.model.platform import Platform\n"
        "(s,) = open_sources(expand_channels([sys.argv[1]]), platforms=[Platform.LINUX_64],\n"
        "    options=SourceOptions(cache_dir=Path(sys.argv[2])))\n"
        "print(len(s.package_names('linux-64')))"
    )
    command = [sys.executable, "-c", code, str(folder), str(tmp_path / "cache")]
    root = Path(__file__).resolve().parents[2]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, cwd=root, env=dict(os.environ)) for _ in range(3)
    ]
    assert [process.communicate(timeout=30)[0].strip() for process in running] == [b"100"] * 3
    assert not list((tmp_path / "cache").rglob("*.tmp"))
    for file in (tmp_path / "cache").rglob("repodata.json"):
        json.loads(file.read_bytes())
