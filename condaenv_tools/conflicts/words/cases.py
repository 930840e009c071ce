"""A conflict that takes a case distinction: no release of one package goes with the lines, each for a reason."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.conflicts.words.chains import find_chain, required_by
from condaenv_tools.conflicts.words.reasons import Chain, Records
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.model.version import Version

__all__ = ["Case", "Cases", "find_cases"]

#: So many cases can be told in a few lines.
_MOST_CASES = 4
#: So many packages are tried.
_MOST_PACKAGES = 6
#: Releases are told apart by so many parts of their version.
_PARTS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """Some releases of a package, and why none of them will do.

    Attributes
    ----------
    assumed : Dependency
        A line that no file has: it asks for these releases.
    chain : Chain
        Why the lines exclude each other together with it.
    """

    assumed: Dependency
    chain: Chain


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cases:
    """A package that the lines need, and each case of its releases.

    Attributes
    ----------
    name : str
        The package.
    cases : tuple of Case
        In the order of the releases; no other release is left.
    """

    name: str
    cases: tuple[Case, ...]


def find_cases(
    members: Sequence[Dependency], universe: Universe, *, until: float | None = None
) -> Cases | None:
    """Return a package of whose releases none goes with some lines, each for a reason that can be told.

    Parameters
    ----------
    members : sequence of Dependency
        A core for which there is no chain.
    universe : Universe
        The records of the platform.
    until : float, optional
        Moment of `time.monotonic` at which the search is given up.

    Returns
    -------
    Cases or None
        Of Python where that will do, else of a package that a line names, else of the one with fewest cases.
    """
    left = required_by(members, universe, until=until)
    named = {item.name for item in members}
    groups = {name: _releases(records) for name, records in left.items()}
    open_ = [name for name, found in groups.items() if 2 <= len(found) <= _MOST_CASES]
    open_.sort(key=lambda name: (name != "python", name not in named, len(groups[name]), name))
    for name in open_[:_MOST_PACKAGES]:
        cases: list[Case] = []
        for release in groups[name]:
            if until is not None and time.monotonic() > until:
                return None
            assumed = _assumed(name, release)
            chain = find_chain([*members, assumed], universe, until=until)
            if chain is None:
                break
            cases.append(Case(assumed=assumed, chain=chain))
        else:
            return Cases(name=name, cases=tuple(cases))
    return None


def _releases(records: Records) -> list[str]:
    """Return the releases of some records by the beginnings of their versions, rising."""
    versions = sorted({Version.of(record.version) for record in records})
    return [text for text, _ in groupby(".".join(version.text.split(".")[:_PARTS]) for version in versions)]


def _assumed(name: str, release: str) -> Dependency:
    text = f"{name}={release}"
    span = SourceSpan(path="<assumed>", line=0, column=0)
    return Dependency(text=text, spec=MatchSpec.parse(text), span=span)
