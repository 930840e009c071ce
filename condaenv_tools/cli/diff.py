"""`condaenv diff`: what changed between two locks."""

from __future__ import annotations

import json
from pathlib import Path

import click

from condaenv_tools.cli.diff_text import diff_document, diff_lines
from condaenv_tools.cli.graph_options import locked_platform_option
from condaenv_tools.cli.options import json_option, verbosity_options
from condaenv_tools.cli.output import print_result, read_stdin, say
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.diff_locks import FileDiff, diff_files
from condaenv_tools.lock.registry import loads_lock
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv diff old/conda-lock.yml conda-lock.yml
  git show main:conda-lock.yml | condaenv diff - conda-lock.yml --format markdown
  condaenv diff conda-lock.yml pixi.lock -p linux-64 --json
  condaenv diff conda-lock.yml ~/miniforge3/envs/work
"""


@click.command("diff", epilog=EPILOG, short_help="Say what changed between two locks.")
@click.argument("old", metavar="LOCK", type=click.Path(path_type=str, allow_dash=True))
@click.argument("new", metavar="LOCK", type=click.Path(path_type=str, allow_dash=True))
@locked_platform_option("all of both (repeatable)")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Where to write it; `-` is stdout.",
)
@click.option("--exit-code", "tells", is_flag=True, help="Exit with 1 if the locks differ.")
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    old: str,
    new: str,
    platforms: tuple[Platform, ...],
    form: str,
    output: Path | None,
    tells: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Say what changed from the first LOCK to the second, and which line that differs pulled which packages.

    Both may be of any format; they are compared by what both say. `-` is standard input. A folder with conda-meta
    is what is installed there: then a difference is drift, and the exit code is 1. Between two locks it is 0
    unless --exit-code is given.
    """
    if old == new == "-":
        raise click.UsageError("only one of both can come from standard input")
    if as_json and form not in {"text", "json"}:
        raise click.UsageError(f"--json and --format {form} are two formats; choose one")
    found = diff_files(_side(old), _side(new), platforms=platforms)
    text = _text(found, "json" if as_json else form, title=f"{old} → {new}", every=verbose)
    if output is not None and str(output) != "-":
        write_atomically(output, text)
        say(f"written to {output}", quiet=quiet)
    elif not (quiet and form == "text" and not as_json and found.diff.is_empty):
        print_result(text)
    for note in found.diff.notes:
        say(f"note: {note}", quiet=quiet)
    return 1 if (tells or found.drift) and not found.diff.is_empty else 0


def _side(path: str) -> str | Lock:
    return loads_lock(read_stdin(), path="<stdin>") if path == "-" else path


def _text(found: FileDiff, form: str, *, title: str, every: bool) -> str:
    if form == "json":
        return json.dumps(diff_document(found), indent=2, ensure_ascii=False) + "\n"
    if form == "markdown":
        from condaenv_tools.report.diff_markdown import diff_markdown

        return diff_markdown(found.diff, title=title)
    if form == "html":
        from condaenv_tools.report.diff_page import diff_page

        return diff_page(found.diff, title=title)
    return "\n".join(diff_lines(found, every=every)) + "\n"
