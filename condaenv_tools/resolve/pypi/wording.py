"""Words for what went wrong: the user's own lines, ranges instead of lists, uv's sentences cut short."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.lines import AskedLine

__all__ = ["listed", "of_line", "of_provided", "ranged", "words_of"]

_LONGEST = 600
#: What uv writes before a sentence, and hints, which speak of uv's own options.
_LABEL = re.compile(r"^\s*(?:error|cause|[├└×╰─▶│\s]+)\s*:?\s*", re.IGNORECASE)
_HINT = re.compile(r"^\s*hint\b", re.IGNORECASE)
#: Lines about what uv is doing, and warnings about how it is called.
_NOISE = re.compile(r"\s*(?:warning:|(?:Updat|Resolv|Build|Built|Download|Prepar)\w* )")
_CACHE = re.compile(r"(?:failed to fetch into: )?`?(?:[A-Za-z]:)?[\\/]\S*[\\/]git-v\d+[\\/][^\s:`]+`?:?\s*")
_TEMPORARY = re.compile(r"file://\S*/condaenv-(?:stubs|uv)-[^\s`'\")]*")


def words_of(text: str) -> str:
    r"""Return the sentences of uv's account in one paragraph, without hints about its options.

    Examples
    --------
    >>> words_of("error: No solution found\n  cause: Because b has no 2.0,\n   it fails.\n\nhint: Use --pre")
    'No solution found: Because b has no 2.0, it fails'
    """
    kept: list[str] = []
    for line in text.splitlines():
        if _HINT.match(line):
            break
        if not line.strip() or _NOISE.match(line):
            continue
        begins = re.match(r"\s*(?:error|cause)\s*:", line, re.IGNORECASE) is not None
        sentence = _LABEL.sub("", line).strip()
        if kept and begins:
            kept[-1] = f"{kept[-1].rstrip('.:')}:"
        kept.append(sentence)
    whole = mask_credentials(_CACHE.sub("", _TEMPORARY.sub("conda's version", " ".join(kept)))).rstrip(".")
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1]}…"


def of_line(line: AskedLine) -> str:
    """Return a line as the user wrote it, and where."""
    where = line.line.span
    return f"{line.line} ({where.path}:{where.line})" if where else str(line.line)


def of_provided(one: Provided) -> str:
    """Return what conda provides, by conda's name."""
    return f"{one.conda_name} {one.version} from conda"


def listed(parts: Sequence[str]) -> str:
    """Return parts as a sentence names them.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else "nothing"


def ranged(texts: Iterable[str], *, at_most: int = 6) -> str:
    """Return sorted, distinct texts in one line, the middle left out where there are many."""
    found = sorted(set(texts))
    if len(found) <= at_most:
        return ", ".join(found)
    return f"{', '.join(found[: at_most - 1])}, … ({len(found)} in all)"
