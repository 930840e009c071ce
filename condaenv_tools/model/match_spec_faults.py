"""What a user is told of a spec that cannot be read: where, why, and what was probably meant."""

from __future__ import annotations

import difflib
import re
import unicodedata
from typing import NoReturn

from condaenv_tools.errors import InvalidMatchSpecError, InvalidVersionError
from condaenv_tools.model.cut import Cut
from condaenv_tools.model.secrets import has_credentials, mask_credentials

__all__ = ["explain_field", "explain_name", "explain_version", "refuse", "refuse_other_tongues"]


def refuse(whole: Cut, cut: Cut, reason: str, *hints: str) -> NoReturn:
    """Raise, with the caret under `cut`; behind the end where that is empty.

    A text with a credential is told masked and as a whole, since its characters have moved, and without the
    hints, which could repeat a part of it.
    """
    text = whole.text
    start, end = cut.span if cut.text else (len(text),) * 2
    if has_credentials(text):
        masked = mask_credentials(text)
        start, end, text = 0, min(len(text), len(masked)), masked
        hints = ()
    raise InvalidMatchSpecError(reason, text=text, start=start, end=end, hints=hints)


def explain_field(whole: Cut, key: Cut, fields: tuple[str, ...]) -> NoReturn:
    """Raise for a keyword that is none."""
    near = difflib.get_close_matches({"build_string": "build"}.get(key.text, key.text), fields, 1)
    hint = f"did you mean {near[0]}?" if near else f"fields are {', '.join(fields[:6])}, ..."
    refuse(whole, key, f"a package has no field {key.text!r}", hint)


_PIP_URL = re.compile(r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?\s*@\s*[A-Za-z+]+:")
_TO_PIP = "this is pip's syntax: move the line to the pip section"


def refuse_other_tongues(whole: Cut, cut: Cut) -> None:
    """Say so where a spec is written as pip would have it, and no conda tool reads it."""
    text = cut.text
    if _PIP_URL.match(text):
        at = text.index("@")
        refuse(whole, cut[at : at + 1], "conda has no `name @ URL`", _TO_PIP)
    marker = text.find(";")
    if marker >= 0 and "[" not in text[:marker]:
        hint = "use a selector such as `# [win]`, or move the line to the pip section"
        refuse(whole, cut[marker:], "conda has no environment markers", hint)
    if text.startswith(("git+", "hg+", "svn+", "bzr+")):
        refuse(whole, cut, "conda cannot install from version control", _TO_PIP)
    if text.startswith("-"):
        refuse(whole, cut, "this is an option of pip, not a package", _TO_PIP)


_LOOKALIKES = {
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
    "–": "-",
    "—": "-",
    "＝": "=",
    "@": "=",
    "\u00a0": " ",
    "\t": " ",
}
_NAME_HINTS = {
    "^": "conda has no ^; write >=1.2,<2",
    ",": "write one package a line",
    "|": "write one package a line",
    "(": "write a blank before the parenthesis",
    "'": "leave the quotes out",
    '"': "leave the quotes out",
}


def explain_name(whole: Cut, rest: Cut, name: Cut) -> NoReturn:
    """Raise for what stands where the name of a package should; `rest` begins with it."""
    text = name.text
    if not text:
        blank = rest.text[:1] == " "
        if blank and whole.text.startswith("pip:"):
            hint = "`- pip:` begins a section: put the requirements below it, indented"
        elif blank and "::" in whole.text:
            hint = f"write {whole.text.replace(' ', '')}"
        else:
            hint = "a spec begins with a name: numpy>=1.26"
        refuse(whole, rest[:1], "the name of a package is missing", hint)
    odd = re.search(r"[^A-Za-z0-9._-]", text.replace("*", "-"))
    if odd is None:
        hints = ["two of . _ - cannot follow each other"] if re.search(r"[._-]{2}", text) else []
        refuse(whole, name, "this is not the name of a package (CEP 26)", *hints)
    place = name[odd.start() : odd.end()]
    if odd[0] in _LOOKALIKES:
        hint = f"write {rest.text.replace(odd[0], _LOOKALIKES[odd[0]])}"
        refuse(whole, place, f"{odd[0]!r} is not a sign that conda knows", hint)
    hints = [_NAME_HINTS[odd[0]]] if odd[0] in _NAME_HINTS else []
    if odd[0].isalpha():
        called = unicodedata.name(odd[0], "another alphabet").lower()
        hints = [f"the sign is the {called}; names have the letters a to z alone"]
    refuse(whole, place, f"{odd[0]!r} cannot be in the name of a package", *hints)


_NO_OPERATORS = (("<>", "!="), ("~", "~="), ("!", "!="))
_SECOND_BOUND = re.compile(r"(?<=[\w.*+])(?=(?:[<>]=?|[!~=]=)\w)")
_BUILD_BEHIND_HYPHEN = re.compile(r"^=*(?P<version>[\w.+!]+)-(?P<build>\w*\d\w*_\d+)\*?$")
_SECOND_VERSION = re.compile(r"^(=?=?[\w.+!]+)==([\w.*]+)$")


def explain_version(whole: Cut, version: Cut, error: InvalidVersionError) -> NoReturn:
    """Raise for a version that cannot be read; `version` is what `error` speaks of."""
    start, end = error.start, error.end
    place = version[start:end] if error.text == version.text else version
    refuse(whole, place, *_meant(version.text, error))


def _meant(text: str, error: InvalidVersionError) -> tuple[str, ...]:
    """Return what is wrong, and how to write what was probably meant."""
    hints: list[str] = []
    reason = error.reason
    if doubled := _SECOND_VERSION.match(text):
        reason = "two versions are asked for"
        hints = [f"one = stands before a build: write {doubled[1]}={doubled[2]}"]
    elif build := _BUILD_BEHIND_HYPHEN.match(text):
        reason = "a build string does not stand behind a hyphen"
        hints = [f"write =={build['version']}={build['build']}"]
    elif _SECOND_BOUND.search(text):
        reason, hints = "a comma is missing between two conditions", [f"write {_SECOND_BOUND.sub(',', text)}"]
    elif re.match(r"^[<>=!~]*['\"]", text):
        reason, hints = "quotes are not part of a version", ["leave the quotes out"]
    elif text.endswith((",", "|")):
        reason, hints = "a version is missing at the end", [f"write {text.rstrip(',|')}"]
    elif text in {">=", "<=", "!=", "~=", ">", "<", "~"}:
        reason, hints = f"a version is missing behind {text}", [f"write a version, or leave {text} out"]
    else:
        for wrong, right in _NO_OPERATORS:
            if text.startswith(wrong) and not text.startswith(right):
                reason, hints = f"conda has no operator {wrong}", [f"write {right}{text[len(wrong) :]}"]
                break
    return (reason, *hints)
