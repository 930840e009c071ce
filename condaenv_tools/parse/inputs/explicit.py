"""`@EXPLICIT` files (CEP 23): a URL a line, each an archive of one build."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.inputs.draft import Draft, Place
from condaenv_tools.parse.report import quoted

__all__ = ["is_explicit", "parse_explicit"]

_LINE = re.compile(r"[^\r\n]+")
_MARK = re.compile(r"@EXPLICIT[ \t]*(?:\r|\n|$)")
_PLATFORM = re.compile(r"#\s*platform:\s*(\S+)\s*")
#: How conda-lock writes a PyPI package into such a file.
_PIP = re.compile(r"#\s*pip\s+(\S.*)")
_PIP_HASH = re.compile(r"(?:\s+--hash=\S+|#(?:sha256|md5)=[0-9a-fA-F]+)\s*$")
_URL = re.compile(r"(?P<base>\S*?[/\\])(?P<file>[^/\\#\s]+?)(?P<end>\.conda|\.tar\.bz2)(?:#(?P<hash>\S*))?")
_STEM = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-(?P<build>[^-]+)")
_HASH = re.compile(r"(?:md5:)?[0-9a-f]{32}|sha256:[0-9a-f]{64}", re.IGNORECASE)


class _Archive(NamedTuple):
    """One line that was read."""

    name: str
    version: str
    build: str
    channel: str
    place: Place


def is_explicit(head: str) -> bool:
    """Say whether a text is an explicit list: its first line that is no comment is the mark."""
    for match in _LINE.finditer(head):
        line = match[0].strip()
        if line and not line.startswith("#"):
            return line == "@EXPLICIT"
    return False


def parse_explicit(text: str, path: str) -> ParsedFile:
    """Read an explicit list: each archive as name, version and build, from the channel of its URL.

    References
    ----------
    CEP 23, text spec input files.
    """
    draft = Draft(text, path)
    found: list[_Archive] = []
    hashed: list[Place] = []
    for match in _LINE.finditer(text):
        lead = len(match[0]) - len(match[0].lstrip())
        line = match[0].strip()
        place = (match.start() + lead, match.start() + lead + len(line))
        if line.startswith("#"):
            _read_comment(draft, line, place)
        elif line and line != "@EXPLICIT":
            archive = _read_line(draft, line, place)
            if archive is not None:
                found.append(archive)
                if "#" in line:
                    hashed.append(place)
    _add(draft, found)
    if hashed:
        count = "1 hash is" if len(hashed) == 1 else f"{len(hashed)} hashes are"
        message = f"{count} left out: name, version and build say which archives are meant"
        draft.tell("CE136", message, hashed[0], hint="a lock made from the environment.yml has hashes again")
    return draft.parsed()


def _read_comment(draft: Draft, line: str, place: Place) -> None:
    platform = _PLATFORM.fullmatch(line)
    pip = _PIP.fullmatch(line)
    if platform:
        start = place[0] + platform.start(1)
        draft.platform(platform[1], (start, start + len(platform[1])))
    elif pip:
        bare = _PIP_HASH.sub("", pip[1])
        start = place[0] + pip.start(1)
        draft.requirement(bare, (start, start + len(bare)))
        if bare != pip[1]:
            draft.tell("CE136", f"the hash of {quoted(bare)} is left out", (start, place[1]))


def _read_line(draft: Draft, line: str, place: Place) -> _Archive | None:
    match = _URL.fullmatch(line)
    stem = _STEM.fullmatch(unquote(match["file"])) if match else None
    if match is None or stem is None:
        message = (
            f"{quoted(line)} is no URL of a conda package: its file is NAME-VERSION-BUILD.conda (CEP 23)"
        )
        hint = (
            ""
            if match or "://" in line
            else "an explicit list has URLs alone; specs stand in files without @EXPLICIT"
        )
        draft.tell("CE201", message, place, hint=hint)
        return None
    if match["hash"] and not _HASH.fullmatch(match["hash"]):
        message = f"{quoted(match['hash'])} is no hash: MD5 has 32 hexadecimal digits, `sha256:` has 64"
        draft.tell("CE201", message, (place[0] + match.start("hash"), place[1]))
        return None
    channel = _channel_of(draft, match["base"], place)
    if channel is None:
        return None
    return _Archive(stem["name"].lower(), stem["version"], stem["build"], channel, place)


def _channel_of(draft: Draft, base: str, place: Place) -> str | None:
    """Return the channel of the folder that an archive lies in, and note its platform."""
    folder = base.rstrip("/\\")
    subdir = re.split(r"[/\\]", folder)[-1]
    try:
        channel = expand_channels([folder], base_dir="/")[0]
    except ParseError as error:
        draft.tell("CE304", error.message, place, hint=error.hints[0] if error.hints else "")
        return None
    if has_credentials(base):
        hint = "keep it in .netrc or in conda's own store"
        draft.tell("CE149", f"the credential in {quoted(folder)} is left out", place, hint=hint)
    if subdir in set(Platform):
        start = place[0] + len(folder) - len(subdir)
        draft.platform(subdir, (start, start + len(subdir)))
    return channel.name


def _add(draft: Draft, found: list[_Archive]) -> None:
    """Add the archives; each names its channel where there is more than one."""
    several = len({one.channel for one in found}) > 1
    for one in found:
        draft.channel(one.channel, one.place)
        front = f"{one.channel}::" if several else ""
        draft.spec(f"{front}{one.name}={one.version}={one.build}", one.place)
    if len(draft.platforms) > 1:
        names = " and ".join(item.platform.value for item in draft.platforms)
        message = f"the archives are those of {names}: no machine can install all of them"
        place = draft.platforms[1].span
        draft.tell("CE503", message, (place.start, place.end))
