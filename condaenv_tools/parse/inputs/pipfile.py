"""Pipfile and Pipfile.lock (Pipenv)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import MAIN, Draft
from condaenv_tools.parse.inputs.items import Item, read_json, read_toml
from condaenv_tools.parse.inputs.pip_text import (
    and_markers,
    direct_reference,
    git_url,
    local_line,
    requirement_text,
)
from condaenv_tools.parse.inputs.project import tell_members
from condaenv_tools.parse.report import quoted

__all__ = ["parse_pipfile", "parse_pipfile_lock"]

_SECTIONS = {"packages": MAIN, "default": MAIN, "dev-packages": "dev", "develop": "dev"}
_NO_PACKAGES = {"source", "requires", "scripts", "pipenv", "pipfile", "build-system", "_meta"}
#: Pipenv takes the variables of markers as keys.
_MARKER_KEYS = (
    "os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release",
    "platform_system", "platform_version", "python_version", "python_full_version", "implementation_name",
    "implementation_version",
)  # fmt: skip
_KNOWN = {
    "version", "extras", "markers", "git", "ref", "subdirectory", "path", "file", "url", "editable", "index",
    "hashes", *_MARKER_KEYS,
}  # fmt: skip
_BARE = re.compile(r"v?\d[\w.!+-]*(?:\.\*)?")
_PYTHON = re.compile(r"\d+(?:\.\d+)*")
_FOREIGN = re.compile(
    r"\b(?:sys_platform|platform_system|os_name|platform_machine|platform_python_implementation)\b"
)


def parse_pipfile(text: str, path: str) -> ParsedFile:
    """Read a Pipfile; `dev-packages` belong to the group `dev`, other sections to a group of their name."""
    draft = Draft(text, path)
    root = read_toml(draft.report)
    if root is None:
        return draft.unread()
    _read_requires(draft, root.get("requires"))
    sources = root.get("source")
    _tell_sources(draft, sources)
    _read_sections(draft, root, locked=False)
    tell_members(draft, "CE137", root.get("scripts"), "scripts of the Pipfile are left out")
    for name, item in draft.table(root.get("pipenv"), "pipenv"):
        draft.tell("CE145", f"the setting {quoted(name)} of pipenv is left out", item.key)
    return draft.parsed()


def parse_pipfile_lock(text: str, path: str) -> ParsedFile:
    """Read a Pipfile.lock; `develop` belongs to the group `dev`."""
    draft = Draft(text, path)
    root = read_json(draft.report)
    if root is None:
        return draft.unread()
    if not root.is_table:
        draft.wrong(root, "the lock", "a table")
        return draft.unread()
    _read_requires(draft, root.get("_meta", "requires"))
    _tell_sources(draft, root.get("_meta", "sources"))
    _read_sections(draft, root, locked=True)
    hashed = [entry.get("hashes") for _, section in root.members() for _, entry in section.members()]
    first = next((item for item in hashed if item is not None and item.value), None)
    if first is not None:
        draft.hashes_left(first.key)
    return draft.parsed()


def _read_requires(draft: Draft, item: Item | None) -> None:
    members = dict(draft.table(item, "requires"))
    for key in ("python_full_version", "python_version"):
        part = members.get(key)
        if part is None:
            continue
        version = draft.text_of(part, key)
        if version and _PYTHON.fullmatch(version):
            draft.spec(
                f"python=={version}" if key == "python_full_version" else f"python={version}", part.place
            )
            return
        if version and version != "*":
            draft.tell(
                "CE201", f"{quoted(version)} is no version of Python", part.place, hint="write such as 3.12"
            )


def _tell_sources(draft: Draft, item: Item | None) -> None:
    for source in item.elements() if item is not None else ():
        name, url = source.get("name"), source.get("url")
        named = name is not None and name.value == "pypi"
        if url is not None and not (named and _is_default(str(url.value))):
            draft.index_left(f"the source {quoted(str(url.value))}", url.place)


def _is_default(url: str) -> bool:
    """Say whether a source called `pypi` is PyPI, and no mirror or index of a company with the same name."""
    parts = urlsplit(url)
    labels = parts.netloc.split(".")
    return len(labels) == 2 and labels[0] == "pypi"


def _read_sections(draft: Draft, root: Item, *, locked: bool) -> None:
    for section, table in root.members():
        if section in _NO_PACKAGES:
            continue
        if not table.is_table:
            draft.wrong(table, f"the section {quoted(section)}", "a table")
            continue
        category = _SECTIONS.get(section, pypi_name(section))
        for name, item in table.members():
            if isinstance(item.value, (str, dict)):
                _add(draft, name, item, category, locked=locked)
            else:
                draft.wrong(item, f"the version of {quoted(name)}", "a text or a table")


def _add(draft: Draft, name: str, item: Item, category: str, *, locked: bool) -> None:
    draft.others(item, _KNOWN, quoted(name))
    value: dict[str, Any] = item.value if item.is_table else {"version": item.value}
    version = value.get("version", "*")
    version = version.strip() if isinstance(version, str) else "*"
    versions = "" if version == "*" else f"=={version}" if _BARE.fullmatch(version) else version
    marker = _marker(value)
    line = _direct(draft, name, item, value, marker)
    if line is None:
        line = requirement_text(name, _extras(value), versions, marker)
        if locked and not versions:
            _tell_unpinned(draft, name, item, marker)
    draft.requirement(line, item.key, category=category)
    index = value.get("index")
    if isinstance(index, str) and index != "pypi":
        draft.own_index(name, f"the index {quoted(index)}", item.key)


def _extras(value: dict[str, Any]) -> list[str]:
    extras = value.get("extras")
    return [one for one in extras if isinstance(one, str)] if isinstance(extras, list) else []


def _marker(value: dict[str, Any]) -> str:
    """Return the marker of an entry: `markers`, and each variable that is a key (`sys_platform = "== 'nt'"`)."""
    parts = [value["markers"]] if isinstance(value.get("markers"), str) else []
    parts += [f"{key} {value[key]}" for key in _MARKER_KEYS if isinstance(value.get(key), str)]
    return and_markers(*parts)


def _direct(draft: Draft, name: str, item: Item, value: dict[str, Any], marker: str) -> str | None:
    """Return the line of a package that comes from no index."""
    git = value.get("git")
    path = value.get("path")
    file = value.get("file") or value.get("url")
    extras = _extras(value)
    if isinstance(git, str):
        if value.get("editable") is True:
            message = f"{quoted(name)} is installed as its repository has it, and not as a folder to work in"
            draft.tell(
                "CE145", message, item.key, hint="pip takes `-e` before its line, and conda-lock does not"
            )
        return direct_reference(name, extras, git_url(git, value), marker)
    if isinstance(file, str) and "://" in file:
        return direct_reference(name, extras, file, marker)
    local = path if isinstance(path, str) else file
    if not isinstance(local, str):
        return None
    if marker:
        draft.marker_left(name, item.key)
    return local_line(local, editable=value.get("editable") is True, extras=extras)


def _tell_unpinned(draft: Draft, name: str, item: Item, marker: str) -> None:
    why = ": its marker is that of another platform" if _FOREIGN.search(marker) else ""
    message = f"{quoted(name)} is locked without a version{why}"
    draft.tell("CE146", message, item.key, hint="lock on that platform, or name a version")
