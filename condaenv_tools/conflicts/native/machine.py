"""Wheels for another machine than the platform is taken to be: processor, C library, macOS, driver, libstdc++.

References
----------
PEP 600 and 656, platform tags; PEP 425. The symbol versions of a tag are those of auditwheel's policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase, Wheel, at_least, major
from condaenv_tools.conflicts.native.rule import Hit, NativeRule
from condaenv_tools.model.platform import Platform

__all__ = ["RULES"]

_LEGACY = {"manylinux1": "2.5", "manylinux2010": "2.12", "manylinux2014": "2.17"}
_TAG = re.compile(
    r"(manylinux|musllinux|macosx)_(\d+)_(\d+)_(\w+)$|(manylinux1|manylinux2010|manylinux2014)_(\w+)$"
)
_PROCESSORS = {
    Platform.LINUX_64: {"x86_64"},
    Platform.LINUX_AARCH64: {"aarch64"},
    Platform.LINUX_PPC64LE: {"ppc64le"},
    Platform.OSX_64: {"x86_64", "universal2", "intel", "fat64", "universal"},
    Platform.OSX_ARM64: {"arm64", "universal2"},
    Platform.WIN_64: {"win_amd64"},
    Platform.WIN_ARM64: {"win_arm64"},
}
#: The first glibc of a tag, the libstdc++ that it may ask for, and the GCC that has it.
_LIBSTDCXX = (("2.39", "3.4.33", "14.1"), ("2.38", "3.4.32", "13.2"), ("2.35", "3.4.30", "12.1"),
              ("2.34", "3.4.29", "11.1"), ("2.31", "3.4.28", "9.3"))  # fmt: skip
_RUNTIME = re.compile(r"nvidia-cuda-runtime(?:-cu\d+)?$")


def _needs(tag: str) -> tuple[str, str, str]:
    """Return the system, its lowest version and the processor that a platform tag asks for.

    Examples
    --------
    >>> _needs("manylinux2014_x86_64"), _needs("macosx_11_0_arm64"), _needs("win_amd64")
    (('manylinux', '2.17', 'x86_64'), ('macosx', '11.0', 'arm64'), ('win', '', 'win_amd64'))
    """
    match = _TAG.match(tag)
    if match is None:
        return ("linux", "", tag[6:]) if tag.startswith("linux_") else ("win", "", tag)
    if match[5]:
        return "manylinux", _LEGACY[match[5]], match[6]
    return match[1], f"{match[2]}.{match[3]}", match[4]


def _why_not(case: NativeCase, tag: str) -> str:
    """Return what keeps a platform tag from the machine, in words; empty where nothing does."""
    if tag == "any":
        return ""
    system, floor, processor = _needs(tag)
    own = {"linux": {"linux", "manylinux"}, "osx": {"macosx"}, "win": {"win"}}
    word = case.platform.partition("-")[0]
    if system not in own.get(word, set()) or processor not in _PROCESSORS.get(case.platform, {processor}):
        return f"is for {tag}"
    name = {"manylinux": "__glibc", "macosx": "__osx"}.get(system)
    if name is None or case.machine is None:
        return ""
    there = case.machine.get(name)
    if there is None or at_least(there, floor):
        return ""
    what = "glibc" if name == "__glibc" else "macOS"
    return f"needs {what} {floor} ({tag}), and the machine is taken to have {name} {there}"


def _for_another(case: NativeCase) -> Iterator[Hit]:
    if case.platform not in _PROCESSORS:
        return
    for wheel in case.wheels.values():
        reasons = sorted({_why_not(case, platform) for _, _, platform in wheel.tags})
        if "" in reasons:
            continue
        # A wheel that needs a later system is nearer to the machine than one for another processor.
        best = next((reason for reason in reasons if reason.startswith("needs")), reasons[0])
        later = best.startswith("needs")
        yield Hit(
            message=f"the wheel of {wheel} {best}"
            + ("" if later else f", and the platform is {case.platform}"),
            hint="if the machines have it, say so with --virtual-package; else take an earlier release"
            if later
            else f"ask for {wheel.record.name} by name, so that the wheel of the platform is taken",
        )
    yield from _driver(case)


def _driver(case: NativeCase) -> Iterator[Hit]:
    driver = (case.machine or {}).get("__cuda")
    for name, record in case.pip.items():
        newest = major(record.version)
        own = major(driver) if driver else None
        if _RUNTIME.match(name) and newest is not None and own is not None and own < newest:
            yield Hit(
                message=f"{case.pip_owner(name)} needs a driver for CUDA {newest}, and the machine is taken to "
                f"have __cuda {driver}",
                hint="if the machines have a later driver, say so with --virtual-package __cuda=VERSION",
            )


def _libstdcxx(case: NativeCase) -> Iterator[Hit]:
    record = case.conda.get("libstdcxx") or case.conda.get("libstdcxx-ng")
    if record is None or "python" not in case.conda:
        return
    for wheel in case.wheels.values():
        floor = _glibc(wheel)
        if floor is None:
            continue
        symbols = next(((name, gcc) for tag, name, gcc in _LIBSTDCXX if at_least(floor, tag)), None)
        if symbols is not None and not at_least(record.version, symbols[1]):
            yield Hit(
                message=f"the wheel of {wheel} (glibc {floor}) may ask for GLIBCXX_{symbols[0]}, which comes with "
                f"GCC {symbols[1]}, and conda brings {record.name} {record.version}",
                hint=f"ask for {record.name}>={symbols[1]}",
            )


def _glibc(wheel: Wheel) -> str | None:
    """Return the glibc that every tag of a wheel asks for at least; None where one asks for none."""
    floors = [_needs(platform)[:2] for _, _, platform in wheel.tags if platform != "any"]
    asked = [floor for system, floor in floors if system == "manylinux"]
    if not asked or len(asked) < len(wheel.tags):
        return None
    return min(asked, key=lambda floor: tuple(map(int, floor.split("."))))


RULES = (NativeRule(code="CE708", find=_for_another), NativeRule(code="CE709", find=_libstdcxx))
