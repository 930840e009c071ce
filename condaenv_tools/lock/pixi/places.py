"""What the place of a conda package says of it, which a pixi.lock leaves out where it is the truth.

The rules are those of the `rattler_lock` crate, which defines the format: whoever reads the file puts in what they
give, so that a writer may leave out nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from condaenv_tools.model.platform import Platform

__all__ = ["Place", "build_number_of", "noarch_of", "place_of"]

_ARCHIVE = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-(?P<build>[^-]+)(?:\.conda|\.tar\.bz2)", re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_WITH_SUBDIR = ("https://", "http://", "file://")
_TRAILING_DIGITS = re.compile(r"[0-9]+$")
_SUBDIRS = frozenset({"noarch", *(platform.value for platform in Platform)})
#: Build numbers are 64 bits wide there; more digits than this are the date of a build, say, and no number.
_MOST_DIGITS = 19


@dataclass(frozen=True, slots=True)
class Place:
    """What the URL or path of a package says.

    Attributes
    ----------
    name, version, build : str or None
        Of the archive's name; None where it has another form.
    subdir : str or None
        The folder above, where it is one of a channel.
    channel : str or None
        Without trailing slash; None for a path.
    """

    name: str | None
    version: str | None
    build: str | None
    subdir: str | None
    channel: str | None


def place_of(url: str) -> Place:
    """Return what the URL or path of a package says.

    Examples
    --------
    >>> place_of("https://conda.example.org/team/noarch/a-b-1.0-pyh_0.conda")
    Place(name='a-b', version='1.0', build='pyh_0', subdir='noarch', channel='https://conda.example.org/team')
    """
    folder, _, file_name = url.rpartition("/")
    match = _ARCHIVE.fullmatch(file_name)
    name, version, build = match.group("name", "version", "build") if match else (None, None, None)
    if not _SCHEME.match(url):
        return Place(name, version, build, None, None)
    channel, _, subdir = folder.rpartition("/")
    known = match is not None and subdir in _SUBDIRS and url.startswith(_WITH_SUBDIR)
    return Place(name, version, build, subdir if known else None, channel)


def build_number_of(build: str) -> int:
    """Return the build number that a build string ends with; 0 where it ends with none.

    Examples
    --------
    >>> build_number_of("py312h33ff503_3"), build_number_of("0_cpython")
    (3, 0)
    """
    match = _TRAILING_DIGITS.search(build)
    return int(match[0]) if match and len(match[0]) <= _MOST_DIGITS else 0


def noarch_of(subdir: str | None, build: str) -> str | None:
    """Return what kind of `noarch` a package is taken to be.

    Examples
    --------
    >>> noarch_of("noarch", "pyhd8ed1ab_0"), noarch_of("noarch", "h_0"), noarch_of("win-64", "py_0")
    ('python', 'generic', None)
    """
    if subdir != "noarch":
        return None
    return "python" if "py" in build else "generic"
