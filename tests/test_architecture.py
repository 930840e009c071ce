"""The rooms: data flows one way, and every import says so."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "condaenv_tools"

#: From the top down. A room may import the rooms above it, never one below.
ROOMS = (
    "errors",
    "files",
    "model",
    "parse",
    "channels",
    "rules",
    "resolve",
    "graph",
    "conflicts",
    "lock",
    "deploy",
    "audit",
    "fleet",
    "report",
    "jobs",
    "cli",
)
#: They stand outside the rooms: the public names, and `python -m condaenv_tools`.
DOORS = {"__init__", "__main__"}

HEAVY = (
    "rattler",
    "conda_lock",
    "networkx",
    "yaml",
    "yaml_rs",
    "rich",
    "click",
    "packaging",
    "igraph",
    "matplotlib",
    "dask",
)


def module_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imported(path: Path) -> set[str]:
    """Every module of ours that a file imports, deferred and type-only imports included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import; write it in full"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    names = {dotted(p) for p in module_files()}
    return {name for name in found if name in names and name != "condaenv_tools"}


def room(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def downward(source: str, target: str) -> bool:
    return ROOMS.index(room(target)) > ROOMS.index(room(source))


@pytest.mark.parametrize("path", module_files(), ids=dotted)
def test_no_room_imports_a_room_below_it(path: Path) -> None:
    source = dotted(path)
    if room(source) in DOORS:
        return
    wrong = sorted(target for target in imported(path) if downward(source, target))
    assert not wrong, f"{source} imports {', '.join(wrong)}: data flows the other way"


def test_a_downward_edge_would_be_seen() -> None:
    assert downward("condaenv_tools.model.record", "condaenv_tools.cli.main")
    assert not downward("condaenv_tools.cli.main", "condaenv_tools.model.record")


def test_every_room_is_known() -> None:
    found = {room(dotted(path)) for path in module_files()} - DOORS
    assert found <= set(ROOMS)


def test_no_cycle_between_modules() -> None:
    edges = {dotted(path): imported(path) for path in module_files()}
    # Importing a package runs its __init__, and a name from it may be a module: both are edges already.
    state: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if state.get(module) == 2:
            return
        assert state.get(module) != 1, "cycle: " + " -> ".join((*trail[trail.index(module) :], module))
        state[module] = 1
        for target in sorted(edges[module] - {module}):
            visit(target, (*trail, module))
        state[module] = 2

    for module in sorted(edges):
        visit(module, ())


@pytest.mark.parametrize("path", module_files(), ids=dotted)
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    if room(dotted(path)) in {"cli", "__main__"}:
        return
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"print", "exit", "quit"} & set(calls)


def run_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_importing_the_package_pulls_in_nothing_heavy() -> None:
    loaded = run_python("import sys, condaenv_tools; print(*sys.modules)").split()
    assert not set(HEAVY) & set(loaded)


def test_model_pulls_in_nothing_heavy() -> None:
    code = "import sys, condaenv_tools.model.lock, condaenv_tools.model.environment; print(*sys.modules)"
    assert not set(HEAVY) & set(run_python(code).split())


def test_every_public_name_can_be_had() -> None:
    code = "import condaenv_tools as c; print(all(map(c.__getattr__, c.__all__)), len(c.__all__) > 5)"
    assert run_python(code).split() == ["True", "True"]


def test_metadata_and_tools_are_kept_apart() -> None:
    import configparser
    import tomllib

    root = PACKAGE.parent
    cfg = configparser.ConfigParser()
    cfg.read(root / "setup.cfg", encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert "metadata" in cfg
    assert "project" not in project
    assert not {s for s in cfg.sections() if not s.startswith(("metadata", "options"))}
