"""A cold `condaenv lock` for several platforms, against a bare script that only solves."""

from __future__ import annotations

from functools import partial

from benchmarks.interface import Inputs, Row
from benchmarks.sides import bare_command, lock_command, megabytes, run_sides, seconds

__all__ = ["cold_lock"]


def cold_lock(inputs: Inputs) -> list[Row]:
    """Measure wall time and peak memory; our side reads the file, solves, proves the lock and writes it."""
    output = inputs.scratch / "cold" / "conda-lock.yml"
    output.parent.mkdir(parents=True, exist_ok=True)
    commands = [
        lock_command(inputs, inputs.snapshot, inputs.platforms, output),
        bare_command(inputs, inputs.snapshot, inputs.platforms),
    ]
    ours, theirs = run_sides(commands, runs=inputs.runs, scratch=output.parent)
    packages = sum(map(int, theirs[-1].output.split()))
    what = f"cold lock, {len(inputs.platforms)} platforms, {packages:,} packages"
    row = partial(Row, against="bare py-rattler, solving only", note=inputs.note)
    time, memory = inputs.target(1.5), inputs.target(1.3)
    return [
        row(what=f"{what}: time", unit="s", ours=seconds(ours), theirs=seconds(theirs), target=time),
        row(what=f"{what}: peak", unit="MB", ours=megabytes(ours), theirs=megabytes(theirs), target=memory),
    ]
