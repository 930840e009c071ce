"""Pinned environment files: what is written is read, and no ordinary environment file is taken for a lock."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.environment_yml import EnvironmentYml
from condaenv_tools.lock.formats import DumpOptions, ReadOptions
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import Lock, LockChannel
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.environment_yml import parse_environment
from tests.lock.test_pylock import mixed_lock, one_platform
from tests.lock.toy_locks import LINUX, MAC, conda, digest, lock_of, locks, part, pip, small_lock

FORM = EnvironmentYml()
ALL = DumpOptions(selectors=True)
quick = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], max_examples=30
)


@given(one_platform, st.builds(DumpOptions, builds=st.booleans()))
@quick
def test_reading_is_the_inverse_of_writing(lock: Lock, options: DumpOptions) -> None:
    lock = replace(lock, channels=(LockChannel(url="conda-forge"), LockChannel(url="bioconda")))
    text = FORM.dumps(lock, options)
    assert text.isascii()
    again = FORM.loads(text)
    assert again == FORM.kept(lock, options)
    assert FORM.kept(again, options) == again


@given(locks().filter(lambda lock: lock.platforms))
@quick
def test_one_file_for_all_platforms_is_read_as_each_of_them(lock: Lock) -> None:
    lock = replace(lock, channels=(LockChannel(url="conda-forge"),))
    assert FORM.loads(FORM.dumps(lock, ALL)) == FORM.kept(lock, ALL)


@given(one_platform, st.randoms(use_true_random=False))
@quick
def test_bytes_do_not_depend_on_order(lock: Lock, random: object) -> None:
    packages = list(lock.platforms[0].packages)
    random.shuffle(packages)  # type: ignore[attr-defined]
    other = replace(lock, platforms=(replace(lock.platforms[0], packages=tuple(packages)),))
    assert FORM.dumps(other) == FORM.dumps(lock)


def test_a_small_file_in_full() -> None:
    packages = [
        conda("python 3.12.1 h1_cpython"),
        conda("samtools 1.21 h_0", channel="https://conda.anaconda.org/bioconda"),
        pip("idna 3.10"),
    ]
    lock = lock_of(part(*packages), channels=(LockChannel(url="conda-forge"), LockChannel(url="bioconda")))
    text = FORM.dumps(lock, DumpOptions(name="lab"))
    assert (
        "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        == f"""\
name: lab
channels:
  - conda-forge
  - bioconda
  - nodefaults
platforms:
  - linux-64
dependencies:
  - python=3.12.1=h1_cpython
  - bioconda::samtools=1.21=h_0
  - pip:
    - idna==3.10 --hash=sha256:{digest("https://files.example.org/idna-3.10-py3-none-any.whl")}"""
    )
    assert FORM.loads(text) == FORM.kept(lock)
    assert not [f for f in parse_environment(text).findings if f.severity is Severity.ERROR]


def test_without_builds() -> None:
    text = FORM.dumps(lock_of(part(conda("python 3.12.1 h1_cpython"))), DumpOptions(builds=False))
    assert "  - python=3.12.1\n" in text
    assert {"build", "url", "sha256"} <= FORM.loads(text).unknown


def test_selectors_are_words_that_conda_lock_knows() -> None:
    linux = part(conda("a 1"), conda("b 1"))
    arm = part(conda("a 1"), conda("b 1"), platform=Platform.LINUX_AARCH64)
    mac = part(conda("a 1"), conda("b 2"), conda("c 1"), pip("d 1"), platform=MAC)
    text = FORM.dumps(lock_of(linux, mac, arm), ALL)
    lines = [line.strip() for line in text.splitlines() if "=" in line]
    assert lines[:4] == ["- a=1=0", "- b=1=0  # [linux]", "- b=2=0  # [osx]", "- c=1=0  # [osx]"]
    assert lines[4].startswith("- d==1 --hash=sha256:")
    assert lines[4].endswith("  # [osx]")


def test_hashes_of_pip_lines_are_those_of_all_or_of_none() -> None:
    lock = lock_of(part(pip("a 1"), pip("b 1", sha256=None)))
    assert "--hash" not in FORM.dumps(lock)
    assert "hashes of the pip lines: pip takes those of all lines or of none" in map(str, FORM.losses(lock))


def test_what_cannot_be_said_is_a_loss_that_changes_what_is_installed() -> None:
    changing = [str(loss) for loss in FORM.losses(mixed_lock()) if loss.changes_install]
    assert changing == ["left out, since no line pins them: app"]
    with pytest.raises(LockFormatError, match="the lock has 2: linux-64, osx-arm64"):
        FORM.dumps(small_lock())


def test_no_credential_is_written() -> None:
    lock = lock_of(part(), channels=(LockChannel(url="https://me:hunter2@conda.example.org/c"),))
    with pytest.raises(LockFormatError, match="must not hold a credential"):
        FORM.dumps(lock)


EXACT = "dependencies:\n  - python=3.12.1=h1_cpython\n  - 'xz=5.8.1=h_0'  # [linux]\n  - pip:\n    - idna\n"


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n  - python=3.12\n",
        "dependencies:\n  - python=3.12.1=h1_cpython\n  - numpy\n",
        "dependencies: []\n",
        "name: x\n",
        "dependencies:\n  - pip:\n    - a==1\n",
    ],
)
def test_an_ordinary_environment_file_is_no_lock(text: str) -> None:
    assert not FORM.recognises(text)
    assert FORM.recognises(EXACT)


FAULTS = {
    EXACT: "e.yml:5:7: idna allows more than one version",
    "dependencies:\n  - a=1\n  - b>=2\n  - a=2\n": "e.yml:3:5: b>=2 allows more than one version",
    "dependencies:\n  - a=1=0\n  - a=2=0\n": "e.yml:3:5: a is locked twice for linux-64",
    "dependencies:\n  - a=1=0\n  - b=[\n": "e.yml:3:",
    "dependencies:\n  - pip:\n    - -e ./x\n": "e.yml:3:7: -e ./x pins nothing",
    "dependencies:\n  - pip:\n    - ./x\n": "e.yml:3:7: ./x does not say which distribution lies there",
}


@pytest.mark.parametrize("text", FAULTS)
def test_what_is_not_pinned_is_told_with_its_place(text: str) -> None:
    with pytest.raises(LockFormatError) as caught:
        FORM.loads(text, path="e.yml", options=ReadOptions(platforms=(LINUX,)))
    assert FAULTS[text] in str(caught.value)
    assert "\n  hint: " in str(caught.value)


def test_platforms_are_those_that_are_named() -> None:
    text = "dependencies:\n  - a=1=0  # [win]\n"
    assert [p.platform.value for p in FORM.loads(text, path="environment.osx-64.yml")] == ["osx-64"]
    assert len(FORM.loads(text).platforms) == 5
    assert FORM.loads(text).on("win-64").packages[0].name == "a"
