"""What the commands share that make a lock of other locks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from condaenv_tools.cli.output import print_json, print_result, say
from condaenv_tools.files import write_atomically
from condaenv_tools.model.lock import Lock

__all__ = ["output_option", "put_lock"]

F = TypeVar("F", bound=Callable[..., Any])


def output_option(function: F) -> F:
    """Take where the lock goes."""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, allow_dash=True),
        default="-",
        help="The lock file, in the format of the one that is read. Default: stdout.",
    )(function)


def put_lock(lock: Lock, text: str, output: Path, *, as_json: bool, quiet: bool) -> None:
    """Write a lock, and say what it has."""
    to_stdout = str(output) == "-"
    if to_stdout and as_json:
        raise click.UsageError("--json wants stdout; name a file with -o")
    if to_stdout:
        print_result(text)
    else:
        write_atomically(output, text)
    counts = {part.platform.value: len(part.packages) for part in lock.platforms}
    if as_json:
        print_json({"path": str(output), "platforms": counts})
    if not quiet and not to_stdout:
        told = ", ".join(f"{count} packages on {platform}" for platform, count in counts.items())
        say(f"proven and written to {output}: {told or 'nothing'}")
