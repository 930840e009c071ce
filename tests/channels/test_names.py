"""Names of conda-forge and of PyPI: what is recorded, in a stated order, and nothing else."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from condaenv_tools.channels.names import conda_names, is_conda_forge_name, pypi_names
from condaenv_tools.model.names import pypi_name
from tests.shared_data import need_shared

ROOT = Path(__file__).resolve().parents[2]


def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh_names", ROOT / "environments" / "refresh_names.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table() -> list[str]:
    text = (ROOT / "condaenv_tools" / "channels" / "conda_forge_names.txt").read_text(encoding="utf-8")
    return [line.split(" ")[0] for line in text.splitlines()]


@pytest.mark.parametrize(
    ("conda", "pypi"),
    [
        ("numpy", ("numpy",)),
        ("PyTorch", ("torch",)),
        ("dask-core", ("dask",)),
        ("ruamel.yaml", ("ruamel-yaml",)),
        ("nodejs", ()),
        ("python", ()),
        ("no-such-package", None),
        # Its builds hold a distribution of no name; `unknown` is none.
        ("cvxpy-base", ("cvxpy",)),
    ],
)
def test_what_a_conda_package_holds(conda: str, pypi: tuple[str, ...] | None) -> None:
    assert pypi_names(conda) == pypi


@pytest.mark.parametrize(
    ("pypi", "first"),
    [
        ("numpy", "numpy"),
        ("torch", "pytorch"),
        ("Dask", "dask"),
        ("matplotlib", "matplotlib"),
        ("typing.extensions", "typing_extensions"),
        ("jupyter-client", "jupyter_client"),
        ("ruamel.yaml", "ruamel.yaml"),
        ("tables", "pytables"),
        ("tzdata", "python-tzdata"),
        ("graphviz", "python-graphviz"),
        ("opencv-python", "py-opencv"),
        ("pyqt5", "pyqt"),
        ("docker", "docker-py"),
    ],
)
def test_the_package_that_is_meant_comes_first(pypi: str, first: str) -> None:
    found = conda_names(pypi)
    assert found is not None
    assert found[0] == first
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", ["python", "no-such-dist", "unknown", ""])
def test_what_is_not_known_is_none(name: str) -> None:
    assert conda_names(name) is None


def test_names_of_conda_forge() -> None:
    assert is_conda_forge_name("DASK-core")
    assert not is_conda_forge_name("torch")
    assert not is_conda_forge_name("")


def test_both_directions_agree() -> None:
    for name in table():
        held = pypi_names(name)
        assert held is not None
        for dist in held:
            assert dist == pypi_name(dist)
            assert name in (conda_names(dist) or ())


def test_the_table_is_sorted_and_has_each_name_once() -> None:
    names = table()
    assert names == sorted(set(names))
    assert len(names) > 30_000


def test_the_table_is_what_the_script_makes() -> None:
    recorded = json.loads((need_shared() / "names" / "conda-forge-to-pypi.json").read_text(encoding="utf-8"))
    made = refresh()
    assert made.names_text(recorded) == made.TARGET.read_text(encoding="utf-8")


def test_one_line_says_all_of_a_name() -> None:
    text = refresh().names_text({"b": None, "a": ["a"], "c": ["C_1", "c", "unknown"], "a_b": ["a-b"]})
    assert text == "a\na_b a-b\nb -\nc c c-1\n"
