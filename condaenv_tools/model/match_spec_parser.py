"""Reads the text of a MatchSpec as conda reads it (CEP 29), and knows where each character stood.

conda takes a spec apart in steps: comment, archive, brackets, channel, name, version and build. The steps are
kept, since every surprising reading follows from their order; the places are kept so that a fault has a caret.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from condaenv_tools.errors import InvalidMatchSpecError, InvalidVersionError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["FIELDS", "SpecParts", "parse_parts"]

#: The keys that brackets may hold, in conda's order of writing.
FIELDS = (
    "channel",
    "subdir",
    "name",
    "version",
    "build",
    "build_number",
    "track_features",
    "features",
    "url",
    "md5",
    "sha256",
    "license",
    "license_family",
    "fn",
    "when",
    "extras",
    "flags",
)
SUBDIRS = frozenset(p.value for p in Platform) | {"noarch"}
ARCHIVES = (".conda", ".tar.bz2")
_LONGEST = 4096


@dataclass(slots=True)
class SpecParts:
    """The fields of a spec as texts.

    Attributes
    ----------
    name : str
        Lower case; ``"*"`` where none is given.
    version : VersionSpec or None
        What the version must fulfil.
    fields : dict of str to str
        All other fields that were given, by the keys of `FIELDS`.
    unread : tuple of str
        What conda passes over in silence: bare words in brackets, a condition behind ``if``, ...
    """

    name: str = "*"
    version: VersionSpec | None = None
    fields: dict[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of the spec's text; `places` says where each character stood in the whole."""

    text: str
    places: Sequence[int]

    def __getitem__(self, part: slice) -> Cut:
        return Cut(self.text[part], self.places[part])

    def __add__(self, other: Cut) -> Cut:
        return Cut(self.text + other.text, (*self.places, *other.places))

    def stripped(self) -> Cut:
        """Return the piece without blanks around it."""
        start = len(self.text) - len(self.text.lstrip(" "))
        return self[start : len(self.text.rstrip(" "))]

    def without_blanks(self) -> Cut:
        """Return the piece with no blank in it."""
        kept = [i for i, char in enumerate(self.text) if char != " "]
        return Cut("".join(self.text[i] for i in kept), [self.places[i] for i in kept])


class _Failure:
    def __init__(self, whole: str) -> None:
        self.whole = whole

    def at(self, cut: Cut, reason: str, *hints: str) -> NoReturn:
        """Raise, with the caret under `cut`."""
        start, end = (cut.places[0], cut.places[-1] + 1) if cut.text else (len(self.whole),) * 2
        raise InvalidMatchSpecError(reason, text=self.whole, start=start, end=end, hints=hints)


def parse_parts(text: str) -> SpecParts:
    """Take a spec apart.

    Raises
    ------
    InvalidMatchSpecError
        With the place of the fault.
    """
    fail = _Failure(text)
    cut = Cut(text, range(len(text)))
    if len(text) > _LONGEST:
        fail.at(cut, f"a spec has at most {_LONGEST} characters")
    if text.endswith("@") and text[:-1].strip("@ ").isidentifier():
        return SpecParts(fields={"track_features": text[:-1]})
    parts = SpecParts()
    cut = _without_comment(cut, parts).stripped()
    if not cut.text:
        fail.at(Cut(text, range(len(text))), "a spec cannot be empty")
    _refuse_other_tongues(cut, fail)
    if cut.text.endswith(ARCHIVES) and "[" not in cut.text:
        return _archive(cut, fail)
    cut, brackets = _brackets(cut, parts, fail)
    cut = _channel(cut, parts)
    cut = _name(cut, parts, fail)
    _version_and_build(cut, parts, fail)
    _keywords(brackets, parts, fail)
    return parts


def _without_comment(cut: Cut, parts: SpecParts) -> Cut:
    """Drop a comment, and the condition behind `if` that conda reserves and ignores."""
    hash_at = cut.text.find("#")
    if hash_at >= 0:
        cut = cut[:hash_at]
    condition = cut.text.find(" if ")
    if condition >= 0 and "[" not in cut.text[:condition]:
        parts.unread = (*parts.unread, cut.text[condition:].strip())
        cut = cut[:condition]
    return cut


_PIP_URL = re.compile(r"^[A-Za-z0-9._-]+(\[[^\]]*\])?\s*@\s*\S")
_MARKER = re.compile(r";")


def _refuse_other_tongues(cut: Cut, fail: _Failure) -> None:
    """Say so where a spec is written as pip, poetry or a person would, and no conda tool reads it."""
    text = cut.text
    move = "this is pip's syntax: move the line to the pip section"
    if _PIP_URL.match(text):
        at = text.index("@")
        fail.at(cut[at : at + 1], "conda has no `name @ URL`", move)
    found = _MARKER.search(text)
    if found and "[" not in text[: found.start()]:
        hint = "conda has no markers: use a selector such as `# [win]`, or move the line to the pip section"
        fail.at(cut[found.start() :], "conda has no environment markers", hint)
    if text.startswith(("git+", "hg+", "svn+", "bzr+")):
        fail.at(cut, "conda cannot install from version control", move)
    if text.startswith("-"):
        fail.at(cut, "this is an option of pip, not a package", move)


def _archive(cut: Cut, fail: _Failure) -> SpecParts:
    """Read the URL or path of an archive; a URL in a subdir of a channel says all of the package."""
    folder, _, file_name = cut.text.replace("\\", "/").rpartition("/")
    base, _, subdir = folder.rpartition("/")
    if "://" not in cut.text or subdir not in SUBDIRS:
        return SpecParts(fields={"fn": file_name, "url": cut.text})
    stem = file_name.removesuffix(".conda").removesuffix(".tar.bz2")
    pieces = stem.rsplit("-", 2)
    if len(pieces) != 3 or not all(pieces):
        fail.at(cut, "the archive's name is not NAME-VERSION-BUILD")
    name, version, build = pieces
    try:
        found = VersionSpec.parse(version)
    except InvalidVersionError as error:
        fail.at(cut, error.reason)
    fields = {"channel": base, "subdir": subdir, "build": build, "fn": file_name, "url": cut.text}
    return SpecParts(name=name.lower(), version=found, fields=fields)


def _brackets(cut: Cut, parts: SpecParts, fail: _Failure) -> tuple[Cut, list[tuple[Cut, Cut]]]:
    """Take the brackets out. Those of a channel (``channel[subdir]::``) are passed over, as conda does."""
    channel_end = cut.text.find("]::")
    if channel_end >= 0:
        start = cut.text.find("[")
        parts.unread = (*parts.unread, cut.text[start : channel_end + 1])
        cut = cut[:start] + cut[channel_end + 1 :]
    start, end = cut.text.find("["), cut.text.rfind("]")
    if start < 0 and end < 0:
        return cut, []
    if start < 0 or end < start:
        at = start if start >= 0 else end
        fail.at(cut[at : at + 1], "this bracket has no partner")
    inner = cut[start + 1 : end]
    if re.search(r"\]\s*\[", inner.text):
        fail.at(cut[start : end + 1], "a spec has one pair of brackets at the most")
    rest = cut[:start] + cut[end + 1 :]
    return rest, _pairs(inner, parts, fail)


_PAIR = re.compile(
    r"""\s*(?P<key>[A-Za-z0-9_-]+)\s*=\s*
        (?: \[(?P<list>[^\[\]]*)\] | '(?P<single>[^']*)' | "(?P<double>[^"]*)" | (?P<bare>[^\s,'"\[\]]+) )
        \s*(?:,|\s|$)""",
    re.VERBOSE,
)
_WORD = re.compile(r"\s*(?P<word>[A-Za-z0-9_.-]+)\s*(?:,|\s|$)")


def _pairs(inner: Cut, parts: SpecParts, fail: _Failure) -> list[tuple[Cut, Cut]]:
    found = []
    at = 0
    while inner.text[at:].strip(" ,"):
        match = _PAIR.match(inner.text, at)
        if match:
            kind = next(k for k in ("list", "single", "double", "bare") if match[k] is not None)
            found.append((inner[slice(*match.span("key"))], inner[slice(*match.span(kind))]))
        else:
            match = _WORD.match(inner.text, at)
            if match is None:
                relation = re.search(r"[<>!~]=?|==", inner.text[at:])
                hint = "write key='value', such as version='>=1.2'" if relation else "write key=value"
                fail.at(inner[at:], "brackets hold key=value pairs", hint)
            # `dask[complete]`: conda and mamba both pass over a bare word.
            parts.unread = (*parts.unread, f"[{match['word']}]")
        at = match.end()
    return found


def _channel(cut: Cut, parts: SpecParts) -> Cut:
    """Take channel and subdir off the front, and a namespace, which means nothing."""
    pieces = cut.text.rsplit(":", 2)
    if len(pieces) == 1:
        return cut
    if len(pieces) == 3 and pieces[0]:
        _set_channel(pieces[0], parts)
    rest = len(cut.text) - len(pieces[-1])
    return cut[rest:]


def _set_channel(text: str, parts: SpecParts) -> None:
    channel, _, last = text.rstrip("/").rpartition("/")
    if not channel or last not in SUBDIRS:
        channel, last = text.rstrip("/"), ""
    if channel != "*":
        parts.fields["channel"] = channel
    if last:
        parts.fields["subdir"] = last


_NAME = re.compile(r"(?:_{1,2}(?=[a-z0-9]))?[a-z0-9]+(?:[._-][a-z0-9]+)*[._-]?")
_LOOKALIKES = {"≥": ">=", "≤": "<=", "≠": "!=", "–": "-", "—": "-", "＝": "=", "\u00a0": " ", "\t": " "}


def _name(cut: Cut, parts: SpecParts, fail: _Failure) -> Cut:
    found = re.match(r"[^ =<>!~]+", cut.text)
    if found is None:
        fail.at(cut[:1], "the name of a package is missing", "a spec begins with a name: numpy>=1.26")
    name = cut[: found.end()]
    lower = name.text.lower()
    if "*" in lower and re.fullmatch(r"[a-z0-9._*-]+", lower):
        parts.name = lower
        return cut[found.end() :]
    wrong = re.search(r"[^a-z0-9._-]", lower)
    if wrong and lower[wrong.start() :] and wrong.group() in _LOOKALIKES:
        char = wrong.group()
        hint = f"write {cut.text.replace(char, _LOOKALIKES[char])}"
        fail.at(name[wrong.start() : wrong.end()], f"{char!r} is not an operator that conda knows", hint)
    if wrong:
        hint = {"^": "conda has no ^; write >=1.2,<2", ",": "one package a line"}.get(wrong.group(), "")
        reason = f"{wrong.group()!r} cannot be in the name of a package"
        fail.at(name[wrong.start() : wrong.end()], reason, *([hint] if hint else []))
    if not _NAME.fullmatch(lower):
        fail.at(name, "this is not the name of a package (CEP 26)")
    parts.name = lower
    return cut[found.end() :]


#: What may not stand before the blank or `=` that ends a version, and in a build string.
_JOINS = frozenset("=!|,<>~")
_NOT_IN_BUILD = frozenset("-=,|<>~")


def _version_and_build(cut: Cut, parts: SpecParts, fail: _Failure) -> None:
    cut = cut.stripped()
    if cut.text in {"", "="}:  # `pkg=` asks for nothing, to conda and to mamba
        return
    split = next((i for i in range(1, len(cut.text)) if _ends_version(cut.text, i)), len(cut.text))
    version = cut[:split].without_blanks()
    build = cut[split + 1 :].stripped()
    if build.text:
        parts.fields["build"] = build.text
    if version.text in {"=", "=="}:
        fail.at(version, f"a version is missing behind {version.text}")
    spaced = cut.text.startswith("=") and not cut.text.startswith("==") and cut.text[split : split + 1] == " "
    parts.version = _version(_conda_version(version, has_build=bool(build.text) and not spaced), fail)


def _ends_version(text: str, at: int) -> bool:
    rest = text[at + 1 :]
    return (
        text[at] in " ="
        and text[at - 1] not in _JOINS
        and bool(rest.strip())
        and not _NOT_IN_BUILD & set(rest)
    )


def _conda_version(version: Cut, *, has_build: bool) -> Cut:
    """Give a version with `=` in front its meaning: fuzzy alone, exact beside a build.

    ``=1.2`` becomes ``1.2.*``, ``==1.2`` becomes ``1.2``; ``=1.2=py_0`` asks for exactly 1.2.
    """
    if not version.text.startswith("="):
        return version
    bare = version[len(version.text) - len(version.text.lstrip("=")) :]
    if version.text.startswith("==") and not has_build:
        return bare
    if any(char in bare.text for char in "=,|"):
        return version
    if has_build or bare.text.endswith("*"):
        return bare
    return Cut(f"{bare.text}*", (*bare.places, bare.places[-1]))


def _version(version: Cut, fail: _Failure) -> VersionSpec:
    try:
        return VersionSpec.parse(version.text)
    except InvalidVersionError as error:
        end = max(error.end, error.start + 1)
        fail.at(
            version[error.start : end] if error.text == version.text else version, *_advice(version, error)
        )


_NO_OPERATORS = (("~", "~="), ("!", "!="), ("<>", "!="))
_TWO_BOUNDS = re.compile(r"^[<>!=~]*[\w.*+!]+?[<>]")


def _advice(version: Cut, error: InvalidVersionError) -> tuple[str, ...]:
    """Return what is wrong with a version, and what the user probably meant."""
    text = version.text
    if _TWO_BOUNDS.match(text):
        at = re.search(r"(?<=[\w.*+])[<>!=~]", text)
        assert at is not None
        return "a comma is missing between two conditions", f"write {text[: at.start()]},{text[at.start() :]}"
    if doubled := re.match(r"^(=?=?[\w.+!]+)==([\w.*]+)$", text):
        return "two versions are asked for", f"one = stands before a build: write {doubled[1]}={doubled[2]}"
    if re.match(r"^[<>=!~]*['\"]", text):
        return "quotes are not part of a version", "leave the quotes out"
    for wrong, right in _NO_OPERATORS:
        if text.startswith(wrong) and not text.startswith(right):
            return f"conda has no operator {wrong}", f"write {right}{text[len(wrong) :]}"
    if text.endswith((",", "|")):
        return "a version is missing at the end", f"write {text.rstrip(',|')}"
    alone = text in {">=", "<=", "!=", "~=", ">", "<", "~"}
    return (f"a version is missing behind {text}" if alone else error.reason,)


def _keywords(pairs: list[tuple[Cut, Cut]], parts: SpecParts, fail: _Failure) -> None:
    """Let the keywords in brackets override what stands before them, the name excepted."""
    for key, value in pairs:
        name = {"build_string": "build"}.get(key.text, key.text)
        if name not in FIELDS:
            fail.at(key, f"a package has no field {key.text!r}", f"fields are {', '.join(FIELDS[:6])}, ...")
        if name == "name":
            continue
        if not value.text.strip():
            fail.at(key, f"{key.text} has no value")
        if name == "version":
            parts.version = _version(_conda_version(value.without_blanks(), has_build=False), fail)
        elif name == "channel":
            _set_channel(value.text, parts)
        else:
            parts.fields[name] = value.text
