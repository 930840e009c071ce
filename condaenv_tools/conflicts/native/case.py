"""The packages of one platform as a rule looks at them: by name, with who needs what, and the tags of wheels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from condaenv_tools.errors import ParseError
from condaenv_tools.model.lock import LockedPlatform, PyPIRecord
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version

__all__ = ["NativeCase", "Wheel", "at_least", "major"]

_NAME = re.compile(r"(?:[^\s:]*::)?([\w.-]+)")
_LEADING = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wheel:
    """One wheel, and what its name says of where it runs.

    Attributes
    ----------
    record : PyPIRecord
        The archive.
    tags : frozenset of (str, str, str)
        Interpreter, binary interface and platform.
    """

    record: PyPIRecord
    tags: frozenset[tuple[str, str, str]]

    @property
    def is_native(self) -> bool:
        """Whether it was made for one kind of machine."""
        return all(platform != "any" for _, _, platform in self.tags)

    def __str__(self) -> str:
        return f"{self.record.name} {self.record.version}"


class NativeCase:
    """One platform of a lock.

    Parameters
    ----------
    part : LockedPlatform
        Its packages and what is assumed of the machine.
    """

    def __init__(self, part: LockedPlatform) -> None:
        self.platform = part.platform
        self.conda: dict[str, PackageRecord] = {record.name: record for record in part.records}
        self.pip: dict[str, PyPIRecord] = {
            one.record.name: one.record for one in part.packages if isinstance(one.record, PyPIRecord)
        }
        #: Versions of virtual packages; None where the lock does not say what it assumed.
        self.machine: dict[str, str] | None = (
            None
            if part.virtual_packages is None
            else {one.name: one.version for one in part.virtual_packages}
        )

    @cached_property
    def wheels(self) -> dict[str, Wheel]:
        """The wheels with a name that can be read, by distribution."""
        found: dict[str, Wheel] = {}
        for name, record in self.pip.items():
            tags = _tags(record.url)
            if tags:
                found[name] = Wheel(record=record, tags=tags)
        return found

    def needing(self, *names: str) -> tuple[PackageRecord, ...]:
        """Return the conda packages that depend on one of some packages directly, in the order of the lock."""
        wanted = set(names)
        return tuple(one for one in self.conda.values() if not wanted.isdisjoint(self._needs[one.name]))

    def asking(self, name: str) -> tuple[PyPIRecord, ...]:
        """Return the distributions that require another directly."""
        return tuple(one for one in self.pip.values() if any(wanted == name for wanted, _ in one.requires))

    def conda_of(self, names: Iterable[str]) -> tuple[PackageRecord, ...]:
        """Return those of some conda packages that are there, in the order of the names."""
        return tuple(self.conda[name] for name in names if name in self.conda)

    def pip_of(self, names: Iterable[str]) -> tuple[PyPIRecord, ...]:
        """Return those of some distributions that are there, in the order of the names."""
        return tuple(self.pip[name] for name in names if name in self.pip)

    def owner(self, name: str) -> str:
        """Return a package with its version, and who needs it, in a few words."""
        record = self.conda[name]
        users = [one.name for one in self.needing(name) if one.name != name]
        return f"{name} {record.version}{_for(users)}"

    def pip_owner(self, name: str) -> str:
        """Return a distribution with its version, and who requires it, in a few words."""
        users = [one.name for one in self.asking(name)]
        return f"{name} {self.pip[name].version}{_for(users)}"

    @cached_property
    def _needs(self) -> dict[str, frozenset[str]]:
        return {
            name: frozenset(match[1].lower() for text in record.depends if (match := _NAME.match(text)))
            for name, record in self.conda.items()
        }


def _for(users: list[str]) -> str:
    if not users:
        return ""
    more = f" and {len(users) - 2} more" if len(users) > 2 else ""
    return f" (for {', '.join(users[:2])}{more})"


def at_least(version: str, floor: str) -> bool:
    """Say whether a version is not lower than another; one that cannot be read is."""
    try:
        return Version.of(version) >= Version.of(floor)
    except ParseError:
        return True


def major(version: str) -> int | None:
    """Return the first number of a version, or None.

    Examples
    --------
    >>> major("12.9.79"), major("unknown")
    (12, None)
    """
    match = _LEADING.match(version)
    return int(match[0]) if match else None


def _tags(url: str) -> frozenset[tuple[str, str, str]]:
    """Return the tags in the name of a wheel; none for another archive, or a name that is none."""
    file_name = unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    if not file_name.endswith(".whl"):
        return frozenset()
    parts = file_name[: -len(".whl")].split("-")
    if len(parts) not in {5, 6}:
        return frozenset()
    interpreters, abis, platforms = (part.split(".") for part in parts[-3:])
    return frozenset((i, a, p) for i in interpreters for a in abis for p in platforms)
