"""`condaenv merge`: three locks to one, for scripts."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.cli.merging import merge_options_of, merging_options, tell_merge
from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.output import print_bytes, print_json
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.merge_locks import merge_files

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv merge base.yml ours.yml theirs.yml -o conda-lock.yml
  condaenv merge base.yml ours.yml theirs.yml -o - --snapshot channels/

\b
In a git repository, `condaenv merge-driver` does this of itself.
"""


@click.command("merge", epilog=EPILOG, short_help="Merge two locks that come from a third.")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, allow_dash=True), required=True, help="`-` is stdout."
)
@merging_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    base: Path,
    ours: Path,
    theirs: Path,
    output: Path,
    snapshot: Path | None,
    online: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Merge what OURS and THEIRS made of BASE: what both asked for and moved, proven.

    Exits with 1, and writes nothing, where the two contradict each other.
    """
    del verbose
    if str(output) == "-" and as_json:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    result = merge_files(base, ours, theirs, options=merge_options_of(snapshot, online=online))
    if result.text is not None:
        if str(output) == "-":
            print_bytes(result.text)
        else:
            write_atomically(output, result.text)
    if as_json:
        print_json(
            {
                "path": str(output),
                "merged": result.lock is not None,
                "contradictions": list(result.contradictions),
                "notes": list(result.notes),
            }
        )
    tell_merge(result, str(output), quiet=quiet)
    return 0 if result.lock is not None else 1
