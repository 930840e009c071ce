"""The items of a section as the model has them: new ones read on trial, names compared."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from condaenv_tools.model.environment import (
    ChannelItem,
    Dependency,
    Environment,
    PipItem,
    PlatformItem,
    Variable,
)
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import conda_name, pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.editing.changes import EditError, Section
from condaenv_tools.parse.editing.meaning import NOWHERE, Item
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.selectors import InvalidSelectorError, parse_comment_selector

__all__ = [
    "NOUNS",
    "Item",
    "has_name",
    "items_of",
    "name_of",
    "read_item",
    "read_selector",
    "text_of",
    "with_items",
]

#: How messages call a section.
NOUNS = {
    Section.DEPENDENCIES: "the dependencies",
    Section.PIP: "the pip section",
    Section.CHANNELS: "the channels",
    Section.PLATFORMS: "the platforms",
    Section.VARIABLES: "the variables",
    Section.NAME: "the name",
}
#: A file around one item, and where the item's text begins in its line.
_TRIALS = {
    Section.DEPENDENCIES: "dependencies:\n- {}",
    Section.PIP: "dependencies:\n- pip\n- pip:\n  - {}",
    Section.CHANNELS: "channels:\n- {}",
    Section.PLATFORMS: "platforms:\n- {}",
    Section.VARIABLES: "variables:\n  {}",
}


def items_of(environment: Environment, section: Section) -> tuple[Item, ...]:
    """Return the items of a section, in the order of the text."""
    found: tuple[Item, ...] = getattr(environment, section.value)
    return found


def with_items(environment: Environment, section: Section, items: tuple[Item, ...]) -> Environment:
    """Return an environment with other items in a section."""
    changes: dict[str, Any] = {section.value: items}
    return replace(environment, **changes)


def text_of(item: Item) -> str:
    """Return an item's text, as written."""
    match item:
        case PlatformItem():
            return item.platform.value
        case Variable():
            return f"{item.name}={item.value}"
        case _:
            return item.text


def name_of(item: Item) -> str | None:
    """Return the name by which an item is found; None for a line of pip that names no distribution."""
    match item:
        case Dependency() | PipItem() | Variable():
            return item.name
        case PlatformItem():
            return item.platform.value
        case _:
            return item.text.rstrip("/")


def has_name(item: Item, name: str) -> bool:
    """Say whether a name, or a whole text, means an item."""
    name = name.strip()
    match item:
        case Dependency():
            return item.name == conda_name(name) or item.text == name
        case PipItem():
            return (item.name is not None and item.name == pypi_name(name)) or item.text == name
        case ChannelItem():
            return item.text.rstrip("/") == name.rstrip("/")
        case _:
            return name_of(item) == name


def read_item(section: Section, text: str, *, category: str = "main") -> Item:
    """Read the text of a new item.

    Raises
    ------
    ParseError
        It is none that every tool reads, with the place of the fault.
    """
    if not text.isprintable() or not text.strip():
        what = "is empty" if not text.strip() else f"has a character that cannot be printed: {text!r}"
        raise EditError(f"the text of an item {what}", hints=["write one item, in one line"])
    if section is Section.DEPENDENCIES:
        MatchSpec.parse(text)
    if section is Section.PLATFORMS:
        Platform.parse(text)
    if section is Section.VARIABLES:
        name, equals, value = text.partition("=")
        if not equals:
            hint = f"write {name}=VALUE"
            raise EditError(f"{text!r} is no variable: there is no value behind the name", hints=[hint])
        written = f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}"
    else:
        written = json.dumps(text, ensure_ascii=False)
    parsed = parse_environment(_TRIALS[section].replace("{}", written))
    bad = next((f for f in parsed.findings if f.severity is Severity.ERROR), None)
    found = items_of(parsed.environment, section) if parsed.environment else ()
    if bad is not None or not found:
        raise _refusal(section, text, bad)
    item = found[-1]
    if isinstance(item, Dependency | PipItem):
        return replace(item, span=NOWHERE, category=category)
    return replace(item, span=NOWHERE)


def _refusal(section: Section, text: str, finding: Finding | None) -> EditError:
    reason = finding.message if finding else f"it cannot stand in {NOUNS[section]}"
    lines = [reason, f"  {mask_credentials(text)}"]
    span = finding.span if finding else None
    # The text stands behind a quote sign, in the last line of the trial.
    lead = len(_TRIALS[section].splitlines()[-1].replace("{}", "")) + 1
    if span and span.column > lead and "\\" not in text and '"' not in text:
        lines.append("  " + " " * (span.column - lead - 1) + "^" * max(1, span.length))
    return EditError("\n".join(lines), hints=[finding.hint] if finding and finding.hint else ())


def read_selector(text: str) -> Selector:
    """Read the expression of a new selector.

    Raises
    ------
    EditError
        It is none.
    """
    bare = text.strip().removeprefix("#").strip().removeprefix("[").removesuffix("]").strip()
    try:
        return parse_comment_selector(bare)
    except InvalidSelectorError as error:
        caret = " " * error.start + "^" * max(1, error.end - error.start)
        raise EditError(f"{error.reason}\n  {bare}\n  {caret}", hints=error.hints) from error
