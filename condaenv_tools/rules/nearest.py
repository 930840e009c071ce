"""Names that exist and look like one that does not, found without a look at every name there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["nearest_names"]

_LETTERS = "-abcdefghijklmnopqrstuvwxyz0123456789"
#: In a shorter name one letter is too much of it.
_SHORTEST = 5
#: Nobody's slip is looked for in a longer one.
_LONGEST = 40
#: How the names of Python packages differ from the names of what they wrap.
_AFFIXES = ("python-{}", "{}-python", "py{}", "py-{}")


def nearest_names(name: str, exists: Callable[[str], bool], *, limit: int = 2) -> tuple[str, ...]:
    """Return names that exist and are one slip away from `name`, the likeliest first.

    Parameters
    ----------
    name : str
        What does not exist, in lower case.
    exists : callable
        Says whether a name does.
    limit : int
        How many at most.

    Returns
    -------
    tuple of str
        Other spellings of ``-``, ``_`` and ``.`` first; then names with two letters swapped, one doubled or
        left out, one too many, one another; then those with ``python-`` or ``py`` put on.

    Examples
    --------
    >>> nearest_names("nunpy", {"numpy", "scipy"}.__contains__)
    ('numpy',)
    >>> nearest_names("scikit_learn", {"scikit-learn"}.__contains__)
    ('scikit-learn',)
    >>> nearest_names("scikitlearn", {"scikit-learn"}.__contains__)
    ('scikit-learn',)
    """
    found: dict[str, None] = {}
    for other in _candidates(name):
        if other != name and other not in found and exists(other):
            found[other] = None
            if len(found) == limit:
                break
    return tuple(found)


def _candidates(name: str) -> Iterator[str]:
    for sign in "-_.":
        yield name.replace("-", sign).replace("_", sign).replace(".", sign)
    yield name.replace("-", "").replace("_", "")
    if _SHORTEST <= len(name) <= _LONGEST:
        yield from _slips(name)
    for affix in _AFFIXES:
        yield affix.format(name)
        lead, _, tail = affix.partition("{}")
        yield name.removeprefix(lead).removesuffix(tail)


def _slips(name: str) -> Iterator[str]:
    size = len(name)
    for at in range(size - 1):
        yield name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    for at in range(size):
        yield name[: at + 1] + name[at:]
    # The first letter is seldom the wrong one.
    for at in range(1, size):
        yield name[:at] + name[at + 1 :]
    for at in range(1, size + 1):
        for letter in _LETTERS:
            yield name[:at] + letter + name[at:]
    for at in range(1, size):
        for letter in _LETTERS:
            yield name[:at] + letter + name[at + 1 :]
