"""What no lock file may hold, and what each that is installed must: checked before a text is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from condaenv_tools.errors import LockFormatError
from condaenv_tools.model.lock import Lock, PyPIRecord
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import has_credentials, mask_credentials

__all__ = ["refuse_credentials", "refuse_nameless_places", "refuse_odd_hashes", "without_commit"]

#: A repository, whose commit conda-lock writes in the place of a hash.
_REPOSITORY = ("git+", "hg+", "svn+", "bzr+")

_HASHES = {"md5": re.compile(r"[0-9a-fA-F]{32}"), "sha256": re.compile(r"[0-9a-fA-F]{64}")}


def refuse_credentials(lock: Lock) -> None:
    """Stop where a URL, a channel or a note of a lock holds a credential.

    Raises
    ------
    LockFormatError
        The first of them, masked.
    """
    wrong = next((text for text in _texts(lock) if has_credentials(text)), None)
    if wrong is not None:
        raise LockFormatError(
            f"a lock must not hold a credential, and {mask_credentials(wrong)} does; nothing was written",
            hints=["name an environment variable in the URL, as in https://${USER}:${TOKEN}@HOST/CHANNEL"],
        )


def _texts(lock: Lock) -> Iterator[str]:
    yield from (channel.url for channel in lock.channels)
    for part in lock.platforms:
        for package in part.packages:
            record = package.record
            yield record.url
            if isinstance(record, PackageRecord):
                yield record.channel
                yield from record.depends
                yield from record.constrains
            else:
                yield record.source or ""
                yield from record.requirements
        yield from (root.spec for root in part.roots or ())
    for pair in lock.metadata:
        yield from pair
    yield from lock.sources


def refuse_nameless_places(lock: Lock, what: str) -> None:
    """Stop where a lock does not say from where a package comes: a list of versions is no lock to install.

    Parameters
    ----------
    lock : Lock
        What is to be written.
    what : str
        What it is to be written as.

    Raises
    ------
    LockFormatError
        With some of the packages.
    """
    # A list of names has the bare name of an archive at most.
    bare = "url" in lock.unknown
    absent = sorted(
        {
            p.name
            for part in lock.platforms
            for p in part.packages
            if not p.record.url or (bare and "/" not in p.record.url)
        }
    )
    if absent:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        raise LockFormatError(
            f"{what} has the place of each package, and the lock does not say it of {', '.join(absent[:3])}{more}",
            hints=["it was read from a file of versions alone; lock that file: condaenv lock"],
        )


def refuse_odd_hashes(lock: Lock) -> None:
    """Stop where a hash is none: whoever reads the file would refuse all of it.

    Raises
    ------
    LockFormatError
        The first of them.
    """
    for part in lock.platforms:
        for package in part.packages:
            for kind, pattern in _HASHES.items():
                value = getattr(without_commit(package.record), kind)
                if value is not None and not pattern.fullmatch(value):
                    raise LockFormatError(
                        f"the {kind} of {package.name} on {part.platform} is no such hash: {value!r}",
                        hints=["the lock is damaged; make it anew: condaenv lock"],
                    )


def without_commit(record: PyPIRecord | PackageRecord) -> PyPIRecord | PackageRecord:
    """Return a record without what conda-lock calls the sha256 of a repository: its commit, as in the URL."""
    if isinstance(record, PackageRecord) or record.sha256 is None or not record.url.startswith(_REPOSITORY):
        return record
    return record if _HASHES["sha256"].fullmatch(record.sha256) else replace(record, sha256=None)
