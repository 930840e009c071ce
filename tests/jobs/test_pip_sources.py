"""Source archives in a whole lock: written, read back, proven, told, and switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.app import run
from condaenv_tools.errors import IndexFailureError, UnsatisfiableError
from condaenv_tools.jobs.lock_files import LockResult
from condaenv_tools.jobs.pip_half import PipOptions
from condaenv_tools.model.lock import PyPIRecord
from tests.builders import record, write_channel
from tests.loopback import Reply
from tests.pypi_index import Index, sdist, serve_index, wheel

PLATFORMS = ("linux-64", "osx-arm64", "win-64")
CHANNEL = [
    one
    for subdir in PLATFORMS
    for one in (
        record("python", "3.12.7", subdir=subdir, build="h_0_cpython"),
        record("pip", "24.0", "python", subdir=subdir),
        record("numpy", "1.26.4", "python", subdir=subdir),
        record("numpy", "2.1.0", "python", subdir=subdir),
    )
]
PLAIN = sdist("plain", "1.0", "numpy<2", "helper; sys_platform == 'win32'")
FILES = [wheel("app", "1.0", "plain"), PLAIN, wheel("helper", "1.5")]


def write(folder: Path) -> Path:
    write_channel(folder / "snapshot" / "toy", CHANNEL)
    file = folder / "environment.yml"
    file.write_text(
        f"channels: [toy, nodefaults]\nplatforms: [{', '.join(PLATFORMS)}]\n"
        "dependencies:\n  - python\n  - pip\n  - numpy\n  - pip:\n      - app\n",
        encoding="utf-8",
    )
    return file


def lock(file: Path, index: Index, *, sources: bool = True) -> LockResult:
    read = SourceOptions(snapshot=file.parent / "snapshot", cache_dir=file.parent / "cache", timeout=5)
    pip = PipOptions(index_url=index.url, sources=sources)
    return ct.lock_files(file, options=ct.LockOptions(sources=read, pip=pip))


def test_it_is_in_the_lock_of_every_platform_and_is_proven(tmp_path: Path) -> None:
    file = write(tmp_path)
    with serve_index(FILES) as index:
        result = lock(file, index)
        again = lock(file, index)
        address = index.url.replace("simple", "files") + PLAIN.file_name
    text = ct.lock_text(result.lock)
    assert ct.lock_text(again.lock) == text
    read = ct.loads_lock(text)
    assert ct.verify_lock(read, file).faults == ()
    for platform in PLATFORMS:
        part = read.on(platform)
        archives = {p.name: p.record for p in part.packages if isinstance(p.record, PyPIRecord)}
        assert (archives["plain"].url, archives["plain"].sha256) == (address, PLAIN.sha256)
        assert archives.keys() == {"app", "plain"} | ({"helper"} if platform == "win-64" else set())
        # What the source archive needs goes back to conda, as what a wheel needs does.
        assert {one.name: one.version for one in part.records}["numpy"] == "1.26.4"
    (told,) = [finding.message for finding in result.findings if finding.code == "CE492"]
    assert told == "plain is locked as source, and is built wherever it is installed"


def test_switched_off_it_is_a_conflict(tmp_path: Path) -> None:
    with (
        serve_index(FILES) as index,
        pytest.raises(UnsatisfiableError, match=r"plain 1\.0 is there as a source"),
    ):
        lock(write(tmp_path), index, sources=False)


def test_one_that_cannot_be_read_just_now_leaves_no_lock(tmp_path: Path) -> None:
    def fault(path: str, before: int) -> Reply | None:
        return Reply(status=503, body=b"busy") if path.endswith(".tar.gz") else None

    with (
        serve_index(FILES, fault=fault) as index,
        pytest.raises(IndexFailureError, match=r"plain-1\.0\.tar\.gz cannot be read"),
    ):
        lock(write(tmp_path), index)


@pytest.mark.parametrize(("words", "code"), [((), 0), (("--no-sources",), 1)], ids=["on", "off"])
def test_the_command_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: int,
) -> None:
    file = write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with serve_index(FILES) as index:
        given = ["lock", file.name, "--snapshot", "snapshot", "--index-url", index.url, *words]
        assert run(given) == code
    said = capsys.readouterr().err
    assert (tmp_path / "conda-lock.yml").exists() is (code == 0)
    assert ("or allow sources" in said) is (code == 1)
