"""The jobs of cutting a part out of a lock file, and of joining several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from condaenv_tools.errors import VerificationError
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.combine import combine_locks
from condaenv_tools.lock.registry import lock_format, read_format
from condaenv_tools.lock.subset import SubsetOptions, subset_lock
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import Lock

__all__ = ["combine_files", "subset_file"]


def subset_file(path: str | Path, options: SubsetOptions) -> tuple[Lock, str]:
    """Return a part of a lock file, proven, and its text in the format of the file.

    Raises
    ------
    ParseError
        It cannot be read, or does not have what is wanted.
    VerificationError
        The part has a fault that the whole has not.
    """
    lock = read_lock(path)
    part = subset_lock(lock, options)
    _prove(part, [lock])
    return part, _text(part, path)


def combine_files(*paths: str | Path) -> tuple[Lock, str]:
    """Return several lock files as one, proven, and its text in the format of the first.

    Raises
    ------
    LockFormatError
        One cannot be read.
    VerificationError
        They disagree, or do not hold together.
    """
    locks = [(str(path), read_lock(path)) for path in paths]
    joined = combine_locks(locks)
    _prove(joined, [lock for _, lock in locks])
    return joined, _text(joined, paths[0])


def _prove(lock: Lock, wholes: Sequence[Lock]) -> None:
    """Stop where a lock has a fault that none of those that it comes from has."""
    known = {_key(fault) for whole in wholes for fault in verify(whole).faults}
    faults = tuple(fault for fault in verify(lock).faults if _key(fault) not in known)
    if faults:
        raise VerificationError(
            "it does not hold together, and nothing was written\n"
            + "\n".join(f"  {fault}" for fault in faults[:20]),
            faults=faults,
            hints=["lock the files together: condaenv lock FILE FILE..."],
        )


def _key(fault: Fault) -> tuple[str, str, str]:
    return fault.platform, fault.rule, fault.package


def _text(lock: Lock, path: str | Path) -> str:
    form = read_format(Path(path).read_bytes(), path=str(path))
    return lock_format(form).dumps(lock)
