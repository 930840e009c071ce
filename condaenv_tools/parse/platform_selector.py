"""The selector that holds on given platforms and nowhere else: the reverse of reading one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from condaenv_tools.model.platform import Platform
from condaenv_tools.model.selector import Selector
from condaenv_tools.parse.platform_words import VARIABLES

__all__ = ["selector_of"]

_ALL = frozenset(Platform)
#: The words that people know, in the order in which they name them.
_KNOWN_WORDS = ("linux", "osx", "win", "unix", "linux64", "osx64", "win64")
_FIRST = {word: rank for rank, word in enumerate(_KNOWN_WORDS)}


@lru_cache(maxsize=256)
def selector_of(platforms: frozenset[Platform]) -> Selector | None:
    """Return the comment selector that holds on `platforms` and nowhere else.

    Parameters
    ----------
    platforms : frozenset of Platform
        At least one.

    Returns
    -------
    Selector or None
        With the shortest words; None where all platforms are meant, which needs none.

    Raises
    ------
    ValueError
        No platform is meant, and such a line has no place in a file.

    Examples
    --------
    >>> selector_of(frozenset({Platform.LINUX_64})).text
    'linux64'
    >>> selector_of(frozenset(Platform) - {p for p in Platform if p.os == "win"}).text
    'not win'
    >>> selector_of(frozenset({Platform.OSX_ARM64, Platform.LINUX_AARCH64})).text
    'aarch64 or osx and arm64'
    """
    if not platforms:
        raise ValueError("a selector holds on one platform at least")
    if platforms == _ALL:
        return None
    text = next((words for words, found in _phrases() if found == platforms), None) or _listed(platforms)
    return Selector(text=text, dialect="comment", platforms=platforms)


def _phrases() -> Iterator[tuple[str, frozenset[Platform]]]:
    """Yield what few words can say, shortest first."""
    words = sorted(VARIABLES, key=lambda word: (_FIRST.get(word, len(_FIRST)), len(word), word))
    for word in words:
        yield word, VARIABLES[word]
    for word in words:
        yield f"not {word}", _ALL - VARIABLES[word]
    for one, other in combinations(words, 2):
        yield f"{one} or {other}", VARIABLES[one] | VARIABLES[other]
    pairs = [(system, word) for system in ("linux", "osx", "win") for word in words]
    for system, word in pairs:
        yield f"{system} and {word}", VARIABLES[system] & VARIABLES[word]
    for system, word in pairs:
        yield f"{system} and not {word}", VARIABLES[system] - VARIABLES[word]


def _listed(platforms: frozenset[Platform]) -> str:
    """Name whole systems where all of their machines are meant, else machine by machine."""
    parts = []
    for system in sorted({platform.os for platform in platforms}):
        members = {platform for platform in Platform if platform.os == system}
        if members <= platforms and VARIABLES.get(system) == frozenset(members):
            parts.append(system)
            continue
        parts += [_machine(platform) for platform in sorted(members & platforms)]
    return " or ".join(parts)


def _machine(platform: Platform) -> str:
    compact = platform.value.replace("-", "")
    if VARIABLES.get(compact) == frozenset({platform}):
        return compact
    arch = {"64": "x86_64", "32": "x86"}.get(platform.arch, platform.arch)
    if VARIABLES.get(arch) == frozenset({platform}):
        return arch
    if platform.arch == "32":
        return f"{platform.os} and x86 and not x86_64"
    return f"{platform.os} and {arch}"
