"""Codes CE49x: what locking finds in the pip section; reading alone does not."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, INFO, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE491",
        INFO,
        "a conda package that moved for the pip section",
        "conda alone would have chosen another version, which a line of the pip section excludes.",
        "dependencies:\n  - numpy\n  - pip\n  - pip:\n      - app-that-wants-numpy-1\n",
        "dependencies:\n  - numpy=1\n  - pip\n  - pip:\n      - app-that-wants-numpy-1\n",
    ),
    code(
        "CE492",
        WARNING,
        "a distribution that is built when it is installed",
        "A source archive, repository or folder is built on the machine that installs it, with what is there.",
        "dependencies:\n  - pip\n  - pip:\n      - git+https://git.example.org/app.git\n",
        "dependencies:\n  - pip\n  - pip:\n      - app==1.0\n",
    ),
    code(
        "CE493",
        WARNING,
        "a distribution with the name of a conda package",
        "A lock tells packages of both halves apart by name: conda brings the distribution, or is taken to.",
        "dependencies:\n  - our-channel::our-app\n  - pip\n  - pip:\n      - our-app\n",
        "dependencies:\n  - our-channel::our-app\n",
    ),
    code(
        "CE494",
        INFO,
        "distributions from PyPI that the channels have",
        "Moved to the conda part, they are solved together with everything else, native libraries included.",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
        "dependencies:\n  - requests\n",
    ),
    code(
        "CE495",
        WARNING,
        "two distributions that install the same files",
        "The one that is installed last wins, and whoever removes one breaks the other.",
        "dependencies:\n  - pip\n  - pip:\n      - opencv-python\n      - opencv-python-headless\n",
        "dependencies:\n  - pip\n  - pip:\n      - opencv-python-headless\n",
    ),
    code(
        "CE496",
        WARNING,
        "something that could not be known of the pip section",
        "What is not known is not proven: an extra, a version or the metadata of an archive.",
        "dependencies:\n  - our-channel::our-app\n  - pip\n  - pip:\n      - our-app[gui]\n",
        "dependencies:\n  - our-channel::our-app\n  - pyqt\n",
    ),
    code(
        "CE497",
        INFO,
        "an option of pip that a lock has no place for",
        "The archives are locked with their hashes; how they are fetched is a matter of who installs them.",
        "dependencies:\n  - pip\n  - pip:\n      - --trusted-host pip.example.org\n      - requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE498",
        INFO,
        "a requirement that conda's build of a distribution leaves out",
        "What PyPI says that it needs is neither in the conda part nor locked; conda's build may do without it.",
        "dependencies:\n  - dask-core\n  - pip\n  - pip:\n      - app-that-needs-dask\n",
        "dependencies:\n  - dask-core\n  - importlib-metadata\n  - pip\n  - pip:\n      - app-that-needs-dask\n",
    ),
    code(
        "CE499",
        ERROR,
        "a pip section that cannot be resolved beside the conda part",
        "What it asks for and what conda brings exclude each other, so that pip would stop, or break the rest.",
        "dependencies:\n  - numpy=1.26\n  - pip\n  - pip:\n      - app-that-wants-numpy-2\n",
        "dependencies:\n  - numpy=2\n  - pip\n  - pip:\n      - app-that-wants-numpy-2\n",
    ),
)
