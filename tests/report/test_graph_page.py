"""The page as text: one file, nothing from elsewhere, and no name that means more than text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.report.graph_page import graph_page
from condaenv_tools.report.page_data import ECOSYSTEMS, EDGES, KINDS
from tests.graph.graphs import graphs
from tests.report.worlds import HOSTILE, hostile_graph, two_platforms


class Outline(HTMLParser):
    """The elements of a page, with the text of those that hold code or data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: list[str] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag in {"script", "style"}
        if self._inside:
            self.raw.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[-1] += data

    def attribute(self, tag: str, name: str) -> list[str]:
        return [found[name] or "" for one, found in self.tags if one == tag and name in found]

    @property
    def document(self) -> dict[str, object]:
        found = json.loads(self.raw[1])
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def page() -> str:
    return graph_page(two_platforms(), title="toy/conda-lock.yml")


def test_it_is_whole_and_asks_for_nothing_from_elsewhere(page: str) -> None:
    outline = Outline(page)
    assert [tag for tag, _ in outline.tags].count("script") == 2
    assert not outline.attribute("script", "src")
    assert outline.attribute("link", "href") == ["data:,"]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", page)
    code = outline.raw[0] + outline.raw[2]
    assert "http" not in code


def test_the_script_puts_text_in_as_text_alone(page: str) -> None:
    code = Outline(page).raw[2]
    words = (
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|DOMParser|createContextual"
    )
    assert not re.search(words, code)


def test_the_policy_lets_its_own_script_and_style_run_and_nothing_else(page: str) -> None:
    outline = Outline(page)
    (policy,) = (
        found["content"]
        for tag, found in outline.tags
        if tag == "meta" and found.get("http-equiv") == "Content-Security-Policy"
    )
    rules = dict(part.strip().split(" ", 1) for part in (policy or "").split(";"))
    digests = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (outline.raw[0], outline.raw[2])
    ]
    assert rules == {
        "default-src": "'none'",
        "style-src": digests[0],
        "script-src": digests[1],
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    # The policy would stop them, and whoever saves the page without it would run them.
    assert not [
        name for _, found in outline.tags for name in found if name.startswith("on") or name == "style"
    ]


def test_the_same_graphs_give_the_same_bytes(page: str) -> None:
    graphs = two_platforms()
    for name, graph in graphs.items():
        other = nx.MultiDiGraph(**graph.graph)
        other.add_nodes_from(reversed(list(graph.nodes(data=True))))
        other.add_edges_from(reversed(list(graph.edges(data=True))))
        graphs[name] = other
    assert graph_page(graphs, title="toy/conda-lock.yml") == page


def _unpacked(document: dict[str, object]) -> list[nx.MultiDiGraph]:
    """Read the document of a page back into graphs."""
    strings, platforms = document["strings"], document["platforms"]
    assert isinstance(strings, list)
    assert isinstance(platforms, list)

    def text(number: int) -> str | None:
        return None if number < 0 else strings[number]

    found = []
    for one in platforms:
        graph = nx.MultiDiGraph(
            platform=one["name"],
            roots=[[text(one["nodes"][n][0]), text(s), text(p)] for n, s, p in one["asked"]],
            roots_known=one["rootsKnown"],
            missing=[[text(one["nodes"][n][0]), text(s)] for n, s in one["missing"]],
        )
        ids = []
        for node in one["nodes"]:
            identity, name, version, build, ecosystem, kind, root, channel, size, licence, *_ = node
            ids.append(text(identity))
            graph.add_node(
                text(identity),
                name=text(name),
                version=text(version),
                build=text(build),
                ecosystem=ECOSYSTEMS[ecosystem],
                kind=KINDS[kind],
                root=bool(root),
                channel=text(channel),
                size=size,
                license=text(licence),
            )
        edges = one["edges"]
        for i in range(0, len(edges), 5):
            graph.add_edge(
                ids[edges[i]], ids[edges[i + 1]], kind=EDGES[edges[i + 2]], spec=text(edges[i + 3])
            )
        found.append(graph)
    return found


def test_the_page_holds_the_graphs_whole(page: str) -> None:
    assert all(
        nx.utils.graphs_equal(a, b)
        for a, b in zip(_unpacked(Outline(page).document), two_platforms().values(), strict=True)
    )


@settings(deadline=None, max_examples=30)
@given(graphs())
def test_any_graph_can_be_read_back_from_its_page(graph: nx.MultiDiGraph) -> None:
    (found,) = _unpacked(Outline(graph_page(graph)).document)
    assert nx.utils.graphs_equal(found, graph)


def test_names_that_mean_harm_are_data_and_come_back_as_they_were() -> None:
    page = graph_page(hostile_graph(), title=HOSTILE[0] + HOSTILE[5])
    outline, plain = Outline(page), Outline(graph_page(toy_graph("a:"), title="t"))
    # Whatever the names are, the page has the same elements.
    assert [tag for tag, _ in outline.tags] == [tag for tag, _ in plain.tags]
    assert outline.raw[2] == plain.raw[2]
    assert set(HOSTILE) <= set(outline.document["strings"])  # type: ignore[arg-type]
    assert not set("<>&\u2028\u2029\x00") & set(outline.raw[1])
    page.encode("utf-8")


@settings(deadline=None, max_examples=40)
@given(st.text(max_size=30))
def test_no_text_changes_what_the_page_is(text: str) -> None:
    graph = toy_graph("a:")
    graph.nodes["conda:a"]["license"] = text
    outline = Outline(graph_page(graph, title=text))
    assert [tag for tag, _ in outline.tags].count("script") == 2
    assert text in outline.document["strings"]  # type: ignore[operator]


def test_credentials_are_masked() -> None:
    graph = toy_graph("a:")
    graph.nodes["conda:a"]["channel"] = "https://user:pass-word-1@conda.example.org/t/tk-abc-def/x"
    graph.graph["missing"].append(["conda:a", "x @ git+https://me:hunter-22@example.org/x.git"])
    page = graph_page(graph, title="https://me:swordfish-3@example.org/lock")
    assert not re.search("pass-word-1|tk-abc-def|hunter-22|swordfish-3", page)
    assert "conda.example.org" in page


def test_no_platform_is_a_page_too() -> None:
    assert Outline(graph_page({})).document["platforms"] == []
