"""How a text of a spec is compared with that of a record (CEP 29, string matching).

Case does not count. A text is itself, a glob with ``*``, or a regular expression between ``^`` and ``$``. Specs
come from anywhere, so that no pattern may take long: globs need no search back, and regular expressions that
could run away are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache, partial

from condaenv_tools.errors import InvalidVersionError

__all__ = ["check_regex", "is_pattern", "is_regex", "text_matches"]

_LONGEST = 256
#: Ways to match that a search may have to try, where each repetition counts as 64 and each choice multiplies.
_MOST_WAYS = 16 * 64**4
_MOST_CHOICES = 1024

#: A character, a class, the ends of a group, a sign that repeats what is before it. Whatever else there is
#: (references back, looking around, names, flags) is none of these.
_TOKEN = re.compile(
    r"""(?P<atom>\\[^1-9] | \[\^?\]?(?:\\.|[^\]\\])*\] | [^\\\[\]()*+?{}|])
      | (?P<open>\((?!\?)|\(\?:) | (?P<close>\)) | (?P<choice>\|)
      | (?P<count>\{\d+\}) | (?P<option>\?\??) | (?P<repeat>(?:[*+]|\{\d*,\d*\})[?+]?)""",
    re.VERBOSE | re.DOTALL,
)


#: Signs in a class that Python warns of, since they may come to mean sets of characters.
_SET_SIGNS = re.compile(r"\[[^\]]*(?:\[|&&|\|\||--|~~)")


def is_regex(text: str) -> bool:
    """Say whether a text is written as a regular expression.

    Examples
    --------
    >>> is_regex("^py3[89].*$"), is_regex("py3*")
    (True, False)
    """
    return len(text) > 1 and text[0] == "^" and text[-1] == "$"


def is_pattern(text: str) -> bool:
    """Say whether more than one text could match.

    Examples
    --------
    >>> is_pattern("py3*"), is_pattern("py38_0")
    (True, False)
    """
    return "*" in text or is_regex(text)


def text_matches(wanted: str, found: str) -> bool:
    """Say whether `found` is what is wanted.

    Examples
    --------
    >>> text_matches("py3*_0", "PY38_0"), text_matches("py3", "py38"), text_matches("^py3[89]$", "py38")
    (True, False, True)
    """
    return wanted == found or bool(_test(wanted)(found.lower()))


@lru_cache(maxsize=16_384)
def _test(wanted: str) -> Callable[[str], object]:
    if is_regex(wanted):
        return re.compile(wanted, re.IGNORECASE).search
    if "*" in wanted:
        return partial(_fits_glob, wanted.lower().split("*"))
    return wanted.lower().__eq__


def _fits_glob(parts: list[str], text: str) -> bool:
    """Say whether the parts between the asterisks stand in a text, one behind the other."""
    first, *middle, last = parts
    start, end = len(first), len(text) - len(last)
    if end < start or not text.startswith(first) or not text.endswith(last):
        return False
    for part in middle:
        start = text.find(part, start, end) + len(part)
        if start < len(part):
            return False
    return True


def check_regex(text: str) -> None:
    """Refuse a regular expression that is none, or that could take long on some text.

    What repeats holds no choice and no repetition, there is little of both in all, and there are no references
    back and no looking around, of which CEP 29 advises against.

    Raises
    ------
    InvalidVersionError
        With the whole text as the place.
    """
    if reason := _fault_of_regex(text):
        raise InvalidVersionError(reason, text=text, end=len(text))


def _fault_of_regex(text: str) -> str | None:
    if not is_regex(text):
        return "a regular expression begins with ^ and ends with $"
    if len(text) > _LONGEST:
        return f"a regular expression has at most {_LONGEST} characters"
    if _SET_SIGNS.search(text):
        return "a class of characters holds no class, and none of && || -- ~~"
    try:
        re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        return f"this is not a regular expression ({error})"
    return "this regular expression is too involved to be safe" if _runs_away(text) else None


def _runs_away(text: str) -> bool:
    ways = choices = 1
    at = 0
    #: How many ways lead through each open group, and through what has just been read.
    groups, last = [1], 1
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None or (token.lastgroup == "close" and len(groups) == 1):
            return True
        at = token.end()
        match token.lastgroup:
            case "open":
                groups.append(1)
            case "choice":
                groups[-1] += 1
            case "close":
                last = groups.pop()
                choices *= last
                groups[-1] += last - 1
                continue
            case "repeat" | "count" if last > 1:
                return True
            case "repeat":
                ways *= 64
                groups[-1] += 1
            case "option":
                choices *= 2
                groups[-1] += 1
        last = 1
    return choices > _MOST_CHOICES or ways * choices > _MOST_WAYS
