"""The address of a distribution in a lock, taken apart: archive, repository or folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from condaenv_tools.model.lock import PyPIRecord

__all__ = ["Address", "AddressKind", "address_of"]

_VCS = re.compile(r"(?P<tool>git|hg|svn|bzr)\+(?P<rest>.*)", re.DOTALL)
_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}|\d+")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar")
_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?!\\)")


class AddressKind(StrEnum):
    """What lies at an address."""

    ARCHIVE = "archive"
    VCS = "vcs"
    DIRECTORY = "directory"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a distribution is.

    Attributes
    ----------
    kind : AddressKind
        What lies there; NONE where nobody says.
    url : str or None
        Without the tool's prefix, revision and fragment; None for a path.
    path : str or None
        Of the local file or folder, as written.
    tool : str or None
        ``git``, ``hg``, ``svn`` or ``bzr``.
    commit : str or None
        The revision that stands behind the ``@``.
    subdirectory : str or None
        Where in it the project is.
    """

    kind: AddressKind
    url: str | None = None
    path: str | None = None
    tool: str | None = None
    commit: str | None = None
    subdirectory: str | None = None

    @property
    def file_name(self) -> str:
        """Name of the archive, decoded; empty where there is none."""
        if self.kind is not AddressKind.ARCHIVE:
            return ""
        place = (self.url or "").partition("?")[0] if self.url else (self.path or "").replace("\\", "/")
        name = place.rpartition("/")[2]
        return unquote(name) if self.url else name


def address_of(record: PyPIRecord) -> Address:
    """Take the address of a record apart.

    Examples
    --------
    >>> record = PyPIRecord(name="a", version="1", url="git+https://git.example.org/a.git@0123abc#subdirectory=lib")
    >>> found = address_of(record)
    >>> found.kind.value, found.url, found.commit, found.subdirectory
    ('vcs', 'https://git.example.org/a.git', '0123abc', 'lib')
    >>> address_of(PyPIRecord(name="a", version="0", url="./libs/a", source="./libs/a")).kind.value
    'directory'
    """
    url, _, fragment = record.url.partition("#")
    folder = next((f[13:] for f in fragment.split("&") if f.startswith("subdirectory=")), None) or None
    match = _VCS.fullmatch(url)
    if match is not None:
        rest, at, commit = match["rest"].rpartition("@")
        if not at or "/" in commit or not _COMMIT.fullmatch(commit):
            rest, commit = match["rest"], ""
        return Address(
            kind=AddressKind.VCS, url=rest, tool=match["tool"], commit=commit or None, subdirectory=folder
        )
    if not url:
        return Address(kind=AddressKind.NONE)
    local = _HAS_SCHEME.match(url) is None
    archive = url.partition("?")[0].lower().endswith(_ARCHIVES) or (not local and not url.startswith("file:"))
    kind = AddressKind.ARCHIVE if archive else AddressKind.DIRECTORY
    if local:
        return Address(kind=kind, path=url, subdirectory=folder)
    return Address(kind=kind, url=url, subdirectory=folder)
