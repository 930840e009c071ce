"""`condaenv export`, and `condaenv lock` in other formats: places, losses, exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.lock.registry import FORMATS, loads_lock, read_format
from tests.cli.world import Folder, keys


@pytest.fixture
def locked(here: Folder) -> Folder:
    here.write()
    assert here.lock("-q").code == 0
    return here


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_text_goes_to_stdout(locked: Folder) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "pixi")
    assert ran.code == 0
    assert read_format(ran.out) == "pixi"
    assert [p.platform for p in loads_lock(ran.out)] == ["linux-64", "osx-arm64"]
    assert ran.err.splitlines() == [
        "note: pixi does not keep: files that were locked (1)",
        "note: pixi does not keep: hash of the input (2)",
        "note: pixi does not keep: what was asked for (2)",
    ]
    assert locked.run("export", "conda-lock.yml", "--format", "pixi", "-o", "-", "-q").out == ran.out


def test_quiet_tells_no_losses(locked: Folder) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "pixi", "-q", "-o", "pixi.lock")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert locked.has("pixi.lock")


def test_several_texts_go_beside_the_lock_and_are_named(locked: Folder) -> None:
    (locked.path / "locks").mkdir()
    (locked.path / "conda-lock.yml").rename(locked.path / "locks" / "conda-lock.yml")
    ran = locked.run("export", "locks/conda-lock.yml", "--format", "explicit")
    assert (ran.code, ran.out) == (0, "")
    assert names(locked.path / "locks") == ["conda-linux-64.lock", "conda-lock.yml", "conda-osx-arm64.lock"]
    assert ran.err.splitlines()[-2:] == [
        "written to locks/conda-linux-64.lock",
        "written to locks/conda-osx-arm64.lock",
    ]


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("out", ["conda-linux-64.lock", "conda-osx-arm64.lock"]),
        ("out/", ["conda-linux-64.lock", "conda-osx-arm64.lock"]),
        ("out/my-{platform}.txt", ["my-linux-64.txt", "my-osx-arm64.txt"]),
    ],
    ids=["name", "slash", "template"],
)
def test_a_folder_is_made(locked: Folder, output: str, expected: list[str]) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", output)
    if "{" in output:
        # The folder of a file has to be there; one that is named as such is made.
        assert ran.code == 2
        (locked.path / "out").mkdir()
        ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", output)
    assert ran.code == 0
    assert names(locked.path / "out") == expected


def test_one_platform_of_several(locked: Folder) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-p", "osx-arm64")
    assert ran.code == 0
    assert "# platform: osx-arm64\n" in ran.out
    assert "/linux-64/" not in ran.out


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("--format", "zip"), "is not one of"),
        ((), "Missing option '--format'"),
        (("--format", "explicit", "-o", "-"), "2 of them cannot go to stdout"),
        (("--format", "explicit", "-o", "a.lock"), "cannot go to one file"),
        (("--format", "pixi", "-o", "snap"), "is a folder, and the lock is a file"),
        (("--format", "pixi", "-o", "no/pixi.lock"), "there is no folder no"),
        (("--format", "pixi", "-o", "{platform}.lock"), "the format has one file for all"),
        (("--format", "pixi", "-o", "conda-lock.yml"), "is the file that was read"),
        (("--format", "pixi", "-o", "-", "--json"), "both want stdout"),
        (("--format", "pixi", "-p", "win-64"), "the lock has no win-64"),
    ],
)
def test_wrong_usage(locked: Folder, words: tuple[str, ...], word: str) -> None:
    before = locked.read()
    ran = locked.run("export", "conda-lock.yml", *words)
    assert ran.code == 2
    assert word in ran.err
    assert locked.read() == before


def test_an_unknown_format_is_told_with_all(locked: Folder) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "zip")
    assert all(f"'{name}'" in ran.err for name in FORMATS)


def with_a_category(folder: Folder) -> None:
    folder.write(
        "category: dev\nchannels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies: [new]\n",
        "dev.yml",
    )
    ran = folder.run("lock", "environment.yml", "dev.yml", "--snapshot", "snap", "--offline", "-q")
    assert ran.code == 0


def test_a_loss_that_changes_what_is_installed_is_refused_unless_allowed(locked: Folder) -> None:
    with_a_category(locked)
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", "out")
    assert ran.code == 1
    assert "as explicit, the lock would install something else, and nothing was written" in ran.err
    assert "hint: --allow-loss" in ran.err
    assert not locked.has("out")
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", "out", "--json")
    assert (ran.code, ran.document["error"]["kind"]) == (1, "LossError")
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", "out", "--allow-loss")
    assert ran.code == 0
    assert "warning: explicit does not keep: that packages are optional" in ran.err


def test_json_has_the_losses_and_the_text_that_is_nowhere_else(locked: Folder) -> None:
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-p", "linux-64", "--json", "-q")
    assert ran.code == 0
    (file,) = ran.document["files"]
    assert keys(file) == ["losses", "path", "platform", "text"]
    assert (file["path"], file["platform"]) == (None, "linux-64")
    assert keys(file["losses"][0]) == ["changes_install", "count", "text"]
    assert "@EXPLICIT" in file["text"]
    ran = locked.run("export", "conda-lock.yml", "--format", "pixi", "-o", "pixi.lock", "--json", "-q")
    assert [keys(file) for file in ran.document["files"]] == [["losses", "path", "platform"]]


def test_all_files_are_written_or_none(locked: Folder) -> None:
    (locked.path / "out").mkdir()
    (locked.path / "out" / "conda-linux-64.lock").write_text("old", encoding="utf-8")
    (locked.path / "out" / "conda-osx-arm64.lock").mkdir()
    ran = locked.run("export", "conda-lock.yml", "--format", "explicit", "-o", "out")
    assert ran.code == 2
    assert locked.read("out/conda-linux-64.lock") == "old"


@pytest.mark.parametrize("form", ["pixi", "pixi-v6", "conda-lock"])
def test_formats_there_and_back_lock_the_same(locked: Folder, form: str) -> None:
    assert locked.run("export", "conda-lock.yml", "--format", form, "-o", "other", "-q").code == 0
    assert locked.run("verify", "other", "-q").code == 0
    assert locked.run("export", "other", "--format", "conda-lock", "-o", "back.yml", "-q").code == 0
    first, second = loads_lock(locked.read()), loads_lock(locked.read("back.yml"))
    assert [p.packages for p in first] == [p.packages for p in second]


@pytest.mark.parametrize(
    ("form", "expected"),
    [("pixi", ["pixi.lock"]), ("explicit", ["conda-linux-64.lock", "conda-osx-arm64.lock"])],
)
def test_lock_writes_the_names_of_the_format_beside_the_first_file(
    here: Folder, form: str, expected: list[str]
) -> None:
    (here.path / "envs").mkdir()
    here.write(name="envs/environment.yml")
    ran = here.lock("--format", form, file="envs/environment.yml")
    assert ran.code == 0
    assert names(here.path / "envs") == sorted([*expected, "environment.yml"])
    assert "does not keep: what was asked for" in ran.err
    assert f"proven and written to {', '.join(f'envs/{name}' for name in expected)}" in ran.err


def test_lock_keeps_what_the_channel_says_for_pixi(here: Folder) -> None:
    here.write()
    assert here.lock("--format", "pixi", "-q").code == 0
    lock = loads_lock(here.read("pixi.lock"))
    assert lock.unknown == frozenset()
    assert here.run("verify", "pixi.lock", "environment.yml", "--snapshot", "snap").code == 0


def test_lock_refuses_a_loss_before_it_writes(here: Folder) -> None:
    here.write(
        "category: dev\nchannels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies: [new]\n", "dev.yml"
    )
    ran = here.lock("--format", "explicit", file="dev.yml")
    assert ran.code == 1
    assert not here.has("conda-linux-64.lock")
