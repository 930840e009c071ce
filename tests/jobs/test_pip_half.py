"""Both halves of an environment, end to end: a recorded channel and a package index on loopback."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import condaenv_tools as ct
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.lock_files import LockResult
from condaenv_tools.jobs.pip_half import PipOptions
from condaenv_tools.model.lock import LockedPlatform, PyPIRecord
from condaenv_tools.model.record import PackageRecord
from tests.builders import record, write_channel
from tests.pypi_index import File, Index, project_files, serve_index, wheel

SUBDIRS = ("linux-64", "osx-arm64", "win-64")
PYTHON = tuple(
    one
    for subdir in SUBDIRS
    for one in (
        record("python", "3.12.7", "tzdata", subdir=subdir, build="h_0_cpython"),
        record("python", "3.11.9", "tzdata", subdir=subdir, build="h_0_cpython"),
        record("pip", "24.0", "python", subdir=subdir),
        record("numpy", "1.26.4", "python", subdir=subdir),
        record("numpy", "2.1.0", "python", subdir=subdir),
        record("scipy", "1.14", "numpy >=2", subdir=subdir),
        record("our-app", "1.0", "python", subdir=subdir),
        record("tzdata", "2024a", subdir=subdir),
        record("python-tzdata", "2024.1", "python", subdir=subdir),
    )
)


class World:
    """A project with a recorded channel and an index."""

    def __init__(self, folder: Path, index: Index) -> None:
        self.folder = folder
        self.index = index
        self.file = folder / "environment.yml"

    def write(
        self, *pip: str, conda: str = "python, pip", platforms: str = "linux-64", more: str = ""
    ) -> None:
        lines = "".join(f"      - {line}\n" for line in pip)
        specs = "".join(f"  - {spec.strip()}\n" for spec in conda.split(", "))
        text = f"channels: [toy, nodefaults]\nplatforms: [{platforms}]\ndependencies:\n{specs}"
        self.file.write_text(f"{text}  - pip:\n{lines}{more}", encoding="utf-8")

    def lock(self, *records: PackageRecord, joint: bool = True, indexed: bool = True) -> LockResult:
        write_channel(self.folder / "snapshot" / "toy", [*PYTHON, *records])
        sources = SourceOptions(
            snapshot=self.folder / "snapshot", cache_dir=self.folder / "cache", timeout=20, offline=False
        )
        pip = PipOptions(index_url=self.index.url if indexed else None, joint=joint)
        options = ct.LockOptions(sources=sources, pip=pip)
        return ct.lock_files(self.file, options=options)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    files: list[File] = [
        wheel("app", "1.0", "numpy", "helper>=1"),
        wheel("helper", "1.5"),
        wheel("old", "1.0", "numpy<2"),
        wheel("older", "1.0", "numpy<1"),
        wheel("dated", "1.0", "tzdata"),
        wheel("tzdata", "2024.1"),
        wheel("numpy", "9.9"),
        wheel("our-app", "9.9"),
        wheel("needs-app", "1.0", "our-app"),
        wheel("win-only", "1.0"),
        wheel("opencv-python", "4.10"),
        wheel("opencv-python-headless", "4.10"),
        wheel("tensorflow", "2.15", "tensorflow-intel"),
        wheel("tensorflow-intel", "2.15"),
    ]
    with serve_index(files) as index:
        yield World(tmp_path, index)


def pip_part(result: LockResult, platform: str = "linux-64") -> dict[str, str]:
    part = result.lock.on(platform)
    return {p.name: p.record.version for p in part.packages if isinstance(p.record, PyPIRecord)}


def conda_part(part: LockedPlatform) -> dict[str, str]:
    return {one.name: one.version for one in part.records}


def codes(result: LockResult) -> dict[str, str]:
    return {f.code: f.message for f in result.findings if f.code.startswith("CE49")}


def test_what_conda_provides_is_given_and_everything_has_its_hash(world: World) -> None:
    world.write("app", conda="python, pip, numpy")
    result = world.lock()
    assert pip_part(result) == {"app": "1.0", "helper": "1.5"}
    assert conda_part(result.lock.on("linux-64"))["numpy"] == "2.1.0"
    archives = [p.record for p in result.lock.on("linux-64").packages if isinstance(p.record, PyPIRecord)]
    assert all(one.sha256 and one.url.startswith(world.index.url.removesuffix("simple/")) for one in archives)
    assert dict(archives[0].requires) == {"helper": ">=1", "numpy": ""}


def test_a_lock_reads_back_and_answers_its_file(world: World) -> None:
    world.write(
        "app", 'win-only; sys_platform == "win32"', conda="python, numpy", platforms="linux-64, win-64"
    )
    result = world.lock()
    assert "win-only" not in pip_part(result)
    assert pip_part(result, "win-64")["win-only"] == "1.0"
    lock = ct.loads_lock(ct.lock_text(result.lock))
    assert lock.platforms[0].packages == ct.loads_lock(ct.lock_text(lock)).platforms[0].packages
    assert ct.verify_lock(lock, world.file).faults == ()


def test_pip_itself_comes_from_conda_although_no_line_asks_for_it(world: World) -> None:
    world.write("helper", conda="python")
    assert "pip" in conda_part(world.lock().lock.on("linux-64"))


def test_a_demand_goes_back_to_conda_and_is_told(world: World) -> None:
    world.write("old", conda="python, pip, numpy")
    result = world.lock()
    assert conda_part(result.lock.on("linux-64"))["numpy"] == "1.26.4"
    said = codes(result)["CE491"]
    assert said.startswith("numpy is 1.26.4 and not 2.1.0, because old (")
    assert "environment.yml:8:9) needs numpy" in said


def test_without_the_joint_step_the_conflict_is_the_answer(world: World) -> None:
    world.write("old", conda="python, pip, numpy")
    with pytest.raises(UnsatisfiableError) as caught:
        world.lock(joint=False)
    assert "numpy" in str(caught.value)
    assert "conda brings numpy 2.1.0" in str(caught.value)


def test_when_conda_cannot_give_way_both_sides_are_told(world: World) -> None:
    world.write("old", conda="python, pip, scipy")
    with pytest.raises(UnsatisfiableError) as caught:
        world.lock()
    text = str(caught.value)
    assert "old" in text
    assert "conda has no solution with numpy" in text
    assert not (world.folder / "conda-lock.yml").exists()


def test_a_demand_that_no_build_meets_is_told(world: World) -> None:
    world.write("older", conda="python, pip, numpy")
    with pytest.raises(UnsatisfiableError, match="older"):
        world.lock()


def test_an_unknown_conda_package_is_taken_for_the_distribution_and_that_is_said(world: World) -> None:
    world.write("needs-app", conda="python, pip, our-app")
    result = world.lock()
    assert pip_part(result) == {"needs-app": "1.0"}
    assert "our-app of conda is taken to bring the distribution of its name" in codes(result)["CE493"]


def test_of_two_packages_of_one_name_conda_brings_the_right_one(world: World) -> None:
    world.write("dated")
    result = world.lock()
    assert pip_part(result) == {"dated": "1.0"}
    assert conda_part(result.lock.on("linux-64"))["python-tzdata"] == "2024.1"
    assert "tzdata of PyPI comes with python-tzdata of conda" in codes(result)["CE493"]


def test_included_files_and_constraints_count(world: World) -> None:
    (world.folder / "more.txt").write_text("app\n-c limits.txt\n", encoding="utf-8")
    (world.folder / "limits.txt").write_text("helper<2\n", encoding="utf-8")
    world.write("-r more.txt", "opencv-python", "opencv-python-headless", conda="python, pip, numpy")
    result = world.lock()
    assert pip_part(result).keys() == {"app", "helper", "opencv-python", "opencv-python-headless"}
    assert pip_part(result)["helper"] == "1.5"
    assert [f.path for f in result.findings if f.code == "CE495"] == [str(world.file)]
    (root, *_) = (one for one in result.lock.on("linux-64").roots or () if one.manager == "pip")
    assert (root.name, root.source) == ("app", "more.txt:1")
    assert ct.verify_lock(ct.loads_lock(ct.lock_text(result.lock)), world.file).faults == ()


def test_a_constraint_that_excludes_everything_is_a_conflict(world: World) -> None:
    (world.folder / "limits.txt").write_text("helper<1\n", encoding="utf-8")
    world.write("-c limits.txt", "app", conda="python, pip, numpy")
    with pytest.raises(UnsatisfiableError, match="helper"):
        world.lock()


def test_the_index_of_the_file_counts_where_none_is_said(world: World) -> None:
    world.write(f"--index-url {world.index.url}", "helper")
    assert pip_part(world.lock(indexed=False)) == {"helper": "1.5"}


def test_two_that_install_the_same_files_are_told(world: World) -> None:
    world.write("opencv-python", "opencv-python-headless")
    assert "install the same files" in codes(world.lock())["CE495"]


def test_one_that_brings_the_files_of_another_is_no_second_one(world: World) -> None:
    world.write("tensorflow")
    result = world.lock()
    assert pip_part(result).keys() == {"tensorflow", "tensorflow-intel"}
    assert "CE495" not in codes(result)


def test_what_the_channel_has_is_told_once(world: World) -> None:
    world.write("numpy", "helper", conda="python, pip", platforms="linux-64, osx-arm64")
    result = world.lock()
    assert pip_part(result)["numpy"] == "9.9"
    assert codes(result)["CE494"] == "numpy is on the channels, too"


def test_a_pip_section_without_python_is_told_with_its_place(world: World) -> None:
    bare = record("pip", "99.0")
    world.write("helper", conda="pip=99")
    with pytest.raises(UnsatisfiableError, match=r"environment\.yml:6:9: .* nothing brings Python"):
        world.lock(bare)


def test_categories_follow_the_files(world: World) -> None:
    world.write("helper", conda="python, pip, numpy")
    dev = world.folder / "dev.yml"
    dev.write_text(
        "category: dev\nchannels: [toy, nodefaults]\nplatforms: [linux-64]\n"
        "dependencies:\n  - pip\n  - pip:\n      - app\n",
        encoding="utf-8",
    )
    write_channel(world.folder / "snapshot" / "toy", PYTHON)
    sources = SourceOptions(snapshot=world.folder / "snapshot", cache_dir=world.folder / "cache")
    options = ct.LockOptions(sources=sources, pip=PipOptions(index_url=world.index.url))
    part = ct.lock_files(world.file, dev, options=options).lock.on("linux-64")
    found = {(p.manager, p.name): p.categories for p in part.packages}
    assert found["pip", "app"] == ("dev",)
    assert found["pip", "helper"] == ("dev", "main")
    assert found["conda", "numpy"] == ("dev", "main")


def test_a_repository_is_locked_at_its_commit_and_proven_as_such(world: World) -> None:
    repository = world.folder / "repository"
    repository.mkdir()
    for path, content in project_files("tracked", "1.0").items():
        (repository / path).parent.mkdir(parents=True, exist_ok=True)
        (repository / path).write_bytes(content)
    who = ["-c", "user.name=toy", "-c", "user.email=toy@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository, check=True, capture_output=True, text=True
    ).stdout.strip()
    world.write(f"tracked @ git+{repository.as_uri()}", "./local")
    (world.folder / "local").mkdir()
    for path, content in project_files("local", "1.0").items():
        (world.folder / "local" / path).parent.mkdir(parents=True, exist_ok=True)
        (world.folder / "local" / path).write_bytes(content)
    result = world.lock()
    lock = ct.loads_lock(ct.lock_text(result.lock))
    archives = {p.name: p.record for p in lock.on("linux-64").packages if isinstance(p.record, PyPIRecord)}
    assert archives["tracked"].url == f"git+{repository.as_uri()}@{commit}"
    assert archives["tracked"].sha256 is None
    assert archives["local"].url == "./local"
    assert "CE492" in codes(result)
    assert ct.verify_lock(lock, world.file).faults == ()


def test_no_credential_reaches_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_PASSWORD", "hunter2")
    with serve_index([wheel("helper", "1.5")], user="me:hunter2") as index:
        world = World(tmp_path, index)
        url = index.url.replace("://", "://me:${TOY_PASSWORD}@")
        world.write(f"--index-url {url}", "helper")
        result = world.lock(indexed=False)
    text = ct.lock_text(result.lock)
    assert pip_part(result) == {"helper": "1.5"}
    assert "hunter2" not in text + str(result.findings)


def test_the_cache_that_is_named_is_the_only_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = world.folder / "other"
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(other))
    world.write("helper")
    assert pip_part(world.lock()) == {"helper": "1.5"}
    assert (world.folder / "cache").is_dir()
    assert [path for path in other.rglob("*") if path.is_file()] == []


def test_the_same_inputs_give_the_same_bytes(world: World) -> None:
    world.write("app", "old", conda="python, numpy, pip", platforms="linux-64, osx-arm64, win-64")
    once = ct.lock_text(world.lock().lock)
    world.write("old", "app", conda="numpy, pip, python", platforms="win-64, linux-64, osx-arm64")
    again = ct.lock_text(world.lock().lock)
    package = once[once.index("\npackage:") :]
    assert again[again.index("\npackage:") :] == package
