"""The tree of who needs a package, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["chain_tree", "constraint_lines"]

#: Holders of one spec that are named before the rest is counted.
_NAMED = 3


def chain_tree(graph: nx.MultiDiGraph, node: str, *, depth: int | None, every: bool) -> list[str]:
    """Return the lines of the tree: the package, below each line what needs it, and at the ends the roots.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of one platform.
    node : str
        A node of it.
    depth : int or None
        How many steps to show; None for all.
    every : bool
        All that needs it, and not the shortest chains alone.
    """
    before = _before(graph, node, every=every)
    asked = _asked(graph)
    if not before:
        return [_label(graph, node, asked), "    nothing that was asked for needs it"]
    lines = [_label(graph, node, asked)]
    shown = {node}
    # A chain can be longer than Python's stack is deep.
    stack = [(one, node, "", i == 0, 1) for i, one in enumerate(reversed(before[node]))]
    while stack:
        one, below, indent, last, step = stack.pop()
        if depth is not None and step > depth:
            continue
        again = one in shown and bool(before[one])
        text = _label(graph, one, asked, needs=_specs(graph, one, below)) + (" (*)" if again else "")
        lines.append(f"{indent}{'└── ' if last else '├── '}{text}")
        if one not in shown:
            shown.add(one)
            deeper = indent + ("    " if last else "│   ")
            stack += [(next_, one, deeper, i == 0, step + 1) for i, next_ in enumerate(reversed(before[one]))]
    return lines


def _before(graph: nx.MultiDiGraph, node: str, *, every: bool) -> Mapping[str, Sequence[str]]:
    from condaenv_tools.graph.chains import needed_by, on_shortest_chains

    if not every:
        return on_shortest_chains(graph, node)
    return {one: sorted(needed_by(graph, one, direct=True)) for one in (node, *needed_by(graph, node))}


def _asked(graph: nx.MultiDiGraph) -> dict[str, str]:
    """Return what is said of each root: the lines that ask for it, or that nothing needs it."""
    lines: dict[str, list[str]] = {}
    for node, spec, source in graph.graph["roots"]:
        lines.setdefault(node, []).append(f"{source}: {spec}")
    found = {node: f"asked for in {', '.join(texts)}" for node, texts in lines.items()}
    if not graph.graph["roots_known"]:
        found |= {node: "needed by nothing" for node, root in graph.nodes(data="root") if root}
    return found


def _specs(graph: nx.MultiDiGraph, source: str, target: str) -> str:
    edges = graph.get_edge_data(source, target).values()
    return ", ".join(sorted(data["spec"] for data in edges if data["kind"] == "depends"))


def _label(graph: nx.MultiDiGraph, node: str, asked: Mapping[str, str], *, needs: str = "") -> str:
    data = graph.nodes[node]
    words = [data["name"]]
    if data["version"]:
        words.append(data["version"])
    if data["ecosystem"] == "pypi":
        words.append("(pypi)")
    if needs:
        words.append(f"(needs {needs})")
    if node in asked:
        words.append(f"[{asked[node]}]")
    return " ".join(words)


def constraint_lines(graph: nx.MultiDiGraph, node: str, *, whole: bool) -> list[str]:
    """Return who constrains a package: a line for each spec, with those whose it is.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of one platform.
    node : str
        A node of it.
    whole : bool
        Name all of them, however many there are.
    """
    from condaenv_tools.graph.holds import constrained_by

    holders: dict[str, list[str]] = {}
    for one in constrained_by(graph, node):
        prefix, colon, rest = one.holder.partition(":")
        name = rest if colon and prefix in {"conda", "pypi", "virtual"} else one.holder
        holders.setdefault(one.spec, []).append(f"{name} (constrains)" if one.kind == "constrains" else name)
    if not holders:
        return []
    width = max(map(len, holders))
    return [
        "constrained by",
        *(f"  {spec:{width}}  {_listed(names, whole=whole)}" for spec, names in holders.items()),
    ]


def _listed(names: list[str], *, whole: bool) -> str:
    if whole or len(names) <= _NAMED + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
