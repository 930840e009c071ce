"""The notebooks run offline, in order, in a new kernel, and show what they are kept with."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import condaenv_tools
from notebooks.run import NOTEBOOKS, executed

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _shown(cell: NotebookNode) -> list[object]:
    return [output.get("text") or output.data for output in cell.outputs]


@each
def test_a_notebook_shows_what_it_is_kept_with(path: Path) -> None:
    kept, now = _code(nbformat.read(path, as_version=4)), _code(executed(path))
    assert [cell.source for cell in now] == [cell.source for cell in kept]
    for old, new in zip(kept, now, strict=True):
        # How pandas draws a table, and how the solver words a reason, is theirs.
        if "varies" in old.metadata.get("tags", ()):
            assert bool(old.outputs) == bool(new.outputs)
        else:
            assert _shown(new) == _shown(old), f"run notebooks/run.py if this is meant:\n{new.source}"


def _attributes(source: str) -> set[str]:
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "ct"
    }


@each
def test_a_notebook_uses_the_public_names_alone(path: Path) -> None:
    source = "\n".join(cell.source for cell in _code(nbformat.read(path, as_version=4)))
    imported: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                imported.setdefault(alias.name, set())
        elif isinstance(node, ast.ImportFrom):
            imported.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
    assert imported.pop("pathlib") == {"Path"}
    # A notebook that edits and writes does it in a folder of its own.
    assert imported.pop("tempfile", {"TemporaryDirectory"}) == {"TemporaryDirectory"}
    assert imported.pop("os", {"chdir"}) == {"chdir"}
    imported.pop("pandas", None)
    assert "condaenv_tools" in imported
    assert _attributes(source) <= set(condaenv_tools.__all__)
    for module, names in imported.items():
        assert module.partition(".")[0] == "condaenv_tools"
        # What a module does not list is its own affair.
        assert names <= set(import_module(module).__all__)
        assert not names & set(condaenv_tools.__all__), "there is a public name for it"


@each
def test_a_notebook_holds_no_path_and_no_clock(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert str(path.resolve().parents[1]) not in text
    assert '"execution": {' not in text


def test_there_are_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS] == [
        "01-lock-an-environment.ipynb",
        "02-ask-the-graph.ipynb",
        "03-understand-a-conflict.ipynb",
        "04-live-with-a-lock.ipynb",
    ]
