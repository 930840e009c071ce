"""`condaenv lock`: solve every platform and write a proven lock."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from condaenv_tools.cli.options import (
    SecondsType,
    files_argument,
    json_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import megabytes, progress, table
from condaenv_tools.cli.solving_options import lock_options_of, solving_options
from condaenv_tools.errors import OutputError
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.lock_files import LockResult, lock_files, lock_text
from condaenv_tools.jobs.plan import NO_CHANNEL, Plan
from condaenv_tools.lock.registry import FORMATS
from condaenv_tools.model.finding import Severity
from condaenv_tools.resolve.request import Strategy

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv lock environment.yml
  condaenv lock environment.yml dev.yml -p linux-64 -p osx-arm64 -o locks/conda-lock.yml
  condaenv lock environment.yml --virtual-package __cuda=12.4
  condaenv lock environment.yml --snapshot channels/ --offline -o -
"""


@click.command("lock", epilog=EPILOG, short_help="Solve every platform and write a proven lock.")
@files_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The lock file; `-` is stdout. Default: conda-lock.yml beside the first file.",
)
@click.option("--format", "form", type=click.Choice(sorted(FORMATS)), default="conda-lock", show_default=True)
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
    output: Path | None,
    form: str,
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
    target = output or Path(files[0]).parent / "conda-lock.yml"
    to_stdout = str(target) == "-"
    if to_stdout and as_json:
        raise click.UsageError("-o - and --json both want stdout; choose one")
    if not to_stdout and not target.parent.is_dir():
        raise OutputError(
            f"there is no folder {target.parent} to write {target.name} to",
            path=str(target),
            usage=True,
            hints=["make it first, or choose another place with -o"],
        )
    if not to_stdout and target.is_dir():
        raise OutputError(f"{target} is a folder, and the lock is a file", path=str(target), usage=True)
    if not to_stdout and any(os.path.realpath(target) == os.path.realpath(file) for file in files):
        raise OutputError(
            f"{target} is a file to lock, and the lock would take its place",
            path=str(target),
            usage=True,
            hints=["choose another place with -o"],
        )
    with progress(quiet=quiet) as shown:

        def begun(plan: Plan) -> None:
            shown.started(plan)
            _assumptions(plan, verbose=verbose)

        result = lock_files(
            *files,
            options=options,
            beside=Path(files[0]).parent if to_stdout else target.parent,
            on_plan=begun,
            on_done=shown.done,
        )
    text = lock_text(result.lock, form=form)
    if to_stdout:
        print_result(text)
    else:
        write_atomically(target, text)
    if not quiet:
        least = Severity.INFO if verbose else Severity.WARNING
        remark([f for f in result.findings if f.code == NO_CHANNEL], least=Severity.INFO)
        remark([f for f in result.findings if f.code != NO_CHANNEL], least=least)
        _summary(result, "stdout" if to_stdout else str(target))
    if as_json:
        print_json(_document(result, str(target)))
    return 0


def _assumptions(plan: Plan, *, verbose: bool) -> None:
    if not verbose:
        return
    for channel in plan.channels:
        say(f"channel {channel.name}: {channel.url}")
    for request in plan.requests:
        say(f"{request.platform} is taken to have {', '.join(map(str, request.virtual_packages))}")


def _summary(result: LockResult, target: str) -> None:
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
    say(f"proven and written to {target}")


def _document(result: LockResult, target: str) -> dict[str, object]:
    return {
        "path": target,
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
