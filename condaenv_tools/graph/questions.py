"""The questions that a graph answers, by name, each with a table as its answer.

The functions behind them (`cost`, `native_stack`, ...) return values; a table is what a terminal, a notebook and
pandas want of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from condaenv_tools.graph.chains import depth, impact, layers, needed_by, needs
from condaenv_tools.graph.holds import holds_back
from condaenv_tools.graph.platforms import platform_diff
from condaenv_tools.graph.roots import need_node
from condaenv_tools.graph.shape import bridges, cycles, licences, native_stack, shared_native
from condaenv_tools.graph.weight import cost, leaves, redundant_roots
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.table import Table

__all__ = ["QUESTIONS", "Question", "ask", "difference"]

#: The builds that there are of a package, by its name; what the channels know.
Candidates = Callable[[str], Iterable[PackageRecord]]
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes
    ----------
    name : str
        As the command line knows it.
    title : str
        What is asked, in a few words.
    columns : tuple of str
        Of the answer.
    rows : callable
        Takes the graph, the node asked about (or None) and the candidates; returns the rows.
    wants : str
        ``"package"`` where a package has to be named, ``"maybe"`` where it may be, else ``""``.
    wants_records : bool
        Whether the builds of the channels are needed.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: Callable[[nx.MultiDiGraph, str, Candidates], Iterable[Row]]
    wants: str = ""
    wants_records: bool = False


def ask(
    graph: nx.MultiDiGraph, question: str, node: str | None = None, *, candidates: Candidates | None = None
) -> Table:
    """Return the answer to a question as a table.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    question : str
        A key of `QUESTIONS`.
    node : str, optional
        Node id of the package that is asked about, where the question is about one.
    candidates : callable, optional
        Returns the builds of a name; `holds-back` needs it.

    Raises
    ------
    UnknownPackageError
        The node is not in the graph.
    ValueError
        The question is about a package and none is named, or needs builds and none are at hand.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> ask(toy_graph("app: net", "net:", roots=["app", "net"]), "redundant-roots").rows
    (('conda:net', ('conda:app',)),)
    """
    one = QUESTIONS[question]
    if one.wants == "package" and node is None:
        raise ValueError(f"{question} is a question about a package; name one")
    if one.wants_records and candidates is None:
        raise ValueError(f"{question} needs the builds that the channels have")
    if node is not None:
        need_node(graph, node)
    rows = one.rows(graph, node or "", candidates or (lambda _: ()))
    about = "" if node is None else f": {node}" if one.wants == "maybe" else f" {node}"
    return Table(columns=one.columns, rows=tuple(rows), caption=f"{one.title}{about}")


def difference(graphs: Mapping[str, nx.MultiDiGraph]) -> Table:
    """Return what differs between platforms: one row for each package that is not the same everywhere.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> difference({"linux-64": toy_graph("a: b", "b:"), "osx-arm64": toy_graph("a:")}).rows
    (('conda:b', '1', None),)
    """
    diff = platform_diff(graphs)
    return Table(
        columns=("package", *diff.platforms),
        rows=tuple((one.node, *(version for _, version in one.versions)) for one in diff.differing),
        caption=f"what differs; {len(diff.common)} packages are the same on all platforms",
    )


def _needed_by(graph: nx.MultiDiGraph, node: str, _: Candidates) -> Iterable[Row]:
    direct = set(needed_by(graph, node, direct=True))
    return [(one, "directly" if one in direct else "through others") for one in needed_by(graph, node)]


def _needs(graph: nx.MultiDiGraph, node: str, _: Candidates) -> Iterable[Row]:
    direct = set(needs(graph, node, direct=True))
    return [(one, "directly" if one in direct else "through others") for one in needs(graph, node)]


def _holds(graph: nx.MultiDiGraph, node: str, candidates: Candidates) -> Iterable[Row]:
    data = graph.nodes[node]
    return [
        (
            data["version"],
            hold.newest,
            tuple(f"{one.spec} ({one.holder})" for one in hold.constraints),
        )
        for hold in holds_back(graph, node, candidates(data["name"]))
    ]


def _cost(graph: nx.MultiDiGraph, node: str, _: Candidates) -> Iterable[Row]:
    return [
        (one.root, one.size, len(one.packages), one.unknown_sizes, one.packages)
        for one in cost(graph)
        if node in {"", one.root}
    ]


def _table(*questions: Question) -> dict[str, Question]:
    return {question.name: question for question in questions}


#: Every question, by its name.
QUESTIONS: dict[str, Question] = _table(
    Question(
        name="needs",
        title="what it needs:",
        columns=("package", "how"),
        rows=_needs,
        wants="package",
    ),
    Question(
        name="needed-by",
        title="what needs",
        columns=("package", "how"),
        rows=_needed_by,
        wants="package",
    ),
    Question(
        name="holds-back",
        title="whose specs keep back",
        columns=("version", "could be", "without"),
        rows=_holds,
        wants="package",
        wants_records=True,
    ),
    Question(
        name="impact",
        title="what was asked for and rests on",
        columns=("root",),
        rows=lambda graph, node, _: [(one,) for one in impact(graph, node)],
        wants="package",
    ),
    Question(
        name="native-stack",
        title="the native libraries under",
        columns=("library", "steps"),
        rows=lambda graph, node, _: native_stack(graph, node),
        wants="package",
    ),
    Question(
        name="shared-native",
        title="native libraries that several packages need, and the interval that is left",
        columns=("library", "needed by", "interval", "packages"),
        rows=lambda graph, _, __: [
            (one.node, len(one.needed_by), one.interval, one.needed_by) for one in shared_native(graph)
        ],
    ),
    Question(
        name="cost",
        title="what goes if a root is no longer asked for (bytes and packages)",
        columns=("root", "bytes", "packages", "of unknown size", "which"),
        rows=_cost,
        wants="maybe",
    ),
    Question(
        name="redundant-roots",
        title="roots that others imply",
        columns=("root", "implied by"),
        rows=lambda graph, _, __: [(one.root, one.implied_by) for one in redundant_roots(graph)],
    ),
    Question(
        name="leaves",
        title="the smallest set of roots that gives the same environment",
        columns=("package",),
        rows=lambda graph, _, __: [(one,) for one in leaves(graph)],
    ),
    Question(
        name="depth",
        title="how many steps below the nearest root",
        columns=("package", "depth"),
        rows=lambda graph, _, __: depth(graph),
    ),
    Question(
        name="layers",
        title="packages in layers, each below all that need it",
        columns=("layer", "packages"),
        rows=lambda graph, _, __: list(enumerate(layers(graph))),
    ),
    Question(
        name="bridges",
        title="packages without which the graph falls apart",
        columns=("package",),
        rows=lambda graph, _, __: [(one,) for one in bridges(graph)],
    ),
    Question(
        name="cycles",
        title="packages that need each other",
        columns=("packages",),
        rows=lambda graph, _, __: [(one,) for one in cycles(graph)],
    ),
    Question(
        name="licences",
        title="licences",
        columns=("licence", "packages", "which"),
        rows=lambda graph, node, _: [
            (one.licence, len(one.packages), one.packages) for one in licences(graph, node or None)
        ],
        wants="maybe",
    ),
)
