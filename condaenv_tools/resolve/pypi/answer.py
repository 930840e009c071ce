"""What an index answered: distributions with their archives, conflicts, and notes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.given import Provided, RequirementLine

__all__ = ["ConflictKind", "Distribution", "NoteKind", "PyPIConflict", "PyPINote", "SourceKind", "Via"]


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class SourceKind(StrEnum):
    """Where an archive comes from."""

    INDEX = "index"
    """An index, or a place of `find_links`."""
    URL = "url"
    VCS = "vcs"
    PATH = "path"
    EDITABLE = "editable"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Via:
    """Why a distribution is there.

    Attributes
    ----------
    parent : str
        The distribution whose requirement it is; ``""`` for a line of a file.
    requirement : str
        The requirement (PEP 508) with its marker; the line as written where there is no parent.
    extra : str
        The extra of the parent that asks for it; ``""`` where it is always asked for.
    """

    parent: str
    requirement: str
    extra: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One distribution, and the archive of it that fits the machine.

    Attributes
    ----------
    name : PyPIName
        Normalised (PEP 503).
    version : str or None
        PEP 440; None where a source tree decides it when it is built.
    url : str
        Where the archive is, without credentials; references to variables stand where they were written. A
        path as it was written for a local archive or source tree.
    source : SourceKind
        Where it comes from.
    index : str or None
        URL of the index that served it, in the same form; None where it came from none.
    sha256 : str or None
        Lower-case hexadecimal; None for a repository or a source tree.
    size : int or None
        In bytes, where the index says it.
    requires_python : str or None
        The specifier of its metadata.
    requires : tuple of str or None
        All its requirements with their markers, as its metadata has them; None where they are not known.
    needs : tuple of (str, str)
        Name and specifier of each requirement that counts on this machine, sorted.
    via : tuple of Via
        Who asks for it on this machine, sorted.
    categories : tuple of str
        Of the lines that lead to it, sorted.
    extras : tuple of str
        Those asked for on this machine, sorted.
    commit : str or None
        The full commit of a repository.
    requested_revision : str or None
        The branch or tag that was asked for.
    subdirectory : str or None
        Where in the repository or archive the project is.
    is_wheel : bool
        False for a source archive, a repository or a source tree.
    """

    name: PyPIName
    version: str | None
    url: str
    source: SourceKind = SourceKind.INDEX
    index: str | None = None
    sha256: str | None = None
    size: int | None = None
    requires_python: str | None = None
    requires: tuple[str, ...] | None = None
    needs: tuple[tuple[str, str], ...] = ()
    via: tuple[Via, ...] = ()
    categories: tuple[str, ...] = ("main",)
    extras: tuple[str, ...] = ()
    commit: str | None = None
    requested_revision: str | None = None
    subdirectory: str | None = None
    is_wheel: bool = True

    @property
    def file_name(self) -> str:
        """Name of the archive, or of the folder."""
        return self.url.partition("#")[0].rstrip("/").rsplit("/", 1)[-1]

    def to_record(self) -> PyPIRecord:
        """Return what a lock keeps of it: a repository with its commit, in the words of pip.

        Examples
        --------
        >>> one = Distribution(name=PyPIName("idna"), version="3.10", url="https://example.org/idna.whl")
        >>> one.to_record().url
        'https://example.org/idna.whl'
        """
        url = self.url
        if self.source is SourceKind.VCS:
            folder = f"#subdirectory={self.subdirectory}" if self.subdirectory else ""
            url = f"git+{url}@{self.commit}{folder}"
        return PyPIRecord(
            name=self.name,
            version=self.version or "0",
            url=url,
            sha256=self.sha256,
            requires=self.needs,
            source=None if self.source is SourceKind.INDEX else url,
            requirements=self._that_count(),
        )

    def _that_count(self) -> tuple[str, ...]:
        """Return the requirements that count on the machine, as written."""
        names = {name for name, _ in self.needs}
        return tuple(
            sorted(
                text
                for text in self.requires or ()
                if (match := _NAME.match(text)) is not None and pypi_name(match[0]) in names
            )
        )


class ConflictKind(StrEnum):
    """Why there is no answer."""

    EXCLUDE = "exclude"
    """Lines, or lines and what conda provides, exclude each other."""
    ABSENT = "absent"
    """No index has a distribution of that name."""
    NO_VERSION = "no-version"
    """There are files, and none of them has a version that was asked for."""
    NO_WHEEL = "no-wheel"
    """There are wheels, and none that runs on the machine."""
    SOURCE_ONLY = "source-only"
    """There is a source archive only, and it must not be built."""
    PYTHON = "python"
    """Every version that was asked for needs another Python."""
    WRONG_HASH = "wrong-hash"
    """No file that fits has one of the hashes that a line demands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPIConflict:
    """Why a request has no answer.

    Attributes
    ----------
    kind : ConflictKind
        Which sort it is.
    requirements : tuple of RequirementLine
        The lines that are part of it, constraints included, in the order of the request.
    provided : tuple of Provided
        What conda provides that is part of it, sorted by name.
    text : str
        What is wrong, in one sentence or a few, credentials masked.
    excluded : tuple of (PyPIName, str)
        For each member of `provided` the versions that the PyPI side demands, as a specifier (PEP 440): what
        the conda solver can be asked for.
    requires_python : str or None
        The versions of Python that the PyPI side demands, where that is at fault.
    reasons : tuple of str
        Who on the PyPI side demands another version than conda's, one clause each.
    package : PyPIName or None
        The distribution at fault where there is one.
    minimal : bool
        Whether it is proven that the conflict goes away without any one member.
    hints : tuple of str
        What to do next.
    """

    kind: ConflictKind
    requirements: tuple[RequirementLine, ...]
    provided: tuple[Provided, ...] = ()
    text: str
    excluded: tuple[tuple[PyPIName, str], ...] = ()
    requires_python: str | None = None
    reasons: tuple[str, ...] = ()
    package: PyPIName | None = None
    minimal: bool = True
    hints: tuple[str, ...] = ()


class NoteKind(StrEnum):
    """What a note is about."""

    SOURCE_ARCHIVE = "source-archive"
    """What was locked is a source archive, or a source tree: it is built when it is installed."""
    UNREADABLE_VERSION = "unreadable-version"
    """A conda version is none of PEP 440; nothing is compared with it."""
    UNKNOWN_EXTRAS = "unknown-extras"
    """An extra of what conda provides was asked for, and what it brings is not known."""
    ABSENT_EXTRA = "absent-extra"
    """A distribution has no extra of that name."""
    UNKNOWN_METADATA = "unknown-metadata"
    """The requirements of an archive could not be read."""
    NO_HASH = "no-hash"
    """An archive has no hash."""
    BUILD_ELSEWHERE = "build-elsewhere"
    """Building was allowed, and the platform is not the running one."""
    LEFT_OUT = "left-out"
    """What conda provides asks for it on the index, and neither conda nor the answer brings it."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class PyPINote:
    """One remark on one distribution.

    Attributes
    ----------
    kind : NoteKind
        What it is about.
    name : str
        The distribution.
    message : str
        In one sentence, credentials masked.
    hint : str
        What to do next; may be empty.
    """

    kind: NoteKind
    name: str
    message: str
    hint: str = ""
