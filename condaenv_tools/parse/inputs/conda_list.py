"""What `conda list` writes: `--export` (NAME=VERSION=BUILD a line) and `--json`."""

from __future__ import annotations

import re

from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.items import Item, read_json
from condaenv_tools.parse.report import quoted

__all__ = ["is_export", "is_list_json", "parse_export", "parse_list_json"]

_LINE = re.compile(r"[^\r\n]+")
_TRIPLE = re.compile(r"(?P<name>[A-Za-z0-9_][\w.-]*)=(?P<version>[\w.!+*-]+)=(?P<build>[\w.*<>+-]+)")
_PLATFORM = re.compile(r"#\s*platform:\s*(\S+)\s*")
_COMMAND = re.compile(r"#\s*\$ conda create --name <env> --file <this file>")
_PYPI = re.compile(r"pypi(?:_\d+)?|<pip>|pip")
_SUBDIR = re.compile(r"/(noarch|[a-z]+-[a-z0-9]+)/?$")


def is_export(head: str) -> bool:
    """Say whether a text is an export: it says so itself, or its first lines have name, version and build."""
    lines = [match[0].strip() for match in _LINE.finditer(head)]
    if any(_COMMAND.match(line) for line in lines):
        return True
    items = [line for line in lines if line and not line.startswith("#")][:-1] or lines[:1]
    return bool(items) and all(_TRIPLE.fullmatch(line) for line in items)


def parse_export(text: str, path: str) -> ParsedFile:
    """Read what `conda list --export` writes; the packages that pip installed become its section.

    The file names no channel.
    """
    draft = Draft(text, path)
    for match in _LINE.finditer(text):
        lead = len(match[0]) - len(match[0].lstrip())
        line = match[0].strip()
        place = (match.start() + lead, match.start() + lead + len(line))
        platform = _PLATFORM.fullmatch(line)
        if platform:
            start = place[0] + platform.start(1)
            draft.platform(platform[1], (start, start + len(platform[1])))
        if not line or line.startswith("#"):
            continue
        parts = _TRIPLE.fullmatch(line)
        if parts is not None and _PYPI.fullmatch(parts["build"]):
            draft.requirement(f"{parts['name']}=={parts['version']}", place)
        else:
            draft.spec(line, place)
    message = "the export names no channel: condaenv takes conda-forge, and the builds may be from another"
    draft.tell("CE301", message, None, hint="name the channels with --channel")
    return draft.parsed()


def is_list_json(head: str) -> bool:
    """Say whether a text is JSON of `conda list`: a list of objects."""
    return re.match(r"\s*\[\s*(?:\{|\])", head) is not None


def parse_list_json(text: str, path: str) -> ParsedFile:
    """Read what `conda list --json` writes: each package with its channel and platform."""
    draft = Draft(text, path)
    root = read_json(draft.report)
    if root is None:
        return draft.unread()
    if not root.is_array:
        draft.wrong(root, "the document", "a list")
        return draft.unread()
    packages = [item for item in root.elements() if _is_package(draft, item)]
    several = len({_channel(one) for one in packages} - {"pypi", ""}) > 1
    for item in packages:
        _add(draft, item, several=several)
    return draft.parsed()


def _is_package(draft: Draft, item: Item) -> bool:
    for key in ("name", "version"):
        part = item.get(key)
        if part is None or not isinstance(part.value, str) or not part.value:
            message = f"{quoted(str(item.value)[:60])} is no package of conda list: it has no {key}"
            draft.tell("CE133", message, item.place)
            return False
    return True


def _text(item: Item, key: str) -> str:
    value = item.value.get(key)
    return value if isinstance(value, str) else ""


def _channel(item: Item) -> str:
    return _SUBDIR.sub("", _text(item, "channel"))


def _add(draft: Draft, item: Item, *, several: bool) -> None:
    name, version, build, channel = (
        _text(item, "name"), _text(item, "version"), _text(item, "build_string"), _channel(item),
    )  # fmt: skip
    named = item.get("name")
    assert named is not None
    if channel == "pypi" or _PYPI.fullmatch(build):
        draft.requirement(f"{name}=={version}", named.place)
        return
    where = item.get("channel")
    if channel and where is not None:
        draft.channel(channel, where.place)
    platform = item.get("platform")
    if platform is not None and _text(item, "platform") not in {"noarch", "pypi", ""}:
        draft.platform(platform.value, platform.place)
    front = f"{channel}::" if several and channel else ""
    draft.spec(f"{front}{name}={version}" + (f"={build}" if build else ""), named.place)
