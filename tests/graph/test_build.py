"""Locks and solutions to graphs."""

from __future__ import annotations

import gc
import random
import weakref
from dataclasses import replace

import networkx as nx
from hypothesis import given

from condaenv_tools.graph.build import build_graph, spec_name
from condaenv_tools.graph.roots import root_nodes
from condaenv_tools.lock.build import dependency_name
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.virtual import VirtualPackage
from tests.graph.graphs import each_lock, patient, real_lock
from tests.lock.toy_locks import conda, locks, part, pip, root, small_lock

ATTRIBUTES = {"name", "version", "build", "ecosystem", "kind", "root", "channel", "size", "license"}


def edges(graph: nx.MultiDiGraph, kind: str = "depends") -> list[tuple[str, str, str]]:
    return sorted((s, t, d["spec"]) for s, t, d in graph.edges(data=True) if d["kind"] == kind)


def test_a_small_lock() -> None:
    graph = build_graph(small_lock().on("linux-64"))
    assert sorted(graph) == [
        *("conda:black", "conda:libffi", "conda:pip", "conda:python"),
        *("virtual:__archspec", "virtual:__glibc", "virtual:__linux", "virtual:__unix"),
    ]
    assert edges(graph) == [
        ("conda:black", "conda:python", "python >=3.9"),
        ("conda:libffi", "virtual:__glibc", "__glibc >=2.17"),
        ("conda:pip", "conda:python", "python >=3.9"),
        ("conda:python", "conda:libffi", "libffi >=3.4,<4.0a0"),
        ("conda:python", "conda:pip", "pip"),
        ("conda:python", "virtual:__glibc", "__glibc >=2.17"),
    ]
    assert root_nodes(graph) == ("conda:black", "conda:python")
    assert graph.nodes["conda:libffi"] == {
        "name": "libffi",
        "version": "3.4.2",
        "build": "h_5",
        "ecosystem": "conda",
        "kind": "native",
        "root": False,
        "channel": "https://conda.anaconda.org/conda-forge",
        "size": None,
        "license": None,
    }
    assert graph.graph == {
        "platform": "linux-64",
        "roots": [
            ["conda:python", "python=3.12.*", "environment.yml:3"],
            ["conda:black", "black", "environment.yml:4"],
        ],
        "roots_known": True,
        "missing": [],
    }


def test_constraints_on_what_is_there_are_edges() -> None:
    graph = build_graph(part(conda("a 1", constrains=("b <2", "c")), conda("b 1")))
    assert edges(graph, "constrains") == [("conda:a", "conda:b", "b <2")]
    assert edges(graph) == []


def test_a_constraint_on_the_machine_is_an_edge_and_needs_no_such_machine() -> None:
    record = conda("cuda 12", constrains=("__cuda >=12", "__osx >=11")).record
    assert isinstance(record, PackageRecord)
    cuda = VirtualPackage.parse("__cuda=11.8")
    graph = build_graph(Solution(platform=Platform.LINUX_64, records=(record,), virtual_packages=(cuda,)))
    assert sorted(graph) == ["conda:cuda", "virtual:__cuda"]
    assert edges(graph, "constrains") == [("conda:cuda", "virtual:__cuda", "__cuda >=12")]


def test_two_specs_of_one_package_are_two_edges() -> None:
    graph = build_graph(part(conda("a 1", "b >=1", "b <3"), conda("b 1")))
    assert edges(graph) == [("conda:a", "conda:b", "b <3"), ("conda:a", "conda:b", "b >=1")]


def test_what_nothing_meets_is_told() -> None:
    graph = build_graph(part(conda("a 1", "gone >=1", "__cuda >=12"), pip("p 1", ("away", "")), virtual=()))
    assert graph.graph["missing"] == [["conda:a", "gone >=1"], ["pypi:p", "away"]]
    assert graph.nodes["virtual:__cuda"]["version"] is None
    assert graph.nodes["virtual:__cuda"]["kind"] == "virtual"


def test_the_assumed_virtual_packages_are_there() -> None:
    graph = build_graph(part(conda("a 1"), virtual=[VirtualPackage.parse("__cuda=12.4=x")]))
    assert graph.nodes["virtual:__cuda"]["version"] == "12.4"
    assert graph.nodes["virtual:__cuda"]["build"] == "x"


def test_distributions_of_pypi_reach_into_conda() -> None:
    graph = build_graph(
        part(
            conda("python 3.12"),
            conda("typing_extensions 4", "python", subdir="noarch"),
            conda("pytorch 2", "python", purls=("pkg:pypi/torch@2.0?x=y",)),
            conda("numpy 2", "python"),
            conda("redis 7"),
            pip("numpy 2"),
            pip("app 1", ("Typing.Extensions", ">=4"), ("torch", "*"), ("numpy", ""), ("redis", ">=1")),
            roots=[root("app", manager="pip"), root("torch", manager="pip"), root("gone", manager="pip")],
        )
    )
    assert edges(graph)[-3:] == [
        ("pypi:app", "conda:pytorch", "torch"),
        ("pypi:app", "conda:typing_extensions", "Typing.Extensions >=4"),
        ("pypi:app", "pypi:numpy", "numpy"),
    ]
    assert edges(graph, "same-as") == [("conda:numpy", "pypi:numpy", "")]
    # A native library is not the distribution of the same name.
    assert graph.graph["missing"] == [["pypi:app", "redis >=1"]]
    assert root_nodes(graph) == ("conda:pytorch", "pypi:app")
    assert graph.nodes["pypi:app"]["kind"] == "python"


def test_roots_that_nobody_states_are_what_nothing_needs() -> None:
    packages = (conda("app 1", "python"), conda("python 3", "pip"), conda("pip 1", "python"), conda("tool 1"))
    graph = build_graph(part(*packages))
    assert (root_nodes(graph), graph.graph["roots_known"]) == (("conda:app", "conda:tool"), False)
    alone = build_graph(part(*packages[1:3]))
    assert root_nodes(alone) == ("conda:pip",)  # one of a cycle, so that all is reached


def test_roots_may_be_given_and_may_be_patterns() -> None:
    found = part(conda("py-a 1"), conda("py-b 1"), conda("c 1"))
    graph = build_graph(found, roots=[replace(root("x"), name="py-*"), root("absent")])
    assert root_nodes(graph) == ("conda:py-a", "conda:py-b")
    assert root_nodes(build_graph(found, roots=[])) == ()


def test_a_channels_own_records_say_more() -> None:
    lean = conda("a 1", "b")
    full = replace(lean.record, size=5, license="MIT", constrains=("b <2",))
    graph = build_graph(part(lean, conda("b 1")), records={lean.record.url: full})
    assert (graph.nodes["conda:a"]["size"], graph.nodes["conda:a"]["license"]) == (5, "MIT")
    assert edges(graph, "constrains") == [("conda:a", "conda:b", "b <2")]


@patient
@given(locks())
def test_any_lock_becomes_a_graph_whatever_its_order(lock: Lock) -> None:
    for one in lock:
        graph = build_graph(one)
        shuffled = list(one.packages)
        random.Random(0).shuffle(shuffled)
        again = build_graph(replace(one, packages=tuple(shuffled)))
        assert list(graph.nodes(data=True)) == list(again.nodes(data=True))
        assert list(graph.edges(data=True)) == list(again.edges(data=True))
        assert all(set(data) == ATTRIBUTES for _, data in graph.nodes(data=True))
        assert all(set(data) == {"kind", "spec"} for _, _, data in graph.edges(data=True))


@each_lock
def test_a_real_lock_is_all_there(name: str) -> None:
    for one in real_lock(name):
        graph = build_graph(one)
        records = {f"conda:{record.name}": record for record in one.records}
        assert set(records) == {node for node in graph if node.startswith("conda:")}
        assert graph.graph["missing"] == []
        # The same, with every spec parsed.
        naive = sorted(
            (node, f"{'virtual' if name.startswith('__') else 'conda'}:{name}", spec)
            for node, record in records.items()
            for spec in record.depends
            for name in [MatchSpec.parse(spec).name]
        )
        assert edges(graph) == naive
        assert all(spec_name(s) == dependency_name(s) for _, _, s in naive)
        asked = {r.name for r in one.roots} if one.roots is not None else None
        if asked is not None:
            assert {node.partition(":")[2] for node in root_nodes(graph)} == asked
        else:
            digraph = nx.DiGraph(edge[:2] for edge in naive)
            digraph.add_nodes_from(records)
            assert set(root_nodes(graph)) == {n for n in records if not digraph.in_degree(n)}


def test_a_lock_and_its_solution_are_the_same_graph() -> None:
    one = real_lock("geospatial").on("osx-arm64")
    solution = Solution(
        platform=Platform.OSX_ARM64, records=one.records, virtual_packages=one.virtual_packages or ()
    )
    assert nx.utils.graphs_equal(build_graph(one), build_graph(solution, roots=one.roots))


def test_graphs_do_not_stay() -> None:
    one = real_lock("geospatial").on("linux-64")
    seen = [weakref.ref(build_graph(one)) for _ in range(50)]
    gc.collect()
    assert not any(ref() for ref in seen)


def test_an_edge_of_a_distribution_says_which_marker_and_extra_brought_it() -> None:
    needs = (("helper", ">=1"), ("speed", ""), ("typing", ""))
    texts = ("helper>=1", "speed; extra == 'fast' and os_name == 'posix'", "typing; python_version < '4'")
    app = PyPIRecord(name="app", version="1", url="", requires=needs, requirements=texts)
    others = tuple(PyPIRecord(name=name, version="1", url="") for name, _ in needs)
    part = LockedPlatform(
        platform=Platform.LINUX_64,
        packages=tuple(LockedPackage(record=record) for record in (app, *others)),
    )
    graph = build_graph(part)
    found = {target: (data["marker"], data["extra"]) for _, target, data in graph.edges(data=True)}
    assert found == {
        "pypi:helper": ("", ""),
        "pypi:speed": ("extra == 'fast' and os_name == 'posix'", "fast"),
        "pypi:typing": ("python_version < '4'", ""),
    }
