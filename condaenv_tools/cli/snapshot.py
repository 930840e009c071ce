"""`condaenv snapshot`: record the part of the channels that files can reach."""

from __future__ import annotations

from pathlib import Path

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.options import (
    channel_options,
    files_argument,
    json_option,
    platform_option,
    verbosity_options,
)
from condaenv_tools.cli.output import print_json, say
from condaenv_tools.cli.progress import megabytes, table
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.snapshot_files import snapshot_files
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv snapshot environment.yml -o channels/
  condaenv lock environment.yml --snapshot channels/ --offline
"""


@click.command("snapshot", epilog=EPILOG, short_help="Record what files can reach of their channels.")
@files_argument
@platform_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to record to; CHANNEL/SUBDIR/repodata.json.zst.",
)
@channel_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    platforms: tuple[Platform, ...],
    folder: Path,
    channels: tuple[str, ...],
    snapshot: Path | None,
    offline: bool,
    network_timeout: float | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Record the part of the channels that FILE... can reach, to lock from it offline, or again next year."""
    options = LockOptions(
        platforms=platforms,
        channels=channels,
        sources=SourceOptions(snapshot=snapshot, offline=offline, timeout=network_timeout),
    )
    report = snapshot_files(*files, folder=folder, options=options)
    if not quiet:
        shown = [part for part in report.subdirs if part.records or verbose]
        rows = [(f"{part.channel}/{part.subdir}", str(part.records), megabytes(part.size)) for part in shown]
        table(("recorded", "records", "size"), rows)
        for name in report.missing if verbose else ():
            say(f"in no channel: {name}")
        say(f"recorded to {folder}; use it with --snapshot {folder}")
    if as_json:
        print_json(
            {
                "path": str(folder),
                "subdirs": [
                    {
                        "channel": part.channel,
                        "subdir": part.subdir,
                        "records": part.records,
                        "size": part.size,
                    }
                    for part in report.subdirs
                ],
            }
        )
    return 0
