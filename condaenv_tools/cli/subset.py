"""`condaenv subset`: a part of a lock that stands by itself."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.graph_options import locked_platform_option
from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.parting import output_option, put_lock
from condaenv_tools.jobs.part_locks import subset_file
from condaenv_tools.lock.subset import SubsetOptions
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv subset conda-lock.yml --category main -o runtime.yml
  condaenv subset conda-lock.yml --root dask --root numpy -p linux-64 -o worker.yml
"""


@click.command("subset", epilog=EPILOG, short_help="Cut a part out of a lock.")
@click.argument("lock", type=click.Path(path_type=str))
@click.option("--root", "roots", multiple=True, help="A package, with all that it needs (repeatable).")
@click.option("--category", "categories", multiple=True, help="A category, such as main or dev (repeatable).")
@locked_platform_option("all of the lock (repeatable)")
@output_option
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    roots: tuple[str, ...],
    categories: tuple[str, ...],
    platforms: tuple[Platform, ...],
    output: Path,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Write the part of LOCK that some roots, categories or platforms need: closed, and proven.

    Nothing is solved: every package is the archive that LOCK has.
    """
    del verbose
    if not (roots or categories or platforms):
        raise click.UsageError("name what is wanted: --root, --category or -p")
    options = SubsetOptions(roots=roots, categories=categories, platforms=platforms)
    found, text = subset_file(lock, options)
    put_lock(found, text, output, as_json=as_json, quiet=quiet)
    return 0
