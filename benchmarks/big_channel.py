"""How time and memory grow with the channel, against a bare py-rattler script on the same channel."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

from benchmarks.interface import Inputs, Row
from benchmarks.sides import bare_command, lock_command, megabytes, run_sides, seconds
from benchmarks.spawn import Run

__all__ = ["big_channel"]

_PLATFORM = "linux-64"
_Sides = tuple[list[Run], list[Run]]


def big_channel(inputs: Inputs) -> list[Row]:
    """Lock one platform from channels of two sizes made on the spot."""
    small, large = (_on_channel_of(records, inputs) for records in inputs.records)
    row = partial(Row, against="bare py-rattler", note=inputs.note)
    rows = []
    for records, (ours, theirs) in zip(inputs.records, (small, large), strict=True):
        what = f"{_PLATFORM} from {records:,} records"
        rows += [
            row(what=f"{what}: time", unit="s", ours=seconds(ours), theirs=seconds(theirs)),
            row(what=f"{what}: peak", unit="MB", ours=megabytes(ours), theirs=megabytes(theirs)),
        ]
    for name, figure in (("time", seconds), ("peak", megabytes)):
        ours_grew, theirs_grew = (figure(large[side]) / figure(small[side]) for side in (0, 1))
        what = f"{inputs.records[1] / inputs.records[0]:.1f} times the records: {name} grows"
        rows.append(row(what=what, unit="×", ours=ours_grew, theirs=theirs_grew))
    return rows


def _on_channel_of(records: int, inputs: Inputs) -> _Sides:
    folder = inputs.scratch / f"channel-{records}"
    _blow_up(inputs.snapshot / inputs.channel, folder / inputs.channel, records)
    output = folder / "conda-lock.yml"
    commands = [
        lock_command(inputs, folder, [_PLATFORM], output),
        bare_command(inputs, folder, [_PLATFORM]),
    ]
    ours, theirs = run_sides(commands, runs=inputs.runs, scratch=folder)
    return ours, theirs


def _blow_up(channel: Path, target: Path, records: int) -> None:
    # In a process of its own: the records in between need ten times the memory of what is measured.
    script = Path(__file__).with_name("blow_up.py")
    command = [sys.executable, str(script), str(channel), str(target), str(records), _PLATFORM, "noarch"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
