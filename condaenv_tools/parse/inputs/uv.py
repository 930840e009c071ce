"""`[tool.uv]` of a pyproject.toml: where packages come from, and the older kind of development dependencies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from condaenv_tools.model.environment import PipItem
from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pip_text import direct_reference, git_url, local_line
from condaenv_tools.parse.pip_line import classify_pip_line
from condaenv_tools.parse.report import quoted

__all__ = ["read_uv"]

_NAMED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?", re.DOTALL)
#: Settings that decide what is installed and have no line of their own.
_SETTINGS = (
    "override-dependencies", "constraint-dependencies", "build-constraint-dependencies", "environments",
    "required-environments", "prerelease", "resolution", "conflicts", "exclude-newer", "workspace",
    "no-build-isolation-package", "extra-build-dependencies", "dependency-metadata", "default-groups",
)  # fmt: skip
_INDEXES = ("index", "index-url", "extra-index-url", "find-links")


def read_uv(draft: Draft, root: Item) -> None:
    """Read all that uv's table says of what is installed, after the requirements themselves."""
    uv = root.get("tool", "uv")
    if uv is None or not draft.table(uv, "tool.uv"):
        return
    for item in draft.texts(uv.get("dev-dependencies"), "dev-dependencies"):
        draft.requirement(item.value, item.place, category="dev")
    _read_sources(draft, uv.get("sources"))
    for key in _SETTINGS:
        part = uv.get(key)
        if part is not None:
            draft.tell("CE145", f"the setting {quoted(key)} of uv is left out", part.key)
    for key in _INDEXES:
        part = uv.get(key)
        if part is not None:
            draft.index_left(f"{quoted(key)} of uv", part.key)


def _read_sources(draft: Draft, item: Item | None) -> None:
    lines = draft.lines()
    gone: set[int] = set()
    for name, source in draft.table(item, "sources"):
        for one in source.elements() if source.is_array else (source,):
            if one.is_table:
                named = [at for at in lines.get(pypi_name(name), ()) if at not in gone]
                gone |= _apply(draft, name, one, named)
            else:
                draft.wrong(one, f"the source of {quoted(name)}", "a table")
    draft.pip = [line for at, line in enumerate(draft.pip) if at not in gone]


def _apply(draft: Draft, name: str, source: Item, named: Sequence[int]) -> set[int]:
    """Put the source of a package in the place of its versions, in every line that names it.

    Returns
    -------
    set of int
        The lines that are left out.
    """
    value = source.value
    group = value.get("group")
    lines = [at for at in named if group is None or group == draft.pip[at].category]
    if not lines:
        draft.tell("CE145", f"the source of {quoted(name)} is left out: no line asks for it", source.place)
    elif value.get("workspace"):
        message = f"{quoted(name)} is left out: it is a member of the workspace, and no index has it"
        draft.tell("CE135", message, source.place, hint="add its path to the pip section: -e ./PATH")
        return set(lines)
    elif isinstance(value.get("marker"), str):
        draft.own_index(name, "a source of its own on some platforms", source.place)
    elif not any(isinstance(value.get(key), str) for key in ("git", "url", "path")):
        draft.own_index(name, f"the index {quoted(str(value.get('index')))}", source.place)
    else:
        for at in lines:
            draft.pip[at] = _from_source(draft, draft.pip[at], source)
    return set()


def _from_source(draft: Draft, item: PipItem, source: Item) -> PipItem:
    match = _NAMED.fullmatch(item.text)
    if match is None or "@" in match[3]:
        return item
    extras = [part.strip() for part in (match[2] or "").split(",") if part.strip()]
    line = _line(draft, match[1], extras, source, (match[4] or "").strip())
    read = classify_pip_line(line)
    return item if read.code else replace(item, text=line, kind=read.kind, name=read.name)


def _line(draft: Draft, name: str, extras: Sequence[str], source: Item, marker: str) -> str:
    value = source.value
    if isinstance(value.get("git"), str):
        return direct_reference(name, extras, git_url(value["git"], value), marker)
    if isinstance(value.get("url"), str):
        return direct_reference(name, extras, value["url"], marker)
    if marker:
        draft.marker_left(name, source.place)
    return local_line(value["path"], editable=value.get("editable") is True, extras=extras)
