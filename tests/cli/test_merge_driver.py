"""The merge driver in real git repositories: merges, rebases, cherry-picks, and contradictions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from condaenv_tools.jobs.merge_locks import merge_files
from condaenv_tools.jobs.verify_files import read_lock
from tests.builders import record
from tests.cli.world import ROOT, Folder

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there")

LINE = "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n"
RECORDS = tuple(
    one
    for subdir in ("linux-64", "osx-arm64")
    for one in (
        record("app", "1", "lib", subdir=subdir),
        *(record("lib", v, subdir=subdir) for v in ("1", "2", "3")),
        *(record("base", v, subdir=subdir) for v in ("1", "2")),
        record("tool", "1", subdir=subdir),
        record("old", "1", "lib <3", subdir=subdir),
        record("older", "1", "lib <2", subdir=subdir),
        record("new", "1", "lib >=2", subdir=subdir),
    )
)


class Repository:
    """A git repository with an environment file, its lock, and the driver."""

    def __init__(self, here: Folder, lock: str) -> None:
        self.here = here
        self.lock = lock
        self.driver_error = here.path / "driver.err"
        here.channel(RECORDS)
        self.git("init", "-q", "-b", "main", ".")
        python = f"PYTHONPATH='{ROOT}' '{sys.executable}' -m condaenv_tools"
        self.git(
            "config", "merge.condaenv.driver", f"{python} merge-driver %O %A %B %P 2>>'{self.driver_error}'"
        )
        self.git("config", "user.email", "a@example.org")
        self.git("config", "user.name", "a")
        (here.path / ".gitattributes").write_text(f"{lock} merge=condaenv\n", encoding="utf-8")
        (here.path / ".git" / "info" / "exclude").write_text("snap\ndriver.err\n", encoding="utf-8")

    def git(self, *words: str, fails: bool = False) -> str:
        settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_EDITOR": "true"}
        ran = subprocess.run(
            ["git", *words],
            cwd=self.here.path,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode != 0) == fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def commit(self, *specs: str, names: tuple[str, ...] = (), message: str = "x") -> None:
        """Write the file with these lines, bring the lock up to them, and commit both."""
        self.here.write(LINE + "".join(f"  - {spec}\n" for spec in specs))
        if self.here.has(self.lock):
            command = ("update", "environment.yml", "--lock", self.lock, *names)
        else:
            form = "pixi" if self.lock.startswith("pixi") else "conda-lock"
            command = ("lock", "environment.yml", "-o", self.lock, "--format", form)
        ran = self.here.run(*command, "--snapshot", "snap", "--offline")
        assert ran.code == 0, ran.err
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def settle(self, *specs: str) -> None:
        """Decide what the environment file says, as a person does where both changed it."""
        self.here.write(LINE + "".join(f"  - {spec}\n" for spec in specs))

    def versions(self) -> dict[str, str]:
        lock = read_lock(self.here.path / self.lock)
        found = [{r.name: r.version for r in part.records} for part in lock]
        assert found[0] == found[1]
        return found[0]

    def proven(self) -> bool:
        ran = self.here.run("verify", self.lock, "environment.yml", "--snapshot", "snap")
        return ran.code == 0

    @property
    def told(self) -> str:
        return self.driver_error.read_text(encoding="utf-8") if self.driver_error.exists() else ""


@pytest.fixture(params=["conda-lock.yml", "pixi.lock"])
def start(here: Folder, request: pytest.FixtureRequest) -> Callable[..., Repository]:
    def begin(*specs: str) -> Repository:
        repository = Repository(here, request.param)
        repository.commit(*specs)
        return repository

    return begin


def diverge(repository: Repository, ours: tuple[str, ...], theirs: tuple[str, ...]) -> None:
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit(*theirs, message="theirs")
    repository.git("checkout", "-q", "main")
    repository.commit(*ours, message="ours")


def test_a_merge_has_what_both_added(start: Callable[..., Repository]) -> None:
    repository = start("app", "lib <2")
    diverge(repository, ("base", "app", "lib <2"), ("app", "lib <2", "tool"))
    repository.git("merge", "-q", "feature")
    assert repository.versions() == {"app": "1", "base": "2", "lib": "1", "tool": "1"}
    assert repository.proven()


def test_a_rebase_has_what_both_added(start: Callable[..., Repository]) -> None:
    repository = start("app", "lib <2")
    diverge(repository, ("base", "app", "lib <2"), ("app", "lib <2", "tool"))
    repository.git("checkout", "-q", "feature")
    repository.git("rebase", "-q", "main")
    assert repository.versions() == {"app": "1", "base": "2", "lib": "1", "tool": "1"}
    assert repository.proven()


def test_a_cherry_pick_brings_one_change_alone(start: Callable[..., Repository]) -> None:
    repository = start("app", "lib <2")
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit("app", "lib <2", "tool")
    repository.commit("app", "lib <2", "new", "tool") if False else repository.commit(
        "app", "lib <2", "tool", "older"
    )
    repository.git("checkout", "-q", "main")
    repository.commit("base", "app", "lib <2")
    repository.git("cherry-pick", "feature~1")
    assert repository.versions() == {"app": "1", "base": "2", "lib": "1", "tool": "1"}


def test_moves_that_do_not_go_together_give_way(start: Callable[..., Repository]) -> None:
    """One side updated a package; what the other added needs an older one, which the base had."""
    repository = start("app", "lib <2")
    repository.commit("app", "lib", message="loose")
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit("app", "lib", "older", message="theirs")
    repository.git("checkout", "-q", "main")
    repository.commit("app", "lib", names=("lib",), message="ours")
    assert repository.versions()["lib"] == "3"
    repository.git("merge", "-q", "feature")
    assert repository.versions() == {"app": "1", "lib": "1", "older": "1"}
    assert "lib 3 (ours) gave way to 1, so that both sides go together" in repository.told
    assert repository.proven()


def test_a_contradiction_is_a_conflict_with_both_sides_named(here: Folder) -> None:
    repository = Repository(here, "conda-lock.yml")
    repository.commit("app", "lib <3")
    diverge(repository, ("app", "lib >=3"), ("app", "lib <3", "old"))
    before = (repository.here.path / repository.lock).read_bytes()
    out = repository.git("merge", "feature", fails=True)
    assert f"CONFLICT (content): Merge conflict in {repository.lock}" in out
    # What is there can be read, and is our side.
    assert (repository.here.path / repository.lock).read_bytes() == before
    assert "the two sides of" in repository.told
    assert "ours wants lib[version='>=3'] (environment.yml:5) and theirs wants old" in repository.told
    assert "--online or --snapshot looks further" in repository.told
    repository.settle("app", "lib <3", "old")
    ran = repository.here.run(
        "update", "environment.yml", "--lock", repository.lock, "--snapshot", "snap", "--offline"
    )
    assert ran.code == 0, ran.err
    repository.git("add", "-A")
    repository.git("commit", "-q", "--no-edit")
    assert repository.versions() == {"app": "1", "lib": "2", "old": "1"}


def test_a_lock_that_does_not_say_what_was_asked_for_gives_way_and_says_so(here: Folder) -> None:
    """pixi.lock holds no lines of files: that `lib >=3` is a must, only the environment file knows."""
    repository = Repository(here, "pixi.lock")
    repository.commit("app", "lib <3")
    diverge(repository, ("app", "lib >=3"), ("app", "lib <3", "old"))
    out = repository.git("merge", "feature", fails=True)
    assert "Merge conflict in environment.yml" in out
    assert "Merge conflict in pixi.lock" not in out
    assert "lib 3 (ours) gave way to 2" in repository.told
    assert repository.versions() == {"app": "1", "lib": "2", "old": "1"}
    repository.settle("app", "lib >=3", "old")
    assert repository.here.run("status", "environment.yml", "--lock", "pixi.lock").code == 1


def test_without_a_change_of_theirs_ours_stays_to_the_byte(start: Callable[..., Repository]) -> None:
    repository = start("app")
    path = repository.here.path / repository.lock
    base = repository.here.path / "base"
    base.write_bytes(path.read_bytes())
    repository.commit("app", "base")
    result = merge_files(base, path, base)
    assert result.text == path.read_bytes()


def test_a_lock_that_both_sides_began_is_merged_from_nothing(here: Folder, tmp_path: Path) -> None:
    here.channel(RECORDS)
    for name, spec in (("one", "tool"), ("two", "base")):
        here.write(f"{LINE}  - {spec}\n", f"{name}.yml")
        assert here.lock("-o", f"{name}.lock", file=f"{name}.yml").code == 0
    (tmp_path / "nothing").write_bytes(b"")
    ran = here.run("merge", "nothing", "one.lock", "two.lock", "-o", "both.lock")
    assert ran.code == 0, ran.err
    names = [r.name for r in read_lock("both.lock").platforms[0].records]
    assert names == ["base", "tool"]


def test_a_damaged_side_is_told_and_nothing_is_written(here: Folder) -> None:
    here.write(f"{LINE}  - b\n")
    assert here.lock().code == 0
    here.write("<<<<<<< marks", "broken.yml")
    ran = here.run(
        "merge-driver", "conda-lock.yml", "conda-lock.yml", "broken.yml", "x", "--marker-size", "7"
    )
    assert ran.code == 2
    assert "broken.yml" in ran.err
    assert "Traceback" not in ran.err
