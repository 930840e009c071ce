"""Files that are no lock, or a damaged one: each is told apart, with all its faults and the lines they are on."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.errors import CondaEnvToolsError, LockFormatError
from condaenv_tools.lock.registry import FORMATS, loads_lock, lock_format
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.lock import Lock
from tests.lock.toy_locks import small_lock

FOLDER = Path(__file__).parents[1] / "data" / "locks"

MESSAGES = {
    "Pipfile.lock": ["Pipfile.lock is JSON and not a lock file"],
    "alias-bomb.yml": ["alias-bomb.yml:1: aliases make far more of it than there is"],
    "aliases.yml": [
        "aliases.yml:8:3: the file is not YAML",
        "the alias *nothing stands for nothing before it",
    ],
    "bad-roots.yml": [
        "2 faults",
        "bad-roots.yml:8: not what condaenv wrote: a root without a proper spec",
        "bad-roots.yml:9: not what condaenv wrote: 'glibc' is not a virtual package",
    ],
    "conflict.yml": ["conflict.yml:5:", "a merge left its marks (<<<<<<<)"],
    "cut-in-a-quote.yml": ["cut-in-a-quote.yml:10:1: the file is not YAML", "is it cut off"],
    "cut-in-an-entry.yml": ["cut-in-an-entry.yml:15:", "is it cut off"],
    "duplicate-key.yml": ["duplicate-key.yml:6:3:", "the key 'platforms' stands twice"],
    "environment.yml": ["environment.yml is an environment.yml and not a lock file", "condaenv lock"],
    "explicit.txt": ["explicit.txt is a list of URLs (@EXPLICIT)"],
    "list.yml": ["list.yml is not a lock file: it has neither"],
    "no-metadata.yml": ["no-metadata.yml:1: there is no metadata; is the file cut off?"],
    "no-packages.yml": ["no-packages.yml:1: there is no list of packages; is the file cut off?"],
    "pixi.lock": [
        "pixi.lock is a pixi.lock with 2 faults:",
        "/xz-5.8.1-h_0.conda is not in the list of packages; is the file cut off?",
        "pixi.lock:11: xz-5.8.1-h_0.conda: sha256 should be a hash",
    ],
    "poetry.lock": ["poetry.lock is TOML and not a lock file"],
    "prose.txt": ["prose.txt is not a lock file: it has neither"],
    "pylock.toml": ["pylock.toml is a pylock.toml and not a lock file"],
    "top-list.yml": ["top-list.yml:2:1: the file is not YAML"],
    "version-2.yml": ["version-2.yml is version 2 of conda-lock.yml, and only version 1 can be read"],
    "version-word.yml": ["version-word.yml is version true of conda-lock.yml"],
    "wrong-shapes.yml": [
        "wrong-shapes.yml:3: not a mapping",
        "wrong-shapes.yml:5: a channel is a mapping with a url",
        "wrong-shapes.yml:6: 'linux64' is not a platform that conda knows",
        "wrong-shapes.yml:6: not a text",
        "wrong-shapes.yml:7: not a list",
        "wrong-shapes.yml:8: not a mapping",
        "wrong-shapes.yml:9: not a text",
        "wrong-shapes.yml:10: not a text",
        "wrong-shapes.yml:11: the key 'colour' does not belong to the format",
        "wrong-shapes.yml:14: a: version should be a text",
        "wrong-shapes.yml:15: a: manager should be conda or pip",
        "wrong-shapes.yml:17: a: dependencies should be a mapping of names to constraints",
        "wrong-shapes.yml:18: a: url should be a URL",
        "wrong-shapes.yml:19: a: hash should be a mapping of md5 and sha256",
        "wrong-shapes.yml:20: a: build should be a text",
        "wrong-shapes.yml:21: the key 'size' does not belong to a package",
        "wrong-shapes.yml:22: a: category should be a text",
        "wrong-shapes.yml:23: a: optional should be true or false",
        "wrong-shapes.yml:24: not a mapping",
        "wrong-shapes.yml:28: win-64 is none of the lock's platforms",
        "… and 5 more",
    ],
}


def read(name: str) -> Lock:
    return loads_lock((FOLDER / name).read_bytes(), path=name)


def test_every_file_is_listed() -> None:
    assert {p.name for p in FOLDER.iterdir()} == {*MESSAGES, "small.yml"}


@pytest.mark.parametrize("library", ["yaml-rs", "PyYAML"])
@pytest.mark.parametrize("name", MESSAGES)
def test_invalid_files(name: str, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if library == "PyYAML":
        monkeypatch.setitem(sys.modules, "yaml_rs", None)
    with pytest.raises(LockFormatError) as caught:
        read(name)
    told = str(caught.value)
    missing = [part for part in MESSAGES[name] if part not in told]
    assert not missing, told
    assert "\n  hint: " in told


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"# a comment\n", "neither"),
        (b"\x1f\x8b\x08\x00\xff", "not UTF-8"),
        (b"version: 1\nmetadata: \xff\n", "x:2: the file is not UTF-8"),
        (b"version: 1\n", "no metadata"),
        (b"version: 1.5\n", "version 1.5"),
        (b"version: 1\nmetadata: {}\npackage: []\n" + b"- " * 100_000, "x:"),
        (b"metadata: " + b"[" * 100_000, "nested too deeply"),
        (b"- 'a\nversion: 1\n '", "its top is no mapping"),
    ],
    ids=[
        "empty",
        "blank",
        "comment",
        "packed",
        "latin",
        "version-only",
        "half",
        "deep-block",
        "deep-flow",
        "list",
    ],
)
def test_invalid_bytes(data: bytes, word: str) -> None:
    began = time.monotonic()
    with pytest.raises(LockFormatError, match=word):
        loads_lock(data, path="x")
    assert time.monotonic() - began < 5


def test_a_file_cut_anywhere_is_refused_or_not_proven() -> None:
    text = (FOLDER / "small.yml").read_text(encoding="utf-8")
    whole = loads_lock(text)
    read_anyway = 0
    for end in range(0, len(text), 7):
        try:
            found = loads_lock(text[:end], path="x")
        except LockFormatError:
            continue
        read_anyway += 1
        assert found == whole or not verify(found).ok, text[:end]
    assert 0 < read_anyway < 200


def test_an_unknown_format_has_a_hint() -> None:
    with pytest.raises(LockFormatError, match=r"choose one of: .*conda-lock"):
        lock_format("zip")


def test_errors_are_of_the_families_that_they_should_be() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - that it is one is the point
        loads_lock("")
    with pytest.raises(CondaEnvToolsError):
        loads_lock("")


def test_the_formats_know_their_own_text() -> None:
    for name, form in FORMATS.items():
        assert form.name == name
        lock = small_lock()
        lock = replace(lock, platforms=lock.platforms[:1]) if form.one_platform else lock
        assert form.recognises(form.dumps(lock))
