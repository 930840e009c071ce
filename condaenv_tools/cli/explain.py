"""`condaenv explain`: which lines exclude each other, why, and what was proven to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from condaenv_tools.cli.all_cores_option import WithBareAllCores, all_cores_option
from condaenv_tools.cli.options import (
    SecondsType,
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.jobs.plan import Plan
from condaenv_tools.model.finding import Severity

if TYPE_CHECKING:
    from condaenv_tools.jobs.explain_files import Explanation

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv explain environment.yml
  condaenv explain environment.yml -p linux-64 --snapshot channels/ --offline
  condaenv explain environment.yml --json
  condaenv explain environment.yml --all-cores 50
  condaenv explain environment.yml --format github
  condaenv explain --matrix pytorch -p linux-64
"""

FORMATS = ("text", "json", "github", "sarif")


@click.command(
    "explain",
    cls=WithBareAllCores,
    epilog=EPILOG,
    short_help="Say why it cannot be solved, and what mends it.",
)
@click.argument("files", nargs=-1, type=click.Path(path_type=str))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="text for people, json for programs, github for annotations of a pull request, sarif for code scanning.",
)
@click.option(
    "--matrix",
    metavar="NAME",
    help="Show with which Python, CUDA, cuDNN, numpy and frameworks the releases of a package go, in the channels "
    "of the files or of -c.",
)
@click.option("--all", "every", is_flag=True, help="With --matrix: every release by itself.")
@click.option(
    "--time-limit",
    type=SecondsType(0.001),
    default=300.0,
    show_default=True,
    help="Seconds for the search; what is proven until then is told.",
)
@all_cores_option
@solving_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    form: str,
    time_limit: float,
    all_cores: int | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Say why FILE... cannot be solved: the lines that exclude each other, and what mends it.

    The lines are a minimal set: without any one of them the others go together. What is said to mend it was
    solved again on every platform. Exits with 0 if every platform has a solution, with 1 if one has none.
    """
    form = _form(form, as_json=as_json)
    if chosen["matrix"] is not None or chosen["every"] or not files:
        from condaenv_tools.cli.matrix_options import show_matrix

        return show_matrix(files, chosen, form=form, quiet=quiet)
    from condaenv_tools.jobs.explain_files import explain_files

    options = lock_options_of(chosen)
    with progress(quiet=quiet) as shown:

        def begun(plan: Plan) -> None:
            shown.started(plan)
            if verbose:
                for request in plan.requests:
                    have = ", ".join(map(str, request.virtual_packages))
                    say(f"{request.platform} is taken to have {have}")

        found = explain_files(
            *files,
            options=options,
            seconds=time_limit,
            all_cores=all_cores,
            on_plan=begun,
            on_done=shown.done,
        )
    if not quiet:
        remark(found.findings, least=Severity.INFO)
    _print(found, form)
    return 0 if found.satisfiable else 1


def _print(found: Explanation, form: str) -> None:
    if form == "json":
        from condaenv_tools.cli.conflict_json import explanation_document

        print_json(explanation_document(found))
    elif form == "text":
        from condaenv_tools.cli.conflict_text import explanation_text

        print_result(explanation_text(found))
    else:
        from condaenv_tools.cli.conflict_findings import explanation_in

        if text := explanation_in(found, form):
            print_result(text)


def _form(form: str, *, as_json: bool) -> str:
    if as_json and form not in {"text", "json"}:
        raise click.UsageError(f"--json and --format {form} both say what is printed; choose one")
    return "json" if as_json else form
