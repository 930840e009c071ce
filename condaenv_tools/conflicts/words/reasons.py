"""A derivation as values: limits on packages, and why each of them holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord

__all__ = ["Chain", "Kind", "Reason", "Records", "lines_behind"]

Records = tuple[PackageRecord, ...]


class Kind(Enum):
    """Where a limit on a package comes from."""

    LINE = "line"
    """A line of the file asks for it."""
    NEED = "need"
    """Every record that is left of another package depends on it."""
    BAR = "bar"
    """Every record that is left of another package constrains it."""
    FIT = "fit"
    """No other record of it goes with what is left of another package."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reason:
    """One limit on a package, and why it holds.

    Attributes
    ----------
    name : str
        The package that is limited.
    kind : Kind
        Where the limit comes from.
    line : Dependency or None
        The line, where it is one.
    source : str
        The other package; empty for a line.
    records : tuple of PackageRecord
        What is left of the other package, for the reasons in `behind`.
    specs : tuple of tuples of MatchSpec
        What they ask of the package, each combination once; for a fit, what `dropped` asks of them. Empty for a
        line.
    dropped : tuple of PackageRecord
        For a fit: the records that are left out, of those that the other limits on the package leave.
    behind : tuple of Reason
        The limits on the other package that it takes.
    """

    name: str
    kind: Kind
    line: Dependency | None = None
    source: str = ""
    records: Records = ()
    specs: tuple[tuple[MatchSpec, ...], ...] = ()
    dropped: Records = ()
    behind: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """A package of which nothing is left, though it is needed, and the limits that it takes.

    Attributes
    ----------
    name : str
        The package.
    visible : tuple of PackageRecord
        All that there is of it on the platform.
    reasons : tuple of Reason
        No record fulfils all of them, and none is idle. Those that are lines first.
    """

    name: str
    visible: Records
    reasons: tuple[Reason, ...]


def lines_behind(reasons: Sequence[Reason]) -> Iterator[Dependency]:
    """Yield the lines with which reasons begin, one for each time that it takes one."""
    for reason in reasons:
        if reason.line is not None:
            yield reason.line
        yield from lines_behind(reason.behind)
