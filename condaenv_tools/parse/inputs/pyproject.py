"""`pyproject.toml`: every table of it that says what is installed."""

from __future__ import annotations

from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.items import read_toml
from condaenv_tools.parse.inputs.other_tools import TABLES, read_other_tools
from condaenv_tools.parse.inputs.pixi import read_pixi
from condaenv_tools.parse.inputs.poetry import read_poetry
from condaenv_tools.parse.inputs.project import read_project, tell_build
from condaenv_tools.parse.inputs.uv import read_uv

__all__ = ["parse_pixi_toml", "parse_pyproject"]

_TABLES = (
    ("project",),
    ("dependency-groups",),
    ("tool", "poetry"),
    ("tool", "pixi"),
    ("tool", "uv"),
    *TABLES,
)
_KNOWN = "[project], [dependency-groups], [tool.poetry] or [tool.pixi]"


def parse_pyproject(text: str, path: str) -> ParsedFile:
    """Read `[project]` (PEP 621), `[dependency-groups]` (PEP 735), and the tables of poetry, uv and pixi."""
    draft = Draft(text, path)
    root = read_toml(draft.report)
    if root is None:
        return draft.unread()
    if not any(root.get(*names) for names in _TABLES):
        message = f"the file says nothing of dependencies: there is no {_KNOWN}"
        draft.tell("CE132", message, None, hint="look into setup.cfg, setup.py or requirements.txt")
        return draft.unread()
    read_project(draft, root)
    read_poetry(draft, root)
    read_uv(draft, root)
    read_other_tools(draft, root)
    pixi = root.get("tool", "pixi")
    if pixi is not None:
        read_pixi(draft, pixi)
    tell_build(draft, root)
    return draft.parsed()


def parse_pixi_toml(text: str, path: str) -> ParsedFile:
    """Read a pixi.toml."""
    draft = Draft(text, path)
    root = read_toml(draft.report)
    if root is None:
        return draft.unread()
    read_pixi(draft, root)
    return draft.parsed()
