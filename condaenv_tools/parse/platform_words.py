"""The words of selectors, each with the platforms on which it is true (CEP 24, conda-build)."""

from __future__ import annotations

from condaenv_tools.model.platform import Platform

__all__ = ["MEANT", "SEL_VARIABLES", "VARIABLES"]


def _those(*names: str) -> frozenset[Platform]:
    return frozenset(Platform(name) for name in names)


def _of_os(*systems: str) -> frozenset[Platform]:
    return frozenset(p for p in Platform if p.os in systems)


def _variables() -> dict[str, frozenset[Platform]]:
    found = {
        "linux": _of_os("linux"),
        "osx": _of_os("osx"),
        "win": _of_os("win"),
        "unix": _of_os("linux", "osx", "emscripten"),
        "freebsd": _of_os("freebsd"),
        "emscripten": _of_os("emscripten"),
        "wasi": _of_os("wasi"),
        "linux32": _those("linux-32"),
        "linux64": _those("linux-64"),
        "osx64": _those("osx-64"),
        "win32": _those("win-32"),
        "win64": _those("win-64"),
        "x86": frozenset(p for p in Platform if p.arch in {"32", "64"}),
        "x86_64": frozenset(p for p in Platform if p.arch == "64"),
        "arm": _those("linux-armv6l", "linux-armv7l"),
    }
    for arch in {p.arch for p in Platform} - {"32", "64"}:
        found[arch] = frozenset(p for p in Platform if p.arch == arch)
    return found


VARIABLES = _variables()
#: The only variables of ``sel(...)``.
SEL_VARIABLES = {
    "unix": _of_os("linux", "osx"),
    "linux": _of_os("linux"),
    "osx": _of_os("osx"),
    "win": _of_os("win"),
}

#: What people write, and what it is called here.
MEANT = {
    "windows": "win",
    "macos": "osx",
    "mac": "osx",
    "darwin": "osx",
    "x64": "x86_64",
    "amd64": "x86_64",
    "linux-64": "linux64",
    "linux-aarch64": "linux and aarch64",
    "osx-64": "osx64",
    "osx-arm64": "osx and arm64",
    "win-64": "win64",
    "linux_64": "linux64",
    "osx_arm64": "osx and arm64",
    "osxarm64": "osx and arm64",
}
