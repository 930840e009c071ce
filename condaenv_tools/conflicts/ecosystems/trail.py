"""How one conda package leads to another: the shortest chain of dependencies in a solution."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterable

from condaenv_tools.model.record import PackageRecord

__all__ = ["trail_to"]

_NAME = re.compile(r"(?:[^\s:]*::)?([\w.-]+)")


def trail_to(start: str, goals: Collection[str], records: Iterable[PackageRecord]) -> tuple[str, ...]:
    """Return the packages behind one on the shortest way to one of some others, which is the last of them.

    Parameters
    ----------
    start : str
        The package to begin with.
    goals : collection of str
        Any of these ends the chain.
    records : iterable of PackageRecord
        A solution.

    Returns
    -------
    tuple of str
        Empty where none is reached.

    Examples
    --------
    >>> def toy(name, *depends):
    ...     place = {"version": "1", "build": "0", "subdir": "noarch", "channel": "", "url": ""}
    ...     return PackageRecord(name=name, depends=depends, **place)
    >>> records = [toy("dask", "dask-core"), toy("dask-core", "requests >=2"), toy("requests")]
    >>> trail_to("dask", {"requests"}, records)
    ('dask-core', 'requests')
    """
    needs = {one.name: [m[1].lower() for text in one.depends if (m := _NAME.match(text))] for one in records}
    trails: dict[str, tuple[str, ...]] = {start: ()}
    queue = deque([start])
    while queue:
        name = queue.popleft()
        for other in needs.get(name, ()):
            if other in trails or other not in needs:
                continue
            trails[other] = (*trails[name], other)
            if other in goals:
                return trails[other]
            queue.append(other)
    return ()
