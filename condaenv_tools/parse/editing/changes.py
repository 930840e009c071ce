"""What may be asked of an environment file, as values; and how it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from condaenv_tools.errors import ParseError, UnsupportedError
from condaenv_tools.model.platform import Platform

__all__ = ["Add", "Change", "Changed", "EditError", "Remove", "Section", "SetSpec", "UnsafeEditError"]


class EditError(ParseError):
    """A change that does not fit the file: nothing has the name, several have, or it is there already."""


class UnsafeEditError(UnsupportedError):
    """An edit was planned that would not mean what was asked for, and nothing else; it is never made."""


class Section(StrEnum):
    """A part of the file that can be edited."""

    DEPENDENCIES = "dependencies"
    PIP = "pip"
    CHANNELS = "channels"
    PLATFORMS = "platforms"
    VARIABLES = "variables"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Put an item into a list.

    A package goes behind the other packages and before `pip` and its section, a channel before a `nodefaults`
    that ends the list, all else to the end.

    Attributes
    ----------
    section : Section
        Not `name`.
    text : str
        The item as the tools shall read it; ``NAME=value`` for a variable. Quotes are put around it where
        YAML needs them.
    selector : str or None
        The expression of a comment selector, without its brackets: ``linux and x86_64``.
    line : int or None
        The line of the file on which the item shall stand, counted from 1, so that what was removed can come
        back to its place between blank lines and comments; None for the usual place.
    """

    section: Section = Section.DEPENDENCIES
    text: str
    selector: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take an item out of a list: its whole line, the comment behind it included.

    Comments on lines of their own stay: whether one speaks of the item below it or of a group, nobody can
    tell. The last item leaves ``[]`` behind; the last line of a pip section takes the section with it.

    Attributes
    ----------
    section : Section
        Not `name`.
    name : str
        The name of a package or variable, or the whole text of an item.
    platform : Platform or None
        Of several items of the name, those that count there.
    line : int or None
        Of several items of the name, the one on this line.
    all : bool
        Whether all items of the name are meant where there are several.
    """

    section: Section = Section.DEPENDENCIES
    name: str
    platform: Platform | None = None
    line: int | None = None
    all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSpec:
    """Put another text in the place of an item's; its quotes and the comment behind it stay.

    A comment in one column with that of a line beside it keeps its column as long as there is room; one that
    stands alone keeps its distance.

    Attributes
    ----------
    section : Section
        The part of the file; `name` has one item, whatever `name` says.
    name : str
        As for `Remove`.
    text : str
        The whole new text: channel, build and extras of the old one are not carried over.
    platform, line, all
        As for `Remove`.
    """

    section: Section = Section.DEPENDENCIES
    name: str
    text: str
    platform: Platform | None = None
    line: int | None = None
    all: bool = False


Change = Add | Remove | SetSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One item that was changed.

    Attributes
    ----------
    action : str
        ``add``, ``remove`` or ``set``.
    section : Section
        Where.
    before, after : str or None
        The item's text; None where it was not there, or is no more. May hold a credential.
    line : int
        The line of the new text on which it stands; of the old text where it was removed.
    """

    action: str
    section: Section
    before: str | None
    after: str | None
    line: int
