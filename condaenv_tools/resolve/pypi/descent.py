"""From a line that cannot be met down to the requirement that is at fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from packaging.requirements import InvalidRequirement, Requirement

from condaenv_tools.model.names import pypi_name
from condaenv_tools.resolve.pypi.metadata import Archive, MetadataReader
from condaenv_tools.resolve.pypi.pylock_reading import Reader, Unfit, read_pylock
from condaenv_tools.resolve.pypi.shortage import Machine, Shortage, find_shortage
from condaenv_tools.resolve.pypi.uv_project import builds
from condaenv_tools.resolve.pypi.uv_session import Part, Session

__all__ = ["descend"]

_DEEPEST = 8


def descend(session: Session, text: str, refused: Sequence[Unfit]) -> Shortage | None:
    """Return what an index lacks for a requirement, or for something that it brings.

    The newest version that can be had is followed: the first of its requirements that cannot be met by itself is
    looked at in turn.

    Returns
    -------
    Shortage or None
        None where every requirement can be met by itself, so that some exclude each other.

    Raises
    ------
    IndexFailureError
        The index is broken where it was looked at.
    """
    excluded = tuple(f"{one.name}!={one.version}" for one in refused)
    trail: list[str] = []
    for _ in range(_DEEPEST):
        alone = Part(lines=(), constraints=(), pinned=(), added=(text,), excluded=excluded)
        run = session.ask(replace(alone, no_deps=True))
        if run.code:
            found = _lacking(session, text)
            return found and replace(found, trail=tuple(trail))
        child = _failing_child(session, run.output, alone, trail)
        if child is None:
            return None
        text = child
    return None


def _lacking(session: Session, text: str) -> Shortage | None:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return None
    name = pypi_name(requirement.name)
    machine = Machine(
        tags=session.tags,
        python_version=session.request.python_version,
        build=builds(session.request) and not session.request.options.only_binary,
        sources=session.request.options.sources,
    )
    found = find_shortage(
        requirement,
        session.pages().files_of([name])[name],
        machine,
        near=[
            *session.provided,
            *session.pages().local_names(),
            *(n for line in session.lines if (n := line.name)),
        ],
    )
    return found and replace(found, specifier=str(requirement.specifier))


def _failing_child(session: Session, output: str, alone: Part, trail: list[str]) -> str | None:
    """Return the first requirement of a distribution that cannot be met by itself."""
    reader = Reader(session.tags, session.lines, session.placeholders)
    for package in read_pylock(output):
        one = reader.read(package)
        if isinstance(one, Unfit) or not one.is_wheel:
            continue
        wheel = Archive(url=reader.addresses[one.name], sha256=one.sha256)
        (metadata,) = MetadataReader(session.cache()).read_all([wheel], session.web())
        extras = ["", *sorted(Requirement(alone.added[0]).extras)] if "[" in alone.added[0] else [""]
        for text in metadata.requires if metadata else ():
            try:
                requirement = Requirement(text)
            except InvalidRequirement:
                continue  # as an installer does with those of an extra that nobody asks for
            if not any(session.markers.holds(requirement.marker, extra) for extra in extras):
                continue
            requirement.marker = None
            if session.ask(replace(alone, added=(str(requirement),))).code:
                trail.append(str(requirement))
                return str(requirement)
    return None
