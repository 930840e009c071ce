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
    "explicit-noarch.txt": [
        "explicit-noarch.txt:1: nothing says its platform: write `# platform: linux-64` above",
    ],
    "explicit-two.txt": [
        "explicit-two.txt:1: the list has packages of linux-64 and osx-arm64, and is about one platform",
    ],
    "explicit.txt": [
        "explicit.txt is an explicit list with 5 faults:",
        "explicit.txt:1: the list is for linux-64, and has packages of osx-arm64",
        "explicit.txt:4: 'abc' is no hash: MD5 has 32 hexadecimal digits, `sha256:` has 64",
        "explicit.txt:5: 'numpy=1.26' is no URL or path of a package: its file is NAME-VERSION-BUILD.conda",
        "explicit.txt:6: 'https://conda.anaconda.org/conda-forge/linux-64/xz.conda' is no URL or path of a",
        "explicit.txt:7: '# pip requests==2' is no name with its address: # pip NAME @ URL",
    ],
    "list.yml": ["list.yml is not a lock file: it has neither"],
    "no-metadata.yml": ["no-metadata.yml:1: there is no metadata; is the file cut off?"],
    "no-packages.yml": ["no-packages.yml:1: there is no list of packages; is the file cut off?"],
    "pixi.lock": [
        "pixi.lock is a pixi.lock with a fault:",
        "pixi.lock:11: xz-5.8.1-h_0.conda: sha256 should be a hash",
    ],
    "pixi-8.lock": ["pixi-8.lock is version 8 of pixi.lock, and versions 1 to 7 can be read"],
    "pixi-conflict.lock": [
        "pixi-conflict.lock:8:13: the file is not YAML",
        "a merge left its marks (<<<<<<<)",
    ],
    "pixi-cut.lock": ["pixi-cut.lock:1: there is no list of packages; is the file cut off?"],
    "pixi-headless.lock": ["pixi-headless.lock is a pixi.lock that says no version"],
    "pixi-shapes.lock": [
        "pixi-shapes.lock:6: a channel is a mapping with a url",
        "pixi-shapes.lock:8: ./gone-1-0.conda is not in the list of packages; is the file cut off?",
        "pixi-shapes.lock:10: a package is `conda:`, `conda_source:` or `pypi:` and its place",
        "pixi-shapes.lock:11: https://conda.anaconda.org/conda-forge/linux-64/b-1-0.conda stands twice",
        "pixi-shapes.lock:17: linux-64 should be a list of packages",
        "pixi-shapes.lock:18: the environment empty has no packages; is the file cut off?",
        "pixi-shapes.lock:22: b-1-0.conda: size should be a number",
        "pixi-shapes.lock:23: b-1-0.conda: depends should be a list of texts",
        "pixi-shapes.lock:24: a package is `conda:`, `conda_source:` or `pypi:` and its place",
        "pixi-shapes.lock:25: ./a-1-0.conda says no subdir, neither by its name nor by a key",
        "pixi-shapes.lock:27: ./libs/c has no name; is the file cut off?",
        "pixi-shapes.lock:28: not a mapping",
    ],
    "pixi-platforms.lock": [
        "pixi-platforms.lock:3: box and linux-64 are all linux-64, and a lock has one machine of each platform",
        "pixi-platforms.lock:3: 'moon-64' is not a platform that conda knows",
        "pixi-platforms.lock:3: mars has packages, and is none of the file's platforms",
        "pixi-platforms.lock:9: the platform box stands twice",
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
