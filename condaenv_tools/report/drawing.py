"""A graph that draws itself in a notebook: a picture where it can be read, else the page in a frame of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import networkx as nx

from condaenv_tools.report.graph_image import graph_svg
from condaenv_tools.report.graph_page import graph_page

__all__ = ["Drawing", "draw"]

#: Packages up to which a picture in a notebook can be read.
_SMALL = 60


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What `draw` returns; a notebook shows it.

    Attributes
    ----------
    graphs : mapping of str to networkx.MultiDiGraph
        By the platform's name.
    title : str
        What the graphs are about.
    """

    graphs: Mapping[str, nx.MultiDiGraph] = field(repr=False)
    title: str = ""

    @property
    def is_small(self) -> bool:
        """Whether it is shown as a picture: one platform, and few packages."""
        return len(self.graphs) == 1 and all(len(graph) <= _SMALL for graph in self.graphs.values())

    @property
    def html(self) -> str:
        """The whole as one page, as `condaenv graph` writes it."""
        return graph_page(self.graphs, title=self.title)

    def _repr_html_(self) -> str:
        if self.is_small:
            (graph,) = self.graphs.values()
            svg = graph_svg(graph)
            # What stands before the element is for a file, not for HTML.
            return f"<div>{svg[svg.index('<svg') :]}</div>"
        # In a sandbox without the notebook's origin, and as an attribute, it reaches nothing of the notebook.
        return (
            f'<iframe sandbox="allow-scripts" title="{escape(self.title or "Dependency graph")}" '
            f'width="100%" height="640" srcdoc="{escape(self.html)}"></iframe>'
        )


def draw(graphs: nx.MultiDiGraph | Mapping[str, nx.MultiDiGraph], *, title: str = "") -> Drawing:
    """Return a drawing of a graph, which a notebook shows.

    Parameters
    ----------
    graphs : networkx.MultiDiGraph or mapping of str to networkx.MultiDiGraph
        One graph of `build_graph`, or several by the platform's name.
    title : str
        What they are about.

    Returns
    -------
    Drawing
        One graph of at most 60 packages is shown as a picture (SVG), all else as the page of `condaenv graph`.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> draw(toy_graph("app: net", "net:"))._repr_html_()[:9]
    '<div><svg'
    """
    several = {graphs.graph["platform"]: graphs} if isinstance(graphs, nx.MultiDiGraph) else dict(graphs)
    return Drawing(graphs=several, title=title)
