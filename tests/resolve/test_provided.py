"""Which distributions a conda solution brings."""

from __future__ import annotations

import pytest

from condaenv_tools.model.record import PackageRecord
from condaenv_tools.resolve.provided import (
    Interpreter,
    interpreter_of,
    owners,
    provided_by,
)
from condaenv_tools.resolve.pypi.request import Implementation
from tests.builders import record


def brought(*records: PackageRecord, **settings: list[str]) -> dict[str, str]:
    return {one.name: f"{one.conda_name} {one.version}" for one in provided_by(records, **settings)}


def test_names_are_those_of_the_table_and_not_of_the_package() -> None:
    found = brought(record("pytorch", "2.5.1"), record("openssl", "3.4"), record("py-opencv", "4.10"))
    assert found["torch"] == "pytorch 2.5.1"
    assert "pytorch" not in found
    assert "openssl" not in found
    assert found["opencv-python"] == "py-opencv 4.10"


def test_purls_count_before_the_table() -> None:
    one = record("numpy", "2.0", purls=("pkg:pypi/Own_Num@2.0?x=y", "pkg:conda/numpy@2.0"))
    assert brought(one) == {"own-num": "numpy 2.0"}


def test_a_package_that_nobody_knows_brings_nothing_unless_it_is_said() -> None:
    one = record("our-own-thing", "1.0", "python >=3.9")
    assert brought(one) == {}
    assert brought(one, also=["our-own-thing"]) == {"our-own-thing": "our-own-thing 1.0"}
    assert owners([one, record("pytorch")]) == {
        "our-own-thing": "our-own-thing",
        "pytorch": "pytorch",
        "torch": "pytorch",
    }


def test_of_two_that_bring_one_distribution_the_one_of_its_name_counts() -> None:
    found = brought(record("matplotlib-base", "3.9"), record("matplotlib", "3.9"))
    assert found["matplotlib"] == "matplotlib 3.9"


@pytest.mark.parametrize(
    ("build", "implementation", "free"),
    [
        ("h4f43103_105_cp313t", Implementation.CPYTHON, True),
        ("h4f43103_0_cpython", Implementation.CPYTHON, False),
        ("0_73_pypy", Implementation.PYPY, False),
    ],
)
def test_the_interpreter_is_read_from_its_record(
    build: str, implementation: Implementation, *, free: bool
) -> None:
    found = interpreter_of([record("zlib"), record("python", "3.13.1", build=build)])
    assert found == Interpreter(version="3.13.1", implementation=implementation, free_threaded=free)


def test_there_may_be_none() -> None:
    assert interpreter_of([record("zlib")]) is None
