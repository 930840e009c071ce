"""What a set of distributions asks of each other on one machine, found from their metadata and its markers.

The engine's answer is proven with it: each requirement that counts is met by a member or by what conda provides,
and each member is there because something asks for it. It also says who asked.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from packaging.requirements import InvalidRequirement, Requirement

from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.pypi.answer import NoteKind, PyPINote, Via
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.lines import AskedLine
from condaenv_tools.resolve.pypi.markers import MarkerEnvironment
from condaenv_tools.resolve.pypi.metadata import Metadata
from condaenv_tools.resolve.pypi.stubs import extra_requirements

__all__ = ["Closure", "Member", "find_closure"]

_QUOTED = re.compile(r"""["']([^"']+)["']""")


@dataclass(slots=True)
class Member:
    """What is known of one distribution of the closure, conda's included."""

    via: set[Via] = field(default_factory=set)
    extras: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)
    needs: set[tuple[str, str]] = field(default_factory=set)
    demands: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """The result of `find_closure`.

    Attributes
    ----------
    members : mapping of PyPIName to Member
        Whatever is asked for, by name.
    missing : tuple of str
        Requirements that count and that nothing answers, sorted.
    complete : bool
        Whether the metadata of every member is known, so that what is not reached is not needed.
    notes : tuple of PyPINote
        Extras that do not exist, or of which nothing is known.
    """

    members: Mapping[PyPIName, Member]
    missing: tuple[str, ...]
    complete: bool
    notes: tuple[PyPINote, ...]


@lru_cache(maxsize=65536)
def _read(text: str) -> tuple[Requirement, str] | None:
    """Return a requirement and the text of its marker; platforms share most of them."""
    try:
        found = Requirement(text)
    except InvalidRequirement:
        return None
    return found, "" if found.marker is None else str(found.marker)


def find_closure(
    lines: Iterable[AskedLine],
    metadata: Mapping[PyPIName, Metadata | None],
    *,
    named: Mapping[str, PyPIName],
    provided: Mapping[PyPIName, Provided],
    markers: MarkerEnvironment,
) -> Closure:
    """Follow the requirements that count on a machine.

    Parameters
    ----------
    lines : iterable of AskedLine
        Where it begins: those whose marker holds.
    metadata : mapping of PyPIName to Metadata or None
        Of each distribution that the engine chose; None where it is not known.
    named : mapping of str to PyPIName
        The distribution of each place that a line without a name asks for.
    provided : mapping of PyPIName to Provided
        What conda brings, whether its version could be compared or not.
    markers : MarkerEnvironment
        The machine.

    Returns
    -------
    Closure
        Linear in the number of requirements.
    """
    return _Walk(metadata, provided, markers).run(lines, named)


class _Walk:
    def __init__(
        self,
        metadata: Mapping[PyPIName, Metadata | None],
        provided: Mapping[PyPIName, Provided],
        markers: MarkerEnvironment,
    ) -> None:
        self._metadata = metadata
        self._provided = provided
        self._markers = markers
        self._members: dict[PyPIName, Member] = {}
        self._missing: set[str] = set()
        self._notes: set[PyPINote] = set()
        #: Distribution and extra (``""`` for the distribution itself), with the categories that lead there.
        self._queue: deque[tuple[PyPIName, str, frozenset[str]]] = deque()
        self._seen: dict[tuple[PyPIName, str], set[str]] = {}

    def run(self, lines: Iterable[AskedLine], named: Mapping[str, PyPIName]) -> Closure:
        for line in lines:
            name = line.name or named.get(line.key)
            if name is None:
                continue
            specifier = "" if line.requirement is None else str(line.requirement.specifier)
            via = Via(parent="", requirement=mask_credentials(line.line.text))
            self._arrive(name, line.extras, via, specifier, frozenset({line.line.category}))
        while self._queue:
            self._follow(*self._queue.popleft())
        known = [self._metadata[name] for name in self._members if name in self._metadata]
        return Closure(
            members=self._members,
            missing=tuple(sorted(self._missing)),
            complete=all(one is not None for one in known),
            notes=tuple(sorted(self._notes)),
        )

    def _arrive(
        self,
        name: PyPIName,
        extras: Iterable[str],
        via: Via,
        specifier: str,
        categories: frozenset[str],
    ) -> None:
        member = self._members.setdefault(name, Member())
        member.via.add(via)
        member.extras |= set(extras)
        if specifier:
            member.demands.add(specifier)
        for extra in ("", *sorted(extras)):
            before = self._seen.setdefault((name, extra), set())
            if not before or not categories <= before:
                before |= categories
                member.categories |= categories
                self._queue.append((name, extra, frozenset(before)))

    def _follow(self, name: PyPIName, extra: str, categories: frozenset[str]) -> None:
        for text in self._requires(name, extra):
            read = _read(text)
            if read is None or not self._counts(*read, extra):
                continue
            requirement = read[0]
            child = pypi_name(requirement.name)
            specifier = str(requirement.specifier)
            if name in self._metadata:
                self._members[name].needs.add((child, specifier))
            if child not in self._metadata and child not in self._provided:
                self._missing.add(_unconditional(requirement))
                continue
            extras = frozenset(map(pypi_name, requirement.extras))
            via = Via(parent=name, requirement=mask_credentials(text), extra=extra)
            self._arrive(child, extras, via, specifier, categories)

    def _counts(self, requirement: Requirement, text: str, extra: str) -> bool:
        marker = requirement.marker
        if marker is None:
            return not extra
        if not extra:
            return self._markers.holds(marker, text=text)
        # What is always asked for is followed once, without an extra.
        return self._markers.holds(marker, extra, text=text) and not self._markers.holds(marker, text=text)

    def _requires(self, name: PyPIName, extra: str) -> tuple[str, ...]:
        if name in self._provided:
            return self._requires_of_provided(self._provided[name], extra)
        found = self._metadata[name]
        if found is None:
            return ()
        if extra and extra not in found.extras:
            self._notes.add(_absent(name, extra, found.extras))
        return found.requires

    def _requires_of_provided(self, one: Provided, extra: str) -> tuple[str, ...]:
        if not extra:
            return ()
        if one.requires is None:
            why = f" ({one.unread})" if one.unread else ""
            self._notes.add(_unknown(one, f"what its extra {extra} needs is not known{why}", extra))
            return ()
        broken = [text for text in one.requires if _read(text) is None and extra in _quoted(text)]
        if broken:
            self._notes.add(_unknown(one, f"its requirement {broken[0]!r} cannot be read", extra))
        known = {*one.extras, *extra_requirements(one)}
        if extra not in known and not broken:
            self._notes.add(_absent(one.name, extra, known))
        return one.requires


def _quoted(text: str) -> set[PyPIName]:
    """Return what may be an extra in a requirement that cannot be read."""
    return {pypi_name(match[1]) for match in _QUOTED.finditer(text)}


def _absent(name: PyPIName, extra: str, extras: Iterable[str]) -> PyPINote:
    listed = ", ".join(sorted(extras))
    return PyPINote(
        kind=NoteKind.ABSENT_EXTRA,
        name=name,
        message=f"{name} has no extra {extra}, so {name}[{extra}] brings nothing more than {name}",
        hint=f"its extras are {listed}" if listed else "",
    )


def _unknown(one: Provided, what: str, extra: str) -> PyPINote:
    return PyPINote(
        kind=NoteKind.UNKNOWN_EXTRAS,
        name=one.name,
        message=f"{one.name}[{extra}] is asked for, and conda's package {one.conda_name} brings {one.name}: "
        f"{what}, and nothing was added for it",
        hint="name what the extra brings in the file",
    )


def _unconditional(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    if requirement.url is not None:
        return f"{requirement.name}{extras} @ {requirement.url}"
    return f"{requirement.name}{extras}{requirement.specifier}"
