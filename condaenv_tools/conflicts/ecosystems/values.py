"""Lines of both halves that exclude each other, why, and what mends it: values."""

from __future__ import annotations

from dataclasses import dataclass

from condaenv_tools.conflicts.corrections.values import VersionAfter
from condaenv_tools.conflicts.search.cores import Beside
from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.model.platform import Platform

__all__ = [
    "Item",
    "JointAccount",
    "JointChange",
    "JointConflict",
    "JointConflicts",
    "JointCore",
    "JointCorrection",
]

#: A line of either half.
Item = Dependency | PipItem


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCore:
    """Lines of both halves that exclude each other.

    Attributes
    ----------
    members : tuple of Dependency or PipItem
        The lines, in the order of the files.
    minimal : bool
        Whether it is proven that they go together without any one of them.
    """

    members: tuple[Item, ...]
    minimal: bool = True

    @property
    def beside(self) -> tuple[Beside, ...]:
        """What is to blame beside the lines: nothing that would be known."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JointAccount:
    """Why lines of both halves exclude each other, in words.

    Attributes
    ----------
    remarks : tuple of (Dependency or PipItem, str)
        What stands beside each line, in the order of the files; may be empty.
    further : tuple of str
        What no line brings about alone.
    text : str
        All of it in one sentence or two, for a reader who does not see the lines.
    hints : tuple of str
        What to do next, where that is known without solving.
    fault : str
        The fault of ours that kept better words away; else empty.
    """

    remarks: tuple[tuple[Item, str], ...]
    further: tuple[str, ...] = ()
    text: str
    hints: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointConflict:
    """Lines of both halves that exclude each other, and why: the twin of `Conflict` for one half.

    Attributes
    ----------
    core : JointCore
        The lines.
    account : JointAccount
        Why, in words.
    """

    core: JointCore
    account: JointAccount

    @property
    def members(self) -> tuple[Item, ...]:
        """The lines, in the order of the files."""
        return self.core.members


@dataclass(frozen=True, slots=True, kw_only=True)
class JointConflicts:
    """What stands against a solution of both halves on one platform.

    Attributes
    ----------
    conflicts : tuple of JointConflict
        No two share a line.
    complete : bool
        Whether the rest of the lines is known to go together.
    """

    conflicts: tuple[JointConflict, ...]
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class JointChange:
    """One line and what takes its place.

    Attributes
    ----------
    item : Dependency or PipItem
        The line.
    to : str or None
        Its new text; None where it goes.
    moved : bool
        Whether a line of the pip section becomes a line of the conda part.
    """

    item: Item
    to: str | None
    moved: bool = False

    @property
    def only_on(self) -> tuple[Platform, ...]:
        """The platforms that keep the line where it gets a selector, which none does here."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCorrection:
    """Changes with which both halves were solved on every requested platform.

    Attributes
    ----------
    changes : tuple of JointChange
        In the order of the files.
    versions : tuple of VersionAfter
        The packages that the changed lines and those in conflict name, as far as they are there.
    """

    changes: tuple[JointChange, ...]
    versions: tuple[VersionAfter, ...] = ()

    @property
    def has_selector(self) -> bool:
        """Whether a line gets a selector, which none does here."""
        return False

    @property
    def drops(self) -> bool:
        """Whether a line is lost."""
        return any(change.to is None for change in self.changes)

    @property
    def rank(self) -> tuple[int, int, int]:
        """How much it moves: lines changed, lines dropped, lines that ask for something else than before."""
        dropped = sum(change.to is None for change in self.changes)
        return len(self.changes), dropped, sum(not change.moved for change in self.changes)
