"""Other names of a line whose package no channel has: what is meant by an import name, a PyPI name, a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from condaenv_tools.channels.names import conda_names
from condaenv_tools.conflicts.corrections.widening import Widening, spec_text, widenings
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.rules.names_table import IMPORT_NAMES, MEANT_ON_CONDA_FORGE
from condaenv_tools.rules.nearest import nearest_names

__all__ = ["renamings"]

#: So many other names are tried.
_MOST_NAMES = 3


def renamings(
    spec: MatchSpec,
    exists: Callable[[str], bool],
    records: Callable[[str], Sequence[PackageRecord]],
    *,
    slips: bool = True,
) -> tuple[tuple[Widening, ...], ...]:
    """Return what a line may have meant: for each other name, the texts to try, the nearest first.

    Parameters
    ----------
    spec : MatchSpec
        What the line asks for, in vain.
    exists : callable
        Says whether there is a package of a name.
    records : callable
        Returns what there is of a package.
    slips : bool
        Whether a name that is one letter away counts, not only those that a table has.

    Returns
    -------
    tuple of tuples of Widening
        The likeliest name first. The version that is asked for is kept where the package has it; else the nearest
        ones stand there, without a build.

    Examples
    --------
    >>> place = {"build": "0", "subdir": "noarch", "channel": "", "url": ""}
    >>> held = {"scikit-learn": [PackageRecord(name="scikit-learn", version="1.5.1", **place)]}
    >>> found = renamings(MatchSpec.parse("sklearn=1.5"), held.__contains__, held.__getitem__)
    >>> [[one.text for one in texts] for texts in found]
    [['scikit-learn=1.5']]
    """
    names = dict.fromkeys(name for name in _candidates(spec.name, exists, slips=slips) if exists(name))
    found: list[tuple[Widening, ...]] = []
    for name in list(names)[:_MOST_NAMES]:
        other = replace(spec, name=name, build=None, build_number=None, channel=None)
        here = records(name)
        if any(other.matches(record) for record in here):
            found.append((Widening(text=spec_text(other), spec=other, steps=0, upward=True),))
        elif texts := widenings(other, here):
            found.append(texts)
    return tuple(found)


def _candidates(name: str, exists: Callable[[str], bool], *, slips: bool) -> Iterator[str]:
    if name in IMPORT_NAMES:
        yield IMPORT_NAMES[name]
    if name in MEANT_ON_CONDA_FORGE:
        yield MEANT_ON_CONDA_FORGE[name][0]
    yield from conda_names(name) or ()
    if slips:
        yield from nearest_names(name, exists, limit=2)
