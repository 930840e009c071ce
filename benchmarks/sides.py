"""Measure two sides in turn, so that whatever else the machine does falls on both alike."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from benchmarks.interface import Inputs
from benchmarks.spawn import Run, measure

__all__ = ["bare_command", "call_sides", "lock_command", "megabytes", "run_sides", "seconds"]

_BARE = Path(__file__).with_name("bare.py")


def bare_command(inputs: Inputs, snapshot: Path, platforms: Sequence[str]) -> list[str]:
    """Return the command of the bare py-rattler script."""
    return [sys.executable, str(_BARE), str(inputs.environment), str(snapshot / inputs.channel), *platforms]


def lock_command(inputs: Inputs, snapshot: Path, platforms: Sequence[str], output: Path) -> list[str]:
    """Return the `condaenv lock` that answers the same question."""
    asked = [part for platform in platforms for part in ("--platform", platform)]
    source = ["--snapshot", str(snapshot), "--offline", "--channel", inputs.channel]
    command = [sys.executable, "-m", "condaenv_tools", "lock", str(inputs.environment)]
    return [*command, *asked, *source, "--output", str(output)]


def run_sides(commands: Sequence[Sequence[str]], *, runs: int, scratch: Path) -> list[list[Run]]:
    """Run commands in turn, each time with an empty home; return the runs of each command.

    The first round is not among them: it brings the files of every side into the page cache.
    """
    rounds: list[list[Run]] = [[] for _ in commands]
    for number in range(runs + 1):
        for side, command in enumerate(commands):
            rounds[side].append(measure(command, home=scratch / f"home-{number}-{side}"))
    return [side[1:] for side in rounds]


def seconds(runs: Sequence[Run]) -> float:
    """Return the median wall time."""
    return median(run.seconds for run in runs)


def megabytes(runs: Sequence[Run]) -> float:
    """Return the median peak, in millions of bytes."""
    return median(run.peak for run in runs) / 1e6


def call_sides(calls: Sequence[Callable[[], object]], *, runs: int) -> list[float]:
    """Call functions in turn, warm, and return the median seconds of each."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(runs + 1):
        for side, call in enumerate(calls):
            # What the other side left behind is collected before, and not within, this side's time.
            gc.collect()
            begin = time.perf_counter()
            call()
            times[side].append(time.perf_counter() - begin)
    return [median(side[1:]) for side in times]
