"""Codes CE2xx: specs and names."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE201",
        ERROR,
        "a spec that cannot be read",
        "conda refuses the whole file for one such line.",
        "dependencies:\n  - numpy>>1\n",
        "dependencies:\n  - numpy>1\n",
    ),
    code(
        "CE202",
        WARNING,
        "the same package twice",
        "Both lines must hold at once; conda-lock keeps only the last.",
        "dependencies:\n  - numpy>=1.26\n  - numpy<2\n",
        "dependencies:\n  - numpy>=1.26,<2\n",
    ),
    code(
        "CE203",
        ERROR,
        "a mapping in the place of a spec",
        "The colon made a mapping: the version is lost, and tools see a subsection that they do not know.",
        "dependencies:\n  - python: 3.10\n",
        "dependencies:\n  - python=3.10\n",
    ),
    code(
        "CE204",
        WARNING,
        "a version that probably lost its zero",
        "3.10 is a number to YAML, and some tool wrote it back as 3.1.",
        "dependencies:\n  - python=3.1\n",
        "dependencies:\n  - python=3.10\n",
    ),
    code(
        "CE205",
        WARNING,
        "an operator that is read otherwise",
        "conda reads `=>1.2` as greater than, fuzzily; micromamba reads something else.",
        "dependencies:\n  - numpy=>1.2\n",
        "dependencies:\n  - numpy>=1.2\n",
    ),
    code(
        "CE206",
        ERROR,
        "a name that an environment cannot have",
        "The name becomes a folder: `/`, space, `:` and `#` are forbidden (CEP 24).",
        "name: my env\ndependencies: [numpy]\n",
        "name: my-env\ndependencies: [numpy]\n",
    ),
    code(
        "CE207",
        WARNING,
        "a reserved or converted name",
        "`base` and `root` are conda's own environment; a number may lose its last zero on the way.",
        "name: base\ndependencies: [numpy]\n",
        "name: analysis\ndependencies: [numpy]\n",
    ),
    code(
        "CE208",
        WARNING,
        "a part that conda passes over",
        "conda reads the spec without it and says nothing: extras belong to pip.",
        "dependencies:\n  - dask[complete]\n",
        "dependencies:\n  - dask\n",
    ),
    code(
        "CE209",
        ERROR,
        "a virtual package that cannot be read",
        "A solver must not guess what a machine has.",
        "subdirs: {linux-64: {packages: {glibc: 2.28}}}\n",
        "subdirs: {linux-64: {packages: {__glibc: 2.28}}}\n",
    ),
)
