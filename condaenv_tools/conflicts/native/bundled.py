"""Wheels that carry a library which conda brings for its own packages, where it is known to hurt."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase, Wheel
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULE"]

_OPENCV = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_QT_WHEELS = ("pyqt5-qt5", "pyqt6-qt6", "pyside2", "pyside6-essentials", "pyside6")
_QT_CONDA = ("qt6-main", "qt-main", "qt")
#: Packages that load HDF5 into Python.
_HDF5_USERS = ("h5py", "netcdf4", "pytables")


def _native(case: NativeCase, names: tuple[str, ...]) -> list[Wheel]:
    return [case.wheels[name] for name in names if name in case.wheels and case.wheels[name].is_native]


def _geo(case: NativeCase) -> Iterator[Hit]:
    # What sets the variables: activation of conda's own packages.
    conda = case.conda_of(("proj", "libgdal-core", "libgdal"))
    wheels = _native(case, ("rasterio", "fiona", "pyogrio", "pyproj"))
    if conda and wheels:
        carries = "PROJ" if wheels[0].record.name == "pyproj" else "GDAL and PROJ"
        yield Hit(
            message=f"{_and(wheels)} from PyPI {_carries(wheels)} {carries}, beside "
            f"{case.owner(conda[0].name)} of conda, which sets PROJ_DATA or GDAL_DATA to its own data "
            "files when the environment is activated",
            hint=f"take {_names(wheels)} from conda, where all of these share one library",
        )


def _hdf5(case: NativeCase) -> Iterator[Hit]:
    users = [one for one in case.conda_of(_HDF5_USERS) if one in case.needing("hdf5")]
    wheels = _native(case, ("h5py", "netcdf4", "tables"))
    if users and wheels and "hdf5" in case.conda:
        yield Hit(
            message=f"{_and(wheels)} from PyPI {_carries(wheels)} HDF5, and {users[0].name} {users[0].version} of "
            f"conda uses hdf5 {case.conda['hdf5'].version}; where both are imported, reading can fail with an "
            "HDF error",
            hint=f"take {_names(wheels)} from conda",
        )


def _arrow(case: NativeCase) -> Iterator[Hit]:
    wheels = _native(case, ("pyarrow",))
    if wheels and "libarrow" in case.conda:
        yield Hit(
            message=f"{_and(wheels)} from PyPI carries its own Arrow, beside {case.owner('libarrow')} of conda",
            hint="take pyarrow from conda",
        )


def _qt(case: NativeCase) -> Iterator[Hit]:
    conda = case.conda_of(_QT_CONDA)
    wheels = _native(case, _QT_WHEELS)
    if conda and wheels:
        yield Hit(
            message=f"{_and(wheels)} from PyPI {_carries(wheels)} Qt, beside {case.owner(conda[0].name)} of "
            "conda; plugins of one that the other one finds cannot be loaded",
            hint="take the bindings of Qt (pyqt, pyside6) from conda",
        )
    windows = [one for one in _native(case, _OPENCV) if "headless" not in one.record.name]
    if windows and case.platform.startswith("linux") and (conda or wheels):
        beside = f"{case.owner(conda[0].name)} of conda" if conda else f"{wheels[0]}"
        headless = windows[0].record.name + "-headless"
        yield Hit(
            message=f"{windows[0]} from PyPI carries Qt and points it at its own plugins when cv2 is imported, "
            f"beside {beside}: windows of the other one fail to open",
            hint=f"take {headless}, or py-opencv from conda",
        )


def _opencv(case: NativeCase) -> Iterator[Hit]:
    wheels = _native(case, _OPENCV)
    if not wheels or "libopencv" not in case.conda:
        return
    python = case.conda.get("py-opencv")
    if python is not None:
        yield Hit(
            message=f"{_and(wheels)} from PyPI and py-opencv {python.version} of conda both install cv2",
            hint=f"drop {_names(wheels)} from the pip section",
        )
    else:
        yield Hit(
            message=f"{_and(wheels)} from PyPI {_carries(wheels)} OpenCV, beside {case.owner('libopencv')} of "
            "conda",
            hint=f"take py-opencv from conda in place of {_names(wheels)}",
        )


def _and(wheels: list[Wheel]) -> str:
    return " and ".join(map(str, wheels))


def _names(wheels: list[Wheel]) -> str:
    return " and ".join(wheel.record.name for wheel in wheels)


def _carries(wheels: list[Wheel]) -> str:
    return "carries its own" if len(wheels) == 1 else "carry their own"


def _find(case: NativeCase) -> Iterator[Hit]:
    for family in (_geo, _hdf5, _arrow, _qt, _opencv):
        yield from family(case)


RULE = NativeRule(code="CE710", find=_find)
