"""What would I save: the cost of each root, roots that others imply, and the smallest set of roots."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from condaenv_tools.graph.roots import dependencies, reached, root_nodes, source_nodes

__all__ = ["Cost", "RedundantRoot", "cost", "leaves", "redundant_roots"]

#: Stands above all roots; no id of a package is empty.
_TOP = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What goes if a root is no longer asked for.

    Attributes
    ----------
    root : str
        Node id.
    packages : tuple of str
        The packages that nothing else needs then, sorted; the root is among them unless another root needs it.
    size : int
        Their archives, in bytes.
    unknown_sizes : int
        How many of them have no known size, and count as nothing.
    """

    root: str
    packages: tuple[str, ...]
    size: int
    unknown_sizes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundantRoot:
    """A root that would be there unasked.

    Attributes
    ----------
    root : str
        Node id.
    implied_by : tuple of str
        The other roots that need it, sorted.
    """

    root: str
    implied_by: tuple[str, ...]


def cost(graph: nx.MultiDiGraph) -> tuple[Cost, ...]:
    """Return what each root costs: what would go if it alone were no longer asked for.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.

    Returns
    -------
    tuple of Cost
        The dearest first: by bytes, then number of packages, then id. Virtual packages cost nothing.

    Notes
    -----
    What goes with a root is what it dominates in the graph in which one node more, the asking, stands between the
    environment and the root. Dominators take O(V + E) in practice (Cooper, Harvey and Kennedy), O(V E) at worst.
    What two roots share is counted for neither; the costs do not add up to the whole.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: net big", "log: net", "big:", "net:", roots=["app", "log", "net"])
    >>> [(one.root, one.packages, one.size) for one in cost(graph)]
    [('conda:app', ('conda:app', 'conda:big'), 2000), ('conda:log', ('conda:log',), 1000), ('conda:net', (), 0)]
    """
    roots = root_nodes(graph)
    gone = _dominated(graph, roots)
    nodes = graph.nodes
    found = []
    for root in roots:
        packages = tuple(sorted(n for n in gone[root] if nodes[n]["ecosystem"] != "virtual"))
        sizes = [nodes[one]["size"] for one in packages]
        found.append(
            Cost(
                root=root,
                packages=packages,
                size=sum(size or 0 for size in sizes),
                unknown_sizes=sizes.count(None),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.size, -len(one.packages), one.root)))


def _dominated(graph: nx.MultiDiGraph, roots: tuple[str, ...]) -> dict[str, list[str]]:
    flow = nx.DiGraph(dependencies(graph))
    flow.add_node(_TOP)
    for root in roots:
        flow.add_edge(_TOP, ("asked", root))
        flow.add_edge(("asked", root), root)
    above = dict(nx.immediate_dominators(flow, _TOP))
    above.pop(_TOP, None)  # older networkx says that the start dominates itself
    below: dict[object, list[object]] = {}
    for node, dominator in above.items():
        below.setdefault(dominator, []).append(node)
    gone: dict[str, list[str]] = {}
    for root in roots:
        todo = list(below.get(("asked", root), ()))
        gone[root] = []
        while todo:
            node = todo.pop()
            gone[root].append(str(node))
            todo += below.get(node, ())
    return gone


def redundant_roots(graph: nx.MultiDiGraph) -> tuple[RedundantRoot, ...]:
    """Return the roots that another root needs, directly or through others.

    Returns
    -------
    tuple of RedundantRoot
        Sorted by id. Of roots that need each other, each is implied by the others: one of them has to stay.

    Notes
    -----
    Who drops such a line drops its version, too, which may be what it is for. O(R (V + E)) for R roots.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> redundant_roots(toy_graph("app: net", "net:", roots=["app", "net"]))
    (RedundantRoot(root='conda:net', implied_by=('conda:app',)),)
    """
    roots = root_nodes(graph)
    needs = dependencies(graph)
    implied: dict[str, list[str]] = {}
    for root in roots:
        below = reached([root], needs)
        for other in roots:
            if other != root and other in below:
                implied.setdefault(other, []).append(root)
    return tuple(RedundantRoot(root=root, implied_by=tuple(implied[root])) for root in sorted(implied))


def leaves(graph: nx.MultiDiGraph) -> tuple[str, ...]:
    """Return the smallest set of packages whose asking gives the same environment.

    Returns
    -------
    tuple of str
        Sorted. One package of each group that nothing else needs; a package that was asked for before others.

    Notes
    -----
    It is the honest form of ``conda env export --from-history``: it says what is needed by nothing, not what
    somebody once typed. No smaller set reaches all packages. Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> leaves(toy_graph("app: net", "net:", "python: pip", "pip: python", roots=["python", "net"]))
    ('conda:app', 'conda:python')
    """
    return source_nodes(graph)
