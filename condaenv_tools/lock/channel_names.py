"""Channels as a lock names them: with references to environment variables, never with a credential."""

from __future__ import annotations

import re

from condaenv_tools.model.lock import LockChannel
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["bare_url", "lock_channel"]

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_USERINFO = re.compile(r"(?<=://)[^/@]*@")
_TOKEN = re.compile(r"/t/[^/]+(?=/|$)")


def lock_channel(text: str) -> LockChannel:
    """Return a channel as a lock names it: references to variables kept, a real credential taken out.

    Examples
    --------
    >>> lock_channel("https://$USER:${TOKEN}@conda.example.org/team")
    LockChannel(url='https://${USER}:${TOKEN}@conda.example.org/team', used_env_vars=('TOKEN', 'USER'))
    >>> lock_channel("https://me:hunter2@conda.example.org/t/tk-1/team").url
    'https://conda.example.org/team'
    """
    names: set[str] = set()

    def brace(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        names.add(name)
        return f"${{{name}}}"

    url = _VARIABLE.sub(brace, text) if "://" in text else text
    if mask_credentials(url) != url:
        names.clear()
        url = mask_credentials(bare_url(url))
        names.update(match[1] for match in _VARIABLE.finditer(url))
    return LockChannel(url=url, used_env_vars=tuple(sorted(names)))


def bare_url(url: str) -> str:
    """Return a URL without user, password and token, references to variables included.

    Examples
    --------
    >>> bare_url("https://${USER}:${TOKEN}@conda.example.org/t/${KEY}/team")
    'https://conda.example.org/team'
    """
    if "@" not in url and "/t/" not in url:
        return url
    return _TOKEN.sub("", _USERINFO.sub("", url))
