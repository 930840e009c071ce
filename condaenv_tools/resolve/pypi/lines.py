"""One line of a pip section: what it asks for, and how the engine is told."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from urllib.request import url2pathname

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement

from condaenv_tools.errors import ParseError, UnsupportedError
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import SourceKind
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.placeholders import Placeholders

__all__ = ["AskedLine", "place_key", "read_line"]

_HASH = re.compile(r"\s+--hash[=\s]\s*(\w+):([0-9a-fA-F]+)")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:\s+|=)\s*(.+)|-e(\S.*)")
_OPTION = re.compile(r"\s--?[A-Za-z]")
_VCS = re.compile(r"(git|hg|svn|bzr)\+", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://|file:", re.IGNORECASE)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[([^\]]*)\])?")
#: Parts of a fragment that are not for uv: names and hashes.
_OURS = re.compile(r"(?:egg|sha256|md5|sha1|sha224|sha384|sha512)=")
_EXTRAS = re.compile(r"(.+?)\[([A-Za-z0-9._,\s-]*)\]")
_MARKER = re.compile(r"\s+;\s*(.+)")
_USERINFO = re.compile(r"^[^@]*@")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """What a line asks for.

    Attributes
    ----------
    line : RequirementLine
        The line itself.
    kind : SourceKind
        Where the distribution is to come from.
    text : str
        The line for the engine: variables expanded, paths absolute, no marker, no hashes.
    name : PyPIName or None
        The distribution; None where only building or reading the place tells.
    requirement : Requirement or None
        None for a place without a name.
    extras : frozenset of str
        As written, normalised.
    marker : Marker or None
        When it counts.
    hashes : frozenset of str
        SHA-256 of the files that may be taken; empty where all may.
    place : str
        URL or path as written, ``""`` for a name.
    key : str
        What tells one place from another: `place_key` of the expanded place.
    """

    line: RequirementLine
    kind: SourceKind
    text: str
    name: PyPIName | None = None
    requirement: Requirement | None = None
    extras: frozenset[str] = frozenset()
    marker: Marker | None = None
    hashes: frozenset[str] = frozenset()
    place: str = ""
    key: str = ""


def place_key(place: str) -> str:
    """Return what two spellings of one URL or path share: no user, no fragment, no revision of a repository.

    Examples
    --------
    >>> place_key("git+https://me:pw@example.org/a.git@v1#egg=a")
    'https://example.org/a.git'
    """
    repository = _VCS.match(place) is not None
    place = _VCS.sub("", place)
    if not _URL.match(place):
        return str(Path(place).resolve())
    parts = urlsplit(place)
    path = parts.path.partition("@")[0] if repository else parts.path
    if parts.scheme == "file":
        return str(Path(url2pathname(path)).resolve())
    return urlunsplit((parts.scheme, _USERINFO.sub("", parts.netloc), path, parts.query, ""))


def read_line(line: RequirementLine, placeholders: Placeholders, folder: Path) -> AskedLine:
    """Return what a line asks for.

    Parameters
    ----------
    line : RequirementLine
        The line.
    placeholders : Placeholders
        Where the variables come from.
    folder : Path
        What a relative path starts from.

    Raises
    ------
    ParseError
        It is no requirement, a path does not exist, or a variable is not set.
    UnsupportedError
        The engine cannot do what it asks.
    """
    text = line.text.strip()
    hashes = frozenset(digest.lower() for kind, digest in _HASH.findall(text) if kind.lower() == "sha256")
    if _HASH.search(text) and not hashes:
        raise UnsupportedError(_at(line, "the hashes of a line must be sha256"))
    text = _HASH.sub("", text).strip()
    match = _EDITABLE.fullmatch(text)
    body = (match[1] or match[2]).strip() if match else text
    if body.startswith("-") or _OPTION.search(body):
        raise UnsupportedError(_at(line, f"{line} has an option that cannot be locked"))
    found = None if match else _named(line, body, placeholders, hashes)
    if found is None:
        found = _place(line, body, placeholders, folder, editable=match is not None)
        found = replace(found, hashes=found.hashes | hashes)
    return found


def _named(
    line: RequirementLine, body: str, placeholders: Placeholders, hashes: frozenset[str]
) -> AskedLine | None:
    """Return a line that names its distribution, or None where it is a bare place."""
    if _VCS.match(body) or _URL.match(body):
        return None
    try:
        requirement = Requirement(body)
    except InvalidRequirement as error:
        if re.search(r"[/\\]|^\.|\.(whl|gz|zip)\b|^~", body) and "@" not in body:
            return None
        reason = str(error).partition("\n")[0]
        raise ParseError(
            _at(line, f"{line} is not a requirement: {reason[:1].lower()}{reason[1:]}")
        ) from None
    name = pypi_name(requirement.name)
    marker, extras = requirement.marker, frozenset(map(pypi_name, requirement.extras))
    listed = f"[{','.join(sorted(extras))}]" if extras else ""
    url = requirement.url
    if url is None:
        kind, text, key = SourceKind.INDEX, f"{name}{listed}{requirement.specifier}", ""
    else:
        expanded = _without_claims(placeholders.expand(url))
        if expanded.lower().startswith("file:"):
            _existing(line, Path(url2pathname(urlsplit(expanded).path)), url)
        kind, key = _kind_of(line, expanded), place_key(expanded)
        text = f"{name}{listed} @ {expanded}"
    return AskedLine(
        line=line, kind=kind, text=text, name=name, requirement=requirement, extras=extras, marker=marker,
        hashes=hashes | _hash_of(url or ""), place=url or "", key=key,
    )  # fmt: skip


def _without_claims(url: str) -> str:
    """Return a URL without the name and the hash in its fragment.

    uv takes such a hash for granted; without it uv looks at the file, and we compare.
    """
    place, _, fragment = url.partition("#")
    kept = "&".join(part for part in fragment.split("&") if part and not _OURS.match(part))
    return f"{place}#{kept}" if kept else place


def _existing(line: RequirementLine, path: Path, text: str) -> None:
    if not os.path.exists(path):  # noqa: PTH110 - pathlib raises for names that are too long
        raise ParseError(_at(line, f"there is no {text}"), hints=["a path starts from the file's folder"])


def _hash_of(url: str) -> frozenset[str]:
    match = re.search(r"[#&]sha256=([0-9a-fA-F]{64})", url)
    return frozenset({match[1].lower()}) if match else frozenset()


def _place(
    line: RequirementLine,
    body: str,
    placeholders: Placeholders,
    folder: Path,
    *,
    editable: bool,
) -> AskedLine:
    marker = None
    if match := _MARKER.search(body):
        try:
            marker = Marker(match[1])
        except InvalidMarker:
            raise ParseError(_at(line, f"{match[1]!r} is not an environment marker")) from None
        body = body[: match.start()].rstrip()
    egg = _EGG.search(body)
    name = pypi_name(egg[1]) if egg else None
    words = (egg[2] or "") if egg else ""
    if not egg and (match := _EXTRAS.fullmatch(body)):
        body, words = match[1], match[2]
    extras = frozenset(pypi_name(word) for word in words.split(",") if word.strip())
    expanded = _without_claims(placeholders.expand(body))
    if _URL.match(body) and not body.lower().startswith("file:"):
        kind = _kind_of(line, expanded)
        target = expanded
    else:
        kind, target = _path(line, expanded, folder, editable=editable)
    listed = f"[{','.join(sorted(extras))}]" if extras else ""
    lead = "-e " if kind is SourceKind.EDITABLE else f"{name}{listed} @ " if name else ""
    tail = listed if listed and not lead.endswith("@ ") else ""
    return AskedLine(
        line=line, kind=kind, text=f"{lead}{target}{tail}", name=name, extras=extras, marker=marker,
        hashes=_hash_of(body), place=body, key=place_key(target),
    )  # fmt: skip


def _path(line: RequirementLine, text: str, folder: Path, *, editable: bool) -> tuple[SourceKind, str]:
    plain = url2pathname(urlsplit(text).path) if text.lower().startswith("file:") else text
    path = (folder / os.path.expanduser(plain)).absolute()  # noqa: PTH111 - pathlib raises for an unknown ~user
    _existing(line, path, text)
    if path.is_dir() and not any((path / name).exists() for name in ("pyproject.toml", "setup.py")):
        raise ParseError(
            _at(line, f"{text} is no Python project: it has neither pyproject.toml nor setup.py"),
            hints=["a path starts from the file's folder"],
        )
    if editable and not path.is_dir():
        raise ParseError(_at(line, f"{text} is no folder, and only a folder can be installed as editable"))
    return (SourceKind.EDITABLE if editable else SourceKind.PATH), path.as_uri()


def _kind_of(line: RequirementLine, url: str) -> SourceKind:
    match = _VCS.match(url)
    if match is None:
        return SourceKind.PATH if url.lower().startswith("file:") else SourceKind.URL
    if match[1].lower() != "git":
        raise UnsupportedError(_at(line, f"{line} names a {match[1]} repository, and only git can be locked"))
    return SourceKind.VCS


def _at(line: RequirementLine, message: str) -> str:
    return f"{line.span}: {message}" if line.span else message
