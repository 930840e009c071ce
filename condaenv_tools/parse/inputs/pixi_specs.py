"""One requirement of a pixi manifest: a conda spec, or a line for pip."""

from __future__ import annotations

import re
from collections.abc import Collection

from condaenv_tools.parse.inputs.draft import Draft
from condaenv_tools.parse.inputs.items import Item
from condaenv_tools.parse.inputs.pip_text import direct_reference, git_url, local_line, requirement_text
from condaenv_tools.parse.report import quoted

__all__ = ["conda_text", "pypi_text"]

#: Keys of a table, and what a MatchSpec calls them.
_FIELDS = {
    "build": "build", "build-number": "build_number", "file-name": "fn", "subdir": "subdir", "md5": "md5",
    "sha256": "sha256", "license": "license", "license-family": "license_family",
    "track-features": "track_features", "when": "when",
}  # fmt: skip
_LISTS = ("extras", "flags")
_KNOWN = {"version", "channel", "url", "path", "git", *_FIELDS, *_LISTS}
_PYPI_KNOWN = {
    "version", "extras", "git", "branch", "tag", "rev", "subdirectory", "url", "path", "editable", "index",
    "env-markers", "markers",
}  # fmt: skip
_FUZZY = re.compile(r"(\d[\w.!+]*)\.\*")


def conda_text(draft: Draft, name: str, item: Item) -> str | None:
    """Return a conda spec; None, and told, where it cannot be written."""
    value = item.value
    if isinstance(value, str):
        return f"{name}{_beside(value)}"
    if not isinstance(value, dict):
        draft.wrong(item, f"the version of {quoted(name)}", "a text or a table")
        return None
    if isinstance(value.get("url"), str):
        return str(value["url"])
    if "path" in value or "git" in value:
        message = f"{quoted(name)} is built from source, which no line of an environment.yml can say"
        draft.tell("CE135", message, item.key, hint="build and publish it, and name its channel")
        return None
    _tell_others(draft, name, item, _KNOWN)
    version = value.get("version", "*")
    version = version if isinstance(version, str) else "*"
    front = f"{value['channel']}::" if isinstance(value.get("channel"), str) else ""
    fields = [f"{field}={_quoted(value[key])}" for key, field in _FIELDS.items() if key in value]
    fields += [
        f"{key}=[{', '.join(map(str, value[key]))}]" for key in _LISTS if isinstance(value.get(key), list)
    ]
    if not fields:
        return f"{front}{name}{_beside(version)}"
    if _beside(version):
        fields.insert(0, f"version={_quoted(_plain(version))}")
    return f"{front}{name}[{','.join(fields)}]"


def _tell_others(draft: Draft, name: str, item: Item, known: Collection[str]) -> None:
    """Tell, at the name of the requirement, of what is not read."""
    for key, _ in item.members():
        if key not in known:
            draft.tell("CE145", f"{quoted(key)} of {quoted(name)} is left out", item.key)


def _beside(version: str) -> str:
    """Return a version as it stands beside a name; nothing for any version. A bare version is exact."""
    plain = "".join(version.split())
    if plain in {"", "*"}:
        return ""
    fuzzy = _FUZZY.fullmatch(plain)
    if fuzzy:
        return f"={fuzzy[1]}"
    if plain[0] in "<>=!~":
        return plain
    return f"=={plain}" if re.fullmatch(r"[\w.!+]+", plain) else f" {plain}"


def _plain(version: str) -> str:
    return "".join(version.split())


def _quoted(value: object) -> str:
    text = str(value)
    return f'"{text}"' if "'" in text else f"'{text}'"


def pypi_text(draft: Draft, name: str, item: Item) -> str | None:
    """Return a line for pip; None, and told, where it cannot be written."""
    value = item.value
    if isinstance(value, str):
        return requirement_text(name, [], _versions(value))
    if not isinstance(value, dict):
        draft.wrong(item, f"the version of {quoted(name)}", "a text or a table")
        return None
    extras = [one for one in value.get("extras", ()) if isinstance(one, str)]
    marker = next((value[key] for key in ("env-markers", "markers") if isinstance(value.get(key), str)), "")
    _tell_others(draft, name, item, _PYPI_KNOWN)
    if isinstance(value.get("index"), str):
        draft.own_index(name, f"the index {quoted(value['index'])}", item.key)
    git, url, path = (value.get(key) for key in ("git", "url", "path"))
    if isinstance(git, str):
        return direct_reference(name, extras, git_url(git, value), marker)
    if isinstance(url, str):
        return direct_reference(name, extras, url, marker)
    if isinstance(path, str):
        return local_line(path, editable=value.get("editable") is True, extras=extras)
    version = value.get("version", "*")
    return requirement_text(name, extras, _versions(version if isinstance(version, str) else "*"), marker)


def _versions(text: str) -> str:
    """Return versions as PEP 440 writes them; a bare one is exact."""
    plain = text.strip()
    if plain in {"", "*"}:
        return ""
    return f"=={plain}" if plain[0].isdigit() else plain
