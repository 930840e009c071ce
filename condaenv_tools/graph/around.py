"""A part of a graph: what a package needs and who needs it, a few steps far."""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx

from condaenv_tools.graph.roots import dependencies, need_node, reached, reversed_edges

__all__ = ["around"]


def around(graph: nx.MultiDiGraph, nodes: Iterable[str], *, depth: int = 1) -> nx.MultiDiGraph:
    """Return the part of a graph that lies within some steps below and above some packages.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    nodes : iterable of str
        Node ids.
    depth : int
        How many `depends` edges far: down to what they need, and up to who needs them. A step down and up again
        does not count; else everything were near everything through the interpreter.

    Returns
    -------
    networkx.MultiDiGraph
        A graph of its own, in which `roots` and `missing` speak of its packages alone.

    Raises
    ------
    UnknownPackageError
        A node is not in the graph.

    Notes
    -----
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: web", "web: net", "log: net", "net:")
    >>> list(around(graph, ["conda:web"])), list(around(graph, ["conda:app"], depth=2))
    (['conda:app', 'conda:net', 'conda:web'], ['conda:app', 'conda:net', 'conda:web'])
    """
    starts = list(nodes)
    for node in starts:
        need_node(graph, node)
    needs = dependencies(graph)
    near = {
        node
        for edges in (needs, reversed_edges(needs))
        for node, steps in reached(starts, edges).items()
        if steps <= depth
    }
    part: nx.MultiDiGraph = graph.subgraph(near).copy()
    for key in ("roots", "missing"):
        part.graph[key] = [list(row) for row in graph.graph[key] if row[0] in near]
    return part
