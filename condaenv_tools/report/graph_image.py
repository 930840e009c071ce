"""A graph as a picture, SVG or PNG, in the layered layout: from left to right, what a package needs at its right.

Packages have the shapes and colours of the page. What was asked for has a thick frame, a spec that does not hold
is a red line, and constraints are dashed.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx

from condaenv_tools.report.broken import broken_specs
from condaenv_tools.report.layout import layered_layout

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["READABLE", "graph_png", "graph_svg"]

#: Packages up to which a picture of the whole can be read.
READABLE = 120
#: Inches of a letter, a line, and what is left between two columns; points of the letters.
_LETTER, _LINE, _GAP, _POINTS = 0.075, 0.27, 0.55, 8.0
#: Dots of the longer side of a PNG, and of an inch where that allows it.
_DOTS, _DENSITY = 6_000, 150
_FILL = {"python": "#dbeafe", "native": "#fde68a", "virtual": "#e5e7eb", "meta": "#ede9fe"}
_DASH = {"depends": "-", "constrains": (0, (4, 3)), "same-as": (0, (1, 2))}
_CONFLICT, _EDGE, _FRAME = "#c1121f", "#7d8894", "#4b5563"
#: Letters of a name that are shown.
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a package is drawn, in inches, the left end of its middle line first."""

    x: float
    y: float
    width: float
    label: str

    @property
    def right(self) -> float:
        return self.x + self.width


def graph_svg(graph: nx.MultiDiGraph) -> str:
    """Return an SVG that holds its names as text.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a part of one. More than `READABLE` packages are drawn, and nobody can read them.

    Returns
    -------
    str
        A whole document. The same graph gives the same bytes with the same matplotlib.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> text = graph_svg(toy_graph("app: net", "net:"))
    >>> "app 1" in text, text == graph_svg(toy_graph("net:", "app: net"))
    (True, True)
    """
    return _picture(graph, "svg", {"Date": None, "Creator": None, "Title": _title(graph)}).decode()


def graph_png(graph: nx.MultiDiGraph) -> bytes:
    r"""Return a PNG of at most 6,000 dots on its longer side.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a part of one.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph_png(toy_graph("app: net", "net:"))[:4]
    b'\x89PNG'
    """
    return _picture(graph, "png", {"Software": None, "Title": _title(graph)})


def _title(graph: nx.MultiDiGraph) -> str:
    return f"{len(graph)} packages on {graph.graph.get('platform', 'no platform')}"


def _picture(graph: nx.MultiDiGraph, form: str, metadata: dict[str, str | None]) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - heavy; only a picture needs it
    from matplotlib.figure import Figure  # noqa: PLC0415

    boxes, width, height = _boxes(graph)
    stream = io.BytesIO()
    with mpl.rc_context(), _quiet():
        # A user's style, or that of a notebook, would make other bytes of the same graph.
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "condaenv", "svg.fonttype": "none", "path.simplify": False})
        figure = Figure(figsize=(width, height), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.set_axis_off()
        _draw_edges(axes, graph, boxes)
        _draw_nodes(axes, graph, boxes)
        density = min(_DENSITY, _DOTS / max(width, height))
        figure.savefig(stream, format=form, dpi=72 if form == "svg" else density, metadata=metadata)
    return stream.getvalue()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let a name in signs that the font lacks be drawn as boxes: nothing that a user can do about it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"(?s).*[Gg]lyph.*")
        yield


def _boxes(graph: nx.MultiDiGraph) -> tuple[dict[str, _Box], float, float]:
    """Return the place of each node, and the size of the picture, in inches."""
    layout = layered_layout(graph)
    labels = {node: _label(graph.nodes[node]) for node in layout.places}
    widths = {node: (len(label) + 2) * _LETTER for node, label in labels.items()}
    columns = [0.0] * layout.columns
    for node, (column, _) in layout.places.items():
        columns[int(column)] = max(columns[int(column)], widths[node])
    lefts = [_GAP]
    for width in columns:
        lefts.append(lefts[-1] + width + _GAP)
    boxes = {
        node: _Box(lefts[int(column)], (row + 1) * _LINE, widths[node], labels[node])
        for node, (column, row) in layout.places.items()
    }
    return boxes, lefts[-1], (layout.rows + 1) * _LINE


def _label(data: dict[str, Any]) -> str:
    text = f"{data['name']} {data['version']}" if data["version"] else str(data["name"])
    shown = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _draw_edges(axes: Axes, graph: nx.MultiDiGraph, boxes: dict[str, _Box]) -> None:
    from matplotlib.collections import PathCollection  # noqa: PLC0415

    broken = {(one.source, one.target, one.kind, one.spec) for one in broken_specs(graph)}
    groups: dict[tuple[str, bool], dict[tuple[str, str], None]] = {}
    for source, target, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        key = (data["kind"], (source, target, data["kind"], data["spec"]) in broken)
        groups.setdefault(key, {})[source, target] = None
    # With many lines each has to be faint.
    faint = min(0.9, max(0.15, 10 / math.sqrt(graph.number_of_edges() + 1)))
    for (kind, is_broken), pairs in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0])):
        paths = [_path(boxes[source], boxes[target]) for source, target in pairs if source != target]
        axes.add_collection(
            PathCollection(
                paths,
                facecolors="none",
                edgecolors=_CONFLICT if is_broken else _EDGE,
                linewidths=1.8 if is_broken else 0.8,
                linestyles=[_DASH[kind]],
                alpha=1.0 if is_broken else faint,
                zorder=2 if is_broken else 1,
            )
        )


def _path(source: _Box, target: _Box) -> Any:
    from matplotlib.path import Path  # noqa: PLC0415

    if target.x > source.right:
        start, end, bend = source.right, target.x, (target.x - source.right) / 2
        points = [(start, source.y), (start + bend, source.y), (end - bend, target.y), (end, target.y)]
    else:
        # Within a layer, or back: a cycle, or a line that does not shape the layout.
        start, end = source.right, target.right
        out = max(start, end) + _GAP * 0.6
        points = [(start, source.y), (out, source.y), (out, target.y), (end, target.y)]
    return Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])


def _draw_nodes(axes: Axes, graph: nx.MultiDiGraph, boxes: dict[str, _Box]) -> None:
    from matplotlib.patches import Ellipse, FancyBboxPatch, Patch, Rectangle  # noqa: PLC0415

    faults = {end for one in broken_specs(graph) for end in (one.source, one.target)}
    high = _LINE * 0.7
    for node, box in boxes.items():
        data = graph.nodes[node]
        style: dict[str, Any] = {
            "facecolor": _FILL[data["kind"]],
            "edgecolor": _CONFLICT if node in faults else _FRAME,
            "linewidth": 2.0 if data["root"] or node in faults else 0.8,
            "linestyle": "--" if data["kind"] == "virtual" else "-",
            "zorder": 3,
        }
        corner = (box.x, box.y - high / 2)
        patch: Patch
        if data["kind"] == "virtual":
            patch = Ellipse((box.x + box.width / 2, box.y), box.width, high, **style)
        elif data["kind"] == "python":
            shape = f"round,pad=0,rounding_size={high * 0.4}"
            patch = FancyBboxPatch(corner, box.width, high, boxstyle=shape, **style)
        else:
            patch = Rectangle(corner, box.width, high, **style)
        axes.add_patch(patch)
        # What channels write is text, and no formula.
        axes.text(
            box.x + box.width / 2,
            box.y,
            box.label,
            ha="center",
            va="center",
            fontsize=_POINTS,
            color="#16191d",
            parse_math=False,
            zorder=4,
        )
