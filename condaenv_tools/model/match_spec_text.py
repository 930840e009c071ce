"""The canonical text of a MatchSpec: conda's (CEP 29, appendix A)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from condaenv_tools.model.channel_places import SUBDIRS, channel_label
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.version_spec import Clause, Operator, VersionSpec

__all__ = ["canonical_text"]


def canonical_text(asked: Mapping[str, Any]) -> str:
    """Write a spec as conda does.

    Parameters
    ----------
    asked : mapping of str to object
        The fields of a `MatchSpec` that ask for something, in conda's order of writing.
    """
    front, brackets = _channel(asked.get("channel"), asked.get("subdir"))
    version, build = asked.get("version"), asked.get("build")
    beside = "" if version is None else _beside_name(version, has_build=build is not None)
    if beside is None:
        brackets.append(f"version='{version}'")
    stem = f"{front}{asked['name']}{beside or ''}"
    if build is not None:
        if (beside or "").startswith("==") and re.fullmatch(r"[A-Za-z0-9_.+]+", build):
            stem += f"={build}"
        else:
            brackets.append(_pair("build", build, signs="><$^|,"))
    brackets += [
        _pair(key, value)
        for key, value in asked.items()
        if key not in {"channel", "subdir", "name", "version", "build"}
        and not (key == "fn" and "url" in asked)
        and not (key == "url" and "channel" in asked)
    ]
    return f"{stem}[{','.join(brackets)}]" if brackets else stem


def _channel(channel: str | None, subdir: str | None) -> tuple[str, list[str]]:
    """Return what stands before the name, and in brackets where it cannot stand there."""
    brackets = []
    front = ""
    if channel is not None and is_pattern(channel):
        brackets.append(_pair("channel", channel))
    elif channel is not None:
        front = channel_label(channel)
        if subdir in SUBDIRS:
            front, subdir = f"{front}/{subdir}", None
        front += "::"
    if subdir is not None:
        brackets.append(_pair("subdir", subdir))
    return front, brackets


def _beside_name(version: VersionSpec, *, has_build: bool) -> str | None:
    """Return the version as it stands beside the name; None if it must go to the brackets."""
    text = "" if version.is_any else str(version)
    if not text or any(sign in text for sign in "><$^|,"):
        return None if text else ""
    if text.startswith(("!=", "~=")):
        return None if has_build else text
    if text.endswith(".*") and not version.is_fuzzy:  # a pattern: without its end it would be fuzzy
        return None
    if isinstance(version.root, Clause) and version.root.operator is Operator.STARTS_WITH:
        return f"={version.root.version}"
    if text.endswith("*"):
        return f"={text[:-1]}"
    return text if text.startswith("=") else f"=={text}"


def _pair(key: str, value: str | tuple[str, ...], signs: str = ", =") -> str:
    if isinstance(value, tuple):
        return f"{key}=[{', '.join(map(repr, value))}]"
    if key == "url":
        value = mask_credentials(value)
    quote = '"' if "'" in value else "'"
    needs_quotes = any(sign in value for sign in signs) or re.search(r"[\s,\[\]'\"]", value)
    return f"{key}={quote}{value}{quote}" if needs_quotes else f"{key}={value}"
