"""The pip half of an update, end to end: a recorded channel and a package index on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.lock_files import lock_files, write_lock
from condaenv_tools.jobs.pip_half import PipOptions
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.update_files import UpdateOptions, UpdateResult, update_files, write_update
from tests.builders import record, write_channel
from tests.pypi_index import File, serve_index, wheel

CONDA = (
    record("python", "3.12.7", build="h_0_cpython"),
    record("pip", "24.0", "python"),
    record("numpy", "1.26.4", "python"),
    record("numpy", "2.1.0", "python"),
    record("tool", "1"),
)
OLD = (wheel("app", "1.0", "helper>=1"), wheel("helper", "1.0"), wheel("alone", "1.0"))
NEW = (
    *OLD,
    wheel("app", "2.0", "helper>=2"),
    wheel("helper", "2.0"),
    wheel("alone", "2.0"),
    wheel("fresh", "1.0", "helper>=2"),
    wheel("strict", "1.0", "helper<2"),
)


class Project:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file, self.lock = folder / "environment.yml", folder / "conda-lock.yml"
        self.index = ""
        write_channel(folder / "snapshot" / "toy", CONDA)

    def write(self, *pip: str, conda: str = "python, pip") -> None:
        specs = "".join(f"  - {spec.strip()}\n" for spec in conda.split(", "))
        lines = "".join(f"      - {line}\n" for line in pip)
        text = f"channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n{specs}  - pip:\n{lines}"
        self.file.write_text(text, encoding="utf-8")

    @property
    def options(self) -> LockOptions:
        sources = SourceOptions(
            snapshot=self.folder / "snapshot", cache_dir=self.folder / "cache", timeout=20
        )
        return LockOptions(sources=sources, pip=PipOptions(index_url=self.index))

    def update(self, *names: str, everything: bool = False) -> UpdateResult:
        options = UpdateOptions(lock=self.options, everything=everything)
        return update_files(self.file, lock=self.lock, names=names, options=options)


def moved(result: UpdateResult) -> list[str]:
    return [
        f"{c.name} {c.old_version or '-'} {c.new_version or '-'}"
        for p in result.diff.platforms
        for c in p.moved
    ]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A lock made when the index had old versions only."""
    made = Project(tmp_path)
    made.write("app", "alone")
    with serve_index(list(OLD)) as index:
        made.index = index.url
        write_lock(lock_files(made.file, options=made.options).lock, made.lock)
    files: list[File] = list(NEW)
    with serve_index(files) as index:
        # Another port each time: the lock names the archives of the first.
        text = made.lock.read_text(encoding="utf-8").replace(
            made.index.removesuffix("simple/"), index.url.removesuffix("simple/")
        )
        made.lock.write_text(text, encoding="utf-8")
        made.index = index.url
        yield made


def test_what_did_not_change_is_not_resolved_again(project: Project) -> None:
    project.index = "http://127.0.0.1:9/simple/"
    result = project.update()
    assert result.text is None
    assert moved(result) == []


def test_a_new_line_of_the_conda_half_leaves_pip_alone(project: Project) -> None:
    project.write("app", "alone", conda="python, pip, tool")
    assert moved(project.update()) == ["tool - 1"]


def test_a_new_line_frees_what_it_has_to(project: Project) -> None:
    project.write("app", "alone", "fresh")
    assert moved(project.update()) == ["fresh - 1.0", "helper 1.0 2.0"]


def test_a_named_distribution_moves_with_what_it_needs(project: Project) -> None:
    result = project.update("app")
    assert moved(result) == ["app 1.0 2.0", "helper 1.0 2.0"]
    assert write_update(result)
    again = project.update("app")
    assert again.text is None
    assert any("app stays at 2.0: it is the newest that there is" in note for note in again.notes)


def test_a_named_distribution_moves_alone_where_it_can(project: Project) -> None:
    assert moved(project.update("alone")) == ["alone 1.0 2.0"]


def test_who_holds_a_distribution_is_told(project: Project) -> None:
    project.write("app", "alone", "strict")
    result = project.update()
    assert moved(result) == ["strict - 1.0"]
    write_update(result)
    with pytest.raises(UnsatisfiableError) as caught:
        project.update("helper")
    assert "helper cannot move from 1.0 on linux-64" in str(caught.value)
    assert "strict" in str(caught.value)


def test_all_moves_all(project: Project) -> None:
    assert moved(project.update(everything=True)) == ["alone 1.0 2.0", "app 1.0 2.0", "helper 1.0 2.0"]
