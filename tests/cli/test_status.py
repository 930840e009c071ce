"""`condaenv status`: the contract, exit codes, and what is printed."""

from __future__ import annotations

import pytest

from tests.cli.world import GOOD, Folder, keys


@pytest.fixture
def locked(here: Folder) -> Folder:
    here.write()
    assert here.lock("-q").code == 0
    return here


def status(folder: Folder, *words: str) -> tuple[int, str, str]:
    ran = folder.run("status", "environment.yml", "--lock", "conda-lock.yml", *words)
    return ran.code, ran.out, ran.err


def test_a_fresh_lock_is_current(locked: Folder) -> None:
    assert status(locked) == (0, "conda-lock.yml: current for environment.yml\n", "")
    assert status(locked, "-q") == (0, "", "")
    assert locked.run("status", "environment.yml").code == 0
    code, _, err = status(locked, "-v")
    assert (code, err) == (
        0,
        "content hash: equal on linux-64, osx-arm64 (it is no judgement on the lock)\n",
    )


def test_what_changed_is_told_once_for_all_platforms(locked: Folder) -> None:
    locked.write(f"{GOOD}  - new\n  - old  # [osx]\n")
    code, out, _ = status(locked)
    assert code == 1
    assert out == (
        "conda-lock.yml: not current for environment.yml: 2 reasons\n"
        "  spec-added  environment.yml:5 asks for new, and the lock has none\n"
        "  spec-added  environment.yml:6 asks for old, and the lock has none (osx-arm64)\n"
    )
    assert status(locked, "-q")[1].startswith("  spec-added")


def test_json_has_the_shape_of_the_contract(locked: Folder) -> None:
    assert locked.run("status", "environment.yml", "--lock", "conda-lock.yml", "--json").document == {
        "current": True,
        "reasons": [],
        "notes": [],
        "content_hash": {"linux-64": "equal", "osx-arm64": "equal"},
    }
    locked.write(GOOD.replace("  - a\n", "  - b>=2\n").replace("[linux-64, osx-arm64]", "[linux-64]"))
    ran = locked.run("status", "environment.yml", "--lock", "conda-lock.yml", "--json")
    assert (ran.code, ran.document["current"]) == (1, False)
    found = [(one["code"], one["platform"], one["text"]) for one in ran.document["reasons"]]
    assert found == [
        ("spec-removed", "linux-64", "a"),
        ("platform-removed", "osx-arm64", "osx-arm64"),
        ("spec-removed", "osx-arm64", "a"),
    ]
    assert keys(ran.document["reasons"][0]) == ["code", "message", "package", "platform", "source", "text"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("-c", "other"), 1),
        (("-c", "toy"), 0),
        (("-p", "linux-64"), 0),
        (("-p", "win-64"), 1),
        (("--virtual-package", "__cuda=12"), 0),
        (("--conda-only",), 0),
        (("--snapshot", "snap", "--offline"), 0),
    ],
)
def test_what_may_be_said_beside_the_files(locked: Folder, words: tuple[str, ...], code: int) -> None:
    assert status(locked, *words)[0] == code


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("environment.yml", "--lock", "missing.yml"), "missing.yml"),
        (("missing.yml", "--lock", "conda-lock.yml"), "missing.yml"),
        (("environment.yml", "--lock", "environment.yml"), "environment.yml"),
        (("environment.yml", "--lock", "conda-lock.yml", "-p", "linux"), "linux-64"),
        ((), "FILES"),
    ],
)
def test_wrong_input_exits_with_2(locked: Folder, words: tuple[str, ...], said: str) -> None:
    ran = locked.run("status", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_verify_agrees(locked: Folder) -> None:
    for text in (
        GOOD,
        f"{GOOD}  - b\n",
        f"{GOOD}  - new\n",
        GOOD.replace("- a", "- b"),
        f"{GOOD}  - a>=0.5\n",
    ):
        locked.write(text)
        assert status(locked)[0] == locked.run("verify", "conda-lock.yml", "environment.yml").code
