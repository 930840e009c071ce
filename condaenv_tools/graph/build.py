"""A lock's platform, or a solution, to a typed graph.

Nodes are ``conda:NAME``, ``pypi:NAME`` and ``virtual:NAME``. Each has the attributes `name`, `version`,
`build`, `ecosystem` (``conda``, ``pypi``, ``virtual``), `kind` (``python``, ``native``, ``virtual``, ``meta``),
`root` (asked for), `channel`, `size` (bytes) and `license`; what is not known is None. Edges go from a package
to what it speaks of, with `kind` (``depends``, ``constrains``, ``same-as``) and `spec`, the text of the record. An
edge from a PyPI distribution has, where the lock says it, the `marker` and the `extra` that brought it; both are
empty where it always counts.

The graph itself has the attributes `platform`, `roots` (``[node, spec, source]`` for each line that was asked
for), `roots_known` and `missing` (``[node, spec]`` for each requirement that nothing in the graph meets by
name). All are plain values, so that the graph becomes JSON as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import networkx as nx

from condaenv_tools.channels.names import pypi_names
from condaenv_tools.graph.kinds import PYTHON, VIRTUAL, kind_of
from condaenv_tools.graph.roots import source_nodes
from condaenv_tools.model.lock import LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.provided import provided_by

__all__ = ["build_graph", "spec_name"]

_NAME_END = re.compile(r"[\s=<>!~\[;(]")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRA = re.compile(r"""extra\s*==\s*(["'])(.*?)\1""")

Attributes = dict[str, Any]
#: Source, target, kind, spec.
Edge = tuple[str, str, str, str]


def build_graph(
    part: LockedPlatform | Solution,
    *,
    roots: Iterable[Root] | None = None,
    records: Mapping[str, PackageRecord] | None = None,
    files: Mapping[str, int] | None = None,
) -> nx.MultiDiGraph:
    """Return the graph of all packages of one platform.

    Parameters
    ----------
    part : LockedPlatform or Solution
        The packages.
    roots : iterable of Root, optional
        What was asked for, in place of what the lock says. Where nobody says it, the roots are one package of
        each group that nothing else needs, and the graph's `roots_known` is False.
    records : mapping of str to PackageRecord, optional
        The channel's own record by URL: a lock leaves out sizes, constraints and licences.
    files : mapping of str to int, optional
        How many files a conda package installs, by name, where that is known.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes sorted by ecosystem and name, whatever the order of the input. A virtual package that is needed
        and not assumed is a node without version. ``same-as`` goes from a conda package to the PyPI distribution
        that it brings and that is installed beside it: the purls of the record say so, else the recorded table
        of names, else, where that knows nothing, the normalised names of two Python packages agree.

    Notes
    -----
    Takes O(V + E) beside the sorting of the names. Specs are kept as text and not parsed.

    Examples
    --------
    >>> from condaenv_tools.model.platform import Platform
    >>> def toy(name, *depends):
    ...     return PackageRecord(name=name, version="1", build="0", subdir="linux-64", depends=depends,
    ...         channel="https://conda.example.org/toy", url=f"https://conda.example.org/toy/linux-64/{name}.conda")
    >>> records = (toy("a", "b >=1", "__glibc >=2.17"), toy("b"))
    >>> graph = build_graph(Solution(platform=Platform.LINUX_64, records=records, virtual_packages=()))
    >>> sorted(graph.edges(data="spec"))
    [('conda:a', 'conda:b', 'b >=1'), ('conda:a', 'virtual:__glibc', '__glibc >=2.17')]
    >>> graph.nodes["conda:b"]["kind"], graph.nodes["conda:a"]["root"], graph.graph["roots_known"]
    ('native', True, False)
    """
    conda, pypi = _packages(part, records or {})
    stated = roots if roots is not None else part.roots if isinstance(part, LockedPlatform) else None
    # Most specs stand in several records.
    specs = {spec for record in conda.values() for spec in (*record.depends, *record.constrains)}
    names = {spec: spec_name(spec) for spec in specs}
    needs = {name: [names[spec] for spec in record.depends] for name, record in conda.items()}
    graph = nx.MultiDiGraph(
        platform=part.platform.value, roots=[], roots_known=stated is not None, missing=[]
    )
    counts = files or {}
    graph.add_nodes_from(
        (f"conda:{name}", _conda_node(record, kind_of(record, needs[name], files=counts.get(name))))
        for name, record in conda.items()
    )
    graph.add_nodes_from((f"pypi:{name}", _pypi_node(record)) for name, record in pypi.items())
    graph.add_nodes_from(_virtual_nodes(part.virtual_packages or (), set().union(*needs.values())))
    asked = tuple(stated) if stated is not None else None
    of_pip = bool(pypi) or any(root.manager == "pip" for root in asked or ())
    providers = _providers(conda, graph) if of_pip else {}
    missing: list[list[str]] = graph.graph["missing"]
    # The names of the nodes themselves: an edge between new texts of the same letters costs twice the time.
    nodes = {data["name"]: node for node, data in graph.nodes(data=True) if data["ecosystem"] != "pypi"}
    targets = {spec: nodes.get(name) for spec, name in names.items()}
    _add_edges(graph, _conda_edges(conda, targets, missing))
    for name, record in pypi.items():
        _add_pypi_edges(graph, f"pypi:{name}", record, providers, missing)
    _add_edges(graph, _same_edges(pypi, providers))
    _mark_roots(graph, asked, providers)
    return graph


def spec_name(spec: str) -> str:
    """Return the name in a MatchSpec of a record, which is what it begins with.

    Examples
    --------
    >>> spec_name("python >=3.12,<3.13.0a0"), spec_name("numpy"), spec_name("conda-forge::python[version='3']")
    ('python', 'numpy', 'python')
    """
    head = spec.rpartition("::")[2].lstrip() if "::" in spec else spec
    return _NAME_END.split(head, maxsplit=1)[0]


def _packages(
    part: LockedPlatform | Solution, records: Mapping[str, PackageRecord]
) -> tuple[dict[str, PackageRecord], dict[str, PyPIRecord]]:
    """Return the packages of each ecosystem by name, sorted; of two of one name, the first counts."""
    every: Iterable[PackageRecord | PyPIRecord]
    every = part.records if isinstance(part, Solution) else (package.record for package in part.packages)
    conda: dict[str, PackageRecord] = {}
    pypi: dict[str, PyPIRecord] = {}
    for record in sorted(every, key=lambda r: (r.name, r.version, r.url)):
        if isinstance(record, PackageRecord):
            conda.setdefault(record.name, records.get(record.url, record))
        else:
            pypi.setdefault(pypi_name(record.name), record)
    return conda, pypi


def _conda_node(record: PackageRecord, kind: str) -> Attributes:
    return {
        "name": record.name,
        "version": record.version,
        "build": record.build,
        "ecosystem": "conda",
        "kind": kind,
        "root": False,
        "channel": record.channel,
        "size": record.size,
        "license": record.license,
    }


def _pypi_node(record: PyPIRecord) -> Attributes:
    return {
        "name": record.name,
        "version": record.version,
        "build": None,
        "ecosystem": "pypi",
        "kind": PYTHON,
        "root": False,
        "channel": None,
        "size": None,
        "license": None,
    }


def _virtual_nodes(
    assumed: Iterable[VirtualPackage], needed: Iterable[str]
) -> Iterator[tuple[str, Attributes]]:
    known = {package.name: package for package in assumed}
    for name in sorted({*known, *filter(is_virtual, needed)}):
        package = known.get(name)
        yield (
            f"virtual:{name}",
            {
                "name": name,
                "version": package.version if package else None,
                "build": package.build if package else None,
                "ecosystem": "virtual",
                "kind": VIRTUAL,
                "root": False,
                "channel": None,
                "size": None,
                "license": None,
            },
        )


def _add_edges(graph: nx.MultiDiGraph, edges: Iterable[Edge]) -> None:
    for source, target, kind, spec in edges:
        # A key of our own for the first edge of each pair, which most are, spares networkx the search for one.
        key = None if graph.has_edge(source, target) else 0
        graph.add_edge(source, target, key, kind=kind, spec=spec)


def _conda_edges(
    conda: Mapping[str, PackageRecord], targets: Mapping[str, str | None], missing: list[list[str]]
) -> Iterator[Edge]:
    for name, record in conda.items():
        source = f"conda:{name}"
        for spec in record.depends:
            target = targets[spec]
            if target is None:
                missing.append([source, spec])
            else:
                yield source, target, "depends", spec
        for spec in record.constrains:
            target = targets[spec]
            if target is not None:
                yield source, target, "constrains", spec


def _add_pypi_edges(
    graph: nx.MultiDiGraph,
    source: str,
    record: PyPIRecord,
    providers: Mapping[str, str],
    missing: list[list[str]],
) -> None:
    """Add what a distribution needs; where the lock says it, with the marker and the extra that brought it."""
    texts: dict[str, list[str]] = {}
    for text in record.requirements:
        if match := _DISTRIBUTION.match(text):
            texts.setdefault(pypi_name(match[0]), []).append(text)
    for wanted, specifier in record.requires:
        spec = wanted if specifier in {"", "*"} else f"{wanted} {specifier}"
        normal = pypi_name(wanted)
        node = f"pypi:{normal}"
        target = node if node in graph else providers.get(normal)
        if target is None:
            missing.append([source, spec])
            continue
        markers = sorted({text.partition(";")[2].strip() for text in texts.get(normal, ())})
        marker = " or ".join(f"({one})" for one in markers) if len(markers) > 1 else "".join(markers)
        extras = dict.fromkeys(match[2] for match in _EXTRA.finditer(marker))
        known = {"marker": marker, "extra": ",".join(extras)} if normal in texts else {}
        graph.add_edge(source, target, kind="depends", spec=spec, **known)


def _same_edges(pypi: Iterable[str], providers: Mapping[str, str]) -> Iterator[Edge]:
    for name in pypi:
        if name in providers:
            yield providers[name], f"pypi:{name}", "same-as", ""


def _providers(conda: Mapping[str, PackageRecord], graph: nx.MultiDiGraph) -> dict[str, str]:
    """Return which conda package provides a distribution: by purls, the table of names, or its own name."""
    found = {str(one.name): f"conda:{one.conda_name}" for one in provided_by(conda.values())}
    # A native library may have the name of a distribution that has nothing to do with it.
    guessed = {
        str(pypi_name(name)): f"conda:{name}"
        for name in conda
        if graph.nodes[f"conda:{name}"]["kind"] == PYTHON and pypi_names(name) is None
    }
    return {**guessed, **found}


def _mark_roots(graph: nx.MultiDiGraph, stated: Iterable[Root] | None, providers: Mapping[str, str]) -> None:
    if stated is None:
        for node in source_nodes(graph):
            graph.nodes[node]["root"] = True
        return
    for root in stated:
        for node in _asked(graph, root, providers):
            graph.nodes[node]["root"] = True
            graph.graph["roots"].append([node, root.spec, root.source])


def _asked(graph: nx.MultiDiGraph, root: Root, providers: Mapping[str, str]) -> list[str]:
    if root.manager == "pip":
        normal = pypi_name(root.name)
        node = f"pypi:{normal}" if f"pypi:{normal}" in graph else providers.get(normal)
        return [] if node is None else [node]
    if "*" in root.name:
        return [
            node
            for node, data in graph.nodes(data=True)
            if data["ecosystem"] == "conda" and fnmatchcase(data["name"], root.name)
        ]
    return [f"conda:{root.name}"] if f"conda:{root.name}" in graph else []
