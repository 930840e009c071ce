"""Which Pythons a build is for, as minor versions: what people choose by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import VersionSpec

__all__ = ["Minor", "minors_of", "pythons_text"]

#: More than there will be: a specifier that allows the last one has no upper bound.
_LAST = 60
_MINORS = ((2, 7), *((3, minor) for minor in range(_LAST + 1)))
_PATCHES = 25

#: A major and a minor version.
Minor = tuple[int, int]


def minors_of(specs: Iterable[VersionSpec]) -> frozenset[Minor]:
    """Return the minor versions of which some release fulfils all of some specifiers.

    Examples
    --------
    >>> sorted(minors_of([VersionSpec.parse(">=3.11,<3.13.0a0"), VersionSpec.parse("!=3.11.*")]))
    [(3, 12)]
    """
    return _minors(tuple(sorted(set(map(str, specs)))))


@lru_cache(maxsize=4096)
def _minors(texts: tuple[str, ...]) -> frozenset[Minor]:
    specs = [VersionSpec.parse(text) for text in texts]
    return frozenset(minor for minor in _MINORS if any(_fulfils(v, specs) for v in _releases(*minor)))


def _fulfils(version: Version, specs: Sequence[VersionSpec]) -> bool:
    return all(spec.matches(version) for spec in specs)


def _releases(major: int, minor: int) -> Iterable[Version]:
    yield Version.of(f"{major}.{minor}")
    for patch in range(1, _PATCHES):
        yield Version.of(f"{major}.{minor}.{patch}")


def pythons_text(minors: Iterable[Minor]) -> str:
    """Return minor versions as a reader wants them: runs as ranges, and one without end as a lower bound.

    Examples
    --------
    >>> pythons_text([(3, 9), (3, 11), (3, 12), (3, 13)]), pythons_text(minors_of([VersionSpec.parse(">=3.9")]))
    ('3.9, 3.11 to 3.13', '>=3.9')
    """
    found = sorted(set(minors), key=_MINORS.index)
    if len(found) == len(_MINORS):
        return "any"
    runs: list[list[Minor]] = []
    for minor in found:
        if runs and _MINORS.index(minor) == _MINORS.index(runs[-1][-1]) + 1 and minor[0] == runs[-1][-1][0]:
            runs[-1].append(minor)
        else:
            runs.append([minor])
    return ", ".join(map(_run, runs))


def _run(run: Sequence[Minor]) -> str:
    (first, *_), last = run, run[-1]
    low, high = (f"{major}.{minor}" for major, minor in (first, last))
    if last == _MINORS[-1]:
        return f">={low}"
    if low == high:
        return low
    return f"{low} to {high}" if len(run) > 2 else f"{low}, {high}"
