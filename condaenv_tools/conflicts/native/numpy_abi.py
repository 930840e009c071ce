"""Wheels that were compiled for NumPy 1 beside NumPy 2, of which their metadata says nothing.

References
----------
The list of NumPy's own maintainers of which releases were built for NumPy 2 (numpy/numpy issue 26191).
"""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.conflicts.native.case import NativeCase, at_least, major
from condaenv_tools.conflicts.native.rule import Hit, NativeRule

__all__ = ["RULE"]

#: The first release of each distribution whose wheels were compiled for NumPy 2; earlier wheels never change.
_FIRST = {
    "bottleneck": "1.4.0",
    "cftime": "1.6.4",
    "contourpy": "1.2.1",
    "h5py": "3.11.0",
    "matplotlib": "3.8.4",
    "netcdf4": "1.7.0",
    "numba": "0.60.0",
    "numexpr": "2.10.0",
    "onnxruntime": "1.19.0",
    "opencv-contrib-python": "4.10.0.84",
    "opencv-contrib-python-headless": "4.10.0.84",
    "opencv-python": "4.10.0.84",
    "opencv-python-headless": "4.10.0.84",
    "pandas": "2.2.2",
    "pyarrow": "16.0.0",
    "pywavelets": "1.6.0",
    "scikit-image": "0.23.0",
    "scikit-learn": "1.4.2",
    "scipy": "1.13.0",
    "shapely": "2.0.4",
    "statsmodels": "0.14.2",
    "torch": "2.3.0",
}


def _find(case: NativeCase) -> Iterator[Hit]:
    numpy = case.conda.get("numpy") or case.pip.get("numpy")
    if numpy is None or (major(numpy.version) or 0) < 2:
        return
    whose = "conda" if "numpy" in case.conda else "PyPI"
    for name, first in _FIRST.items():
        wheel = case.wheels.get(name)
        if wheel is not None and wheel.is_native and not at_least(wheel.record.version, first):
            yield Hit(
                message=f"{wheel} from PyPI was compiled for NumPy 1, and numpy is {numpy.version} "
                f"(from {whose}): {name} {first} is the first one for NumPy 2",
                hint=f"ask for {name}>={first}, or for numpy<2",
            )


RULE = NativeRule(code="CE706", find=_find)
