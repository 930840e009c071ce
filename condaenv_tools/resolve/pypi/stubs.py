"""Stub wheels: what conda provides and what is there as source only, as the engine sees it.

A stub of what conda provides has the name and conda's version, and of the requirements only those of extras: the
others are conda's business. The engine is given the stub's place as the only one for its name, so that no index is
asked for it, and it does not matter whether one has that version. A stub of a source archive is one candidate
among others, and has all that the archive requires.
"""

from __future__ import annotations

import io
import re
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.metadata import Metadata

__all__ = [
    "StubFolder",
    "extra_requirements",
    "is_requirement",
    "python_version_of",
    "source_stub",
    "stub_wheel",
]

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
    return _zipped(stem, lines)


def source_stub(name: str, version: Version, metadata: Metadata | None) -> tuple[str, bytes]:
    """Return file name and content of the stub of a source archive, with all that it requires.

    A requirement that cannot be read is left out: with it the engine would refuse the whole release.
    """
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    if metadata is not None:
        lines += (
            [f"Requires-Python: {metadata.requires_python}"] if _is_range(metadata.requires_python) else []
        )
        lines += [f"Provides-Extra: {extra}" for extra in metadata.extras]
        lines += [f"Requires-Dist: {text}" for text in metadata.requires if is_requirement(text)]
    return _zipped(f"{name.replace('-', '_')}-{version}", lines)


def is_requirement(text: str) -> bool:
    """Say whether a text is a requirement (PEP 508)."""
    try:
        Requirement(text)
    except InvalidRequirement:
        return False
    return True


def _is_range(text: str | None) -> bool:
    try:
        return text is not None and bool(SpecifierSet(text))
    except InvalidSpecifier:
        return False


def _zipped(stem: str, lines: Iterable[str]) -> tuple[str, bytes]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in (("METADATA", "\n".join(lines) + "\n"), ("WHEEL", _WHEEL), ("RECORD", "")):
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/{path}", _EPOCH), text)
    return f"{stem}-py3-none-any.whl", stream.getvalue()


class StubFolder:
    """The stubs of one batch; platforms share those that are equal."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="condaenv-stubs-")
        self._known: dict[object, Path] = {}
        self._lock = threading.Lock()

    def path_of(self, provided: Provided, version: Version) -> Path:
        """Return the stub of a distribution, in a folder of its own; written on first use."""
        return self._written(provided, lambda: stub_wheel(provided, version))

    def path_of_source(self, name: str, version: Version, metadata: Metadata | None) -> Path:
        """Return the stub of a source archive, in a folder of its own; written on first use."""
        return self._written((name, version, metadata), lambda: source_stub(name, version, metadata))

    def _written(self, key: object, make: Callable[[], tuple[str, bytes]]) -> Path:
        with self._lock:
            if key not in self._known:
                folder = Path(self._folder.name, str(len(self._known)))
                folder.mkdir()
                name, content = make()
                (folder / name).write_bytes(content)
                self._known[key] = folder / name
            return self._known[key]

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()
