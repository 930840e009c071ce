"""What conda-lock itself makes of our locks, and we of its."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock import peer
from condaenv_tools.lock.conda_lock_v1 import CondaLockV1
from condaenv_tools.lock.content_hash import HashOptions, content_hashes
from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.lock.peer import PeerInputs, from_conda_lock, peer_faults, to_conda_lock
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.parse.environment_yml import read_environment
from tests.lock.toy_locks import LINUX, conda, lock_of, part, pip, small_lock
from tests.shared_data import need_shared

FORM = CondaLockV1()


def parsed_by_conda_lock(text: str, folder: Path) -> object:
    path = folder / "conda-lock.yml"
    path.write_text(text, encoding="utf-8")
    with peer._quiet():
        from conda_lock.lockfile import parse_conda_lock_file

        return parse_conda_lock_file(path)


@pytest.fixture
def base() -> Lock:
    return FORM.loads(need_shared("pangeo", "base-notebook", "conda-lock.yml").read_text(encoding="utf-8"))


def test_its_parser_reads_what_we_write_as_the_model_that_we_make(tmp_path: Path) -> None:
    for lock in (
        small_lock(),
        lock_of(part(conda("a 1"), pip("b 1", ("a", ">=1"), source="https://x.example.org"))),
    ):
        assert parsed_by_conda_lock(FORM.dumps(lock), tmp_path) == to_conda_lock(lock)


def test_a_real_lock_there_and_back(base: Lock, tmp_path: Path) -> None:
    theirs = parsed_by_conda_lock(FORM.dumps(base), tmp_path)
    assert to_conda_lock(base) == theirs
    assert from_conda_lock(theirs) == FORM.kept(base)  # type: ignore[arg-type]


def test_roots_and_virtual_packages_survive_its_model() -> None:
    assert from_conda_lock(to_conda_lock(small_lock())) == FORM.kept(small_lock())


def test_what_it_writes_again_is_read_as_the_same_lock(tmp_path: Path) -> None:
    path = tmp_path / "conda-lock.yml"
    with peer._quiet():
        from conda_lock.lockfile import write_conda_lock_file

        write_conda_lock_file(to_conda_lock(small_lock()), path, metadata_choices=set())
    assert FORM.loads(path.read_bytes()) == FORM.kept(small_lock())


def test_a_package_without_md5_is_refused_by_it_alone() -> None:
    lock = lock_of(part(conda("a 1", md5=None)))
    with pytest.raises(LockFormatError, match="MD5"):
        to_conda_lock(lock)
    (fault,) = peer_faults(FORM.dumps(lock))
    assert fault.rule == "known"
    assert "conda-lock refuses the file" in fault.message


def test_a_model_that_is_no_lock_is_told() -> None:
    theirs = to_conda_lock(small_lock())
    theirs.metadata.platforms.append("linux-1")
    with pytest.raises(LockFormatError, match=r"metadata\.platforms\.2: 'linux-1' is not a platform"):
        from_conda_lock(theirs)


ENVIRONMENT = """
channels: [conda-forge]
dependencies:
- python=3.12  # [linux]
- pip: [requests]
"""


def lock_for(path: Path, options: HashOptions | None = None) -> Lock:
    environment = read_environment(path).environment
    assert environment is not None
    lock = small_lock()
    hashes = content_hashes([environment], [p.platform for p in lock], options)
    return replace(lock, platforms=tuple(replace(p, content_hash=hashes[p.platform]) for p in lock))


@pytest.mark.parametrize(
    "options",
    [
        HashOptions(),
        HashOptions(channels=("bioconda",)),
        HashOptions(stated=(VirtualPackage(name="__cuda", version="12"),)),
        HashOptions(
            virtual_packages={LINUX: (VirtualPackage(name="__archspec", version="1", build="zen2"),)}
        ),
    ],
    ids=["files", "channels", "stated", "spec"],
)
def test_its_hash_is_ours(options: HashOptions, tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(ENVIRONMENT, encoding="utf-8")
    text = FORM.dumps(lock_for(path, options))
    assert peer_faults(text, PeerInputs(paths=(path,), options=options)) == ()
    path.write_text(ENVIRONMENT.replace("3.12", "3.13"), encoding="utf-8")
    faults = peer_faults(text, PeerInputs(paths=(path,), options=options))
    assert [(f.platform, f.rule) for f in faults] == [("linux-64", "current")]


def test_a_lock_without_its_pip_section_has_no_hash_to_compare(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(ENVIRONMENT, encoding="utf-8")
    lock = replace(small_lock(), metadata=((CONDA_ONLY, "left out"),))
    assert peer_faults(FORM.dumps(lock), PeerInputs(paths=(path,))) == ()


def test_files_that_it_cannot_read_are_told(tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text("- a list", encoding="utf-8")
    (fault,) = peer_faults(FORM.dumps(small_lock()), PeerInputs(paths=(path,)))
    assert "conda-lock cannot read the files" in fault.message


@pytest.mark.parametrize("text", ["version: 3\nmetadata: {}\npackage: []", "a: [", "metadata: {}"])
def test_what_it_refuses_is_one_fault(text: str) -> None:
    (fault,) = peer_faults(text)
    assert fault.message.startswith("conda-lock refuses the file: ")


def test_nothing_of_it_is_seen(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "environment.yml"
    path.write_text(ENVIRONMENT, encoding="utf-8")
    peer_faults(FORM.dumps(lock_for(path)), PeerInputs(paths=(path,)))
    assert capfd.readouterr() == ("", "")


def test_its_render_makes_explicit_files_of_our_locks(base: Lock, tmp_path: Path) -> None:
    """The command itself, in a process of its own; it needs no solver and no network for this."""
    (tmp_path / "conda-lock.yml").write_text(FORM.dumps(base), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "conda_lock",
        "render",
        "--kind",
        "explicit",
        "-p",
        "linux-64",
        "conda-lock.yml",
    ]
    subprocess.run(
        command, cwd=tmp_path, check=True, capture_output=True, env={**os.environ, "PYTHONWARNINGS": ""}
    )
    rendered = (tmp_path / "conda-linux-64.lock").read_text(encoding="utf-8").splitlines()
    urls = {line.partition("#")[0] for line in rendered if line.startswith("https://")}
    assert urls == {record.url for record in base.on("linux-64").records}
    assert f"# input_hash: {base.on('linux-64').content_hash}" in rendered


def test_it_is_imported_on_first_use_alone() -> None:
    code = (
        "import sys, condaenv_tools.lock.peer, condaenv_tools.lock.verify; print('conda_lock' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "False\n"
