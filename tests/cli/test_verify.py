"""`condaenv verify`: damaged locks of every kind, and `condaenv snapshot`, which makes the proof possible."""

from __future__ import annotations

import os
import re

import pytest
import yaml

from tests.builders import record
from tests.cli.world import CONFLICT, GOOD, RECORDS, Folder, keys


@pytest.fixture
def locked(here: Folder) -> Folder:
    here.write()
    assert here.lock("-q").code == 0
    return here


PROOFS = {
    "alone": (),
    "with the records": ("--snapshot", "snap"),
    "with the files": ("environment.yml",),
    "with both": ("environment.yml", "--snapshot", "snap", "--offline"),
}


@pytest.mark.parametrize("words", PROOFS.values(), ids=PROOFS.keys())
def test_a_lock_is_proven(locked: Folder, words: tuple[str, ...]) -> None:
    ran = locked.run("verify", "conda-lock.yml", *words)
    assert ran.code == 0
    assert ran.out == "conda-lock.yml: proven: 4 packages on 2 platforms\n"


def test_json_has_the_shape_of_the_contract(locked: Folder) -> None:
    ran = locked.run("verify", "conda-lock.yml", "--snapshot", "snap", "--json")
    assert ran.code == 0
    assert (ran.document["ok"], ran.document["faults"]) == (True, [])


def test_quiet_says_nothing_of_a_lock_that_is_proven(locked: Folder) -> None:
    ran = locked.run("verify", "conda-lock.yml", "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


def faults(ran_words: tuple[str, ...], folder: Folder) -> list[tuple[str, str, str]]:
    ran = folder.run("verify", "conda-lock.yml", *ran_words, "--json")
    assert ran.code == 1
    assert ran.document["ok"] is False
    assert all(keys(f) == ["message", "package", "platform", "rule"] for f in ran.document["faults"])
    return [(f["platform"], f["rule"], f["package"]) for f in ran.document["faults"]]


def test_a_package_that_was_taken_out_is_missed(locked: Folder) -> None:
    document = yaml.safe_load(locked.read())
    document["package"] = [p for p in document["package"] if (p["name"], p["platform"]) != ("b", "linux-64")]
    locked.write(yaml.safe_dump(document), "conda-lock.yml")
    assert ("linux-64", "depends", "a") in faults((), locked)
    text = locked.run("verify", "conda-lock.yml").out
    assert "linux-64: depends: " in text
    assert "conda-lock.yml: not proven: 1 fault in 3 packages on 2 platforms" in text


def test_a_hash_that_was_changed_is_seen_with_the_records(locked: Folder) -> None:
    text = locked.read()
    sha = next(r.sha256 for r in RECORDS if (r.name, r.subdir) == ("a", "linux-64"))
    assert sha is not None
    locked.write(text.replace(sha, "0" * 64), "conda-lock.yml")
    assert faults(("--snapshot", "snap"), locked) == [("linux-64", "hashes", "a")]


def test_a_root_that_is_gone_from_the_lock_is_seen(locked: Folder) -> None:
    locked.write(f"{GOOD}  - old\n")
    found = faults(("environment.yml",), locked)
    assert ("linux-64", "roots", "old") in found


def test_a_lock_of_other_records_is_not_that_of_the_channel(locked: Folder) -> None:
    locked.channel([record("b", "2.0", subdir=s) for s in ("linux-64", "osx-arm64")])
    assert ("linux-64", "known", "a") in faults(("--snapshot", "snap"), locked)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("missing.yml",), "condaenv lock environment.yml"),
        (("snap",), "snap"),
        (("environment.yml",), "environment.yml"),
        (("conda-lock.yml", "missing.yml"), "missing.yml"),
        (("conda-lock.yml", "--online", "--offline"), "exclude each other"),
        (("conda-lock.yml", "--snapshot", "missing"), "missing"),
        ((), "LOCK"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_input_exits_with_2(locked: Folder, words: tuple[str, ...], said: str) -> None:
    ran = locked.run("verify", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_a_lock_cut_in_half_exits_with_2(locked: Folder) -> None:
    text = locked.read()
    for share in (0.1, 0.3, 0.5, 0.7, 0.9):
        locked.write(text[: int(len(text) * share)], "conda-lock.yml")
        ran = locked.run("verify", "conda-lock.yml", "--json")
        # Between two packages a cut is whole YAML: then packages are missed.
        assert ran.code in {1, 2}, share
        assert ran.err or ran.document["faults"]
    locked.write(text[: text.index("sha256") + 4], "conda-lock.yml")
    ran = locked.run("verify", "conda-lock.yml")
    assert ran.code == 2
    assert "conda-lock.yml" in ran.err
    assert "condaenv lock" in ran.err


def test_an_unknown_version_exits_with_2(locked: Folder) -> None:
    locked.write(re.sub(r"(?m)^version: 1$", "version: 7", locked.read()), "conda-lock.yml")
    ran = locked.run("verify", "conda-lock.yml", "--json")
    assert ran.code == 2
    assert ran.document["error"]["kind"] == "LockFormatError"
    assert "version 7" in ran.document["error"]["message"]


def test_an_empty_lock_exits_with_2(locked: Folder) -> None:
    locked.write("", "conda-lock.yml")
    assert locked.run("verify", "conda-lock.yml").code == 2


# --- snapshot


def test_a_recording_locks_to_the_same_bytes(here: Folder) -> None:
    here.write()
    here.lock("-q")
    first = here.read()
    ran = here.run("snapshot", "environment.yml", "--snapshot", "snap", "--offline", "-o", "again")
    assert (ran.code, ran.out) == (0, "")
    assert "recorded to again; use it with --snapshot again" in ran.err
    assert here.run("lock", "environment.yml", "--snapshot", "again", "--offline", "-q").code == 0
    assert here.read() == first


def test_a_recording_leaves_out_what_cannot_be_reached(here: Folder) -> None:
    here.write()
    ran = here.run("snapshot", "environment.yml", "--snapshot", "snap", "-o", "again", "--json")
    assert keys(ran.document) == ["path", "subdirs"]
    counts = {part["subdir"]: part["records"] for part in ran.document["subdirs"]}
    assert counts["linux-64"] == counts["osx-arm64"] == 3
    here.write(CONFLICT)
    assert here.run("lock", "environment.yml", "--snapshot", "again", "--offline").code == 1


def test_a_recording_needs_no_solution_and_no_pip_section(here: Folder) -> None:
    here.write(f"{CONFLICT}  - pip\n  - pip:\n    - requests\n")
    assert here.run("snapshot", "environment.yml", "--snapshot", "snap", "-o", "again", "-q").code == 0


def test_where_to_record_must_be_said(here: Folder) -> None:
    here.write()
    ran = here.run("snapshot", "environment.yml", "--snapshot", "snap")
    assert ran.code == 2
    assert "--output" in ran.err


def test_a_recording_does_not_go_into_a_file(here: Folder) -> None:
    here.write()
    ran = here.run("snapshot", "environment.yml", "--snapshot", "snap", "-o", "environment.yml")
    assert ran.code == 2
    assert os.listdir(here.path)  # noqa: PTH208
