"""What all questions stand on: the `depends` edges of a graph, its roots, and what is reached from them.

Every function takes a whole graph or a view of one (``graph.subgraph(...)``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from condaenv_tools.errors import ParseError

__all__ = [
    "UnknownPackageError",
    "dependencies",
    "need_node",
    "reached",
    "reversed_edges",
    "root_nodes",
    "source_nodes",
]

#: What each node needs, sorted, each once.
Needs = dict[str, list[str]]


class UnknownPackageError(ParseError, KeyError):
    """What was named is not a package of a graph.

    Parameters
    ----------
    node : str
        What was asked for.
    nearest : tuple of str
        What was probably meant, the nearest first.
    """

    def __init__(self, node: str, nearest: tuple[str, ...] = ()) -> None:
        self.node = node
        self.nearest = nearest
        hints = [f"did you mean {' or '.join(nearest)}?"] if nearest else []
        super().__init__(f"{node} is not in the graph", hints=hints)


def need_node(graph: nx.MultiDiGraph, node: str) -> None:
    """Raise unless a node is in a graph.

    Raises
    ------
    UnknownPackageError
        It is not; the error names the nearest nodes.
    """
    if node not in graph:
        import difflib  # noqa: PLC0415 - only a mistake needs it

        raise UnknownPackageError(node, tuple(difflib.get_close_matches(node, list(graph), n=3)))


def dependencies(graph: nx.MultiDiGraph) -> Needs:
    """Return what each node needs: the targets of its `depends` edges, sorted, in O(V + E log E)."""
    found: Needs = {}
    # All questions begin with this, and plain loops take half the time of generators.
    for node, targets in graph.adjacency():
        found[node] = []
        for target, edges in targets.items():
            for data in edges.values():
                if data["kind"] == "depends":
                    found[node].append(target)
                    break
        found[node].sort()
    return found


def reversed_edges(needs: Mapping[str, Iterable[str]]) -> Needs:
    """Return who needs each node, sorted."""
    found: Needs = {node: [] for node in needs}
    for node in sorted(needs):
        for target in needs[node]:
            found[target].append(node)
    return found


def root_nodes(graph: nx.MultiDiGraph) -> tuple[str, ...]:
    """Return the nodes that were asked for, sorted."""
    return tuple(sorted(node for node, root in graph.nodes(data="root") if root))


def reached(starts: Iterable[str], needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Return the distance of all that is reached from `starts`, in O(V + E)."""
    level = list(dict.fromkeys(starts))
    distance = dict.fromkeys(level, 0)
    depth = 0
    while level:
        depth += 1
        following = []
        for node in level:
            for target in needs[node]:
                if target not in distance:
                    distance[target] = depth
                    following.append(target)
        level = following
    return distance


def source_nodes(graph: nx.MultiDiGraph) -> tuple[str, ...]:
    """Return one package of each group that nothing outside the group needs, sorted, in O(V + E log E).

    A group is a strongly connected component: mostly one package, or a cycle such as pip and python. A root is
    preferred, then the least node. Virtual packages are no answer: nobody asks for them.
    """
    needs = dependencies(graph)
    needed = {target for node, targets in needs.items() for target in targets if target != node}
    found = [node for node in needs if node not in needed]
    below = reached(found, needs)
    # Mostly that is all. What is left hangs on cycles, and whatever needs any of it is left, too.
    rest = {node: targets for node, targets in needs.items() if node not in below}
    data = graph.nodes
    found += [min(group, key=lambda node: (not data[node]["root"], node)) for group in _top_groups(rest)]
    return tuple(sorted(node for node in found if data[node]["ecosystem"] != "virtual"))


def _top_groups(needs: Needs) -> list[set[str]]:
    """Return the strongly connected components that nothing outside them needs."""
    if not needs:
        return []
    inner = nx.DiGraph()
    inner.add_nodes_from(needs)
    inner.add_edges_from((node, t) for node, targets in needs.items() for t in targets if t in needs)
    condensed = nx.condensation(inner)
    return [set(condensed.nodes[group]["members"]) for group, degree in condensed.in_degree() if not degree]
