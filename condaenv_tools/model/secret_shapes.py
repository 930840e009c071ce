"""Secrets outside URLs: names that say what they hold, and keys whose shape their maker made known."""

from __future__ import annotations

import re

__all__ = ["KEY", "MASK", "is_placeholder", "is_secret_name", "mask_assignments", "mask_keys"]

MASK = "********"
#: One of these stands in every key.
_SIGNS = (
    "AKIA", "ASIA", "gh", "glpat-", "sk-", "k_live_", "hf_", "xox", "npm_", "pypi-", "AIza", "dckr_", "dapi",
    "eyJ",
)  # fmt: skip
#: Characters; no key is shorter.
_SHORTEST_KEY = 15

#: Keys with a prefix that their makers chose so that scanners find them; each has its own first group.
KEY = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}|glpat-[\w-]{20,}"
    r"|sk-(?:proj-|ant-|svcacct-|or-)[\w-]{20,}|sk-[A-Za-z0-9]{32,}|[rs]k_live_[A-Za-z0-9]{16,}"
    r"|hf_[A-Za-z0-9]{30,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{30,}"
    r"|AIza[\w-]{35}|dckr_pat_[\w-]{20,}|dapi[0-9a-f]{32}"
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"
    r")(?![A-Za-z0-9])"
)
_SECRET_WORDS = {
    "token", "password", "passwd", "passphrase", "passwort", "pwd", "secret", "secrets", "credential",
    "credentials", "apikey", "pat",
}  # fmt: skip
_KEY_WORDS = {"api", "access", "secret", "private", "auth", "encryption", "signing", "license", "account"}
#: What such a name ends with where its value is a place, a count or a switch.
_HARMLESS_ENDS = {
    "file", "path", "dir", "folder", "url", "uri", "host", "name", "id", "type", "expiry", "ttl", "length",
    "limit", "size", "count", "enabled", "disabled", "required", "store", "backend", "provider", "parallelism",
}  # fmt: skip
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_REFERENCE = re.compile(r"\$\{?\w+[^}]*\}?|%\w+%|\$\(.*\)|\{\{.*\}\}|<[^<>]*>|\[[^\[\]]*\]")
_STAND_IN = re.compile(
    r"(?:x+|\*+|\.+|-+|_+|none|null|nil|true|false|yes|no|on|off|\d{1,3}|change[_ -]?(?:me|it|this)|"
    r"(?:your|my|the|insert|put|add|enter|some|replace)[_ -].*|todo|tbd|fixme|example|placeholder|dummy|"
    r"secret|password|token|key|empty|unset)",
    re.IGNORECASE,
)
_LEAD = re.compile(r"""(?:^|(?<=[\s{,`"']))(?P<name>[A-Za-z_]\w*)["']?(?::[ \t]+|(?P<equals>=(?!=)))""")
_VALUE = re.compile(
    r"""(?P<quote>["'])(?P<inside>(?:(?!(?P=quote)).)*)(?P=quote)?|[^\s,#{}\[`"'][^,#}`\r\n]*"""
)


def is_secret_name(name: str) -> bool:
    """Say whether a variable of this name holds a secret as a rule.

    Examples
    --------
    >>> [is_secret_name(n) for n in ("HF_TOKEN", "DB_PASSWORD", "AWS_SECRET_ACCESS_KEY", "apiKey")]
    [True, True, True, True]
    >>> [is_secret_name(n) for n in ("TOKENIZERS_PARALLELISM", "TOKEN_FILE", "MAX_TOKENS", "KEYBOARD")]
    [False, False, False, False]
    """
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in _HARMLESS_ENDS:
        return False
    if not _SECRET_WORDS.isdisjoint(words):
        return True
    return words[-1] == "key" and len(words) > 1 and words[-2] in _KEY_WORDS


def is_placeholder(value: str) -> bool:
    """Say whether a value stands for a secret that is kept elsewhere, or for none.

    Examples
    --------
    >>> [is_placeholder(v) for v in ("${TOKEN}", "changeme", "<your token>", "", "true", "hunter2")]
    [True, True, True, True, True, False]
    """
    text = value.strip()
    return not text or not _REFERENCE.sub("", text).strip(":@ ") or _STAND_IN.fullmatch(text) is not None


def mask_keys(text: str) -> str:
    """Return a text with asterisks in the place of each key whose shape is known, wherever it stands.

    Examples
    --------
    >>> mask_keys(f"authorization: hf_{'a1B2c3' * 6}")
    'authorization: ********'
    """
    if len(text) < _SHORTEST_KEY or not any(map(text.__contains__, _SIGNS)):
        return text
    return KEY.sub(MASK, text)


def mask_assignments(text: str) -> str:
    """Return a line with asterisks in the place of each secret that its name gives away.

    Examples
    --------
    >>> mask_assignments("  HF_TOKEN: abc123 # mine")
    '  HF_TOKEN: ******** # mine'
    >>> mask_assignments("  - secretstorage: 3.3, TOKEN: ${TOKEN}")
    '  - secretstorage: 3.3, TOKEN: ${TOKEN}'
    """
    if ":" not in text and "=" not in text:
        return text
    parts: list[str] = []
    at = 0
    for lead in _LEAD.finditer(text):
        name = lead["name"]
        # Names of packages, before whose version a = may stand, are in lower case.
        if lead.start() < at or not is_secret_name(name) or (lead["equals"] and name != name.upper()):
            continue
        value = _VALUE.match(text, lead.end())
        if value is not None and not is_placeholder(value["inside"] or value[0].strip()):
            quote = value["quote"] or ""
            end = value.end() if quote else value.start() + len(value[0].rstrip())
            parts += [text[at : lead.end()], f"{quote}{MASK}{quote}"]
            at = end
    return "".join([*parts, text[at:]])
