"""A selector put behind a line of a file: in its comment where it has one, and nothing else touched."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.environment import Dependency, Environment, PlatformItem
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.parse.editing.selecting import selector_for
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.platform_selector import selector_of
from condaenv_tools.parse.selectors import find_comment_selector, parse_comment_selector

__all__ = ["with_selector"]

#: Platforms that people lock for.
_USUAL = frozenset({*DEFAULT_PLATFORMS, Platform.LINUX_PPC64LE, Platform.WIN_ARM64})
_REST = re.compile(r"(?P<gap>[\"']?[ \t]*)(?P<comment>#[^\r\n]*)?(?=[\r\n]|$)")


def with_selector(
    text: str, item: Dependency, *, only_on: Sequence[Platform], asked: Sequence[Platform]
) -> str:
    r"""Return the text of a file in which a line counts on some platforms only.

    Parameters
    ----------
    text : str
        Of which the item was read; without a byte order mark.
    item : Dependency
        The line.
    only_on : sequence of Platform
        Where it shall count; at least one.
    asked : sequence of Platform
        The platforms that must be told apart.

    Raises
    ------
    UnsupportedError
        The item is part of a list in brackets, or of a ``sel(...)``, or something else stands behind it.

    Examples
    --------
    >>> text = "dependencies:\n  - numpy\n  - jq  # for the scripts\n"
    >>> environment = parse_environment(text).environment
    >>> asked = [Platform.LINUX_64, Platform.OSX_64, Platform.WIN_64]
    >>> print(with_selector(text, environment.dependencies[1], only_on=asked[:2], asked=asked))
    dependencies:
      - numpy
      - jq  # [unix] for the scripts
    <BLANKLINE>
    """
    begin, end = item.span.start, item.span.end
    rest = _REST.match(text, end)
    before = text[text.rfind("\n", 0, begin) + 1 : begin]
    if rest is None or not re.fullmatch(r"\s*-[ \t]+[\"']?", before):
        raise _refused(item)
    if item.selector is not None and item.selector.dialect != "comment":
        raise _refused(item)
    words = _words(item, only_on=only_on, asked=asked)
    comment = rest["comment"] or ""
    known = find_comment_selector(comment) if item.selector is not None else None
    if known is not None:
        made = f"{comment[: known.offset]}{words}{comment[known.offset + len(known.text) :]}"
    elif comment:
        made = f"# [{words}] {comment.lstrip('#').lstrip()}"
    else:
        made = f"  # [{words}]"
    place = rest.start("comment") if comment else rest.end()
    new = f"{text[:place]}{made}{text[place + len(comment) :]}"
    if _meaning(new) != _meaning(text, item, frozenset(parse_comment_selector(words).platforms)):
        raise _refused(item)
    return new


def _words(item: Dependency, *, only_on: Sequence[Platform], asked: Sequence[Platform]) -> str:
    """Return an expression that holds on no platform on which the line did not count before."""
    words = ""
    spread: tuple[Collection[Platform], ...] = (asked, _USUAL)
    for among in spread:
        places = tuple(PlatformItem(span=item.span, platform=platform) for platform in among)
        words = selector_for(only_on, Environment(sources=(), platforms=places))
        holds = parse_comment_selector(words).platforms & _USUAL
        if item.selector is None or holds <= item.selector.platforms:
            return words
    return words


def _meaning(
    text: str, item: Dependency | None = None, platforms: frozenset[Platform] | None = None
) -> Environment | None:
    """Return what a text says, places and words of selectors left out, as if an item had another selector."""
    environment = parse_environment(text).environment
    if environment is None:
        return None
    span = environment.dependencies[0].span if environment.dependencies else None
    found = []
    for one in environment.dependencies:
        selector = one.selector
        there = None if selector is None else selector.platforms
        if item is not None and (one.span.start, one.text) == (item.span.start, item.text):
            there = platforms
        plain = None if there is None else selector_of(there)
        found.append(replace(one, span=span or one.span, selector=plain))
    return replace(Environment(sources=environment.sources, name=environment.name), dependencies=tuple(found))


def _refused(item: Dependency) -> UnsupportedError:
    return UnsupportedError(
        f"{item.span}: no selector can be put behind {item}",
        hints=["write the item on a line of its own, without quotes over several lines"],
    )
