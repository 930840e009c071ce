"""`condaenv subset` and `condaenv combine`: groups that are locked together, cut apart and joined again."""

from __future__ import annotations

import json

import pytest

from condaenv_tools.jobs.verify_files import read_lock
from tests.builders import record
from tests.cli.world import Folder

TOP = "channels: [toy, nodefaults]\nplatforms: [linux-64]\n"


@pytest.fixture
def grouped(here: Folder) -> Folder:
    """Two files, one of them of the category dev, locked together."""
    here.channel(
        [
            record("app", "1", "lib"),
            record("lib", "1"),
            record("test", "1", "lib", "extra"),
            record("extra", "1"),
        ]
    )
    here.write(f"{TOP}dependencies: [app]\n")
    here.write(f"{TOP}category: dev\ndependencies: [test]\n", "dev.yml")
    ran = here.run("lock", "environment.yml", "dev.yml", "--snapshot", "snap", "--offline")
    assert ran.code == 0, ran.err
    return here


def packages(path: str) -> dict[str, tuple[str, ...]]:
    return {p.name: p.categories for p in read_lock(path).platforms[0].packages}


def test_files_of_categories_are_locked_together(grouped: Folder) -> None:
    assert packages("conda-lock.yml") == {
        "app": ("main",),
        "extra": ("dev",),
        "lib": ("dev", "main"),
        "test": ("dev",),
    }


def test_a_category_is_cut_out_and_proven(grouped: Folder) -> None:
    ran = grouped.run("subset", "conda-lock.yml", "--category", "dev", "-o", "dev-lock.yml")
    assert (ran.code, ran.out) == (0, "")
    assert "proven and written to dev-lock.yml: 3 packages on linux-64" in ran.err
    assert packages("dev-lock.yml") == dict.fromkeys(("extra", "lib", "test"), ("dev",))
    assert grouped.run("verify", "dev-lock.yml", "dev.yml", "--snapshot", "snap").code == 0


def test_a_root_is_cut_out_to_stdout(grouped: Folder) -> None:
    ran = grouped.run("subset", "conda-lock.yml", "--root", "app")
    assert ran.code == 0
    assert "- name: app\n" in ran.out
    assert "- name: test\n" not in ran.out


def test_the_parts_make_the_whole_again(grouped: Folder) -> None:
    for category in ("main", "dev"):
        words = ("subset", "conda-lock.yml", "--category", category, "-o", f"{category}-lock.yml")
        assert grouped.run(*words).code == 0
    ran = grouped.run("combine", "main-lock.yml", "dev-lock.yml", "-o", "both.yml", "--json")
    assert json.loads(ran.out) == {"path": "both.yml", "platforms": {"linux-64": 4}}
    assert packages("both.yml") == packages("conda-lock.yml")


def test_files_that_are_locked_apart_and_agree_are_joined(grouped: Folder) -> None:
    for file in ("environment.yml", "dev.yml"):
        assert grouped.lock("-o", f"lock-of-{file}", file=file).code == 0
    assert grouped.run("combine", "lock-of-environment.yml", "lock-of-dev.yml", "-o", "both.yml").code == 0
    assert packages("both.yml") == packages("conda-lock.yml")


def test_locks_that_disagree_are_an_answer_of_no(grouped: Folder) -> None:
    assert grouped.lock("-o", "one.yml").code == 0
    grouped.channel([record("app", "2", "lib"), record("lib", "1")])
    assert grouped.lock("-o", "two.yml").code == 0
    ran = grouped.run("combine", "one.yml", "two.yml", "-o", "both.yml")
    assert ran.code == 1
    assert "one.yml has app 1 0, two.yml has app 2 0" in ran.err
    assert not grouped.has("both.yml")


def test_nothing_wanted_is_wrong_usage(grouped: Folder) -> None:
    ran = grouped.run("subset", "conda-lock.yml")
    assert ran.code == 2
    assert "name what is wanted" in ran.err


def test_what_is_not_there_is_told(grouped: Folder) -> None:
    ran = grouped.run("subset", "conda-lock.yml", "--root", "apq")
    assert ran.code == 2
    assert "the lock has no package apq" in ran.err
    assert "did you mean app?" in ran.err
