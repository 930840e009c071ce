"""One change of a list as edits of the text, with what they must mean."""

from __future__ import annotations

from dataclasses import replace

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.editing.block import drop_entry_lines, drop_lines, empty_list, lines_of, put_line
from condaenv_tools.parse.editing.changes import Add, Changed, Section, SetSpec
from condaenv_tools.parse.editing.choose import Target, already, entry_of, tell_present
from condaenv_tools.parse.editing.document import Document, Entry, Slot, is_null
from condaenv_tools.parse.editing.flow import drop_item, put_item
from condaenv_tools.parse.editing.items import (
    Item,
    items_of,
    name_of,
    read_item,
    read_selector,
    text_of,
    with_items,
)
from condaenv_tools.parse.editing.making import (
    begin_brackets,
    begin_list,
    begin_section,
    prefers_block,
    style_of,
    wants_block,
)
from condaenv_tools.parse.editing.meaning import NOWHERE, DataChange, Step
from condaenv_tools.parse.editing.scalars import quote_of, respell, written
from condaenv_tools.parse.editing.selecting import selectors_of
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.yaml_nodes import MappingNode, ScalarNode, SequenceNode

__all__ = ["plan_add", "plan_remove", "plan_set"]

#: The edits of one change, and what they do to the data.
_Made = tuple[list[TextEdit], DataChange]
_NO_COMMENT = "an item of a list in brackets has no comment of its own for a selector"


def plan_add(document: Document, change: Add) -> Step | None:
    """Plan to put an item into a list; None where the file has the same item already.

    Raises
    ------
    EditError
        The file has another item for the same thing.
    UnsupportedError
        The list is written in a way that cannot be edited.
    """
    text, section = change.text.strip(), change.section
    own = read_selector(change.selector) if change.selector is not None else None
    slot = _slot(document, section)
    if own and selectors_of(document.environment) == {"sel"}:
        document.refuse(
            slot.key if slot else document.root, "the file has sel(...) for selectors, not comments"
        )
    outer = slot.selector if slot else _dependencies(document, section)
    new = read_item(section, text, category=document.environment.category or "main")
    new = replace(new, selector=document.reading.both(outer, own) if outer else own)
    known = already(document, section, new)
    if known is not None:
        if _same(known, new):
            return None
        tell_present(document, section, known)
    made, data = _put(document, change, slot, own)
    return _step_of_add(document, section, new, made, data)


def _same(known: Item, new: Item) -> bool:
    same_text = (
        known.spec == new.spec
        if isinstance(known, Dependency) and isinstance(new, Dependency)
        else (text_of(known) == text_of(new))
    )
    platforms = [item.selector.platforms if item.selector else None for item in (known, new)]
    return same_text and platforms[0] == platforms[1]


def _slot(document: Document, section: Section) -> Slot | None:
    """Return where new items of a section go; None where there is no such place yet."""
    slots = [slot for slot in document.slots(section) if section is Section.PIP or slot.owner is None]
    if not slots:
        return None
    slot = slots[-1]
    key = quoted(slot.key.value)
    if len(slots) > 1 and section is not Section.PIP:
        document.refuse(slot.key, f"{key} is there already in line {document.line(slots[0].key)}")
    if not isinstance(slot.value, SequenceNode) and not is_null(slot.value):
        line = document.line(slot.key)
        told = [f for f in document.parsed.errors if f.span and f.span.line >= line][:1]
        document.refuse(slot.key, f"{key} is no list", *(f.hint for f in told if f.hint))
    if slot.owner:
        document.check_own(slot.owner.slot)
    document.check_own(slot)
    return slot


def _dependencies(document: Document, section: Section) -> Selector | None:
    """Return the selector that a new section inherits: a pip section that of the dependencies."""
    slot = _slot(document, Section.DEPENDENCIES) if section is Section.PIP else None
    return slot.selector if slot else None


def _put(document: Document, change: Add, slot: Slot | None, own: Selector | None) -> _Made:
    section, text = change.section, change.text.strip()
    quote, always = quote_of(document, slot)
    comment = f"  # [{own.text}]" if own else ""
    in_block = written(text, "item", quote) + comment
    if slot is None:
        return _put_section(document, section, text, in_block, has_selector=own is not None)
    has_block = isinstance(slot.value, SequenceNode) and slot.items and not slot.value.flow
    if has_block:
        edits, at = put_line(document, slot, _place(document, slot, section), in_block, change.line)
        return edits, DataChange(path=slot.path, index=at, new=text)
    if not slot.items and wants_block(document, slot, change.line):
        begun = begin_list(document, slot, in_block)
        if begun is not None and is_null(slot.value):
            return begun, DataChange(path=slot.path, new=[text])
        if begun is not None:
            return begun, DataChange(path=slot.path, index=0, new=text)
    if own:
        document.refuse(slot.value, _NO_COMMENT)
    in_flow = written(text, "flow", quote, always=always or document.is_json)
    if is_null(slot.value):
        return begin_brackets(document, slot, in_flow), DataChange(path=slot.path, new=[text])
    at = _place(document, slot, section)
    return put_item(document, slot, at, in_flow), DataChange(path=slot.path, index=at, new=text)


def _put_section(
    document: Document, section: Section, text: str, in_block: str, *, has_selector: bool
) -> _Made:
    """Put a section in that is not there yet, with its first item."""
    if section is Section.PIP:
        return _put_pip_section(document, text, in_block, has_selector=has_selector)
    if prefers_block(document) or has_selector:
        style = style_of(document)
        edits, at = begin_section(document, section, [f"{' ' * style.indent}-{style.gap}{in_block}"])
    else:
        item = written(text, "flow", quote_of(document, None)[0])
        edits, at = begin_section(document, section, [], head=f"{section.value}: [{item}]")
    return edits, DataChange(path=(), index=at, new=[text], key=section.value)


def _place(document: Document, slot: Slot, section: Section) -> int:
    """Return before which item a new one goes."""
    items = slot.items
    if section is Section.CHANNELS:
        last = items[-1] if items else None
        return len(items) - (isinstance(last, ScalarNode) and last.value == "nodefaults")
    if section is not Section.DEPENDENCIES:
        return len(items)
    ordinary = [at for at, item in enumerate(items) if not _is_pip_section(item)]
    place = ordinary[-1] + 1 if ordinary else 0
    entry = document.entry(slot, place - 1) if 0 < place < len(items) else None
    # The package pip belongs to the section that follows it.
    return place - bool(entry and entry.scalar and entry.scalar.value.split("=")[0].strip() == "pip")


def _is_pip_section(item: object) -> bool:
    if not isinstance(item, MappingNode):
        return False
    return any(isinstance(key, ScalarNode) and key.value == "pip" for key, _ in item.pairs)


def _put_pip_section(document: Document, text: str, in_block: str, *, has_selector: bool) -> _Made:
    """Put the pip section to the end of the dependencies, which have items."""
    slot = _slot(document, Section.DEPENDENCIES)
    if slot is None or not slot.items or not isinstance(slot.value, SequenceNode):
        document.refuse(document.root, "there are no dependencies that a pip section could be part of")
    data = DataChange(path=slot.path, index=len(slot.items), new={"pip": [text]})
    if slot.value.flow:
        if has_selector:
            document.refuse(slot.value, _NO_COMMENT)
        quote, always = quote_of(document, slot)
        item = written(text, "flow", quote, always=always)
        key = f"{quote}pip{quote}" if always else "pip"
        return put_item(document, slot, len(slot.items), f"{{{key}: [{item}]}}"), data
    last = document.entry(slot, len(slot.items) - 1)
    dash = document.dash(last)
    indent = " " * (len(dash["indent"] + dash["gap"]) + 1) if dash else ""
    newline = document.newline(document.line(last.node))
    gap = dash["gap"] if dash else " "
    edits, _ = put_line(document, slot, len(slot.items), f"pip:{newline}{indent}-{gap}{in_block}", None)
    return edits, data


def _step_of_add(
    document: Document, section: Section, new: Item, edits: list[TextEdit], data: DataChange
) -> Step:
    old = document.environment
    items = items_of(old, section)
    put = edits[-1]
    at = sum(item.span.start < put.start for item in items)
    environment = with_items(old, section, (*items[:at], new, *items[at:]))
    if section is Section.PIP:
        environment = replace(environment, has_pip_section=True)
    elif data.key is not None and data.key not in dict(old.key_spans):
        environment = replace(environment, key_spans=(*old.key_spans, (data.key, NOWHERE)))
    shift = sum(len(edit.text) - (edit.end - edit.start) for edit in edits[:-1])
    return Step(
        edits=tuple(edits),
        data=data,
        environment=environment,
        changed=Changed(action="add", section=section, before=None, after=text_of(new), line=0),
        anchor=put.start + shift + len(put.text.rstrip("\r\n")) - 1,
    )


def plan_remove(document: Document, section: Section, target: Target) -> Step:
    """Plan to take an item out of its list.

    Raises
    ------
    UnsupportedError
        The item is written in a way that cannot be edited.
    """
    entry = entry_of(document, section, target.item)
    edits, data, gone = _drop(document, entry)
    items = items_of(document.environment, section)
    left = (*items[: target.index], *items[target.index + 1 :])
    environment = with_items(document.environment, section, left)
    if section is Section.PIP and gone:
        environment = replace(environment, has_pip_section=len(document.slots(Section.PIP)) > 1)
    span = target.item.span
    changed = Changed(
        action="remove", section=section, before=text_of(target.item), after=None, line=span.line
    )
    return Step(edits=tuple(edits), data=data, environment=environment, changed=changed, anchor=span.start)


def _drop(document: Document, entry: Entry) -> tuple[list[TextEdit], DataChange, bool]:
    """Return the edits, what they do to the data, and whether the mapping that held the list goes too."""
    slot, owner = entry.slot, entry.slot.owner
    flow = isinstance(slot.value, SequenceNode) and slot.value.flow
    if len(slot.items) > 1 or owner is None:
        data = DataChange(path=slot.path, index=entry.index)
        if flow:
            return drop_item(document, entry), data, False
        edits = drop_lines(document, [lines_of(document, entry)])
        return (edits if len(slot.items) > 1 else [empty_list(document, slot), *edits]), data, False
    if isinstance(owner.node, MappingNode) and len(owner.node.pairs) > 1:
        document.refuse(owner.node, f"{quoted(slot.key.value)} is one of several keys of an item")
    if flow:
        return (*_drop(document, owner)[:2], True)
    data = DataChange(path=owner.slot.path, index=owner.index)
    edits = drop_lines(document, drop_entry_lines(document, entry))
    return (edits if len(owner.slot.items) > 1 else [empty_list(document, owner.slot), *edits]), data, True


def plan_set(document: Document, change: SetSpec, target: Target) -> Step | None:
    """Plan to put another text in an item's place; None where it has that text.

    Raises
    ------
    EditError
        The new text is for a thing that another item is for.
    UnsupportedError
        The item is written in a way that cannot be edited.
    """
    text, old = change.text.strip(), target.item
    if text == text_of(old):
        return None
    category = document.environment.category or "main"
    new = replace(read_item(change.section, text, category=category), selector=old.selector)
    if name_of(new) != name_of(old):
        other = already(document, change.section, new, but=old)
        if other is not None:
            tell_present(document, change.section, other)
    entry = entry_of(document, change.section, old)
    assert entry.scalar is not None
    flow = isinstance(entry.slot.value, SequenceNode) and entry.slot.value.flow
    context = ("flow" if flow else "item") if entry.scalar is entry.node else "item-value"
    if flow and entry.scalar is not entry.node:
        context = "flow-value"
    edits = respell(document, entry.scalar, text, context, entry.slot)
    items = items_of(document.environment, change.section)
    changed_items = (*items[: target.index], new, *items[target.index + 1 :])
    return Step(
        edits=tuple(edits),
        data=DataChange(path=entry.path, new=text),
        environment=with_items(document.environment, change.section, changed_items),
        changed=Changed(
            action="set",
            section=change.section,
            before=text_of(old),
            after=text_of(new),
            line=old.span.line,
        ),
        anchor=entry.scalar.start,
    )
