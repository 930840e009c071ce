"""The platforms of a lock side by side: what is common, and what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from condaenv_tools.graph.build import build_graph
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.record import PackageRecord

__all__ = ["Differing", "PlatformDiff", "build_graphs", "platform_diff"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A package that is not the same on all platforms.

    Attributes
    ----------
    node : str
        Node id.
    versions : tuple of (str, str or None)
        Platform and version, in the order of the platforms; None where it is not there, or has no version.
    """

    node: str
    versions: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformDiff:
    """Some platforms beside each other.

    Attributes
    ----------
    platforms : tuple of str
        As they were given.
    common : tuple of str
        The packages that have one version on all platforms, sorted.
    differing : tuple of Differing
        All others, sorted.
    """

    platforms: tuple[str, ...]
    common: tuple[str, ...]
    differing: tuple[Differing, ...]


def build_graphs(
    lock: Lock, *, records: Mapping[str, PackageRecord] | None = None
) -> dict[str, nx.MultiDiGraph]:
    """Return the graph of each platform of a lock by the platform's name, in the lock's order.

    `records` are those of `build_graph`. Takes O(V + E) for each platform.

    Examples
    --------
    >>> build_graphs(Lock(platforms=()))
    {}
    """
    return {part.platform.value: build_graph(part, records=records) for part in lock}


def platform_diff(graphs: Mapping[str, nx.MultiDiGraph]) -> PlatformDiff:
    """Say which packages are the same on all platforms, and how the others differ.

    Parameters
    ----------
    graphs : mapping of str to networkx.MultiDiGraph
        By the platform's name; `build_graphs` makes them.

    Returns
    -------
    PlatformDiff
        Builds are not compared: they differ on every platform.

    Notes
    -----
    O(P V log V) for P platforms.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> diff = platform_diff({"linux-64": toy_graph("a: b", "b:"), "osx-arm64": toy_graph("a:")})
    >>> diff.common, diff.differing
    (('conda:a',), (Differing(node='conda:b', versions=(('linux-64', '1'), ('osx-arm64', None))),))
    """
    common, differing = [], []
    for node in sorted({node for graph in graphs.values() for node in graph}):
        versions = tuple(
            (name, graph.nodes[node]["version"] if node in graph else None) for name, graph in graphs.items()
        )
        everywhere = all(node in graph for graph in graphs.values())
        if everywhere and len({version for _, version in versions}) == 1:
            common.append(node)
        else:
            differing.append(Differing(node=node, versions=versions))
    return PlatformDiff(platforms=tuple(graphs), common=tuple(common), differing=tuple(differing))
