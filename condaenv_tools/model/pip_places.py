"""Where pip takes a distribution from when it is no index: URLs, repositories, wheels, archives, folders."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_details import PipDetails, PipKind
from condaenv_tools.model.pip_words import PipProblem

__all__ = [
    "ARCHIVES",
    "NAME",
    "SCHEME",
    "URL_SCHEMES",
    "VCS",
    "VCS_SCHEMES",
    "PipPart",
    "fragment_problems",
    "is_path",
    "normal_extras",
    "path_details",
    "read_path",
    "read_url",
]

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_NAME_ONLY = re.compile(NAME)
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
VCS = {
    "bzr": ("http", "https", "ssh", "sftp", "ftp", "lp", "file"),
    "git": ("http", "https", "ssh", "git", "file"),
    "hg": ("file", "http", "https", "ssh", "static-http"),
    "svn": ("ssh", "http", "https", "svn", "file"),
}
VCS_SCHEMES = {f"{tool}+{scheme}" for tool, schemes in VCS.items() for scheme in schemes}
URL_SCHEMES = {"http", "https", "file", "ftp"} | VCS_SCHEMES
ARCHIVES = (
    ".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tlz", ".tar.lz",
    ".tar.lzma",
)  # fmt: skip
_PATH = re.compile(r"(?:\.{1,2}(?:$|[/\\\[])|[/~\\]|[A-Za-z]:[\\/])")
_NO_FOLDER = frozenset("@:{<>=!,;")
_BRACKETS = re.compile(r"\[([^\[\]]+)\]\Z")
_EGG = re.compile(r"[#&]egg=([^&]*)")
_SUBDIRECTORY = re.compile(r"[#&]subdirectory=([^&]*)")
_FRAGMENT = re.compile(r"#[a-z0-9]+=")
_URL_HASH = re.compile(r"[#&](sha512|sha384|sha256|sha224|sha1|md5)=([^&]*)")


class PipPart(NamedTuple):
    """A part of a line: what it makes of the line, and its problems."""

    kind: PipKind
    details: PipDetails
    problems: tuple[PipProblem, ...] = ()


def read_url(url: str, start: int, *, named: bool = False) -> PipPart:
    """Read a URL; where the line names the distribution itself, that of the fragment is passed over."""
    kind = PipKind.VCS if url.partition(":")[0].lower() in VCS_SCHEMES else PipKind.URL
    try:
        path = urlsplit(url).path
    except ValueError as error:
        reason = f"this is no URL: {str(error)[:1].lower()}{str(error)[1:80].rstrip('.')}"
        problem = PipProblem("requirement", reason, start, start + len(url))
        return PipPart(kind, PipDetails(url=url), (problem,))
    file = unquote(path.rstrip("/").rpartition("/")[2])
    wheel = kind is PipKind.URL and file.lower().endswith(".whl")
    egg, extras, problems = _egg(url, start)
    name = None if named else egg
    if wheel:
        name, more = _wheel(file, start, start + len(url))
        problems += more
    fragment = _URL_HASH.search(url)
    subdirectory = _SUBDIRECTORY.search(url)
    details = PipDetails(
        name=name,
        extras=extras,
        hashes=(f"{fragment[1]}:{fragment[2].lower()}",) if fragment else (),
        url=url,
        revision=(path.rpartition("@")[2] or None) if kind is PipKind.VCS and "@" in path else None,
        subdirectory=subdirectory[1] if subdirectory else None,
    )
    return PipPart(kind, details, tuple(problems))


def _egg(url: str, start: int) -> tuple[str | None, tuple[str, ...], list[PipProblem]]:
    egg = _EGG.search(url)
    if egg is None:
        return None, (), []
    place = start + egg.start(1), start + egg.end(1)
    name, extras = _cut_extras(egg[1])
    if _NAME_ONLY.fullmatch(egg[1]):
        return pypi_name(egg[1]), (), []
    hint = (
        f"write {name}[{','.join(extras)}] @ {url[: egg.start()]}"
        if extras
        else "name the distribution alone"
    )
    reason = "the egg of a URL is the name of a distribution alone: pip of today refuses the line"
    known = _NAME_ONLY.match(name)
    return (pypi_name(known[0]) if known else None), extras, [PipProblem("egg", reason, *place, hint)]


def _wheel(file: str, start: int, end: int) -> tuple[str | None, list[PipProblem]]:
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415 - few lines

    try:
        return pypi_name(parse_wheel_filename(file)[0]), []
    except InvalidWheelFilename:
        if "${" in file:
            return None, []
    reason = "a wheel is named NAME-VERSION-PYTHON-ABI-PLATFORM.whl, and pip reads its name"
    hint = "give it the name that it was built with"
    return None, [PipProblem("requirement", reason, start, end, hint)]


def is_path(text: str) -> bool:
    """Say whether a text is spelled like a folder or an archive; pip looks at the disk as well."""
    if _PATH.match(text) or _is_archive(_cut_extras(text)[0]):
        return True
    head = text.partition("/")[0]
    return head != text and not _NO_FOLDER.intersection(head) and " " not in text


def _is_archive(path: str) -> bool:
    return path.lower().endswith(ARCHIVES) and (" " not in path or "/" in path.partition(" ")[0])


def read_path(text: str, start: int) -> PipPart:
    """Read the path of a folder or archive, with extras in brackets behind it."""
    details = path_details(text)
    path = (details.target or "").replace("\\", "/")
    if not path.lower().endswith(".whl"):
        return PipPart(PipKind.PATH, details, fragment_problems(text, start, start + len(text)))
    name, problems = _wheel(path.rpartition("/")[2], start, start + len(text))
    found = PipDetails(name=name, extras=details.extras, target=details.target)
    return PipPart(PipKind.PATH, found, tuple(problems))


def fragment_problems(text: str, start: int, end: int) -> tuple[PipProblem, ...]:
    """Return why a path with a fragment is none: pip looks for a folder of the whole name."""
    if not _FRAGMENT.search(text):
        return ()
    hint = f"write the path alone: {text.partition('#')[0]}"
    return (PipProblem("requirement", "a URL has such a fragment, and a path has none", start, end, hint),)


def path_details(text: str) -> PipDetails:
    """Return the path of a folder or archive, and its extras."""
    path, extras = _cut_extras(text)
    return PipDetails(extras=extras, target=path)


def _cut_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut the extras in brackets off the end of a path."""
    at = text.rfind("[")
    found = _BRACKETS.match(text, at) if at > 0 else None
    if found is None:
        return text, ()
    return text[:at].rstrip(), normal_extras(part for part in found[1].split(",") if part.strip())


def normal_extras(names: Iterable[str]) -> tuple[str, ...]:
    """Return extras normalised (PEP 685), each once, sorted."""
    return tuple(sorted({pypi_name(name) for name in names}))
