"""The selector that says on which platforms a new line counts."""

from __future__ import annotations

from collections.abc import Iterable

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.parse.platform_words import VARIABLES

__all__ = ["selector_for", "selectors_of"]


def selector_for(platforms: Iterable[Platform], environment: Environment) -> str:
    """Return the shortest expression that holds on some platforms and on no other of an environment.

    One word where there is one, because conda-lock reads no more.

    Parameters
    ----------
    platforms : iterable of Platform
        Where the line shall count; at least one.
    environment : Environment
        Its `platforms` are those that must be told apart; the default ones where it names none.

    Examples
    --------
    >>> empty = Environment(sources=("e.yml",))
    >>> selector_for([Platform.WIN_64], empty), selector_for([Platform.OSX_ARM64], empty)
    ('win', 'arm64')
    >>> selector_for([Platform.OSX_64, Platform.OSX_ARM64], empty)
    'osx'
    >>> selector_for([Platform.LINUX_64, Platform.WIN_64, Platform.OSX_ARM64], empty)
    'linux64 or arm64 or win'
    """
    wanted = frozenset(platforms)
    among = wanted | frozenset(item.platform for item in environment.platforms)
    if not environment.platforms:
        among |= frozenset(DEFAULT_PLATFORMS)
    for word, holds in VARIABLES.items():
        if holds & among == wanted:
            return word
    return " or ".join(_single(platform, among) for platform in sorted(wanted, key=list(Platform).index))


def _single(platform: Platform, among: frozenset[Platform]) -> str:
    for word, holds in VARIABLES.items():
        if holds & among == {platform}:
            return word
    return f"({platform.os} and {'x86_64' if platform.arch == '64' else platform.arch})"


def selectors_of(environment: Environment) -> frozenset[str]:
    """Return which kinds of selectors the lines of an environment have: ``comment``, ``sel``."""
    return frozenset(item.selector.dialect for item in environment.items() if item.selector is not None)
