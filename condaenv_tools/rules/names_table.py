"""What is known of names that mislead, and is in no mapping: each entry with its reason."""

from __future__ import annotations

__all__ = [
    "HOMONYMS",
    "IMPORT_NAMES",
    "MEANT_ON_CONDA_FORGE",
    "OTHERWISE_ON_PYPI",
    "PARTS",
    "RETIRED",
    "WITHOUT_PROJECT",
]

#: What a module is imported as, where no package of conda-forge has that name, and the package that holds it.
IMPORT_NAMES: dict[str, str] = {
    "crypto": "pycryptodome",
    "cv2": "opencv",
    "dateutil": "python-dateutil",
    "discord": "discord.py",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "pymupdf",
    "github": "pygithub",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "mpl_toolkits": "matplotlib",
    "mysqldb": "mysqlclient",
    "osgeo": "gdal",
    "pil": "pillow",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "skopt": "scikit-optimize",
    "socks": "pysocks",
    "umap": "umap-learn",
    "usb": "pyusb",
    "win32api": "pywin32",
    "wx": "wxpython",
    "zmq": "pyzmq",
}

#: Names of PyPI, or of another channel, that no package of conda-forge has and that mean more than another
#: spelling: what to write instead, and why the name is not there.
MEANT_ON_CONDA_FORGE: dict[str, tuple[str, str]] = {
    "cpuonly": ("pytorch-cpu", "cpuonly belongs to channel pytorch"),
    "cupy-cuda11x": (
        "cupy",
        "the CUDA version is part of the name on PyPI only; cuda-version chooses it here",
    ),
    "cupy-cuda12x": (
        "cupy",
        "the CUDA version is part of the name on PyPI only; cuda-version chooses it here",
    ),
    "cupy-cuda13x": (
        "cupy",
        "the CUDA version is part of the name on PyPI only; cuda-version chooses it here",
    ),
    "fasttext-wheel": ("fasttext", "fasttext-wheel is a PyPI name"),
    "keras-gpu": (
        "keras",
        "keras-gpu belongs to the defaults; the GPU is a matter of the TensorFlow beneath",
    ),
    "opencv-contrib-python": ("opencv", "the contributed modules are part of opencv on conda-forge"),
    "opencv-contrib-python-headless": ("opencv", "the contributed modules are part of opencv on conda-forge"),
    "opencv-python": ("opencv", "opencv-python is a PyPI name"),
    "pytorch-cuda": (
        "pytorch-gpu",
        "pytorch-cuda belongs to channel pytorch; cuda-version chooses CUDA on conda-forge",
    ),
    "pytorch-mutex": ("pytorch", "pytorch-mutex belongs to channel pytorch, which chooses builds with it"),
    "torchtriton": ("triton", "torchtriton belongs to channel pytorch"),
}

#: Packages of conda-forge that hold a library or program, and the package that holds the Python module of
#: the same name.
HOMONYMS: dict[str, tuple[str, str]] = {
    "attr": ("attrs", "a C library for extended attributes of files"),
    "kubernetes": ("python-kubernetes", "the programs of the Kubernetes server"),
    "magic": ("python-magic", "a program to draw integrated circuits"),
    "snappy": ("python-snappy", "the C++ library"),
    "yaml": ("pyyaml", "the C library"),
}

#: A package and the smaller one that it brings along: what the larger one adds.
PARTS: dict[str, tuple[str, str]] = {
    "dask": ("dask-core", "distributed and what data frames and plots need"),
    "matplotlib": ("matplotlib-base", "a GUI toolkit"),
}

#: Names of conda-forge that are another project on PyPI, or none, and what is meant there.
OTHERWISE_ON_PYPI: dict[str, tuple[str, str]] = {
    "dask-core": ("dask", "dask-core is a part that only conda's channels have"),
    "matplotlib-base": ("matplotlib", "matplotlib-base is a part that only conda's channels have"),
    "msgpack-python": ("msgpack", "on PyPI msgpack-python is an old name without releases since 2018"),
    "opencv": ("opencv-python", "opencv is a name of conda's channels"),
    "py-opencv": ("opencv-python", "py-opencv is a name of conda's channels"),
    "pyqt": ("pyqt5", "pyqt is a name of conda's channels"),
    "pytables": ("tables", "pytables is a name of conda's channels"),
    "pytorch-cpu": ("torch", "pytorch-cpu is a name of conda's channels"),
    "pytorch-gpu": ("torch", "pytorch-gpu is a name of conda's channels"),
    "tensorflow-base": ("tensorflow", "tensorflow-base is a part that only conda's channels have"),
}

#: Names of conda's channels for which PyPI has no project that does the same.
WITHOUT_PROJECT: dict[str, str] = {
    "cudatoolkit": "wheels such as those of torch bring CUDA with them",
    "ffmpeg": "the ffmpeg of PyPI is a Python module without the program",
    "pytorch-cuda": "on PyPI the index chooses the CUDA version of torch",
}

#: Projects that have ended, by the name that conda-forge and PyPI share: the PyPI name of what took their
#: place, which may be empty, and how they ended.
RETIRED: dict[str, tuple[str, str]] = {
    "fuzzywuzzy": ("thefuzz", "fuzzywuzzy has been called thefuzz since 2021"),
    "gym": ("gymnasium", "gym has had no release since 2022; its maintainers go on with gymnasium"),
    "mxnet": ("", "the Apache foundation has retired mxnet in 2023"),
    "nose": ("pytest", "nose has had no release since 2015, and does not run on Python 3.10 and later"),
    "pep8": ("pycodestyle", "pep8 has been called pycodestyle since 2016"),
    "pycrypto": ("pycryptodome", "pycrypto has had no release since 2013, and has known vulnerabilities"),
    "pymc3": ("pymc", "pymc3 has been called pymc since its version 4"),
    "pypdf2": ("pypdf", "PyPDF2 has been called pypdf again since 2022"),
    "tensorflow-addons": ("", "the development of TensorFlow Addons ended in 2024"),
    "theano": ("pytensor", "the development of Theano has ended; pytensor goes on with it"),
}
