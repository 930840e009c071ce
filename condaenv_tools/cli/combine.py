"""`condaenv combine`: locks that agree, as one."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.parting import output_option, put_lock
from condaenv_tools.jobs.part_locks import combine_files

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv combine conda-linux.yml conda-mac.yml -o conda-lock.yml
  condaenv combine runtime.yml dev.yml -o conda-lock.yml
"""


@click.command("combine", epilog=EPILOG, short_help="Join locks that agree.")
@click.argument("locks", nargs=-1, required=True, type=click.Path(path_type=str), metavar="LOCK...")
@output_option
@json_option
@verbosity_options
def command(*, locks: tuple[str, ...], output: Path, as_json: bool, quiet: bool, verbose: bool) -> int:
    """Join LOCK... into one: platforms, categories and what was asked for.

    Exits with 1 where a package is not the same archive in all that have it, and says which. Nothing is solved.
    """
    del verbose
    found, text = combine_files(*locks)
    put_lock(found, text, output, as_json=as_json, quiet=quiet)
    return 0
