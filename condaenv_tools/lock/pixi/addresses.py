"""Where a distribution is: pixi's words and pip's for the same repository, folder or archive."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from condaenv_tools.lock.pypi_address import AddressKind, address_of
from condaenv_tools.model.lock import PyPIRecord

__all__ = ["address_as_pip", "address_as_pixi", "is_folder"]

_GIT = re.compile(r"git\+(?P<url>[^?#]+)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?", re.DOTALL)
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


def address_as_pip(place: str) -> tuple[str, bool]:
    """Return the address as pip writes it, and whether it was asked for by address: no index has it.

    Examples
    --------
    >>> address_as_pip("git+https://git.example.org/a.git?subdirectory=lib&tag=v1#0123abcd")
    ('git+https://git.example.org/a.git@0123abcd#subdirectory=lib', True)
    >>> address_as_pip("https://files.example.org/a-1-py3-none-any.whl")
    ('https://files.example.org/a-1-py3-none-any.whl', False)
    """
    match = _GIT.fullmatch(place)
    if match is None:
        return place, _HAS_SCHEME.match(place) is None or place.startswith("file:")
    commit = match["fragment"] or ""
    if not _COMMIT.fullmatch(commit):
        return place, True
    folder = dict(parse_qsl(match["query"] or "")).get("subdirectory")
    return f"git+{match['url']}@{commit}" + (f"#subdirectory={folder}" if folder else ""), True


def address_as_pixi(record: PyPIRecord) -> str:
    """Return the address of a record as pixi writes it.

    Examples
    --------
    >>> url = "git+https://git.example.org/a.git@0123abcd#subdirectory=lib"
    >>> address_as_pixi(PyPIRecord(name="a", version="1", url=url))
    'git+https://git.example.org/a.git?subdirectory=lib&rev=0123abcd#0123abcd'
    """
    found = address_of(record)
    if found.kind is not AddressKind.VCS or found.tool != "git" or not found.commit:
        return record.url
    if not _COMMIT.fullmatch(found.commit):
        return record.url
    words = [f"subdirectory={found.subdirectory}"] if found.subdirectory else []
    return f"git+{found.url}?{'&'.join([*words, f'rev={found.commit}'])}#{found.commit}"


def is_folder(record: PyPIRecord) -> bool:
    """Say whether a record is a source tree on this machine, whose version nobody knows before it is built."""
    return address_of(record).kind is AddressKind.DIRECTORY
