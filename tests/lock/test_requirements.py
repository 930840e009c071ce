"""Requirements files as locks: what is written is read, pip and uv install it, and what is not pinned is told."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.lock.requirements import Requirements
from condaenv_tools.model.lock import Lock, LockedPackage
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.pypi.uv_binary import find_uv
from tests.lock.test_pylock import COMMIT, direct, mixed_lock, one_platform, served_lock
from tests.lock.toy_locks import LINUX, MAC, conda, digest, lock_of, locks, part, pip, small_lock
from tests.pypi_index import serve_index, wheel

FORM = Requirements()
ALL = DumpOptions(selectors=True)


@given(one_platform)
@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=75
)
def test_reading_is_the_inverse_of_writing(lock: Lock) -> None:
    text = FORM.dumps(lock)
    assert text.isascii()
    again = FORM.loads(text)
    assert again == FORM.kept(lock)
    assert FORM.kept(again) == again
    assert FORM.dumps(again) == text


@given(locks().filter(lambda lock: lock.platforms))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=75)
def test_one_file_for_all_platforms_is_read_as_each_of_them(lock: Lock) -> None:
    text = FORM.dumps(lock, ALL)
    assert FORM.loads(text) == FORM.kept(lock, ALL)


@given(one_platform, st.randoms(use_true_random=False))
@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=30
)
def test_bytes_do_not_depend_on_order(lock: Lock, random: object) -> None:
    packages = list(lock.platforms[0].packages)
    random.shuffle(packages)  # type: ignore[attr-defined]
    other = replace(lock, platforms=(replace(lock.platforms[0], packages=tuple(packages)),))
    assert FORM.dumps(other) == FORM.dumps(lock)


def test_a_small_file_in_full() -> None:
    assert (
        FORM.dumps(mixed_lock())
        == f"""\
# The PyPI part of an environment on linux-64. Written by condaenv.
# Install it with: python -m pip install --no-deps -r FILE
# condaenv: platform linux-64 python 3.12.1
# condaenv: ./libs/app is app
# condaenv: git+https://git.example.org/tool.git@{COMMIT}#subdirectory=lib is tool
# condaenv: https://example.org/far-1.0.zip is far 1.0

./libs/app
black==25.1 \\
    --hash=sha256:{digest("https://files.example.org/black-25.1-py3-none-any.whl")}
far @ https://example.org/far-1.0.zip \\
    --hash=sha256:{digest("far")}
idna==3.10 \\
    --hash=sha256:{digest("https://files.example.org/idna-3.10-py3-none-any.whl")}
six==1.16.0 \\
    --hash=sha256:{digest("https://files.example.org/six-1.16.0-py3-none-any.whl")}
tool @ git+https://git.example.org/tool.git@{COMMIT}#subdirectory=lib
"""
    )


def test_what_differs_between_platforms_has_a_marker() -> None:
    linux = part(pip("a 1.0", sha256=None), pip("b 1.0", sha256=None), pip("c 1", sha256=None))
    mac = part(pip("a 1.0", sha256=None), pip("b 2.0", sha256=None), platform=MAC)
    arm = part(pip("a 1.0", sha256=None), pip("b 1.0", sha256=None), platform=Platform.LINUX_AARCH64)
    lines = [line for line in FORM.dumps(lock_of(linux, mac, arm), ALL).splitlines() if "==" in line]
    assert lines == [
        "a==1.0",
        "b==1.0 ; sys_platform == 'linux'",
        "b==2.0 ; sys_platform == 'darwin'",
        "c==1 ; sys_platform == 'linux' and platform_machine == 'x86_64'",
    ]


def test_what_pip_refuses_is_a_loss_that_changes_what_is_installed() -> None:
    changing = [str(loss) for loss in FORM.losses(mixed_lock()) if loss.changes_install]
    assert changing == ["pip refuses lines without a hash beside lines with one (uv takes them): app, tool"]
    odd = lock_of(part(pip("a 1!x"), direct("b", "git+https://git.example.org/b.git@main")))
    changing = [str(loss) for loss in FORM.losses(odd) if loss.changes_install]
    assert changing == ["left out, since pip has no line that pins them: a, b"]


def test_several_platforms_are_one_file_on_request_only() -> None:
    with pytest.raises(LockFormatError, match="the lock has 2: linux-64, osx-arm64"):
        FORM.dumps(small_lock())


@pytest.mark.parametrize(
    "package",
    [
        direct("a", f"git+https://me:hunter2@git.example.org/a@{COMMIT}"),
        direct("a", "https://me:hunter2@files.example.org/a-1.zip", "1", sha256=digest("a")),
    ],
)
def test_no_credential_is_written(package: LockedPackage) -> None:
    with pytest.raises(LockFormatError, match="must not hold a credential") as caught:
        FORM.dumps(lock_of(part(package)))
    assert "hunter2" not in str(caught.value)


def test_pip_and_uv_install_what_is_written(tmp_path: Path) -> None:
    pytest.importorskip("pip")
    with serve_index([wheel("aa"), wheel("bb", "1.0", "aa")]) as index:
        files = {one.file_name: one.sha256 for one in index.files}
        path = tmp_path / "requirements.linux-64.txt"
        path.write_text(FORM.dumps(served_lock(files, index.url)), encoding="utf-8")
        install = ["install", "--dry-run", "--require-hashes", "-r", str(path), "--index-url", index.url]
        env = {**os.environ, "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1"}
        for name in ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONSTRAINT"):
            env.pop(name, None)
        pip_told = subprocess.run(
            [sys.executable, "-m", "pip", *install, "--no-cache-dir", "--ignore-installed"],
            capture_output=True, text=True, check=False, env=env,
        )  # fmt: skip
        uv_told = subprocess.run(
            [find_uv(), "pip", *install, "--no-cache", "--python", sys.executable],
            capture_output=True, text=True, check=False, env=env,
        )  # fmt: skip
    assert pip_told.returncode == 0, pip_told.stderr
    assert "Would install aa-1.0 bb-1.0" in pip_told.stdout
    assert uv_told.returncode == 0, uv_told.stderr
    assert "+ bb==1.0" in uv_told.stderr


def test_pip_checks_the_hashes_that_are_written(tmp_path: Path) -> None:
    pytest.importorskip("pip")
    with serve_index([wheel("aa")]) as index:
        path = tmp_path / "requirements.txt"
        lock = served_lock({"aa-1.0-py3-none-any.whl": digest("other")}, index.url)
        path.write_text(FORM.dumps(lock), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--no-cache-dir",
            "-d",
            str(tmp_path),
            "-r",
            str(path),
        ]
        told = subprocess.run(
            [*command, "--index-url", index.url],
            capture_output=True, text=True, check=False,
            env={**os.environ, "PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "127.0.0.1"},
        )  # fmt: skip
    assert told.returncode != 0
    assert "DO NOT MATCH THE HASHES" in told.stderr


COMPILED = f"""
#
# This file is autogenerated by pip-compile with Python 3.11
# by the following command:
#
#    pip-compile --generate-hashes
#
--index-url https://me:${{TOKEN}}@pypi.example.org/simple

click[extra]==8.1.7 \\
    --hash=sha256:{digest("a")} \\
    --hash=sha256:{digest("b")}
    # via -r requirements.in
colorama==0.4.6 ; sys_platform == "win32" \\
    --hash=sha256:{digest("c")}
tomli==2.0.1 ; python_version < "3.11"
"""


def test_what_pip_compile_wrote_is_read_for_each_platform() -> None:
    assert FORM.recognises(COMPILED)
    lock = FORM.loads(COMPILED, options=ReadOptions(platforms=(LINUX, Platform.WIN_64)))
    names = {part.platform.value: [p.name for p in part.packages] for part in lock}
    assert names == {"linux-64": ["click"], "win-64": ["click", "colorama"]}
    click = lock.on(LINUX).packages[0].record
    assert click.hashes == tuple(sorted([digest("a"), digest("b")]))  # type: ignore[union-attr]
    assert (click.version, click.url, click.sha256) == ("8.1.7", "", None)
    assert dict(lock.metadata) == {"condaenv.python": "3.11"}
    assert lock.unknown == {"url"}


def test_without_a_platform_all_the_usual_ones_are_meant() -> None:
    assert len(FORM.loads("idna==3.10\n").platforms) == 5


FAULTS = {
    "idna>=3\n": "x.txt:1:1: idna>=3 allows more than one version",
    "idna==3.*\n": "x.txt:1:1: idna==3.* allows more than one version",
    "a==1\n\nidna\n": "x.txt:3:1: idna allows more than one version",
    "a==1\n-r other.txt\n": "x.txt:2:1: another file is named, and what it holds may change",
    "a==1\n-c other.txt\n": "x.txt:2:1: a file of constraints is named, and a lock has none",
    "a==1\n-e ./b\n": "x.txt:2:1: a folder that is worked on has no version",
    "a==1\nb @ git+https://git.example.org/b.git@main\n": "x.txt:2:1: git+https://git.example.org/b.git@main ",
    "a==1\n./c\n": "x.txt:2:1: ./c does not say which distribution lies there",
    "a==1 --hash=sha256:12\n": "x.txt:1:6: `a==1 --hash=sha256:12`: a digest of sha256 has 64",
    "a==1\na==2\n": "x.txt:2:1: a is locked twice for linux-64: 1 and 2",
    "a==1\nb==1 ; python_version < '3.11'\n": "x.txt:2:1: whether b is installed depends on the Python",
}


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_not_pinned_is_told_with_its_place(text: str) -> None:
    with pytest.raises(LockFormatError) as caught:
        FORM.loads(text, path="x.txt", options=ReadOptions(platforms=(LINUX,)))
    assert FAULTS[text] in str(caught.value)
    assert "\n  hint: " in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "numpy\npandas\n",
        "dependencies:\n  - pip:\n    - a==1\na==1\n",
        "@EXPLICIT\nhttps://conda.example.org/a==1\n",
        "numpy=1.0=0\n",
        "[[package]]\na==1\n",
    ],
)
def test_other_files_are_not_mistaken_for_one(text: str) -> None:
    assert not FORM.recognises(text)


def test_what_conda_brings_is_mapped_by_the_recorded_names() -> None:
    packages = [
        conda("python 3.12.1 h1_cpython"),
        conda("pytorch 2.5.1"),
        conda("openssl 3.5"),
        pip("idna 3.10"),
    ]
    lock, options = lock_of(part(*packages)), DumpOptions(map_conda=True)
    text = FORM.dumps(lock, options)
    assert [line.split(" ")[0] for line in text.splitlines() if "==" in line] == [
        "idna==3.10",
        "torch==2.5.1",
    ]
    assert FORM.loads(text) == FORM.kept(lock, options)
    told = {str(loss): loss.changes_install for loss in FORM.losses(lock, options)}
    assert told["packages of conda that no distribution is known for: openssl, python"] is False
    refused = "pip refuses lines without a hash beside lines with one (uv takes them): torch"
    assert told[refused] is True
    conda_alone = lock_of(part(*packages[:3]))
    assert not [loss for loss in FORM.losses(conda_alone, options) if loss.changes_install]
    assert "--require-hashes" not in FORM.dumps(conda_alone, options)
