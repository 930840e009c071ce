"""Codes CE4xx: the pip section."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, WARNING, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE401",
        ERROR,
        "a requirement that pip cannot read",
        "pip stops at the line (PEP 508), after all conda packages were installed.",
        "dependencies:\n  - pip\n  - pip:\n      - numpy>>1\n",
        "dependencies:\n  - pip\n  - pip:\n      - numpy>1\n",
    ),
    code(
        "CE402",
        ERROR,
        "a single = in the pip section",
        "conda's `=` is not pip's: pip wants `==`.",
        "dependencies:\n  - pip\n  - pip:\n      - requests=2.0\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests==2.0\n",
    ),
    code(
        "CE403",
        WARNING,
        "pip is not among the dependencies",
        "conda adds pip itself and warns; micromamba and others do as they like.",
        "dependencies:\n  - python\n  - pip:\n      - requests\n",
        "dependencies:\n  - python\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE404",
        ERROR,
        "a pip section that is no list",
        "conda hands the text to pip letter by letter or fails.",
        "dependencies:\n  - pip\n  - pip: requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE405",
        WARNING,
        "an empty pip section",
        "Lines meant for pip are probably indented too little, and become conda packages.",
        "dependencies:\n  - pip\n  - pip:\n  - requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE406",
        WARNING,
        "a pip section at the top",
        "Tools ignore it: pip stands inside dependencies.",
        "dependencies:\n  - pip\npip:\n  - requests\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE407",
        WARNING,
        "more than one pip section",
        "conda keeps the last one only; micromamba and conda-lock take all.",
        "dependencies:\n  - pip\n  - pip: [a]\n  - pip: [b]\n",
        "dependencies:\n  - pip\n  - pip: [a, b]\n",
    ),
    code(
        "CE408",
        WARNING,
        "pip lines that not all tools read",
        "conda-lock leaves editable lines out, and refuses options, paths and other files.",
        "dependencies:\n  - pip\n  - pip:\n      - -r requirements.txt\n",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
    ),
    code(
        "CE490",
        WARNING,
        "the pip section is left out",
        "With --conda-only the lock is only the conda part of the environment.",
        "dependencies:\n  - pip\n  - pip:\n      - requests\n",
        "dependencies:\n  - requests\n",
    ),
)
