"""`condaenv verify`: prove a lock."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.cli.options import (
    channel_options,
    json_option,
    verbosity_options,
    virtual_package_options,
)
from condaenv_tools.cli.output import print_json, print_result, remark, say, styled
from condaenv_tools.jobs.native_findings import native_findings
from condaenv_tools.jobs.verify_files import VerifyOptions, verify_files
from condaenv_tools.lock.verify import VerifyReport
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv verify conda-lock.yml
  condaenv verify conda-lock.yml environment.yml --snapshot channels/
  condaenv verify conda-lock.yml environment.yml --online --peer
"""


@click.command("verify", epilog=EPILOG, short_help="Prove a lock.")
@click.argument("lock", type=click.Path(path_type=str))
@click.argument("files", nargs=-1, type=click.Path(path_type=str))
@channel_options
@click.option("--online", is_flag=True, help="Read the records of the lock's channels from their servers.")
@virtual_package_options
@click.option(
    "--peer", is_flag=True, help="Ask conda-lock's own parser, and compare its hash of FILE..., too."
)
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    lock: str,
    files: tuple[str, ...],
    channels: tuple[str, ...],
    snapshot: Path | None,
    offline: bool,
    network_timeout: float | None,
    online: bool,
    virtual_packages: tuple[VirtualPackage, ...],
    virtual_package_spec: Path | None,
    peer: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Prove LOCK: every dependency met, nothing broken, missing or left over, every hash right.

    With FILE..., that it answers these files. With --snapshot or --online, that its packages are those of the
    channels. Exits with 1 if it is not proven.
    """
    if online and offline:
        raise click.UsageError("--online and --offline exclude each other")
    options = VerifyOptions(
        sources=SourceOptions(snapshot=snapshot, offline=offline, timeout=network_timeout),
        online=online,
        channels=channels,
        virtual_packages=virtual_packages,
        virtual_package_spec=virtual_package_spec,
        peer=peer,
    )
    read, report = verify_files(lock, *files, options=options)
    if as_json:
        print_json(_document(report))
    else:
        _print(read, report, lock, quiet=quiet, verbose=verbose)
    return 0 if report.ok else 1


def _document(report: VerifyReport) -> dict[str, object]:
    return {
        "ok": report.ok,
        "faults": [
            {"platform": f.platform, "rule": f.rule, "package": f.package, "message": f.message}
            for f in report.faults
        ],
        "undecided": list(report.undecided),
    }


def _print(lock: Lock, report: VerifyReport, path: str, *, quiet: bool, verbose: bool) -> None:

    for fault in report.faults:
        print_result(str(fault))
    if quiet:
        return
    packages = sum(len(part.packages) for part in lock.platforms)
    what = f"{packages} packages on {len(lock.platforms)} platform{'' if len(lock.platforms) == 1 else 's'}"
    if report.ok:
        print_result(f"{path}: {styled('proven', 'good', sys.stdout)}: {what}")
    else:
        count = len(report.faults)
        print_result(f"{path}: not proven: {count} fault{'' if count == 1 else 's'} in {what}")
    if report.undecided and not verbose:
        count = len(report.undecided)
        say(
            f"not decided: {count} point{'' if count == 1 else 's'} (-v tells {'it' if count == 1 else 'them'})"
        )
    for point in report.undecided if verbose else ():
        say(f"not decided: {point}")
    # What is proven may bite all the same; it is no fault of the lock.
    remark(native_findings(lock, path=path), least=Severity.INFO if verbose else Severity.WARNING)
