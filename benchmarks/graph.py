"""Building the graph of a lock's largest platform, against py-rattler's own graph of the same records."""

from __future__ import annotations

import sys
from statistics import median

from benchmarks.graph_side import builders, largest
from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides, megabytes, run_sides
from benchmarks.spawn import measure

__all__ = ["graph"]

#: Graphs after which memory is compared; by the first of them all that is kept once has been made.
_FEW, _MANY = 100, 1000
_AGAINST = "PackageRecord.to_graph"
_WHAT = (
    ("first in a process, with imports: time", "ms", _AGAINST),
    ("warm: time", "ms", _AGAINST),
    ("peak of the process", "MB", _AGAINST),
    (f"{_MANY:,} one after the other: held", "MB", f"after {_FEW}"),
)
#: A warm graph takes at most a third of theirs; a thousand leave nothing behind.
_TARGETS = (None, 0.34, None, 1.1)


def graph(inputs: Inputs) -> list[Row]:
    """Measure time and memory of one graph, and the memory of a process that has built a thousand."""
    if inputs.lock is None:
        return [
            Row(
                what=f"graph, {what}",
                unit=unit,
                ours=None,
                theirs=None,
                against=against,
                note="no lock at hand",
            )
            for what, unit, against in _WHAT
        ]
    part = largest(inputs.lock)
    return [
        Row(
            what=f"graph of {len(part.packages)} packages, {what}",
            unit=unit,
            ours=ours,
            theirs=theirs,
            against=against,
            target=None if target is None else inputs.target(target),
            note=inputs.note,
        )
        for (what, unit, against), target, (ours, theirs) in zip(
            _WHAT, _TARGETS, _figures(inputs), strict=True
        )
    ]


def _figures(inputs: Inputs) -> list[tuple[float, float]]:
    assert inputs.lock is not None
    command = [sys.executable, "-m", "benchmarks.graph_side"]
    runs = run_sides(
        [[*command, side, str(inputs.lock)] for side in ("ours", "theirs")],
        runs=inputs.runs,
        scratch=inputs.scratch / "graph",
    )
    first = [1000 * median(float(run.output) for run in side) for side in runs]
    sides = builders(largest(inputs.lock))
    warm = call_sides([sides["ours"], sides["theirs"]], runs=max(5, inputs.runs))
    many = [*command, "many", str(inputs.lock), str(_FEW), str(_MANY)]
    last = measure(many, home=inputs.scratch / "graphs")
    few, end = (int(text) / 1e6 for text in last.output.split())
    peaks = [megabytes(side) for side in runs]
    return [
        (first[0], first[1]),
        (warm[0] * 1000, warm[1] * 1000),
        (peaks[0], peaks[1]),
        (end, few),
    ]
