"""Whether a marker of the pip section holds on a platform of a lock, decided with the Python that it locks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.provided import interpreter_of

__all__ = ["marker_test"]


def marker_test(
    platform: Platform, records: Iterable[PackageRecord], virtual_packages: Sequence[VirtualPackage]
) -> Callable[[str], bool] | None:
    """Return the function that says whether a marker holds; None where there is no Python to decide with.

    Parameters
    ----------
    platform : Platform
        The target machine.
    records : iterable of PackageRecord
        What conda installs; the version of its Python counts.
    virtual_packages : sequence of VirtualPackage
        What is assumed of the machine.

    Returns
    -------
    callable or None
        Takes the text of a marker (PEP 508). One that cannot be read holds, and so does each of a platform that
        wheels are not made for: its line is not lost.

    Examples
    --------
    >>> python = PackageRecord(name="python", version="3.12.1", build="0", subdir="linux-64", channel="", url="")
    >>> holds = marker_test(Platform.LINUX_64, [python], ())
    >>> holds("python_version < '3.9'"), holds("os_name == 'posix'")
    (False, True)
    """
    python = interpreter_of(records)
    if python is None:
        return None

    def holds(text: str) -> bool:
        from packaging.markers import InvalidMarker, Marker  # noqa: PLC0415 - few files have markers

        from condaenv_tools.resolve.pypi.markers import (  # noqa: PLC0415 - brings packaging
            environment_for,
            marker_holds,
        )

        try:
            values = environment_for(
                platform, python.version, virtual_packages, implementation=python.implementation
            )
            return marker_holds(Marker(text), values)
        except (InvalidMarker, UnsupportedError):
            return True

    return holds
