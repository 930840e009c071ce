"""Which wheels run on a target machine, best first, whatever machine this is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.tags import Tag, compatible_tags, cpython_tags, generic_tags, mac_platforms
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.pypi.markers import machine_of
from condaenv_tools.resolve.pypi.request import Implementation, PyPIRequest

__all__ = ["TagOrder", "floor_of", "platform_tags", "supported_tags"]

#: The older names of some of PEP 600's tags.
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
#: The oldest glibc for which wheels can exist: the older ones are for Intel's processors alone.
_OLDEST = {"x86_64": 5, "i686": 5}
_CPYTHON = re.compile(r"cp(3)(\d+)")
_FLOORS = {"linux": ("__glibc", "glibc"), "osx": ("__osx", "version of macOS")}


def floor_of(platform: Platform, virtual_packages: Iterable[VirtualPackage]) -> tuple[int, int] | None:
    """Return the version of glibc or macOS that the machine has; None where none counts.

    Raises
    ------
    UnsupportedError
        The virtual packages of a Linux or macOS machine do not say it.
    """
    if platform.os not in _FLOORS:
        return None
    name, what = _FLOORS[platform.os]
    stated = next((v.version for v in virtual_packages if v.name == name), None)
    numbers = [int(part) for part in (stated or "").split(".") if part.isdigit()]
    if not numbers:
        raise UnsupportedError(
            f"a pip section cannot be resolved for {platform}: its virtual packages name no {what}, and wheels "
            "are made for one",
            hints=[f"name it, as in --virtual-package {name[2:]}=VERSION"],
        )
    return numbers[0], numbers[1] if len(numbers) > 1 else 0


def platform_tags(platform: Platform, virtual_packages: Iterable[VirtualPackage]) -> tuple[str, ...]:
    """Return the platform tags that run on a machine, best first.

    Examples
    --------
    >>> glibc = [VirtualPackage(name="__glibc", version="2.18")]
    >>> platform_tags(Platform.LINUX_AARCH64, glibc)
    ('linux_aarch64', 'manylinux_2_18_aarch64', 'manylinux_2_17_aarch64', 'manylinux2014_aarch64')
    >>> platform_tags(Platform.WIN_ARM64, [])
    ('win_arm64',)

    References
    ----------
    PEP 425, PEP 600.
    """
    floor = floor_of(platform, virtual_packages)
    machine = machine_of(platform)
    if platform.os == "osx":
        return tuple(mac_platforms(floor, machine))
    if platform.os == "win":
        return ("win32" if machine == "x86" else f"win_{machine.lower()}",)
    assert floor is not None
    return tuple(_manylinux(floor, machine))


def _manylinux(floor: tuple[int, int], machine: str) -> Iterator[str]:
    major, minor = floor
    yield f"linux_{machine}"
    if major == 2:
        for number in range(minor, _OLDEST.get(machine, 17) - 1, -1):
            yield f"manylinux_2_{number}_{machine}"
            if number in _LEGACY:
                yield f"{_LEGACY[number]}_{machine}"


def supported_tags(request: PyPIRequest) -> tuple[Tag, ...]:
    """Return the tags that the interpreter of a request takes, best first (PEP 425).

    A free-threaded interpreter takes ``cp313t`` where another takes ``cp313``, and no ``abi3``.
    """
    platforms = platform_tags(request.platform, request.virtual_packages)
    python = Version(request.python_version)
    version = (python.major, python.minor)
    short = f"{python.major}{python.minor}"
    if request.implementation is Implementation.PYPY:
        own = generic_tags(interpreter=f"pp{short}", abis=[f"pypy{short}_pp73"], platforms=platforms)
        return (*own, *compatible_tags(version, f"pp{short}", platforms))
    abi = f"cp{short}t" if request.free_threaded else f"cp{short}"
    own = cpython_tags(version, abis=[abi], platforms=platforms)
    return (*own, *compatible_tags(version, f"cp{short}", platforms))


class TagOrder:
    """Ranks the wheels of one release for one machine."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self._ranks: Mapping[Tag, int] = {tag: rank for rank, tag in reversed(list(enumerate(tags)))}
        self._platforms = {tag.platform for tag in self._ranks}

    def pythons(self, file_name: str) -> frozenset[tuple[int, int]]:
        """Return the releases of CPython for which a wheel was made, if its platform is that of the machine."""
        try:
            _, _, _, tags = parse_wheel_filename(file_name)
        except InvalidWheelFilename:
            return frozenset()
        own = (tag for tag in tags if tag.platform in self._platforms and tag.abi == tag.interpreter)
        found = (_CPYTHON.fullmatch(tag.interpreter) for tag in own)
        return frozenset((int(match[1]), int(match[2])) for match in found if match)

    def rank(self, file_name: str) -> tuple[int, tuple[int, str], str] | None:
        """Return what orders wheels, the best first; None for a wheel that does not run.

        Of two with equal tags the later build number counts (PEP 427), then the name: the answer must not
        depend on an index's order.
        """
        try:
            _, _, build, tags = parse_wheel_filename(file_name)
        except InvalidWheelFilename:
            return None
        ranks = [self._ranks[tag] for tag in tags if tag in self._ranks]
        if not ranks:
            return None
        number, suffix = build or (0, "")
        return min(ranks), (-number, suffix), file_name
