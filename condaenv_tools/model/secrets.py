"""Credentials: found and masked, so that no lock, log or error holds one."""

from __future__ import annotations

import re

from condaenv_tools.model.secret_shapes import MASK, mask_assignments, mask_keys

__all__ = ["MASK", "has_credentials", "mask_credentials", "mask_line"]

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
    """Return `text` with every password and token in a URL, and every key of a known shape, made asterisks.

    References to environment variables (``${TOKEN}``) stay: they are what a file should hold.

    Examples
    --------
    >>> mask_credentials("https://me:hunter2@conda.example.org/t/tk-123/team")
    'https://********@conda.example.org/t/********/team'
    >>> mask_credentials("https://${USER}:${TOKEN}@conda.example.org/team")
    'https://${USER}:${TOKEN}@conda.example.org/team'
    """
    text = mask_keys(text)
    # Nearly all that is looked at is a plain URL: no sign in it can be part of a credential.
    if "/t/" not in text and ("://" not in text or not _SIGNS.intersection(text)):
        return text
    masked = _USERINFO.sub(_mask_userinfo, text)
    masked = _TOKEN.sub(lambda m: m[0] if _only_placeholders(m["token"]) else f"{m['lead']}{MASK}", masked)
    return _QUERY.sub(lambda m: m[0] if _only_placeholders(m["value"]) else f"{m['lead']}{MASK}", masked)


def mask_line(text: str) -> str:
    """Return a line of a file with every credential masked, those that the name before them gives away too.

    Examples
    --------
    >>> mask_line("  DB_PASSWORD: hunter2")
    '  DB_PASSWORD: ********'
    """
    return mask_assignments(mask_credentials(text))


def has_credentials(text: str) -> bool:
    """Say whether a URL in `text` holds a password or a token, or the text a key of a known shape.

    Examples
    --------
    >>> has_credentials("https://me:hunter2@conda.example.org/team"), has_credentials("conda-forge")
    (True, False)
    """
    return mask_credentials(text) != text
