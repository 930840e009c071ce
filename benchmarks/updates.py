"""How many packages an update moves, against a free re-solve, which is what peers do to change one package."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.interface import Inputs, Row
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.lock_files import lock_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.jobs.update_files import UpdateOptions, UpdateResult, update_files
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.diff import PlatformDiff, diff_locks
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform

__all__ = ["UPDATES", "updates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One update.

    Attributes
    ----------
    what : str
        In words.
    names : tuple of str
        What is named.
    added : str
        A line that is added to the file.
    removed : str
        A line that is taken out of it, by the name it begins with.
    """

    what: str
    names: tuple[str, ...] = ()
    added: str = ""
    removed: str = ""


#: Of pangeo-notebook: single packages, a family, new lines with and without demands, a line less.
UPDATES = (
    *(Update(what=f"update {n}", names=(n,)) for n in ("numpy", "pandas", "xarray", "dask", "gdal", "scipy")),
    *(Update(what=f"update {n}", names=(n,)) for n in ("fsspec", "libgdal*", "hdf5", "pyarrow")),
    Update(what="add polars", added="polars"),
    Update(what="add a bound, xarray>=2026", added="xarray>=2026"),
    Update(what="remove xesmf", removed="xesmf"),
)


def updates(inputs: Inputs) -> list[Row]:
    """Count what moves on the first platform, and time one update of the whole lock against a lock made anew."""
    against = "free re-solve"
    if inputs.lock is None:
        return [_nothing(one.what, against, "no lock at hand") for one in (*UPDATES, Update(what="time"))]
    old = read_lock(inputs.lock)
    first = Platform.parse(inputs.platforms[0])
    rows = [_counted(inputs, old, one, first, against) for one in UPDATES]
    return [*rows, _timed(inputs)]


def _counted(inputs: Inputs, old: Lock, update: Update, platform: Platform, against: str) -> Row:
    file = _edited(inputs, update)
    options = _options(inputs, (platform,))
    try:
        ours = _update(inputs, file, update.names, options)
        free = lock_files(file, options=options).lock
    except CondaEnvToolsError as error:
        return _nothing(update.what, against, error.message.splitlines()[0])
    moved = len(_part(ours.diff.platforms, platform).changed)
    theirs = len(_part(diff_locks(old, free).platforms, platform).changed)
    proven = all(one.proven for one in ours.updates)
    note = "proven to be the fewest" if proven else "not proven to be the fewest"
    return Row(what=update.what, unit="packages", ours=moved, theirs=theirs, against=against, note=note)


def _nothing(what: str, against: str, note: str) -> Row:
    return Row(what=what, unit="packages", ours=None, theirs=None, against=against, note=note)


def _timed(inputs: Inputs) -> Row:
    platforms = tuple(Platform.parse(name) for name in inputs.platforms)
    options = _options(inputs, platforms)
    what = f"time: update xarray on {len(platforms)} platforms"
    try:
        ours = _seconds(lambda: _update(inputs, inputs.environment, ("xarray",), options), inputs.runs)
        theirs = _seconds(lambda: lock_files(inputs.environment, options=options), inputs.runs)
    except CondaEnvToolsError as error:
        return Row(what=what, unit="s", ours=None, theirs=None, against="lock anew", note=error.message[:80])
    return Row(what=what, unit="s", ours=ours, theirs=theirs, against="lock anew")


def _seconds(call: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(max(1, min(3, runs))):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return sorted(taken)[len(taken) // 2]


def _update(inputs: Inputs, file: Path, names: Sequence[str], options: LockOptions) -> UpdateResult:
    assert inputs.lock is not None
    return update_files(file, lock=inputs.lock, names=names, options=UpdateOptions(lock=options))


def _options(inputs: Inputs, platforms: tuple[Platform, ...]) -> LockOptions:
    return LockOptions(
        platforms=platforms, sources=SourceOptions(snapshot=inputs.snapshot, offline=True), conda_only=True
    )


def _edited(inputs: Inputs, update: Update) -> Path:
    lines = inputs.environment.read_text(encoding="utf-8").splitlines()
    if update.removed:
        lines = [line for line in lines if not line.strip().removeprefix("- ").startswith(update.removed)]
    if update.added:
        at = next(i for i, line in enumerate(lines) if line.startswith("dependencies:")) + 1
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines.insert(at, f"{indent}- {update.added}")
    file = inputs.scratch / "environment.yml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _part(parts: Sequence[PlatformDiff], platform: Platform) -> PlatformDiff:
    return next(part for part in parts if part.platform == platform)
