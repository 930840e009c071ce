"""`condaenv lock`: solve every platform and write a proven lock."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from condaenv_tools.cli.exporting import check_inputs, check_place, files_document, tell_losses, write_files
from condaenv_tools.cli.options import (
    SecondsType,
    files_argument,
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, remark, say
from condaenv_tools.cli.progress import megabytes, progress, table
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.errors import OutputError
from condaenv_tools.jobs.export_lock import ExportedFile, export_lock, output_paths, refuse_losses
from condaenv_tools.jobs.lock_files import LockResult, lock_files
from condaenv_tools.jobs.plan import NO_CHANNEL, Plan
from condaenv_tools.lock.registry import FORMATS
from condaenv_tools.model.finding import Severity
from condaenv_tools.resolve.request import Strategy

__all__ = ["command"]

#: What a lock is written as where nobody says.
DEFAULT_FORMAT = "conda-lock"

EPILOG = """
\b
Examples:
  condaenv lock environment.yml
  condaenv lock environment.yml dev.yml -p linux-64 -p osx-arm64 -o locks/conda-lock.yml
  condaenv lock environment.yml --format explicit -o locks/
  condaenv lock environment.yml --virtual-package __cuda=12.4
  condaenv lock environment.yml --snapshot channels/ --offline -o -
"""


@click.command("lock", epilog=EPILOG, short_help="Solve every platform and write a proven lock.")
@files_argument
@click.option(
    "-o",
    "--output",
    help="The lock file; `-` is stdout. For a format with one file a platform: a folder, or a name with "
    "{platform} in it. Default: conda-lock.yml, or what the format calls its file, beside the first file.",
)
@click.option(
    "--format", "form", type=click.Choice(sorted(FORMATS)), default=DEFAULT_FORMAT, show_default=True
)
@click.option(
    "--allow-loss", is_flag=True, help="Write a format even if what it loses changes what would be installed."
)
@click.option(
    "--strategy",
    type=click.Choice([s.value for s in Strategy]),
    default=Strategy.HIGHEST.value,
    show_default=True,
    help="Which of the versions that work is taken.",
)
@click.option("--time-limit", type=SecondsType(0.001), help="Seconds for each platform.")
@solving_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    output: str | None,
    form: str,
    allow_loss: bool,
    strategy: str,
    time_limit: float | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Lock FILE... for every platform: solve all of them, prove the answer, write one file.

    Several files are merged in order. Nothing is written unless every platform solves and the lock is proven.
    Exits with 1 if a platform cannot be solved.
    """
    options = lock_options_of(chosen)
    solve = replace(options.solve, strategy=Strategy(strategy), time_limit=time_limit)
    options = replace(options, solve=solve)
    to_stdout = output == "-"
    if to_stdout and as_json:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    check_place(output, files)
    if output and not FORMATS[form].one_platform and Path(output).is_dir():
        raise OutputError(f"{output} is a folder, and the lock is a file", path=output, usage=True)
    folder = _folder(output, Path(files[0]).parent)
    with progress(quiet=quiet) as shown:

        def begun(plan: Plan) -> None:
            shown.started(plan)
            _assumptions(plan, verbose=verbose)

        result = lock_files(
            *files,
            options=options,
            beside=folder,
            on_plan=begun,
            on_done=shown.done,
        )
    written = export_lock(result.lock, form)
    if not allow_loss:
        refuse_losses(written, form=form)
    paths = output_paths(written, output or _default(written, folder), folder)
    check_inputs([path for path in paths if path is not None], files)
    write_files(written, paths)
    if not quiet:
        least = Severity.INFO if verbose else Severity.WARNING
        remark([f for f in result.findings if f.code == NO_CHANNEL], least=Severity.INFO)
        remark([f for f in result.findings if f.code != NO_CHANNEL], least=least)
        # What every conda-lock.yml leaves to the channels is no news to whoever asks for none but that.
        if form != DEFAULT_FORMAT or verbose:
            tell_losses(written, form)
        _summary(result, [str(path or "stdout") for path in paths])
    if as_json:
        print_json(_document(result, written, paths))
    return 0


def _default(files: Sequence[ExportedFile], folder: Path) -> str:
    return f"{folder}{os.sep}" if files[0].platform is not None else str(folder / files[0].name)


def _folder(output: str | None, beside: Path) -> Path:
    """Return the folder in which the lock will lie, as far as it can be known before it is solved."""
    if output is None or output == "-":
        return beside
    path = Path(output)
    return path if path.is_dir() or output.endswith("/") else path.parent


def _assumptions(plan: Plan, *, verbose: bool) -> None:
    if not verbose:
        return
    for channel in plan.channels:
        say(f"channel {channel.name}: {channel.url}")
    for request in plan.requests:
        say(f"{request.platform} is taken to have {', '.join(map(str, request.virtual_packages))}")


def _summary(result: LockResult, targets: Sequence[str]) -> None:
    packages = {part.platform: len(part.packages) for part in result.lock.platforms}
    rows = [
        (
            outcome.platform.value,
            str(packages[outcome.platform]),
            megabytes(outcome.solution.size),
            f"{outcome.seconds:.1f}",
        )
        for outcome in result.outcomes
        if outcome.solution is not None
    ]
    table(("platform", "packages", "download", "seconds"), rows)
    say(f"proven and written to {', '.join(targets)}")


def _document(
    result: LockResult, files: Sequence[ExportedFile], paths: Sequence[Path | None]
) -> dict[str, object]:
    return {
        "path": str(paths[0]) if len(paths) == 1 else None,
        "files": files_document(files, paths),
        "platforms": {
            part.platform.value: {
                "packages": len(part.packages),
                "size": part.size,
                "virtual_packages": [str(v) for v in part.virtual_packages or ()],
                "content_hash": part.content_hash,
            }
            for part in result.lock.platforms
        },
        "findings": [
            {"code": f.code, "severity": f.severity.value, "message": f.message, "path": f.path}
            for f in result.findings
        ],
    }
