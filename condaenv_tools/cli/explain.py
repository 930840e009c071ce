"""`condaenv explain`: which lines exclude each other, why, and what was proven to mend it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.options import (
    DateType,
    SecondsType,
    channel_options,
    files_argument,
    json_option,
    platform_option,
    verbosity_options,
    virtual_package_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.jobs.plan import LockOptions, Plan
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions

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
@platform_option
@channel_options
@click.option(
    "--channel-priority",
    type=click.Choice([p.value for p in ChannelPriority]),
    default=ChannelPriority.STRICT.value,
    show_default=True,
    help="Whether a package may come from a channel behind the first one that has its name.",
)
@virtual_package_options
@click.option(
    "--exclude-newer", type=DateType(), help="Take nothing that was built later, such as 2026-01-31."
)
@click.option(
    "--time-limit",
    type=SecondsType(0.001),
    default=300.0,
    show_default=True,
    help="Seconds for the search; what is proven until then is told.",
)
@click.option("--conda-only", is_flag=True, help="Leave the pip section out.")
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    platforms: tuple[Platform, ...],
    channels: tuple[str, ...],
    snapshot: Path | None,
    offline: bool,
    network_timeout: float | None,
    channel_priority: str,
    virtual_packages: tuple[VirtualPackage, ...],
    virtual_package_spec: Path | None,
    exclude_newer: datetime | None,
    time_limit: float,
    conda_only: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Say why FILE... cannot be solved: the lines that exclude each other, and what mends it.

    The lines are a minimal set: without any one of them the others go together. What is said to mend it was
    solved again on every platform. Exits with 0 if every platform has a solution, with 1 if one has none.
    """
    from condaenv_tools.cli.conflict_text import explanation_text
    from condaenv_tools.jobs.explain_files import explain_files

    options = LockOptions(
        platforms=platforms,
        channels=channels,
        virtual_packages=virtual_packages,
        virtual_package_spec=virtual_package_spec,
        sources=SourceOptions(snapshot=snapshot, offline=offline, timeout=network_timeout),
        solve=SolveOptions(channel_priority=ChannelPriority(channel_priority), exclude_newer=exclude_newer),
        conda_only=conda_only,
    )
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
