"""Environment markers (PEP 508) decided for every platform that conda knows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version_spec import VersionSpec

if TYPE_CHECKING:
    from packaging.markers import Marker

__all__ = ["Decision", "candidate_pythons", "decide_marker"]

#: Minor versions of Python 3 that an environment made today may have.
MINORS = range(8, 31)

_UNKNOWABLE = re.compile(r"\bplatform_(?:release|version)\b|\bimplementation_version\b")
_OF_MACHINES = re.compile(
    r"os_name|sys_platform|platform_system|platform_machine|sys\.platform|os\.name|platform\."
)
_MACHINES = {
    ("linux", "64"): "x86_64", ("osx", "64"): "x86_64", ("win", "64"): "AMD64", ("win", "arm64"): "ARM64",
    ("linux", "32"): "i686", ("win", "32"): "x86", ("freebsd", "64"): "amd64", ("zos", "z"): "s390x",
}  # fmt: skip
_SYSTEMS = {
    "linux": ("linux", "Linux"), "osx": ("darwin", "Darwin"), "win": ("win32", "Windows"),
    "freebsd": ("freebsd14", "FreeBSD"), "emscripten": ("emscripten", "Emscripten"), "wasi": ("wasi", "WASI"),
    "zos": ("zos", "OS/390"),
}  # fmt: skip


class Decision(NamedTuple):
    """Where a marker holds.

    Attributes
    ----------
    platforms : frozenset of Platform
        Those on which it holds for every Python that may be meant.
    undecided : frozenset of Platform
        Those on which it depends on the version of Python, or on what nobody can know.
    """

    platforms: frozenset[Platform]
    undecided: frozenset[Platform] = frozenset()


def candidate_pythons(condition: VersionSpec | None) -> tuple[str, ...]:
    """Return the Pythons that a condition allows, oldest first: of each minor version a first and a last release.

    Examples
    --------
    >>> candidate_pythons(VersionSpec.parse("3.12.*"))
    ('3.12.0', '3.12.99')
    >>> candidate_pythons(VersionSpec.parse(">=3.9,<3.11"))[::2]
    ('3.9.0', '3.10.0')
    """
    found = []
    for minor in MINORS:
        releases = [f"3.{minor}.{micro}" for micro in range(100)]
        allowed = releases if condition is None else [one for one in releases if condition.matches(one)]
        if allowed:
            found += [allowed[0], allowed[-1]]
    return tuple(found)


@lru_cache(maxsize=4096)
def decide_marker(marker: str, pythons: Sequence[str]) -> Decision:
    """Say on which platforms a marker holds.

    CPython is assumed, which is what conda installs as `python`; no extra is active.

    Parameters
    ----------
    marker : str
        The marker.
    pythons : tuple of str
        The full versions of Python that may be meant.

    Raises
    ------
    ParseError
        The marker cannot be read.

    Examples
    --------
    >>> sorted(p.value for p in decide_marker("sys_platform == 'darwin'", ("3.12.0",)).platforms)
    ['osx-64', 'osx-arm64']
    >>> len(decide_marker("python_version < '3.11'", ("3.10.0", "3.12.0")).undecided) == len(Platform)
    True

    References
    ----------
    PEP 508, environment markers.
    """
    from packaging.markers import InvalidMarker, Marker, UndefinedEnvironmentName  # noqa: PLC0415 - few files need it

    try:
        read = Marker(marker)
        if _UNKNOWABLE.search(marker) or not pythons:
            return Decision(frozenset(), frozenset(Platform))
        always, undecided = set(), set()
        # A marker that does not speak of Python is the same for all of them; so for machines.
        versions = pythons if "python_" in marker else pythons[:1]
        alike = None if _OF_MACHINES.search(marker) else _answers(read, Platform.LINUX_64, versions)
        for platform in Platform:
            answers = _answers(read, platform, versions) if alike is None else alike
            if len(answers) == 2:
                undecided.add(platform)
            elif True in answers:
                always.add(platform)
    except (InvalidMarker, UndefinedEnvironmentName, ValueError) as error:
        raise ParseError(f"the marker {marker!r} cannot be read: {str(error).splitlines()[0]}") from error
    return Decision(frozenset(always), frozenset(undecided))


def _answers(marker: Marker, platform: Platform, pythons: Sequence[str]) -> set[bool]:
    return {marker.evaluate(_surroundings(platform, python)) for python in pythons}


def _surroundings(platform: Platform, python: str) -> dict[str, str]:
    """Return the values of the variables on one platform with one Python."""
    sys_platform, system = _SYSTEMS[platform.os]
    return {
        "os_name": "nt" if platform.os == "win" else "posix",
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": _MACHINES.get((platform.os, platform.arch), platform.arch),
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "implementation_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "python_full_version": python,
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }
