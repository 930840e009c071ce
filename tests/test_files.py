"""A file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from condaenv_tools.errors import OutputError
from condaenv_tools.files import write_atomically


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_new_and_old_files(tmp_path: Path) -> None:
    path = tmp_path / "conda-lock.yml"
    write_atomically(path, "ä\n")
    assert path.read_bytes() == "ä\n".encode()
    write_atomically(str(path), b"\x00\r\n")
    assert path.read_bytes() == b"\x00\r\n"
    assert names(tmp_path) == ["conda-lock.yml"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_permissions_of_a_new_file_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    write_atomically(tmp_path / "ours", "")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.skipif(os.name == "nt", reason="permissions are those of POSIX")
def test_permissions_of_an_old_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("")
    path.chmod(0o640)
    write_atomically(path, "x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    target, link = tmp_path / "deep" / "real", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device")
def test_a_device_is_written_to_and_not_replaced() -> None:
    write_atomically("/dev/null", "x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        (("nowhere", "a.yml"), "no directory"),
        (("folder",), "is a directory"),
        (("file", "a.yml"), "no directory"),
        (("x" * 5000,), "too long"),
        (("a\0b",), "null"),
    ],
    ids=["no-directory", "directory", "below-a-file", "too-long", "null-byte"],
)
def test_a_wrong_path_is_the_users_mistake(tmp_path: Path, parts: tuple[str, ...], word: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    with pytest.raises(OutputError, match=word) as caught:
        write_atomically(tmp_path.joinpath(*parts), "x")
    assert caught.value.usage
    assert names(tmp_path) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "old"


@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, "fsync", full) if name == "fsync" else (Path, "replace", full)))
    with pytest.raises(OutputError, match="untouched") as caught:
        write_atomically(path, "new")
    assert not caught.value.usage
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_really_full_device_is_told() -> None:
    with pytest.raises(OutputError, match="space") as caught:
        write_atomically("/dev/full", "x" * 100_000)
    assert not caught.value.usage


def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a"]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may write anything")
def test_a_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(OutputError, match="read-only"):
        write_atomically(path, "new")
    assert path.read_text() == "old"


def test_processes_that_write_at_the_same_time_each_leave_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    code = (
        "import sys; from condaenv_tools.files import write_atomically\n"
        "for _ in range(60): write_atomically(sys.argv[1], sys.argv[2] * 300_000)"
    )
    root = Path(__file__).resolve().parents[1]
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), c], cwd=root) for c in "abc"]
    seen = set()
    while any(w.poll() is None for w in writers):
        if path.exists():
            text = path.read_text()
            assert len(text) == 300_000
            assert len(set(text)) == 1
            seen.add(text[0])
    assert [w.returncode for w in writers] == [0, 0, 0]
    assert seen
    assert names(tmp_path) == ["a"]
