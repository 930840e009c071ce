"""Channels as specs and records name them: compared by location, told by conda's name (CEP 26, CEP 29)."""

from __future__ import annotations

from functools import lru_cache

from condaenv_tools.errors import ParseError
from condaenv_tools.model.channel import CHANNEL_ALIAS, expand_channels
from condaenv_tools.model.patterns import is_pattern, text_matches
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["SUBDIRS", "channel_label", "is_relative", "narrower_channel", "same_channel"]

SUBDIRS = frozenset({"noarch", *(platform.value for platform in Platform)})


def same_channel(wanted: str, found: str) -> bool:
    """Say whether a record's channel is the one that a spec asks for.

    Parameters
    ----------
    wanted : str
        Name, URL, path or pattern; ``defaults`` stands for its members.
    found : str
        Name or URL.

    Examples
    --------
    >>> same_channel("conda-forge", "https://conda.anaconda.org/conda-forge/noarch")
    True
    >>> same_channel("defaults", "https://repo.anaconda.com/pkgs/main"), same_channel("pkgs/r", "pkgs/main")
    (True, False)
    """
    if wanted == found:
        return True
    if is_pattern(wanted):
        pattern = wanted if "://" in wanted or wanted[0] == "^" else f"{CHANNEL_ALIAS}/{wanted}"
        return any(text_matches(pattern, place) for place in _places(found))
    return not _places(wanted).isdisjoint(_places(found))


def narrower_channel(one: str, other: str) -> str | None:
    """Return which of two channels is, or is a part of, the other; None if neither is.

    Examples
    --------
    >>> narrower_channel("defaults", "pkgs/main"), narrower_channel("conda-forge", "bioconda")
    ('pkgs/main', None)
    """
    for part, whole in ((one, other), (other, one)):
        if part == whole or (not is_pattern(part) and is_pattern(whole) and same_channel(whole, part)):
            return part
        if not is_pattern(part) and not is_pattern(whole) and _places(part) <= _places(whole):
            return part
    return None


def channel_label(channel: str) -> str:
    """Return a channel as conda writes it, without credentials.

    A member of ``defaults`` is written ``defaults``, unless it is given as a URL.

    Examples
    --------
    >>> channel_label("https://conda.anaconda.org/conda-forge"), channel_label("pkgs/main")
    ('conda-forge', 'defaults')
    """
    if "://" not in channel:
        return "defaults" if _places(channel) <= _places("defaults") else channel
    (place,) = _places(channel)
    return place.removeprefix(f"{CHANNEL_ALIAS}/")


def is_relative(path: str) -> bool:
    """Say whether a channel or archive is a path that depends on where one stands.

    Examples
    --------
    >>> is_relative("./channel"), is_relative("conda-forge"), is_relative("/srv/channel")
    (True, False, False)
    """
    return path.startswith((".", "~"))


@lru_cache(maxsize=4096)
def _places(channel: str) -> frozenset[str]:
    """Return the URLs that a channel stands for. A relative path, and what is no channel, stands for itself."""
    if not is_relative(channel):
        try:
            return frozenset(one.url for one in expand_channels([channel], base_dir="/"))
        except ParseError:
            pass
    return frozenset({mask_credentials(channel)})
