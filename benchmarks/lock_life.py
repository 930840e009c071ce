"""`status` and `diff` of a large lock, against what it takes to read the files, and conda-lock's own check."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.jobs.diff_locks import diff_files
from condaenv_tools.jobs.plan import read_inputs
from condaenv_tools.jobs.status_files import status_files
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.diff import diff_locks
from condaenv_tools.lock.peer import PeerInputs, peer_faults
from condaenv_tools.model.lock import Lock

__all__ = ["diff", "status"]

#: Whatever is asked of a lock costs less than it costs to read it.
_TARGET = 2.0


def status(inputs: Inputs) -> list[Row]:
    """Measure the files and the lock read and held against each other, the reading alone, and conda-lock.

    conda-lock's side is what its `--check-input-hash` does before it solves: it reads both, hashes the files and
    compares the hashes.
    """
    what, against, peer = "status", "reading both alone", "conda-lock, its hash of the input"
    if inputs.lock is None:
        return [_nothing(what, against), _nothing(what, peer)]
    lock = inputs.lock
    files = _files(lock, inputs.environment)
    text, hashed = lock.read_text(encoding="utf-8"), PeerInputs(paths=tuple(files))
    ours, alone, theirs = call_sides(
        [
            lambda: status_files(*files, lock=lock),
            lambda: (read_lock(lock), read_inputs(files)),
            lambda: peer_faults(text, hashed),
        ],
        runs=max(5, inputs.runs),
    )
    what = f"{what} of {_size(read_lock(lock))}"
    return [
        _row(inputs, what, ours, alone, against),
        replace(_row(inputs, what, ours, theirs, peer), target=None, speedup=True),
    ]


def diff(inputs: Inputs) -> list[Row]:
    """Measure a lock compared with one in which every tenth package is another, and all that is told of it."""
    what, against = "diff", "reading both alone"
    if inputs.lock is None:
        return [_nothing(what, against), _nothing(f"{what}, in memory", "reading one")]
    old = inputs.lock
    lock = read_lock(old)
    other = _changed(lock)
    ours, one, two = call_sides(
        [
            lambda: diff_locks(lock, other),
            lambda: read_lock(old),
            lambda: diff_files(old, old),
        ],
        runs=max(5, inputs.runs),
    )
    size = _size(lock)
    return [
        _row(inputs, f"{what} of {size} with itself", two, 2 * one, against),
        _row(inputs, f"{what} in memory, every tenth package of {size} changed", ours, one, "reading one"),
    ]


def _files(lock: Path, environment: Path) -> list[Path]:
    """Return the files that the lock names, as far as they are there."""
    named = [lock.parent / source for source in read_lock(lock).sources]
    return [path for path in named if path.exists()] or [environment]


def _changed(lock: Lock) -> Lock:
    parts = []
    for part in lock.platforms:
        packages = list(part.packages)
        for i in range(0, len(packages), 10):
            record = replace(packages[i].record, version=f"{packages[i].record.version}.1")
            packages[i] = replace(packages[i], record=record)
        parts.append(replace(part, packages=tuple(packages)))
    return replace(lock, platforms=tuple(parts))


def _size(lock: Lock) -> str:
    packages = sum(len(part.packages) for part in lock.platforms)
    return f"{packages:,} packages on {len(lock.platforms)} platforms"


def _row(inputs: Inputs, what: str, ours: float, theirs: float, against: str) -> Row:
    return Row(
        what=what,
        unit="ms",
        ours=1000 * ours,
        theirs=1000 * theirs,
        against=against,
        target=inputs.target(_TARGET),
        note=inputs.note,
    )


def _nothing(what: str, against: str) -> Row:
    return Row(what=what, unit="ms", ours=None, theirs=None, against=against, note="no lock at hand")
