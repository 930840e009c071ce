"""Write the table of conda-forge's names and their PyPI names that the package carries.

usage: python environments/refresh_names.py TABLE.json

TABLE.json is an object: the name of each conda-forge package with a list of the PyPI distributions that its builds
contain, or null where they contain none. The same table gives the same bytes.
"""
# ruff: noqa: INP001 - a script beside data, no module of a package

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["TARGET", "names_text"]

TARGET = Path(__file__).resolve().parents[1] / "condaenv_tools" / "channels" / "conda_forge_names.txt"

#: What setuptools writes where a project forgot its name: no distribution of that name is meant.
_NO_NAME = "unknown"


def names_text(table: Mapping[str, Sequence[str] | None]) -> str:
    """Return the text that `condaenv_tools.channels.names` reads, one line for each conda name."""
    return "".join(f"{_line(name, table[name] or ())}\n" for name in sorted(table))


def _line(name: str, found: Sequence[str]) -> str:
    pypi = sorted({re.sub(r"[-_.]+", "-", one).lower() for one in found} - {_NO_NAME})
    if pypi == [name]:
        return name
    return f"{name} {' '.join(pypi) or '-'}"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    TARGET.write_text(names_text(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
