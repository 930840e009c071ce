"""Specs that do not hold, against the rules that prove a lock."""

from __future__ import annotations

import pytest

import condaenv_tools as ct
from condaenv_tools.graph.build import build_graph
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.jobs.graph_files import read_graphs
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.report.broken import broken_specs
from tests.graph.graphs import ROOT
from tests.lock.toy_locks import conda, lock_of, part, pip
from tests.report.worlds import two_platforms


def test_what_is_missing_and_what_does_not_fit_is_found() -> None:
    found = broken_specs(two_platforms()["linux-64"])
    assert [(one.source, one.target, one.kind, one.spec) for one in found] == [
        ("conda:lib", "conda:net", "constrains", "net <1"),
        ("conda:net", None, "depends", "gone >=1"),
        ("conda:net", "conda:lib", "depends", "lib >=3"),
    ]


@pytest.mark.parametrize("name", ["geospatial", "robotics", "rapids"])
def test_a_proven_lock_has_none(name: str) -> None:
    # The records of the channel bring the constraints, which a lock leaves out.
    read = read_graphs(
        ROOT / "environments" / name / "conda-lock.yml", snapshot=ROOT / "environments/channel"
    )
    for graph in read.graphs.values():
        assert any(kind == "constrains" for *_, kind in graph.edges(data="kind"))
        assert broken_specs(graph) == ()


def test_it_agrees_with_the_proof_of_a_lock() -> None:
    packages = (
        conda("a 1.0", "b >=2", "c 1.*", "lost", noarch="python"),
        conda("b 1.0", "__glibc >=9"),
        conda("c 1.5 h_7", constrains=("a >=2", "absent <1")),
        conda("d 1", "c * *_8", "not a spec [[["),
        pip("e 1.0", ("a", ">=2"), ("f", "*")),
        pip("f 2.0", ("e", "~=1.0"), ("a", "odd!")),
    )
    locked = part(*packages, virtual=(VirtualPackage(name="__glibc", version="2.28"),))
    report = ct.verify_lock(lock_of(locked))
    told = {
        (fault.package, fault.rule)
        for fault in report.faults
        if fault.rule in {"depends", "constrains"} and "not a MatchSpec" not in fault.message
    }
    found = broken_specs(build_graph(locked))
    assert {(one.source.partition(":")[2], one.kind) for one in found} == told | {("d", "depends")}
    assert ("e", "depends") in told


def test_a_machine_of_unknown_version_accuses_nobody() -> None:
    assert broken_specs(toy_graph("a: __glibc>=99")) == ()


def test_a_view_speaks_of_its_own_packages() -> None:
    graph = two_platforms()["linux-64"]
    part = graph.subgraph(["conda:app", "conda:python"])
    assert broken_specs(part) == ()
