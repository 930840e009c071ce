"""A rule on names of conda's channels in the pip section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from condaenv_tools.channels.names import conda_names, is_conda_forge_name, pypi_names
from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.parse.codes.code import WARNING, code
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.names_table import OTHERWISE_ON_PYPI, WITHOUT_PROJECT
from condaenv_tools.rules.pip_traps import TRAPS
from condaenv_tools.rules.rule import Rule

__all__ = ["RULES"]

_CONDA_NAME = code(
    "CE213",
    WARNING,
    "a conda name in the pip section",
    "pip looks the name up on PyPI, where it belongs to another project, or to nobody yet.",
    "dependencies:\n  - pip\n  - pip:\n      - pytables\n",
    "dependencies:\n  - pip\n  - pip:\n      - tables\n",
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
#: How conda's channels make a name out of one of PyPI.
_FORMS = ("python-{}", "{}-python", "py-{}", "{}-base", "{}-core", "py{}")


class _Meant(NamedTuple):
    """What PyPI calls it, why the name is another, and whether that is known for certain."""

    name: str
    reason: str
    certain: bool


def _find(case: Case) -> Iterator[Finding]:
    for item in case.environment.pip:
        name = item.name
        if item.kind is not PipKind.REQUIREMENT or not name or name in TRAPS:
            continue
        if name in WITHOUT_PROJECT:
            message = f"{name} is a package of conda's channels: {WITHOUT_PROJECT[name]}"
            yield case.finding(_CONDA_NAME, message, item.span, hint="move the line to the conda part")
        elif name.startswith("r-") and is_conda_forge_name(name) and conda_names(name) is None:
            message = f"{name} is a package of conda's channels: PyPI has no packages of R"
            yield case.finding(_CONDA_NAME, message, item.span, hint="move the line to the conda part")
        elif meant := _meant(name):
            yield _tell(case, item, meant)


def _meant(name: str) -> _Meant | None:
    """Return what PyPI calls a package of conda-forge."""
    if name in OTHERWISE_ON_PYPI:
        instead, reason = OTHERWISE_ON_PYPI[name]
        return _Meant(instead, f"{reason}; PyPI has {instead}", certain=True)
    found = pypi_names(name)
    if not found or len(found) > 1 or conda_names(name) is not None:
        return None
    if all(name != form.format(found[0]) for form in _FORMS):
        return None
    return _Meant(found[0], f"{name} is what conda-forge calls {found[0]}", certain=False)


def _tell(case: Case, item: PipItem, meant: _Meant) -> Finding:
    hint, fix = f"write {meant.name}, or move the line to the conda part", None
    twin = next((one for one in case.environment.pip if one.name == meant.name), None)
    if twin is not None:
        hint = f"remove the line: {meant.name} stands in line {twin.span.line}"
    elif not any(meant.name in (pypi_names(one.name) or ()) for one in case.environment.dependencies):
        fix = _rename(case, item, meant.name, safe=meant.certain)
    return case.finding(_CONDA_NAME, meant.reason, item.span, hint=hint, fix=fix)


def _rename(case: Case, item: PipItem, name: str, *, safe: bool) -> Fix | None:
    """Return the fix that writes the name that PyPI has; a version of two projects may mean two things."""
    match = _NAME.match(item.text)
    if match is None or case.text[item.span.start : item.span.end] != item.text:
        return None
    edit = TextEdit(start=item.span.start, end=item.span.start + match.end(), text=name)
    return Fix(title=f"write {name}", edits=(edit,), safe=safe and match[0] == item.text.strip())


RULES: tuple[Rule, ...] = (Rule(code=_CONDA_NAME, find=_find),)
