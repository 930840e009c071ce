"""Credentials in URLs: found and masked, so that no lock, log or error holds one."""

from __future__ import annotations

import re

__all__ = ["has_credentials", "mask_credentials"]

MASK = "********"

_USERINFO = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)(?P<userinfo>[^/\s?#@]*(?:@[^/\s?#@]*)*)@")
_TOKEN = re.compile(r"(?P<lead>/t/)(?P<token>[^/\s?#]+)")
_QUERY = re.compile(
    r"(?P<lead>[?&#;](?:[\w-]*(?:token|password|passwd|secret|api[_-]?key|signature|credential|sig|auth)[\w-]*)=)"
    r"(?P<value>[^&#\s]+)",
    re.IGNORECASE,
)
#: One of these stands in every credential but a token in the path.
_SIGNS = frozenset("@?&#;")
#: A reference to an environment variable is a placeholder, not a secret.
_PLACEHOLDER = re.compile(r"(?:\$\{\w+\}|\$\w+|%\w+%)")


def _only_placeholders(text: str) -> bool:
    return bool(text) and not _PLACEHOLDER.sub("", text).strip(":")


def _mask_userinfo(match: re.Match[str]) -> str:
    userinfo = match["userinfo"]
    password = userinfo.partition(":")[2]
    if userinfo == "git" or _only_placeholders(userinfo) or _only_placeholders(password):
        return match[0]
    return f"{match['scheme']}{MASK}@"


def mask_credentials(text: str) -> str:
    """Return `text` with every password and token in a URL replaced by asterisks.

    References to environment variables (``${TOKEN}``) stay: they are what a file should hold.

    Examples
    --------
    >>> mask_credentials("https://me:hunter2@conda.example.org/t/tk-123/team")
    'https://********@conda.example.org/t/********/team'
    >>> mask_credentials("https://${USER}:${TOKEN}@conda.example.org/team")
    'https://${USER}:${TOKEN}@conda.example.org/team'
    """
    # Nearly all that is looked at is a plain URL: no sign in it can be part of a credential.
    if "/t/" not in text and ("://" not in text or not _SIGNS.intersection(text)):
        return text
    masked = _USERINFO.sub(_mask_userinfo, text)
    masked = _TOKEN.sub(lambda m: m[0] if _only_placeholders(m["token"]) else f"{m['lead']}{MASK}", masked)
    return _QUERY.sub(lambda m: m[0] if _only_placeholders(m["value"]) else f"{m['lead']}{MASK}", masked)


def has_credentials(text: str) -> bool:
    """Say whether a URL in `text` holds a password or a token.

    Examples
    --------
    >>> has_credentials("https://me:hunter2@conda.example.org/team"), has_credentials("conda-forge")
    (True, False)
    """
    return mask_credentials(text) != text
