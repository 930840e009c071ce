"""`condaenv update`: what moves, what stays, what is said, and what becomes of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import record
from tests.cli.world import Folder

SUBDIRS = ("linux-64", "osx-arm64")
FILE = "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\ndependencies:\n  - app\n  - base\n"
OLD = tuple(
    one
    for subdir in SUBDIRS
    for one in (
        record("app", "1", "lib", subdir=subdir),
        record("lib", "1", subdir=subdir),
        record("base", "1", subdir=subdir),
        record("tool", "1", subdir=subdir),
    )
)
NEW = (
    *OLD,
    *(
        one
        for subdir in SUBDIRS
        for one in (
            record("app", "2", "lib >=2", subdir=subdir),
            record("lib", "2", subdir=subdir),
            record("lib", "3", subdir=subdir),
            record("base", "2", subdir=subdir),
            record("strict", "1", "lib <2", subdir=subdir),
            record("fresh", "1", "lib >=2", subdir=subdir),
        )
    ),
)


@pytest.fixture
def locked(here: Folder) -> Folder:
    """A lock of old versions, and a channel that has moved on."""
    here.channel(OLD)
    here.write(FILE)
    assert here.lock().code == 0
    here.channel(NEW)
    return here


def update(here: Folder, *words: str, code: int = 0) -> tuple[str, str]:
    ran = here.run(
        "update", "environment.yml", "--lock", "conda-lock.yml", "--snapshot", "snap", "--offline", *words
    )
    assert ran.code == code, ran.err
    return ran.out, ran.err


def versions(here: Folder, platform: str = "linux-64") -> dict[str, str]:
    import yaml

    document = yaml.safe_load(here.read())
    return {one["name"]: one["version"] for one in document["package"] if one["platform"] == platform}


def test_what_is_current_stays_as_it_is_to_the_byte(locked: Folder) -> None:
    path = Path("conda-lock.yml")
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    out, err = update(locked)
    assert (out, path.read_bytes(), path.stat().st_mtime_ns) == ("", before, stamp)
    assert "conda-lock.yml stays as it is" in err


def test_a_comment_in_the_file_changes_nothing(locked: Folder) -> None:
    locked.write(f"# a word\n{FILE}")
    before = locked.read()
    update(locked)
    assert locked.read() == before


def test_a_new_line_brings_what_it_needs_and_no_more(locked: Folder) -> None:
    locked.write(f"{FILE}  - tool\n")
    out, err = update(locked)
    assert out == "tool  added  1\n"
    assert versions(locked) == {"app": "1", "base": "1", "lib": "1", "tool": "1"}
    assert "proven and written to conda-lock.yml" in err
    assert locked.run("verify", "conda-lock.yml", "environment.yml", "--snapshot", "snap").code == 0


def test_a_new_line_frees_what_it_has_to(locked: Folder) -> None:
    locked.write(f"{FILE}  - fresh\n")
    out, _ = update(locked)
    assert out.splitlines() == ["fresh  added     1", "lib    upgraded  1 -> 3"]
    assert versions(locked) == {"app": "1", "base": "1", "fresh": "1", "lib": "3"}


def test_a_line_that_is_gone_takes_along_what_only_it_needed(locked: Folder) -> None:
    locked.write(FILE.replace("  - app\n", ""))
    out, _ = update(locked)
    assert out.splitlines() == ["app  removed  1", "lib  removed  1"]


def test_a_named_package_moves_to_the_newest_and_nothing_else_does(locked: Folder) -> None:
    out, _ = update(locked, "lib")
    assert out == "lib  upgraded  1 -> 3\n"


def test_versions_can_be_named(locked: Folder) -> None:
    out, _ = update(locked, "lib=2")
    assert out == "lib  upgraded  1 -> 2\n"


def test_a_pattern_names_several(locked: Folder) -> None:
    out, _ = update(locked, "*a*e")
    assert out == "base  upgraded  1 -> 2\n"


def test_all_moves_all(locked: Folder) -> None:
    out, _ = update(locked, "--all")
    assert len(out.splitlines()) == 3
    assert versions(locked) == {"app": "2", "base": "2", "lib": "3"}


def test_a_dry_run_writes_nothing(locked: Folder) -> None:
    before = locked.read()
    out, err = update(locked, "lib", "--dry-run")
    assert (out, locked.read()) == ("lib  upgraded  1 -> 3\n", before)
    assert "nothing was written to conda-lock.yml (--dry-run)" in err


def test_other_platforms_stay_to_the_byte(locked: Folder) -> None:
    before = locked.read()
    out, _ = update(locked, "-p", "linux-64", "lib")
    assert out == "lib  upgraded  1 -> 3  (linux-64)\n"
    mine = [entry for entry in before.split("\n- name: ") if "platform: osx-arm64" in entry]
    assert mine
    assert all(entry in locked.read() for entry in mine)


def test_a_name_that_is_not_there_is_an_error_with_the_nearest(locked: Folder) -> None:
    before = locked.read()
    _, err = update(locked, "bass", code=2)
    assert "bass is not in conda-lock.yml, so it cannot be updated" in err
    assert "did you mean base?" in err
    assert locked.read() == before


def test_a_pattern_that_fits_nothing_is_an_error(locked: Folder) -> None:
    _, err = update(locked, "zz*", code=2)
    assert "nothing in conda-lock.yml fits 'zz*'" in err


def test_who_holds_a_package_is_told(locked: Folder) -> None:
    locked.write(f"{FILE}  - strict\n")
    assert update(locked)[0] == "strict  added  1\n"
    before = locked.read()
    out, err = update(locked, "lib", code=1)
    assert out == ""
    assert "lib cannot move from 1 on linux-64, osx-arm64: held by strict (environment.yml:6)" in err
    assert "lib <2" in err
    assert locked.read() == before


def test_a_version_that_there_is_not_is_told(locked: Folder) -> None:
    _, err = update(locked, "lib=7", code=1)
    assert "lib cannot move from 1" in err
    assert "toy has 1 to 3" in err or "toy has 1, 2 and 3" in err or "lib=7" in err


def test_what_is_the_newest_already_is_no_error(locked: Folder) -> None:
    out, err = update(locked, "tool" if "tool" in versions(locked) else "app=1")
    assert out == ""
    assert "app stays at 1: it is the newest that was asked for" in err


def test_a_downgrade_of_another_package_is_told(here: Folder) -> None:
    here.channel([record("a", "1"), record("b", "2", "a <2")])
    here.write("channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - a\n  - b\n")
    assert here.lock().code == 0
    here.channel([record("a", "1"), record("a", "2"), record("b", "2", "a <2"), record("b", "1", "a")])
    out, err = update(here, "a")
    assert out.splitlines() == ["a  upgraded    1 -> 2", "b  downgraded  2 -> 1"]
    assert "b goes down from 2 to 1\n" in err


def test_what_only_some_platforms_have_is_held_where_it_is(here: Folder) -> None:
    """That the others do not have it does not mean that it moved there; who holds it, and where, is told."""
    here.channel(
        record(*one, subdir=subdir)
        for subdir in ("linux-64", "osx-arm64")
        for one in (("a", "1"), ("a", "2"), ("b", "1", "a <2"))
    )
    here.write(
        "channels: [toy, nodefaults]\nplatforms: [linux-64, osx-arm64]\n"
        "dependencies:\n  - a  # [linux]\n  - b  # [linux]\n"
    )
    assert here.lock().code == 0
    _, err = update(here, "a", code=1)
    assert "a cannot move from 1 on linux-64: held by b (environment.yml:5)" in err
    assert "a>1 excludes it" in err


def test_what_is_gone_from_its_channel_is_told_and_stays(locked: Folder) -> None:
    locked.channel([one for one in NEW if (one.name, one.version) != ("base", "1")])
    locked.write(f"{FILE}  - tool\n")
    out, err = update(locked)
    assert out == "tool  added  1\n"
    assert "linux-64: base 1 0 is no longer in toy; it stays as it was locked" in err


def test_a_file_that_was_replaced_in_its_channel_moves(locked: Folder) -> None:
    other = "0" * 64
    locked.channel(
        [
            one
            if one.name != "base" or one.version != "1"
            else record("base", "1", subdir=one.subdir, sha256=other)
            for one in OLD
        ]
    )
    out, err = update(locked)
    assert "base 1 0 of toy is another file now, so it cannot stay" in err
    assert out == "base  replaced  1 by another file\n"
    assert other in locked.read()


def test_json_is_the_diff_and_where_it_went(locked: Folder) -> None:
    out, _ = update(locked, "lib", "--json")
    document = json.loads(out)
    assert (document["path"], document["written"]) == ("conda-lock.yml", True)
    assert document["proven_least"] == {"linux-64": True, "osx-arm64": True}
    part = document["platforms"]["linux-64"]
    assert (part["added"], part["removed"]) == ([], [])
    (change,) = part["changed"]
    assert {key: change[key] for key in ("name", "from", "to", "kind")} == {
        "name": "lib",
        "from": "1",
        "to": "3",
        "kind": "upgraded",
    }


def test_more_words_say_what_moved_what(locked: Folder) -> None:
    locked.write(f"{FILE}  - fresh\n")
    out, _ = update(locked, "-v", "--dry-run")
    assert "fresh was added (environment.yml:6)" in out
    assert "upgraded  lib    1 -> 3" in out


def test_the_lock_beside_the_file_is_meant(locked: Folder) -> None:
    ran = locked.run("update", "environment.yml", "lib", "--snapshot", "snap", "--offline")
    assert ran.code == 0
    assert versions(locked)["lib"] == "3"


def test_a_pixi_lock_is_updated_in_its_own_format(locked: Folder) -> None:
    locked.channel(OLD)
    assert locked.lock("-o", "pixi.lock", "--format", "pixi").code == 0
    locked.channel(NEW)
    words = ("update", "environment.yml", "--lock", "pixi.lock", "--snapshot", "snap", "--offline")
    before = locked.read("pixi.lock")
    assert locked.run(*words).code == 0
    assert locked.read("pixi.lock") == before
    ran = locked.run(*words, "lib")
    assert (ran.code, ran.out) == (0, "lib  upgraded  1 -> 3\n")
    assert locked.read("pixi.lock").startswith("version: 7")


def test_all_and_names_exclude_each_other(locked: Folder) -> None:
    _, err = update(locked, "--all", "lib", code=2)
    assert "--all moves everything" in err


def test_what_the_lock_was_made_with_is_used_again(here: Folder) -> None:
    gpu = [record("gpu", v, f"__cuda >={n}") for v, n in (("1", 11), ("2", 12), ("3", 13))]
    here.channel(gpu[:1])
    here.write("channels: [toy, nodefaults]\nplatforms: [linux-64]\ndependencies:\n  - gpu\n")
    assert here.lock("--virtual-package", "__cuda=12.4", "--strategy", "lowest").code == 0
    here.channel(gpu)
    out, _ = update(here, "gpu")
    assert out == "gpu  upgraded  1 -> 2\n"
    assert "condaenv.strategy: lowest" in here.read()
    assert "__cuda=12.4" in here.read()


def test_a_damaged_lock_is_told_and_stays(locked: Folder) -> None:
    Path("conda-lock.yml").write_text(locked.read()[:-200] + "\n<<<<<<<", encoding="utf-8")
    before = locked.read()
    _, err = update(locked, code=2)
    assert "conda-lock.yml" in err
    assert locked.read() == before


def test_a_file_that_is_not_there_is_told(locked: Folder) -> None:
    ran = locked.run("update", "no.yml", "--lock", "conda-lock.yml", "--snapshot", "snap")
    assert ran.code == 2
    assert "no.yml" in ran.err


def test_files_without_a_solution_leave_the_lock_alone(locked: Folder) -> None:
    locked.write(f"{FILE}  - fresh\n  - strict\n")
    before = locked.read()
    _, err = update(locked, code=1)
    assert "cannot be solved on linux-64 and osx-arm64" in err
    assert locked.read() == before


def test_a_platform_that_the_file_adds_is_solved(locked: Folder) -> None:
    locked.channel([*NEW, *(record(n, "1", subdir="win-64") for n in ("app", "base"))])
    locked.write(FILE.replace("osx-arm64]", "osx-arm64, win-64]"))
    update(locked)
    assert versions(locked, "win-64") == {"app": "1", "base": "1"}
    assert versions(locked) == {"app": "1", "base": "1", "lib": "1"}


def test_a_platform_that_the_file_drops_goes(locked: Folder) -> None:
    locked.write(FILE.replace(", osx-arm64]", "]"))
    update(locked)
    assert versions(locked, "osx-arm64") == {}


def test_other_channels_need_all_platforms(locked: Folder) -> None:
    locked.write(FILE.replace("[toy,", "[toy, more,"))
    from tests.builders import write_channel

    write_channel(locked.path / "snap" / "more", [record("x")])
    _, err = update(locked, "-p", "linux-64", code=2)
    assert "so osx-arm64 cannot stay as it is" in err
    update(locked)
    assert "url: more" in locked.read()
