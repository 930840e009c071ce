"""Reads the text of a MatchSpec as conda reads it (CEP 29), and knows where each character stood.

conda takes a spec apart in steps: comment, archive, brackets, channel, name, version and build. The steps are
kept, since every surprising reading follows from their order; the places are kept so that a fault has a caret.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from condaenv_tools.errors import InvalidMatchSpecError, InvalidVersionError
from condaenv_tools.model.channel_places import SUBDIRS, channel_label
from condaenv_tools.model.cut import Cut
from condaenv_tools.model.match_spec_brackets import FIELDS, read_pairs, take_brackets
from condaenv_tools.model.match_spec_faults import (
    explain_field,
    explain_name,
    explain_version,
    refuse,
    refuse_other_tongues,
)
from condaenv_tools.model.patterns import check_regex, is_pattern, is_regex
from condaenv_tools.model.secrets import has_credentials
from condaenv_tools.model.spec_condition import split_condition
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["parse_fields"]

_ARCHIVES = (".conda", ".tar.bz2")
_LONGEST = 4096

_FEATURE = re.compile(r"[\w.-]+@")
#: CEP 26; two underscores in front make a virtual package.
_NAME = re.compile(r"(?:[a-z0-9]|_(?!_)|__[a-z0-9])[._-]?(?:[a-z0-9]+[._-])*(?:[a-z0-9]+)?")
_GLOB_NAME = re.compile(r"[a-z0-9._*-]+")
#: Case does not count in any text, and the canonical text of these is in lower case.
_LOWERED = frozenset({"license", "license_family", "md5", "sha256"})
_SETS = frozenset({"features", "track_features"})
_EXTRA = re.compile(r"[a-z0-9_.+-]{1,64}")
_FLAG = re.compile(r"[a-z0-9_*]+(?::[a-z0-9_*]+)?")
_BUILD_NUMBER = re.compile(r"(?:==|!=|<=|>=|=|<|>)?\s*[0-9]+|\*")


def parse_fields(text: str, *, conditional: bool = True) -> dict[str, Any]:
    """Take a spec apart.

    Parameters
    ----------
    text : str
        The spec.
    conditional : bool
        Whether it may have a condition; a spec within a condition may not (CEP 43).

    Returns
    -------
    dict of str to object
        Values for the fields of `MatchSpec` that are asked for.

    Raises
    ------
    InvalidMatchSpecError
        With the place of the fault.
    """
    plain = None if text.endswith(_ARCHIVES) else _PLAIN.fullmatch(text)
    if plain is not None and (fields := _plain_fields(*plain.groups())):
        return fields
    whole = Cut.of(text)
    if len(text) > _LONGEST:
        refuse(whole, whole, f"a spec has at most {_LONGEST} characters")
    if _FEATURE.fullmatch(text):
        return {"track_features": text[:-1]}
    return _Parser(whole, conditional=conditional).read()


_CLAUSE = r"(?:[<>!]=?|[=~]=)?[A-Za-z0-9_.*+]+"
#: What nearly all specs of a channel are: a name, a version without `=` in front, a build; a blank between.
_PLAIN = re.compile(
    rf"([A-Za-z0-9_.-]{{1,128}})(?: (?!=|if )({_CLAUSE}(?:[,|]{_CLAUSE}){{0,30}})(?: ([A-Za-z0-9_.+*]+))?)?"
)


def _plain_fields(name: str, version: str | None, build: str | None) -> dict[str, Any] | None:
    """Return what the steps of `_Parser` come to for a plain spec, or None where they find a fault."""
    fields: dict[str, Any] = {"name": name.lower()}
    if not _NAME.fullmatch(fields["name"]):
        return None
    try:
        if version is not None:
            spec = VersionSpec.parse(version)
            fields["version"] = None if spec.is_any else spec
    except InvalidVersionError:
        return None
    return fields if build is None else fields | {"build": build}


class _Parser:
    def __init__(self, whole: Cut, *, conditional: bool) -> None:
        self.whole = whole
        self.conditional = conditional
        self.fields: dict[str, Any] = {}
        self.unread: list[str] = []

    def fail(self, cut: Cut, reason: str, *hints: str) -> NoReturn:
        refuse(self.whole, cut, reason, *hints)

    def read(self) -> dict[str, Any]:
        cut = self._without_comment(self.whole).stripped()
        if not cut.text:
            self.fail(self.whole, "a spec cannot be empty")
        refuse_other_tongues(self.whole, cut)
        if cut.text.endswith(_ARCHIVES) and "[" not in cut.text:
            self._archive(cut)
        else:
            cut, inner = take_brackets(self.whole, cut, self.unread)
            cut = self._channel(cut)
            cut = self._name(cut)
            self._version_and_build(cut)
            if inner is not None:
                self._keywords(inner)
        if self.unread:
            self.fields["unread"] = tuple(self.unread)
        return self.fields

    def _without_comment(self, cut: Cut) -> Cut:
        """Drop a comment, and the condition behind `if` that conda reserves and ignores."""
        hash_at = cut.text.find("#")
        if hash_at >= 0:
            cut = cut[:hash_at]
        condition = cut.text.find(" if ")
        if condition >= 0 and "[" not in cut.text[:condition]:
            self.unread.append(cut.text[condition:].strip())
            cut = cut[:condition]
        return cut

    def _archive(self, cut: Cut) -> None:
        """Read the URL or path of an archive; a URL in a subdir of a channel says all of the package."""
        folder, _, file_name = cut.text.replace("\\", "/").rpartition("/")
        self.fields |= {"fn": file_name, "url": cut.text}
        if "://" not in cut.text or folder.rpartition("/")[2] not in SUBDIRS:
            return
        pieces = file_name.removesuffix(".conda").removesuffix(".tar.bz2").rsplit("-", 2)
        if len(pieces) != 3 or not (all(pieces) and _NAME.fullmatch(pieces[0].lower())):
            self.fail(cut[-len(file_name) :], "the name of an archive is NAME-VERSION-BUILD")
        name, version, build = pieces
        self.fields |= {"name": name.lower(), "build": build}
        self._set_channel(folder)
        try:
            self.fields["version"] = VersionSpec.parse(version)
        except InvalidVersionError as error:
            self.fail(cut[-len(file_name) :], error.reason)

    def _channel(self, cut: Cut) -> Cut:
        """Take channel and subdir off the front, and a namespace, which means nothing."""
        channel, colon, rest = cut.text.rpartition(":")
        if not colon:
            return cut
        if "://" in cut.text and "::" not in cut.text:
            hint = "end it with the name of an archive, or with ::name for a package of a channel"
            self.fail(cut, "this is no URL of a package", hint)
        channel, second, _namespace = channel.rpartition(":")
        if second and channel:
            self._set_channel(channel)
        return cut[len(cut.text) - len(rest) :]

    def _set_channel(self, text: str) -> None:
        text = text.rstrip("/")
        channel, _, last = text.rpartition("/")
        if channel and last in SUBDIRS:
            self.fields["subdir"] = last
        else:
            channel = text
        if channel == "*":
            self.fields.pop("channel", None)
        elif channel:
            # A credential stays, for whoever connects; a URL without one is told by its name, as conda does.
            is_plain_url = "://" in channel and not has_credentials(channel) and not is_pattern(channel)
            self.fields["channel"] = channel_label(channel) if is_plain_url else channel

    def _name(self, cut: Cut) -> Cut:
        found = re.match(r"[^ =<>!~]*", cut.text)
        name = cut[: found.end()] if found else cut[:0]
        lower = name.text.lower()
        if not (_NAME.fullmatch(lower) or ("*" in lower and _GLOB_NAME.fullmatch(lower))):
            explain_name(self.whole, cut, name)
        self.fields["name"] = lower
        return cut[len(name.text) :]

    def _version_and_build(self, cut: Cut) -> None:
        spaced = cut.text.startswith(" ")
        cut = cut.stripped()
        if cut.text in {"", "="}:  # `pkg=` asks for nothing, to conda and to mamba
            return
        split = _end_of_version(cut.text)
        build = cut[split + 1 :].stripped()
        version = cut[:split]
        if build.text:
            self._set_build(build)
            # CEP 29: `name =1.2 build` is fuzzy, `name=1.2=build` is exact.
            is_literal = re.fullmatch(r"= *[\w.+!-]+", version.text) is not None
            spaced = spaced and is_literal and cut.text[split] == " "
        self._set_version(version, has_build=bool(build.text) and not spaced)

    def _set_build(self, build: Cut) -> None:
        if not is_regex(build.text) and (odd := re.search(r"[^A-Za-z0-9_.+*]", build.text)):
            if odd[0] == " ":
                self.fail(build[odd.start() :].stripped(), "nothing can stand behind a build string")
            self.fail(build[odd.start() : odd.end()], f"{odd[0]!r} cannot be in a build string")
        self._set_text("build", build)

    def _set_version(self, version: Cut, *, has_build: bool) -> None:
        bare = version.without_blanks()
        if glued := re.search(r"[\w.*+!] +(?=[\w.*])", version.text):
            rest = version[glued.end() :]
            if "-" in rest.text:
                self.fail(rest, "'-' cannot be in a build string")
            self.fail(rest, "there is a blank inside a version")
        if not bare.text.strip("="):
            self.fail(bare, f"a version is missing behind {bare.text[:2]}")
        meant = _conda_version(bare, has_build=has_build)
        try:
            spec = VersionSpec.parse(meant.text)
        except InvalidVersionError as error:
            explain_version(self.whole, meant, error)
        self.fields["version"] = None if spec.is_any else spec

    def _set_text(self, name: str, value: Cut) -> None:
        if value.text[0] == "^" or value.text[-1] == "$":
            try:
                check_regex(value.text)
            except InvalidVersionError as error:
                self.fail(value, error.reason)
        text = value.text
        if name in _SETS:
            text = " ".join(sorted(set(text.replace(",", " ").split())))
        self.fields[name] = text.lower() if name in _LOWERED else text

    def _keywords(self, inner: Cut) -> None:
        """Let the keywords in brackets override what stands before them, the name excepted."""
        seen = set()
        for key, values in read_pairs(self.whole, inner, self.unread):
            if key.text not in FIELDS:
                explain_field(self.whole, key, FIELDS)
            if key.text in seen:
                self.fail(key, f"{key.text} is given twice")
            seen.add(key.text)
            if not values or not all(value.text.strip() for value in values):
                self.fail(key, f"{key.text} has no value")
            self._keyword(key.text, values)

    def _keyword(self, key: str, values: list[Cut]) -> None:
        first = values[0]
        match key:
            case "extras" | "flags":
                self._set_list(key, values)
            case _ if len(values) > 1:
                self.fail(first + values[-1], "only extras and flags hold lists")
            case "name":
                self.unread.append(f"name={first.text}")
            case "version":
                self._set_version(first, has_build=False)
            case "channel":
                self._set_channel(first.text)
            case "build_number" if not _BUILD_NUMBER.fullmatch(first.text):
                reason = "a build number is a number, or a condition on one"
                self.fail(first, reason, "write build_number=1 or build_number='>=1'")
            case "when":
                self._check_condition(first)
                self.fields["when"] = first.text
            case _:
                self._set_text(key, first)

    def _set_list(self, key: str, values: list[Cut]) -> None:
        allowed, cep = (_EXTRA, 44) if key == "extras" else (_FLAG, 45)
        for value in values:
            if not allowed.fullmatch(value.text):
                self.fail(value, f"this is not the name of one of the {key} (CEP {cep})")
        self.fields[key] = tuple(value.text for value in values)

    def _check_condition(self, cut: Cut) -> None:
        if not self.conditional:
            self.fail(cut, "a spec in a condition has no condition of its own (CEP 43)")
        try:
            tokens = split_condition(cut.text)
        except InvalidMatchSpecError as error:
            self.fail(cut[error.start : error.end] if error.end > error.start else cut, error.reason)
        for token, at in tokens:
            if token in {"(", ")", "and", "or"}:
                continue
            try:
                parse_fields(token, conditional=False)
            except InvalidMatchSpecError as error:
                self.fail(
                    cut[at + error.start : at + max(error.end, error.start + 1)], error.reason, *error.hints
                )


#: What may not stand before the blank or `=` that ends a version, and in a build string.
_JOINS = frozenset("(=!|,<>~")
_NOT_IN_BUILD = frozenset(")-=,|<>~")


def _end_of_version(text: str) -> int:
    """Return where the blank or `=` stands behind which a build string begins, or the length of the text."""
    first = max(map(text.rfind, _NOT_IN_BUILD))
    for at in range(max(first, 1), len(text) - 1):
        if text[at] in " =" and text[at - 1] not in _JOINS:
            return at
    return len(text)


def _conda_version(version: Cut, *, has_build: bool) -> Cut:
    """Give a version with `=` in front its meaning: fuzzy alone, exact beside a build.

    ``=1.2`` becomes ``1.2*``, ``==1.2`` becomes ``1.2``; ``=1.2=py_0`` asks for exactly 1.2.
    """
    if not version.text.startswith("="):
        return version
    bare = version[len(version.text) - len(version.text.lstrip("=")) :]
    if not bare.text or (version.text.startswith("==") and not has_build):
        return bare
    if any(char in bare.text for char in "=,|") and not is_regex(bare.text):
        return version
    if has_build or bare.text.endswith("*") or is_regex(bare.text):
        return bare
    return Cut(f"{bare.text}*", (*bare.places, bare.places[-1]))
