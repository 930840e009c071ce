"""A large lock proven, and rendered as explicit lists."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.jobs.export_lock import export_lock
from condaenv_tools.jobs.verify_files import VerifyOptions, read_lock, verify_files
from condaenv_tools.model.lock import Lock

__all__ = ["render", "verify"]


def verify(inputs: Inputs) -> list[Row]:
    """Measure a lock that is read and proven, without and with the records of its channel, and read alone."""
    what, against = "verify", "reading it alone"
    if inputs.lock is None:
        return [_nothing(what, against), _nothing(f"{what} with the records of the channel", against)]
    lock = inputs.lock
    records = VerifyOptions(sources=SourceOptions(snapshot=inputs.snapshot, offline=True))
    plain, held, alone = call_sides(
        [
            lambda: verify_files(lock),
            lambda: verify_files(lock, options=records),
            lambda: read_lock(lock),
        ],
        runs=inputs.runs,
    )
    size = _size(read_lock(lock))
    return [
        _row(inputs, f"verify {size}", (plain, alone), against),
        _row(inputs, f"verify {size} with the records of the channel", (held, alone), against),
    ]


def render(inputs: Inputs) -> list[Row]:
    """Measure the explicit lists of all platforms, from the model in memory, as conda-lock renders them."""
    what, against = "render explicit lists", "conda-lock"
    if inputs.lock is None:
        return [_nothing(what, against)]
    lock = read_lock(inputs.lock)
    parse, rendered = _conda_lock()
    content = parse(inputs.lock)
    platforms = [part.platform.value for part in lock.platforms]
    figures = call_sides(
        [
            lambda: export_lock(lock, "explicit"),
            lambda: [
                rendered(
                    lockfile=content,
                    include_dev_dependencies=True,
                    extras=None,
                    kind="explicit",
                    platform=platform,
                )
                for platform in platforms
            ],
        ],
        runs=inputs.runs,
    )
    return [_row(inputs, f"{what} of {_size(lock)}", (figures[0], figures[1]), against, speedup=True)]


def _conda_lock() -> tuple[Callable[..., Any], Callable[..., Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from conda_lock.conda_lock import render_lockfile_for_platform  # noqa: PLC0415 - takes a second
        from conda_lock.lockfile import parse_conda_lock_file  # noqa: PLC0415 - takes a second
    return parse_conda_lock_file, render_lockfile_for_platform


def _size(lock: Lock) -> str:
    packages = sum(len(part.packages) for part in lock.platforms)
    return f"{packages:,} packages on {len(lock.platforms)} platforms"


def _row(
    inputs: Inputs, what: str, figures: tuple[float, float], against: str, *, speedup: bool = False
) -> Row:
    ours, theirs = (1000 * figure for figure in figures)
    return Row(
        what=what, unit="ms", ours=ours, theirs=theirs, against=against, speedup=speedup, note=inputs.note
    )


def _nothing(what: str, against: str) -> Row:
    return Row(what=what, unit="ms", ours=None, theirs=None, against=against, note="no lock at hand")
