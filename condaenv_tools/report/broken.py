"""Which specs of a graph do not hold: what a drawing shows in the colour of a conflict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import networkx as nx

from condaenv_tools.errors import ParseError
from condaenv_tools.model.match_spec import MatchSpec

__all__ = ["Broken", "broken_specs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A spec that does not hold.

    Attributes
    ----------
    source : str
        Node id of the package whose spec it is.
    target : str or None
        Node id of the package that is there and does not meet it; None where there is none of that name.
    kind : str
        ``depends`` or ``constrains``.
    spec : str
        The text of the record.
    """

    source: str
    target: str | None
    kind: str
    spec: str


@dataclass(frozen=True, slots=True)
class _Node:
    """A node as a MatchSpec sees it."""

    name: str
    version: str
    build: str
    channel: str


def broken_specs(graph: nx.MultiDiGraph) -> tuple[Broken, ...]:
    """Return the specs that the packages of a graph do not meet.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Of `build_graph`, or a view of one; of a view, only what its own packages need counts.

    Returns
    -------
    tuple of Broken
        By source, kind and spec. A virtual package of no known version accuses nobody, nor does a spec that cannot
        be read.

    Notes
    -----
    Each question is asked once: O(E log E) beside the reading of the specs.

    Examples
    --------
    >>> from condaenv_tools.graph.toy import toy_graph
    >>> [(one.target, one.spec) for one in broken_specs(toy_graph("app: net>=2 lost", "net:"))]
    [(None, 'lost'), ('conda:net', 'net>=2')]
    """
    found = [
        Broken(source=source, target=None, kind="depends", spec=spec)
        for source, spec in graph.graph["missing"]
        if source in graph
    ]
    nodes = graph.nodes
    found += [
        Broken(source=source, target=target, kind=data["kind"], spec=data["spec"])
        for source, target, data in graph.edges(data=True)
        if data["kind"] != "same-as" and not _holds(nodes[source], nodes[target], data["spec"])
    ]
    return tuple(sorted(found, key=lambda one: (one.source, one.kind, one.spec, one.target or "")))


def _holds(source: dict[str, Any], target: dict[str, Any], spec: str) -> bool:
    if target["version"] is None:
        return True
    if source["ecosystem"] == "pypi":
        return _within(spec, target["version"])
    return _matches(spec, target["name"], target["version"], target["build"] or "", target["channel"] or "")


# The platforms of a lock share most of their specs.
@lru_cache(maxsize=50_000)
def _matches(spec: str, name: str, version: str, build: str, channel: str) -> bool:
    try:
        return MatchSpec.parse(spec).matches(_Node(name, version, build, channel))
    except ParseError:
        return True


@lru_cache(maxsize=10_000)
def _within(spec: str, version: str) -> bool:
    """Say whether a version is within a requirement that `build_graph` writes: a name and its specifier."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - few graphs need it
    from packaging.version import InvalidVersion  # noqa: PLC0415

    try:
        return SpecifierSet(spec.partition(" ")[2]).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True
