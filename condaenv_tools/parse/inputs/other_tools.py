"""Tables of a pyproject.toml in which other tools keep requirements: conda-lock, flit, PDM, Rye, Hatch."""

from __future__ import annotations

from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pip_text import requirement_text
from condaenv_tools.parse.inputs.pixi_specs import conda_text
from condaenv_tools.parse.inputs.project import add_python, tell_members
from condaenv_tools.parse.report import quoted

__all__ = ["TABLES", "read_other_tools"]

#: By these a file is known to say something of dependencies.
TABLES = (
    ("tool", "conda-lock"),
    ("tool", "flit", "metadata"),
    ("tool", "pdm"),
    ("tool", "rye"),
    ("tool", "hatch", "envs"),
)


def read_other_tools(draft: Draft, root: Item) -> None:
    """Read what can be read, and tell of the rest."""
    _read_conda_lock(draft, root.get("tool", "conda-lock"))
    _read_flit(draft, root.get("tool", "flit", "metadata"))
    for group, items in draft.table(root.get("tool", "pdm", "dev-dependencies"), "tool.pdm.dev-dependencies"):
        for item in draft.texts(items, f"the group {quoted(group)}"):
            draft.requirement(item.value, item.place, category=pypi_name(group))
    for item in draft.texts(root.get("tool", "rye", "dev-dependencies"), "tool.rye.dev-dependencies"):
        draft.requirement(item.value, item.place, category="dev")
    tell_members(draft, "CE145", root.get("tool", "hatch", "envs"), "environments of hatch are left out")


def _read_conda_lock(draft: Draft, item: Item | None) -> None:
    """Read what conda-lock takes from a pyproject.toml: requirements of conda, channels, platforms."""
    members = dict(draft.table(item, "tool.conda-lock"))
    for one in draft.texts(members.get("channels"), "channels"):
        draft.channel(one.value, one.place)
    for one in draft.texts(members.get("platforms"), "platforms"):
        draft.platform(one.value, one.place)
    for name, entry in draft.table(members.get("dependencies"), "tool.conda-lock.dependencies"):
        if entry.is_table and entry.value.get("source") == "pypi":
            version = entry.value.get("version", "")
            draft.requirement(
                requirement_text(name, [], version if isinstance(version, str) else ""), entry.key
            )
            continue
        text = conda_text(draft, name, entry)
        if text is not None:
            draft.spec(text, entry.key)


def _read_flit(draft: Draft, item: Item | None) -> None:
    """Read the metadata of flit from before PEP 621."""
    members = dict(draft.table(item, "tool.flit.metadata"))
    python = members.get("requires-python")
    if python is not None and (text := draft.text_of(python, "requires-python")):
        add_python(draft, text, python)
    for one in draft.texts(members.get("requires"), "requires"):
        draft.requirement(one.value, one.place)
    for extra, items in draft.table(members.get("requires-extra"), "requires-extra"):
        for one in draft.texts(items, f"the extra {quoted(extra)}"):
            draft.requirement(one.value, one.place, category=pypi_name(extra))
