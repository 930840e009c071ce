"""Run the notebooks with this Python, offline, and keep what they show.

usage: python notebooks/run.py

What is kept depends on no clock, path or version of Python, so that a change of it is a change of the library.
"""
# ruff: noqa: INP001 - a script beside notebooks, no module of a package

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

__all__ = ["HERE", "NOTEBOOKS", "executed"]

HERE = Path(__file__).resolve().parent
NOTEBOOKS = tuple(sorted(HERE.glob("*.ipynb")))
#: The seconds after which a cell counts as stuck.
_LIMIT = 120


def executed(path: Path) -> NotebookNode:
    """Return a notebook as it is after all its cells ran, in order, in a new kernel of this Python.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        A cell failed.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=_LIMIT,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    # Old settings of a user's kernels must not count, nor may a debugger be looked for.
    client.execute(env={**os.environ, "PYDEVD_DISABLE_FILE_VALIDATION": "1", "NO_COLOR": "1"})
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            # A table is kept as one: the text beside it would be the whole value, a quarter of a megabyte.
            if "text/html" in output.get("data", {}):
                output.data.pop("text/plain", None)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def main() -> int:
    """Run all, and write them back."""
    for path in NOTEBOOKS:
        nbformat.write(executed(path), path)
        sys.stdout.write(f"{path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
