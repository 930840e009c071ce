"""Versions of conda packages and their order (CEP 33)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest
from math import inf
from typing import NoReturn, TypeAlias

from condaenv_tools.errors import InvalidVersionError

__all__ = ["Version"]

_ALLOWED = re.compile(r"[*.+!_0-9a-z]+")
#: What most versions are.
_NUMBERS = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}){0,9}")
_RUNS = re.compile(r"[0-9]+|[*]+|[^0-9*]+")
#: Longer ones are nobody's version (CEP 26 allows 64), and numbers of many digits are slow to read.
_LONGEST = 256

#: A number, a word, or the infinity that `post` stands for.
Token: TypeAlias = "int | float | str"  # noqa: S105 - no secret
#: What stands between two dots. It begins with a number, so that numbers and words stay in phase.
Component: TypeAlias = tuple[Token, ...]


class Version:
    """A version, with the order of CEP 33.

    Missing parts count as zero, so that ``1.2`` and ``1.2.0`` are equal. Words come before numbers,
    ``dev`` before all other words, and ``post`` after all numbers.

    Parameters
    ----------
    text : str
        As a channel or a user writes it.

    Attributes
    ----------
    text : str
        As given; also what `str` returns.
    release : tuple of tuple
        The epoch and the components of the version.
    local : tuple of tuple
        The components behind ``+``; empty without one.

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

    __slots__ = ("_key", "local", "release", "text")

    text: str
    release: tuple[Component, ...]
    local: tuple[Component, ...]
    _key: tuple[int | str, ...]

    def __init__(self, text: str) -> None:
        release, local = _components(text)
        set_once = super().__setattr__
        set_once("text", text)
        set_once("release", release)
        set_once("local", local)
        set_once("_key", _sort_key(release) + _sort_key(local))

    @classmethod
    def of(cls, text: str) -> Version:
        """Return the version of a text, from a cache of those met before."""
        return _cached(text)

    def starts_with(self, prefix: Version) -> bool:
        """Say whether this version equals `prefix` in all that `prefix` has: ``=1.2`` as conda means it.

        A last word of `prefix` may be cut short, and what follows its last token does not count: ``1.2rc1``
        starts with ``1.2`` and with ``1.2r``.
        """
        mine, wanted = self.release, prefix.release
        if prefix.local:
            if not _equal(mine, wanted):
                return False
            mine, wanted = self.local, prefix.local
        last = len(wanted) - 1
        if not _equal(mine[:last], wanted[:last]):
            return False
        component = mine[last] if len(mine) > last else ()
        goal = wanted[last]
        final = len(goal) - 1
        if final and not _equal((component[:final],), (goal[:final],)):
            return False
        token = component[final] if len(component) > final else 0
        wanted_token = goal[final]
        if isinstance(token, str) and isinstance(wanted_token, str):
            return token.startswith(wanted_token)
        return token == wanted_token

    def __eq__(self, other: object) -> bool:
        return self._key == other._key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return self._key < other._key if isinstance(other, Version) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self._key <= other._key if isinstance(other, Version) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self._key > other._key if isinstance(other, Version) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self._key >= other._key if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a version cannot be changed: {name}")

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
    if _NUMBERS.fullmatch(text):
        return ((0,), *[(int(part),) for part in text.split(".")]), ()
    plain = text.strip()
    if not plain:
        raise InvalidVersionError("a version cannot be empty", text=text, end=len(text))
    if len(plain) > _LONGEST:
        raise InvalidVersionError(f"a version has at most {_LONGEST} characters", text=text, end=len(text))
    plain = plain.lower()
    if "-" in plain and "_" not in plain:
        plain = plain.replace("-", "_")
    if not (text.isascii() and _ALLOWED.fullmatch(plain)):
        raise _invalid_character(text)
    epoch, mark, rest = plain.rpartition("!")
    if mark and not epoch.isdecimal():
        raise InvalidVersionError("an epoch is a number before one '!'", text=text, end=len(text))
    release, plus, local = rest.partition("+")
    if "+" in local or not release or (plus and not local):
        reason = "one '+' stands between a version and its local part"
        raise InvalidVersionError(reason, text=text, end=len(text))
    # An underscore at the end belongs to its component, as in the versions of OpenSSL.
    tail = "_" if release.endswith("_") else ""
    parts = release.removesuffix("_").replace("_", ".").split(".")
    parts[-1] += tail
    numbers = [_component(part, text) for part in (epoch or "0", *parts)]
    locals_ = [_component(part, text) for part in local.replace("_", ".").split(".")] if plus else []
    return tuple(numbers), tuple(locals_)


def _invalid_character(text: str) -> InvalidVersionError:
    start = len(text) - len(text.lstrip())
    while start < len(text) - 1 and text[start].isascii() and _ALLOWED.fullmatch(text[start].lower()):
        start += 1
    return InvalidVersionError(
        f"{text[start]!r} cannot be in a version", text=text, start=start, end=start + 1
    )


def _component(part: str, text: str) -> Component:
    if not part.strip("_"):
        raise InvalidVersionError("a part of the version is empty", text=text, end=len(text))
    tokens = tuple(_token(run) for run in _RUNS.findall(part))
    return tokens if part[0].isdecimal() else (0, *tokens)


def _token(run: str) -> Token:
    if run.isdecimal():
        return int(run)
    if run == "post":
        return inf
    # Upper case sorts before every other word, all of which are lower case.
    return "DEV" if run == "dev" else run


def _equal(left: tuple[Component, ...], right: tuple[Component, ...]) -> bool:
    return left == right or all(
        one == other
        for mine, theirs in zip_longest(left, right, fillvalue=())
        for one, other in zip_longest(mine, theirs, fillvalue=0)
    )


#: Ranks in a sort key. What ends early counts as zeros without end, so that zeros need a look ahead: a run
#: of them sorts below the end where it leads to a word, and above where it leads to a number.
_WORD, _FALL, _COMPONENTS_FALL, _END, _COMPONENTS_RISE, _RISE, _NUMBER, _POST = range(8)


def _sort_key(components: tuple[Component, ...]) -> tuple[int | str, ...]:
    """Return what orders versions by plain comparison of tuples, the same for equal versions."""
    key: list[int | str] = []
    zeros = 0
    for component in components:
        part = _component_key(component)
        if not part:
            zeros += 1
            continue
        if zeros:
            key += (_COMPONENTS_FALL, zeros) if part[0] == _FALL else (_COMPONENTS_RISE, -zeros)
            zeros = 0
        key += part
    return (*key, _END)


def _component_key(component: Component) -> list[int | str]:
    """Return the key of a component; nothing for one of zeros alone."""
    key: list[int | str] = []
    zeros = 0
    for token in component:
        if token == 0:
            zeros += 1
            continue
        if zeros:
            key += (_FALL, zeros) if isinstance(token, str) else (_RISE, -zeros)
            zeros = 0
        if isinstance(token, str):
            key += (_WORD, token)
        else:
            key += (_POST,) if token == inf else (_NUMBER, int(token))
    return [*key, _END] if key else key
