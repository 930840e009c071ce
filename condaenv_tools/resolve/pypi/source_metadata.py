"""The metadata of sources, read without building them, and how far it can be relied on."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from enum import StrEnum
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.source_archives import members_of

__all__ = ["SourceHeaders", "Trust", "archive_headers", "source_headers", "tree_headers"]

#: From this version of the metadata on a source archive says what is left to the build (PEP 643).
_TELLING = Version("2.2")
_LEFT_OPEN = {"requires-dist", "provides-extra", "requires-python"}
_SECTION = re.compile(r"\[([^\]:]*)(?::(.*))?\]")


class Trust(StrEnum):
    """How far the requirements of a source archive can be relied on."""

    STATIC = "static"
    """They may not depend on the build."""
    PACKED = "packed"
    """They are what its makers had when they packed it; building it elsewhere may find others."""
    UNKNOWN = "unknown"
    """Nothing says them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHeaders:
    """The metadata of a source archive as headers; `text` is empty where nothing is known."""

    text: str = ""
    trust: Trust = Trust.UNKNOWN


def archive_headers(content: bytes) -> str | None:
    """Return the metadata of a source archive, or None where it is left to the build or cannot be found."""
    text = members_of(content).get("PKG-INFO")
    return text if text is not None and _is_static(text) else None


def source_headers(content: bytes, name: str, version: Version) -> SourceHeaders:
    """Return what a source archive says of its requirements, whoever has to be believed for it.

    What may not depend on the build comes first: the archive's own metadata (PEP 643), then ``[project]`` of its
    ``pyproject.toml`` (PEP 621). Else what its makers packed counts: ``requires.txt`` and the metadata beside it.

    Parameters
    ----------
    content : bytes
        The archive.
    name : str
        The distribution that it should be, normalised.
    version : Version
        Its release.

    Returns
    -------
    SourceHeaders
        Nothing known where the archive is that of another release.
    """
    members = members_of(content)
    own = members.get("PKG-INFO")
    if own is not None and not _is_of(own, name, version):
        return SourceHeaders()
    if own is not None and _is_static(own):
        return SourceHeaders(text=own, trust=Trust.STATIC)
    told = _project_headers(members.get("pyproject.toml", ""))
    if told is not None:
        return SourceHeaders(text=told, trust=Trust.STATIC)
    packed = _packed(members, name, own)
    return SourceHeaders() if packed is None else SourceHeaders(text=packed, trust=Trust.PACKED)


def _packed(members: Mapping[str, str], name: str, own: str | None) -> str | None:
    """Return what the makers of an archive packed into it, or None where they packed nothing of the sort."""
    folders = sorted({key.partition("/")[0] for key in members if "/" in key})
    folder = next((one for one in folders if pypi_name(one.removesuffix(".egg-info")) == name), None)
    text = own if own is not None else members.get(f"{folder}/PKG-INFO")
    head = HeaderParser().parsestr(text or "", headersonly=True)
    kept = [
        f"{key}: {' '.join(str(value).split())}"
        for key in ("Requires-Python", "Requires-Dist", "Provides-Extra")
        for value in head.get_all(key) or []
    ]
    listed = members.get(f"{folder}/requires.txt")
    if "Requires-Dist" in head:
        return "\n".join(kept) + "\n"
    if listed is not None:
        kept = [line for line in kept if not line.startswith("Provides-Extra")]
        return "\n".join([*kept, *_from_requires(listed)]) + "\n"
    # A folder that its tool fills with all that it knows, without requirements, says that there are none.
    return "\n".join(kept) + "\n" if folder is not None else None


def _from_requires(text: str) -> list[str]:
    """Return the headers that a ``requires.txt`` of setuptools stands for."""
    found, extra, marker = list[str](), "", ""
    for line in map(str.strip, text.splitlines()):
        section = _SECTION.fullmatch(line)
        if section:
            extra, marker = section[1].strip(), (section[2] or "").strip()
            found += [f"Provides-Extra: {extra}"] if extra else []
        elif line and not line.startswith("#"):
            found.append(f"Requires-Dist: {_under(line, marker, extra)}")
    return list(dict.fromkeys(found))


def _under(line: str, marker: str, extra: str) -> str:
    try:
        text = line if not marker else _with_marker(line, marker)
        return _for_extra(text, extra) if extra else text
    except InvalidRequirement:
        return line


def _with_marker(text: str, more: str) -> str:
    requirement = Requirement(text)
    marker, requirement.marker = requirement.marker, None
    return f"{requirement} ; {more}" if marker is None else f"{requirement} ; ({marker}) and ({more})"


def _is_static(text: str) -> bool:
    head = HeaderParser().parsestr(text, headersonly=True)
    try:
        telling = Version(str(head.get("Metadata-Version", "0"))) >= _TELLING
    except InvalidVersion:
        return False
    left = {str(value).strip().lower() for value in head.get_all("Dynamic") or []}
    return telling and not left & _LEFT_OPEN


def _is_of(text: str, name: str, version: Version) -> bool:
    head = HeaderParser().parsestr(text, headersonly=True)
    try:
        said = Version(str(head.get("Version", "")).strip())
    except InvalidVersion:
        return False
    return pypi_name(str(head.get("Name", "")).strip()) == name and said == version


def tree_headers(folder: Path) -> str | None:
    """Return the metadata of a source tree as headers, or None where its `pyproject.toml` leaves it to the build.

    References
    ----------
    PEP 621.
    """
    try:
        return _project_headers((folder / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _project_headers(text: str) -> str | None:
    try:
        project: dict[str, Any] = tomllib.loads(text)["project"]
        left = set(project.get("dynamic", []))
        if left & {"dependencies", "optional-dependencies", "requires-python"}:
            return None
        lines = [f"Requires-Dist: {text}" for text in _texts(project.get("dependencies", []))]
        for extra, texts in project.get("optional-dependencies", {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f"Requires-Dist: {_for_extra(text, extra)}" for text in _texts(texts)]
        if isinstance(version := project.get("version"), str) and "\n" not in version:
            lines.append(f"Version: {version}")
        if python := project.get("requires-python"):
            lines.append(f"Requires-Python: {python}")
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return "\n".join(lines) + "\n"


def _texts(values: Any) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(one, str) and "\n" not in one for one in values):
        raise TypeError
    return values


def _for_extra(text: str, extra: str) -> str:
    requirement = Requirement(text)
    own = f'extra == "{extra}"'
    if requirement.marker is None:
        return f"{text.strip()} ; {own}"
    marker, requirement.marker = requirement.marker, None
    return f"{requirement} ; ({marker}) and {own}"
