"""Changes of keys and their values: `name` and `variables`."""

from __future__ import annotations

import re
from dataclasses import replace

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.model.environment import Variable
from condaenv_tools.parse.editing.block import drop_lines
from condaenv_tools.parse.editing.changes import Add, Changed, EditError, Section, SetSpec
from condaenv_tools.parse.editing.choose import Target, tell_present
from condaenv_tools.parse.editing.document import Document, is_null
from condaenv_tools.parse.editing.items import items_of, read_item, text_of, with_items
from condaenv_tools.parse.editing.making import begin_section
from condaenv_tools.parse.editing.meaning import NOWHERE, DataChange, Step
from condaenv_tools.parse.editing.scalars import quote_of, respell, written
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode

__all__ = ["plan_add_variable", "plan_name", "plan_remove_variable", "plan_set_variable"]

_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")


def plan_name(document: Document, text: str) -> Step | None:
    """Plan to give the environment another name; None where it has that name."""
    text, old = text.strip(), document.environment.name
    if text == old:
        return None
    if not text.isprintable() or not text:
        raise EditError("the name of an environment is empty, or cannot be printed", hints=["write a word"])
    environment = replace(document.environment, name=text)
    changed = Changed(action="set", section=Section.NAME, before=old, after=text, line=1)
    found = _pair(document, "name")
    quote = quote_of(document, None)[0]
    if found is None:
        line = f"name: {written(text, 'value', quote)}"
        edits, at = begin_section(document, Section.NAME, [], head=line)
        keys = (*environment.key_spans, ("name", NOWHERE))
        data = DataChange(path=(), index=at, key="name", new=text)
        environment = replace(environment, key_spans=keys)
        return Step(
            edits=tuple(edits), data=data, environment=environment, changed=changed, anchor=edits[-1].start
        )
    at, key, value = found
    edits = _put_value(document, key, value, text)
    data = DataChange(path=(at,), new=text)
    return Step(edits=tuple(edits), data=data, environment=environment, changed=changed, anchor=key.start)


def _put_value(document: Document, key: ScalarNode, value: Node, text: str) -> list[TextEdit]:
    """Put a text behind a key, in the place of what stands there."""
    if not isinstance(value, ScalarNode):
        document.refuse(key, f"{quoted(key.value)} is no text")
    if value.start == value.end and value.plain:
        colon = document.colon(key)
        new = written(text, "value", quote_of(document, None)[0])
        return [TextEdit(start=colon, end=colon, text=f" {new}")]
    return respell(document, value, text, "flow-value" if document.root.flow else "value", None)


def _pair(document: Document, name: str) -> tuple[int, ScalarNode, Node] | None:
    for at, (key, value) in enumerate(document.root.pairs):
        if isinstance(key, ScalarNode) and key.value == name:
            return at, key, value
    return None


def _variables(document: Document) -> tuple[int, ScalarNode, MappingNode]:
    """Return the mapping of variables, which has pairs and stands in lines of its own."""
    found = _pair(document, "variables")
    if found is None:
        document.refuse(document.root, "there are no variables")
    at, key, value = found
    if not isinstance(value, MappingNode) or not value.pairs:
        document.refuse(key, "variables are no mapping")
    if value.flow:
        document.refuse(key, "variables are written in braces")
    if value.start < key.start:
        document.refuse(key, "variables are an alias of what is written elsewhere")
    return at, key, value


def plan_add_variable(document: Document, change: Add) -> Step | None:
    """Plan to put a variable in; None where the file has it with that value."""
    new = read_item(Section.VARIABLES, change.text.strip())
    assert isinstance(new, Variable)
    known = next((one for one in document.environment.variables if one.name == new.name), None)
    if known is not None:
        if known.value == new.value:
            return None
        tell_present(document, Section.VARIABLES, known)
    if change.selector is not None:
        document.refuse(document.root, "a variable is put in for all platforms")
    line = f"{new.name}: {written(new.value, 'value', quote_of(document, None)[0], always=not new.value)}"
    old = document.environment
    found = _pair(document, "variables")
    if found is None:
        edits, at = begin_section(document, Section.VARIABLES, [f"  {line}"])
        data = DataChange(path=(), index=at, key="variables", new={new.name: new.value})
        old = replace(old, key_spans=(*old.key_spans, ("variables", NOWHERE)))
    else:
        new = replace(new, selector=document.reading.key_selector(found[1]))
        edits, data = _put_variable(document, found, new, line)
    environment = with_items(old, Section.VARIABLES, (*old.variables, new))
    changed = Changed(action="add", section=Section.VARIABLES, before=None, after=text_of(new), line=0)
    anchor = edits[-1].start + len(edits[-1].text.rstrip("\r\n")) - 1
    return Step(edits=tuple(edits), data=data, environment=environment, changed=changed, anchor=anchor)


def _put_variable(
    document: Document, found: tuple[int, ScalarNode, Node], new: Variable, line: str
) -> tuple[list[TextEdit], DataChange]:
    """Put a line below the key that is there, or below the last variable."""
    at, key, value = found
    colon = document.colon(key)
    if is_null(value) and value.start == value.end:
        edit = _line_behind(document, key, colon, f"  {line}")
        return [edit], DataChange(path=(at,), new={new.name: new.value})
    data = DataChange(
        path=(at,),
        index=len(value.pairs) if isinstance(value, MappingNode) else 0,
        key=new.name,
        new=new.value,
    )
    if isinstance(value, MappingNode) and not value.pairs and value.start > key.start:
        edit = _line_behind(document, key, colon, f"  {line}")
        return [TextEdit(start=colon, end=value.end, text=""), edit], data
    last_key, last = _variables(document)[2].pairs[-1]
    begin = document.source.line_bounds(document.line(last_key))[0]
    own_line = not document.text[begin : document.start(last_key)].strip()
    if (
        not isinstance(last_key, ScalarNode)
        or not own_line
        or not _REST.match(document.text, document.end(last))
    ):
        document.refuse(last_key, "the variable does not stand on a line of its own")
    return [_line_behind(document, last_key, document.end(last), line)], data


def _line_behind(document: Document, key: ScalarNode, end: int, new: str) -> TextEdit:
    """Put a line behind the one on which a value ends, indented as its key is."""
    begin = document.source.line_bounds(document.line(key))[0]
    indent = document.text[begin : document.start(key)]
    line = document.source.line_number(max(end - 1, key.start))
    offset = document.source.line_bounds(line)[1]
    return TextEdit(start=offset, end=offset, text=f"{document.newline(line)}{indent}{new}")


def plan_remove_variable(document: Document, target: Target) -> Step:
    """Plan to take a variable out; the last one takes the section's content with it, which becomes ``{}``."""
    at, key, value = _variables(document)
    index = _place(document, value, target)
    name, held = value.pairs[index]
    begin = document.source.line_bounds(document.line(name))[0]
    end = document.end(held)
    if document.text[begin : document.start(name)].strip() or not _REST.match(document.text, end):
        document.refuse(name, "the variable does not stand on a line of its own")
    last = document.source.line_number(max(end - 1, name.start))
    edits = drop_lines(document, [(document.line(name), last)])
    if len(value.pairs) == 1:
        colon = document.colon(key)
        edits.insert(0, TextEdit(start=colon, end=colon, text=" {}"))
    items = document.environment.variables
    left = (*items[: target.index], *items[target.index + 1 :])
    line = target.item.span.line
    before = text_of(target.item)
    changed = Changed(action="remove", section=Section.VARIABLES, before=before, after=None, line=line)
    return Step(
        edits=tuple(edits),
        data=DataChange(path=(at,), index=index),
        environment=with_items(document.environment, Section.VARIABLES, left),
        changed=changed,
        anchor=name.start,
    )


def plan_set_variable(document: Document, change: SetSpec, target: Target) -> Step | None:
    """Plan to give a variable another value; None where it has that value."""
    old = target.item
    assert isinstance(old, Variable)
    value = change.text.removeprefix(f"{old.name}=")
    if value == old.value:
        return None
    new = replace(read_item(Section.VARIABLES, f"{old.name}={value}"), selector=old.selector)
    at, _, mapping = _variables(document)
    index = _place(document, mapping, target)
    held = mapping.pairs[index][1]
    key = mapping.pairs[index][0]
    assert isinstance(key, ScalarNode)
    items = items_of(document.environment, Section.VARIABLES)
    left = (*items[: target.index], new, *items[target.index + 1 :])
    changed = Changed(
        action="set",
        section=Section.VARIABLES,
        before=text_of(old),
        after=text_of(new),
        line=old.span.line,
    )
    return Step(
        edits=tuple(_put_value(document, key, held, value)),
        data=DataChange(path=(at, index), new=value),
        environment=with_items(document.environment, Section.VARIABLES, left),
        changed=changed,
        anchor=key.start,
    )


def _place(document: Document, mapping: MappingNode, target: Target) -> int:
    places = [value.start for _, value in mapping.pairs]
    if target.item.span.start not in places:
        document.refuse(target.item.span.line, "the variable stands elsewhere")
    return places.index(target.item.span.start)
