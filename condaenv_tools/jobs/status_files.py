"""Whether a lock file is the answer to what environment files say now."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from condaenv_tools.jobs.plan import read_inputs
from condaenv_tools.jobs.verify_files import read_lock, stated_machines
from condaenv_tools.lock.content_hash import HashOptions
from condaenv_tools.lock.currency import StatusInputs, StatusReport, lock_status
from condaenv_tools.lock.metadata_keys import CONDA_ONLY
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.parse.virtual_packages_yml import read_virtual_packages

__all__ = ["StatusOptions", "status_files"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOptions:
    """What may be said beside the files.

    Attributes
    ----------
    platforms : tuple of Platform
        The only ones that are looked at; empty for all.
    channels : tuple of str
        In place of those of the files.
    virtual_packages : tuple of VirtualPackage
        What is stated of all machines that can have it; of the rest the lock itself says what it was made for.
    virtual_package_spec : Path or None
        The same from a file in conda-lock's format.
    conda_only : bool
        Leave the pip section out.
    """

    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    virtual_package_spec: Path | None = None
    conda_only: bool = False


def status_files(
    *paths: str | Path, lock: str | Path | Lock, options: StatusOptions | None = None
) -> StatusReport:
    """Hold a lock against the files that it should answer, without solving and without any network.

    Parameters
    ----------
    *paths : str or Path
        The files, in the order in which they were locked.
    lock : str, Path or Lock
        A lock of any format.
    options : StatusOptions, optional
        What is said beside the files.

    Returns
    -------
    StatusReport
        Why the lock is not current, what it was not judged by, and what the content hash says.

    Raises
    ------
    ParseError
        A file cannot be read.
    LockFormatError
        The lock cannot be read.
    """
    options = options or StatusOptions()
    found = lock if isinstance(lock, Lock) else read_lock(lock)
    inputs = read_inputs(paths, conda_only=options.conda_only)
    spec = options.virtual_package_spec
    wanted = StatusInputs(
        files=inputs.files,
        platforms=options.platforms,
        channels=options.channels,
        virtual_packages=stated_machines(found, options.virtual_packages, spec),
        constraints=inputs.constraints,
        conda_only=options.conda_only,
    )
    hashing = HashOptions(
        channels=options.channels,
        virtual_packages=read_virtual_packages(spec) if spec else None,
        stated=options.virtual_packages,
        conda_only=options.conda_only or CONDA_ONLY in dict(found.metadata),
    )
    report = lock_status(found, wanted, hashing=hashing)
    folder = None if isinstance(lock, Lock) else Path(lock).parent
    return replace(report, notes=(*report.notes, *_other_files(found, folder, paths)))


def _other_files(lock: Lock, folder: Path | None, paths: Sequence[str | Path]) -> Iterator[str]:
    """Say which files the lock was made of and are not looked at: what they ask for seems to be left over."""
    given = {os.path.realpath(path) for path in paths}
    for source in lock.sources:
        if folder is not None and os.path.realpath(folder / source) not in given:
            yield f"the lock was made of {source}, too, which is not given here"
