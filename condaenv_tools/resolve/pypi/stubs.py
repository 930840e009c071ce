"""Stub wheels: what conda provides, as the engine sees it.

A stub has the name and conda's version, and of the requirements only those of extras: the others are conda's
business. The engine is given the stub's place as the only one for its name, so that no index is asked for it,
and it does not matter whether one has that version.
"""

from __future__ import annotations

import io
import re
import tempfile
import threading
import zipfile
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.given import Provided

__all__ = ["StubFolder", "extra_requirements", "python_version_of", "stub_wheel"]

#: A comparison with an extra, either way round; `packaging` writes a marker with double quotes.
_EXTRA = re.compile(r'\bextra == "([^"]+)"|"([^"]+)" == extra\b')
_EPOCH = (1980, 1, 1, 0, 0, 0)
_WHEEL = "Wheel-Version: 1.0\nGenerator: condaenv\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def python_version_of(version: str) -> Version | None:
    """Return conda's version as PEP 440 reads it, or None where it does not.

    Examples
    --------
    >>> str(python_version_of("2.1.0.post1")), str(python_version_of("1.0rc1")), python_version_of("1.1.1w")
    ('2.1.0.post1', '1.0rc1', None)
    """
    try:
        return Version(version.strip())
    except InvalidVersion:
        return None


def extra_requirements(provided: Provided) -> dict[str, tuple[Requirement, ...]]:
    """Return the requirements of each extra of a distribution that conda provides, by the extra.

    A requirement belongs to each extra that its marker names; the variables of the machine are looked at later.
    """
    found: dict[str, list[Requirement]] = {}
    for text in provided.requires or ():
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        for extra in _extras_in(requirement):
            found.setdefault(extra, []).append(requirement)
    return {extra: tuple(items) for extra, items in sorted(found.items())}


def _extras_in(requirement: Requirement) -> list[str]:
    if requirement.marker is None:
        return []
    found = (match[1] or match[2] for match in _EXTRA.finditer(str(requirement.marker)))
    return sorted({pypi_name(name) for name in found})


def stub_wheel(provided: Provided, version: Version) -> tuple[str, bytes]:
    """Return file name and content of the stub of a distribution; equal input gives equal bytes."""
    stem = f"{provided.name.replace('-', '_')}-{version}"
    extras = extra_requirements(provided)
    lines = ["Metadata-Version: 2.2", f"Name: {provided.name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += sorted({f"Requires-Dist: {requirement}" for items in extras.values() for requirement in items})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in (("METADATA", "\n".join(lines) + "\n"), ("WHEEL", _WHEEL), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{path}", _EPOCH), text)
    return f"{stem}-py3-none-any.whl", stream.getvalue()


class StubFolder:
    """The stubs of one batch; platforms share those that are equal."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="condaenv-stubs-")
        self._known: dict[Provided, Path] = {}
        self._lock = threading.Lock()

    def path_of(self, provided: Provided, version: Version) -> Path:
        """Return the stub of a distribution, in a folder of its own; written on first use."""
        with self._lock:
            if provided not in self._known:
                folder = Path(self._folder.name, str(len(self._known)))
                folder.mkdir()
                name, content = stub_wheel(provided, version)
                (folder / name).write_bytes(content)
                self._known[provided] = folder / name
            return self._known[provided]

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()
