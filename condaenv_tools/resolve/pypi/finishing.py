"""An answer of the engine that holds, finished: who asks for each archive, which index has it, and the notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import Distribution, NoteKind, PyPINote, SourceKind
from condaenv_tools.resolve.pypi.closure import Closure
from condaenv_tools.resolve.pypi.metadata import Metadata
from condaenv_tools.resolve.pypi.source_metadata import Trust
from condaenv_tools.resolve.pypi.sources import Source
from condaenv_tools.resolve.pypi.stubs import is_requirement, python_version_of
from condaenv_tools.resolve.pypi.uv_session import Part, Session

__all__ = ["finished", "indexes_of", "notes_of"]

_ANNOTATION = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==.*\n\s+# from (\S+)", re.MULTILINE)


def indexes_of(
    session: Session, whole: Part, found: Mapping[PyPIName, Distribution]
) -> Mapping[str, str | None] | str | None:
    """Return the index of each distribution, or the one that served all; None for uv's default.

    uv's lock does not say it. Where there are several places it is asked once more, from its cache, for the list
    that does.
    """
    places = session.places
    if not places.extra_index_urls and not places.find_links:
        return None if places.index_url is None else session.pages().shown(places.index_url)
    run = session.ask(replace(whole, annotated=True))
    if run.code:
        return {}
    asked = {pypi_name(name): url for name, url in _ANNOTATION.findall(run.output)}
    folders = {place.rstrip("/") for place in places.find_links}
    pages = session.pages()
    default = places.index_url or session.default_index()
    # The engine took the stub of a source archive from a folder of ours.
    asked |= {
        name: source.file.index or ""
        for name, one in found.items()
        if (source := session.sources.chosen(one))
    }
    return {
        name: None
        if not url or url.rstrip("/") in folders or (url == default and not places.index_url)
        else pages.shown(url)
        for name, url in asked.items()
    }


def finished(
    found: Mapping[PyPIName, Distribution],
    closure: Closure,
    metadata: Mapping[PyPIName, Metadata | None],
    indexes: Mapping[str, str | None] | str | None,
) -> tuple[Distribution, ...]:
    """Return the archives of an answer with all that is known of them, sorted by name."""
    packages = []
    for name, one in sorted(found.items()):
        member = closure.members.get(name)
        if member is None and closure.complete:
            continue  # uv's markers know less of the machine than ours
        if member is None:
            one = replace(one, categories=_categories_of_unknown(closure, metadata))  # noqa: PLW2901
        known = metadata[name]
        index = indexes.get(name) if isinstance(indexes, Mapping) else indexes
        done = replace(
            one,
            version=one.version or _version_of(known),
            index=index if one.source is SourceKind.INDEX else None,
            requires=None if known is None else known.requires,
            requires_python=None if known is None else known.requires_python,
        )
        if member is not None:
            done = replace(
                done,
                needs=tuple(sorted(member.needs)),
                via=tuple(sorted(member.via)),
                categories=tuple(sorted(member.categories)),
                extras=tuple(sorted(member.extras)),
            )
        packages.append(done)
    return tuple(packages)


def _version_of(known: Metadata | None) -> str | None:
    """Return the version that a source tree names for itself."""
    version = python_version_of(known.version) if known and known.version else None
    return None if version is None else str(version)


def _categories_of_unknown(closure: Closure, metadata: Mapping[PyPIName, Metadata | None]) -> tuple[str, ...]:
    """Return the categories of whatever may have asked for a distribution that nothing known asks for."""
    unknown = [member for name, member in closure.members.items() if metadata.get(name, 0) is None]
    return tuple(sorted({category for member in unknown for category in member.categories})) or ("main",)


def notes_of(
    session: Session, packages: Iterable[Distribution], metadata: Mapping[PyPIName, Metadata | None]
) -> list[PyPINote]:
    """Return what is worth knowing of the archives of an answer."""
    found = []
    for one in packages:
        if not one.is_wheel:
            found.append(
                PyPINote(
                    kind=NoteKind.SOURCE_ARCHIVE,
                    name=one.name,
                    message=f"{one.name} is locked as source, and is built wherever it is installed",
                )
            )
            if source := session.sources.chosen(one):
                found += _of_source(source)
        elif metadata[one.name] is None:
            found.append(
                PyPINote(
                    kind=NoteKind.UNKNOWN_METADATA,
                    name=one.name,
                    message=f"the requirements of {one.name} {one.version} could not be read, and are not proven",
                )
            )
        if one.sha256 is None and one.source in {SourceKind.INDEX, SourceKind.URL}:
            found.append(
                PyPINote(
                    kind=NoteKind.NO_HASH,
                    name=one.name,
                    message=f"the index gives no SHA-256 for {one.file_name}",
                    hint="another index, or a requirement with --hash, gives one",
                )
            )
    return found


def _of_source(source: Source) -> list[PyPINote]:
    """Return how far the requirements of a source archive can be relied on, where that is not all the way."""
    release = f"{source.name} {source.file.version}"
    hint = f"name what {source.name} needs in the file, if an installation lacks something"
    broken = (
        [text for text in source.metadata.requires if not is_requirement(text)] if source.metadata else []
    )
    if source.trust is Trust.UNKNOWN:
        message = (
            f"the requirements of {release} are not known before it is built, and nothing was locked for them"
        )
    elif broken:
        message = f"the requirement {broken[0]!r} of {release} cannot be read, and nothing was locked for it"
    elif source.trust is Trust.PACKED:
        message = (
            f"the requirements of {release} are as its makers wrote them when they packed it, and building it "
            "may find others"
        )
    else:
        return []
    return [PyPINote(kind=NoteKind.UNKNOWN_METADATA, name=source.name, message=message, hint=hint)]
