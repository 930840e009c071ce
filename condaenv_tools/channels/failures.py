"""From py-rattler's errors to ours: short, with a way out, without a credential or a path of the cache."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from condaenv_tools.channels.engine import TRIES
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["channel_error", "engine_errors"]

_MIRROR = "name a mirror with -c/--channel"
_WARM = "use --offline with a warm cache, or --snapshot with a recorded channel"
_CREDENTIALS = (
    "give the credentials as ${VAR} in the URL, in netrc (NETRC, ~/.netrc)"
    " or in rattler's store (RATTLER_AUTH_FILE)"
)
_ONLINE_ONCE = ("run once without --offline",)
_SPELLING = "see whether its name is spelled right, and whether it is private"


class _Source(Protocol):
    @property
    def channel(self) -> Channel: ...
    @property
    def location(self) -> str: ...


class _Account(NamedTuple):
    """What there is to say; `{c}` stands for the channel and `{s}` for the subdir where one is known."""

    text: str
    hints: tuple[str, ...]


_BROKEN_STORE = _Account(
    "{c} cannot be read: rattler's credential store is broken",
    ("mend or remove the file (RATTLER_AUTH_FILE, or credentials.json in ~/.rattler)",),
)


def engine_errors() -> tuple[type[Exception], ...]:
    """Return the classes of what the engine raises when a channel cannot be read, `TimeoutError` too."""
    from rattler import exceptions as e  # noqa: PLC0415 - on first use only

    return (
        TimeoutError,
        e.AuthenticationStorageError,
        e.CacheDirError,
        e.GatewayError,
        e.FetchRepoDataError,
        e.InvalidChannelError,
        e.InvalidUrlError,
        e.IoError,
    )


def channel_error(
    error: BaseException, sources: Iterable[_Source], *, timeout: float | None = None
) -> ChannelError:
    """Return a ChannelError for what the engine raised.

    Parameters
    ----------
    error : BaseException
        One of `engine_errors`.
    sources : iterable of RecordSource
        The channels that were read; the one at fault is found in the text of the error.
    timeout : float, optional
        The time limit in seconds, where `error` is a TimeoutError.

    Returns
    -------
    ChannelError
        To be raised ``from None``: the cause may hold a credential.
    """
    sources = tuple(sources)
    raw = str(error)
    if isinstance(error, TimeoutError):  # a folder does not keep anyone waiting
        sources = tuple(s for s in sources if not _is_local(s)) or sources
    source = _at_fault(raw, sources)
    subdir = _subdir(raw, source)
    if "failed to parse" in raw:  # the engine does not say what
        source, subdir = next(_broken_files(sources), (source, subdir))
    if isinstance(error, TimeoutError):
        account = _timed_out(timeout)
    elif _is_of_store(error):
        account, subdir = _BROKEN_STORE, None
    else:
        account = _account(raw, sources)
    if source is not None:
        who, name = f"channel {source.channel}", source.channel.name
    else:
        name = ", ".join(s.channel.name for s in sources) or "unknown"
        who = f"channel {name}" if len(sources) == 1 else f"one of the channels {name}"
    text = account.text.format(c=who, s=f" for {subdir}" if subdir else "")
    return ChannelError(text, channel=name, subdir=subdir, hints=account.hints)


def _timed_out(timeout: float | None) -> _Account:
    limit = "in time" if timeout is None else f"within {timeout:g} s"
    return _Account(
        f"{{c}} did not answer{{s}} {limit}", ("try again, or raise --network-timeout", _MIRROR, _WARM)
    )


def _account(raw: str, sources: Sequence[_Source]) -> _Account:
    if "could not find subdir" in raw:  # even where the text goes on to say 404
        return _ABSENT
    if part := re.search(r"shard for package '([\w.-]+)' is not in the cache", raw):
        return _Account(
            f"package {part[1]} of {{c}} is not in the cache, and --offline forbids the network", _ONLINE_ONCE
        )
    if status := re.search(
        r"HTTP status (?:client|server) error \((\d{3})[^)]*\)|status code \((\d{3})", raw
    ):
        return _answered(int(status[1] or status[2]), shard=_SHARD.search(raw) is not None)
    low = re.sub(r"\S+://\S+", "", raw).lower()  # a host or a channel may be called anything
    for pattern, account in _ACCOUNTS:
        if re.search(pattern, low):
            return account
    return _Account(
        "{c} cannot be read{s}: " + _scrubbed(raw, sources).replace("{", "{{").replace("}", "}}"), ()
    )


def _answered(status: int, *, shard: bool) -> _Account:
    if status in {401, 403, 407}:
        return _Account(f"{{c}} answered {status}{{s}}: it wants credentials, or others", (_CREDENTIALS,))
    if status in {404, 410}:
        return _OUT_OF_STEP if shard else _ABSENT
    tries = f" after {TRIES} tries" if status >= 500 or status in {408, 429} else ""
    return _Account(f"{{c}} answered {status}{{s}}{tries}", ("try again", _MIRROR, _WARM))


_ABSENT = _Account("{c} does not exist: it has no repodata{s}", (_SPELLING,))
_OUT_OF_STEP = _Account(
    "{c} lacks a part of its repodata{s} that its index names: it is being changed, or broken",
    ("try again in a minute", _MIRROR),
)
#: A part of sharded repodata (CEP 16): named by its hash.
_SHARD = re.compile(r"/[0-9a-f]{64}\.msgpack\.zst")

#: What the engine's text has in it, in lower case, and what is said; the first that fits counts.
_ACCOUNTS = (
    (
        "no usable repodata cache|no cache available|not cached",
        _Account("{c} is not in the cache{s}, and --offline forbids the network", _ONLINE_ONCE),
    ),
    (
        "dns error|failed to lookup|name resolution",
        _Account(
            "{c} cannot be reached: its host is not found",
            ("see whether this machine is online", _MIRROR, _WARM),
        ),
    ),
    (
        "certificate|corrupt message|tls|ssl|handshake",
        _Account(
            "{c} cannot be reached: no secure connection (TLS)",
            ("see whether host, proxy and clock are right (SSL_CERT_FILE names other certificates)",),
        ),
    ),
    (
        "timed out|timeout",
        _Account("{c} did not answer{s} in time", ("try again, or raise --network-timeout", _MIRROR, _WARM)),
    ),
    (
        "connection refused|tcp connect|\\(connect\\)|unreachable",
        _Account("{c} cannot be reached: the connection is refused", ("try again", _MIRROR, _WARM)),
    ),
    (
        "failed to parse|expected value|eof while|missing field|deserializ",
        _Account("{c} has repodata{s} that is not JSON, or is cut off", ("try again", _MIRROR)),
    ),
    (
        "body|incomplete|unexpected eof|end of file|did not finish|connection reset|closed before|decod",
        _Account("{c} broke off its answer{s}", ("try again", _MIRROR)),
    ),
    (
        "no space left|permission denied|read-only file system",
        _Account("{c} cannot be kept in the cache{s}: the disk is full or not writable", ("free the disk",)),
    ),
)


def _at_fault(raw: str, sources: Sequence[_Source]) -> _Source | None:
    """Return the source whose location stands in the text; the longest where several do."""
    if len(sources) == 1:
        return sources[0]
    text = _without_secrets(raw)
    found = [s for s in sources if _without_secrets(s.location) in text]
    return max(found, key=lambda s: len(s.location), default=None)


def _is_of_store(error: BaseException) -> bool:
    from rattler.exceptions import AuthenticationStorageError  # noqa: PLC0415

    return isinstance(error, AuthenticationStorageError)


def _is_local(source: _Source) -> bool:
    return source.location.startswith("file:")


def _broken_files(sources: Iterable[_Source]) -> Iterator[tuple[_Source, str]]:
    """Yield the subdirs of local channels whose repodata does not begin or end as a JSON object does."""
    from urllib.request import url2pathname  # noqa: PLC0415 - brings http.client; needed by few

    for source in filter(_is_local, sources):
        folder = Path(url2pathname(urlsplit(source.location).path))
        for file in sorted(folder.glob("*/repodata.json")):
            with suppress(OSError), file.open("rb") as stream:
                head = stream.read(64).lstrip()
                stream.seek(-min(64, file.stat().st_size), os.SEEK_END)
                if not head.startswith(b"{") or not stream.read().rstrip().endswith(b"}"):
                    yield source, file.parent.name


def _without_secrets(text: str) -> str:
    text = re.sub(r"(?<=://)[^/@\s]*@", "", text)
    return re.sub(r"(?<=[^/])/t/[^/\s]+(?=/)", "", text)


def _subdir(raw: str, source: _Source | None) -> str | None:
    if match := re.search(r"subdir '([\w-]+)'", raw):
        return match[1]
    if source is not None:
        path = re.escape(_without_secrets(source.location))
        if match := re.search(path + r"/([\w-]+)/", _without_secrets(raw)):
            return match[1]
    return None


def _scrubbed(raw: str, sources: Sequence[_Source]) -> str:
    """Return the engine's text in one line, short, credentials and places of the cache taken out."""
    text = " ".join(raw.split()).replace("Caused by: ", "")
    for source in sources:
        text = text.replace(source.location, source.channel.name)
        if _is_local(source):
            text = text.replace(unquote(urlsplit(source.location).path), source.channel.name)
        for secret in _secrets_of(source.location):
            text = text.replace(secret, "********")
    text = mask_credentials(text)
    return text if len(text) <= 200 else f"{text[:199]}…"


def _secrets_of(location: str) -> tuple[str, ...]:
    parts = urlsplit(location)
    token = re.match(r"/t/([^/]+)", parts.path)
    found = {parts.password, parts.username if parts.password is None else None, token[1] if token else None}
    both = {form for secret in found if secret for form in (secret, unquote(secret))}
    return tuple(sorted(both, key=len, reverse=True))
