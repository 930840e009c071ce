"""Other texts of a line for pip: without its versions, with a version that works, as a line for conda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.pep440 import to_conda_versions

if TYPE_CHECKING:
    from packaging.specifiers import Specifier

__all__ = ["as_conda_line", "nearby", "unpinned", "with_version"]

#: So many parts of a version stand behind a bound.
_PARTS = 2


def unpinned(item: PipItem) -> str | None:
    """Return a requirement without its versions; None where it names none that could go.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> place = SourceSpan(path="", line=1, column=1)
    >>> def line(text):
    ...     return PipItem(text=text, kind=PipKind.REQUIREMENT, name="dask", span=place)
    >>> unpinned(line("dask[array]==2024.1; os_name == 'nt'")), unpinned(line("dask"))
    ('dask[array]; os_name == "nt"', None)
    """
    if item.kind is not PipKind.REQUIREMENT or not item.details.specifier:
        return None
    return _line(item, "")


def nearby(item: PipItem) -> tuple[tuple[str, bool], ...]:
    """Return requirements for the releases beyond those of a line, and whether they lie above it: above first.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> place = SourceSpan(path="", line=1, column=1)
    >>> def line(text):
    ...     return PipItem(text=text, kind=PipKind.REQUIREMENT, name="a", span=place)
    >>> nearby(line("a==1.2")), nearby(line("a>=4"))
    ((('a>1.2', True), ('a<1.2', False)), (('a<4', False),))
    >>> nearby(line("a==1.*")), nearby(line("a>=1,<2")), nearby(line("a"))
    ((('a!=1.*,>=1', True), ('a<1', False)), (('a>=2', True), ('a<1', False)), ())
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few lines need it
    from packaging.version import Version  # noqa: PLC0415

    if item.kind is not PipKind.REQUIREMENT or not item.details.specifier:
        return ()
    try:
        clauses = [one for one in SpecifierSet(item.details.specifier) if one.operator not in {"!=", "==="}]
    except InvalidSpecifier:
        return ()

    def place(one: Specifier) -> Version:
        return Version(one.version.removesuffix(".*"))

    found = []
    if upper := [one for one in clauses if not one.operator.startswith(">")]:
        last = max(upper, key=place)
        family = last.operator == "==" and last.version.endswith(".*")
        sign = f"!={last.version},>=" if family else ">=" if last.operator == "<" else ">"
        found.append((_line(item, f"{sign}{last.version.removesuffix('.*')}"), True))
    if lower := [one for one in clauses if not one.operator.startswith("<")]:
        found.append((_line(item, f"<{min(map(place, lower))}"), False))
    return tuple(found)


def with_version(item: PipItem, version: str) -> str:
    """Return a requirement that takes a version, in the way in which it is written.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> place = SourceSpan(path="", line=1, column=1)
    >>> def line(text):
    ...     return PipItem(text=text, kind=PipKind.REQUIREMENT, name="a", span=place)
    >>> [with_version(line(text), "3.2.1") for text in ("a==1.0", "a~=1.4", "a==1.*", "a<2", "a>=4,!=4.1")]
    ['a==3.2.1', 'a~=3.2', 'a==3.*', 'a<4', 'a>=3.2']
    """
    specifier = item.details.specifier
    parts = version.split(".")
    clauses = [clause.strip() for clause in specifier.split(",")]
    if specifier.startswith("~="):
        return _line(item, f"~={'.'.join(parts[: max(2, specifier.count('.') + 1)])}")
    if specifier.endswith(".*") and specifier.startswith("=="):
        return _line(item, f"=={'.'.join(parts[: specifier.count('.')])}.*")
    if specifier.startswith("=="):
        return _line(item, f"=={version}")
    if any(clause.startswith("<") for clause in clauses) and parts[0].isdigit():
        lower = [clause for clause in clauses if clause.startswith(">") and _holds(clause, version)]
        return _line(item, ",".join([*lower, f"<{int(parts[0]) + 1}"]))
    return _line(item, f">={'.'.join(parts[:_PARTS])}")


def as_conda_line(item: PipItem, name: str) -> str | None:
    """Return the line that asks conda for the same; None where conda cannot say it.

    Examples
    --------
    >>> from condaenv_tools.model.span import SourceSpan
    >>> place = SourceSpan(path="", line=1, column=1)
    >>> def line(text):
    ...     return PipItem(text=text, kind=PipKind.REQUIREMENT, name="a", span=place)
    >>> [as_conda_line(line(text), "py-a") for text in ("a==1.0", "a>=1,<2", "a", "a[x]", "a; os_name == 'nt'")]
    ['py-a=1.0', 'py-a>=1,<2a0', 'py-a', None, None]
    """
    details = item.details
    if item.kind is not PipKind.REQUIREMENT or details.extras or details.marker:
        return None
    if not details.specifier:
        return name
    versions = to_conda_versions(details.specifier)
    if versions is None:
        return None
    if versions.startswith("==") and "," not in versions:
        return f"{name}={versions.removeprefix('==')}"
    if versions.endswith(".*") and "," not in versions and not versions.startswith("!"):
        return f"{name}={versions.removesuffix('.*')}"
    return f"{name}{versions}"


def _line(item: PipItem, specifier: str) -> str:
    details = item.details
    extras = f"[{','.join(details.extras)}]" if details.extras else ""
    marker = f"; {details.marker}" if details.marker else ""
    return f"{details.name or item.name}{extras}{specifier}{marker}"


def _holds(clause: str, version: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few lines need it

    try:
        return SpecifierSet(clause).contains(version, prereleases=True)
    except InvalidSpecifier:
        return False
