"""`condaenv explain`: which lines exclude each other, why, and what was proven to mend it."""

from __future__ import annotations

from typing import Any

import click

from condaenv_tools.cli.options import (
    SecondsType,
    files_argument,
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.jobs.plan import Plan
from condaenv_tools.model.finding import Severity

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv explain environment.yml
  condaenv explain environment.yml -p linux-64 --snapshot channels/ --offline
  condaenv explain environment.yml --json
"""


@click.command("explain", epilog=EPILOG, short_help="Say why it cannot be solved, and what mends it.")
@files_argument
@click.option(
    "--time-limit",
    type=SecondsType(0.001),
    default=300.0,
    show_default=True,
    help="Seconds for the search; what is proven until then is told.",
)
@solving_options
@json_option
@verbosity_options
def command(
    *,
    files: tuple[str, ...],
    time_limit: float,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Say why FILE... cannot be solved: the lines that exclude each other, and what mends it.

    The lines are a minimal set: without any one of them the others go together. What is said to mend it was
    solved again on every platform. Exits with 0 if every platform has a solution, with 1 if one has none.
    """
    from condaenv_tools.cli.conflict_text import explanation_text
    from condaenv_tools.jobs.explain_files import explain_files

    options = lock_options_of(chosen)
    with progress(quiet=quiet) as shown:

        def begun(plan: Plan) -> None:
            shown.started(plan)
            if verbose:
                for request in plan.requests:
                    have = ", ".join(map(str, request.virtual_packages))
                    say(f"{request.platform} is taken to have {have}")

        found = explain_files(*files, options=options, seconds=time_limit, on_plan=begun, on_done=shown.done)
    if not quiet:
        remark(found.findings, least=Severity.INFO)
    if as_json:
        from condaenv_tools.cli.conflict_json import explanation_document

        print_json(explanation_document(found))
    else:
        print_result(explanation_text(found))
    return 0 if found.satisfiable else 1
