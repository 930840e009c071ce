"""Graphs of a few lines, for examples and tests."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from condaenv_tools.graph.build import build_graph
from condaenv_tools.model.lock import Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution

__all__ = ["toy_graph"]

_CHANNEL = "https://conda.example.org/toy"


def toy_graph(*lines: str, roots: Iterable[str] | None = None) -> nx.MultiDiGraph:
    """Return the graph of packages that are written as ``NAME: NEED NEED ...``, one a line, 1000 bytes each.

    Parameters
    ----------
    *lines : str
        A need may have a version, ``net>=2``; every package has version 1.
    roots : iterable of str, optional
        What was asked for; without them, what nothing needs.

    Examples
    --------
    >>> list(toy_graph("app: net", "net: __glibc"))
    ['conda:app', 'conda:net', 'virtual:__glibc']
    """
    records = []
    for line in lines:
        name, _, needs = line.partition(":")
        records.append(
            PackageRecord(
                name=name,
                version="1",
                build="0",
                subdir="linux-64",
                channel=_CHANNEL,
                url=f"{_CHANNEL}/linux-64/{name}-1-0.conda",
                size=1000,
                depends=tuple(needs.split()),
            )
        )
    asked = None
    if roots is not None:
        asked = [Root(name=name, spec=name, source=f"environment.yml:{i}") for i, name in enumerate(roots, 1)]
    solution = Solution(platform=Platform.LINUX_64, records=tuple(records), virtual_packages=())
    return build_graph(solution, roots=asked)
