"""Record the part of the channels that files can reach."""

from __future__ import annotations

from pathlib import Path

from condaenv_tools.channels.record_snapshot import SnapshotReport, record_snapshot
from condaenv_tools.jobs.plan import LockOptions, make_plan, read_inputs

__all__ = ["snapshot_files"]


def snapshot_files(
    *paths: str | Path, folder: str | Path, options: LockOptions | None = None
) -> SnapshotReport:
    """Record what the files can reach, so that they lock from the recording as from the channels.

    Parameters
    ----------
    *paths : str or Path
        The files, merged in this order.
    folder : str or Path
        Where to; what it already holds of these channels is kept, and united with what is new.
    options : LockOptions, optional
        Platforms, channels, and how these are read.

    Returns
    -------
    SnapshotReport
        Records and bytes of each subdir.

    Raises
    ------
    ParseError
        A file cannot be read as an environment.
    ChannelError
        A channel cannot be read.
    OutputError
        The folder cannot be written to.
    """
    inputs = read_inputs(paths)
    options = options or LockOptions()
    plan = make_plan(inputs, options, pip_counts=False)
    sources = {source.channel.url: source for request in plan.requests for source in request.sources}
    specs = {str(spec): spec for request in plan.requests for spec in request.specs}
    platforms = [request.platform for request in plan.requests]
    return record_snapshot(tuple(sources.values()), tuple(specs.values()), platforms, Path(folder))
