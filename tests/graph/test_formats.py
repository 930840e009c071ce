"""Texts of a graph: read back equal where that is promised, escaped, and the same whatever the order."""

from __future__ import annotations

import json
import random
import re

import networkx as nx
import pytest
from hypothesis import given

from condaenv_tools.errors import ParseError
from condaenv_tools.graph.build import build_graph
from condaenv_tools.graph.formats import (
    FORMATS,
    dumps_dot,
    dumps_graphml,
    dumps_json,
    dumps_mermaid,
    loads_json,
    to_node_link,
)
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.model.lock import Lock
from tests.graph.graphs import graphs, patient
from tests.lock.toy_locks import conda, locks, part, pip

HOSTILE = '<script>alert("x")</script>\\"];\n}} %% | `#` &amp; \x00\x0b'


def hostile() -> nx.MultiDiGraph:
    graph = toy_graph("a: b", "b:")
    graph.nodes["conda:a"]["name"] = HOSTILE
    graph.nodes["conda:b"]["license"] = HOSTILE
    graph.add_edge("conda:a", "conda:b", kind="constrains", spec=HOSTILE)
    return nx.relabel_nodes(graph, {"conda:b": f"conda:{HOSTILE}"})


@patient
@given(locks())
def test_json_is_read_back_equal(lock: Lock) -> None:
    for one in lock:
        graph = build_graph(one)
        assert nx.utils.graphs_equal(loads_json(dumps_json(graph)), graph)


def test_json_of_a_hostile_name_is_read_back_equal() -> None:
    assert nx.utils.graphs_equal(loads_json(dumps_json(hostile())), hostile())


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written_and_holds_no_credential(name: str) -> None:
    place = "https://me:hunter2@conda.example.org/t/tk-1234/toy"
    graph = toy_graph("a: b", "b:")
    graph.graph["roots"] = [["conda:a", f"{place}::a", "environment.yml:1"]]
    graph.nodes["conda:a"].update(channel=place, name="half \ud800")
    graph.add_edge("conda:a", "conda:\udfff", kind="depends", spec=f"{place}::b")
    graph.nodes["conda:\udfff"].update(graph.nodes["conda:b"])
    text = FORMATS[name](graph)
    assert text.encode("utf-8")
    assert not re.search("hunter2|tk-1234", text)


@patient
@given(graphs())
def test_no_text_depends_on_the_order(graph: nx.MultiDiGraph) -> None:
    nodes = list(graph.nodes(data=True))
    random.Random(1).shuffle(nodes)
    other = nx.MultiDiGraph(**graph.graph)
    other.add_nodes_from(nodes)
    other.add_edges_from(reversed(list(graph.edges(keys=True, data=True))))
    for dumps in FORMATS.values():
        assert dumps(graph) == dumps(other)


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", "null", "3", '{"nodes": 1, "edges": []}', '{"nodes": [1], "edges": []}'),
        '{"nodes": [{"id": "a"}], "edges": [{"source": "a"}]}',
        '{"directed": false, "nodes": [], "edges": []}',
        '{"multigraph": false, "nodes": [], "edges": []}',
        "[" * 100_000,
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_graph_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="this is"):
        loads_json(text)


def test_node_link_has_edges_under_edges() -> None:
    found = to_node_link(toy_graph("b: a", "a:"))
    assert [node["id"] for node in found["nodes"]] == ["conda:a", "conda:b"]
    assert set(found) == {"directed", "multigraph", "graph", "nodes", "edges"}
    assert json.loads(dumps_json(toy_graph("b: a", "a:"))) == found


@patient
@given(graphs())
def test_graphml_is_read_by_networkx(graph: nx.MultiDiGraph) -> None:
    read = nx.parse_graphml(dumps_graphml(graph), force_multigraph=True)
    assert set(read) == set(graph)
    for node, data in graph.nodes(data=True):
        assert read.nodes[node] == {key: value for key, value in data.items() if value is not None}
    edges = sorted((s, t, d["kind"], d["spec"]) for s, t, d in graph.edges(data=True))
    assert sorted((s, t, d["kind"], d["spec"]) for s, t, d in read.edges(data=True)) == edges


def test_graphml_holds_a_hostile_name() -> None:
    read = nx.parse_graphml(dumps_graphml(hostile()), force_multigraph=True)
    expected = HOSTILE.replace("\x00", "").replace("\x0b", "")  # XML has no place for these
    assert read.nodes["conda:a"]["name"] == expected


def unquoted(text: str) -> str:
    """Return DOT without its quoted strings."""
    return re.sub(r'"(?:[^"\\]|\\.)*"', "Q", text)


def test_dot_keeps_a_hostile_name_inside_its_quotes() -> None:
    text = unquoted(dumps_dot(hostile()))
    assert "script" not in text
    assert text.count("\n") == 8  # head of three, two nodes, two edges, the end
    assert '"' not in text


def test_dot_tells_kinds_roots_and_constraints() -> None:
    found = part(
        conda("python 3", "lib", "__glibc"),
        conda("lib 1", constrains=("python <4",)),
        conda("lib2 1"),
        pip("lib2 1"),
    )
    text = dumps_dot(build_graph(found))
    assert re.search(r'"conda:python" \[label="python 3", shape=box, style="rounded,filled".*penwidth', text)
    assert '"conda:lib" -> "conda:python" [style=dashed, constraint=false, tooltip="python <4"];' in text
    assert '"virtual:__glibc" [label="__glibc 2.28", shape=ellipse' in text


def test_mermaid_keeps_a_hostile_name_inside_its_quotes() -> None:
    text = dumps_mermaid(hostile())
    assert text.count('"') == 4
    assert "<" not in text
    assert text.splitlines()[2].startswith('  n1["#60;script#62;alert#40;#34;x#34;#41;')
    assert "n1 -.-> n0" in text


def test_mermaid_draws_each_arrow_once() -> None:
    graph = toy_graph("a: b b>=1", "b: __unix")
    graph.nodes["conda:b"]["kind"] = "meta"
    assert dumps_mermaid(graph) == (
        "flowchart LR\n"
        '  n0["a 1"]\n'
        '  n1[/"b 1"/]\n'
        '  n2{{"__unix"}}\n'
        "  n0 --> n1\n"
        "  n1 --> n2\n"
        "  classDef root stroke-width:3px\n"
        "  class n0 root\n"
    )


def test_an_empty_graph_is_a_text_too() -> None:
    assert dumps_mermaid(toy_graph()) == "flowchart LR\n"
    assert dumps_dot(toy_graph()).endswith("}\n")
    assert len(loads_json(dumps_json(toy_graph()))) == 0
    assert len(nx.parse_graphml(dumps_graphml(toy_graph()))) == 0
