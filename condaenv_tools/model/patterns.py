"""Globs and regular expressions in specs, from input that nobody vouches for (CEP 29, string matching)."""

from __future__ import annotations

import re

from condaenv_tools.errors import InvalidVersionError

__all__ = ["compile_regex", "glob_to_regex"]

_LONGEST = 256
#: A repeated group that repeats inside takes time without bound on a text that does not match.
_RUNAWAY = re.compile(r"[+*}][^()]*\)[+*{]|\([^()]*\|[^()]*\)[+*{]|\\[1-9]|\(\?[^:]")
_REPEATS = re.compile(r"[*+]|\{\d*,\d*\}")


def glob_to_regex(glob: str) -> str:
    """Return the regular expression of a glob; a run of asterisks counts as one.

    Examples
    --------
    >>> glob_to_regex("py3*_0")
    '^py3.*_0$'
    """
    parts = [re.escape(part) for part in re.split(r"\*+", glob)]
    return f"^{'.*'.join(parts)}$"


def compile_regex(text: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """Compile ``^...$``, or refuse it.

    Raises
    ------
    InvalidVersionError
        It is none, is too long, or could run away (repetition within repetition, backreferences,
        looking around, all of which CEP 29 advises against).
    """
    if not (text.startswith("^") and text.endswith("$") and len(text) > 1):
        raise InvalidVersionError(
            "a regular expression begins with ^ and ends with $", text=text, end=len(text)
        )
    if len(text) > _LONGEST or _RUNAWAY.search(text) or len(_REPEATS.findall(text)) > 8:
        raise InvalidVersionError(
            "this regular expression is too involved to be safe", text=text, end=len(text)
        )
    try:
        return re.compile(text, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise InvalidVersionError(f"not a regular expression ({error})", text=text, end=len(text)) from None
