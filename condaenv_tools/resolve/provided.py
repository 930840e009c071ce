"""Which PyPI distributions the packages of a conda solution bring, and which interpreter they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from condaenv_tools.channels.names import pypi_names
from condaenv_tools.model.names import PyPIName, conda_name, pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.request import Implementation

__all__ = ["Interpreter", "interpreter_of", "owners", "provided_by", "unclear_names"]

_PURL = "pkg:pypi/"
_FREE_THREADED = re.compile(r"_cp\d+t\b|cp\d+t$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """The Python of a conda solution.

    Attributes
    ----------
    version : str
        In full.
    implementation : Implementation
        Who made it.
    free_threaded : bool
        Whether it has no global lock.
    """

    version: str
    implementation: Implementation = Implementation.CPYTHON
    free_threaded: bool = False


def interpreter_of(records: Iterable[PackageRecord]) -> Interpreter | None:
    """Return the Python of a solution, or None where it has none.

    Examples
    --------
    >>> def toy(name, version, build):
    ...     return PackageRecord(name=name, version=version, build=build, subdir="linux-64", channel="", url="")
    >>> interpreter_of([toy("python", "3.13.1", "h4f43103_105_cp313t")])
    Interpreter(version='3.13.1', implementation=<Implementation.CPYTHON: 'cpython'>, free_threaded=True)
    """
    for record in records:
        if record.name == "python":
            pypy = "pypy" in record.build
            return Interpreter(
                version=record.version,
                implementation=Implementation.PYPY if pypy else Implementation.CPYTHON,
                free_threaded=_FREE_THREADED.search(record.build) is not None,
            )
    return None


def provided_by(records: Iterable[PackageRecord], *, also: Iterable[str] = ()) -> tuple[Provided, ...]:
    """Return the distributions that conda packages bring, sorted by name.

    Parameters
    ----------
    records : iterable of PackageRecord
        A solution.
    also : iterable of str
        conda names that are taken to bring the distribution of the same name, although nothing says so.

    Returns
    -------
    tuple of Provided
        What the record's purls say counts before the recorded table of names. Of two packages that bring one
        distribution the one of its name counts, else the first by name.

    References
    ----------
    PEP 503, normalised names; the purl specification.
    """
    taken = set(also)
    found: dict[PyPIName, PackageRecord] = {}
    for record in sorted(records, key=lambda r: r.name):
        names = _from_purls(record) or pypi_names(record.name) or ()
        if record.name in taken:
            names = (*names, pypi_name(record.name))
        for name in names:
            if name not in found or pypi_name(record.name) == name:
                found[name] = record
    return tuple(
        Provided(name=name, version=found[name].version, conda_name=conda_name(found[name].name))
        for name in sorted(found)
    )


def unclear_names(records: Iterable[PackageRecord]) -> tuple[PyPIName, ...]:
    """Return the names of packages of which nobody knows which distributions they bring, sorted.

    Examples
    --------
    >>> def toy(name):
    ...     return PackageRecord(name=name, version="1", build="0", subdir="noarch", channel="", url="")
    >>> unclear_names([toy("our-own-app"), toy("numpy"), toy("nodejs")])
    ('our-own-app',)
    """
    return tuple(
        sorted(
            pypi_name(record.name)
            for record in records
            if not _from_purls(record) and pypi_names(record.name) is None
        )
    )


def owners(records: Iterable[PackageRecord]) -> dict[PyPIName, str]:
    """Return which conda package a distribution belongs to that must not be installed over it.

    Known distributions, and the name of every other package: who installs one of the same name beside it has
    either two of one thing, or two things that a lock cannot tell apart.

    Parameters
    ----------
    records : iterable of PackageRecord
        What conda installs.
    """
    known = tuple(records)
    same = {pypi_name(record.name): record.name for record in known}
    return same | {one.name: str(one.conda_name) for one in provided_by(known)}


def _from_purls(record: PackageRecord) -> tuple[PyPIName, ...]:
    names = (
        re.split("[@?#]", purl[len(_PURL) :], maxsplit=1)[0]
        for purl in record.purls
        if purl.startswith(_PURL)
    )
    return tuple(sorted({pypi_name(name) for name in names}))
