"""`condaenv graph`: a dependency graph as a page to look at, a picture, or a file for other programs."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from condaenv_tools.cli.graph_options import find_nodes, locked_platform_option, warn_of_gaps
from condaenv_tools.cli.options import (
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import complain, print_result, remark, say
from condaenv_tools.cli.solving_options import lock_options_of, world_options
from condaenv_tools.errors import OutputError, UnsatisfiableError
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["command"]

Graphs = dict[str, "nx.MultiDiGraph"]

#: What is looked at, and goes to a file beside the input.
_LOOKS = ("html", "svg", "png")
#: Sorted; a test holds them to those of `condaenv_tools.graph.formats`, which is imported on use.
_TEXTS = ("dot", "graphml", "json", "mermaid")
_SUFFIXES = {
    **{f".{form}": form for form in (*_LOOKS, *_TEXTS)},
    ".htm": "html",
    ".gv": "dot",
    ".mmd": "mermaid",
}

EPILOG = """
\b
Examples:
  condaenv graph conda-lock.yml
  condaenv graph environment.yml -p linux-64 --snapshot channels/ --offline
  condaenv graph conda-lock.yml -p linux-64 --around gdal --depth 2 -o gdal.svg
  condaenv graph conda-lock.yml -p linux-64 --json
  condaenv graph conda-lock.yml -p osx-arm64 --format dot | dot -Tsvg -o graph.svg
"""


@click.command("graph", epilog=EPILOG, short_help="Draw the dependency graph of a lock.")
@click.argument("lock", type=click.Path(path_type=str), metavar="LOCK-or-FILE")
@locked_platform_option("all of them on a page, else the first")
@click.option(
    "--format",
    "form",
    type=click.Choice((*_LOOKS, *_TEXTS)),
    help="Default: what the file name of -o says, else html.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write; `-` is stdout. Default: graph.html, .svg or .png beside the input; stdout for texts.",
)
@click.option(
    "--around", "names", multiple=True, metavar="NAME", help="Only what is near a package (repeatable)."
)
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    help="How many steps near is, up and down. Default: 1.",
)
@world_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    platforms: tuple[Platform, ...],
    form: str | None,
    output: Path | None,
    names: tuple[str, ...],
    depth: int | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **world: Any,
) -> int:
    """Draw the graph of LOCK-or-FILE: conda packages, PyPI distributions and virtual packages.

    It is a lock file, the folder of an installed environment, or an environment.yml, which is solved first and
    not written anywhere. The page (html) needs no network and shows all platforms; a picture or a text shows one.
    """
    chosen = _form(form, output, as_json=as_json)
    if chosen != "html" and len(platforms) > 1:
        raise click.UsageError("a graph is that of one platform; name one with -p")
    if depth is not None and not names:
        raise click.UsageError("--depth says how far --around reaches; name a package with --around")
    target = _target(lock, output, chosen)
    solving = lock_options_of(world)
    try:
        graphs = _graphs(lock, platforms, solving, quiet=quiet, verbose=verbose)
    except UnsatisfiableError:
        if _show_conflict(lock, platforms, solving, _conflict_page(target, chosen), quiet=quiet):
            return 1
        raise
    if chosen != "html":
        graphs = _first(graphs, quiet=quiet)
    warn_of_gaps(graphs, quiet=quiet)
    if names:
        graphs = _near(graphs, names, depth or 1, quiet=quiet)
    _write(_content(graphs, chosen, title=_title(lock), quiet=quiet), target)
    if target is not None and output is None:
        say(f"written to {target}", quiet=quiet)
    if verbose:
        for graph in graphs.values():
            say(f"{len(graph)} nodes, {graph.number_of_edges()} edges")
    return 0


def _form(form: str | None, output: Path | None, *, as_json: bool) -> str:
    if as_json:
        if form not in {None, "json"}:
            raise click.UsageError(f"--json and --format {form} are two formats; choose one")
        return "json"
    if form is not None:
        return form
    return _SUFFIXES.get(output.suffix.lower(), "html") if output is not None else "html"


def _target(lock: str, output: Path | None, form: str) -> Path | None:
    """Return the file to write, or None for stdout; a place that cannot be written to is refused at once."""
    if output is None and form in _LOOKS:
        # A folder is an installed environment, in which nothing of ours has a place.
        target = (Path() if Path(lock).is_dir() else Path(lock).parent) / f"graph.{form}"
    elif output is None or str(output) == "-":
        if form == "png" and sys.stdout.isatty():
            raise click.UsageError("a PNG is nothing for a terminal; name a file with -o")
        return None
    else:
        target = output
    if target.resolve() == Path(lock).resolve():
        raise OutputError(
            f"{target} is what the graph is made of, and the graph would take its place",
            path=str(target),
            usage=True,
            hints=["choose another place with -o"],
        )
    if not target.parent.is_dir():
        raise OutputError(
            f"there is no folder {target.parent} to write {target.name} to",
            path=str(target),
            usage=True,
            hints=["make it first, or choose another place with -o"],
        )
    return target


def _graphs(
    lock: str, platforms: tuple[Platform, ...], solving: LockOptions, *, quiet: bool, verbose: bool
) -> Graphs:
    from condaenv_tools.jobs.graph_files import is_environment_file, read_graphs

    is_environment = is_environment_file(lock)
    stated = solving.channels or solving.virtual_packages or solving.virtual_package_spec
    if (stated or solving.conda_only) and not is_environment:
        raise click.UsageError(
            f"-c, --virtual-package and --conda-only say how an environment.yml is solved, and {lock} is none"
        )
    if is_environment:
        say(f"{lock} is solved for this graph alone; condaenv lock keeps the answer", quiet=quiet)
    found = read_graphs(lock, platforms=platforms, snapshot=solving.sources.snapshot, solving=solving)
    if not quiet:
        remark(found.findings, least=Severity.INFO if verbose else Severity.WARNING)
    if not found.graphs:
        raise click.UsageError(f"{lock} has no platform")
    return found.graphs


def _conflict_page(target: Path | None, form: str) -> Path | None:
    """Return where the page of a conflict goes: beside the graph, an older one of which survives."""
    return None if target is None or form != "html" else target.with_name(f"{target.stem}-conflict.html")


def _show_conflict(
    lock: str, platforms: tuple[Platform, ...], solving: LockOptions, place: Path | None, *, quiet: bool
) -> bool:
    """Write a page of what stands against a solution, and say it; False where no chain shows it."""
    if place is None:
        return False
    from condaenv_tools.conflicts.explain import Conflict
    from condaenv_tools.jobs.explain_files import explain_files
    from condaenv_tools.report.conflict_graph import conflict_page

    found = explain_files(lock, options=replace(solving, platforms=platforms))
    conflicts = {
        one.platform: [conflict for conflict in one.conflicts if isinstance(conflict, Conflict)]
        for one in found.platforms
    }
    page = conflict_page(conflicts, title=_title(lock))
    if not page:
        return False
    write_atomically(place, page)
    failing = ", ".join(one.platform for one in found.platforms if not one.satisfiable)
    reasons = dict.fromkeys(c.account.text for several in conflicts.values() for c in several)
    complain(mask_credentials(f"{lock} cannot be solved on {failing}: {'; '.join(reasons)}"))
    say(f"{place} shows it: what is drawn as a conflict does not hold", quiet=quiet)
    return True


def _first(graphs: Graphs, *, quiet: bool) -> Graphs:
    platform, *others = graphs
    if others:
        say(f"this is the graph of {platform}; -p chooses another: {', '.join(others)}", quiet=quiet)
    return {platform: graphs[platform]}


def _near(graphs: Graphs, names: tuple[str, ...], depth: int, *, quiet: bool) -> Graphs:
    """Return the part of each graph that is near some packages; a platform that has none of them is left out."""
    from condaenv_tools.graph.around import around

    nodes = [node for name in names for node in find_nodes(graphs, name)]
    found = {}
    for platform, graph in graphs.items():
        here = [node for node in nodes if node in graph]
        if here:
            found[platform] = around(graph, here, depth=depth)
        else:
            say(f"note: {platform} has no {' and no '.join(names)}, and is left out", quiet=quiet)
    return found


def _content(graphs: Graphs, form: str, *, title: str, quiet: bool) -> str | bytes:
    if form == "html":
        from condaenv_tools.report.graph_page import graph_page

        return graph_page(graphs, title=title)
    (graph,) = graphs.values()
    if form in _TEXTS:
        from condaenv_tools.graph.formats import FORMATS

        return FORMATS[form](graph)
    from condaenv_tools.report.graph_image import READABLE, graph_png, graph_svg

    if len(graph) > READABLE:
        say(
            f"note: nobody can read a picture of {len(graph)} packages: --format html makes a page to search "
            f"and zoom, and --around NAME draws a part",
            quiet=quiet,
        )
    return graph_svg(graph) if form == "svg" else graph_png(graph)


def _title(lock: str) -> str:
    """Return the last two parts of a path: the file, and the folder that says which one."""
    return "/".join(part for part in Path(lock).parts[-2:] if part.strip("/\\."))


def _write(content: str | bytes, target: Path | None) -> None:
    if target is not None:
        write_atomically(target, content)
    elif isinstance(content, str):
        print_result(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
