"""Virtual packages (CEP 30): what a solver may assume of a target machine, as explicit values.

Nothing here looks at the running machine. The defaults are the same everywhere, so that the same
input gives the same lock everywhere; a CUDA driver is never among them.

=========  ==========================================================================================
platform   defaults
=========  ==========================================================================================
linux-*    ``__unix=0``, ``__linux=5.15``, ``__glibc=2.28``
osx-*      ``__unix=0``, ``__osx=13.0``
win-*      ``__win=0``
all        ``__archspec=1=ARCH``, ARCH the baseline processor: ``x86_64``, ``aarch64``, ``m1``, ...
=========  ==========================================================================================

`glibc` 2.28 is what manylinux_2_28 and the current images of conda-forge stand on; kernel 5.15 and macOS 13
are the oldest that their makers still mend.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from condaenv_tools.errors import ParseError
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform

__all__ = [
    "VirtualPackage",
    "default_virtual_packages",
    "fitting_virtual_packages",
    "override_virtual_packages",
]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class VirtualPackage:
    """One virtual package of one machine.

    Attributes
    ----------
    name : str
        With its two underscores.
    version : str
        A conda version (CEP 33).
    build : str
        The build string, ``"0"`` for most.

    Examples
    --------
    >>> str(VirtualPackage.parse("__cuda=12.4"))
    '__cuda=12.4=0'
    """

    name: str
    version: str
    build: str = "0"

    @classmethod
    def parse(cls, text: str) -> VirtualPackage:
        """Read ``NAME=VERSION[=BUILD]``; the underscores may be left off.

        Raises
        ------
        ParseError
            The text has another form.
        """
        name, *rest = (part.strip() for part in text.split("="))
        name = name.lower() if name.startswith("__") else f"__{name.lower()}"
        if not is_virtual(name) or not 1 <= len(rest) <= 2 or not all(rest) or " " in text.strip():
            raise ParseError(
                f"{text!r} is not a virtual package",
                hints=["write NAME=VERSION or NAME=VERSION=BUILD, such as __cuda=12.4 or __glibc=2.28"],
            )
        return cls(name=name, version=rest[0], build=rest[1] if len(rest) == 2 else "0")

    def __str__(self) -> str:
        return f"{self.name}={self.version}={self.build}"


#: Baseline processor of each platform, as archspec names it; the solver's own default is the same.
_ARCHSPEC = {"32": "x86", "64": "x86_64", "arm64": "aarch64"}


def _archspec(platform: Platform) -> str:
    if platform is Platform.OSX_ARM64:
        return "m1"
    return _ARCHSPEC.get(platform.arch, platform.arch)


def default_virtual_packages(platform: Platform) -> tuple[VirtualPackage, ...]:
    """Return the virtual packages that a platform is assumed to have, sorted by name.

    Examples
    --------
    >>> [str(v) for v in default_virtual_packages(Platform.OSX_ARM64)]
    ['__archspec=1=m1', '__osx=13.0=0', '__unix=0=0']
    """
    found = [VirtualPackage(name="__archspec", version="1", build=_archspec(platform))]
    if platform.is_unix:
        found.append(VirtualPackage(name="__unix", version="0"))
    if platform.os == "linux":
        found.append(VirtualPackage(name="__linux", version="5.15"))
        found.append(VirtualPackage(name="__glibc", version="2.28"))
    elif platform.os == "osx":
        found.append(VirtualPackage(name="__osx", version="13.0"))
    elif platform.os == "win":
        found.append(VirtualPackage(name="__win", version="0"))
    return tuple(sorted(found))


#: What belongs to one operating system and must not be present on another (CEP 30).
_SYSTEM = {"__glibc": "linux", "__linux": "linux", "__osx": "osx", "__win": "win"}


def fitting_virtual_packages(
    stated: Iterable[VirtualPackage], platform: Platform
) -> tuple[VirtualPackage, ...]:
    """Return those of `stated` that a platform can have: no ``__glibc`` on macOS, no ``__osx`` on Linux.

    Examples
    --------
    >>> stated = [VirtualPackage.parse("__glibc=2.34"), VirtualPackage.parse("__cuda=12.4")]
    >>> [v.name for v in fitting_virtual_packages(stated, Platform.WIN_64)]
    ['__cuda']
    """
    return tuple(v for v in stated if _SYSTEM.get(v.name, platform.os) == platform.os)


def override_virtual_packages(
    base: Iterable[VirtualPackage], stated: Iterable[VirtualPackage]
) -> tuple[VirtualPackage, ...]:
    """Return `base` with `stated` in place of, or beside, the packages of the same name, sorted by name.

    Examples
    --------
    >>> base = default_virtual_packages(Platform.WIN_64)
    >>> cuda = VirtualPackage.parse("__cuda=12.4")
    >>> [v.name for v in override_virtual_packages(base, [cuda])]
    ['__archspec', '__cuda', '__win']
    """
    return tuple(sorted({v.name: v for v in (*base, *stated)}.values()))
