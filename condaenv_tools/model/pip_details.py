"""What one line of pip's requirements grammar says: its kind and its parts (PEP 508 and pip's options)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum

from condaenv_tools.model.secrets import mask_credentials

__all__ = ["PipDetails", "PipKind"]


class PipKind(StrEnum):
    """What a line of a pip section is."""

    REQUIREMENT = "requirement"
    URL = "url"
    VCS = "vcs"
    PATH = "path"
    EDITABLE = "editable"
    FILE = "file"
    CONSTRAINT = "constraint"
    OPTION = "option"


@dataclass(frozen=True, slots=True, kw_only=True)
class PipDetails:
    """The parts of one line, as pip takes it apart; what cannot be read is empty.

    Environment variables stand as written (``${TOKEN}``); `repr` masks credentials.

    Attributes
    ----------
    name : str or None
        The distribution, normalised (PEP 503).
    extras : tuple of str
        Normalised (PEP 685), sorted.
    specifier : str
        The clauses of the version (PEP 440), sorted; empty where any version will do.
    marker : str or None
        The environment marker.
    hashes : tuple of str
        ``ALGORITHM:DIGEST`` of each ``--hash``, in order, then that of the URL's fragment.
    url : str or None
        That of an archive, a wheel or a repository, as written.
    revision : str or None
        What stands behind the ``@`` of a repository's URL.
    subdirectory : str or None
        The folder inside the archive or repository that holds the project.
    target : str or None
        The file that ``-r`` or ``-c`` names, the path of a project or archive, the path or URL of ``-e``.
    options : tuple of (str, str)
        Every other option, its long name and its value, in order; the value of a switch is empty.
    """

    name: str | None = None
    extras: tuple[str, ...] = ()
    specifier: str = ""
    marker: str | None = None
    hashes: tuple[str, ...] = ()
    url: str | None = None
    revision: str | None = None
    subdirectory: str | None = None
    target: str | None = None
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        parts = ", ".join(
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if getattr(self, field.name) != field.default
        )
        return f"PipDetails({mask_credentials(parts)})"
