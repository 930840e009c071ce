"""Extras of what conda brings, and what its builds leave out, in a whole lock: written, read, proven, told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.app import run
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.lock_files import LockResult
from condaenv_tools.jobs.pip_half import PipOptions
from condaenv_tools.model.lock import Lock, PyPIRecord
from tests.builders import record, write_channel
from tests.pypi_index import File, Index, serve_index, wheel

PLATFORMS = ("linux-64", "win-64")
CHANNEL = [
    one
    for subdir in PLATFORMS
    for one in (
        record("python", "3.12.7", subdir=subdir, build="h_0_cpython"),
        record("pip", "24.0", "python", subdir=subdir),
        record("numpy", "1.26.4", "python", subdir=subdir),
        record("numpy", "2.1.0", "python", subdir=subdir),
        record("dask-core", "2024.1.0", "python", subdir=subdir),
        record("distributed", "2024.1.0", "python", subdir=subdir),
        record("our-own-app", "1.0", "python", subdir=subdir),
    )
]
FILES: list[File] = [
    wheel(
        "dask",
        "2024.1",
        "click",
        "colorama; sys_platform == 'win32'",
        "our-own-app",
        "lz4>=4; extra == 'complete'",
        "distributed[fast]==2024.1; extra == 'complete'",
        "numpy<2; extra == 'array'",
        extras=["complete", "array"],
    ),
    wheel("dask", "2025.1"),
    wheel("distributed", "2024.1.0", "zict; extra == 'fast'", extras=["fast"]),
    wheel("app", "1.0", "dask[complete]>=2024"),
    *(wheel(name, "4.5") for name in ("lz4", "zict", "click")),
    *(wheel("numpy", version) for version in ("1.26.4", "2.1.0")),
]


class World:
    """A project with a recorded channel and an index."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.folder = folder
        self.index = index
        self.file = folder / "environment.yml"
        write_channel(folder / "snapshot" / "toy", CHANNEL)

    def lock(self, *pip: str, conda: str = "dask-core, distributed", offline: bool = False) -> LockResult:
        lines = "".join(f"      - {line}\n" for line in pip)
        specs = "".join(f"  - {spec.strip()}\n" for spec in f"python, pip, {conda}".split(", "))
        head = f"channels: [toy, nodefaults]\nplatforms: [{', '.join(PLATFORMS)}]\ndependencies:\n"
        self.file.write_text(f"{head}{specs}  - pip:\n{lines}", encoding="utf-8")
        sources = SourceOptions(
            snapshot=self.folder / "snapshot", cache_dir=self.folder / "cache", timeout=5, offline=offline
        )
        options = ct.LockOptions(sources=sources, pip=PipOptions(index_url=self.index.url))
        return ct.lock_files(self.file, options=options)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serve_index(FILES) as index:
        yield World(tmp_path, index)


def archives(lock: Lock, platform: str = "linux-64") -> dict[str, str]:
    packages = lock.on(platform).packages
    return {p.name: p.record.version for p in packages if isinstance(p.record, PyPIRecord)}


def said(result: LockResult, code: str) -> list[str]:
    return [finding.message for finding in result.findings if finding.code == code]


@pytest.mark.parametrize("line", ["dask[complete]", "app"], ids=["of-a-line", "of-a-locked-distribution"])
def test_what_an_extra_of_conda_s_brings_is_locked_and_proven(world: World, line: str) -> None:
    result = world.lock(line)
    text = ct.lock_text(result.lock)
    read = ct.loads_lock(text)
    more = {"app": "1.0"} if line == "app" else {}
    for platform in PLATFORMS:
        # The extra of dask leads to one of distributed, which is of conda's, too.
        assert archives(read, platform) == {"lz4": "4.5", "zict": "4.5", **more}
        assert f"{platform}: dask[complete] lz4 >=4" in text
    assert ct.verify_lock(read, world.file).faults == ()
    assert said(result, "CE496") == []
    assert ct.lock_text(world.lock(line).lock) == text
    assert ct.lock_text(world.lock(line, offline=True).lock) == text


def test_a_lock_that_does_not_say_it_is_at_fault(world: World) -> None:
    lock = world.lock("dask[complete]").lock
    silent = replace(lock, metadata=())
    assert {fault.rule for fault in ct.verify_lock(silent).faults} == {"reachable"}


def test_a_version_that_the_extra_does_not_take_is_a_fault(world: World) -> None:
    lock = world.lock("dask[complete]").lock
    old = replace(lock, metadata=tuple((key, text.replace(">=4", ">=5")) for key, text in lock.metadata))
    faults = ct.verify_lock(old).faults
    assert [fault.message for fault in faults] == ["dask[complete] needs lz4 >=5, and the lock has 4.5"] * 2


def test_what_an_extra_demands_goes_back_to_conda(world: World) -> None:
    result = world.lock("dask[array]", conda="dask-core, numpy")
    versions = {one.name: one.version for one in result.lock.on("linux-64").records}
    assert (versions["numpy"], versions["dask-core"]) == ("1.26.4", "2024.1.0")
    assert len(said(result, "CE491")) == 1


def test_where_conda_cannot_give_way_the_conflict_is_told(world: World) -> None:
    with pytest.raises(UnsatisfiableError, match="numpy"):
        world.lock("dask[array]", conda="dask-core, numpy>=2")


def test_an_extra_that_is_not_there_is_told_although_nothing_is_locked(world: World) -> None:
    result = world.lock("dask[gpu]")
    assert archives(result.lock) == {}
    assert said(result, "CE496") == ["dask has no extra gpu, so dask[gpu] brings nothing more than dask"]


def test_what_conda_s_build_leaves_out_is_told_and_not_locked(world: World) -> None:
    result = world.lock("dask", conda="dask-core, our-own-app")
    assert archives(result.lock) == {}
    # Nobody knows what our-own-app brings, so that it is not said to be lacking.
    assert said(result, "CE498") == [
        "conda's dask-core 2024.1.0 is built without click, colorama, which dask asks for on PyPI (win-64)",
        "conda's dask-core 2024.1.0 is built without click, which dask asks for on PyPI (linux-64)",
    ]


def test_the_command_line_tells_it_as_a_remark(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.lock("dask", "click")
    monkeypatch.chdir(world.folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(world.folder / "cache"))
    words = ["lock", "environment.yml", "--snapshot", "snapshot", "--index-url", world.index.url]
    assert run([*words, "-v"]) == 0
    assert "info CE498: conda's dask-core 2024.1.0 is built without" in capsys.readouterr().err
