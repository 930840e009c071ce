"""Random graphs, and what the questions mean, written so that anybody can see it: slow and obvious."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import settings
from hypothesis import strategies as st

import condaenv_tools as ct
from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.model.lock import Lock
from tests.shared_data import shared_path

ROOT = Path(__file__).resolve().parents[2]
NAMES = "abcdefg"

#: networkx loads parts of itself on first use, and a busy machine takes its time.
patient = settings(deadline=None)


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph:
    """Up to seven packages that need each other in any way, cycles and loops included, and some virtual ones."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    needs = st.lists(st.sampled_from([*names, "__glibc", "__unix"]), max_size=4)
    lines = [f"{name}: {' '.join(draw(needs))}" for name in names]
    roots = draw(st.none() | st.lists(st.sampled_from(names), unique=True))
    return toy_graph(*lines, roots=roots)


def plain(graph: nx.MultiDiGraph) -> nx.DiGraph:
    """Return the `depends` edges alone."""
    found = nx.DiGraph()
    found.add_nodes_from(graph)
    found.add_edges_from((s, t) for s, t, kind in graph.edges(data="kind") if kind == "depends")
    return found


def roots_of(graph: nx.MultiDiGraph) -> list[str]:
    return sorted(node for node, data in graph.nodes(data=True) if data["root"])


def naive_chains(graph: nx.MultiDiGraph, root: str, node: str) -> list[tuple[str, ...]]:
    """All simple chains, by trying each next step."""
    edges = set(plain(graph).edges)
    found: list[tuple[str, ...]] = []
    todo: list[tuple[str, ...]] = [(root,)]
    while todo:
        chain = todo.pop()
        if chain[-1] == node:
            found.append(chain)
            continue
        todo += [(*chain, n) for n in graph if (chain[-1], n) in edges and n not in chain]
    return found


def closure(graph: nx.MultiDiGraph, starts: Iterable[str]) -> set[str]:
    """All that is reached, by adding targets until nothing is added."""
    seen, before = set(starts), None
    while before != seen:
        before = set(seen)
        seen |= {t for s, t in plain(graph).edges if s in seen}
    return seen


def lock_files() -> dict[str, Path]:
    """Return the locks of the curated environments, and the published ones where they are at hand."""
    paths = sorted((ROOT / "environments").glob("*/conda-lock.yml"))
    pangeo = shared_path("pangeo")
    if pangeo is not None:
        paths += sorted(pangeo.glob("*/conda-lock.yml"))
    return {path.parent.name: path for path in paths}


@cache
def real_lock(name: str) -> Lock:
    return ct.read_lock(LOCK_FILES[name])


LOCK_FILES = lock_files()
each_lock = pytest.mark.parametrize("name", LOCK_FILES)
