"""The layered layout: what a package needs is at its right, nothing overlaps, the order of input is nothing."""

from __future__ import annotations

import itertools
import random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.graph.chains import layers
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.report.layout import _apart, layered_layout
from tests.graph.graphs import LOCK_FILES, graphs, patient, plain, real_lock


def _check(graph: nx.MultiDiGraph) -> None:
    layout = layered_layout(graph)
    places = layout.places
    assert list(places) == sorted(graph)
    group = {
        node: i for i, found in enumerate(nx.strongly_connected_components(plain(graph))) for node in found
    }
    for source, target in plain(graph).edges:
        if group[source] != group[target]:
            assert places[source][0] < places[target][0]
        else:
            assert places[source][0] == places[target][0]
    columns: dict[float, list[float]] = {}
    for column, row in places.values():
        columns.setdefault(column, []).append(row)
    for rows in columns.values():
        rows.sort()
        # Places are kept with two decimals.
        assert all(b - a >= 0.99 for a, b in itertools.pairwise(rows))
    assert layout.columns == len(layers(graph))
    assert min((row for _, row in places.values()), default=0) == 0
    assert layout.rows == max((row + 1 for _, row in places.values()), default=0)


@patient
@given(graphs())
def test_edges_go_to_the_right_and_nothing_overlaps(graph: nx.MultiDiGraph) -> None:
    _check(graph)


@pytest.mark.parametrize("name", [name for name in ("geospatial", "pangeo-notebook") if name in LOCK_FILES])
def test_it_holds_for_real_locks(name: str) -> None:
    from condaenv_tools.graph.build import build_graph

    graph = build_graph(next(iter(real_lock(name))))
    _check(graph)
    # It is as tall as its tallest layer, give or take: no room is left for long edges.
    assert layered_layout(graph).rows < 2 * max(map(len, layers(graph)))


@patient
@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_in_which_the_graph_was_made_is_nothing(
    graph: nx.MultiDiGraph, shuffled: random.Random
) -> None:
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    shuffled.shuffle(nodes)
    shuffled.shuffle(edges)
    other = nx.MultiDiGraph(**graph.graph)
    other.add_nodes_from(nodes)
    other.add_edges_from(edges)
    assert layered_layout(other) == layered_layout(graph)


def test_an_empty_graph_has_no_places() -> None:
    layout = layered_layout(toy_graph())
    assert (layout.places, layout.columns, layout.rows) == ({}, 0, 0)


def test_a_chain_has_no_crossing_with_its_like() -> None:
    places = layered_layout(toy_graph("a: x", "b: y", "c: z", "x:", "y:", "z:")).places
    tops = sorted("abc", key=lambda name: places[f"conda:{name}"][1])
    assert [{"a": "x", "b": "y", "c": "z"}[name] for name in tops] == sorted(
        "xyz", key=lambda name: places[f"conda:{name}"][1]
    )


@given(st.lists(st.floats(-50, 50)))
def test_apart_keeps_the_order_and_moves_as_little_as_can_be(wanted: list[float]) -> None:
    wanted.sort()
    found = _apart(wanted)
    assert all(b - a >= 1 - 1e-9 for a, b in itertools.pairwise(found))
    cost = sum((a - b) ** 2 for a, b in zip(found, wanted, strict=True))
    # Other places that are far enough apart cost no less: the row as it is, moved, and stretched.
    for step in (-0.5, 0.1, 0.5):
        for other in (
            [place + step for place in found],
            [place + max(0.0, step) * i for i, place in enumerate(found)],
        ):
            assert cost <= sum((a - b) ** 2 for a, b in zip(other, wanted, strict=True)) + 1e-6
