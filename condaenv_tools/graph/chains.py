"""Why is it here, who needs it, what does a change of it touch, how deep does it lie.

Node ids go in and come out. All functions follow `depends` edges alone, take ``graph.subgraph(...)`` as well, and
walk through a cycle once.
"""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx

from condaenv_tools.graph.roots import dependencies, need_node, reached, reversed_edges, root_nodes

__all__ = ["all_chains", "depth", "impact", "layers", "needed_by", "needs", "on_shortest_chains", "why"]

Chain = tuple[str, ...]


def on_shortest_chains(graph: nx.MultiDiGraph, node: str) -> dict[str, tuple[str, ...]]:
    """Return the tree that `why` unfolds: for each node on a shortest chain, who stands before it there.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        A node id.

    Returns
    -------
    dict of str to tuple of str
        `node` first; those before a node are sorted. A root that no longer chain needs has none. Empty where
        no root leads to `node`.

    Notes
    -----
    Takes O(V + E log E), however many chains there are.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: web log", "web: net", "log: net", "net:", roots=["app"])
    >>> for one, before in on_shortest_chains(graph, "conda:net").items():
    ...     print(one, before)
    conda:net ('conda:log', 'conda:web')
    conda:log ('conda:app',)
    conda:web ('conda:app',)
    conda:app ()
    """
    need_node(graph, node)
    forward = dependencies(graph)
    distance = reached([node], reversed_edges(forward))
    # Down from the roots, each step nearer to the node, so that what no root leads to is left out.
    before: dict[str, list[str]] = {root: [] for root in root_nodes(graph) if root in distance}
    for one in sorted(distance, key=lambda n: (-distance[n], n)):
        if one in before:
            for target in forward[one]:
                if distance.get(target) == distance[one] - 1:
                    before.setdefault(target, []).append(one)
    order = sorted(before, key=lambda n: (distance[n], n))
    return {one: tuple(sorted(before[one])) for one in order}


def why(graph: nx.MultiDiGraph, node: str) -> tuple[Chain, ...]:
    """Return all shortest chains from each root to a package.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        A node id.

    Returns
    -------
    tuple of tuples of str
        Each begins with a root and ends with `node`; the shortest first, then by their ids. A root has the
        chain of itself alone, beside those of other roots. Empty where no root leads to it.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    O(V + E log E) and the length of the answer, which can grow exponentially with the depth of the graph;
    `on_shortest_chains` holds the same in one tree.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: web log", "web: net", "log: net", "net:", roots=["app", "log"])
    >>> for chain in why(graph, "conda:net"):
    ...     print(*chain)
    conda:log conda:net
    conda:app conda:log conda:net
    conda:app conda:web conda:net
    """
    before = on_shortest_chains(graph, node)
    roots = set(root_nodes(graph))
    found: list[Chain] = []
    stack: list[Chain] = [(node,)] if before else []
    while stack:
        chain = stack.pop()
        if chain[0] in roots:
            found.append(chain)
        stack.extend((one, *chain) for one in before[chain[0]])
    return tuple(sorted(found, key=lambda chain: (len(chain), chain)))


def all_chains(graph: nx.MultiDiGraph, node: str) -> Iterator[Chain]:
    """Yield every chain from a root to a package that passes no package twice, one after the other.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        A node id.

    Yields
    ------
    tuple of str
        By root, depth first, the targets of a package in the order of their ids.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    There can be exponentially many: take as many as are wanted.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: log net", "log: net", "net:", roots=["app"])
    >>> list(all_chains(graph, "conda:net"))
    [('conda:app', 'conda:log', 'conda:net'), ('conda:app', 'conda:net')]
    """
    need_node(graph, node)
    forward = dependencies(graph)
    above = reached([node], reversed_edges(forward))
    narrowed = nx.DiGraph({one: [t for t in forward[one] if t in above] for one in above})
    for root in root_nodes(graph):
        if root == node:
            yield (node,)
        elif root in above:
            yield from map(tuple, nx.all_simple_paths(narrowed, root, node))


def needed_by(graph: nx.MultiDiGraph, node: str, *, direct: bool = False) -> tuple[str, ...]:
    """Return the packages that need a package, directly or through others.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        A node id.
    direct : bool
        Only those that name it.

    Returns
    -------
    tuple of str
        The nearest first, then by id; without `node` itself.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: web", "web: net", "net:")
    >>> needed_by(graph, "conda:net"), needed_by(graph, "conda:net", direct=True)
    (('conda:web', 'conda:app'), ('conda:web',))
    """
    need_node(graph, node)
    return _by_distance(reached([node], reversed_edges(dependencies(graph))), direct=direct)


def needs(graph: nx.MultiDiGraph, node: str, *, direct: bool = False) -> tuple[str, ...]:
    """Return the packages that a package needs, directly or through others.

    Parameters and order are those of `needed_by`, and so is the cost.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> needs(toy_graph("app: web", "web: net", "net:"), "conda:app")
    ('conda:web', 'conda:net')
    """
    need_node(graph, node)
    return _by_distance(reached([node], dependencies(graph)), direct=direct)


def _by_distance(distance: dict[str, int], *, direct: bool) -> tuple[str, ...]:
    found = (one for one, steps in distance.items() if steps and (steps == 1 or not direct))
    return tuple(sorted(found, key=lambda one: (distance[one], one)))


def impact(graph: nx.MultiDiGraph, node: str) -> tuple[str, ...]:
    """Return the roots that a change of a package touches: those that need it, and itself if it is one, sorted.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: net", "other:", "net:", roots=["app", "net", "other"])
    >>> impact(graph, "conda:net")
    ('conda:app', 'conda:net')
    """
    need_node(graph, node)
    above = reached([node], reversed_edges(dependencies(graph)))
    return tuple(root for root in root_nodes(graph) if root in above)


def depth(graph: nx.MultiDiGraph) -> tuple[tuple[str, int], ...]:
    """Return how many steps each package lies below the nearest root.

    Returns
    -------
    tuple of (str, int)
        By depth, then id; roots have 0. What no root leads to is left out.

    Notes
    -----
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> depth(toy_graph("app: web net", "web: net", "net:", roots=["app"]))
    (('conda:app', 0), ('conda:net', 1), ('conda:web', 1))
    """
    distance = reached(root_nodes(graph), dependencies(graph))
    return tuple(sorted(distance.items(), key=lambda item: (item[1], item[0])))


def layers(graph: nx.MultiDiGraph) -> tuple[tuple[str, ...], ...]:
    """Return the packages in layers, so that each lies below all that need it.

    Returns
    -------
    tuple of tuples of str
        The first layer holds what nothing needs; each layer is sorted. The packages of a cycle share a layer.

    Notes
    -----
    The layer is the length of the longest chain from the top, cycles taken as one. Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> layers(toy_graph("app: web net", "web: net", "net:"))
    (('conda:app',), ('conda:web',), ('conda:net',))
    """
    condensed = nx.condensation(nx.DiGraph(dependencies(graph)))
    level = dict.fromkeys(condensed, 0)
    for group in nx.topological_sort(condensed):
        for below in condensed[group]:
            level[below] = max(level[below], level[group] + 1)
    found: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for group, members in condensed.nodes(data="members"):
        found[level[group]] += members
    return tuple(tuple(sorted(layer)) for layer in found)
