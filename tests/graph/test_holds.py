"""Who constrains a package, and whose spec keeps it back."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.graph.build import build_graph
from condaenv_tools.graph.holds import Constraint, constrained_by, holds_back
from condaenv_tools.graph.roots import UnknownPackageError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from tests.builders import record
from tests.graph.graphs import patient
from tests.lock.toy_locks import LockedPackage, conda, part, pip, root


def graph_of(*packages: LockedPackage, roots: Iterable[str] = ()) -> nx.MultiDiGraph:
    return build_graph(part(*packages, roots=[root(spec, line=i) for i, spec in enumerate(roots, 3)]))


def told(graph: nx.MultiDiGraph, node: str, *candidates: PackageRecord) -> list[tuple[str, str, str]]:
    return [
        (
            " + ".join(one.holder for one in hold.constraints),
            " + ".join(one.spec for one in hold.constraints),
            hold.newest,
        )
        for hold in holds_back(graph, node, candidates)
    ]


NUMPYS = tuple(record("numpy", version) for version in ("1.26", "2.0", "2.1", "2.2"))


def test_everything_that_restricts_it() -> None:
    graph = graph_of(
        conda("a 1", "numpy >=1.2"),
        conda("b 1", "numpy"),
        conda("c 1", "numpy *", constrains=("numpy <3",)),
        conda("numpy 1.26"),
        roots=["numpy=1.26", "a"],
    )
    assert constrained_by(graph, "conda:numpy") == (
        Constraint(holder="conda:a", kind="depends", spec="numpy >=1.2"),
        Constraint(holder="conda:c", kind="constrains", spec="numpy <3"),
        Constraint(holder="environment.yml:3", kind="root", spec="numpy=1.26"),
    )


def test_the_same_software_elsewhere_does_not_restrict() -> None:
    graph = graph_of(conda("python 3"), conda("lib 1", "python"), pip("lib 2"))
    assert constrained_by(graph, "pypi:lib") == ()


def test_one_spec_holds_it_back() -> None:
    graph = graph_of(conda("old 1", "numpy <2.1"), conda("new 1", "numpy <2.2,>=1"), conda("numpy 1.26"))
    assert told(graph, "conda:numpy", *NUMPYS) == [
        ("conda:old", "numpy <2.1", "2.1"),
        ("conda:new + conda:old", "numpy <2.2,>=1 + numpy <2.1", "2.2"),
    ]


def test_the_line_of_a_file_holds_it_back() -> None:
    graph = graph_of(conda("numpy 1.26"), roots=["numpy=1.26"])
    assert told(graph, "conda:numpy", *NUMPYS) == [("environment.yml:3", "numpy=1.26", "2.2")]


def test_a_spec_is_not_to_blame_for_what_could_be_newer_without_it() -> None:
    graph = graph_of(conda("a 1", "numpy !=2.0"), conda("b 1", "numpy <2.2"), conda("numpy 1.26"))
    assert told(graph, "conda:numpy", *NUMPYS) == [("conda:b", "numpy <2.2", "2.2")]


def test_two_hold_it_together_and_neither_alone() -> None:
    graph = graph_of(conda("a 1", "numpy <2"), conda("b 1", "numpy <2"), conda("numpy 1.26"))
    assert told(graph, "conda:numpy", *NUMPYS) == [("conda:a + conda:b", "numpy <2 + numpy <2", "2.2")]


def test_a_candidate_that_needs_what_is_not_locked_so_does_not_count() -> None:
    graph = graph_of(conda("old 1", "numpy <2"), conda("numpy 1.26"), conda("python 3.9"))
    needs = record("numpy", "2.2", "python >=3.10")
    excludes = record("numpy", "2.1", constrains=("python >=3.10",))
    fits = record("numpy", "2.0", "python >=3.9", "added >=1", "__glibc >=2.17", "broken >>1")
    virtual = record("numpy", "3.0", "__glibc >=2.99")
    found = told(graph, "conda:numpy", needs, excludes, fits, virtual)
    assert found == [("conda:old", "numpy <2", "2.0")]


def test_a_spec_that_cannot_be_read_holds_nobody_back() -> None:
    graph = graph_of(conda("a 1", "numpy >>2"), conda("b 1", "numpy <2"), conda("numpy 1.26"))
    assert told(graph, "conda:numpy", *NUMPYS) == [("conda:b", "numpy <2", "2.2")]


def test_other_packages_and_older_versions_are_no_candidates() -> None:
    graph = graph_of(conda("a 1", "numpy <2"), conda("numpy 1.26"))
    assert told(graph, "conda:numpy", record("scipy", "9"), record("numpy", "1.0"), NUMPYS[0]) == []


def test_the_highest_rise_comes_first() -> None:
    graph = graph_of(conda("a 1", "numpy 1.26|2.2"), conda("b 1", "numpy <2.1"), conda("numpy 1.26"))
    assert [hold[2] for hold in told(graph, "conda:numpy", *NUMPYS)] == ["2.2", "2.0"]
    assert told(graph, "conda:numpy", *reversed(NUMPYS)) == told(graph, "conda:numpy", *NUMPYS)


def test_what_is_not_there() -> None:
    with pytest.raises(UnknownPackageError):
        holds_back(graph_of(conda("a 1")), "conda:numpy", [])


specs = st.sampled_from(
    ["numpy", "numpy <2", "numpy <2.1", "numpy !=2.0", "numpy >=1", "numpy <2.2", "numpy 1.26|2.2"]
)


@patient
@given(st.lists(specs, max_size=4))
def test_against_taking_every_set_of_specs_away(texts: list[str]) -> None:
    packages = [conda(f"u{i} 1", text) for i, text in enumerate(texts)]
    graph = graph_of(*packages, conda("numpy 1.26"))

    def newest(gone: tuple[int, ...]) -> Version:
        kept = [MatchSpec.parse(text) for i, text in enumerate(texts) if i not in gone]
        return max(Version(r.version) for r in NUMPYS if all(spec.matches(r) for spec in kept))

    expected = {}
    for size in range(1, len(texts) + 1):
        for gone in combinations(range(len(texts)), size):
            fewer = [less for k in range(size) for less in combinations(gone, k)]
            if all(newest(gone) > newest(less) for less in fewer):
                expected[" + ".join(f"conda:u{i}" for i in gone)] = str(newest(gone))
    assert {holder: version for holder, _, version in told(graph, "conda:numpy", *NUMPYS)} == expected
