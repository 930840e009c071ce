"""What a solver answered for one platform."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.model.html import table
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["Solution"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """The packages of an environment on one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    records : tuple of PackageRecord
        One for each name, sorted by name.
    virtual_packages : tuple of VirtualPackage
        What was assumed of the machine, sorted by name.
    """

    platform: Platform
    records: tuple[PackageRecord, ...]
    virtual_packages: tuple[VirtualPackage, ...]

    @property
    def size(self) -> int:
        """Bytes to download; archives of unknown size count as nothing."""
        return sum(record.size or 0 for record in self.records)

    def _repr_html_(self) -> str:
        rows = [(r.name, r.version, r.build, r.subdir) for r in self.records]
        caption = f"{self.platform}: {len(self.records)} packages, {self.size / 1e6:.1f} MB"
        return table(("name", "version", "build", "subdir"), rows, caption=caption)
