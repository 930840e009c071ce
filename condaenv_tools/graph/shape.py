"""The shape of an environment: cycles, single points, native libraries, licences."""

from __future__ import annotations

from dataclasses import dataclass, replace

import networkx as nx

from condaenv_tools.errors import ParseError
from condaenv_tools.graph.kinds import NATIVE, VIRTUAL
from condaenv_tools.graph.roots import dependencies, need_node, reached
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.version_region import reduced

__all__ = [
    "LicenceGroup",
    "SharedNative",
    "bridges",
    "cycles",
    "licences",
    "native_stack",
    "shared_native",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedNative:
    """A native library that several packages need.

    Attributes
    ----------
    node : str
        Node id of the library.
    needed_by : tuple of str
        The packages that name it, sorted.
    specs : tuple of str
        Their specs, each once, sorted.
    interval : str or None
        The one spec that asks for what all of them ask for; None where one spec cannot say it.
    """

    node: str
    needed_by: tuple[str, ...]
    specs: tuple[str, ...]
    interval: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceGroup:
    """The packages of one licence.

    Attributes
    ----------
    licence : str or None
        As the records write it; None where they say nothing.
    packages : tuple of str
        Node ids, sorted.
    """

    licence: str | None
    packages: tuple[str, ...]


def cycles(graph: nx.MultiDiGraph) -> tuple[tuple[str, ...], ...]:
    """Return the groups of packages that need each other, such as pip and python.

    Returns
    -------
    tuple of tuples of str
        Each sorted, and they by their first; a package that needs itself is a group.

    Notes
    -----
    These are the strongly connected components; O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> cycles(toy_graph("app: python", "python: pip", "pip: python"))
    (('conda:pip', 'conda:python'),)
    """
    needs = dependencies(graph)
    groups = nx.strongly_connected_components(nx.DiGraph(needs))
    return tuple(sorted(tuple(sorted(g)) for g in groups if len(g) > 1 or any(n in needs[n] for n in g)))


def bridges(graph: nx.MultiDiGraph) -> tuple[str, ...]:
    """Return the packages without which the graph falls apart: more pieces than before, whatever the direction.

    Returns
    -------
    tuple of str
        Node ids, sorted.

    Notes
    -----
    These are the articulation points of the undirected graph; O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> bridges(toy_graph("app: web", "web: net", "net:"))
    ('conda:web',)
    """
    return tuple(sorted(nx.articulation_points(nx.Graph(dependencies(graph)))))


def native_stack(
    graph: nx.MultiDiGraph, node: str, *, through_python: bool = False
) -> tuple[tuple[str, int], ...]:
    """Return the native libraries that a package rests on, down to virtual packages such as ``__glibc``.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        Node id of any package.
    through_python : bool
        Also what the Python packages that it needs rest on, the interpreter among them. Without it, the package's
        own libraries and what these need.

    Returns
    -------
    tuple of (str, int)
        Node id and number of steps below `node`; the nearest first, then by id. Packages without files are walked
        through and not listed.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("gdal: python libgdal", "libgdal: zlib", "python: tk", "tk:", "zlib: __glibc")
    >>> native_stack(graph, "conda:gdal")
    (('conda:libgdal', 1), ('conda:zlib', 2), ('virtual:__glibc', 3))
    >>> [name for name, _ in native_stack(graph, "conda:gdal", through_python=True)]
    ['conda:libgdal', 'conda:tk', 'conda:zlib', 'virtual:__glibc']
    """
    need_node(graph, node)
    needs = dependencies(graph)
    kind = dict(graph.nodes(data="kind"))
    if not through_python:
        needs = {one: [t for t in targets if kind[t] != "python"] for one, targets in needs.items()}
    distance = reached([node], needs)
    found = [(one, d) for one, d in distance.items() if d and kind[one] in {NATIVE, VIRTUAL}]
    return tuple(sorted(found, key=lambda item: (item[1], item[0])))


def shared_native(graph: nx.MultiDiGraph, *, least: int = 2) -> tuple[SharedNative, ...]:
    """Return the native libraries that several packages need, and the interval that is left for each.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    least : int
        How many packages have to need a library for it to be listed.

    Returns
    -------
    tuple of SharedNative
        What most packages need first, then by id.

    Notes
    -----
    O(V + E log E), and each distinct spec of a listed library is read once.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> shared = shared_native(toy_graph("a: zlib>=1", "b: zlib<2", "zlib:"))
    >>> [(one.node, one.needed_by, one.interval) for one in shared]
    [('conda:zlib', ('conda:a', 'conda:b'), "zlib[version='<2,>=1']")]
    """
    found = []
    for node, kind in graph.nodes(data="kind"):
        if kind != NATIVE:
            continue
        holders, specs = set(), set()
        for source, _, data in graph.in_edges(node, data=True):
            if data["kind"] == "depends":
                holders.add(source)
                specs.add(data["spec"])
        if len(holders) >= least:
            found.append(
                SharedNative(
                    node=node,
                    needed_by=tuple(sorted(holders)),
                    specs=tuple(sorted(specs)),
                    interval=_common(sorted(specs)),
                )
            )
    return tuple(sorted(found, key=lambda one: (-len(one.needed_by), one.node)))


def _common(specs: list[str]) -> str | None:
    """Return the shortest spec that asks for what all ask for, or None where one spec cannot say it."""
    try:
        found, *others = map(MatchSpec.parse, specs)
    except ParseError:
        return None
    for other in others:
        both = found.intersect(other)
        if both is None:
            return None
        found = both
    return str(found if found.version is None else replace(found, version=reduced(found.version)))


def licences(graph: nx.MultiDiGraph, node: str | None = None) -> tuple[LicenceGroup, ...]:
    """Return the licences of a package and of all that it needs.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str, optional
        Node id; without it, all packages count.

    Returns
    -------
    tuple of LicenceGroup
        The most frequent first, then by text; what is not known last. Virtual packages have none and are left out.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    A lock of conda-lock's making holds no licences: build the graph with the records of the channel.
    Takes O(V + E log E).

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> licences(toy_graph("app: net", "net:", "other:"), "conda:app")
    (LicenceGroup(licence=None, packages=('conda:app', 'conda:net')),)
    """
    if node is not None:
        need_node(graph, node)
    wanted = graph if node is None else reached([node], dependencies(graph))
    groups: dict[str | None, list[str]] = {}
    for one in sorted(wanted):
        data = graph.nodes[one]
        if data["ecosystem"] != "virtual":
            groups.setdefault(data["license"], []).append(one)
    order = sorted(groups, key=lambda text: (text is None, -len(groups[text]), text or ""))
    return tuple(LicenceGroup(licence=text, packages=tuple(groups[text])) for text in order)
