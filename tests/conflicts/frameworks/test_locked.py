"""Frameworks of a lock that do not go together, and those that do."""

from __future__ import annotations

import pytest

from condaenv_tools.conflicts.native.registry import find_native_conflicts
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.model.lock import LockedPlatform
from tests.builders import record
from tests.cli.world import ROOT
from tests.conflicts.native.parts import platform, wheel

OURS = {"CE712", "CE713", "CE714"}


def found(part: LockedPlatform) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in find_native_conflicts(part) if one.code in OURS]


def test_two_copies_of_tensorflow() -> None:
    part = platform(
        record("tensorflow", "2.15.0", "tensorflow-base ==2.15.0"),
        record("tensorflow-base", "2.15.0"),
        wheel("tensorflow-cpu", "2.15.0"),
    )
    assert found(part) == [
        (
            "CE712",
            (
                "tensorflow-base 2.15.0 (for tensorflow) and tensorflow-cpu 2.15.0 install the same files: "
                "the last one wins"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("tensorflow", "keras", "told"),
    [
        ("2.17.0", "2.15.0", "tensorflow-base 2.17.0 works with Keras 3, and keras 2.15.0 is there"),
        ("2.15.0", "3.3.3", "tensorflow-base 2.15.0 works with Keras 2, and keras 3.3.3 is there"),
        ("2.17.0", "3.3.3", ""),
        ("2.15.0", "2.15.0", ""),
    ],
)
def test_keras_of_the_pip_section_beside_tensorflow_of_conda(tensorflow: str, keras: str, told: str) -> None:
    part = platform(record("tensorflow-base", tensorflow), wheel("keras", keras))
    assert [message for _, message in found(part)] == ([told] if told else [])


def test_two_cudas() -> None:
    part = platform(
        record("pytorch", "2.2.0", "pytorch-cuda >=12.1,<12.2"),
        record("cupy", "12.0", "cudatoolkit >=11.2,<12"),
        record("other", "1.0", build="cuda13_0"),
    )
    assert found(part) == [
        (
            "CE714",
            "cupy 12.0 is for cudatoolkit >=11.2,<12, and pytorch 2.2.0 is for pytorch-cuda >=12.1,<12.2",
        )
    ]


def test_bounds_that_allow_several_cudas_prove_nothing() -> None:
    part = platform(
        record("a", "1.0", "cuda-version >=11.8,<13"),
        record("b", "1.0", "cuda-version >=12.6,<13"),
        record("c", "1.0", "cuda-version"),
    )
    assert found(part) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "environments").glob("*/conda-lock.yml")), ids=lambda path: path.parent.name
)
def test_nothing_is_said_of_the_committed_locks(path: object) -> None:
    lock = read_lock(str(path))
    assert [found(part) for part in lock if found(part)] == []
