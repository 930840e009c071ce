"""`condaenv fix`: the smallest edit that was proven to let a file be solved, shown or written."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.options import (
    DateType,
    SecondsType,
    channel_options,
    json_option,
    platform_option,
    verbosity_options,
    virtual_package_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say
from condaenv_tools.cli.progress import progress
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions

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
@platform_option
@click.option("--write", is_flag=True, help="Write the file; comments and layout stay.")
@click.option(
    "--number",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Which of the corrections that condaenv explain lists.",
)
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
    help="Seconds for the search.",
)
@click.option("--conda-only", is_flag=True, help="Leave the pip section out.")
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    file: str,
    platforms: tuple[Platform, ...],
    write: bool,
    number: int,
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
    """Show the smallest edit of FILE with which every platform was solved, as a diff; --write makes it.

    Exits with 0 if the file can be solved, or could be after the edit, and with 1 if no such edit is known.
    """
    from condaenv_tools.jobs.correct_file import correct_file, write_corrected

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
