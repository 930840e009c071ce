"""Versions of conda packages and their order (CEP 33)."""

from __future__ import annotations

import re
from functools import lru_cache, total_ordering
from itertools import zip_longest
from typing import TypeAlias

from condaenv_tools.errors import InvalidVersionError

__all__ = ["Version"]

_ALLOWED = re.compile(r"[*.+!_0-9a-z]+")
_RUNS = re.compile(r"[0-9]+|[*]+|[^0-9*]+")
#: Longer ones are nobody's version, and numbers of many digits are slow to read.
_LONGEST = 256

#: A number, a word, or the infinity that `post` stands for.
Token: TypeAlias = "int | float | str"  # noqa: S105 - no secret
Component: TypeAlias = tuple[Token, ...]


@total_ordering
class Version:
    """A version, with the order of CEP 33.

    Missing parts count as zero, so that ``1.2`` and ``1.2.0`` are equal. Words come before numbers,
    ``dev`` before all other words, and ``post`` after all numbers.

    Parameters
    ----------
    text : str
        As a channel or a user writes it.

    Raises
    ------
    InvalidVersionError
        The text is no version.

    Examples
    --------
    >>> Version("1.2") == Version("1.2.0") < Version("1.2.post1") < Version("1.10")
    True
    >>> Version("2.0rc1") < Version("2.0")
    True
    >>> Version("1.20").starts_with(Version("1.2"))
    False
    """

    __slots__ = ("_hash", "local", "release", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.release, self.local = _components(text)
        self._hash = hash((_trimmed(self.release), _trimmed(self.local)))

    @classmethod
    def of(cls, text: str) -> Version:
        """Return the version of a text, from a cache of those met before."""
        return _cached(text)

    def starts_with(self, prefix: Version) -> bool:
        """Say whether this version equals `prefix` in every part that `prefix` has: ``=1.2`` as conda means it.

        The last part of `prefix` counts up to its last token, so that ``1.2rc1`` starts with ``1.2``.
        """
        mine, wanted = self.release, prefix.release
        if prefix.local:
            if not _equal(mine, wanted):
                return False
            mine, wanted = self.local, prefix.local
        last = len(wanted) - 1
        if not _equal(mine[:last], wanted[:last]):
            return False
        part = mine[last] if len(mine) > last else ()
        final = len(wanted[last]) - 1
        if not _equal((part[:final],), (wanted[last][:final],)):
            return False
        token = part[final] if len(part) > final else 0
        goal = wanted[last][final]
        if isinstance(goal, str):
            return isinstance(token, str) and token.startswith(goal)
        return token == goal

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return _equal(self.release, other.release) and _equal(self.local, other.local)

    def __lt__(self, other: Version) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return (_compare(self.release, other.release) or _compare(self.local, other.local)) < 0

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __reduce__(self) -> tuple[type[Version], tuple[str]]:
        return Version, (self.text,)


@lru_cache(maxsize=65_536)
def _cached(text: str) -> Version:
    return Version(text)


def _components(text: str) -> tuple[tuple[Component, ...], tuple[Component, ...]]:
    """Split a version into its release, the epoch in front, and its local part."""
    plain = text.strip().lower()
    if not plain:
        raise InvalidVersionError("a version cannot be empty", text=text, end=len(text))
    if len(plain) > _LONGEST:
        raise InvalidVersionError(f"a version has at most {_LONGEST} characters", text=text, end=len(text))
    if "-" in plain and "_" not in plain:
        plain = plain.replace("-", "_")
    if not _ALLOWED.fullmatch(plain):
        lead = len(text) - len(text.lstrip())
        start = lead + next(i for i, char in enumerate(text.strip().lower()) if not _ALLOWED.fullmatch(char))
        raise InvalidVersionError("invalid character in a version", text=text, start=start, end=start + 1)
    epoch, mark, rest = plain.rpartition("!")
    if mark and not epoch.isdecimal():
        raise InvalidVersionError("an epoch is a number before one '!'", text=text, end=len(text))
    release, plus, local = rest.partition("+")
    if "+" in local or not release or (plus and not local):
        raise InvalidVersionError(
            "one '+' stands between a version and its local part", text=text, end=len(text)
        )
    # A final underscore belongs to its part, as in the versions of OpenSSL.
    parts = release.rstrip("_").replace("_", ".").split(".") if release.strip("_") else [""]
    if release.endswith("_") and parts[-1]:
        parts = release[:-1].replace("_", ".").split(".")
        parts[-1] += "_"
    numbered = (_component(epoch or "0", text), *(_component(part, text) for part in parts))
    return numbered, tuple(
        _component(part, text) for part in local.replace("_", ".").split(".")
    ) if plus else ()


def _component(part: str, text: str) -> Component:
    if not part:
        raise InvalidVersionError("a part of the version is empty", text=text, end=len(text))
    tokens = tuple(_token(run) for run in _RUNS.findall(part))
    # Numbers and words stay in phase: every component begins with a number.
    return tokens if part[0].isdecimal() else (0, *tokens)


def _token(run: str) -> Token:
    if run.isdecimal():
        return int(run)
    if run == "post":
        return float("inf")
    # Upper case sorts before every other word, all of which are lower case.
    return "DEV" if run == "dev" else run


def _equal(left: tuple[Component, ...], right: tuple[Component, ...]) -> bool:
    return left == right or _compare(left, right) == 0


def _compare(left: tuple[Component, ...], right: tuple[Component, ...]) -> int:
    """Return a negative number, zero or a positive one, as `left` comes before, with or after `right`."""
    for mine, other in zip_longest(left, right, fillvalue=()):
        for a, b in zip_longest(mine, other, fillvalue=0):
            if a == b:
                continue
            if isinstance(a, str) is not isinstance(b, str):
                return -1 if isinstance(a, str) else 1
            return -1 if a < b else 1  # type: ignore[operator]  # both words, or both numbers
    return 0


def _trimmed(parts: tuple[Component, ...]) -> tuple[Component, ...]:
    """Drop the zeros that a missing part counts as, so that equal versions have equal hashes."""
    found = []
    for part in parts:
        end = len(part)
        while end and part[end - 1] == 0:
            end -= 1
        found.append(part[:end])
    while found and not found[-1]:
        found.pop()
    return tuple(found)
