"""`[project]` (PEP 621), `[dependency-groups]` (PEP 735) and `[tool.uv]` of a pyproject.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.inputs.conda_versions import conda_clauses, conda_spec_text
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.groups import read_dependency_groups, read_extras
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pip_text import and_markers, direct_reference, local_line
from condaenv_tools.parse.pip_line import classify_pip_line
from condaenv_tools.parse.report import quoted

__all__ = ["read_project", "read_uv", "tell_build"]

_NAMED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?([^;]*)(?:;(.*))?", re.DOTALL)
_SCRIPTS = ("scripts", "gui-scripts", "entry-points")
#: Settings of uv that decide what is installed and have no line of their own.
_UV_SETTINGS = (
    "override-dependencies", "constraint-dependencies", "build-constraint-dependencies", "environments",
    "required-environments", "prerelease", "resolution", "conflicts", "exclude-newer", "workspace",
    "no-build-isolation-package", "extra-build-dependencies", "dependency-metadata", "default-groups",
)  # fmt: skip
_UV_INDEXES = ("index", "index-url", "extra-index-url", "find-links")


def read_project(draft: Draft, root: Item) -> None:
    """Read the standard tables."""
    project = root.get("project")
    members = dict(draft.table(project, "project"))
    name = members.get("name")
    if name is not None:
        draft.name = draft.text_of(name, "the name of the project")
    python = members.get("requires-python")
    if python is not None and (text := draft.text_of(python, "requires-python")):
        add_python(draft, text, python)
    for item in draft.texts(members.get("dependencies"), "dependencies"):
        draft.requirement(item.value, item.place)
    for group, item in read_extras(draft, members.get("optional-dependencies"), draft.name or ""):
        draft.requirement(item.value, item.place, category=group)
    for group, item in read_dependency_groups(draft, root.get("dependency-groups")):
        draft.requirement(item.value, item.place, category=group)
    _tell_dynamic(draft, members.get("dynamic"))
    for key in _SCRIPTS:
        tell_members(draft, "CE137", members.get(key), f"{key} of the project are left out")


def add_python(draft: Draft, versions: str, item: Item) -> None:
    """Add the requirement on Python itself, versions in the language of PEP 440."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few files need it

    try:
        SpecifierSet(versions)
        clauses = conda_clauses(versions)
    except (InvalidSpecifier, UnsupportedError):
        message = f"{quoted(versions)} is no condition on versions of Python (PEP 440)"
        draft.tell("CE201", message, item.place, hint="write such as >=3.10,<3.13")
        return
    draft.spec(conda_spec_text("python", clauses), item.place)


def tell_members(draft: Draft, code: str, item: Item | None, message: str, *, hint: str = "") -> None:
    """Tell, once for a table, list or value, that it is not carried over, with the names in it."""
    if item is None or item.value in ({}, [], None):
        return
    names = [quoted(name) for name, _ in item.members()][:8]
    more = f": {', '.join(names)}" if names else ""
    draft.tell(code, message + more, item.key, hint=hint)


def _tell_dynamic(draft: Draft, item: Item | None) -> None:
    for one in draft.texts(item, "dynamic"):
        if one.value in {"dependencies", "optional-dependencies", "requires-python"}:
            message = f"{quoted(one.value)} of the project is dynamic: its build backend makes it up"
            hint = "look for them in setup.py, setup.cfg or the file that the backend reads"
            draft.tell("CE147", message, one.place, hint=hint)


def tell_build(draft: Draft, root: Item) -> None:
    """Tell that what a build needs is not carried over."""
    requires = root.get("build-system", "requires")
    if requires is not None and requires.value:
        texts = ", ".join(quoted(str(one.value)) for one in requires.elements())
        draft.tell("CE148", f"requirements of the build are left out: {texts}", requires.key)


def read_uv(draft: Draft, root: Item) -> None:
    """Read `[tool.uv]`: where packages come from, and the older kind of development dependencies."""
    uv = root.get("tool", "uv")
    for item in draft.texts(uv.get("dev-dependencies") if uv else None, "dev-dependencies"):
        draft.requirement(item.value, item.place, category="dev")
    for name, source in draft.table(uv.get("sources") if uv else None, "sources"):
        variants = list(source.elements()) if source.is_array else [source]
        _apply(draft, name, [one for one in variants if one.is_table])
    for key in _UV_SETTINGS:
        part = uv.get(key) if uv else None
        if part is not None:
            draft.tell("CE145", f"the setting {quoted(key)} of uv is left out", part.key)
    for key in _UV_INDEXES:
        part = uv.get(key) if uv else None
        if part is not None:
            message = f"{quoted(key)} of uv is left out: packages come from the default index"
            draft.tell(
                "CE144", message, part.key, hint="add the index to the pip section by hand if it is needed"
            )


def _apply(draft: Draft, name: str, variants: Sequence[Item]) -> None:
    """Put the source of a package in the place of its versions, in every line that names it."""
    wanted = pypi_name(name)
    for at, item in reversed(list(enumerate(draft.pip))):
        match = _NAMED.fullmatch(item.text)
        if item.name != wanted or match is None or "@" in match[3]:
            continue
        extras = [part.strip() for part in (match[2] or "").split(",") if part.strip()]
        lines = [
            line
            for one in variants
            if one.get("group") is None or one.value.get("group") == item.category
            for line in [_line(draft, match[1], extras, one, (match[4] or "").strip())]
            if line
        ]
        if lines:
            read = [classify_pip_line(line) for line in lines]
            draft.pip[at : at + 1] = [
                replace(item, text=line, kind=one.kind, name=one.name)
                for line, one in zip(lines, read, strict=True)
            ]


def _line(draft: Draft, name: str, extras: Sequence[str], source: Item, marker: str) -> str | None:
    value = source.value
    own = value.get("marker")
    both = and_markers(marker, own if isinstance(own, str) else "")
    git, url, path = (
        value.get(key) if isinstance(value.get(key), str) else None for key in ("git", "url", "path")
    )
    if git:
        return direct_reference(name, extras, git_url(git, value), both)
    if url:
        return direct_reference(name, extras, url, both)
    if path:
        if both:
            message = f"a path cannot have a marker, so {quoted(name)} is taken on every platform"
            draft.tell("CE140", message, source.place)
        return local_line(path, editable=value.get("editable") is True, extras=extras)
    what = (
        "a member of the workspace"
        if value.get("workspace")
        else f"the index {quoted(str(value.get('index')))}"
    )
    message = f"{quoted(name)} comes from {what}, which no line of an environment.yml can name"
    draft.tell("CE135", message, source.place)
    return None


def git_url(url: str, value: dict[str, object]) -> str:
    """Return the URL by which pip clones: its revision behind an `@`, a subfolder behind a `#`.

    Examples
    --------
    >>> git_url("https://example.org/a.git", {"tag": "v1", "subdirectory": "lib"})
    'git+https://example.org/a.git@v1#subdirectory=lib'
    >>> git_url("git@example.org:me/a.git", {})
    'git+ssh://git@example.org/me/a.git'
    """
    short = re.fullmatch(r"([\w.-]+@[\w.-]+):(?!//)(.+)", url)
    plain = f"ssh://{short[1]}/{short[2]}" if short else url
    plain = plain if plain.startswith("git+") else f"git+{plain}"
    revision = next(
        (value[key] for key in ("rev", "ref", "tag", "branch") if isinstance(value.get(key), str)), None
    )
    folder = value.get("subdirectory")
    return (
        plain
        + (f"@{revision}" if revision else "")
        + (f"#subdirectory={folder}" if isinstance(folder, str) and folder else "")
    )
