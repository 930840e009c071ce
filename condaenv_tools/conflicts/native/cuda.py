"""CUDA libraries from conda and from PyPI, and wheels of two CUDA versions that share a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase, major
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULES"]

#: By library: its conda packages, and the distribution without its CUDA version.
_ROLES = {
    "the CUDA runtime": (("cuda-cudart", "cudatoolkit"), "nvidia-cuda-runtime"),
    "cuBLAS": (("libcublas",), "nvidia-cublas"),
    "cuDNN": (("libcudnn", "cudnn"), "nvidia-cudnn"),
    "cuFFT": (("libcufft",), "nvidia-cufft"),
    "cuSOLVER": (("libcusolver",), "nvidia-cusolver"),
    "cuSPARSE": (("libcusparse",), "nvidia-cusparse"),
    "NCCL": (("nccl",), "nvidia-nccl"),
}
_WHEEL = re.compile(r"(nvidia-[a-z0-9-]+?)(?:-cu(\d+))?$")


def _wheels(case: NativeCase) -> dict[str, list[tuple[str, str | None]]]:
    """Return NVIDIA's distributions by their name without CUDA version, each with that version."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for name in sorted(case.pip):
        match = _WHEEL.match(name)
        if match:
            found.setdefault(match[1], []).append((name, match[2]))
    return found


def _from_both(case: NativeCase) -> Iterator[Hit]:
    wheels = _wheels(case)
    twice = {
        role: (conda[0].name, wheels[base][0][0])
        for role, (names, base) in _ROLES.items()
        if base in wheels and (conda := case.conda_of(names))
    }
    if not twice:
        return
    first, *others = twice
    ours, pip = twice[first]
    apart = major(case.conda[ours].version), major(case.pip[pip].version)
    differs = ", of another major version" if None not in apart and apart[0] != apart[1] else ""
    more = f"; so {'does' if len(others) == 1 else 'do'} {', '.join(others)}" if others else ""
    yield Hit(
        message=f"{first} comes from conda, {case.owner(ours)}, and from PyPI, {case.pip_owner(pip)}"
        f"{differs}{more}",
        hint="take the packages that bring it from conda (pytorch for torch, jaxlib with its CUDA build), "
        "or all of CUDA from PyPI",
    )


def _one_folder(case: NativeCase) -> Iterator[Hit]:
    for base, names in _wheels(case).items():
        versions = {version for _, version in names if version}
        if len(versions) > 1:
            folder = f"nvidia/{base.removeprefix('nvidia-').replace('-', '_')}"
            told = " and ".join(case.pip_owner(name) for name, version in names if version)
            yield Hit(
                message=f"{told} install into the same folder {folder}",
                hint="choose distributions that were built for one CUDA version",
            )


RULES = (NativeRule(code="CE704", find=_from_both), NativeRule(code="CE705", find=_one_folder))
