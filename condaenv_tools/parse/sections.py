"""The sections of one kind of text or a list of them: name, prefix, category, channels, platforms (CEP 24)."""

from __future__ import annotations

import re
from functools import partial
from typing import TypeGuard

from condaenv_tools.errors import InvalidPlatformError
from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import ChannelItem, PlatformItem
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.list_lines import insertion_behind, line_removal, removal
from condaenv_tools.parse.reading import Reading, describe
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.scalar_fixes import in_quotes, rewritten
from condaenv_tools.parse.specs import instead_of, odd_character
from condaenv_tools.parse.text_fixes import list_shown
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = [
    "read_channels",
    "read_name",
    "read_platforms",
    "read_text",
    "tell_channels",
    "tell_prefix",
]

#: CEP 24, `name` and `prefix`.
_FORBIDDEN = re.compile(r"[/ :#]")
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
        hint = f'put it in quotes: `name: "{name}"`'
        reading.fault("CE207", message, node, hint=hint, fix=in_quotes(reading, node))
    bad = _FORBIDDEN.search(name)
    if bad or not name.strip():
        what = {" ": "a space"}.get(bad[0], bad[0]) if bad else "nothing"
        message = f"the name of an environment cannot hold {what} (CEP 24): it becomes a folder"
        better = _FORBIDDEN.sub("-", name.strip())
        # A URL in this place may hold a credential, which its other spelling would still show.
        usable = better.isprintable() and 0 < len(better) < 80 and "://" not in name
        hint = f"write `name: {better}`" if usable else ""
        fix = rewritten(reading, node, better, safe=False) if usable else None
        reading.fault("CE206", message, node, bad.span() if bad else None, hint=hint, fix=fix)
    odd = odd_character(name)
    if odd:
        message = f"the name holds {odd[1]}"
        reading.fault("CE207", message, node, (odd[0], odd[0] + 1), hint=instead_of(odd[2]))
    elif name.lower() in {"base", "root"}:
        message = f"{name} is conda's own environment; a file should not name it (CEP 24)"
        reading.fault("CE207", message, node, hint="choose another name")
    return name


def tell_prefix(reading: Reading, key: ScalarNode, node: Node) -> None:
    """Tell of a prefix; the line goes where it is one, and nothing else stands on it."""
    message = "the prefix is a path of one machine, and tools ignore it in a file that is shared"
    fix = partial(_without_prefix, reading, key, node)
    reading.fault("CE501", message, key, hint="remove the line", fix=fix)


def _without_prefix(reading: Reading, key: ScalarNode, node: Node) -> Fix | None:
    source = reading.source
    edit = None
    if isinstance(node, ScalarNode) and reading.is_literal(node) and not node.alias:
        begins_line = source.line_bounds(source.line_number(key.start))[0] == key.start
        quoted_by = 0 if node.plain else 1
        same_line = source.line_number(node.start) == source.line_number(key.start)
        edit = line_removal(source, key.start, node.end + quoted_by) if begins_line and same_line else None
    return Fix(title="remove the prefix", edits=(edit,)) if edit else None


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
    if reading.report.full:
        return
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
    place = (lead + bad.start(), lead + bad.end())
    fix = rewritten(reading, node, bare) if hint.startswith("write `- ") and bare else None
    reading.fault("CE304", message, node, place, hint=hint, fix=fix)


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
        if reading.report.full:
            return
        message = f"the channel {quoted(item.text)} is listed already in line {known.span.line}"
        start, end = item.span.start, item.span.end
        edit = removal(reading.source, start, end) if item.selector == known.selector else None
        fix = Fix(title=f"remove the second {item}", edits=(edit,)) if edit else None
        reading.report.add("CE302", message, start, end, hint="remove one of the lines", fix=fix)
    if "nodefaults" not in first and key is not None:
        _tell_no_nodefaults(reading, channels, key)


def _tell_no_nodefaults(reading: Reading, channels: list[ChannelItem], key: ScalarNode) -> None:
    message = "conda appends the channels of its own configuration to these (CEP 24); condaenv appends none"
    if any(item.text == "defaults" for item in channels):
        hint = "list the channels that you mean, and nodefaults in the place of defaults"
        reading.report.add("CE303", message, key.start, key.end, hint=hint)
        return
    hint = "add `- nodefaults`, so that every tool uses these channels alone"
    last = channels[-1].span
    edit = insertion_behind(reading.source, last.start, last.end, "nodefaults")
    # conda then finds no more what only its configuration names.
    fix = Fix(title="add nodefaults", edits=(edit,), safe=False) if edit else None
    reading.report.add("CE303", message, key.start, key.end, hint=hint, fix=fix)


def read_platforms(
    reading: Reading, key: ScalarNode, node: Node, selector: Selector | None
) -> list[PlatformItem]:
    """Read `platforms`, in order."""
    found: list[PlatformItem] = []
    first: dict[Platform, PlatformItem] = {}
    for item in _items(reading, key, node, "linux-64"):
        if not _is_text(item):
            _tell_item(reading, item, "a platform", "a name such as linux-64")
            continue
        own = reading.item_selector(item, selector)
        if item.value.strip().lower() == "noarch":
            message = "noarch is a folder of a channel, not a machine to solve for (CEP 24)"
            reading.fault("CE503", message, item, hint="name the platforms: linux-64, osx-arm64, win-64")
            continue
        if reading.report.full and not Platform.is_name(item.value):
            continue
        try:
            platform = Platform.parse(item.value)
        except InvalidPlatformError as error:
            hint = (
                f"did you mean {error.nearest}?" if error.nearest else "such as linux-64, osx-arm64, win-64"
            )
            message = f"{quoted(item.value)} is not a platform that conda knows"
            fix = rewritten(reading, item, error.nearest, safe=False) if error.nearest else None
            reading.fault("CE502", message, item, hint=hint, fix=fix)
            continue
        listed = PlatformItem(span=reading.span(item), selector=own, platform=platform)
        known = first.setdefault(platform, listed)
        if known is not listed and not reading.report.full:
            message = f"{platform} is listed already"
            edit = removal(reading.source, item.start, item.end) if own == known.selector else None
            fix = Fix(title=f"remove the second {platform}", edits=(edit,)) if edit else None
            reading.fault("CE504", message, item, hint="remove one of the lines", fix=fix)
        found.append(listed)
    return found


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
        fix = partial(list_shown, reading.source) if isinstance(node, ScalarNode) else None
        reading.fault("CE108", message, node, hint=f"write `{name}: [{first}]`", fix=fix)
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
