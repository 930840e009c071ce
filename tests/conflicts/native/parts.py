"""Toy platforms of locks: conda packages and wheels in one line each."""

from __future__ import annotations

from condaenv_tools.conflicts.native.registry import find_native_conflicts
from condaenv_tools.model.lock import LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages, override_virtual_packages
from tests.builders import record

PURE = "py3-none-any"
LINUX = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"
WINDOWS = "cp312-cp312-win_amd64"
MAC = "cp312-cp312-macosx_11_0_arm64"

PYTHON = record("python", "3.12.7", build="h_0_cpython")
FREE = record("python", "3.13.2", build="h_0_cp313t")


def wheel(name: str, version: str, *requires: str, tag: str = LINUX) -> PyPIRecord:
    """Return a wheel of a lock."""
    file_name = f"{name.replace('-', '_')}-{version}-{tag}.whl"
    needs = tuple((one, "") for one in requires)
    return PyPIRecord(name=name, version=version, url=f"https://example.org/{file_name}", requires=needs)


def platform(
    *records: PackageRecord | PyPIRecord, on: Platform = Platform.LINUX_64, machine: str | None = ""
) -> LockedPlatform:
    """Return a platform of a lock; a machine of None is one of which the lock says nothing."""
    assumed = None
    if machine is not None:
        name, _, version = machine.partition("=")
        stated = [VirtualPackage(name=name, version=version)] if machine else []
        assumed = override_virtual_packages(default_virtual_packages(on), stated)
    packages = tuple(LockedPackage(record=one) for one in records)
    return LockedPlatform(platform=on, packages=packages, virtual_packages=assumed)


def codes(part: LockedPlatform) -> list[str]:
    """Return the codes of what is found."""
    return [finding.code for finding in find_native_conflicts(part)]


def messages(part: LockedPlatform) -> str:
    """Return all words of what is found."""
    return "\n".join(f"{one.severity}: {one.message}" for one in find_native_conflicts(part))
