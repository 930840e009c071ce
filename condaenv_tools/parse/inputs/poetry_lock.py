"""`poetry.lock` of poetry 1 and 2: every package that was locked, with its version."""

from __future__ import annotations

import re

from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import MAIN, Draft
from condaenv_tools.parse.inputs.items import Item, read_toml
from condaenv_tools.parse.inputs.pip_text import direct_reference, local_line, requirement_text
from condaenv_tools.parse.inputs.poetry import versions_of
from condaenv_tools.parse.inputs.project import add_python
from condaenv_tools.parse.report import quoted

__all__ = ["parse_poetry_lock"]

_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")


def parse_poetry_lock(text: str, path: str) -> ParsedFile:
    """Read a lock: a requirement with one version for each package and each group that it is locked for."""
    draft = Draft(text, path)
    root = read_toml(draft.report)
    if root is None:
        return draft.unread()
    python = root.get("metadata", "python-versions")
    if python is not None and isinstance(python.value, str):
        add_python(draft, versions_of(draft, "python", python.value, python), python)
    packages = root.get("package")
    if packages is not None and not packages.is_array:
        draft.wrong(packages, "package", "a list of tables")
    found = list(packages.elements()) if packages is not None else []
    for item in found:
        _add(draft, item)
    _tell_groups(draft, found)
    _tell_hashes(draft, found, root)
    return draft.parsed()


def _add(draft: Draft, item: Item) -> None:
    named, version = item.get("name"), item.get("version")
    if (
        named is None
        or version is None
        or not isinstance(named.value, str)
        or not isinstance(version.value, str)
    ):
        draft.tell("CE133", "a package of the lock has no name or no version", item.place)
        return
    for group in _categories(item):
        extras, marker = (
            _of_extras(_marker(item, group))
            if item.value.get("optional") is True
            else ((), _marker(item, group))
        )
        line = _line(draft, item, named.value, version.value, marker)
        for category in extras or (group,):
            draft.requirement(line, named.place, category=category)


def _categories(item: Item) -> list[str]:
    """Return the groups of a package: `groups` of poetry 2, `category` of before 1.5, else the main one."""
    found: list[str]
    groups = item.value.get("groups")
    if isinstance(groups, list) and groups:
        found = [pypi_name(one) for one in groups if isinstance(one, str)]
        # What is always installed need not be listed again.
        return [MAIN] if MAIN in found else found
    category = item.value.get("category")
    return [pypi_name(category)] if isinstance(category, str) and category else [MAIN]


def _marker(item: Item, category: str) -> str:
    markers = item.value.get("markers")
    if isinstance(markers, dict):
        markers = markers.get(category)
    return markers if isinstance(markers, str) else ""


def _of_extras(marker: str) -> tuple[tuple[str, ...], str]:
    """Return the extras that a marker asks for, and the marker without them; no extras where it mixes both."""
    extras = tuple(dict.fromkeys(pypi_name(name) for name in _EXTRA.findall(marker)))
    rest = _EXTRA.sub("", marker)
    if not re.sub(r"\bor\b|[()\s]", "", rest):
        return extras, ""
    if len(extras) == 1 and not re.search(r"\bor\b", marker):
        parts = [part.strip() for part in re.split(r"\band\b", rest)]
        return extras, " and ".join(part for part in parts if part)
    return (), marker


def _line(draft: Draft, item: Item, name: str, version: str, marker: str) -> str:
    source = item.get("source")
    kind = source.value.get("type") if source is not None and source.is_table else None
    url = source.value.get("url") if source is not None and source.is_table else None
    if source is None or not isinstance(url, str):
        return requirement_text(name, [], f"=={version}", marker)
    if kind == "git":
        revision = source.value.get("resolved_reference") or source.value.get("reference")
        folder = source.value.get("subdirectory")
        end = (f"@{revision}" if isinstance(revision, str) else "") + (
            f"#subdirectory={folder}" if folder else ""
        )
        return direct_reference(name, [], f"git+{url.removeprefix('git+')}{end}", marker)
    if kind == "url":
        return direct_reference(name, [], url, marker)
    if kind in {"directory", "file"}:
        return local_line(url, editable=item.value.get("develop") is True)
    draft.own_index(name, quoted(url), source.place)
    return requirement_text(name, [], f"=={version}", marker)


def _tell_groups(draft: Draft, found: list[Item]) -> None:
    """Tell of the locks, of poetry 1.5 to 1.8, that do not say which packages belong to which group."""
    if found and not any("groups" in item.value or "category" in item.value for item in found):
        message = "this lock does not say which packages belong to which group: all of them are taken"
        draft.tell("CE145", message, found[0].place, hint="lock with poetry 2, which says it")
    optional = [
        item
        for item in found
        if item.value.get("optional") is True and not _EXTRA.search(str(item.value.get("markers")))
    ]
    if optional:
        names = ", ".join(quoted(str(item.value.get("name"))) for item in optional[:8])
        message = f"packages of extras are taken with the others: {names}"
        draft.tell("CE145", message, optional[0].place, hint="remove what is not needed")


def _tell_hashes(draft: Draft, found: list[Item], root: Item) -> None:
    hashed = [item.get("files") for item in found if item.value.get("files")]
    files = hashed[0] if hashed else root.get("metadata", "files")
    if files is not None and files.value:
        draft.hashes_left(files.key)
