"""Channels as a pixi.lock names them: by URL with a trailing slash, never by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import CHANNEL_ALIAS, expand_channels
from condaenv_tools.model.lock import LockChannel

__all__ = ["read_channel", "written_channels"]


def read_channel(item: Mapping[str, Any]) -> LockChannel:
    """Return a channel as other locks name it: the name alone where it is one of conda's own server.

    Examples
    --------
    >>> read_channel({"url": "https://conda.anaconda.org/conda-forge/"}).url
    'conda-forge'
    """
    url = str(item["url"])
    url = url.rstrip("/") if _is_url(url) else url
    name = url.removeprefix(f"{CHANNEL_ALIAS}/")
    plain = (
        name != url
        and "/" not in name
        and "::" not in name
        and name not in {"", "local", "defaults", "nodefaults"}
    )
    return LockChannel(
        url=name if plain else url, used_env_vars=tuple(sorted(item.get("used_env_vars") or ()))
    )


def written_channels(channels: Iterable[LockChannel]) -> tuple[LockChannel, ...]:
    """Return the channels by their URLs, with a trailing slash; what is no channel stays as it is.

    Examples
    --------
    >>> [channel.url for channel in written_channels([LockChannel(url="bioconda")])]
    ['https://conda.anaconda.org/bioconda/']
    """
    found: dict[LockChannel, None] = {}
    for channel in channels:
        used = tuple(sorted(set(channel.used_env_vars)))
        for url in _urls(channel.url):
            found[LockChannel(url=url, used_env_vars=used)] = None
    return tuple(found)


def _is_url(text: str) -> bool:
    return "://" in text.rstrip("/") or "$" in text


def _urls(text: str) -> list[str]:
    if _is_url(text):
        return [f"{text.rstrip('/')}/"]
    try:
        return [f"{channel.url}/" for channel in expand_channels([text]) if not channel.is_local] or [text]
    except ParseError:
        return [text]
