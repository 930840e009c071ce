"""Codes CE29x: what `condaenv explain` finds by solving; reading alone does not."""

from __future__ import annotations

from condaenv_tools.parse.codes.code import ERROR, Code, code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    code(
        "CE290",
        ERROR,
        "lines that exclude each other",
        "No solution has all of them, and there is one without any of them: change one of these lines.",
        "channels: [conda-forge]\ndependencies:\n  - numpy=2.0\n  - pandas=1.5\n",
        "channels: [conda-forge]\ndependencies:\n  - numpy=2.0\n  - pandas=2.2\n",
    ),
    code(
        "CE291",
        ERROR,
        "a line that cannot be met",
        "No solution has it, whatever the other lines ask for.",
        "channels: [conda-forge]\ndependencies:\n  - python=3.14\n  - numpy=99\n",
        "channels: [conda-forge]\ndependencies:\n  - python=3.14\n  - numpy=2.3\n",
    ),
)
