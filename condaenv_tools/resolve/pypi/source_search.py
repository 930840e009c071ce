"""Which names an index has as source only, among those that the engine names where it found no answer.

What the engine says is a guess of where to look, and no more: a source is offered where the index has no wheel for
what is demanded, and whether that helps is for the engine to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import ConflictKind, SourceKind
from condaenv_tools.resolve.pypi.index_pages import IndexFile
from condaenv_tools.resolve.pypi.metadata import Archive, Metadata, MetadataReader
from condaenv_tools.resolve.pypi.shortage import Machine, find_shortage, takes_python
from condaenv_tools.resolve.pypi.uv_session import Session
from condaenv_tools.resolve.request import Strategy

__all__ = ["find_sources", "names_in"]

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_EXTRAS = re.compile(r"\[[^\]]*\]$")
#: How many releases of a parent are looked at: the newest may be excluded by something else.
_RELEASES = 4
#: How many names are looked at.
_MOST = 400
_LACKING = {ConflictKind.SOURCE_ONLY, ConflictKind.NO_WHEEL}


def names_in(words: str) -> frozenset[PyPIName]:
    """Return every word of a text that may be the name of a distribution.

    Examples
    --------
    >>> sorted(names_in("My_Array==1.0 has no wheels."))
    ['1-0', 'has', 'my-array', 'no', 'wheels']
    """
    return frozenset(pypi_name(word.rstrip("._-")) for word in _WORD.findall(words))


def find_sources(
    session: Session, wheels: MetadataReader, words: str, added: Sequence[str]
) -> dict[PyPIName, tuple[IndexFile, ...]]:
    """Return the source archives that may stand in for what has no wheel.

    Parameters
    ----------
    session : Session
        The request, with the sources that are offered already.
    wheels : MetadataReader
        Reads what wheels require.
    words : str
        What the engine said; a name that is not in it has no part in its failure.
    added : sequence of str
        Requirements beside those of the lines.

    Returns
    -------
    dict of PyPIName to tuple of IndexFile
        By name; for each the releases that the demands allow, the preferred one first.

    Raises
    ------
    IndexFailureError
        An index or an archive could not be read.
    """
    search = _Search(session, wheels, names_in(words))
    search.run(added)
    return search.found()


@dataclass(slots=True)
class _Demands:
    """What is demanded of one name."""

    specifiers: set[str] = field(default_factory=set)
    #: Those of lines and of the newest release of each parent: they hold together, as a rule.
    together: set[str] = field(default_factory=set)
    extras: set[str] = field(default_factory=set)


class _Search:
    def __init__(self, session: Session, wheels: MetadataReader, named: frozenset[PyPIName]) -> None:
        self._session = session
        self._wheels = wheels
        self._named = named
        self._demands: dict[PyPIName, _Demands] = {}
        self._seen: set[tuple[PyPIName, str, frozenset[str]]] = set()
        self._bounds: dict[PyPIName, list[str]] = {}
        for line in session.constraints:
            if line.name and line.requirement is not None:
                self._bounds.setdefault(line.name, []).append(str(line.requirement.specifier))
        self._hashes = {line.name: line.hashes for line in session.lines if line.name and line.hashes}
        self._direct = {line.name for line in session.lines}
        self._machine = Machine(
            tags=session.tags, python_version=session.request.python_version, build=False, sources=True
        )

    def run(self, added: Sequence[str]) -> None:
        """Follow the requirements from the lines, a level at a time."""
        level = self._from_lines()
        for text in added:
            level |= self._demand(text, primary=True)
        while level and len(self._demands) <= _MOST:
            files = self._session.pages().files_of(sorted(level))
            following: set[PyPIName] = set()
            for name, version, metadata in self._releases(level, files):
                following |= self._demands_of(name, metadata, primary=version == 0)
            level = following

    def _from_lines(self) -> set[PyPIName]:
        level: set[PyPIName] = set()
        for line in self._session.lines:
            if line.kind is SourceKind.INDEX:
                level |= self._demand(line.text, primary=True)
            elif line.kind is not SourceKind.VCS:
                place = _EXTRAS.sub("", line.text.removeprefix("-e ").rpartition(" @ ")[2])
                (known,) = self._wheels.read_all([Archive(url=place)], self._session.web())
                extras = ["", *sorted(line.extras)]
                level |= self._children(known.requires if known else (), extras, primary=True)
        return level

    def _demand(self, text: str, *, primary: bool) -> set[PyPIName]:
        """Note a requirement; return what has to be looked at for it."""
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            return set()
        name = pypi_name(requirement.name)
        if requirement.url is not None:
            return set()
        if name in self._session.provided:
            requires = self._session.provided[name].requires or ()
            extras = sorted(map(pypi_name, requirement.extras))
            return self._children(requires, extras, primary=primary) if extras else set()
        if name not in self._named:
            return set()
        known = self._demands.setdefault(name, _Demands())
        specifier, extras_before = str(requirement.specifier), len(known.extras)
        known.extras |= set(map(pypi_name, requirement.extras))
        fresh = specifier not in known.specifiers or len(known.extras) > extras_before
        known.specifiers.add(specifier)
        if primary:
            known.together.add(specifier)
        return {name} if fresh else set()

    def _children(self, requires: Iterable[str], extras: Sequence[str], *, primary: bool) -> set[PyPIName]:
        found: set[PyPIName] = set()
        for text in requires:
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue
            if any(self._session.markers.holds(requirement.marker, extra) for extra in extras):
                requirement.marker = None
                found |= self._demand(str(requirement), primary=primary)
        return found

    def _demands_of(self, name: PyPIName, metadata: Metadata, *, primary: bool) -> set[PyPIName]:
        extras = ["", *sorted(self._demands[name].extras)]
        return self._children(metadata.requires, extras, primary=primary)

    def _releases(
        self, level: Iterable[PyPIName], pages: dict[PyPIName, tuple[IndexFile, ...] | None]
    ) -> list[tuple[PyPIName, int, Metadata]]:
        """Return the metadata of the newest releases of each name, with their place from the newest on."""
        found: list[tuple[PyPIName, int, Metadata]] = []
        asked: list[tuple[PyPIName, int, Archive]] = []
        for name in sorted(level):
            offered = self._session.sources.of(name)
            found += [(name, i, one.metadata) for i, one in enumerate(offered) if one.metadata is not None]
            for i, file in enumerate(self._wheels_of(name, pages[name] or ())):
                key = (name, file.file_name, frozenset(self._demands[name].extras))
                if key not in self._seen:
                    self._seen.add(key)
                    asked.append((name, i, Archive(url=file.url, sha256=file.sha256)))
        read = self._wheels.read_all([one for _, _, one in asked], self._session.web())
        return found + [(name, i, known) for (name, i, _), known in zip(asked, read, strict=True) if known]

    def _wheels_of(self, name: PyPIName, files: Sequence[IndexFile]) -> list[IndexFile]:
        """Return one wheel of each of the newest releases that may be taken."""
        best: dict[Version, IndexFile] = {}
        rank = self._machine.tags.rank
        ranked = [(place, file) for file in files if file.is_wheel and (place := rank(file.file_name))]
        running = [file for _, file in sorted(ranked, key=lambda pair: pair[0], reverse=True)]
        for specifier in sorted(self._demands[name].specifiers):
            asked = self._bounded(name, [specifier])
            best |= {
                file.version: file
                for file in self._allowed(name, running, asked)
                if asked.contains(file.version, prereleases=True)
                and takes_python(file.requires_python, self._machine.python_version)
            }
        return [best[version] for version in sorted(best, reverse=True)[:_RELEASES]]

    def _bounded(self, name: PyPIName, specifiers: Iterable[str]) -> SpecifierSet:
        return SpecifierSet(",".join(text for text in [*specifiers, *self._bounds.get(name, ())] if text))

    def _allowed(self, name: PyPIName, files: Sequence[IndexFile], asked: SpecifierSet) -> list[IndexFile]:
        """Return the files that may be taken at all: not too new or taken back, and no pre-release unasked."""
        options = self._session.request.options
        exact = any(one.operator in {"==", "==="} and not one.version.endswith(".*") for one in asked)
        hashes = self._hashes.get(name)
        kept = [
            file
            for file in files
            if (not file.yanked or (exact and asked.contains(file.version, prereleases=True)))
            and (hashes is None or file.sha256 is None or file.sha256 in hashes)
            and (
                options.exclude_newer is None
                or file.index is None
                or (file.uploaded is not None and file.uploaded < options.exclude_newer)
            )
        ]
        final = [file for file in kept if not file.version.is_prerelease]
        return kept if options.prereleases or asked.prereleases or not final else final

    def found(self) -> dict[PyPIName, tuple[IndexFile, ...]]:
        """Return the sources of each name that has no wheel for what is demanded of it."""
        result = {}
        pages = self._session.pages().files_of(sorted(self._demands))
        refused = self._session.request.options.only_binary
        for name, demands in sorted(self._demands.items()):
            if name in refused or ":all:" in refused:
                continue
            alone = [self._bounded(name, [text]) for text in sorted(demands.specifiers)]
            whole = self._bounded(name, sorted(demands.together))
            found = self._sources(name, pages[name] or (), whole)
            if found or any(self._sources(name, pages[name] or (), one) for one in alone):
                more = [file for one in alone for file in self._sources(name, pages[name] or (), one)]
                result[name] = tuple(dict.fromkeys([*found, *more]))
        return result

    def _sources(
        self, name: PyPIName, files: Sequence[IndexFile], asked: SpecifierSet
    ) -> tuple[IndexFile, ...]:
        """Return the sources that a demand allows, where no wheel answers it; one archive of each release."""
        allowed = self._allowed(name, files, asked)
        shortage = find_shortage(Requirement(f"{name}{asked}"), allowed, self._machine)
        if shortage is None or shortage.kind not in _LACKING:
            return ()
        fitting = {
            file.version: file
            for file in sorted(allowed, key=lambda file: file.file_name.endswith(".tar.gz"))
            if not file.is_wheel
            and asked.contains(file.version, prereleases=True)
            and takes_python(file.requires_python, self._machine.python_version)
        }
        strategy = self._session.request.options.strategy
        lowest = strategy is Strategy.LOWEST or (strategy is Strategy.LOWEST_DIRECT and name in self._direct)
        return tuple(fitting[version] for version in sorted(fitting, reverse=not lowest))
