"""`condaenv why`: every shortest chain from what was asked for to a package, and who constrains it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from condaenv_tools.cli.graph_options import (
    find_nodes,
    locked_platform_option,
    snapshot_option,
    warn_of_gaps,
)
from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.output import print_json, print_result
from condaenv_tools.cli.tree import chain_tree, constraint_lines
from condaenv_tools.model.platform import Platform

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["command"]

EPILOG = """
\b
Each line is needed by the lines below it, down to what was asked for. (*) marks a package whose own part of
the tree stands further up.

\b
Examples:
  condaenv why conda-lock.yml numpy
  condaenv why conda-lock.yml openssl -p osx-arm64 --all --depth 3
  condaenv why conda-lock.yml __glibc --json
"""


@click.command("why", epilog=EPILOG, short_help="Say why a package is in a lock.")
@click.argument("lock", type=click.Path(path_type=str))
@click.argument("name")
@locked_platform_option("all of the lock (repeatable)")
@click.option("--depth", type=click.IntRange(min=0), default=None, help="How many steps of the tree to show.")
@click.option("--all", "every", is_flag=True, help="Show all that needs it, not the shortest chains alone.")
@snapshot_option
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    name: str,
    platforms: tuple[Platform, ...],
    depth: int | None,
    every: bool,
    snapshot: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Say why NAME is in LOCK: the shortest chains that lead to it, as a tree, and who constrains it.

    NAME is a package (numpy, pypi:requests where conda has one of that name, too) or a virtual one (__glibc).
    """
    from condaenv_tools.jobs.graph_files import graph_lock

    graphs = graph_lock(lock, platforms=platforms, snapshot=snapshot)
    nodes = find_nodes(graphs, name)
    warn_of_gaps(graphs, quiet=quiet)
    if as_json:
        print_json({"platforms": {platform: _answer(graph, nodes) for platform, graph in graphs.items()}})
        return 0
    # One tree where platforms agree.
    told: dict[str, list[str]] = {}
    for platform, graph in graphs.items():
        text = _text(graph, nodes, depth=depth, every=every, verbose=verbose)
        told.setdefault(text, []).append(platform)
    print_result("\n\n".join(f"{', '.join(where)}\n{text}" for text, where in told.items()))
    return 0


def _answer(graph: nx.MultiDiGraph, nodes: tuple[str, ...]) -> dict[str, object]:
    from condaenv_tools.graph.chains import why
    from condaenv_tools.graph.holds import constrained_by

    here = [node for node in nodes if node in graph]
    return {
        "paths": [list(chain) for node in here for chain in why(graph, node)],
        "constrained_by": [
            {"package": one.holder, "kind": one.kind, "spec": one.spec}
            for node in here
            for one in constrained_by(graph, node)
        ],
    }


def _text(
    graph: nx.MultiDiGraph, nodes: tuple[str, ...], *, depth: int | None, every: bool, verbose: bool
) -> str:
    parts = []
    for node in nodes:
        if node in graph:
            lines = chain_tree(graph, node, depth=depth, every=every)
            parts.append("\n".join([*lines, *constraint_lines(graph, node, whole=verbose)]))
    return "\n\n".join(parts) or "it is not there"
