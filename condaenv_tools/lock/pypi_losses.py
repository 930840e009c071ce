"""What formats of PyPI have in common: one platform, no credential, and a conda part that they cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.map_conda import unmapped
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.provided import interpreter_of, owners

__all__ = ["pypi_losses", "python_of", "the_part"]

#: Names that are listed in one loss.
_NAMED = 12


def the_part(lock: Lock, form: str) -> LockedPlatform:
    """Return the one platform of a lock.

    Raises
    ------
    LockFormatError
        It has another number of them.
    """
    if len(lock.platforms) != 1:
        names = ", ".join(part.platform.value for part in lock.platforms) or "none"
        raise LockFormatError(
            f"a file of the format {form} is about one platform, and the lock has {len(lock.platforms)}: {names}",
            hints=["choose one with -p, or write a file for each"],
        )
    return lock.platforms[0]


def python_of(lock: Lock, part: LockedPlatform) -> str | None:
    """Return the Python that a part is for: conda's, else the one that was assumed; None where nobody says."""
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415 - few commands need it

    found = interpreter_of(part.records)
    text = found.version if found is not None else dict(lock.metadata).get(PYTHON)
    try:
        return None if text is None or len(Version(text).release) < 2 else text
    except InvalidVersion:
        return None


def pypi_losses(lock: Lock, part: LockedPlatform, what: str, *, mapped: bool = False) -> Iterator[Loss]:
    """Yield what a format of PyPI cannot say of one platform: the conda part, and who needs it.

    Parameters
    ----------
    lock, part : Lock, LockedPlatform
        The lock, and the platform of it that is written.
    what : str
        What the file is called.
    mapped : bool
        Whether what is on PyPI of the conda part is among the distributions already.
    """
    records = part.records
    absent = unmapped(part) if mapped else ()
    if absent:
        text = f"packages of conda that no distribution is known for: {_some_of(absent)}"
        yield Loss(text=text, count=len(absent))
    if records and not mapped:
        count = "1 package" if len(records) == 1 else f"{len(records)} packages"
        yield Loss(
            text=f"the conda part ({count}): {what} has distributions of PyPI alone", count=len(records)
        )
        yield from _provided(part)
    if lock.channels:
        yield Loss(text="the channels of conda", count=len(lock.channels))
    answered = [root for root in part.roots or () if root.manager == "conda"]
    if answered:
        yield Loss(text="which lines ask for packages of conda", count=len(answered))


def _provided(part: LockedPlatform) -> Iterator[Loss]:
    owned = owners(part.records)
    pip = [p.record for p in part.packages if isinstance(p.record, PyPIRecord)]
    here = {record.name for record in pip}
    wanted: dict[str, str] = {
        pypi_name(name): record.name
        for record in sorted(pip, key=lambda r: r.name, reverse=True)
        for name, _ in record.requires
        if pypi_name(name) in owned and pypi_name(name) not in here
    }
    wanted |= {
        root.name: "a line of the files"
        for root in part.roots or ()
        if root.manager == "pip" and root.name in owned and root.name not in here
    }
    if wanted:
        named = [f"{name} (for {who})" for name, who in sorted(wanted.items())]
        text = f"distributions that conda brings and the rest needs: {_some_of(named)}"
        yield Loss(text=text, count=len(named))


def _some_of(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - _NAMED} more" if len(listed) > _NAMED else ""
    return ", ".join(listed[:_NAMED]) + more
