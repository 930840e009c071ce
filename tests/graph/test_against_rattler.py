"""`build_graph` against py-rattler's own `PackageRecord.to_graph`.

They agree on the conda packages and on which needs which. What differs, and why:

- Theirs has no virtual packages and no PyPI distributions; ours has both.
- Theirs fails (`KeyError`) on a requirement that nothing meets; ours keeps it in `missing`, since a lock that is
  damaged is looked at most of all.
- Theirs takes the name of a spec up to the first blank, and fails on ``name>=1``; ours reads all spellings.
- Theirs keeps one edge for each pair; ours keeps each spec as an edge of its own, and constraints beside them.
- The nodes of theirs are records; ours are names, so that two platforms can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable

import networkx as nx
import pytest
import rattler
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.graph.build import build_graph
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from tests.builders import record
from tests.graph.graphs import LOCK_FILES, patient, real_lock

NAMES = ("alpha", "b-2", "c.d", "_e", "f_g", "h")
PUBLISHED = ("base-notebook", "pangeo-notebook", "ml-notebook", "pytorch-notebook")


def to_rattler(one: PackageRecord) -> rattler.PackageRecord:
    return rattler.PackageRecord(
        one.name,
        one.version,
        rattler.BuildString(one.build),
        one.build_number,
        one.subdir,
        depends=list(one.depends),
    )


def theirs(records: Iterable[PackageRecord]) -> tuple[set[str], set[tuple[str, str]]]:
    graph = rattler.PackageRecord.to_graph([to_rattler(one) for one in records])
    names = {one: f"conda:{one.name.normalized}" for one in graph}
    return set(names.values()), {(names[a], names[b]) for a, b in graph.edges}


def ours(graph: nx.MultiDiGraph) -> tuple[set[str], set[tuple[str, str]]]:
    nodes = {node for node in graph if node.startswith("conda:")}
    edges = graph.edges(data="kind")
    return nodes, {(a, b) for a, b, kind in edges if kind == "depends" and a in nodes and b in nodes}


def solution(records: Iterable[PackageRecord]) -> Solution:
    return Solution(platform=Platform.LINUX_64, records=tuple(records), virtual_packages=())


@st.composite
def record_sets(draw: st.DrawFn) -> list[PackageRecord]:
    """Records that need each other in any way: cycles, loops, a name twice, virtual packages."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    specs = st.builds(
        lambda name, rest: f"{name}{rest}",
        st.sampled_from([*names, "__glibc", "__unix"]),
        st.sampled_from(["", " >=1", " 1.*", " >=1,<2 *_cp312", " *"]),
    )
    constraints = st.lists(st.sampled_from([f"{name} <9" for name in (*names, "absent")]), max_size=2)
    return [
        record(name, "1.0", *draw(st.lists(specs, max_size=5)), constrains=tuple(draw(constraints)))
        for name in draw(st.permutations(names))
    ]


@patient
@given(record_sets())
def test_random_records_give_the_same_nodes_and_pairs(records: list[PackageRecord]) -> None:
    graph = build_graph(solution(records))
    assert ours(graph) == theirs(records)
    assert graph.graph["missing"] == []
    # Each spec is an edge of its own.
    told = sorted((f"conda:{one.name}", spec) for one in records for spec in one.depends)
    assert sorted((a, d["spec"]) for a, _, d in graph.edges(data=True) if d["kind"] == "depends") == told


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_locks_give_the_same_nodes_and_pairs(name: str) -> None:
    if name not in LOCK_FILES:
        pytest.skip("the published locks are not beside this clone")
    for part in real_lock(name):
        records = [one for one in part.records if isinstance(one, PackageRecord)]
        graph = build_graph(part)
        assert len(records) > 100
        assert graph.graph["missing"] == []
        assert ours(graph) == theirs(records)


def test_what_nothing_meets_fails_there_and_is_kept_here() -> None:
    records = [record("a", "1.0", "gone >=1", "b"), record("b")]
    with pytest.raises(KeyError):
        theirs(records)
    graph = build_graph(solution(records))
    assert graph.graph["missing"] == [["conda:a", "gone >=1"]]
    assert ours(graph) == ({"conda:a", "conda:b"}, {("conda:a", "conda:b")})


def test_a_spec_without_a_blank_fails_there_and_is_read_here() -> None:
    records = [record("a", "1.0", "b>=1"), record("b")]
    with pytest.raises(Exception, match="b>=1"):
        theirs(records)
    assert ours(build_graph(solution(records)))[1] == {("conda:a", "conda:b")}
