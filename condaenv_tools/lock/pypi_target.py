"""A machine and a Python, for locks that leave both open: which markers hold there, and which archive fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages

if TYPE_CHECKING:
    from packaging.tags import Tag

__all__ = ["Target", "minor_of", "python_candidates"]

#: Minor versions of Python 3 that are tried, from the oldest that is allowed.
_MINORS = range(7, 31)
_TRIED = 10
_LAST = 99
_VARIABLES = (
    "os_name", "sys_platform", "platform_machine", "platform_system", "platform_release", "platform_version",
    "python_version", "python_full_version", "implementation_name", "implementation_version",
    "platform_python_implementation",
)  # fmt: skip
_SHORT = re.compile(r"\d+\.\d+")


def python_candidates(*specifiers: str | None, python: str | None = None) -> tuple[str, ...]:
    """Return the Pythons that a lock may be meant for, the likeliest first: the oldest that it allows.

    Parameters
    ----------
    *specifiers : str or None
        What the lock demands of it (PEP 440); all of them count, and one that cannot be read does not.
    python : str, optional
        The one that the user names.

    Returns
    -------
    tuple of str
        In full, one for each minor version, in its last release: nobody knows which the machine has, and it is
        more likely a late one.

    Examples
    --------
    >>> python_candidates(">=3.11,<3.13", None)
    ('3.11.99', '3.12.99')
    >>> python_candidates(">=3.9", python="3.12")
    ('3.12.99',)
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few locks need it

    if python is not None:
        return (f"{python}.{_LAST}" if _SHORT.fullmatch(python) else python,)
    demands = []
    for text in filter(None, specifiers):
        try:
            demands.append(SpecifierSet(text))
        except InvalidSpecifier:
            continue
    found = []
    for minor in _MINORS:
        releases = (f"3.{minor}.{micro}" for micro in range(_LAST, -1, -1))
        allowed = next((one for one in releases if all(one in demand for demand in demands)), None)
        if allowed is not None:
            found.append(allowed)
    return tuple(found[:_TRIED])


def minor_of(python: str) -> str:
    """Return the first two parts of a version of Python.

    Examples
    --------
    >>> minor_of("3.12.7")
    '3.12'
    """
    return ".".join(python.split(".")[:2])


@dataclass(frozen=True)
class Target:
    """One machine with one Python.

    Parameters
    ----------
    platform : Platform
        The machine.
    python : str
        Its Python, in full.
    virtual_packages : tuple of VirtualPackage, optional
        What is assumed of it; the defaults where nothing is said.
    """

    platform: Platform
    python: str
    virtual_packages: tuple[VirtualPackage, ...] = field(default=())

    @property
    def _assumed(self) -> tuple[VirtualPackage, ...]:
        return self.virtual_packages or default_virtual_packages(self.platform)

    @cached_property
    def _values(self) -> dict[str, str]:
        from condaenv_tools.resolve.pypi.markers import environment_for  # noqa: PLC0415 - brings packaging

        try:
            return dict(environment_for(self.platform, self.python, self._assumed))  # type: ignore[arg-type]
        except UnsupportedError:
            # Those of the running machine would count for what is left out.
            return dict.fromkeys(_VARIABLES, "")

    @cached_property
    def _ranks(self) -> dict[Tag, int]:
        from condaenv_tools.resolve.pypi.request import PyPIRequest  # noqa: PLC0415 - brings packaging
        from condaenv_tools.resolve.pypi.tags import supported_tags  # noqa: PLC0415 - brings packaging

        request = PyPIRequest(
            platform=self.platform,
            virtual_packages=self._assumed,
            python_version=self.python,
            requirements=(),
        )
        return {tag: rank for rank, tag in reversed(list(enumerate(supported_tags(request))))}

    def holds(self, marker: str | None, *, extras: Iterable[str] = (), groups: Iterable[str] = ()) -> bool:
        """Say whether a marker (PEP 508, PEP 751) holds; one that cannot be read does not.

        Examples
        --------
        >>> target = Target(Platform.WIN_64, "3.12.1")
        >>> target.holds("sys_platform == 'win32'"), target.holds("'dev' in dependency_groups", groups=["dev"])
        (True, True)
        """
        if not marker:
            return True
        return _evaluator(marker)(self._values, frozenset(extras), frozenset(groups))

    def allows(self, specifier: str | None) -> bool:
        """Say whether its Python is one of those that a specifier has; one that cannot be read has it."""
        from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few locks need it

        try:
            return not specifier or self.python in SpecifierSet(specifier)
        except InvalidSpecifier:
            return True

    def best(self, file_names: Sequence[str]) -> int | None:
        """Return the index of the archive that is installed: the best wheel that runs, else a source archive.

        Raises
        ------
        UnsupportedError
            Nobody makes wheels for this platform.

        Examples
        --------
        >>> names = ["a-1.tar.gz", "a-1-py3-none-any.whl", "a-1-cp312-cp312-win_amd64.whl"]
        >>> [Target(p, "3.12.1").best(names) for p in (Platform.WIN_64, Platform.LINUX_64)]
        [2, 1]
        """
        ranked = []
        for index, name in enumerate(file_names):
            if not name.endswith(".whl"):
                continue
            build, tags = _tags_of(name)
            ranks = [self._ranks[tag] for tag in tags if tag in self._ranks]
            if ranks:
                ranked.append((min(ranks), build, name, index))
        if ranked:
            return min(ranked)[-1]
        sources = [
            (name, i) for i, name in enumerate(file_names) if not name.endswith((".whl", ".egg", ".exe"))
        ]
        return min(sources)[1] if sources else None


@lru_cache(maxsize=16384)
def _tags_of(file_name: str) -> tuple[tuple[int, str], frozenset[Tag]]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415 - few locks need it

    try:
        _, _, build, tags = parse_wheel_filename(file_name)
    except InvalidWheelFilename:
        return (0, ""), frozenset()
    number, suffix = build or (0, "")
    return (-number, suffix), tags


@lru_cache(maxsize=4096)
def _evaluator(text: str) -> Callable[[dict[str, str], frozenset[str], frozenset[str]], bool]:
    from packaging.markers import (  # noqa: PLC0415 - few locks need it
        InvalidMarker,
        Marker,
        UndefinedComparison,
        UndefinedEnvironmentName,
    )

    try:
        marker = Marker(text)
    except InvalidMarker:
        return lambda _values, _extras, _groups: False

    def evaluate(values: dict[str, str], extras: frozenset[str], groups: frozenset[str]) -> bool:
        given: dict[str, str | frozenset[str]] = {**values, "extras": extras, "dependency_groups": groups}
        # An older form asks for one extra at a time.
        for extra in sorted(extras) or [""]:
            try:
                if marker.evaluate({**given, "extra": extra}, context="lock_file"):
                    return True
            except (UndefinedComparison, UndefinedEnvironmentName):
                continue
        return False

    return evaluate
