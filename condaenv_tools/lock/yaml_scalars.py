"""Strings as YAML scalars, in our own few lines: a lock has the same bytes whatever library is installed.

Which strings need quotes differs between YAML 1.1 (PyYAML, and so conda-lock), YAML 1.2 (yaml-rs) and
yaml-cpp (micromamba); a string that any of them could take for something else is quoted. Where nothing is in
doubt the choice is PyYAML's, so that a file of conda-lock and one of ours differ only where their content
does. The output is ASCII.

Writing a lock of 3,000 packages this way takes a fraction of the time that a YAML library needs to be told of
every node, and the schema needs nothing but mappings, lists and strings.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["block", "scalar"]

#: Printable ASCII that neither begins like an indicator nor holds one where it would count.
_PLAIN = re.compile(r"(?!\.\.(?!/))[A-Za-z0-9_./<~=^+$(\\](?:[!-9;-~]|:(?=[!-~])| (?=[!\"$-~]))*")

#: Anything that one of the readers could take for a number or a date; more than they do, never less.
_NUMBER = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[0-9_]*\.?[0-9_]*(?:[eE][-+]?[0-9_]*)?|[0-9_]+(?::[0-9_]*)+(?:\.[0-9_]*)?"
    r"|\.(?:[iI][nN][fF]|[nN][aA][nN]))"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"
)

_WORDS = frozenset(
    {"", "~", "=", "<<", "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"}
)

_SINGLE = re.compile(r"[ -~]*")

#: A text that a literal block gives back unchanged: no line is empty, begins or ends with a space.
_BLOCK = re.compile(r"[!-~](?:[ -~]*[!-~])?(?:\n[!-~](?:[ -~]*[!-~])?)+")

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}


@lru_cache(maxsize=50_000)
def scalar(text: str) -> str:
    r"""Return `text` as a scalar on one line that every reader gives back as the same string.

    Examples
    --------
    >>> [scalar(s) for s in ("6.5.2", "0.1", "12e34", ">=1,<2", "3.13.* *_cp313", "no", "it's", "é")]
    ['6.5.2', "'0.1'", "'12e34'", "'>=1,<2'", '3.13.* *_cp313', "'no'", "it's", '"\\xe9"']
    """
    if _PLAIN.fullmatch(text) and not _NUMBER.fullmatch(text) and text.lower() not in _WORDS:
        return text
    if _SINGLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escape, text)) + '"'


def block(text: str, indent: str) -> str:
    r"""Return `text` as a literal block below its key if it has several plain lines, else as a scalar.

    A block shows one line for each line of the text, so that a change of one is a change of one in a diff.

    Parameters
    ----------
    text : str
        The value.
    indent : str
        Spaces in front of each line of the block.

    Examples
    --------
    >>> print("key: " + block("a: 1\nb", "  "))
    key: |-
      a: 1
      b
    """
    if not _BLOCK.fullmatch(text):
        return scalar(text)
    return "|-\n" + "\n".join(indent + line for line in text.split("\n"))


def _escape(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    code = ord(character)
    if 0x20 <= code < 0x7F:
        return character
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
