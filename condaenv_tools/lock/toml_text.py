"""Values as TOML, in our own few lines: a lock has the same bytes whatever library is installed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = ["toml_key", "toml_list", "toml_value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def toml_key(name: str) -> str:
    """Return a key, in quotes where it needs them.

    Examples
    --------
    >>> toml_key("requires-python"), toml_key("condaenv.roots")
    ('requires-python', '"condaenv.roots"')
    """
    return name if _BARE.fullmatch(name) else _quoted(name)


def toml_value(value: object) -> str:
    r"""Return a text, number, truth value, list or table on one line, in ASCII.

    Examples
    --------
    >>> print(toml_value({"url": "https://example.org/a.whl", "hashes": {"sha256": "8b\n"}, "size": [1, True]}))
    {url = "https://example.org/a.whl", hashes = {sha256 = "8b\n"}, size = [1, true]}
    """
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{toml_key(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
    assert isinstance(value, Sequence), type(value)
    return "[" + ", ".join(map(toml_value, value)) + "]"


def toml_list(values: Sequence[object]) -> str:
    """Return a list with a line for each value, so that a change of one is a change of one line.

    Examples
    --------
    >>> print(toml_list(["a", "b"]))
    [
        "a",
        "b",
    ]
    """
    if not values:
        return "[]"
    return "[\n" + "".join(f"    {toml_value(value)},\n" for value in values) + "]"


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    code = ord(character)
    if 0x20 <= code < 0x7F:
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
