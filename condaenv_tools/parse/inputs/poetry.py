"""`[tool.poetry]` of a pyproject.toml, of poetry 1 and, beside `[project]`, of poetry 2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_details import PipKind
from condaenv_tools.parse.inputs.draft import MAIN, Draft
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pip_text import (
    and_markers,
    direct_reference,
    git_url,
    local_line,
    python_marker,
    requirement_text,
)
from condaenv_tools.parse.inputs.poetry_versions import poetry_to_pep440
from condaenv_tools.parse.inputs.project import add_python, tell_members
from condaenv_tools.parse.pip_line import classify_pip_line
from condaenv_tools.parse.report import quoted

__all__ = ["read_poetry", "versions_of"]

_TOLD = {"scripts": "CE137", "plugins": "CE137", "build": "CE145", "requires-plugins": "CE145"}


_KNOWN = {
    "version", "extras", "optional", "markers", "python", "platform", "git", "branch", "tag", "rev",
    "subdirectory", "path", "develop", "file", "url", "source", "allow-prereleases",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One requirement of a table: its name, its place, and what may be written beside the version."""

    name: str
    item: Item
    category: str

    def text(self, key: str) -> str:
        """Return a part that should be a text; empty where it is not there."""
        value = self.item.value.get(key) if self.item.is_table else None
        return value if isinstance(value, str) else ""

    @property
    def value(self) -> dict[str, Any]:
        """The table, empty where the version stands alone."""
        return self.item.value if self.item.is_table else {}

    @property
    def extras(self) -> list[str]:
        """The extras asked for."""
        found = self.value.get("extras")
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def read_poetry(draft: Draft, root: Item) -> None:
    """Read all that poetry's own tables say."""
    poetry = root.get("tool", "poetry")
    if poetry is None or not draft.table(poetry, "tool.poetry"):
        return
    name = poetry.get("name")
    if draft.name is None and name is not None:
        draft.name = draft.text_of(name, "the name of the project")
    draft.standard = draft.lines()
    extras = _extras(draft, poetry.get("extras"))
    _read_table(draft, poetry.get("dependencies"), "dependencies", MAIN, extras)
    _read_table(draft, poetry.get("dev-dependencies"), "dev-dependencies", "dev", {})
    groups = draft.table(poetry.get("group"), "group")
    # Two spellings of one name are two groups, and the first of them is the one that is included.
    named: dict[str, Item] = {pypi_name(group): table for group, table in reversed(groups)}
    for group, table in groups:
        what = f"group.{group}.dependencies"
        _read_table(draft, table.get("dependencies"), what, pypi_name(group), {})
        _include(draft, named, group, table)
    for key, code in _TOLD.items():
        tell_members(draft, code, poetry.get(key), f"{quoted(key)} of poetry is left out")
    sources = poetry.get("source")
    for source in sources.elements() if sources else ():
        url = source.get("url")
        if url is not None:
            draft.index_left(f"the source {quoted(str(url.value))}", url.place)


def _extras(draft: Draft, item: Item | None) -> dict[str, list[str]]:
    """Return the extras that each optional package belongs to."""
    found: dict[str, list[str]] = {}
    for extra, names in draft.table(item, "extras"):
        for one in draft.texts(names, f"the extra {quoted(extra)}"):
            found.setdefault(pypi_name(one.value), []).append(pypi_name(extra))
    return found


def _include(draft: Draft, groups: Mapping[str, Item], group: str, table: Item) -> None:
    """Add what the groups hold that a group includes (poetry 2.1)."""
    for one in draft.texts(table.get("include-groups"), "include-groups"):
        other = groups.get(pypi_name(one.value))
        if other is None or pypi_name(one.value) == pypi_name(group):
            draft.tell("CE134", f"there is no group {quoted(one.value)} to include", one.place)
            continue
        what = f"group.{one.value}.dependencies"
        _read_table(draft, other.get("dependencies"), what, pypi_name(group), {})
        for deeper in draft.texts(other.get("include-groups"), "include-groups"):
            message = f"groups that {quoted(one.value)} includes in its turn are not followed"
            draft.tell("CE145", message, deeper.place, hint=f"choose them with --group {deeper.value}")


def _read_table(
    draft: Draft, item: Item | None, what: str, category: str, extras: dict[str, list[str]]
) -> None:
    for name, entry in draft.table(item, what):
        if name.lower() == "python":
            _read_python(draft, entry)
            continue
        for one in entry.elements() if entry.is_array else (entry,):
            if not isinstance(one.value, (str, dict)):
                draft.wrong(one, f"the version of {quoted(name)}", "a text or a table")
                continue
            for chosen in _categories(draft, name, one, category, extras):
                _add(draft, _Wanted(name, one, chosen))


def _categories(
    draft: Draft, name: str, item: Item, category: str, extras: dict[str, list[str]]
) -> Sequence[str]:
    """Return the groups that a requirement belongs to: its extras, where it is optional."""
    if not item.is_table or item.value.get("optional") is not True:
        return (category,)
    found = extras.get(pypi_name(name), ())
    if not found:
        draft.tell("CE138", f"{quoted(name)} is optional, and no extra asks for it", item.key)
    return found


def _read_python(draft: Draft, item: Item) -> None:
    text = item.value.get("version") if item.is_table else item.value
    if not isinstance(text, str):
        draft.wrong(item, "the version of Python", "a text")
        return
    if any(known.name == "python" for known in draft.conda):
        return  # requires-python of [project] is what counts in poetry 2
    add_python(draft, versions_of(draft, "python", text, item), item)


def versions_of(draft: Draft, name: str, text: str, item: Item) -> str:
    """Return a condition of poetry in the language of PEP 440; tell of what is lost."""
    try:
        found = poetry_to_pep440(text)
    except InvalidVersionError as error:
        message = f"{quoted(text)} for {quoted(name)} cannot be read: {error.reason}"
        draft.tell("CE201", message, item.place, hint='write such as "^1.2", "~1.2", ">=1.2,<2" or "1.2.*"')
        return ""
    if not found.exact:
        kept = quoted(found.text) if found.text else "no condition"
        message = f"{quoted(text)} for {quoted(name)} has alternatives, which a requirement cannot say"
        draft.tell("CE141", f"{message}; {kept} remains", item.place, hint="choose one of the alternatives")
    return found.text


def _add(draft: Draft, wanted: _Wanted) -> None:
    draft.others(wanted.item, _KNOWN, quoted(wanted.name))
    text = wanted.item.value if isinstance(wanted.item.value, str) else wanted.text("version")
    versions = versions_of(draft, wanted.name, text, wanted.item) if text else ""
    marker = and_markers(wanted.text("markers"), _platform_marker(wanted), _python_of(draft, wanted))
    line = _line(draft, wanted, versions, marker)
    if not _beside_project(draft, wanted, line):
        draft.requirement(line, wanted.item.key, category=wanted.category)
    if wanted.text("source"):
        draft.own_index(wanted.name, f"the source {quoted(wanted.text('source'))}", wanted.item.place)
    if wanted.value.get("allow-prereleases") is True:
        message = f"{quoted(wanted.name)} may be a pre-release, which no line of an environment.yml can say"
        draft.tell("CE145", message, wanted.item.place, hint="name the pre-release in the version")


def _beside_project(draft: Draft, wanted: _Wanted, line: str) -> bool:
    """Say whether `[project]` has the requirement, to which poetry 2 only adds where it comes from."""
    name = pypi_name(wanted.name)
    known = [at for at in draft.standard.get(name, ()) if draft.pip[at].category == wanted.category]
    if not known:
        return False
    read = classify_pip_line(line)
    if not read.code and read.kind is not PipKind.REQUIREMENT:
        for at in known:
            draft.pip[at] = replace(draft.pip[at], text=line, kind=read.kind)
    return True


def _line(draft: Draft, wanted: _Wanted, versions: str, marker: str) -> str:
    git, url = wanted.text("git"), wanted.text("url")
    path = wanted.text("path") or wanted.text("file")
    if git:
        return direct_reference(wanted.name, wanted.extras, git_url(git, wanted.value), marker)
    if url:
        return direct_reference(wanted.name, wanted.extras, url, marker)
    if path:
        if marker:
            draft.marker_left(wanted.name, wanted.item.place)
        return local_line(path, editable=wanted.value.get("develop") is True, extras=wanted.extras)
    return requirement_text(wanted.name, wanted.extras, versions, marker)


def _platform_marker(wanted: _Wanted) -> str:
    platform = wanted.text("platform")
    return f'sys_platform == "{platform}"' if platform.isidentifier() else ""


def _python_of(draft: Draft, wanted: _Wanted) -> str:
    python = wanted.text("python")
    return python_marker(versions_of(draft, "python", python, wanted.item)) if python else ""
