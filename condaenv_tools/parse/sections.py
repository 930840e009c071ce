"""The sections beside `dependencies`: name, prefix, category, channels, platforms, variables (CEP 24)."""

from __future__ import annotations

import re
from typing import TypeGuard

from condaenv_tools.errors import InvalidPlatformError
from condaenv_tools.model.environment import ChannelItem, PlatformItem, Variable
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.specs import instead_of, odd_character
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["read_channels", "read_name", "read_platforms", "read_text", "read_variables", "tell_channels"]

#: CEP 24, `name` and `prefix`.
_FORBIDDEN = re.compile(r"[/ :#]")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CHANNEL = re.compile(r"[\w.+/-]+|https?://[\w.:/+@%-]+")
_NO_CHANNEL = re.compile(r"[\s,;\"'<>=|*?`\[\](){}]")
_PATH = re.compile(r"[./~\\$%]|[A-Za-z]:[\\/]")
_OWN_PATH = re.compile(r"(?:file://)?(?:/|~|[A-Za-z]:[\\/])")


def read_text(reading: Reading, key: ScalarNode, node: Node) -> str | None:
    """Read a value that should be a text, as written; None, and told, where it is none."""
    reading.check_tag(node)
    if not isinstance(node, ScalarNode):
        message = f"{key.value} should be a text, and is {describe(node)}"
        reading.fault("CE108", message, node, hint=f"write `{key.value}: TEXT`")
        return None
    if node.plain and node.kind == "null":
        return None
    return node.value


def read_name(reading: Reading, key: ScalarNode, node: Node) -> str | None:
    """Read `name`, and tell what conda cannot make an environment of."""
    name = read_text(reading, key, node)
    if name is None or not isinstance(node, ScalarNode):
        if isinstance(node, ScalarNode):
            message = "the name is empty: conda reads none, micromamba the text null"
            reading.fault("CE207", message, key, hint="write a name, or remove the line")
        return None
    if node.plain and node.kind not in {"str", "value", "merge"}:
        message = f"the name is {describe(node)} to YAML, and conda may write it differently"
        reading.fault("CE207", message, node, hint=f'put it in quotes: `name: "{name}"`')
    bad = _FORBIDDEN.search(name)
    if bad or not name.strip():
        what = {" ": "a space"}.get(bad[0], bad[0]) if bad else "nothing"
        message = f"the name of an environment cannot hold {what} (CEP 24): it becomes a folder"
        better = _FORBIDDEN.sub("-", name.strip())
        # A URL in this place may hold a credential, which its other spelling would still show.
        usable = better.isprintable() and 0 < len(better) < 80 and "://" not in name
        hint = f"write `name: {better}`" if usable else ""
        reading.fault("CE206", message, node, bad.span() if bad else None, hint=hint)
    odd = odd_character(name)
    if odd:
        message = f"the name holds {odd[1]}"
        reading.fault("CE207", message, node, (odd[0], odd[0] + 1), hint=instead_of(odd[2]))
    elif name.lower() in {"base", "root"}:
        message = f"{name} is conda's own environment; a file should not name it (CEP 24)"
        reading.fault("CE207", message, node, hint="choose another name")
    return name


def read_channels(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None
) -> list[ChannelItem]:
    """Read `channels`, in order."""
    found: list[ChannelItem] = []
    for item in _items(reading, key, node, "conda-forge"):
        if not _is_text(item):
            _tell_item(reading, item, "a channel", "a name or URL such as conda-forge")
            continue
        text = item.value.strip()
        own = reading.item_selector(item, selector)
        if item.tag is not None:
            reading.check_tag(item)
        _tell_channel(reading, item, text)
        found.append(ChannelItem(span=reading.span(item), selector=own, text=text))
    return found


def _tell_channel(reading: Reading, node: ScalarNode, text: str) -> None:
    odd = odd_character(text)
    if odd:
        message = f"the channel {quoted(text)} holds {odd[1]}"
        reading.fault("CE109", message, node, (odd[0], odd[0] + 1), hint=instead_of(odd[2]))
    elif not _CHANNEL.fullmatch(text):
        _tell_no_channel(reading, node, text)
    if has_credentials(text):
        message = f"there is a credential in the channel {quoted(text)}"
        hint = "write the URL without it, and keep the credential in .netrc or in conda's own store"
        reading.fault("CE601", message, node, hint=hint)
    if _OWN_PATH.match(text):
        message = f"the channel {quoted(text)} is a folder of one machine"
        reading.fault("CE508", message, node, hint="name a channel that others can reach")


def _tell_no_channel(reading: Reading, node: ScalarNode, text: str) -> None:
    """Tell of a text that no channel can have; paths and URLs may hold what they like."""
    folded = reading.lines_of(node)
    if folded:
        reading.tell_folded(node, folded, "channel", Severity.ERROR)
        return
    bad = _NO_CHANNEL.search(text)
    if bad is None or "://" in text or _PATH.match(text):
        return
    what = {",": "a comma", ";": "a semicolon", " ": "a space"}.get(
        bad[0], "a quote" if bad[0] in "\"'" else bad[0]
    )
    bare = text.strip(" ,;\"'")
    if re.search(r"\s(?://|--)", text):
        hint = "a comment begins with #"
    else:
        hint = "write one channel a line" if _NO_CHANNEL.search(bare) else f"write `- {bare}`"
    message = f"{quoted(text)} is no channel: there is {what} in it"
    lead = len(node.value) - len(node.value.lstrip())
    reading.fault("CE304", message, node, (lead + bad.start(), lead + bad.end()), hint=hint)


def tell_channels(reading: Reading, channels: list[ChannelItem], key: ScalarNode | None) -> None:
    """Tell of channels that are missing, or there twice."""
    if not [item for item in channels if item.text != "nodefaults"]:
        message = "no channel is named: conda takes those of its configuration; condaenv takes conda-forge"
        hint = "write `channels: [conda-forge, nodefaults]`, so that every tool uses the same"
        start, end = (key.start, key.end) if key else (None, None)
        reading.report.add("CE301", message, start, end, hint=hint)
        return
    first: dict[str, ChannelItem] = {}
    for item in channels:
        known = first.setdefault(item.text.rstrip("/").lower(), item)
        if known is item or (known.selector and item.selector and known.selector != item.selector):
            continue
        message = f"the channel {quoted(item.text)} is listed already in line {known.span.line}"
        reading.report.add("CE302", message, item.span.start, item.span.end, hint="remove one of the lines")
    if "nodefaults" not in first and key is not None:
        message = (
            "conda appends the channels of its own configuration to these (CEP 24); condaenv appends none"
        )
        hint = "add `- nodefaults`, so that every tool uses these channels alone"
        reading.report.add("CE303", message, key.start, key.end, hint=hint)


def read_platforms(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None
) -> list[PlatformItem]:
    """Read `platforms`, in order."""
    found: list[PlatformItem] = []
    for item in _items(reading, key, node, "linux-64"):
        if not _is_text(item):
            _tell_item(reading, item, "a platform", "a name such as linux-64")
            continue
        own = reading.item_selector(item, selector)
        if item.value.strip().lower() == "noarch":
            message = "noarch is a folder of a channel, not a machine to solve for (CEP 24)"
            reading.fault("CE503", message, item, hint="name the platforms: linux-64, osx-arm64, win-64")
            continue
        try:
            platform = Platform.parse(item.value)
        except InvalidPlatformError as error:
            hint = (
                f"did you mean {error.nearest}?" if error.nearest else "such as linux-64, osx-arm64, win-64"
            )
            message = f"{quoted(item.value)} is not a platform that conda knows"
            reading.fault("CE502", message, item, hint=hint)
            continue
        if any(platform == known.platform for known in found):
            message = f"{platform} is listed already"
            reading.fault("CE504", message, item, hint="remove one of the lines")
        found.append(PlatformItem(span=reading.span(item), selector=own, platform=platform))
    return found


def read_variables(reading: Reading, node: Node, selector: Selector | None) -> list[Variable]:
    """Read `variables`, in order, values as written."""
    reading.check_tag(node)
    if isinstance(node, ScalarNode) and node.plain and node.kind == "null":
        return []
    if not isinstance(node, MappingNode):
        message = f"variables should be a mapping, and is {describe(node)}"
        reading.fault("CE108", message, node, hint="write `NAME: value`, without a dash")
        return []
    found = []
    first: dict[str, ScalarNode] = {}
    for name, value in node.pairs:
        if not isinstance(name, ScalarNode) or not isinstance(value, ScalarNode):
            message = f"{describe(value if isinstance(name, ScalarNode) else name)} cannot be a variable"
            reading.fault("CE108", message, value if isinstance(name, ScalarNode) else name)
            continue
        if first.setdefault(name.value, name) is not name:
            message = (
                f"{quoted(name.value)} is written already in line {reading.span(first[name.value]).line}"
            )
            reading.fault("CE106", f"{message}: conda refuses the file", name, hint="keep one of the two")
        _tell_variable(reading, name, value)
        own = reading.item_selector(value, selector)
        span = reading.span(value)
        found.append(Variable(span=span, selector=own, name=name.value, value=_value(value)))
    return found


def _value(node: ScalarNode) -> str:
    """Return a value as text, as written; nothing at all is an empty text."""
    return "" if node.plain and node.kind == "null" and node.value != "null" else node.value


def _tell_variable(reading: Reading, name: ScalarNode, value: ScalarNode) -> None:
    if not _VARIABLE_NAME.fullmatch(name.value):
        message = f"{quoted(name.value)} is no name of an environment variable"
        better = re.sub(r"\W", "_", name.value, flags=re.ASCII)
        hint = "a name has letters, digits and underscores, and does not begin with a digit"
        if _VARIABLE_NAME.fullmatch(better) and "://" not in name.value:
            hint = f"write {better}"
        reading.fault("CE505", message, name, hint=hint)
    if not value.plain:
        return
    kind = value.kind
    if kind == "null":
        message = f"{quoted(name.value)} has no value: conda sets None, micromamba null"
        reading.fault("CE506", message, name, hint=f'write `{name.value}: ""` if it is to be empty')
    elif kind not in {"str", "value", "merge"}:
        message = f"{describe(value)} is no text; it is converted, and tools convert differently (CEP 24)"
        reading.report.add(
            "CE506",
            message,
            value.start,
            value.end,
            hint=f'put it in quotes: `{name.value}: "{value.value}"`',
            severity=Severity.INFO if kind == "int" else None,
        )


def _items(reading: Reading, key: ScalarNode, node: Node, example: str) -> list[Node]:
    """Return the items of a list; tell what stands in its place."""
    reading.check_tag(node)
    if isinstance(node, SequenceNode):
        return node.items
    name = key.value
    if isinstance(node, ScalarNode) and node.plain and node.kind == "null":
        reading.fault(
            "CE108", f"{name} is empty: conda fails on it", key, hint=f"write `{name}: []`, or remove it"
        )
    else:
        message = f"{name} should be a list, and is {describe(node)}"
        first = node.value.strip().lstrip("- ") if isinstance(node, ScalarNode) else ""
        first = first if first and len(first) < 80 and first.isprintable() and " " not in first else example
        reading.fault("CE108", message, node, hint=f"write `{name}: [{first}]`")
    return []


def _is_text(node: Node) -> TypeGuard[ScalarNode]:
    return isinstance(node, ScalarNode) and bool(node.value.strip()) and node.kind != "null"


def _tell_item(reading: Reading, node: Node, what: str, example: str) -> None:
    thing = "an empty text" if isinstance(node, ScalarNode) and not node.plain else describe(node)
    hint = f"write {example}"
    if isinstance(node, MappingNode):
        hint += ", without a colon and a space in it"
    if isinstance(node, ScalarNode) and node.plain and node.kind == "null":
        hint = f"remove the line, or {hint}"
        reading.fault("CE109", "there is nothing behind the dash", node, hint=hint)
        return
    reading.fault("CE109", f"{thing} is not {what}", node, hint=hint)
