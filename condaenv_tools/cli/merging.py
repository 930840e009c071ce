"""What the two commands that merge locks share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.output import complain, say
from condaenv_tools.jobs.merge_locks import MergeOptions, MergeResult
from condaenv_tools.model.platform import Platform

__all__ = ["merge_options_of", "merging_options", "tell_merge"]

F = TypeVar("F", bound=Callable[..., Any])


def merging_options(function: F) -> F:
    """Take where records may come from that none of the locks has."""
    function = click.option(
        "--online", is_flag=True, help="Read the lock's channels where the locks themselves do not suffice."
    )(function)
    return click.option(
        "--snapshot",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="CONDAENV_SNAPSHOT",
        help="A folder CHANNEL/SUBDIR/repodata.json[.zst], read where the locks do not suffice.",
    )(function)


def merge_options_of(snapshot: Path | None, *, online: bool) -> MergeOptions:
    """Return the values of these options; nobody connects to anything unless `online` says so."""
    return MergeOptions(sources=SourceOptions(snapshot=snapshot, offline=not online))


def _each_once(contradictions: Sequence[str]) -> list[str]:
    """Put what is equal on several platforms in one line, with all of them in front."""
    where: dict[str, list[str]] = {}
    for line in contradictions:
        platform, colon, text = line.partition(": ")
        known = bool(colon) and platform in set(Platform)
        where.setdefault(text if known else line, []).extend([platform] if known else [])
    return [f"{', '.join(platforms)}: {text}" if platforms else text for text, platforms in where.items()]


def tell_merge(result: MergeResult, path: str, *, quiet: bool) -> None:
    """Say on stderr what came of a merge; contradictions at any rate."""
    if result.contradictions:
        points = _each_once(result.contradictions)
        count = len(points)
        what = "one point" if count == 1 else f"{count} points"
        lines = [f"the two sides of {path} contradict each other in {what}; nothing was written"]
        lines += [f"  {line}" for line in points]
        lines.append("  hint: settle it in the environment file, then: condaenv update FILE --lock " + path)
        complain("\n".join(lines))
    if not quiet:
        for note in result.notes:
            say(note)
