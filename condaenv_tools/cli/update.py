"""`condaenv update`: bring a lock up to what its files demand, and move as little as possible."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from condaenv_tools.cli.options import SecondsType, json_option, verbosity_options
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.cli.update_text import update_document, update_text
from condaenv_tools.jobs.update_files import UpdateOptions, UpdateResult, update_files, write_update
from condaenv_tools.model.finding import Severity
from condaenv_tools.resolve.request import Strategy

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv update environment.yml --lock conda-lock.yml
  condaenv update environment.yml --lock conda-lock.yml numpy 'pandas=2.2' 'lib*'
  condaenv update environment.yml --lock conda-lock.yml -p linux-64 --dry-run numpy
  condaenv update environment.yml dev.yml --lock conda-lock.yml --all

\b
FILE... are those arguments that are files; the others are names of packages of the lock. Strategy, cut-off date
and virtual packages are those that the lock recorded, where nothing else is said.
"""


@click.command("update", epilog=EPILOG, short_help="Move as little of a lock as possible.")
@click.argument("arguments", nargs=-1, required=True, metavar="FILE... [NAME...]")
@click.option(
    "--lock",
    type=click.Path(path_type=Path),
    help="The lock file. Default: conda-lock.yml beside the first file.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Move all packages to the newest that the files allow."
)
@click.option("--dry-run", is_flag=True, help="Print what would change, and write nothing.")
@click.option(
    "--strategy",
    type=click.Choice([s.value for s in Strategy]),
    help="Which of the versions that work is taken. Default: as the lock recorded it.",
)
@click.option("--time-limit", type=SecondsType(0.001), help="Seconds for each solve.")
@solving_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    arguments: tuple[str, ...],
    lock: Path | None,
    everything: bool,
    dry_run: bool,
    strategy: str | None,
    time_limit: float | None,
    exclude_newer: datetime | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Update the lock of FILE...: what the files now demand, or the packages NAME... to the newest that can be.

    Everything else stays where it is, unless it cannot. Without NAME, only what the files demand moves. Exits with
    1 if a named package cannot move, and says who holds it.
    """
    files, names = _split(arguments)
    if everything and names:
        raise click.UsageError("--all moves everything; leave out the names")
    lock = lock or Path(files[0]).parent / "conda-lock.yml"
    options = UpdateOptions(
        lock=lock_options_of({**chosen, "exclude_newer": None}),
        strategy=Strategy(strategy) if strategy else None,
        exclude_newer=exclude_newer,
        everything=everything,
    )
    solve = replace(options.lock.solve, time_limit=time_limit)
    options = replace(options, lock=replace(options.lock, solve=solve))
    with progress(quiet=quiet) as shown:
        result = update_files(
            *files, lock=lock, names=names, options=options, on_plan=shown.started, on_done=shown.done
        )
    written = write_update(result) if not dry_run else False
    if as_json:
        print_json(update_document(result, written=written))
    elif result.text is not None:
        print_result(update_text(result, verbose=verbose))
    if not quiet:
        _tell(result, dry_run=dry_run, verbose=verbose)
    return 0


def _split(arguments: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell files from names: a package may be called ruamel.yaml, and a file that is not there is still meant."""
    files = tuple(
        one
        for index, one in enumerate(arguments)
        if index == 0 or Path(one).is_file() or one.endswith(".yml") or "/" in one or os.sep in one
    )
    return files, tuple(one for one in arguments if one not in files)


def _tell(result: UpdateResult, *, dry_run: bool, verbose: bool) -> None:
    remark(result.findings, least=Severity.INFO if verbose else Severity.WARNING)
    for note in result.notes:
        say(note)
    if result.text is None:
        say(f"{result.path} stays as it is")
    elif dry_run:
        say(f"nothing was written to {result.path} (--dry-run)")
    else:
        say(f"proven and written to {result.path}")
