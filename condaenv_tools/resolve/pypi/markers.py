"""The values of all environment markers (PEP 508) on a target machine, from its virtual packages.

=================================  =================================================================
variable                           value
=================================  =================================================================
``os_name``, ``sys_platform``      ``posix`` and ``linux`` or ``darwin``; ``nt`` and ``win32``
``platform_system``                ``Linux``, ``Darwin``, ``Windows``
``platform_machine``               as the system itself says: ``x86_64``, ``aarch64``, ``arm64``
                                   (macOS), ``AMD64``, ``ARM64``, ``x86`` (Windows), ...
``platform_release``               Linux: the kernel, from ``__linux``. macOS: Darwin's release, which
                                   follows from ``__osx`` (13 is Darwin 22). Windows: ``10`` or ``11``,
                                   from ``__win`` where it names a build, else ``10``.
``platform_version``               Windows: the build, from ``__win``, else ``10.0.19041``. Elsewhere the
                                   empty text: it is a date and a serial number, and nobody can know it.
``python_full_version``,           those of the request
``python_version``
``implementation_name``,           ``cpython`` or ``pypy`` and its version; ``CPython``, ``PyPy``
``implementation_version``,
``platform_python_implementation``
``extra``                          the empty text, or the extra whose requirements are looked at
=================================  =================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from packaging.markers import Environment, Marker, UndefinedComparison
from packaging.version import Version

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.pypi.request import Implementation, PyPIRequest

__all__ = ["MarkerEnvironment", "environment_for", "machine_of", "marker_holds"]

_SYSTEMS = {
    "linux": ("posix", "linux", "Linux"),
    "osx": ("posix", "darwin", "Darwin"),
    "win": ("nt", "win32", "Windows"),
}
_MACHINES = {
    ("linux", "64"): "x86_64",
    ("linux", "32"): "i686",
    ("osx", "64"): "x86_64",
    ("win", "64"): "AMD64",
    ("win", "arm64"): "ARM64",
    ("win", "32"): "x86",
}
_NAMES = {Implementation.CPYTHON: "CPython", Implementation.PYPY: "PyPy"}
_WINDOWS = "10.0.19041"
_BUILD = re.compile(r"\d+\.\d+\.\d+(?:\.\d+)*")
#: The first build of Windows 11.
_WINDOWS_11 = Version("10.0.22000")


def machine_of(platform: Platform) -> str:
    """Return what the system itself calls its processor.

    Examples
    --------
    >>> machine_of(Platform.WIN_64), machine_of(Platform.OSX_ARM64), machine_of(Platform.LINUX_AARCH64)
    ('AMD64', 'arm64', 'aarch64')
    """
    return _MACHINES.get((platform.os, platform.arch), platform.arch)


def environment_for(
    platform: Platform,
    python_version: str,
    virtual_packages: Iterable[VirtualPackage],
    *,
    implementation: Implementation = Implementation.CPYTHON,
) -> Environment:
    """Return the value of every marker variable on a machine.

    Parameters
    ----------
    platform : Platform
        The target machine.
    python_version : str
        In full.
    virtual_packages : iterable of VirtualPackage
        What is assumed of the machine.
    implementation : Implementation
        Who made the interpreter.

    Returns
    -------
    packaging.markers.Environment
        All variables but `extra`; the module's table says from what each follows.

    Raises
    ------
    UnsupportedError
        No Python of this platform is known to the specification.

    Examples
    --------
    >>> osx = [VirtualPackage(name="__osx", version="14.2")]
    >>> found = environment_for(Platform.OSX_ARM64, "3.12.7", osx)
    >>> found["sys_platform"], found["platform_machine"], found["platform_release"], found["python_version"]
    ('darwin', 'arm64', '23.2.0', '3.12')

    References
    ----------
    PEP 508, environment markers.
    """
    if platform.os not in _SYSTEMS:
        raise UnsupportedError(f"a pip section cannot be resolved for {platform}: no wheels are made for it")
    os_name, sys_platform, system = _SYSTEMS[platform.os]
    versions = {v.name: v.version for v in virtual_packages}
    release, version = _release(platform, versions)
    python = Version(python_version)
    return Environment(
        os_name=os_name,
        sys_platform=sys_platform,
        platform_machine=machine_of(platform),
        platform_system=system,
        platform_release=release,
        platform_version=version,
        python_version=f"{python.major}.{python.minor}",
        python_full_version=python_version,
        implementation_name=implementation.value,
        implementation_version=python_version,
        platform_python_implementation=_NAMES[implementation],
    )


def _release(platform: Platform, versions: dict[str, str]) -> tuple[str, str]:
    if platform.os == "linux":
        return versions.get("__linux", ""), ""
    if platform.os == "osx":
        return _darwin(versions.get("__osx", "")), ""
    stated = versions.get("__win", "")
    build = stated if _BUILD.fullmatch(stated) else _WINDOWS
    return ("11" if Version(build) >= _WINDOWS_11 else "10"), build


def _darwin(macos: str) -> str:
    """Return Darwin's release for a version of macOS: 10.15 is Darwin 19, 11 is 20, 15 is 24, 26 is 25."""
    numbers = [int(part) for part in macos.split(".") if part.isdigit()]
    if not numbers:
        return ""
    major, minor = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if major == 10:
        return f"{minor + 4}.0.0"
    return f"{major - 1 if major >= 26 else major + 9}.{minor}.0"


def marker_holds(marker: Marker, values: Environment, extra: str = "") -> bool:
    """Say whether a marker holds; one with a comparison that means nothing does not, as in uv.

    Examples
    --------
    >>> values = environment_for(Platform.OSX_ARM64, "3.12.7", [])
    >>> marker_holds(Marker("os_name == 'posix'"), values), marker_holds(Marker("os_name ~= '1'"), values)
    (True, False)
    """
    given: dict[str, str] = {**values, "extra": extra}  # type: ignore[dict-item]
    try:
        return marker.evaluate(given)
    except UndefinedComparison:
        return False


class MarkerEnvironment:
    """The marker variables of one request; remembers what it has evaluated, as most markers come many times."""

    def __init__(self, request: PyPIRequest) -> None:
        self._values = environment_for(
            request.platform,
            request.python_version,
            request.virtual_packages,
            implementation=request.implementation,
        )
        self._known: dict[tuple[str, str], bool] = {}

    def holds(self, marker: Marker | None, extra: str = "", *, text: str | None = None) -> bool:
        """Say whether a marker holds, with one extra asked for or none; `text` is its own, where it is at hand."""
        if marker is None:
            return True
        key = (text or str(marker), extra)
        if key not in self._known:
            self._known[key] = marker_holds(marker, self._values, extra)
        return self._known[key]
