"""What a notebook shows of a graph."""

from __future__ import annotations

from html.parser import HTMLParser

from condaenv_tools.graph.toy import toy_graph
from condaenv_tools.report.drawing import draw
from condaenv_tools.report.graph_page import graph_page
from tests.report.worlds import hostile_graph, two_platforms


class Frames(HTMLParser):
    """The attributes of the frames in a text, and whatever else is in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.frames: list[dict[str, str | None]] = []
        self.others: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "iframe":
            self.frames.append(dict(attrs))
        else:
            self.others.append(tag)


def test_a_small_graph_is_a_picture() -> None:
    shown = draw(toy_graph("app: net", "net:"))._repr_html_()
    assert shown.startswith("<div><svg ")
    assert shown.endswith("</svg>\n</div>")
    assert Frames(shown).frames == []


def test_a_large_graph_or_several_are_the_page_in_a_sandbox() -> None:
    large = {"linux-64": toy_graph(*(f"p{i}:" for i in range(61)))}
    for graphs in (large, two_platforms()):
        frames = Frames(draw(graphs, title='a "b"')._repr_html_())
        (frame,) = frames.frames
        assert (frame["sandbox"], frame["title"], frames.others) == ("allow-scripts", 'a "b"', [])
        assert frame["srcdoc"] == graph_page(graphs, title='a "b"') == draw(graphs, title='a "b"').html
    assert draw(toy_graph(*(f"p{i}:" for i in range(60)))).is_small


def test_names_that_mean_harm_stay_inside() -> None:
    graph = hostile_graph()
    small = Frames(draw(graph)._repr_html_())
    assert not {"script", "img", "iframe"} & set(small.others)
    frames = Frames(draw({"a": graph, "b": graph}, title="</iframe><script>")._repr_html_())
    assert (len(frames.frames), frames.others) == (1, [])


def test_its_own_text_is_short() -> None:
    assert len(repr(draw(two_platforms(), title="x"))) < 200
