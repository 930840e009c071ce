"""`[project]` (PEP 621) and `[dependency-groups]` (PEP 735) of a pyproject.toml."""

from __future__ import annotations

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.parse.inputs.conda_versions import conda_clauses, conda_spec_text
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.groups import read_dependency_groups, read_extras
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.report import quoted

__all__ = ["add_python", "read_project", "tell_build", "tell_members"]

_SCRIPTS = ("scripts", "gui-scripts", "entry-points")


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
