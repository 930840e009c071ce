"""Who constrains a package, and whose spec keeps it at its version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from condaenv_tools.errors import ParseError
from condaenv_tools.graph.build import spec_name
from condaenv_tools.graph.roots import need_node
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version

__all__ = ["Constraint", "Hold", "constrained_by", "holds_back"]

#: Stands for the files, which are no package.
_FILES = "root"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Constraint:
    """One spec that restricts a package.

    Attributes
    ----------
    holder : str
        Node id of the package whose spec it is; for a line of a file, its ``FILE:LINE``.
    kind : str
        ``depends`` or ``constrains``; ``root`` for a line of a file.
    spec : str
        The text.
    """

    holder: str
    kind: str
    spec: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Specs that keep a package back together: it could be newer if all of them went, and not if fewer did.

    Attributes
    ----------
    constraints : tuple of Constraint
        The specs, and whose they are; sorted. Mostly one.
    newest : str
        The newest version that there could be without them.
    """

    constraints: tuple[Constraint, ...]
    newest: str


def constrained_by(graph: nx.MultiDiGraph, node: str) -> tuple[Constraint, ...]:
    """Return every spec that restricts a package: all that say more than its name.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        A node id.

    Returns
    -------
    tuple of Constraint
        Sorted by holder, kind and text.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    Takes time in the number of edges at `node` and of roots.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> constrained_by(toy_graph("app: net>=1", "log: net", "net:"), "conda:net")
    (Constraint(holder='conda:app', kind='depends', spec='net>=1'),)
    """
    need_node(graph, node)
    name = graph.nodes[node]["name"]
    found = {
        Constraint(holder=source, kind=data["kind"], spec=data["spec"])
        for source, _, data in graph.in_edges(node, data=True)
        if data["kind"] != "same-as"
    }
    found |= {
        Constraint(holder=source, kind=_FILES, spec=spec)
        for asked, spec, source in graph.graph.get("roots", ())
        if asked == node
    }
    return tuple(sorted(one for one in found if one.spec.strip() not in {"", name, f"{name} *"}))


def holds_back(graph: nx.MultiDiGraph, node: str, candidates: Iterable[PackageRecord]) -> tuple[Hold, ...]:
    """Return the specs that keep a conda package at its version, alone or together with others.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one.
    node : str
        Node id of a conda package.
    candidates : iterable of PackageRecord
        The builds that there are, as the channels list them; those of another name count as nothing.

    Returns
    -------
    tuple of Hold
        The fewest specs first, then the highest rise, then by constraint. Each is minimal: fewer of its specs
        would not have to go for as new a version. Empty if it is the newest already, or if no spec but the
        solver's choice keeps it.

    Raises
    ------
    UnknownPackageError
        `node` is not in the graph.

    Notes
    -----
    All else stays as it is: a candidate counts if the packages of the graph meet what it needs and constrains,
    where it names them. That a package which is not in the graph could be added is taken for granted; whether a
    whole solution exists, a solver has to say. C candidates, S specs at `node`: O(C (S + D)) spec matches, D the
    specs of a candidate.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> graph = toy_graph("app: net<2", "log: net<3", "net:")
    >>> one = PackageRecord(name="net", version="1", build="0", subdir="linux-64", url="",
    ...     channel="https://conda.example.org/toy")
    >>> for hold in holds_back(graph, "conda:net", [replace(one, version=v) for v in ("2", "3")]):
    ...     print(hold.newest, [constraint.spec for constraint in hold.constraints])
    2 ['net<2']
    3 ['net<2', 'net<3']
    """
    constraints = constrained_by(graph, node)
    name, version = graph.nodes[node]["name"], Version.of(graph.nodes[node]["version"])
    read = [(one, spec) for one in constraints if (spec := _parsed(one.spec)) is not None]
    best: dict[tuple[Constraint, ...], Version] = {}
    for candidate in candidates:
        rank = Version.of(candidate.version)
        if candidate.name != name or not rank > version:
            continue
        against = tuple(one for one, spec in read if not spec.matches(candidate))
        if (against not in best or rank > best[against]) and _fits(candidate, graph):
            best[against] = rank
    # What could be newer as it is, is no spec's fault: without a spec to go, the empty set has the newest.
    minimal = {
        group: rank
        for group, rank in best.items()
        if group and not any(other >= rank and set(less) < set(group) for less, other in best.items())
    }
    order = sorted(minimal)
    order.sort(key=lambda group: minimal[group], reverse=True)
    order.sort(key=len)
    return tuple(Hold(constraints=group, newest=str(minimal[group])) for group in order)


@dataclass(frozen=True, slots=True)
class _Locked:
    """A node as a spec sees it."""

    name: str
    version: str
    build: str
    channel: str


def _fits(candidate: PackageRecord, graph: nx.MultiDiGraph) -> bool:
    """Say whether the packages of a graph meet what a candidate says of them."""
    for text in (*candidate.depends, *candidate.constrains):
        data = _node_of(graph, spec_name(text))
        if data is None or data["version"] is None:
            continue
        spec = _parsed(text)
        locked = _Locked(data["name"], data["version"], data["build"] or "", data["channel"] or "")
        if spec is not None and not spec.matches(locked):
            return False
    return True


def _node_of(graph: nx.MultiDiGraph, name: str) -> Mapping[str, Any] | None:
    for node in (f"conda:{name}", f"virtual:{name}"):
        if node in graph:
            found: Mapping[str, Any] = graph.nodes[node]
            return found
    return None


def _parsed(text: str) -> MatchSpec | None:
    """Return a spec, or None where it cannot be read: then it holds nobody back."""
    try:
        return MatchSpec.parse(text)
    except ParseError:
        return None
