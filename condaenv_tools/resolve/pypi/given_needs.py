"""What conda's distributions ask for beyond conda: what their extras need, and what their builds leave out.

Both are looked up for those alone that the pip section needs, directly or through what was locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from packaging.requirements import InvalidRequirement, Requirement

from condaenv_tools.model.lock import ExtraNeed
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import Distribution, NoteKind, PyPINote
from condaenv_tools.resolve.pypi.closure import Member
from condaenv_tools.resolve.pypi.given import Provided
from condaenv_tools.resolve.pypi.releases import ReleaseReader
from condaenv_tools.resolve.pypi.uv_session import Session
from condaenv_tools.resolve.pypi.wording import ranged

__all__ = ["find_extra_needs", "find_left_out", "learn_of_lines", "learn_of_members"]

#: How many releases are looked at for a remark.
_MOST = 200
#: In bytes: for a remark no larger source archive is fetched.
_LARGEST = 2_000_000


def learn_of_lines(session: Session, reader: ReleaseReader) -> bool:
    """Look up what the extras of conda's distributions need that lines ask for, and tell the session.

    Returns
    -------
    bool
        Whether anything was looked up, so that what was answered before has to be asked anew.
    """
    return _learn(session, reader, (line.name for line in session.lines if line.name and line.extras))


def learn_of_members(session: Session, reader: ReleaseReader, members: Mapping[PyPIName, Member]) -> bool:
    """Do what `learn_of_lines` does for extras that anything in an answer asks for."""
    return _learn(session, reader, (name for name, member in members.items() if member.extras))


def _learn(session: Session, reader: ReleaseReader, asked: Iterable[PyPIName]) -> bool:
    own = [session.provided[name] for name in sorted(set(asked) & session.provided.keys())]
    # Each is looked up once, whether that is of use or not.
    names = [one.name for one in own if one.requires is None and not one.unread]
    for name, release in reader.read_all(session, names).items():
        session.learn(name, release.metadata, release.reason)
    return bool(names)


def find_extra_needs(session: Session, members: Mapping[PyPIName, Member]) -> tuple[ExtraNeed, ...]:
    """Return what the extras of conda's distributions need that are asked for, sorted."""
    found = {
        ExtraNeed(
            name=via.parent,
            extra=via.extra,
            wanted=name,
            specifier=_specifier(via.requirement),
        )
        for name, member in members.items()
        for via in member.via
        if via.parent in session.provided and via.parent != name
    }
    return tuple(sorted(found))


def _specifier(text: str) -> str:
    try:
        return str(Requirement(text).specifier)
    except InvalidRequirement:  # a URL with a masked credential
        return ""


def find_left_out(
    session: Session,
    reader: ReleaseReader,
    members: Mapping[PyPIName, Member],
    packages: Iterable[Distribution],
) -> list[PyPINote]:
    """Return, for each distribution that conda provides and the section needs, what its build leaves out.

    Parameters
    ----------
    session : Session
        The request.
    reader : ReleaseReader
        What reads a release.
    members : mapping of PyPIName to Member
        Whatever is needed.
    packages : iterable of Distribution
        What is locked.

    Returns
    -------
    list of PyPINote
        At most one for each, by name; none for a release that cannot be read, as it is a remark only.
    """
    needed = sorted(name for name in members if name in session.provided)[:_MOST]
    asked = [name for name in needed if session.provided[name].requires is None]
    found = reader.read_all(session, asked, largest=_LARGEST)
    there = {*session.provided, *session.request.unclear, *(one.name for one in packages)}
    notes = []
    for name in needed:
        requires = session.provided[name].requires
        if requires is None:
            metadata = found[name].metadata
            requires = () if metadata is None else metadata.requires
        if missing := sorted(_names_of(requires, session) - there):
            notes.append(_note(session.provided[name], missing))
    return notes


def _names_of(requires: Iterable[str], session: Session) -> set[PyPIName]:
    """Return what is always asked for on the machine, without any extra."""
    found = set()
    for text in requires:
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if session.markers.holds(requirement.marker):
            found.add(pypi_name(requirement.name))
    return found


def _note(one: Provided, missing: Iterable[str]) -> PyPINote:
    return PyPINote(
        kind=NoteKind.LEFT_OUT,
        name=one.name,
        message=f"conda's {one.conda_name} {one.version} is built without {ranged(missing)}, which {one.name} "
        "asks for on PyPI",
        hint="name it in the file, if what you use of it needs that",
    )
