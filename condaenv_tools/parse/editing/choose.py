"""Which item a change means, and which new item the file already has."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import NoReturn

from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.editing.changes import EditError, Remove, Section, SetSpec
from condaenv_tools.parse.editing.document import Document, Entry
from condaenv_tools.parse.editing.items import NOUNS, Item, has_name, items_of, name_of, text_of
from condaenv_tools.parse.report import quoted

__all__ = ["Target", "already", "chosen", "entry_of", "tell_present"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An item that a change means.

    Attributes
    ----------
    item : Item
        As the model has it.
    index : int
        Its place among the items of its section.
    """

    item: Item
    index: int


def chosen(document: Document, change: Remove | SetSpec) -> list[Target]:
    """Return the items that a change means, in the order of the text: one, unless all are meant.

    Raises
    ------
    EditError
        There is none, or there are several and nothing says which.
    """
    items = items_of(document.environment, change.section)
    named = [Target(item=item, index=at) for at, item in enumerate(items) if has_name(item, change.name)]
    if not named:
        _tell_absent(document, change, items)
    found = [target for target in named if _is_meant(target, change)]
    if not found:
        where = f"on {change.platform}" if change.platform else f"in line {change.line}"
        message = f"{document.path}: no line for {quoted(change.name)} counts {where}"
        raise EditError(message, hints=[f"it stands in {_lines(named)}"])
    if len(found) > 1 and not change.all:
        _tell_several(document, change, found)
    return found


def _is_meant(target: Target, change: Remove | SetSpec) -> bool:
    if change.platform is not None and not target.item.counts_on(change.platform):
        return False
    return change.line is None or target.item.span.line == change.line


def _lines(targets: list[Target]) -> str:
    numbers = [str(target.item.span.line) for target in targets]
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def _tell_absent(document: Document, change: Remove | SetSpec, items: tuple[Item, ...]) -> NoReturn:
    noun = NOUNS[change.section]
    message = f"{document.path}: {quoted(change.name)} is not in {noun}"
    hints = []
    other = Section.PIP if change.section is Section.DEPENDENCIES else Section.DEPENDENCIES
    elsewhere = [item for item in items_of(document.environment, other) if has_name(item, change.name)]
    names = sorted({name for item in items if (name := name_of(item))})
    near = difflib.get_close_matches(change.name.strip().lower(), names, n=1, cutoff=0.6)
    if elsewhere and change.section in {Section.PIP, Section.DEPENDENCIES}:
        how = "with --pip" if other is Section.PIP else "without --pip"
        hints.append(f"it stands in {NOUNS[other]}, line {elsewhere[0].span.line}: ask {how}")
    elif near:
        hints.append(f"did you mean {mask_credentials(near[0])}?")
    if isinstance(change, SetSpec):
        hints.append("condaenv edit FILE add puts it in")
    raise EditError(message, hints=hints)


def _tell_several(document: Document, change: Remove | SetSpec, found: list[Target]) -> NoReturn:
    message = [f"{document.path}: {len(found)} lines are for {quoted(change.name)}, and one must be meant"]
    for target in found:
        selector = f"  {target.item.selector}" if target.item.selector else ""
        message.append(f"  line {target.item.span.line}: {mask_credentials(text_of(target.item))}{selector}")
    hints = ["name a platform with -p to mean the line that counts there, or --all to mean all of them"]
    raise EditError("\n".join(message), hints=hints)


def entry_of(document: Document, section: Section, item: Item) -> Entry:
    """Return where an item stands in its list."""
    found = [
        entry
        for slot in document.slots(section)
        for entry in document.entries(slot)
        if entry.scalar is not None and entry.scalar.start == item.span.start
    ]
    if not found:
        document.refuse(item.span.line, "the item stands in no list")
    document.check_own(found[0].slot)
    if found[0].slot.owner:
        document.check_own(found[0].slot.owner.slot)
    if len(found) > 1:
        document.refuse(item.span.line, "an alias makes the line count more than once")
    document.check_alone(found[0])
    return found[0]


def already(document: Document, section: Section, new: Item, but: Item | None = None) -> Item | None:
    """Return an item that is for the same thing as a new one, on a platform where both count."""
    for item in items_of(document.environment, section):
        if item is not but and _same_thing(item, new) and _meet(item, new):
            return item
    return None


def _same_thing(one: Item, two: Item) -> bool:
    if isinstance(one, Dependency) and (one.spec.has_name_pattern or "[" in one.name):
        return one.text == text_of(two)
    if isinstance(one, PipItem) and (one.name is None or name_of(two) is None):
        return one.text == text_of(two)
    first, second = name_of(one), name_of(two)
    return first is not None and second is not None and first.lower() == second.lower()


def _meet(one: Item, two: Item) -> bool:
    if one.selector is None or two.selector is None:
        return True
    return bool(one.selector.platforms & two.selector.platforms)


def tell_present(document: Document, section: Section, known: Item) -> NoReturn:
    """Refuse to put in what is there already, in another form."""
    selector = f" {known.selector}" if known.selector else ""
    message = (
        f"{document.path}:{known.span.line}: {quoted(name_of(known) or text_of(known))} is in "
        f"{NOUNS[section]} already, as {quoted(text_of(known))}{selector}; nothing was changed"
    )
    raise EditError(message, hints=["condaenv edit FILE set changes what is there"])
