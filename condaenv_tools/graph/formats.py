"""A graph as text: node-link JSON that is read back equal, DOT, GraphML and Mermaid.

Names and specs come from channels and are escaped everywhere; credentials are masked. The texts do not depend on
the order in which the graph was made: nodes and edges are sorted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx

from condaenv_tools.errors import ParseError
from condaenv_tools.model.secrets import mask_credentials

__all__ = [
    "FORMATS",
    "dumps_dot",
    "dumps_graphml",
    "dumps_json",
    "dumps_mermaid",
    "loads_json",
    "to_node_link",
]

_DEPENDS = "depends"
#: Fill and shape of each kind in DOT; black text is readable on all of them.
_DOT_STYLE = {
    "python": 'shape=box, style="rounded,filled", fillcolor="#dbeafe"',
    "native": 'shape=box, style=filled, fillcolor="#fde68a"',
    "virtual": 'shape=ellipse, style="filled,dashed", fillcolor="#e5e7eb"',
    "meta": 'shape=note, style=filled, fillcolor="#ede9fe"',
}
_DOT_EDGE = {"depends": "solid", "constrains": "dashed", "same-as": "dotted"}
#: Brackets that give each kind its shape in Mermaid, and the arrow of each kind of edge.
_MERMAID_SHAPE = {
    "python": ('("', '")'),
    "native": ('["', '"]'),
    "virtual": ('{{"', '"}}'),
    "meta": ('[/"', '"/]'),
}
_MERMAID_EDGE = {"depends": "-->", "constrains": "-.->", "same-as": "---"}
#: What Mermaid, and the HTML it makes, could take for more than text.
_MERMAID_SIGNS = {ord(c): f"#{ord(c)};" for c in "#\"'&<>`;|[](){}\\\n\r%"}


def to_node_link(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """Return networkx node-link data with the edges under ``edges``, nodes and edges sorted.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.

    Returns
    -------
    dict
        ``directed``, ``multigraph``, ``graph``, ``nodes`` and ``edges``; credentials in URLs are masked.

    Notes
    -----
    O(V log V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> to_node_link(toy_graph("app: net", "net:"))["edges"]
    [{'kind': 'depends', 'spec': 'net', 'source': 'conda:app', 'target': 'conda:net', 'key': 0}]
    """
    found: dict[str, Any] = _masked(nx.node_link_data(graph, edges="edges"))
    found["nodes"].sort(key=lambda node: str(node["id"]))
    found["edges"].sort(key=lambda edge: (edge["source"], edge["target"], edge["key"]))
    return found


def _masked(value: Any) -> Any:
    """Return plain data with the credentials in its texts masked."""
    if isinstance(value, str):
        return mask_credentials(value)
    if isinstance(value, dict):
        return {key: _masked(one) for key, one in value.items()}
    return [_masked(one) for one in value] if isinstance(value, list) else value


def dumps_json(graph: nx.MultiDiGraph) -> str:
    """Return node-link JSON; `loads_json` reads it back equal, but for credentials, which are masked.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: net", "net:")
    >>> nx.utils.graphs_equal(loads_json(dumps_json(graph)), graph)
    True
    """
    # A text of a channel may hold half a character, which JSON can escape and no encoding can write.
    return json.dumps(to_node_link(graph), indent=2, ensure_ascii=True) + "\n"


def loads_json(text: str | bytes) -> nx.MultiDiGraph:
    """Read node-link JSON.

    Raises
    ------
    ParseError
        It is no JSON, or not that of a graph.
    """
    try:
        document = json.loads(text)
        graph = nx.node_link_graph(document, directed=True, multigraph=True, edges="edges")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, nx.NetworkXError) as error:
        raise ParseError(
            f"this is not the node-link JSON of a graph: {error}",
            hints=["condaenv graph LOCK --format json writes it"],
        ) from error
    if not isinstance(graph, nx.MultiDiGraph):
        raise ParseError("this is the JSON of another kind of graph: it is not directed, or has single edges")
    return graph


def dumps_dot(graph: nx.MultiDiGraph) -> str:
    """Return the graph in the language of Graphviz.

    Packages that were asked for have a thick frame; constraints are dashed and do not shape the layout.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> print(dumps_dot(toy_graph("app: net", "net:")).splitlines()[-2])
      "conda:app" -> "conda:net" [style=solid, tooltip="net"];
    """
    lines = ["digraph environment {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for node, data in _nodes(graph):
        style = _DOT_STYLE[data["kind"]] + (", penwidth=2.5" if data["root"] else "")
        lines.append(f"  {_dot(node)} [label={_dot(_label(data))}, {style}];")
    for source, target, data in _edges(graph):
        free = "" if data["kind"] == _DEPENDS else ", constraint=false"
        style = f"style={_DOT_EDGE[data['kind']]}{free}, tooltip={_dot(data['spec'])}"
        lines.append(f"  {_dot(source)} -> {_dot(target)} [{style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _dot(text: str) -> str:
    """Return a quoted string; a backslash begins an escape sequence in labels."""
    escaped = _utf8(text).replace("\\", "\\\\").replace('"', '\\"').replace("\r", "").replace("\n", "\\n")
    return f'"{escaped}"'


def _label(data: dict[str, Any]) -> str:
    return f"{data['name']} {data['version']}" if data["version"] else str(data["name"])


def dumps_graphml(graph: nx.MultiDiGraph) -> str:
    """Return GraphML, which Gephi, yEd and Cytoscape read; what is not known is left out.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = nx.parse_graphml(dumps_graphml(toy_graph("app: net", "net:")))
    >>> graph.nodes["conda:net"]["size"]
    1000
    """
    plain = nx.MultiDiGraph(platform=_xml(graph.graph.get("platform", "")))
    for node, data in _nodes(graph):
        plain.add_node(_xml(node), **_known(data))
    for source, target, data in _edges(graph):
        plain.add_edge(_xml(source), _xml(target), **_known(data))
    return "\n".join(nx.generate_graphml(plain)) + "\n"


def _known(data: dict[str, Any]) -> dict[str, Any]:
    return {
        key: _xml(value) if isinstance(value, str) else value
        for key, value in data.items()
        if value is not None
    }


def _xml(text: str) -> str:
    """Return what XML 1.0 can hold of a text."""
    return "".join(
        c for c in text if c in "\t\n" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def dumps_mermaid(graph: nx.MultiDiGraph) -> str:
    """Return a Mermaid flow chart, for a README; ids are numbers, so that no name can break the syntax.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> print(dumps_mermaid(toy_graph("app: net", "net:")), end="")
    flowchart LR
      n0["app 1"]
      n1["net 1"]
      n0 --> n1
      classDef root stroke-width:3px
      class n0 root
    """
    numbers: dict[str, str] = {}
    lines, roots = ["flowchart LR"], []
    for i, (node, data) in enumerate(_nodes(graph)):
        numbers[node] = f"n{i}"
        left, right = _MERMAID_SHAPE[data["kind"]]
        lines.append(f"  n{i}{left}{_label(data).translate(_MERMAID_SIGNS)}{right}")
        if data["root"]:
            roots.append(f"n{i}")
    drawn = dict.fromkeys(
        f"  {numbers[source]} {_MERMAID_EDGE[data['kind']]} {numbers[target]}"
        for source, target, data in _edges(graph)
    )
    lines += drawn
    if roots:
        lines += ["  classDef root stroke-width:3px", f"  class {','.join(roots)} root"]
    return "\n".join(lines) + "\n"


def _nodes(graph: nx.MultiDiGraph) -> Iterator[tuple[str, dict[str, Any]]]:
    for node, data in sorted(graph.nodes(data=True), key=lambda item: str(item[0])):
        yield node, _writable(data)


def _edges(graph: nx.MultiDiGraph) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for source, target, _, data in sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3]):
        yield source, target, _writable(data)


def _writable(data: dict[str, Any]) -> dict[str, Any]:
    """Return attributes without credentials, and without half characters, which no encoding can write."""
    return {
        key: _utf8(mask_credentials(value)) if isinstance(value, str) else value
        for key, value in data.items()
    }


def _utf8(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


#: How to write each format, by the name that the command line knows.
FORMATS: dict[str, Callable[[nx.MultiDiGraph], str]] = {
    "dot": dumps_dot,
    "graphml": dumps_graphml,
    "json": dumps_json,
    "mermaid": dumps_mermaid,
}
