"""What the page of a graph is given: all platforms as plain lists of numbers, and each text once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx

from condaenv_tools.graph.weight import cost
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.report.broken import broken_specs
from condaenv_tools.report.layout import layered_layout

__all__ = ["ECOSYSTEMS", "EDGES", "KINDS", "page_data"]

#: What the numbers in the lists stand for.
KINDS = ("python", "native", "virtual", "meta")
ECOSYSTEMS = ("conda", "pypi", "virtual")
EDGES = ("depends", "constrains", "same-as")
#: Stands for a text that is not known.
_NONE = -1


class _Texts:
    """Each text once, by number: the platforms of a lock share most of theirs."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str | None) -> int:
        """Return the number of a text; credentials are masked."""
        if text is None:
            return _NONE
        shown = mask_credentials(text) if "/" in text or "@" in text else text
        return self.numbers.setdefault(shown, len(self.numbers))


def page_data(graphs: Mapping[str, nx.MultiDiGraph], *, title: str) -> dict[str, Any]:
    """Return the document that the script of the page reads.

    Parameters
    ----------
    graphs : mapping of str to networkx.MultiDiGraph
        By the platform's name, in the order in which they are offered.
    title : str
        What the page is about.

    Returns
    -------
    dict
        ``title``, ``strings`` and ``platforms``. A node is ``[id, name, version, build, ecosystem, kind, root,
        channel, size, licence, column, row]``, nodes sorted by id. Edges are one flat list, five numbers each:
        source, target, kind, spec, whether it is broken. Texts are numbers into ``strings``, and -1 is none.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> found = page_data({"linux-64": toy_graph("app: net", "net:")}, title="toy")
    >>> found["platforms"][0]["edges"], [found["strings"][node[0]] for node in found["platforms"][0]["nodes"]]
    ([0, 1, 0, 6, 0], ['conda:app', 'conda:net'])
    """
    texts = _Texts()
    platforms = [_platform(name, graph, texts) for name, graph in graphs.items()]
    return {"title": mask_credentials(title), "strings": list(texts.numbers), "platforms": platforms}


def _platform(name: str, graph: nx.MultiDiGraph, texts: _Texts) -> dict[str, Any]:
    layout = layered_layout(graph)
    numbers = {node: i for i, node in enumerate(sorted(graph))}
    broken = broken_specs(graph)
    return {
        "name": name,
        "nodes": [_node(node, graph.nodes[node], layout.places[node], texts) for node in numbers],
        "edges": _edges(graph, numbers, {(b.source, b.target, b.kind, b.spec) for b in broken}, texts),
        "missing": [[numbers[b.source], texts.number(b.spec)] for b in broken if b.target is None],
        "asked": [
            [numbers[node], texts.number(spec), texts.number(source)]
            for node, spec, source in graph.graph["roots"]
            if node in numbers
        ],
        "rootsKnown": bool(graph.graph["roots_known"]),
        "costs": [[numbers[one.root], one.size, len(one.packages)] for one in cost(graph)],
        "columns": layout.columns,
        "rows": layout.rows,
    }


def _node(node: str, data: Mapping[str, Any], place: tuple[float, float], texts: _Texts) -> list[Any]:
    return [
        *(texts.number(text) for text in (node, data["name"], data["version"], data["build"])),
        ECOSYSTEMS.index(data["ecosystem"]),
        KINDS.index(data["kind"]),
        int(data["root"]),
        texts.number(data["channel"]),
        data["size"],
        texts.number(data["license"]),
        *place,
    ]


def _edges(
    graph: nx.MultiDiGraph,
    numbers: Mapping[str, int],
    broken: set[tuple[str, str | None, str, str]],
    texts: _Texts,
) -> list[int]:
    found: list[int] = []
    for source, target, _, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        kind, spec = data["kind"], data["spec"]
        is_broken = (source, target, kind, spec) in broken
        found += (numbers[source], numbers[target], EDGES.index(kind), texts.number(spec), int(is_broken))
    return found
