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
    "Pipfile-cut.lock": ["Pipfile-cut.lock:4:26: the file is not JSON", "is it cut off"],
    "Pipfile-shapes.lock": [
        "Pipfile-shapes.lock:4: a: not a table",
        "Pipfile-shapes.lock:5: b: version should be == and a version",
        "Pipfile-shapes.lock:6: c: hashes should be a list of texts",
        "Pipfile-shapes.lock:7: d names no commit, and what lies there may change",
        "Pipfile-shapes.lock:9: not a table of packages",
    ],
    "Pipfile.lock": ["Pipfile.lock:4: colorama is locked without a version", "pipenv lock, on the platform"],
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
    "environment-pinned.yml": [
        "environment-pinned.yml:6:5: numpy>=2 allows more than one version",
        "environment-pinned.yml:7:5: python is locked twice for linux-64",
        "environment-pinned.yml:9:7: idna allows more than one version",
        "write NAME=VERSION=BUILD in each line",
    ],
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
    "poetry.lock": [
        "poetry.lock:11: b has no version; is the file cut off?",
        "poetry.lock:18: c: files should be a list of tables with a file",
    ],
    "prose.txt": ["prose.txt is not a lock file: it has neither"],
    "pylock-2.toml": ["pylock-2.toml:1: pylock version 2.0 is not supported; only version 1 can be read"],
    "pylock-conflict.toml": ["pylock-conflict.toml:3:1: the file is not TOML", "git left a conflict here"],
    "pylock-cut.toml": ["pylock-cut.toml:1: there is no 'packages'; is the file cut off?"],
    "pylock-twice.toml": [
        "pylock-twice.toml:10: a is locked twice for linux-64: 1 and 2",
        "pylock-twice.toml:15: b 1 has no archive for linux-64 with Python 3.7",
    ],
    "pylock.toml": [
        "pylock.toml:5: A_b: name 'A_b' is not normalized",
        "pylock.toml:10: c: invalid version: 'one'",
        "pylock.toml:18: d: name in 'e-1-py3-none-any.whl' is not consistent with package name 'd'",
        "pylock.toml:23: f: expected marker operator",
        "pylock.toml:28: g: there is no 'commit-id'; is the file cut off?",
    ],
    "requirements.txt": [
        "requirements.txt:3:1: requests>=2 allows more than one version",
        "requirements.txt:4:1: six allows more than one version",
        "requirements.txt:5:1: a folder that is worked on has no version",
        "requirements.txt:6:12: `numpy==1.* --hash=sha256:12`: a digest of sha256 has 64",
        "pin each line with ==",
    ],
    "uv-2.lock": ["uv-2.lock:1: version 2 of uv.lock; only version 1 can be read"],
    "uv.lock": [
        "uv.lock:7: a has no archive; is the file cut off?",
        "uv.lock:9: b has no source; is the file cut off?",
        "uv.lock:13: a package has no name; is the file cut off?",
        "uv.lock:19: d: version should be a text",
    ],
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
