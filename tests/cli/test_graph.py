"""`condaenv graph`: the graph of a lock, of an environment and of a file, in every format."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

import condaenv_tools as ct
from condaenv_tools.cli.graph import _LOOKS, _TEXTS
from condaenv_tools.graph.build import build_graph
from condaenv_tools.graph.formats import FORMATS, loads_json
from condaenv_tools.graph.platforms import build_graphs
from condaenv_tools.report.graph_image import graph_png, graph_svg
from condaenv_tools.report.graph_page import graph_page
from tests.cli.world import CONFLICT, ROOT, Folder
from tests.lock.toy_locks import conda, lock_of, part, small_lock


@pytest.fixture
def locked(here: Folder) -> Folder:
    here.write(ct.lock_text(small_lock()), "conda-lock.yml")
    return here


def test_the_formats_are_those_of_the_room() -> None:
    assert tuple(sorted(FORMATS)) == _TEXTS


@pytest.mark.parametrize("form", _TEXTS)
def test_every_text_goes_to_stdout_or_a_file(locked: Folder, form: str) -> None:
    words = ("graph", "conda-lock.yml", "-p", "osx-arm64", "--format", form)
    ran = locked.run(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == FORMATS[form](build_graph(ct.loads_lock(locked.read()).on("osx-arm64")))
    assert locked.run(*words, "-o", "-").out == ran.out
    written = locked.run(*words, "-o", "out.txt")
    assert (written.code, written.out, locked.read("out.txt")) == (0, "", ran.out)


def test_without_a_format_a_page_of_all_platforms_lies_beside_the_lock(locked: Folder) -> None:
    (locked.path / "sub").mkdir()
    locked.write(locked.read(), "sub/conda-lock.yml")
    ran = locked.run("graph", "sub/conda-lock.yml")
    place = str(Path("sub") / "graph.html")
    assert (ran.code, ran.out, ran.err) == (0, "", f"written to {place}\n")
    graphs = build_graphs(ct.loads_lock(locked.read()))
    assert locked.read("sub/graph.html") == graph_page(graphs, title="sub/conda-lock.yml")
    assert locked.run("graph", "sub/conda-lock.yml", "-q", "-o", "-").out == locked.read("sub/graph.html")


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_picture_of_one_platform_lies_beside_the_lock(locked: Folder, form: str) -> None:
    ran = locked.run("graph", "conda-lock.yml", "--format", form)
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        f"this is the graph of linux-64; -p chooses another: osx-arm64\nwritten to graph.{form}\n"
    )
    graph = build_graph(ct.loads_lock(locked.read()).on("linux-64"))
    expected = graph_svg(graph).encode() if form == "svg" else graph_png(graph)
    assert (locked.path / f"graph.{form}").read_bytes() == expected


def test_a_png_goes_to_stdout_as_bytes(locked: Folder) -> None:
    process = subprocess.run(
        [
            sys.executable,
            "-m",
            "condaenv_tools",
            *["graph", "conda-lock.yml", "-p", "osx-arm64", "--format", "png", "-o", "-"],
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout == graph_png(build_graph(ct.loads_lock(locked.read()).on("osx-arm64")))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("g.json", b"{"),
        ("g.svg", b"<?xml"),
        ("g.PNG", b"\x89PNG"),
        ("g.gv", b"digraph"),
        ("g.dot", b"digraph"),
        ("g.mmd", b"flowchart"),
        ("g.graphml", b"<graphml"),
        ("g.htm", b"<!doctype html>"),
        ("g", b"<!doctype html>"),
    ],
)
def test_the_name_of_the_file_says_the_format(locked: Folder, name: str, begins: bytes) -> None:
    ran = locked.run("graph", "conda-lock.yml", "-o", name, "-q")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (locked.path / name).read_bytes().startswith(begins)


def test_json_is_an_option_as_everywhere(locked: Folder) -> None:
    words = ("graph", "conda-lock.yml", "-p", "linux-64")
    assert locked.run(*words, "--json").out == locked.run(*words, "--format", "json").out
    assert not locked.has("graph.html")
    two = locked.run(*words, "--json", "--format", "svg")
    assert (two.code, "choose one" in two.document["error"]["message"]) == (2, True)


def test_a_part_of_the_graph_in_any_format(locked: Folder) -> None:
    words = ("graph", "conda-lock.yml", "-p", "linux-64", "--json", "--around")
    near = {node["id"] for node in locked.run(*words, "black").document["nodes"]}
    assert near == {"conda:black", "conda:python"}
    more = {node["id"] for node in locked.run(*words, "black", "--depth", "2").document["nodes"]}
    assert more == near | {"conda:pip", "conda:libffi", "virtual:__glibc"}
    both = {node["id"] for node in locked.run(*words, "black", "--around", "libffi").document["nodes"]}
    assert both == near | {"conda:libffi", "virtual:__glibc"}


def test_a_platform_without_the_package_is_left_out_of_the_page(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml", "--around", "__osx", "-o", "near.html")
    assert (ran.code, ran.err) == (0, "note: linux-64 has no __osx, and is left out\n")
    assert '"name":"linux-64"' not in locked.read("near.html")


def test_a_picture_that_nobody_can_read_says_so(here: Folder) -> None:
    many = [conda(f"p{i} 1.0") for i in range(130)]
    here.write(ct.lock_text(lock_of(part(*many, roots=()))), "conda-lock.yml")
    ran = here.run("graph", "conda-lock.yml", "-o", "g.svg")
    assert (ran.code, here.read("g.svg")[:5]) == (0, "<?xml")
    assert re.search(
        r"nobody can read a picture of \d+ packages: --format html .* and --around NAME", ran.err
    )
    assert "nobody" not in here.run("graph", "conda-lock.yml", "-o", "g.svg", "--around", "p1").err


def test_an_environment_file_is_solved_and_not_written(here: Folder) -> None:
    here.write()
    ran = here.run("graph", "environment.yml", "--snapshot", "snap", "--offline", "-p", "osx-arm64", "--json")
    assert ran.code == 0
    nodes = {node["id"]: node for node in ran.document["nodes"]}
    assert nodes["conda:a"]["root"] is True
    assert (nodes["conda:b"]["version"], nodes["conda:b"]["size"]) == ("2.0", 1007)
    assert ran.document["graph"]["roots"] == [["conda:a", "a", "environment.yml:4"]]
    assert ran.document["graph"]["platform"] == "osx-arm64"
    page = here.run("graph", "environment.yml", "--snapshot", "snap", "--offline")
    assert (page.code, here.has("conda-lock.yml")) == (0, False)
    assert "is solved for this graph alone" in page.err
    assert all(f'"name":"{platform}"' in here.read("graph.html") for platform in ("linux-64", "osx-arm64"))


def test_an_environment_file_that_cannot_be_solved_draws_nothing(here: Folder) -> None:
    here.write(CONFLICT)
    ran = here.run("graph", "environment.yml", "--snapshot", "snap", "--offline")
    assert (ran.code, ran.out, here.has("graph.html")) == (1, "", False)
    assert "cannot be solved" in ran.err


def test_channels_of_an_environment_file_can_be_others(here: Folder) -> None:
    here.write("dependencies: [a]\n")
    ran = here.run(
        *[
            "graph",
            "environment.yml",
            "-c",
            "toy",
            "--snapshot",
            "snap",
            "--offline",
            "-p",
            "linux-64",
            "--json",
        ]
    )
    assert (ran.code, len(ran.document["nodes"]) > 1) == (0, True)


def test_an_installed_environment_gets_no_file_of_ours(here: Folder) -> None:
    meta = here.path / "env" / "conda-meta"
    meta.mkdir(parents=True)
    record = {"name": "a", "version": "1", "build": "0", "subdir": "linux-64", "url": "", "files": ["bin/a"]}
    (meta / "a-1-0.json").write_text(json.dumps(record))
    ran = here.run("graph", "env")
    assert (ran.code, ran.err) == (0, "written to graph.html\n")
    assert [path.name for path in (here.path / "env").iterdir()] == ["conda-meta"]


def test_a_credential_in_a_lock_is_not_drawn(locked: Folder) -> None:
    url = "https://conda.anaconda.org/conda-forge"
    locked.write(
        locked.read().replace(url, "https://conda.example.org/t/tk-secret-123/forge"), "conda-lock.yml"
    )
    assert "tk-secret-123" in locked.read()
    for name in ("g.html", "g.svg"):
        assert locked.run("graph", "conda-lock.yml", "-o", name, "-q").code == 0
        assert "tk-secret-123" not in locked.read(name)


def test_json_is_networkx_node_link_data(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml", "-p", "linux-64", "--json")
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
    ran = locked.run("graph", "conda-lock.yml", "--json")
    assert ran.document["graph"]["platform"] == "linux-64"
    assert ran.err == "this is the graph of linux-64; -p chooses another: osx-arm64\n"
    assert locked.run("graph", "conda-lock.yml", "--json", "-q").err == ""


def test_verbose_tells_the_counts(locked: Folder) -> None:
    ran = locked.run("graph", "conda-lock.yml", "-p", "linux-64", "--json", "-v")
    assert ran.err == "8 nodes, 6 edges\n"


def test_records_of_a_snapshot_tell_sizes(here: Folder) -> None:
    here.write()
    assert here.lock("-q").code == 0
    words = ("graph", "conda-lock.yml", "-p", "linux-64", "--json")
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
    ran = here.run("graph", "conda-lock.yml", "--json")
    assert ran.code == 0
    assert len(loads_json(ran.out)) == 0
    assert "linux-64 has no packages in this lock" in ran.err
    for form in _LOOKS:
        assert here.run("graph", "conda-lock.yml", "--format", form).code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conda-lock.yml", "-p", "win-64"), "it has linux-64, osx-arm64"),
        (("conda-lock.yml", "-p", "linux-64", "-p", "osx-arm64", "--format", "dot"), "one platform"),
        (("conda-lock.yml", "--depth", "2"), "--around"),
        (("conda-lock.yml", "--around", "pyton"), "did you mean python"),
        (("conda-lock.yml", "-c", "toy"), "conda-lock.yml is none"),
        (("conda-lock.yml", "--conda-only"), "conda-lock.yml is none"),
        (("conda-lock.yml", "--format", "gif"), "gif"),
        (("conda-lock.yml", "-o", "missing/graph.json"), "missing"),
        (("conda-lock.yml", "-o", "conda-lock.yml"), "take its place"),
        (("missing.yml",), "missing.yml"),
        (("empty.yml",), "empty"),
        ((), "LOCK-or-FILE"),
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


def test_what_cannot_be_solved_has_a_page_of_its_own_and_an_older_graph_survives(here: Folder) -> None:
    here.write(CONFLICT)
    here.write("old", "graph.html")
    ran = here.run("graph", "environment.yml", "--snapshot", "snap", "--offline")
    assert ran.code == 1
    assert "cannot be solved on linux-64, osx-arm64: " in ran.err
    assert "graph-conflict.html shows it" in ran.err
    assert here.read("graph.html") == "old"
    assert "b >=2" in here.read("graph-conflict.html").replace("\\u003e", ">")
