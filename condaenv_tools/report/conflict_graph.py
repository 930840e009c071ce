"""The chain of a conflict as a graph: the packages it is about, what each needs, which spec does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import networkx as nx

from condaenv_tools.conflicts.explain import Conflict
from condaenv_tools.conflicts.words.reasons import Chain, Kind, Reason, Records
from condaenv_tools.graph.build import build_graph
from condaenv_tools.model.lock import Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.version import Version
from condaenv_tools.report.graph_page import graph_page

__all__ = ["conflict_graph", "conflict_page"]


def conflict_graph(conflict: Conflict, platform: Platform) -> nx.MultiDiGraph | None:
    """Return the graph of a conflict, of the form of `build_graph`.

    Parameters
    ----------
    conflict : Conflict
        Of `explain_files`.
    platform : Platform
        Where it is one.

    Returns
    -------
    networkx.MultiDiGraph or None
        A package stands for all its releases that the lines leave: the newest one is shown. Of the package that
        the lines quarrel about it is the newest that the lines on it allow, so that the specs of the others do
        not hold, and are drawn as broken. None where no chain of requirements tells the conflict.
    """
    chains = conflict.account.chains
    if not chains:
        return None
    found: dict[str, PackageRecord] = {}
    for chain in chains:
        for name, records in _packages(chain):
            if records and name not in found:
                found[name] = max(records, key=_age)
    names = {*found, *(chain.name for chain in chains)}
    shown = tuple(_within(record, names) for _, record in sorted(found.items()))
    roots = [
        Root(
            name=item.name,
            spec=mask_credentials(str(item)),
            source=f"{item.span.path}:{item.span.line}",
        )
        for item in conflict.members
    ]
    return build_graph(Solution(platform=platform, records=shown, virtual_packages=()), roots=roots)


def _packages(chain: Chain) -> Iterator[tuple[str, Records]]:
    """Yield the packages of a chain with what is left of them; the one that is quarrelled about comes first."""
    lines = [reason for reason in chain.reasons if reason.kind is Kind.LINE] or chain.reasons[:1]
    fitting = tuple(record for record in chain.visible if all(_allows(reason, record) for reason in lines))
    yield chain.name, fitting or chain.visible
    todo = list(chain.reasons)
    while todo:
        reason = todo.pop(0)
        if reason.source:
            yield reason.source, reason.records
        if reason.kind is Kind.FIT:
            yield reason.name, reason.dropped
        todo += reason.behind


def _allows(reason: Reason, record: PackageRecord) -> bool:
    if reason.line is not None:
        return reason.line.spec.matches(record)
    return any(all(spec.matches(record) for spec in specs) for specs in reason.specs)


def _age(record: PackageRecord) -> tuple[Version, int, str]:
    return Version.of(record.version), record.build_number, record.build


def _within(record: PackageRecord, names: Iterable[str]) -> PackageRecord:
    """Return a record with what it says of the packages of the chain alone."""
    known = set(names)

    def kept(texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if text.split(" ", 1)[0].partition("[")[0].lower() in known)

    return replace(record, depends=kept(record.depends), constrains=kept(record.constrains))


def conflict_page(conflicts: Mapping[Platform, Sequence[Conflict]], *, title: str = "") -> str:
    """Return a page on which the chains of conflicts can be looked at, as `graph_page` shows a lock.

    Parameters
    ----------
    conflicts : mapping of Platform to sequences of Conflict
        Those of each platform that has no solution.
    title : str
        What they are about, such as the name of the file.

    Returns
    -------
    str
        A whole HTML document, which switches between the conflicts; empty where no chain tells any of them.
    """
    graphs: dict[str, nx.MultiDiGraph] = {}
    for platform, found in conflicts.items():
        for number, conflict in enumerate(found, 1):
            graph = conflict_graph(conflict, platform)
            if graph is not None:
                graphs[platform.value if len(found) == 1 else f"{platform}, conflict {number}"] = graph
    return graph_page(graphs, title=title) if graphs else ""
