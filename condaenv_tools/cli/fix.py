"""`condaenv fix`: the smallest edit that was proven to let a file be solved, shown or written."""

from __future__ import annotations

from typing import Any

import click

from condaenv_tools.cli.options import (
    SecondsType,
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.model.finding import Severity

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv fix environment.yml
  condaenv fix environment.yml --write
  condaenv fix environment.yml --number 2 -p linux-64 --write
"""


@click.command("fix", epilog=EPILOG, short_help="Show or write the smallest edit that lets a file be solved.")
@click.argument("file", type=click.Path(path_type=str))
@click.option("--write", is_flag=True, help="Write the file; comments and layout stay.")
@click.option(
    "--number",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which of the corrections that condaenv explain lists.",
)
@click.option(
    "--time-limit",
    type=SecondsType(0.001),
    default=300.0,
    show_default=True,
    help="Seconds for the search.",
)
@solving_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    file: str,
    write: bool,
    number: int,
    time_limit: float,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Show the smallest edit of FILE with which every platform was solved, as a diff; --write makes it.

    Exits with 0 if the file can be solved, or could be after the edit, and with 1 if no such edit is known.
    """
    from condaenv_tools.jobs.correct_file import correct_file, write_corrected

    options = lock_options_of(chosen)
    with progress(quiet=quiet) as shown:
        made = correct_file(
            file,
            options=options,
            number=number,
            seconds=time_limit,
            on_plan=shown.started,
            on_done=shown.done,
        )
    if write:
        write_corrected(made)
    if not quiet:
        remark(made.explanation.findings, least=Severity.INFO if verbose else Severity.WARNING)
    if as_json:
        from condaenv_tools.cli.conflict_json import corrected_document

        print_json(corrected_document(made, written=write))
    elif made.edited is not None:
        print_result(made.edited.diff)
    say(_told(file, changed=made.edited is not None, written=write), quiet=quiet)
    return 0


def _told(file: str, *, changed: bool, written: bool) -> str:
    if not changed:
        return f"{file}: nothing to do; it can be solved as it is"
    if written:
        return f"written to {file}; every platform was solved with it"
    return f"every platform was solved with this edit; condaenv fix {file} --write makes it"
