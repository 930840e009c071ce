"""Pictures: every package and line is there, names are text, and the same graph gives the same bytes."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET

import networkx as nx
import pytest

from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.report.graph_image import graph_png, graph_svg
from tests.report.worlds import HOSTILE, hostile_graph, two_platforms

SVG = "{http://www.w3.org/2000/svg}"
CONFLICT = "#c1121f"


def _texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ET.fromstring(svg).iter(f"{SVG}text")]


def test_every_package_is_named_in_the_svg() -> None:
    graph = two_platforms()["linux-64"]
    texts = _texts(graph_svg(graph))
    assert sorted(texts) == sorted(f"{data['name']} {data['version']}" for _, data in graph.nodes(data=True))


def test_a_conflict_has_its_colour() -> None:
    assert CONFLICT in graph_svg(two_platforms()["linux-64"])
    assert CONFLICT not in graph_svg(toy_graph("a: b", "b:"))


def test_the_same_graph_gives_the_same_bytes_whatever_its_order() -> None:
    graph = two_platforms()["linux-64"]
    other = nx.MultiDiGraph(**graph.graph)
    other.add_nodes_from(reversed(list(graph.nodes(data=True))))
    other.add_edges_from(reversed(list(graph.edges(data=True))))
    svg = graph_svg(graph)
    assert graph_svg(other) == svg
    assert graph_png(other) == graph_png(graph)
    assert not re.search(r"\b20\d\d-\d\d-\d\d", svg)


def test_the_style_of_a_user_changes_nothing_and_stays_as_it_is() -> None:
    import matplotlib as mpl

    graph = two_platforms()["linux-64"]
    svg, png = graph_svg(graph), graph_png(graph)
    with mpl.rc_context(
        {"font.size": 31, "savefig.bbox": "tight", "svg.fonttype": "path", "svg.hashsalt": "x"}
    ):
        assert (graph_svg(graph), graph_png(graph)) == (svg, png)
        assert mpl.rcParams["font.size"] == 31


def test_names_that_mean_harm_are_text() -> None:
    svg = graph_svg(hostile_graph())
    root = ET.fromstring(svg)
    assert not [
        one for one in root.iter() if one.tag.rpartition("}")[2] in {"script", "image", "foreignObject"}
    ]
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on")]
    # A name in the signs of a formula is no formula.
    assert any("$x^2$" in text for text in _texts(svg))
    assert len(_texts(svg)) == len(HOSTILE)


def test_a_png_is_never_larger_than_can_be_shown() -> None:
    many = toy_graph(*(f"p{i}:" for i in range(400)))
    data = graph_png(many)
    width, height = struct.unpack(">II", data[16:24])
    assert 5_900 < max(width, height) <= 6_001


@pytest.mark.parametrize("lines", [(), ("a: a",), ("a: b", "b: a")], ids=["empty", "loop", "cycle"])
def test_small_and_odd_graphs_are_drawn(lines: tuple[str, ...]) -> None:
    graph = toy_graph(*lines)
    assert len(_texts(graph_svg(graph))) == len(graph)
    assert graph_png(graph).startswith(b"\x89PNG")
