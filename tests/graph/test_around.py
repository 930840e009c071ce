"""A part of a graph: steps up and steps down, and never down and up again."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.graph.around import around
from condaenv_tools.graph.roots import UnknownPackageError
from condaenv_tools.graph.toy import toy_graph
from tests.graph.graphs import graphs, patient, plain


@patient
@given(graphs(), st.integers(1, 4), st.data())
def test_it_is_what_networkx_reaches_in_both_directions(
    graph: nx.MultiDiGraph, depth: int, data: st.DataObject
) -> None:
    starts = data.draw(st.lists(st.sampled_from(sorted(graph)), min_size=1, max_size=3))
    expected = {
        node
        for start in starts
        for directed in (plain(graph), plain(graph).reverse())
        for node in nx.single_source_shortest_path_length(directed, start, cutoff=depth)
    }
    part = around(graph, starts, depth=depth)
    assert set(part) == expected
    assert sorted(part.edges(data="spec")) == sorted(graph.subgraph(expected).edges(data="spec"))


def test_roots_and_gaps_are_those_of_the_part() -> None:
    graph = toy_graph("app: web", "web: net lost", "log: other", "net:", roots=["app", "log"])
    part = around(graph, ["conda:web"])
    assert part.graph["missing"] == [["conda:web", "lost"]]
    assert [node for node, _, _ in part.graph["roots"]] == ["conda:app"]
    # The whole is as it was, and the part goes its own way.
    part.remove_node("conda:app")
    assert len(graph.graph["roots"]) == 2
    assert "conda:app" in graph


def test_an_unknown_package_is_an_error() -> None:
    with pytest.raises(UnknownPackageError, match="conda:nett"):
        around(toy_graph("net:"), ["conda:nett"])


def test_it_is_a_graph_that_can_be_asked() -> None:
    from condaenv_tools.graph.questions import ask

    part = around(toy_graph("app: net", "net: low", "low:", roots=["app"]), ["conda:net"])
    assert ask(part, "cost").rows[0][0] == "conda:app"
