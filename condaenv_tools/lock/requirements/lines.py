"""One record as one line of a requirements file, and one line as a record."""

from __future__ import annotations

import re
from typing import NamedTuple

from condaenv_tools.lock.foreign import without_credential
from condaenv_tools.lock.pypi_address import AddressKind, address_of
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.pip_details import PipKind
from condaenv_tools.model.pip_line import PipReading, read_pip_line

__all__ = ["Pinned", "line_of", "pinned", "record_of"]

_PIN = re.compile(r"={2,3}\s*([^\s*,]+)")
_PRINTABLE = re.compile(r"[!-~]+")
_COMMITTED = re.compile(r"[0-9a-fA-F]{40,64}")


class Pinned(NamedTuple):
    """A line that allows one thing alone: its record, its marker, and whether the record has its version."""

    record: PyPIRecord
    marker: str | None
    complete: bool


def line_of(record: PyPIRecord, marker: str = "") -> str | None:
    r"""Return the line of a record, or None where pip has no words for it.

    Parameters
    ----------
    record : PyPIRecord
        The name and version of a release, or the address where it was asked for by one.
    marker : str
        Where the line counts; everywhere by default.

    Examples
    --------
    >>> record = PyPIRecord(name="idna", version="3.10", url="https://example.org/idna.whl", sha256="8b" * 32)
    >>> print(line_of(record, "sys_platform == 'linux'"))
    idna==3.10 ; sys_platform == 'linux' \
        --hash=sha256:8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b8b
    """
    text = _body(record)
    if text is None:
        return None
    text += f" ; {marker}" if marker else ""
    digests = [record.sha256] if record.sha256 else list(record.hashes)
    return " \\\n".join([text, *[f"    --hash=sha256:{digest}" for digest in digests]])


def _body(record: PyPIRecord) -> str | None:
    if record.source is None:
        return f"{record.name}=={record.version}"
    if not _PRINTABLE.fullmatch(record.url):
        return None
    address = address_of(record)
    if address.path is not None:
        return record.url if record.url.startswith(("./", "../", "/")) else f"./{record.url}"
    return f"{record.name} @ {record.url}"


def pinned(record: PyPIRecord) -> bool:
    """Say whether the line of a record is read as that record: versions and digests are those that pip knows."""
    line = line_of(record)
    if line is None:
        return False
    reading = read_pip_line(line.replace("\\\n", ""))
    found = record_of(reading)
    if reading.problems or isinstance(found, str):
        return False
    ours = plain(record)
    if address_of(record).path is not None:
        return found.record.url == ours.url and found.record.sha256 == ours.sha256
    return found.record == (ours if found.complete else plain(record, version="0"))


def plain(record: PyPIRecord, version: str | None = None) -> PyPIRecord:
    """Return what a line, and the note that names its version, say of a record."""
    url = record.url if record.source is not None else ""
    if url and address_of(record).path is not None and not url.startswith(("./", "../", "/")):
        url = f"./{url}"
    return PyPIRecord(
        name=record.name,
        version=version or record.version,
        url=url,
        sha256=record.sha256,
        source=url or None,
        hashes=() if record.sha256 else tuple(sorted(record.hashes)),
    )


def record_of(reading: PipReading) -> Pinned | str:
    """Return the record of a line, or why it is no line of a lock, as a clause.

    Examples
    --------
    >>> found = record_of(read_pip_line("idna==3.10"))
    >>> found.record.version, found.complete
    ('3.10', True)
    >>> record_of(read_pip_line("idna>=3"))
    'idna>=3 allows more than one version'
    """
    details = reading.details
    shas = tuple(sorted(h[7:] for h in details.hashes if h.startswith("sha256:")))
    one = shas[0] if len(shas) == 1 else None
    several = shas if len(shas) > 1 else ()
    if reading.kind is PipKind.REQUIREMENT:
        match = _PIN.fullmatch(details.specifier)
        if match is None or details.name is None:
            return f"{reading.body} allows more than one version"
        record = PyPIRecord(name=details.name, version=match[1], url="", sha256=one, hashes=several)
        return Pinned(record, details.marker, complete=True)
    where = details.url or details.target
    if where is None:
        return "the line names no distribution"
    url = without_credential(where)
    record = PyPIRecord(name=details.name or "", version="0", url=url, sha256=one, source=url, hashes=several)
    address = address_of(record)
    if address.kind is AddressKind.VCS and not _COMMITTED.fullmatch(address.commit or ""):
        return f"{url} names no commit, and what lies there may change"
    return Pinned(record, details.marker, complete=False)
