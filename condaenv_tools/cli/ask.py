"""`condaenv ask`: the questions that a dependency graph answers, as tables."""

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
from condaenv_tools.model.platform import Platform

if TYPE_CHECKING:
    import networkx as nx

    from condaenv_tools.jobs.graph_files import GraphedLock
    from condaenv_tools.model.table import Table

__all__ = ["command"]

#: In the order of the help; a test holds them to those of `condaenv_tools.graph.questions`.
_QUESTIONS = (
    *("needs", "needed-by", "holds-back", "impact", "native-stack", "shared-native", "cost"),
    *("redundant-roots", "leaves", "depth", "layers", "bridges", "cycles", "licences", "differs"),
)
#: Characters of a cell that lists many packages; -v shows all of it.
_CELL = 60

EPILOG = """
\b
Questions about one package:
  needs, needed-by  what it rests on, and what rests on it
  holds-back        whose specs keep it at its version (with --snapshot)
  impact            what was asked for and rests on it
  native-stack      the native libraries under it, down to __glibc

\b
Questions about the whole:
  cost              what goes if a root is no longer asked for
  redundant-roots   roots that others imply
  leaves            the smallest set of roots that gives the same environment
  shared-native     native libraries that several need, and the interval left
  depth, layers, bridges, cycles, licences
  differs           what is not the same on all platforms

\b
Examples:
  condaenv ask conda-lock.yml cost --snapshot channels/
  condaenv ask conda-lock.yml native-stack gdal -p linux-64
  condaenv ask conda-lock.yml differs --json
"""


@click.command("ask", epilog=EPILOG, short_help="Ask the dependency graph of a lock.")
@click.argument("lock", type=click.Path(path_type=str))
@click.argument("question", type=click.Choice(_QUESTIONS), metavar="QUESTION")
@click.argument("name", required=False)
@locked_platform_option("all of the lock (repeatable)")
@snapshot_option
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    question: str,
    name: str | None,
    platforms: tuple[Platform, ...],
    snapshot: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Ask LOCK a QUESTION, about the package NAME where it is about one, and print the answer as a table.

    LOCK is a lock file, or the folder of an installed environment.
    """
    from condaenv_tools.graph.questions import difference
    from condaenv_tools.jobs.graph_files import read_graphs

    found = read_graphs(lock, platforms=platforms, snapshot=snapshot)
    _check_usage(question, name, found)
    warn_of_gaps(found.graphs, quiet=quiet)
    if question == "differs":
        table = difference(found.graphs)
        if as_json:
            print_json({"differs": table.records()})
        else:
            print_result(_text(table, whole=verbose))
        return 0
    nodes = find_nodes(found.graphs, name) if name else (None,)
    answers = {platform: _answers(found, platform, question, nodes) for platform in found.graphs}
    if as_json:
        print_json({"platforms": {platform: rows for platform, (rows, _) in answers.items()}})
        return 0
    told: dict[str, list[str]] = {}
    for platform, (_, tables) in answers.items():
        text = "\n\n".join(_text(table, whole=verbose) for table in tables) or "it is not there"
        told.setdefault(text, []).append(platform)
    print_result("\n\n".join(f"{', '.join(where)}\n{text}" for text, where in told.items()))
    return 0


def _check_usage(question: str, name: str | None, found: GraphedLock) -> None:
    from condaenv_tools.graph.questions import QUESTIONS

    known = QUESTIONS.get(question)
    wants = known.wants if known else ""
    if wants == "package" and not name:
        raise click.UsageError(f"{question} is a question about a package: condaenv ask LOCK {question} NAME")
    if name and not wants:
        raise click.UsageError(f"{question} is a question about the whole lock, not about {name}")
    if question == "differs" and len(found.graphs) == 1:
        raise click.UsageError(
            f"{question} compares platforms, and there is {next(iter(found.graphs))} alone"
        )
    if known and known.wants_records and not found.has_records:
        raise click.UsageError(
            f"{question} needs the builds that the channels have: name a recorded channel with --snapshot"
        )


def _answers(
    found: GraphedLock, platform: str, question: str, nodes: tuple[str | None, ...]
) -> tuple[list[dict[str, object]], list[Table]]:
    from condaenv_tools.graph.questions import ask

    graph: nx.MultiDiGraph = found.graphs[platform]
    tables = [
        ask(graph, question, node, candidates=found.candidates(platform))
        for node in nodes
        if node is None or node in graph
    ]
    return [row for table in tables for row in table.records()], tables


def _text(table: Table, *, whole: bool) -> str:
    """Return a table as aligned text, its caption first."""
    rows = [table.columns, *([_cell(value, whole=whole) for value in row] for row in table.rows)]
    numbers = [
        bool(table.rows) and all(isinstance(row[i], int) for row in table.rows)
        for i in range(len(table.columns))
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row in rows
    ]
    return (
        "\n".join([table.caption, *(f"  {line}" for line in lines)])
        if table.rows
        else f"{table.caption}: none"
    )


def _cell(value: object, *, whole: bool) -> str:
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:,}"
    if not isinstance(value, tuple):
        return str(value)
    text = ", ".join(map(str, value))
    if whole or len(text) <= _CELL:
        return text
    cut = text[:_CELL].rpartition(", ")[0] or text[:_CELL]
    left = len(value) - cut.count(", ") - 1
    return f"{cut}, … and {left} more" if left else f"{cut}…"
