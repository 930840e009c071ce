"""Platforms: the target machines that conda knows by the names of their subdirs, `noarch` excepted."""

from __future__ import annotations

import difflib
from enum import StrEnum
from functools import lru_cache

from condaenv_tools.errors import InvalidPlatformError

__all__ = ["DEFAULT_PLATFORMS", "Platform"]


class Platform(StrEnum):
    """A target machine, named as its subdir (CEP 26). A member is a `str` and compares as one.

    Examples
    --------
    >>> Platform.parse("linux-64")
    <Platform.LINUX_64: 'linux-64'>
    >>> Platform.OSX_ARM64.os, Platform.OSX_ARM64.arch
    ('osx', 'arm64')
    """

    LINUX_32 = "linux-32"
    LINUX_64 = "linux-64"
    LINUX_AARCH64 = "linux-aarch64"
    LINUX_ARMV6L = "linux-armv6l"
    LINUX_ARMV7L = "linux-armv7l"
    LINUX_LOONGARCH64 = "linux-loongarch64"
    LINUX_PPC64 = "linux-ppc64"
    LINUX_PPC64LE = "linux-ppc64le"
    LINUX_RISCV32 = "linux-riscv32"
    LINUX_RISCV64 = "linux-riscv64"
    LINUX_S390X = "linux-s390x"
    OSX_64 = "osx-64"
    OSX_ARM64 = "osx-arm64"
    WIN_32 = "win-32"
    WIN_64 = "win-64"
    WIN_ARM64 = "win-arm64"
    FREEBSD_64 = "freebsd-64"
    EMSCRIPTEN_WASM32 = "emscripten-wasm32"
    WASI_WASM32 = "wasi-wasm32"
    ZOS_Z = "zos-z"

    @classmethod
    def parse(cls, text: str) -> Platform:
        """Read the name of a platform.

        Raises
        ------
        InvalidPlatformError
            `text` is not one; the error names the nearest. `noarch` is a subdir and no platform (CEP 24).
        """
        if cls.is_name(text):
            return cls(text.strip().lower())
        wanted = _ALIASES.get(text.strip().lower())
        if wanted is None:
            wanted = _nearest(text.strip().lower())
        raise InvalidPlatformError(text, nearest=wanted)

    @classmethod
    def is_name(cls, text: str) -> bool:
        """Say whether a text is the name of a platform, without looking for the nearest."""
        return text.strip().lower() in cls._value2member_map_

    @property
    def os(self) -> str:
        """The operating system: the part before the dash."""
        return self.value.split("-")[0]

    @property
    def arch(self) -> str:
        """The processor as the subdir writes it: the part behind the dash (`64`, `aarch64`, `arm64`, ...)."""
        return self.value.split("-", 1)[1]

    @property
    def is_unix(self) -> bool:
        """Whether `__unix` is present there (CEP 30)."""
        return self.os in {"linux", "osx", "freebsd", "emscripten"}


#: What people write when they mean a platform; a hint only, never accepted in silence.
_ALIASES = {
    "linux": "linux-64",
    "linux64": "linux-64",
    "linux-x86_64": "linux-64",
    "linux-arm64": "linux-aarch64",
    "aarch64": "linux-aarch64",
    "osx": "osx-arm64",
    "mac": "osx-arm64",
    "macos": "osx-arm64",
    "macos-arm64": "osx-arm64",
    "macos-64": "osx-64",
    "darwin": "osx-arm64",
    "win": "win-64",
    "win64": "win-64",
    "windows": "win-64",
    "windows-64": "win-64",
}

#: The platforms of a lock when neither the files nor the user name any.
DEFAULT_PLATFORMS = (
    Platform.LINUX_64,
    Platform.OSX_64,
    Platform.OSX_ARM64,
    Platform.WIN_64,
    Platform.LINUX_AARCH64,
)


@lru_cache(maxsize=256)
def _nearest(text: str) -> str | None:
    near = difflib.get_close_matches(text, [platform.value for platform in Platform], n=1)
    return near[0] if near else None
