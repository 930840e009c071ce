"""Every question against networkx's own algorithms and against a reference that is slow and obvious."""

from __future__ import annotations

from itertools import combinations, pairwise

import networkx as nx
import pytest
from hypothesis import given

from condaenv_tools.graph.chains import (
    all_chains,
    depth,
    impact,
    layers,
    needed_by,
    needs,
    on_shortest_chains,
    why,
)
from condaenv_tools.graph.roots import UnknownPackageError, dependencies, root_nodes
from condaenv_tools.graph.shape import bridges, cycles, licences, native_stack, shared_native
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.graph.weight import cost, leaves, redundant_roots
from tests.graph.graphs import closure, graphs, naive_chains, patient, plain, roots_of


@patient
@given(graphs())
def test_why_is_all_shortest_chains_of_networkx(graph: nx.MultiDiGraph) -> None:
    digraph = plain(graph)
    for node in graph:
        expected: list[tuple[str, ...]] = []
        for root in roots_of(graph):
            if nx.has_path(digraph, root, node):
                expected += map(tuple, nx.all_shortest_paths(digraph, root, node))
        assert why(graph, node) == tuple(sorted(expected, key=lambda chain: (len(chain), chain)))


@patient
@given(graphs())
def test_why_is_the_shortest_of_all_that_can_be_tried(graph: nx.MultiDiGraph) -> None:
    for node in graph:
        found = why(graph, node)
        for root in roots_of(graph):
            every = naive_chains(graph, root, node)
            least = min(map(len, every), default=0)
            assert {c for c in found if c[0] == root} == {c for c in every if len(c) == least}


@patient
@given(graphs())
def test_all_chains_are_all_that_can_be_tried(graph: nx.MultiDiGraph) -> None:
    for node in graph:
        expected = [chain for root in roots_of(graph) for chain in naive_chains(graph, root, node)]
        found = list(all_chains(graph, node))
        assert sorted(found) == sorted(expected)


@patient
@given(graphs())
def test_the_tree_of_chains_unfolds_to_them(graph: nx.MultiDiGraph) -> None:
    for node in graph:
        tree = on_shortest_chains(graph, node)
        assert set(tree) == {one for chain in why(graph, node) for one in chain}
        steps = {(a, b) for chain in why(graph, node) for a, b in pairwise(chain)}
        assert {(a, b) for b, before in tree.items() for a in before} == steps


@patient
@given(graphs())
def test_who_needs_it_and_what_it_needs(graph: nx.MultiDiGraph) -> None:
    digraph = plain(graph)
    for node in graph:
        assert set(needed_by(graph, node)) == nx.ancestors(digraph, node)
        assert set(needs(graph, node)) == nx.descendants(digraph, node)
        assert list(needed_by(graph, node, direct=True)) == sorted(set(digraph.pred[node]) - {node})
        assert list(needs(graph, node, direct=True)) == sorted(set(digraph.succ[node]) - {node})
        assert impact(graph, node) == tuple(r for r in roots_of(graph) if node in closure(graph, [r]))


@patient
@given(graphs())
def test_depth_is_the_distance_from_the_nearest_root(graph: nx.MultiDiGraph) -> None:
    roots = roots_of(graph)
    expected = nx.multi_source_dijkstra_path_length(plain(graph), roots) if roots else {}
    assert dict(depth(graph)) == expected
    assert [d for _, d in depth(graph)] == sorted(expected.values())


@patient
@given(graphs())
def test_each_lies_below_what_needs_it(graph: nx.MultiDiGraph) -> None:
    layer = {node: i for i, nodes in enumerate(layers(graph)) for node in nodes}
    assert set(layer) == set(graph)
    together = {frozenset(pair) for group in cycles(graph) for pair in combinations(group, 2)}
    for source, target in plain(graph).edges:
        same = source == target or frozenset((source, target)) in together
        assert layer[source] == layer[target] if same else layer[source] < layer[target]


@patient
@given(graphs())
def test_cost_is_what_is_gone_without_the_root(graph: nx.MultiDiGraph) -> None:
    roots = roots_of(graph)
    everything = closure(graph, roots)
    found = cost(graph)
    assert sorted(one.root for one in found) == roots
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    for one in found:
        gone = everything - closure(graph, [root for root in roots if root != one.root])
        packages = sorted(node for node in gone if not node.startswith("virtual:"))
        assert list(one.packages) == packages
        assert (one.size, one.unknown_sizes) == (1000 * len(packages), 0)


@patient
@given(graphs())
def test_a_redundant_root_is_reached_without_it(graph: nx.MultiDiGraph) -> None:
    roots = roots_of(graph)
    expected = {root: tuple(o for o in roots if o != root and root in closure(graph, [o])) for root in roots}
    found = {one.root: one.implied_by for one in redundant_roots(graph)}
    assert found == {root: by for root, by in expected.items() if by}


@patient
@given(graphs())
def test_no_smaller_set_gives_the_same_environment(graph: nx.MultiDiGraph) -> None:
    packages = {node for node in graph if not node.startswith("virtual:")}
    found = leaves(graph)
    assert packages <= closure(graph, found)
    for smaller in range(len(found)):
        assert not any(packages <= closure(graph, some) for some in combinations(sorted(packages), smaller))


@patient
@given(graphs())
def test_cycles_are_those_who_reach_each_other(graph: nx.MultiDiGraph) -> None:
    digraph = plain(graph)
    expected = set()
    for node in graph:
        mutual = {o for o in graph if o in closure(graph, [node]) and node in closure(graph, [o])}
        if len(mutual) > 1 or digraph.has_edge(node, node):
            expected.add(tuple(sorted(mutual)))
    assert cycles(graph) == tuple(sorted(expected))


@patient
@given(graphs())
def test_a_bridge_leaves_more_pieces(graph: nx.MultiDiGraph) -> None:
    digraph = plain(graph)
    whole = nx.number_weakly_connected_components(digraph)
    expected = []
    for node in sorted(graph):
        rest = digraph.subgraph([other for other in digraph if other != node])
        if len(rest) and nx.number_weakly_connected_components(rest) > whole:
            expected.append(node)
    assert list(bridges(graph)) == expected


@patient
@given(graphs())
def test_every_question_works_on_a_part_of_a_graph(graph: nx.MultiDiGraph) -> None:
    view = graph.subgraph(sorted(graph)[::2])
    copy = view.copy()
    for question in (cost, redundant_roots, leaves, cycles, bridges, depth, layers, shared_native, licences):
        assert question(view) == question(copy)
    for node in view:
        for one in (why, needed_by, needs, impact, native_stack, on_shortest_chains):
            assert one(view, node) == one(copy, node)
        assert list(all_chains(view, node)) == list(all_chains(copy, node))


def test_a_constraint_is_no_need() -> None:
    graph = toy_graph("a: b", "b:")
    graph.add_edge("conda:b", "conda:a", kind="constrains", spec="a <2")
    assert dependencies(graph) == {"conda:a": ["conda:b"], "conda:b": []}
    assert cycles(graph) == ()


def test_an_empty_graph_answers() -> None:
    graph = toy_graph()
    for question in (cost, redundant_roots, leaves, cycles, bridges, depth, layers, shared_native, licences):
        assert question(graph) == ()
    assert root_nodes(graph) == ()


@pytest.mark.parametrize("question", [why, needed_by, needs, impact, native_stack, licences])
def test_a_package_that_is_not_there_is_told_with_the_nearest(question: object) -> None:
    assert callable(question)
    with pytest.raises(UnknownPackageError, match=r"conda:numpi is not in the graph") as caught:
        question(toy_graph("numpy:", "scipy: numpy"), "conda:numpi")
    assert caught.value.nearest[0] == "conda:numpy"
    assert "did you mean conda:numpy" in str(caught.value)
    assert isinstance(caught.value, KeyError)


def test_who_goes_with_a_root_that_another_needs() -> None:
    graph = toy_graph("app: lib", "lib: core", "core:", roots=["app", "lib"])
    assert [(one.root, one.packages) for one in cost(graph)] == [
        ("conda:app", ("conda:app",)),
        ("conda:lib", ()),
    ]


def test_an_unknown_size_is_counted_as_such() -> None:
    graph = toy_graph("app: lib", "lib:")
    graph.nodes["conda:lib"]["size"] = None
    (one,) = cost(graph)
    assert (one.size, one.unknown_sizes) == (1000, 1)


def test_the_interval_that_is_left_for_a_library() -> None:
    graph = toy_graph(
        "a: zlib>=1", "b: zlib<3", "c: zlib>=1", "d: zlib[build=x*]", "e: other", "zlib:", "other:"
    )
    (wide,) = shared_native(toy_graph("a: gcc>=13", "b: gcc>=14", "c: gcc>=14.2,<16", "gcc:"))
    assert wide.interval == "gcc[version='>=14.2,<16']"
    (shared,) = shared_native(graph, least=3)
    assert shared.needed_by == ("conda:a", "conda:b", "conda:c", "conda:d")
    assert shared.specs == ("zlib<3", "zlib>=1", "zlib[build=x*]")
    assert shared.interval == "zlib[version='<3,>=1',build=x*]"
    graph.add_edge("conda:e", "conda:zlib", kind="depends", spec="zlib[build=y*]")
    assert shared_native(graph)[0].interval is None  # one spec cannot ask for two builds
    graph.add_edge("conda:e", "conda:other", kind="constrains", spec="other <2")
    assert [one.node for one in shared_native(graph)] == ["conda:zlib"]
    graph.add_edge("conda:other", "conda:zlib", kind="depends", spec="zlib >>1")
    assert shared_native(graph)[0].interval is None


def test_licences_are_grouped() -> None:
    graph = toy_graph("a: b c d", "b:", "c:", "d:", "e:")
    for node, licence in {"a": "MIT", "b": "BSD-3-Clause", "c": "MIT"}.items():
        graph.nodes[f"conda:{node}"]["license"] = licence
    found = [(one.licence, one.packages) for one in licences(graph, "conda:a")]
    assert found == [
        ("MIT", ("conda:a", "conda:c")),
        ("BSD-3-Clause", ("conda:b",)),
        (None, ("conda:d",)),
    ]
    assert licences(graph)[-1].packages == ("conda:d", "conda:e")
