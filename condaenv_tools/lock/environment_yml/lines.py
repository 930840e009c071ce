"""One record as one line of a pinned environment file, and one line as a record."""

from __future__ import annotations

import re
from collections.abc import Sequence

from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["conda_line", "is_exact", "record_of", "selector_of"]

_LINE = re.compile(
    r"(?:(?P<channel>[^\s'\"]+)::)?(?P<name>[A-Za-z0-9_][\w.-]*)"
    r"(?:\s*={1,2}\s*|\s+)(?P<version>[^\s=*,|<>!~\[\]'\"#]+)"
    r"(?:(?:=|\s+)(?P<build>[^\s=*\[\]'\"#]+))?"
)
#: conda-lock reads one word, and knows these of single platforms.
_WORDS = {
    "linux-64": "linux64", "linux-aarch64": "aarch64", "linux-ppc64le": "ppc64le", "osx-64": "osx64",
    "osx-arm64": "arm64", "win-64": "win64", "linux-32": "linux32", "win-32": "win32",
}  # fmt: skip
_GROUPS = {"linux": {"linux"}, "osx": {"osx"}, "win": {"win"}, "unix": {"linux", "osx"}}


def conda_line(record: PackageRecord, *, builds: bool, channel: str = "") -> str:
    """Return the line that allows a record alone, or its version alone.

    Examples
    --------
    >>> record = PackageRecord(name="xz", version="5.8.1", build="h_0", subdir="linux-64", channel="", url="")
    >>> conda_line(record, builds=True), conda_line(record, builds=False, channel="conda-forge")
    ('xz=5.8.1=h_0', 'conda-forge::xz=5.8.1')
    """
    prefix = f"{channel}::" if channel else ""
    build = f"={record.build}" if builds and record.build else ""
    return f"{prefix}{record.name}={record.version}{build}"


def record_of(text: str) -> PackageRecord | None:
    """Return the record that a line names, or None where it allows more than one version.

    Examples
    --------
    >>> found = record_of("conda-forge::xz=5.8.1=h_0")
    >>> found.name, found.version, found.build
    ('xz', '5.8.1', 'h_0')
    >>> record_of("xz>=5"), record_of("xz=5.*")
    (None, None)
    """
    match = _LINE.fullmatch(text.strip())
    if match is None:
        return None
    # What a file of versions does not say stays empty, and the lock says that it is unknown.
    return PackageRecord(
        name=match["name"].lower(),
        version=match["version"],
        build=match["build"] or "",
        subdir="",
        channel="",
        url="",
    )


def is_exact(text: str) -> bool:
    """Say whether a line names one build."""
    found = record_of(text)
    return found is not None and found.build != ""


def selector_of(platforms: Sequence[Platform], everywhere: Sequence[Platform]) -> tuple[str, ...]:
    """Return the selectors of the lines that count on some platforms; one that is empty counts on all.

    conda-lock reads a selector of one word, so what no word says takes a line for each platform.

    Examples
    --------
    >>> lock = [Platform.LINUX_64, Platform.LINUX_AARCH64, Platform.OSX_ARM64]
    >>> selector_of(lock[:2], lock), selector_of([lock[0], lock[2]], lock)
    (('linux',), ('linux64', 'arm64'))
    """
    if list(platforms) == list(everywhere):
        return ("",)
    for word, systems in _GROUPS.items():
        if list(platforms) == [p for p in everywhere if p.os in systems]:
            return (word,)
    return tuple(_word(platform, everywhere) for platform in platforms)


def _word(platform: Platform, everywhere: Sequence[Platform]) -> str:
    if platform.arch == "arm64" and len([p for p in everywhere if p.arch == "arm64"]) > 1:
        return f"{platform.os} and arm64"
    if platform.value in _WORDS:
        return _WORDS[platform.value]
    return f"{platform.os} and {platform.arch}" if platform.os in _GROUPS else platform.os
