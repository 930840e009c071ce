"""A channel on a server: py-rattler's gateway reads it, sharded, packed or plain, with cache and retries.

Credentials come from the URL of the file (also as ``${VAR}``), from rattler's credential store
(``RATTLER_AUTH_FILE``, the keyring, ``~/.rattler``) or from netrc (``NETRC``, ``~/.netrc``), in this order.
"""

from __future__ import annotations

import os
import re
from urllib.parse import quote

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.channels.reading import Place
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import Channel, expand_channels

__all__ = ["RemoteSource", "expand_variables", "open_remote"]

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


class RemoteSource(Place):
    """A channel on a server. The location may hold a credential."""


def open_remote(channel: Channel, options: SourceOptions) -> RemoteSource:
    """Return a channel on a server; nothing is connected to yet.

    Raises
    ------
    ChannelError
        A variable of its URL is not set.
    """
    return RemoteSource(channel, _location(channel), options)


def expand_variables(channel: Channel, text: str, *, quoted: bool = False) -> str:
    """Return `text` with the environment variables that it refers to in place.

    Parameters
    ----------
    channel : Channel
        Whom the text belongs to, for the error.
    text : str
        With ``$VAR`` or ``${VAR}``.
    quoted : bool
        Whether values are quoted for a URL.

    Raises
    ------
    ChannelError
        One of them is not set.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        found = os.environ.get(name)
        if not found:
            raise ChannelError(
                f"channel {channel} cannot be read: the environment variable {name} of its URL is not set",
                channel=channel.name,
                hints=[f"set {name}, or keep the credentials in netrc or in rattler's credential store"],
            )
        return quote(found, safe="") if quoted else found

    return _VARIABLE.sub(value, text)


def _location(channel: Channel) -> str:
    """Return the channel's URL with its credentials, variables in place."""
    if "://" not in channel.url:
        channel = _named_by_variable(channel)
    scheme, _, rest = channel.secret_url.partition("://")
    authority, slash, path = rest.partition("/")
    userinfo, at, host = authority.rpartition("@")
    # A password that comes from a variable may hold any sign.
    secret = expand_variables(channel, userinfo, quoted=True) + at
    return f"{scheme}://{secret}{expand_variables(channel, host + slash + path)}".rstrip("/")


def _named_by_variable(channel: Channel) -> Channel:
    """Return what a channel means whose variable holds all of it, scheme or name included."""
    try:
        (found,) = expand_channels([expand_variables(channel, channel.text)])
    except (ParseError, ValueError):
        raise ChannelError(  # the value may be a secret, and is not shown
            f"channel {channel} cannot be read: its variable holds no URL, path or name of one channel",
            channel=channel.name,
            hints=["set it to https://HOST/CHANNEL, credentials included"],
        ) from None
    return found
