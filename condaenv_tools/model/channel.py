"""Channels: where records come from, and how the texts of a file become their URLs (CEP 26).

Nothing here connects to anything. A credential stays in `Channel.text`; whoever connects reads it there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["CHANNEL_ALIAS", "Channel", "expand_channels"]

#: Where a channel that is only a name lies.
CHANNEL_ALIAS = "https://conda.anaconda.org"

_ANACONDA = "https://repo.anaconda.com"
_DEFAULTS = ("pkgs/main", "pkgs/r")
_DEFAULTS_WINDOWS = "pkgs/msys2"
_SUBDIRS = frozenset({"noarch", *(p.value for p in Platform)})
_SCHEMES = ("https", "http", "file", "s3", "gs", "gcs", "oci")
_ARCHIVES = (".conda", ".tar.bz2")

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_PATH = re.compile(r"\.{1,2}(?:$|[\\/])|[/~\\]")
_VARIABLE_FIRST = re.compile(r"\$(?:\{\w+\}|\w+)")
_NAME = re.compile(r"[A-Za-z0-9_][\w.+-]*(?:/[\w.+-]+)*")
_TOKEN = re.compile(r"/t/[^/]+(?=/|$)")
#: What stays as it is in a URL; references to variables and what is quoted already among it.
_USERINFO_SIGNS = "%:!$&'()*+,;=-._~{}"
_PATH_SIGNS = "/%:@!$&'()*+,;=-._~{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel.

    Attributes
    ----------
    name : str
        As a user knows it: ``conda-forge``, ``pkgs/main``, or its URL.
    url : str
        Base URL without credentials and trailing slash, by which a lock names it. ``file:///...`` for a
        local one. References to environment variables stay.
    text : str
        As written, and what is connected to. May hold a credential, so it is neither shown nor compared.

    Examples
    --------
    >>> expand_channels(["https://me:hunter2@conda.example.org/team/"])
    (Channel(name='https://conda.example.org/team', url='https://conda.example.org/team'),)
    """

    name: str
    url: str
    text: str = field(repr=False, compare=False)

    @property
    def secret_url(self) -> str:
        """Where to connect to: `url` with the credentials of `text`; references to variables stay."""
        match = _URL.fullmatch(self.text)
        if match is None or self.is_local:
            return self.url
        return _from_url(self.text, match["scheme"].lower(), match["rest"], secrets=True)

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return self.url.startswith("file:")

    def __str__(self) -> str:
        return self.name


def expand_channels(
    texts: Iterable[str],
    *,
    base_dir: str | Path | None = None,
    platform: Platform | None = None,
    channel_alias: str = CHANNEL_ALIAS,
) -> tuple[Channel, ...]:
    """Return the channels that the lines of a file mean.

    Parameters
    ----------
    texts : iterable of str
        Names, URLs and paths, by falling priority.
    base_dir : str or Path, optional
        What relative paths are relative to: the folder of the file. The working directory by default.
    platform : Platform, optional
        The target machine: ``defaults`` has one member more on Windows. None means any machine.
    channel_alias : str
        Where a channel that is only a name lies.

    Returns
    -------
    tuple of Channel
        In the order of the texts, each URL once, the first mention counting; ``defaults`` as its members,
        ``nodefaults`` left out.

    Raises
    ------
    ParseError
        A text is not a channel.

    Examples
    --------
    >>> [c.name for c in expand_channels(["conda-forge", "defaults", "nodefaults"])]
    ['conda-forge', 'pkgs/main', 'pkgs/r', 'pkgs/msys2']
    >>> expand_channels(["https://conda.anaconda.org/conda-forge/linux-64/"])[0].name
    'conda-forge'

    References
    ----------
    CEP 24 (channels of an environment.yml), CEP 26 (names of channels and subdirs).
    """
    base = Path(base_dir) if base_dir is not None else Path()
    found: dict[str, Channel] = {}
    for text in texts:
        for channel in _expand(text.strip(), base, platform, channel_alias.rstrip("/")):
            found.setdefault(channel.url, channel)
    return tuple(found.values())


def _expand(text: str, base: Path, platform: Platform | None, alias: str) -> Iterator[Channel]:
    if text == "nodefaults":
        return
    if text != "defaults":
        yield _channel(text, base, alias)
        return
    members = [*_DEFAULTS]
    if platform is None or platform.os == "win":
        members.append(_DEFAULTS_WINDOWS)
    for name in members:
        yield Channel(name=name, url=f"{_ANACONDA}/{name}", text=name)


def _channel(text: str, base: Path, alias: str) -> Channel:
    if not text:
        raise ParseError("a channel is empty", hints=["write the name, the URL or the path of a channel"])
    for known in (alias, CHANNEL_ALIAS, _ANACONDA):
        if text.startswith(f"{known.partition('://')[2]}/"):
            text = f"https://{text}"
    if match := _URL.fullmatch(text):
        url = _from_url(text, match["scheme"].lower(), match["rest"])
    elif _DRIVE.match(text) or _PATH.match(text):
        url = _from_path(text, base)
    elif _VARIABLE_FIRST.match(text):
        # What it is, a URL or a path, is known only where the variable is.
        url = _without_subdir(text)
    else:
        url = _from_name(text, alias)
    return Channel(name=_name_of(url, alias), url=url, text=text)


def _from_name(text: str, alias: str) -> str:
    if text == "local":
        raise _garbage(
            text, "the channel `local` is another folder on every machine", "write the path of the folder"
        )
    if "::" in text:
        name = text.partition("::")[0]
        raise _garbage(
            text, "this is a package of a channel", f"write {name} here, the package under dependencies"
        )
    if not _NAME.fullmatch(text.rstrip("/")):
        raise _garbage(
            text, "this is no name, URL or path of a channel", "write conda-forge, a URL or ./folder"
        )
    name = _without_subdir(text)
    return f"{_ANACONDA if name.startswith('pkgs/') else alias}/{name}"


def _from_url(text: str, scheme: str, rest: str, *, secrets: bool = False) -> str:
    if scheme not in _SCHEMES:
        raise _garbage(
            text, f"channels are not read over {scheme}://", f"use {', '.join(_SCHEMES)}, or a path"
        )
    if scheme == "file":
        return _from_file_url(text, rest)
    if any(c.isspace() for c in rest):
        raise _garbage(text, "there is a space in this URL", "write %20 for it")
    userinfo, host, path = _parts(rest)
    if "?" in path or "#" in path:
        raise _garbage(
            text, "the URL of a channel ends with its path", "give a token as /t/TOKEN/, not behind ?"
        )
    if "$" not in host:
        host = host.lower().removesuffix(":443" if scheme == "https" else ":80")
        if not _is_host(host):
            raise _garbage(text, "this URL has no valid host", "write https://HOST/CHANNEL")
    path = re.sub(r"/{2,}", "/", f"/{path}")
    lead = f"{quote(userinfo, safe=_USERINFO_SIGNS)}@" if secrets and userinfo else ""
    path = _without_subdir(path if secrets else _TOKEN.sub("", path))
    return f"{scheme}://{lead}{host}{quote(path, safe=_PATH_SIGNS)}"


def _parts(rest: str) -> tuple[str, str, str]:
    """Return user and password, host and path of what stands behind ``://``."""
    authority, _, path = rest.partition("/")
    _, colon, behind = authority.rpartition(":")
    if "@" in path and "@" not in authority and colon and not behind.isdigit():
        # No port stands behind the colon: it is a password with a slash, which ends at the last @.
        head, _, tail = rest.rpartition("@")
        host, _, path = tail.partition("/")
        return head, host, path
    userinfo, _, host = authority.rpartition("@")
    return userinfo, host, path


def _is_host(host: str) -> bool:
    try:
        parts = urlsplit(f"https://{host}")
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _from_file_url(text: str, rest: str) -> str:
    path = rest.removeprefix("localhost")
    if _DRIVE.match(path):  # file://C:/x lacks a slash, and means what it seems to
        path = f"/{path}"
    if not path.startswith("/"):
        raise _garbage(
            text, "a file:// URL holds an absolute path", "write file:///folder, or ./folder without file://"
        )
    return _file_url(unquote(path))


def _from_path(text: str, base: Path) -> str:
    if _DRIVE.match(text):
        return _file_url("/" + text.replace("\\", "/"))
    if text.startswith("\\\\"):
        return f"file:{_without_subdir(quote(text.replace(chr(92), '/'), safe='/'))}"
    if text.startswith((".\\", "..\\")):
        text = text.replace("\\", "/")
    # Unlike pathlib's, os.path's leaves the name of an unknown user as it is. Links stay as written.
    path = os.path.abspath(base / os.path.expanduser(text))  # noqa: PTH100, PTH111 - as said above
    return _file_url(Path(path).as_uri().removeprefix("file://"), quoted=True)


def _file_url(path: str, *, quoted: bool = False) -> str:
    return "file://" + (_without_subdir(path if quoted else quote(path, safe="/:~")) or "/")


def _without_subdir(path: str) -> str:
    """Leave off what stands behind the channel: slashes, a file, a subdir."""
    parts = path.rstrip("/").split("/")
    if parts[-1].endswith(_ARCHIVES) or parts[-1].startswith("repodata.json"):
        parts.pop()
    if len(parts) > 1 and parts[-1] in _SUBDIRS:
        parts.pop()
    return "/".join(parts)


def _name_of(url: str, alias: str) -> str:
    for known in (alias, CHANNEL_ALIAS):
        if url.startswith(f"{known}/"):
            return url[len(known) + 1 :]
    if url.startswith(f"{_ANACONDA}/pkgs/"):
        return url[len(_ANACONDA) + 1 :]
    return mask_credentials(url)


def _garbage(text: str, why: str, hint: str) -> ParseError:
    shown = mask_credentials(text)
    if "://" in text and "@" in text:
        # Where the URL itself is at fault, nobody knows where its password ends.
        shown = f"{text.partition('://')[0]}://********@{mask_credentials(text.rpartition('@')[2])}"
    return ParseError(f"{shown!r} is not a channel: {why}", hints=[hint])
