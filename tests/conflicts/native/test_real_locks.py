"""The committed locks of real environments: nothing false is said of them, and what is broken in them is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.conflicts.native.registry import find_native_conflicts
from condaenv_tools.lock.registry import loads_lock
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.record import PackageRecord
from tests.conflicts.native.parts import PURE, codes, wheel
from tests.shared_data import need_shared

ROOT = Path(__file__).resolve().parents[3] / "environments"
LOCKS = sorted(path.parent.name for path in ROOT.glob("*/conda-lock.yml"))


def part_of(name: str, platform: str = "linux-64") -> LockedPlatform:
    lock = loads_lock((ROOT / name / "conda-lock.yml").read_text(encoding="utf-8"))
    return lock.on(platform)


def python_tag(part: LockedPlatform) -> str:
    version = next(record.version for record in part.records if record.name == "python")
    return f"cp{''.join(version.split('.')[:2])}"


def with_wheels(part: LockedPlatform, *records: PyPIRecord) -> LockedPlatform:
    return replace(part, packages=(*part.packages, *(LockedPackage(record=one) for one in records)))


def with_record(part: LockedPlatform, name: str, **fields: object) -> LockedPlatform:
    packages: Iterable[LockedPackage] = (
        replace(one, record=replace(one.record, **fields))
        if isinstance(one.record, PackageRecord) and one.name == name
        else one
        for one in part.packages
    )
    return replace(part, packages=tuple(packages))


@pytest.mark.parametrize("name", LOCKS)
def test_no_committed_lock_has_a_warning(name: str) -> None:
    lock = loads_lock((ROOT / name / "conda-lock.yml").read_text(encoding="utf-8"))
    found = [
        str(one) for part in lock for one in find_native_conflicts(part) if one.severity is not Severity.INFO
    ]
    assert found == []


def test_of_the_published_locks_none_has_a_warning() -> None:
    for path in sorted(need_shared("pangeo").glob("*/conda-lock.yml")):
        lock = loads_lock(path.read_text(encoding="utf-8"))
        found = [one for part in lock for one in find_native_conflicts(part)]
        assert [one.message for one in found if one.severity is not Severity.INFO] == []


def test_a_wheel_that_is_added_to_a_real_lock_is_found_where_it_hurts() -> None:
    part = part_of("geospatial")
    tag = python_tag(part)
    native = f"{tag}-{tag}-manylinux_2_17_x86_64"
    assert "CE710" in codes(with_wheels(part, wheel("fiona", "1.10.1", tag=native)))
    assert "CE706" in codes(with_wheels(part, wheel("bottleneck", "1.3.7", tag=native)))
    assert "CE707" in codes(with_wheels(part, wheel("a", "1.0", tag="cp38-cp38-manylinux_2_17_x86_64")))
    assert "CE708" in codes(with_wheels(part, wheel("a", "1.0", tag=f"{tag}-{tag}-win_amd64")))
    assert codes(with_wheels(part, wheel("a", "1.0", tag=native), wheel("b", "1.0", tag=PURE))) == codes(part)


def test_a_build_that_is_swapped_in_a_real_lock_is_found() -> None:
    part = part_of("data-science")
    assert "CE701" not in codes(part)
    mixed = with_record(part, "numpy", depends=("python", "mkl >=2023.1", "libgcc"))
    mkl = PackageRecord(name="mkl", version="2023.1", build="0", subdir="linux-64", channel="", url="")
    mixed = replace(mixed, packages=(*mixed.packages, LockedPackage(record=mkl)))
    assert "CE701" in codes(mixed)
    assert "CE707" in codes(with_record(part, "python", build="h_0_cp313t", version="3.13.2"))


def test_cuda_from_both_is_found_in_a_real_lock() -> None:
    part = part_of("pytorch-cuda")
    runtime = wheel("nvidia-cuda-runtime-cu12", "12.4.127", tag="py3-none-manylinux2014_x86_64")
    assert "CE704" not in codes(part)
    assert "CE704" in codes(with_wheels(part, runtime))
