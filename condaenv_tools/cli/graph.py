"""`condaenv graph`: the dependency graph of a lock as a file for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.graph_options import locked_platform_option, snapshot_option, warn_of_gaps
from condaenv_tools.cli.options import verbosity_options
from condaenv_tools.cli.output import print_result, say
from condaenv_tools.errors import OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

#: Sorted; a test holds them to those of `condaenv_tools.graph.formats`, which is imported on use.
_FORMATS = ("dot", "graphml", "json", "mermaid")

EPILOG = """
\b
Examples:
  condaenv graph conda-lock.yml -p linux-64 -o graph.json
  condaenv graph conda-lock.yml -p osx-arm64 --format dot | dot -Tsvg -o graph.svg
  condaenv graph conda-lock.yml --format graphml --snapshot channels/ -o graph.graphml
"""


@click.command("graph", epilog=EPILOG, short_help="Write the dependency graph of a lock.")
@click.argument("lock", type=click.Path(path_type=str))
@locked_platform_option("the first of the lock")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="json", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write. Default: stdout, which is also `-`.",
)
@snapshot_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    platforms: tuple[Platform, ...],
    form: str,
    output: Path | None,
    snapshot: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Write the graph of one platform of LOCK: conda packages, PyPI distributions and virtual packages."""
    from condaenv_tools.graph.formats import FORMATS
    from condaenv_tools.jobs.graph_files import graph_lock

    if len(platforms) > 1:
        raise click.UsageError("a graph is that of one platform; name one with -p")
    _check_place(lock, output)
    graphs = graph_lock(lock, platforms=platforms, snapshot=snapshot)
    if not graphs:
        raise click.UsageError(f"{lock} has no platform")
    platform, graph = next(iter(graphs.items()))
    if len(graphs) > 1:
        others = ", ".join(name for name in graphs if name != platform)
        say(f"this is the graph of {platform}; -p chooses another: {others}", quiet=quiet)
    warn_of_gaps({platform: graph}, quiet=quiet)
    text = FORMATS[form](graph)
    if output is None or str(output) == "-":
        print_result(text)
    else:
        write_atomically(output, text)
    if verbose:
        say(f"{len(graph)} nodes, {graph.number_of_edges()} edges")
    return 0


def _check_place(lock: str, output: Path | None) -> None:
    if output is not None and str(output) != "-" and output.resolve() == Path(lock).resolve():
        raise OutputError(
            f"{output} is the lock, and the graph would take its place",
            path=str(output),
            usage=True,
            hints=["choose another place with -o"],
        )
