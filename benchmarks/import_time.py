"""What it costs to import the package, against the engine that it imports on first use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import median

from benchmarks.interface import Inputs, Row
from benchmarks.sides import run_sides
from benchmarks.spawn import Run

__all__ = ["import_time"]

_TIMED = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"

#: An import is short beside the noise of starting Python; more runs are needed, and cheap.
_RUNS_EACH = 5


def import_time(inputs: Inputs) -> list[Row]:
    """Measure the import statement alone, in new processes."""
    commands = [[sys.executable, "-c", _TIMED.format(name)] for name in ("condaenv_tools", "rattler")]
    ours, theirs = run_sides(commands, runs=inputs.runs * _RUNS_EACH, scratch=inputs.scratch / "import")
    return [
        Row(
            what="import condaenv_tools",
            unit="ms",
            ours=_milliseconds(ours),
            theirs=_milliseconds(theirs),
            against="import rattler",
            target=1,
        )
    ]


def _milliseconds(runs: Sequence[Run]) -> float:
    return 1000 * median(float(run.output) for run in runs)
