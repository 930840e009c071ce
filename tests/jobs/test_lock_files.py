"""Files in, a proven lock out; and the proof of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import (
    ChannelError,
    LockFormatError,
    OutputError,
    UnsatisfiableError,
    VerificationError,
)
from condaenv_tools.jobs.lock_files import LockResult, lock_files, lock_text, write_lock
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.snapshot_files import snapshot_files
from condaenv_tools.jobs.verify_files import VerifyOptions, read_lock, verify_files, verify_lock
from condaenv_tools.model.lock import Lock, LockedPackage
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.rattler_solver import RattlerSolver
from condaenv_tools.resolve.request import Outcome, SolveOptions, Strategy
from condaenv_tools.resolve.solve import SOLVERS
from tests.builders import record, write_channel

LINUX, MAC = Platform.LINUX_64, Platform.OSX_ARM64
ONE = "channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n"

RECORDS = (
    *(record("a", v, "b >=1", "noise *") for v in ("1", "2", "3")),
    *(record("b", v, "__unix") for v in ("1", "2")),
    record("noise", "1", subdir="noarch"),
    record("pip", "25"),
    record("gpu", "1", "__cuda >=12"),
    record("c", "1"),
    *(record("a", v, "b >=1", subdir="osx-arm64") for v in ("1", "2")),
    record("b", "1", subdir="osx-arm64"),
)


class Project:
    """A folder with files and a recorded channel."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_channel(folder / "snap" / "toy", RECORDS)

    def file(self, text: str, name: str = "environment.yml") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def options(self, snapshot: str = "snap", **settings: Any) -> LockOptions:
        return LockOptions(sources=self.sources(snapshot), **settings)

    def sources(self, snapshot: str = "snap") -> SourceOptions:
        return SourceOptions(snapshot=self.folder / snapshot, offline=True, cache_dir=self.folder / "cache")

    def result(self, *texts: str, beside: Path | None = None, **settings: Any) -> LockResult:
        paths = [self.file(text, f"{index}.yml") for index, text in enumerate(texts)]
        return lock_files(*paths, options=self.options(**settings), beside=beside)

    def lock(self, *texts: str, **settings: Any) -> Lock:
        return self.result(*texts, **settings).lock


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def found(lock: Lock, platform: Platform = LINUX) -> list[str]:
    return [f"{r.name} {r.version}" for r in lock.on(platform).records]


def test_a_lock_holds_what_was_solved(project: Project) -> None:
    result = project.result(f"{ONE}  - a <3\n")
    assert found(result.lock) == ["a 2", "b 2", "noise 1"]
    assert [c.url for c in result.lock.channels] == ["toy"]
    assert [(r.name, r.spec) for r in result.lock.on(LINUX).roots or ()] == [("a", "a[version='<3']")]
    assert [o.platform for o in result.outcomes] == [LINUX]


def test_each_platform_has_what_it_can_have(project: Project) -> None:
    lock = project.lock(f"{ONE}  - a\n", platforms=(MAC, LINUX))
    assert [part.platform for part in lock] == [LINUX, MAC]
    assert (found(lock)[0], found(lock, MAC)[0]) == ("a 3", "a 2")


def test_two_files_on_one_package_are_both_satisfied(project: Project) -> None:
    assert "a 2" in found(project.lock(f"{ONE}  - a >=2\n", f"{ONE}  - a <3\n"))


def test_two_files_that_exclude_each_other_are_a_conflict(project: Project) -> None:
    with pytest.raises(UnsatisfiableError):
        project.lock(f"{ONE}  - a >=3\n", f"{ONE}  - a <3\n")


def test_categories_say_who_needs_what(project: Project) -> None:
    lock = project.lock(f"{ONE}  - b\n", f"category: dev\n{ONE}  - a\n")
    categories = {p.name: p.categories for p in lock.on(LINUX).packages}
    assert categories == {"a": ("dev",), "b": ("dev", "main"), "noise": ("dev",)}


def test_sources_are_relative_to_the_lock(project: Project) -> None:
    text = f"{ONE}  - a\n"
    assert project.lock(text).sources == ("0.yml",)
    assert project.lock(text, text, beside=project.folder / "locks" / "x").sources == (
        "../../0.yml",
        "../../1.yml",
    )


def test_the_pip_section_that_was_left_out_is_recorded(project: Project) -> None:
    result = project.result(f"{ONE}  - a\n  - pip\n  - pip:\n    - x\n", conda_only=True)
    assert "the pip section (1 line) was left out" in " ".join(dict(result.lock.metadata).values())
    assert "CE490" in {f.code for f in result.findings}


def test_strategy_and_machine_are_recorded(project: Project) -> None:
    lock = project.lock(
        f"{ONE}  - a\n  - gpu\n",
        virtual_packages=(VirtualPackage.parse("__cuda=12.4"),),
        solve=SolveOptions(strategy=Strategy.LOWEST),
    )
    assert "lowest" in dict(lock.metadata).values()
    assert "__cuda=12.4=0" in {str(v) for v in lock.on(LINUX).virtual_packages or ()}
    assert "a 1" in found(lock)


def test_who_waits_is_told_of_the_plan_and_of_each_platform(project: Project) -> None:
    plans: list[object] = []
    outcomes: list[Outcome] = []
    path = project.file(f"{ONE}  - a\n")
    lock_files(
        path,
        options=project.options(platforms=(LINUX, MAC)),
        on_plan=plans.append,
        on_done=outcomes.append,
    )
    assert len(plans) == 1
    assert {o.platform for o in outcomes} == {LINUX, MAC}


# --- the same bytes


def test_the_order_of_lines_changes_nothing_but_the_roots(project: Project) -> None:
    lines = ["  - a\n", "  - c\n", "  - b\n"]
    first = project.lock(ONE + "".join(lines))
    second = project.lock(ONE + "".join(reversed(lines)))
    assert first.on(LINUX).packages == second.on(LINUX).packages
    assert {(r.name, r.spec) for r in first.on(LINUX).roots or ()} == {
        (r.name, r.spec) for r in second.on(LINUX).roots or ()
    }
    packages = [lock_text(lock).partition("\npackage:")[2] for lock in (first, second)]
    assert packages[0] == packages[1]


def test_the_order_of_platforms_changes_nothing(project: Project) -> None:
    texts = {lock_text(project.lock(f"{ONE}  - a\n", platforms=p)) for p in ((LINUX, MAC), (MAC, LINUX))}
    assert len(texts) == 1


def test_a_recording_locks_to_the_same_bytes_as_what_was_recorded(project: Project) -> None:
    path = project.file(f"{ONE}  - a\n")
    first = lock_text(lock_files(path, options=project.options()).lock)
    report = snapshot_files(path, folder=project.folder / "again", options=project.options())
    again = lock_text(lock_files(path, options=project.options("again")).lock)
    assert again == first
    assert {part.subdir for part in report.subdirs if part.records} == {"linux-64", "noarch"}
    assert sum(part.records for part in report.subdirs) == 6


def test_what_is_written_is_what_is_read(project: Project) -> None:
    lock = project.lock(f"{ONE}  - a\n")
    write_lock(lock, project.folder / "conda-lock.yml")
    assert lock_text(read_lock(project.folder / "conda-lock.yml")) == lock_text(lock)


def test_a_lock_is_not_written_where_no_folder_is(project: Project) -> None:
    with pytest.raises(OutputError) as caught:
        write_lock(project.lock(f"{ONE}  - a\n"), project.folder / "nowhere" / "conda-lock.yml")
    assert caught.value.usage


# --- no


def test_platforms_that_fail_for_one_reason_are_told_together(project: Project) -> None:
    write_channel(project.folder / "snap" / "toy", RECORDS, ["linux-64", "osx-64", "osx-arm64", "noarch"])
    path = project.file(f"{ONE}  - zzzzz\n")
    with pytest.raises(UnsatisfiableError) as caught:
        lock_files(path, options=project.options(platforms=(LINUX, MAC)))
    assert str(caught.value) == (
        f"{path} cannot be solved on linux-64 and osx-arm64; nothing was written\n"
        "\n"
        "linux-64 and osx-arm64:\n"
        "  no package on toy is called zzzzz\n"
        "  hint: see whether another channel or PyPI has it"
    )


def test_platforms_that_are_solved_are_named(project: Project) -> None:
    path = project.file(f"{ONE}  - c\n")
    with pytest.raises(UnsatisfiableError) as caught:
        lock_files(path, options=project.options(platforms=(LINUX, MAC)))
    assert str(caught.value) == (
        f"{path} cannot be solved on osx-arm64; nothing was written\n"
        "\n"
        "osx-arm64:\n"
        "  c is on toy for linux-64 only\n"
        "\n"
        "solved: linux-64\n"
        "  hint: give its line a selector, `# [linux]`, or leave the platform out"
    )
    assert caught.value.solved == (LINUX,)
    assert list(caught.value.reasons) == [MAC]


def test_a_channel_that_fails_is_worse_than_a_conflict(project: Project) -> None:
    path = project.file(f"{ONE}  - zzzzz\n".replace("toy", "bioconda"))
    with pytest.raises(ChannelError):
        lock_files(path, options=project.options())


class Forgetful:
    """A solver that forgets the last record."""

    def solve(self, *args: Any, **settings: Any) -> tuple[Outcome, ...]:
        outcomes = RattlerSolver().solve(*args, **settings)
        solutions = [o.solution for o in outcomes if o.solution is not None]
        return tuple(
            replace(outcome, solution=replace(solution, records=solution.records[:-1]))
            for outcome, solution in zip(outcomes, solutions, strict=True)
        )


def test_an_answer_that_does_not_hold_never_becomes_a_lock(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SOLVERS, "rattler", Forgetful())
    with pytest.raises(VerificationError) as caught:
        project.lock(f"{ONE}  - a\n")
    assert {fault.rule for fault in caught.value.faults} == {"depends"}  # type: ignore[attr-defined]
    assert "nothing was written" in str(caught.value)


# --- the proof


@pytest.fixture
def locked(project: Project) -> tuple[Project, Path]:
    path = project.file(f"{ONE}  - a\n")
    write_lock(lock_files(path, options=project.options()).lock, project.folder / "conda-lock.yml")
    return project, path


def rules(lock: Lock, *files: Path, **settings: Any) -> set[tuple[str, str]]:
    report = verify_lock(lock, *files, options=VerifyOptions(**settings))
    return {(fault.rule, fault.package) for fault in report.faults}


def test_a_lock_is_proven_alone_with_records_and_with_files(locked: tuple[Project, Path]) -> None:
    project, path = locked
    lock = read_lock(project.folder / "conda-lock.yml")
    assert rules(lock) == set()
    assert rules(lock, sources=project.sources()) == set()
    assert rules(lock, path) == set()
    _, report = verify_files(
        project.folder / "conda-lock.yml", path, options=VerifyOptions(sources=project.sources())
    )
    assert report.ok


def changed(lock: Lock, change: Callable[[PackageRecord], PackageRecord | None]) -> Lock:
    """Return a lock of one platform with other records."""
    (part,) = lock.platforms
    packages: list[LockedPackage] = []
    for package in part.packages:
        assert isinstance(package.record, PackageRecord)
        other = change(package.record)
        if other is not None:
            packages.append(replace(package, record=other))
    return replace(lock, platforms=(replace(part, packages=tuple(packages)),))


def test_a_changed_hash_is_seen_with_the_records_alone(locked: tuple[Project, Path]) -> None:
    project, _ = locked
    lock = read_lock(project.folder / "conda-lock.yml")
    broken = changed(lock, lambda r: replace(r, sha256="0" * 64) if r.name == "b" else r)
    assert rules(broken) == set()
    assert rules(broken, sources=project.sources()) == {("hashes", "b")}


def test_a_package_that_was_taken_out_is_seen_without_anything(locked: tuple[Project, Path]) -> None:
    project, _ = locked
    lock = read_lock(project.folder / "conda-lock.yml")
    broken = changed(lock, lambda r: None if r.name == "b" else r)
    assert ("depends", "a") in rules(broken)


def test_a_lock_of_other_files_is_not_current(locked: tuple[Project, Path]) -> None:
    project, path = locked
    lock = read_lock(project.folder / "conda-lock.yml")
    path.write_text(f"{ONE}  - a <3\n")
    assert {rule for rule, _ in rules(lock, path)} == {"roots", "current"}


@pytest.mark.parametrize("text", ["", "version: 9\nmetadata: {}\npackage: []\n", ONE, "[", "\x00"])
def test_what_is_no_lock_is_said_so(project: Project, text: str) -> None:
    path = project.file(text, "conda-lock.yml")
    with pytest.raises(LockFormatError, match=r"conda-lock\.yml"):
        read_lock(path)


def test_a_lock_that_is_not_there_comes_with_the_way_to_make_one(project: Project) -> None:
    with pytest.raises(LockFormatError, match=r"make one with: condaenv lock environment\.yml"):
        read_lock(project.folder / "missing.yml")
