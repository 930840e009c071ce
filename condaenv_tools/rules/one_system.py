"""Packages that exist on some operating systems only, by nature: a table, for what no record at hand shows."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["SELECTORS", "SYSTEM_NAMES", "named_systems", "systems_of"]

_LINUX = frozenset({"linux"})
_WINDOWS = frozenset({"win"})
_MACOS = frozenset({"osx"})
_UNIX = frozenset({"linux", "osx"})

#: What people call a system, by its part of a subdir.
SYSTEM_NAMES = {"linux": "Linux", "osx": "macOS", "win": "Windows"}
#: The word of a selector that says which systems.
SELECTORS = {_LINUX: "linux", _WINDOWS: "win", _MACOS: "osx", _UNIX: "unix"}
#: Names of packages in these families of platforms. One that is noarch somewhere is not among them.
_NAMES = {
    _LINUX: """_libgcc_mutex alsa-lib keyutils ld_impl_linux-.* libaio libcap libgcc-ng libgfortran-ng libnsl
        libselinux libstdcxx-ng libsystemd0 libudev1? libxcrypt nccl patchelf secretstorage""",
    _WINDOWS: """console_shortcut libwinpthread m2w64-(?!sysroot).* msys2-conda-epoch pywin32-ctypes pywinpty ucrt
        vc vc14_runtime vcomp14 vs2015_runtime winpty""",
    _MACOS: r"pyobjc-core pyobjc-framework-.* python\.app",
    _UNIX: "libedit libev ncurses readline uvloop",
}
_PATTERNS = {systems: re.compile("|".join(names.split())) for systems, names in _NAMES.items()}


@lru_cache(maxsize=4096)
def systems_of(name: str) -> frozenset[str] | None:
    """Return the operating systems (`Platform.os`) that a package is for; None where nothing certain is known.

    Examples
    --------
    >>> systems_of("libgcc-ng"), systems_of("vc"), systems_of("numpy")
    (frozenset({'linux'}), frozenset({'win'}), None)
    """
    return next((systems for systems, names in _PATTERNS.items() if names.fullmatch(name)), None)


def named_systems(systems: frozenset[str]) -> str:
    """Return systems as the end of a phrase; nothing for none.

    Examples
    --------
    >>> named_systems(frozenset({"osx", "linux"}))
    'Linux and macOS'
    """
    return " and ".join(SYSTEM_NAMES[system] for system in sorted(systems))
