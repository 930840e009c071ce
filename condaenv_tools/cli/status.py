"""`condaenv status`: is a lock current for its files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from condaenv_tools.cli.graph_options import locked_platform_option
from condaenv_tools.cli.options import files_argument, json_option, verbosity_options
from condaenv_tools.cli.output import print_json, print_result, say, styled
from condaenv_tools.cli.solving_options import world_options
from condaenv_tools.jobs.status_files import StatusOptions, status_files
from condaenv_tools.lock.currency import Reason, StatusReport
from condaenv_tools.model.platform import Platform

__all__ = ["command"]

EPILOG = """
\b
Examples:
  condaenv status environment.yml --lock conda-lock.yml
  condaenv status environment.yml dev.yml --lock locks/pixi.lock --json
  condaenv status environment.yml --lock conda-lock.yml -p linux-64 --virtual-package __glibc=2.28
"""


@click.command("status", epilog=EPILOG, short_help="Say whether a lock is current for its files.")
@files_argument
@click.option(
    "--lock",
    type=click.Path(path_type=Path),
    help="The lock file. Default: conda-lock.yml beside the first file.",
)
@locked_platform_option("all of it (repeatable)")
@world_options
@json_option
@verbosity_options
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    files: tuple[str, ...],
    lock: Path | None,
    platforms: tuple[Platform, ...],
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **chosen: Any,
) -> int:
    """Say whether a lock is the answer to what FILE... say now, and what changed, without solving.

    A line that changed and that the locked package still satisfies is no reason. With -p only these platforms are
    looked at. No channel is read. Exits with 1 if the lock is not current.
    """
    path = lock or Path(files[0]).parent / "conda-lock.yml"
    options = StatusOptions(
        platforms=platforms,
        channels=chosen["channels"],
        virtual_packages=chosen["virtual_packages"],
        virtual_package_spec=chosen["virtual_package_spec"],
        conda_only=chosen["conda_only"],
    )
    report = status_files(*files, lock=path, options=options)
    if as_json:
        print_json(_document(report))
    else:
        _print(report, str(path), files, quiet=quiet)
    if not quiet:
        for note in report.notes:
            say(f"note: {note}")
    if verbose:
        for line in _hash_lines(report):
            say(line)
    return 0 if report.current else 1


def _document(report: StatusReport) -> dict[str, object]:
    return {
        "current": report.current,
        "reasons": [
            {
                "code": one.code,
                "platform": one.platform.value,
                "text": one.text,
                "package": one.package or None,
                "message": one.message,
                "source": one.source or None,
            }
            for one in report.reasons
        ],
        "notes": list(report.notes),
        "content_hash": {platform.value: state for platform, state in report.hashes},
    }


def _print(report: StatusReport, path: str, files: tuple[str, ...], *, quiet: bool) -> None:
    of = ", ".join(files)
    if report.current:
        if not quiet:
            print_result(f"{path}: {styled('current', 'good', sys.stdout)} for {of}")
        return
    told = _together(report)
    if not quiet:
        count = f"{len(told)} reason{'' if len(told) == 1 else 's'}"
        print_result(f"{path}: {styled('not current', 'error', sys.stdout)} for {of}: {count}")
    width = max(len(one.code) for one, _ in told)
    everywhere = {one.platform for one in report.reasons} | {platform for platform, _ in report.hashes}
    for one, platforms in told:
        # What is said of a platform names it already.
        where = (
            ""
            if set(platforms) == everywhere or one.code.startswith("platform-")
            else f" ({', '.join(platforms)})"
        )
        print_result(f"  {one.code.ljust(width)}  {one.message}{where}")


def _together(report: StatusReport) -> list[tuple[Reason, list[Platform]]]:
    """Return each reason once, with the platforms on which it counts."""
    found: dict[tuple[str, str], tuple[Reason, list[Platform]]] = {}
    for one in report.reasons:
        found.setdefault((one.code, one.message), (one, []))[1].append(one.platform)
    return list(found.values())


def _hash_lines(report: StatusReport) -> list[str]:
    by_state: dict[str, list[str]] = {}
    for platform, state in report.hashes:
        by_state.setdefault(state, []).append(platform.value)
    return [
        f"content hash: {state} on {', '.join(where)} (it is no judgement on the lock)"
        for state, where in by_state.items()
    ]
