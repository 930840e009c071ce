"""Locks that uv, poetry, Pipenv and uv's exports wrote of one toy project, read: each platform gets what it needs.

The files in ``data/tool_locks`` were made by the tools themselves from an index of toy archives on 127.0.0.1, in
whose place ``pypi.example.org`` was written.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.pipfile_lock import PipfileLock
from condaenv_tools.lock.poetry_lock import PoetryLock
from condaenv_tools.lock.registry import loads_lock, lock_format, read_format
from condaenv_tools.lock.uv_lock import UvLock
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from tests.lock.toy_locks import LINUX, digest

FOLDER = Path(__file__).parents[1] / "data" / "tool_locks"
MADE_BY = {
    "uv.lock": "uv.lock",
    "poetry.lock": "poetry.lock",
    "Pipfile.lock": "Pipfile.lock",
    "pylock.toml": "pylock",
    "requirements.txt": "requirements",
}
WINDOWS = Platform.WIN_64


def read(name: str, *platforms: Platform) -> Lock:
    return loads_lock((FOLDER / name).read_bytes(), path=name, options=ReadOptions(platforms=platforms))


def names(lock: Lock, platform: Platform) -> dict[str, tuple[str, ...]]:
    return {p.name: p.categories for p in lock.on(platform).packages}


@pytest.mark.parametrize("name", MADE_BY)
def test_each_is_known_and_read_for_the_usual_platforms(name: str) -> None:
    assert read_format((FOLDER / name).read_bytes()) == MADE_BY[name]
    assert [part.platform for part in read(name)] == sorted(DEFAULT_PLATFORMS)


def test_the_files_are_all_of_the_folder() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(MADE_BY)


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock"])
def test_groups_and_extras_are_categories(name: str) -> None:
    wanted = {
        "extra": ("fast",),
        "idle": ("dev",),
        "shell": ("main",),
        "speedy": ("main",),
        "tester": ("dev",),
    }
    assert names(read(name), LINUX) == wanted
    assert names(read(name), WINDOWS) == wanted | {"winonly": ("main",)}


def test_pipenv_has_its_two_categories() -> None:
    assert names(read("Pipfile.lock"), LINUX) == {
        "idle": ("dev",),
        "shell": ("main",),
        "speedy": ("main",),
        "tester": ("dev",),
    }


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pylock.toml"])
def test_each_platform_has_its_own_archive(name: str) -> None:
    found = {
        part.platform.value: next(p.record.url for p in part.packages if p.name == "speedy").rpartition("-")[
            2
        ]
        for part in read(name)
    }
    assert found == {
        "linux-64": "manylinux_2_28_x86_64.whl",
        "linux-aarch64": "manylinux_2_28_aarch64.whl",
        "osx-64": "macosx_10_13_x86_64.whl",
        "osx-arm64": "macosx_11_0_arm64.whl",
        "win-64": "win_amd64.whl",
    }


def test_the_tools_agree_on_hashes() -> None:
    """Of a release one sha256 is that of the file, and is among those of the tools that list them all."""
    by_tool = {name: {p.name: p.record for p in read(name).on(LINUX).packages} for name in MADE_BY}
    exact = {by_tool[name]["speedy"].sha256 for name in ("uv.lock", "poetry.lock", "pylock.toml")}
    assert len(exact) == 1
    for name in ("Pipfile.lock", "requirements.txt"):
        record = by_tool[name]["speedy"]
        assert record.sha256 is None
        assert exact < set(record.hashes)  # type: ignore[union-attr]
    assert len({records["shell"].sha256 for records in by_tool.values()}) == 1


def test_requirements_that_count_are_kept() -> None:
    lock = read("uv.lock")
    shell = {p: next(q for q in lock.on(p).packages if q.name == "shell").record for p in (LINUX, WINDOWS)}
    assert shell[LINUX].requires == ()  # type: ignore[union-attr]
    assert shell[WINDOWS].requires == (("winonly", ""),)  # type: ignore[union-attr]


def test_addresses_are_unknown_where_the_tool_does_not_say_them() -> None:
    assert {name for name in MADE_BY if "url" in read(name).unknown} == {
        "poetry.lock",
        "Pipfile.lock",
        "requirements.txt",
    }


def test_the_python_is_the_oldest_that_is_allowed_or_the_one_that_is_named() -> None:
    pythons = {name: dict(read(name).metadata).get("condaenv.python") for name in MADE_BY}
    assert pythons == dict.fromkeys(MADE_BY, "3.12") | {"Pipfile.lock": "3.11"}
    options = ReadOptions(platforms=(LINUX,), python="3.13")
    text = (FOLDER / "uv.lock").read_text(encoding="utf-8")
    assert UvLock().loads(text, options=options).on(LINUX).packages[3].record.url.endswith(".tar.gz")


@pytest.mark.parametrize("name", MADE_BY)
def test_what_is_read_is_written_as_requirements_and_read_again(name: str) -> None:
    lock, form, options = read(name), lock_format("requirements"), DumpOptions(selectors=True)
    again = form.loads(form.dumps(lock, options))
    assert again == form.kept(lock, options)
    assert [[p.name for p in part.packages] for part in again] == [
        [p.name for p in part.packages] for part in lock
    ]
    assert not [loss for loss in form.losses(lock, options) if loss.changes_install]


@pytest.mark.parametrize("name", MADE_BY)
def test_a_file_cut_anywhere_is_refused_or_smaller(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    whole = {p.name for part in read(name) for p in part.packages}
    for end in range(0, len(text), 61):
        try:
            found = loads_lock(text[:end], path=name, options=ReadOptions(platforms=(LINUX,)))
        except LockFormatError:
            continue
        assert {p.name for part in found for p in part.packages} <= whole


OLD_POETRY = f"""
[[package]]
name = "shell"
version = "8.1"
category = "main"
optional = false
python-versions = ">=3.7"
[package.dependencies]
winonly = {{version = "*", markers = "platform_system == \\"Windows\\""}}
[[package]]
name = "winonly"
version = "0.4"
category = "main"
optional = false
python-versions = "*"
[[package]]
name = "tool"
version = "1.0"
category = "dev"
optional = false
python-versions = "*"
develop = false
[package.source]
type = "git"
url = "https://me:hunter2@git.example.org/tool.git"
reference = "main"
resolved_reference = "{"a" * 40}"
[metadata]
lock-version = "1.1"
python-versions = "^3.8"
content-hash = "00"
[metadata.files]
shell = [{{file = "shell-8.1-py3-none-any.whl", hash = "sha256:{digest("s")}"}}]
winonly = [{{file = "winonly-0.4-py3-none-any.whl", hash = "sha256:{digest("w")}"}}]
tool = []
"""


def test_older_locks_of_poetry_say_it_by_requirements() -> None:
    assert PoetryLock().recognises(OLD_POETRY)
    lock = PoetryLock().loads(OLD_POETRY)
    assert names(lock, LINUX) == {"shell": ("main",), "tool": ("dev",)}
    assert names(lock, WINDOWS) == {"shell": ("main",), "tool": ("dev",), "winonly": ("main",)}
    tool = lock.on(LINUX).packages[1].record
    assert tool.url == f"git+https://git.example.org/tool.git@{'a' * 40}"
    assert lock.on(LINUX).packages[0].record.sha256 == digest("s")


FORKS = f"""
version = 1
requires-python = ">=3.12"
resolution-markers = ["sys_platform == 'win32'", "sys_platform != 'win32'"]
[[package]]
name = "app"
version = "0.1"
source = {{ editable = "." }}
dependencies = [
    {{ name = "a", version = "1.0", source = {{ registry = "https://pypi.example.org/simple" }}, marker = "sys_platform == 'win32'" }},
    {{ name = "a", version = "2.0", source = {{ registry = "https://pypi.example.org/simple" }}, marker = "sys_platform != 'win32'" }},
    {{ name = "tool", extra = ["more"] }},
]
[[package]]
name = "a"
version = "1.0"
source = {{ registry = "https://pypi.example.org/simple" }}
resolution-markers = ["sys_platform == 'win32'"]
wheels = [{{ url = "https://me:hunter2@example.org/a-1.0-py3-none-any.whl", hash = "sha256:{digest("1")}" }}]
[[package]]
name = "a"
version = "2.0"
source = {{ registry = "https://pypi.example.org/simple" }}
resolution-markers = ["sys_platform != 'win32'"]
wheels = [{{ url = "https://example.org/a-2.0-py3-none-any.whl", hash = "sha256:{digest("2")}" }}]
[[package]]
name = "tool"
version = "1.0"
source = {{ git = "https://git.example.org/tool.git?subdirectory=lib&rev=v1#{"b" * 40}" }}
[package.optional-dependencies]
more = [{{ name = "far" }}]
[[package]]
name = "far"
version = "3.0"
source = {{ url = "https://example.org/far-3.0.zip" }}
sdist = {{ hash = "sha256:{digest("far")}" }}
[[package]]
name = "nobody"
version = "1.0"
source = {{ registry = "https://pypi.example.org/simple" }}
sdist = {{ url = "https://example.org/nobody-1.0.tar.gz", hash = "sha256:{digest("n")}" }}
"""  # noqa: E501 - as uv writes it


def test_forks_extras_and_addresses_of_uv() -> None:
    lock = UvLock().loads(FORKS, options=ReadOptions(platforms=(LINUX, WINDOWS)))
    found = {p.name: p.record for p in lock.on(LINUX).packages}
    assert sorted(found) == ["a", "far", "tool"]
    assert found["a"].version == "2.0"
    assert found["tool"].url == f"git+https://git.example.org/tool.git@{'b' * 40}#subdirectory=lib"
    assert (found["far"].url, found["far"].sha256) == ("https://example.org/far-3.0.zip", digest("far"))
    windows = {p.name: p.record for p in lock.on(WINDOWS).packages}
    assert (windows["a"].version, windows["a"].url) == ("1.0", "https://example.org/a-1.0-py3-none-any.whl")


def test_an_unpinned_entry_of_pipenv_is_no_fault_where_its_marker_does_not_hold() -> None:
    text = '{"_meta": {}, "default": {"w": {"markers": "sys_platform == \'win32\'", "version": "*"}}}'
    assert PipfileLock().loads(text, options=ReadOptions(platforms=(LINUX,))).on(LINUX).packages == ()
    with pytest.raises(LockFormatError, match="w is locked without a version"):
        PipfileLock().loads(text)
