"""What the commands that ask the graph of a lock share."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from condaenv_tools.cli.options import PlatformType
from condaenv_tools.cli.output import say
from condaenv_tools.errors import ParseError
from condaenv_tools.model.names import is_virtual, pypi_name

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["find_nodes", "locked_platform_option", "snapshot_option", "warn_of_gaps"]

F = TypeVar("F", bound=Callable[..., Any])


def locked_platform_option(text: str) -> Callable[[F], F]:
    """Take platforms of a lock, repeatable; `text` says what their absence means."""
    return click.option(
        "-p",
        "--platform",
        "platforms",
        multiple=True,
        type=PlatformType(),
        help=f"A platform of the lock, such as linux-64. Default: {text}.",
    )


def snapshot_option(function: F) -> F:
    """Take a recorded channel."""
    return click.option(
        "--snapshot",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="CONDAENV_SNAPSHOT",
        help="A folder CHANNEL/SUBDIR/repodata.json[.zst]; its records add what the lock leaves out: sizes, "
        "constraints, licences.",
    )(function)


def find_nodes(graphs: Mapping[str, nx.MultiDiGraph], name: str) -> tuple[str, ...]:
    """Return the node ids that a user means by a name: ``numpy``, ``conda:numpy``, ``pypi:app``, ``__glibc``.

    Raises
    ------
    ParseError
        None of the graphs has it; with the nearest names.
    """
    nodes = {node for graph in graphs.values() for node in graph}
    found = [node for node in _meant(name.strip()) if node in nodes]
    if found:
        return tuple(found)
    known = sorted({node.partition(":")[2] for node in nodes})
    bare = name.strip().lower().rpartition(":")[2]
    near = difflib.get_close_matches(bare, known, n=3) or _containing(known, bare)
    hints = [f"did you mean {' or '.join(near)}?"] if near else []
    where = ", ".join(graphs) or "a lock without platforms"
    raise ParseError(f"{name} is not in the lock ({where})", hints=hints)


def _meant(name: str) -> tuple[str, ...]:
    ecosystem, colon, rest = name.partition(":")
    if colon and ecosystem in {"conda", "pypi", "virtual"}:
        return (f"pypi:{pypi_name(rest)}" if ecosystem == "pypi" else f"{ecosystem}:{rest.lower()}",)
    if is_virtual(name):
        return (f"virtual:{name.lower()}",)
    return f"conda:{name.lower()}", f"pypi:{pypi_name(name)}"


def _containing(known: Iterable[str], text: str) -> list[str]:
    return [name for name in known if text and text in name][:3]


def warn_of_gaps(graphs: Mapping[str, nx.MultiDiGraph], *, quiet: bool) -> None:
    """Say on stderr what the lock leaves out, so that nobody takes its silence for an answer."""
    for platform, graph in graphs.items():
        packages = [node for node in graph if not node.startswith("virtual:")]
        if not packages:
            say(f"note: {platform} has no packages in this lock", quiet=quiet)
        elif len(packages) > 1 and not any(kind == "depends" for _, _, kind in graph.edges(data="kind")):
            say(
                f"note: no package of {platform} says what it needs, so nothing can be said of why it is there",
                quiet=quiet,
            )
        for node, spec in graph.graph["missing"][:3]:
            say(f"note: {platform}: {node} needs {spec}, which is not in the lock", quiet=quiet)
