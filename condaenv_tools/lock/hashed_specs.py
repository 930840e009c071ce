"""The lines of an `environment.yml` as conda-lock hashes them: the fields of its dependency models.

Re-created from how conda-lock 4.0.3 behaves; a hash is all that is made of it. What a spec *means* is
`model.match_spec`'s business.
"""

from __future__ import annotations

import re
from typing import Any

from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform

__all__ = ["conda_fields", "pip_fields"]

_ARCHIVE = re.compile(r"(?P<folder>.*/)?(?P<stem>[^/]+?)(?:\.tar\.bz2|\.conda)", re.DOTALL)
_BRACKETS = re.compile(r".*(\[.*\])")
_PARENTHESES = re.compile(r".*(\(.*\))")
_PAIR = re.compile(r"([a-zA-Z0-9_-]+?)=([\"']?)([^'\"]*?)(\2)(?:[, ]|$)")
_NAME = re.compile(r"([^ =<>!~]+)([><!=~ ].+)?")
_VERSION_BUILD = re.compile(r"((?:.+?)[^><!,|]?)(?:(?<![=!|,<>~])[ =]([^-=,|<>~]+?))?$")
_TREE = re.compile(r"[()|,]|[^()|,]+")

_URL = re.compile(r"(?P<scheme>[a-z]+)://(?:[^/@]*@)?(?P<host>[^/]*)(?:/t/[^/]+)?/(?P<path>.+)")
#: Whose channels have a short name even where an archive is asked for by its URL.
_ALIAS = {"conda.anaconda.org", "anaconda.org", "repo.anaconda.com"}
#: The members of `defaults` on the machine of a developer; `msys2` is one on Windows alone.
_DEFAULTS = {"pkgs/main", "pkgs/r"}
_SUBDIR = re.compile(r"/(?:noarch|(?:linux|osx|win|freebsd|emscripten|wasi|zos)-[a-z0-9]+)/?$")

#: What conda-lock knows of a target when it decides on a marker; it takes all other variables as true.
_MARKERS = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "osx": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    "win": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
}
_CLAUSE = re.compile(
    r"(?P<left>\w+|'[^']*'|\"[^\"]*\")\s*(?:[<>=!~]=?=?|not\s+in|in)\s*(?P<right>\w+|'[^']*'|\"[^\"]*\")"
)


def conda_fields(text: str, category: str) -> dict[str, Any]:
    """Return the fields of a conda requirement.

    Parameters
    ----------
    text : str
        The requirement as written.
    category : str
        The category of its file.

    Examples
    --------
    >>> fields = conda_fields("conda-forge::numpy=1.26", "main")
    >>> fields["name"], fields["version"], fields["build"], fields["conda_channel"]
    ('numpy', '1.26.*', None, 'conda-forge')
    """
    name, version, build, channel = _match_spec(text)
    return _fields("conda", name, category) | {
        "version": version or "",
        "build": build,
        "conda_channel": channel,
        "hash": None,
    }


def pip_fields(text: str, category: str, platform: Platform) -> dict[str, Any] | None:
    """Return the fields of a line of a pip section, or None where it does not count.

    An editable line never counts, nor one whose marker is false on the platform. A line that conda-lock
    cannot read counts as it stands: a file that has one has no hash of conda-lock's to be equal to.

    Examples
    --------
    >>> fields = pip_fields("Foo[b,a]>=1,<2; os_name == 'nt'", "main", Platform.WIN_64)
    >>> fields["name"], fields["extras"], fields["version"], fields["markers"]
    ('foo', ['a', 'b'], '<2,>=1', "os_name == 'nt'")
    >>> pip_fields("foo; os_name == 'nt'", "main", Platform.LINUX_64) is None
    True
    """
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - pip sections only

    if re.match(r"-e .", text):
        return None
    requirement, semicolon, marker = (part.strip() for part in text.rpartition(";"))
    if not semicolon:
        requirement, marker = text, ""
    if marker and not _holds(marker, platform):
        return None
    line, _, digest = requirement.partition(" --hash=")
    if re.match(r"git\+|https://|ssh://", line):
        repository = line.rsplit("/", 1)[-1].partition("@")[0].removesuffix(".git")
        line = f"{repository} @ {line}"
    try:
        parsed = Requirement(line)
    except InvalidRequirement:
        return _fields("pip", text, category) | {"version": text}
    fields = _fields("pip", pypi_name(parsed.name), category)
    if marker:
        fields["markers"] = marker
    if parsed.url:
        return fields | _addressed(parsed.url, sorted(parsed.extras))
    version = ",".join(sorted(str(parsed.specifier).replace("===", "==").split(",")))
    return fields | {
        "extras": sorted(parsed.extras),
        "version": version or "*",
        "build": None,
        "conda_channel": None,
        "hash": digest or None,
    }


def _fields(manager: str, name: str, category: str) -> dict[str, Any]:
    return {"name": name, "manager": manager, "category": category, "extras": []}


def _addressed(url: str, extras: list[str]) -> dict[str, Any]:
    if url.startswith("git+"):
        return _repository(url)
    if url.startswith(("https://", "ssh://")):
        address, _, fragment = url.partition("#")
        return {"extras": extras, "url": address, "hashes": [fragment.replace("=", ":")]}
    # conda-lock asks the disk whether it is a directory; the hash of a text cannot.
    return {"extras": extras, "path": re.sub(r"/+", "/", url.removeprefix("file://")), "is_directory": False}


def _repository(url: str) -> dict[str, Any]:
    address = url.removesuffix(".git").removeprefix("git+")
    revision: str | None = None
    found: dict[str, Any] = {}
    if "@" in address:
        address, revision = address.rsplit("@", 1)
        revision, _, subdirectory = revision.partition("#subdirectory=")
        if subdirectory:
            found["subdirectory"] = subdirectory
    return found | {"source": address, "vcs": "git", "rev": revision}


def _holds(marker: str, platform: Platform) -> bool:
    from packaging.markers import InvalidMarker, Marker, UndefinedComparison  # noqa: PLC0415 - pip sections only

    known = _MARKERS.get(platform.os, _MARKERS["linux"])

    def decided(match: re.Match[str]) -> str:
        if match["left"] in known or match["right"] in known:
            return match[0]
        return f"os_name == '{known['os_name']}'"

    try:
        return Marker(_CLAUSE.sub(decided, marker)).evaluate({**known})
    except (InvalidMarker, UndefinedComparison):
        return True


def _match_spec(text: str) -> tuple[str, str | None, str | None, str | None]:
    """Return name, version, build and channel as conda's own reading of the text has them."""
    text = text.partition("#")[0].split(" if ", 1)[0]
    archive = _ARCHIVE.fullmatch(text)
    if archive and archive["folder"] and archive["stem"].count("-") >= 2:
        name, version, build = archive["stem"].rsplit("-", 2)
        return name, version, build, _channel_name(archive["folder"], of_archive=True)
    text, inside = _without(text, _BRACKETS)
    text, beside = _without(text, _PARENTHESES)
    channel: str | None = None
    parts = text.rsplit(":", 2)
    if len(parts) > 1:
        text = parts[-1]
        channel = parts[0] if len(parts) == 3 else None
    match = _NAME.match(text)
    name, rest = (match[1], (match[2] or "").strip()) if match else (text, "")
    version, build = _version_and_build(rest) if rest else (None, None)
    inside = beside | inside
    version = inside.get("version", version)
    channel = inside.get("channel", channel)
    return (
        "*" if "*" in name or name.endswith("@") else name.lower(),
        _plain_version(version) if version else None,
        inside.get("build", build),
        _channel_name(channel) if channel else None,
    )


def _without(text: str, section: re.Pattern[str]) -> tuple[str, dict[str, str]]:
    match = section.match(text)
    if match is None:
        return text, {}
    pairs = {m[1]: m[3] for m in _PAIR.finditer(match[1][1:-1])}
    return text.replace(match[1], ""), pairs if section is _BRACKETS else {}


def _version_and_build(text: str) -> tuple[str, str | None]:
    match = _VERSION_BUILD.search(text)
    version, build = (match[1], match[2]) if match else (text, None)
    version, build = version.replace(" ", ""), build.strip() if build else None
    if version not in {"=", "=="} and version.startswith("="):
        if version.startswith("==") and build is None:
            return version[2:], build
        if not any(c in version[1:] for c in "=,|"):
            fuzzy = build is None and not version.endswith("*")
            return version[1:] + "*" * fuzzy, build
    return version, build


def _plain_version(text: str) -> str:
    """Return a version constraint as conda prints it: `1.2*` is `1.2.*`, and parentheses are lost."""
    return "".join(_term(part.strip()) for part in _TREE.findall(text) if part.strip() not in {"(", ")"})


def _term(text: str) -> str:
    text = text.strip()
    fuzzy = text.endswith("*") and text != "*" and text[0] not in "=<>!~" and "*" not in text.rstrip("*")
    return text[:-1] + ".*" if fuzzy and not text.endswith(".*") else text


def _channel_name(text: str, *, of_archive: bool = False) -> str:
    """Return conda's name of a channel: what stands behind the host, or the URL of a strange archive's."""
    text = _SUBDIR.sub("", text.rstrip("/"))
    match = _URL.fullmatch(text)
    if match and (match["host"] in _ALIAS or not of_archive):
        text = match["path"]
        if match["scheme"] == "file":
            text = text.rpartition("/")[2]
    elif text.startswith((".", "/")):
        text = text.rpartition("/")[2]
    return "defaults" if text in _DEFAULTS else text
