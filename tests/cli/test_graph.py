"""`condaenv graph`: the graph of a lock for other programs."""

from __future__ import annotations

import json
import re

import networkx as nx
import pytest

import condaenv_tools as ct
from condaenv_tools.cli.graph import _FORMATS
from condaenv_tools.graph.build import build_graph
from condaenv_tools.graph.formats import FORMATS, loads_json
from tests.cli.world import Folder
from tests.lock.toy_locks import lock_of, part, small_lock


@pytest.fixture
def locked(here: Folder) -> Folder:
    here.write(ct.lock_text(small_lock()), "conda-lock.yml")
    return here


def test_the_formats_are_those_of_the_room() -> None:
    assert tuple(sorted(FORMATS)) == _FORMATS


@pytest.mark.parametrize("form", _FORMATS)
def test_every_format_goes_to_stdout_or_a_file(locked: Folder, form: str) -> None:
    words = ("graph", "conda-lock.yml", "-p", "osx-arm64", "--format", form)
    ran = locked.run(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == FORMATS[form](build_graph(ct.loads_lock(locked.read()).on("osx-arm64")))
    assert locked.run(*words, "-o", "-").out == ran.out
    written = locked.run(*words, "-o", "out.txt")
    assert (written.code, written.out, locked.read("out.txt")) == (0, "", ran.out)


def test_json_is_networkx_node_link_data(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml", "-p", "linux-64")
    graph = nx.node_link_graph(json.loads(ran.out), edges="edges")
    assert nx.utils.graphs_equal(graph, build_graph(ct.loads_lock(locked.read()).on("linux-64")))
    node = next(node for node in ran.document["nodes"] if node["id"] == "conda:python")
    assert node == {
        "id": "conda:python",
        "name": "python",
        "version": "3.12.1",
        "build": "h1_0_cpython",
        "ecosystem": "conda",
        "kind": "python",
        "root": True,
        "channel": "https://conda.anaconda.org/conda-forge",
        "size": None,
        "license": None,
    }


def test_the_first_platform_is_taken_and_told(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml")
    assert ran.document["graph"]["platform"] == "linux-64"
    assert ran.err == "this is the graph of linux-64; -p chooses another: osx-arm64\n"
    assert locked.run("graph", "conda-lock.yml", "-q").err == ""


def test_verbose_tells_the_counts(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml", "-p", "linux-64", "-v")
    assert ran.err == "8 nodes, 6 edges\n"


def test_records_of_a_snapshot_tell_sizes(here: Folder) -> None:
    here.write()
    assert here.lock("-q").code == 0
    words = ("graph", "conda-lock.yml", "-p", "linux-64")
    sizes = {n["name"]: n["size"] for n in here.run(*words).document["nodes"] if n["ecosystem"] == "conda"}
    assert sizes == {"a": None, "b": None}
    told = here.run(*words, "--snapshot", "snap").document["nodes"]
    assert {n["name"]: n["size"] for n in told if n["ecosystem"] == "conda"} == {"a": 1007, "b": 1007}
    # Another archive under the same name is not the one that is locked.
    text = re.sub(r"sha256: \w+", f"sha256: {'0' * 64}", here.read())
    here.write(text, "conda-lock.yml")
    told = here.run(*words, "--snapshot", "snap").document["nodes"]
    assert {n["size"] for n in told} == {None}


def test_a_platform_without_packages_is_an_empty_graph(here: Folder) -> None:
    here.write(ct.lock_text(lock_of(part(virtual=(), roots=()))), "conda-lock.yml")
    ran = here.run("graph", "conda-lock.yml")
    assert ran.code == 0
    assert len(loads_json(ran.out)) == 0
    assert "linux-64 has no packages in this lock" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conda-lock.yml", "-p", "win-64"), "it has linux-64, osx-arm64"),
        (("conda-lock.yml", "-p", "linux-64", "-p", "osx-arm64"), "one platform"),
        (("conda-lock.yml", "--format", "gif"), "gif"),
        (("conda-lock.yml", "-o", "missing/graph.json"), "missing"),
        (("conda-lock.yml", "-o", "conda-lock.yml"), "take its place"),
        (("missing.yml",), "missing.yml"),
        (("empty.yml",), "empty"),
        ((), "LOCK"),
    ],
    ids=str,
)
def test_wrong_input_exits_with_2(locked: Folder, words: tuple[str, ...], said: str) -> None:
    locked.write("", "empty.yml")
    before = locked.read()
    ran = locked.run("graph", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in re.sub(r"\s+", " ", ran.err)
    assert locked.read() == before
