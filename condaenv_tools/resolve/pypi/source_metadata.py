"""The metadata of sources, where it can be read without building them: it may not depend on the build then."""

from __future__ import annotations

import io
import tarfile
import tomllib
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

__all__ = ["archive_headers", "tree_headers"]

#: From this version of the metadata on a source archive says what is left to the build (PEP 643).
_TELLING = Version("2.2")
_LEFT_OPEN = {"requires-dist", "provides-extra", "requires-python"}


def archive_headers(content: bytes) -> str | None:
    """Return the metadata of a source archive, or None where it is left to the build or cannot be found."""
    try:
        text = _from_tar(content) if not zipfile.is_zipfile(io.BytesIO(content)) else _from_zip(content)
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError, UnicodeDecodeError):
        return None
    if text is None:
        return None
    head = HeaderParser().parsestr(text, headersonly=True)
    try:
        telling = Version(str(head.get("Metadata-Version", "0"))) >= _TELLING
    except InvalidVersion:
        return None
    left = {str(value).strip().lower() for value in head.get_all("Dynamic") or []}
    return text if telling and not left & _LEFT_OPEN else None


def _from_tar(content: bytes) -> str | None:
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            if member.isfile() and member.name.count("/") == 1 and member.name.endswith("/PKG-INFO"):
                stream = archive.extractfile(member)
                return None if stream is None else stream.read().decode("utf-8")
    return None


def _from_zip(content: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/PKG-INFO")]
        return archive.read(names[0]).decode("utf-8") if names else None


def tree_headers(folder: Path) -> str | None:
    """Return the metadata of a source tree as headers, or None where its `pyproject.toml` leaves it to the build.

    References
    ----------
    PEP 621.
    """
    try:
        project: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
        left = set(project.get("dynamic", []))
        if left & {"dependencies", "optional-dependencies", "requires-python"}:
            return None
        lines = [f"Requires-Dist: {text}" for text in project.get("dependencies", [])]
        for extra, texts in project.get("optional-dependencies", {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f"Requires-Dist: {_for_extra(text, extra)}" for text in texts]
        if python := project.get("requires-python"):
            lines.append(f"Requires-Python: {python}")
    except (OSError, KeyError, ValueError, TypeError, AttributeError, InvalidRequirement):
        return None
    return "\n".join(lines) + "\n"


def _for_extra(text: str, extra: str) -> str:
    requirement = Requirement(text)
    own = f'extra == "{extra}"'
    if requirement.marker is None:
        return f"{text.strip()} ; {own}"
    marker, requirement.marker = requirement.marker, None
    return f"{requirement} ; ({marker}) and {own}"
