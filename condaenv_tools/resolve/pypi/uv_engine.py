"""The engine: uv, asked until its answer holds on the machine. Its words and files do not leave this room."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from condaenv_tools.errors import CondaEnvToolsError, SolverTimeoutError
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import Distribution, NoteKind, PyPIConflict, PyPINote, SourceKind
from condaenv_tools.resolve.pypi.batch import side_by_side
from condaenv_tools.resolve.pypi.closure import Closure, find_closure
from condaenv_tools.resolve.pypi.failures import explain_failure, explain_unfit
from condaenv_tools.resolve.pypi.metadata import Archive, Metadata, MetadataReader
from condaenv_tools.resolve.pypi.pylock_reading import Reader, Unfit, read_pylock
from condaenv_tools.resolve.pypi.request import PyPIOutcome, PyPIRequest
from condaenv_tools.resolve.pypi.shortage import takes_python
from condaenv_tools.resolve.pypi.stubs import StubFolder
from condaenv_tools.resolve.pypi.uv_binary import Runner, TimeLimitError, find_uv
from condaenv_tools.resolve.pypi.uv_session import Part, Session, Stub

__all__ = ["UvEngine"]

#: How often uv is asked again because its answer does not hold on the machine.
_ROUNDS = 40
_ANNOTATION = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==.*\n\s+# from (\S+)", re.MULTILINE)


class UvEngine:
    """uv's resolver, one process for each question."""

    def __init__(self) -> None:
        self._uv = find_uv()
        self._runner = Runner()
        self._stubs = StubFolder()
        self._readers: dict[Path, MetadataReader] = {}
        self._lock = threading.Lock()

    def resolve(self, request: PyPIRequest) -> PyPIOutcome:
        """Answer a request; what goes wrong is in the outcome and is not raised."""
        started = time.monotonic()
        try:
            outcome = self._outcome(request)
        except TimeLimitError:
            error = SolverTimeoutError(
                f"the pip section could not be resolved for {request.platform} within "
                f"{request.options.timeout:g} s",
                hints=["allow more time, or pin more of its lines"],
            )
            outcome = PyPIOutcome(platform=request.platform, error=error)
        except CondaEnvToolsError as error:
            outcome = PyPIOutcome(platform=request.platform, error=error)
        return replace(outcome, seconds=time.monotonic() - started)

    def _outcome(self, request: PyPIRequest) -> PyPIOutcome:
        session = Session(request, uv=self._uv, runner=self._runner, folder=self._stubs)
        try:
            packages, conflict, notes = self._answer(session)
        finally:
            session.close()
        return PyPIOutcome(
            platform=request.platform,
            packages=packages,
            conflict=conflict,
            notes=tuple(sorted({*notes, *session.notes()})),
        )

    def resolve_all(
        self,
        requests: Sequence[PyPIRequest],
        *,
        on_done: Callable[[PyPIOutcome], None] | None = None,
    ) -> tuple[PyPIOutcome, ...]:
        """Answer all requests side by side, in the order of the requests."""
        return side_by_side(requests, self.resolve, self._runner.stop, on_done=on_done)

    def close(self) -> None:
        """Remove what was made on the way."""
        self._stubs.close()

    def _answer(
        self, session: Session
    ) -> tuple[tuple[Distribution, ...] | None, PyPIConflict | None, Iterable[PyPINote]]:
        """Ask until the answer holds: every archive runs on the machine, and every requirement is met."""
        if not session.lines:
            return (), None, ()
        added: list[str] = []
        excluded: list[str] = []
        refused: list[Unfit] = []
        for _ in range(_ROUNDS):
            whole = Part(added=tuple(added), excluded=tuple(excluded))
            run = session.ask(whole)
            if run.code:
                conflict = explain_failure(session, run, refused, self._demands)
                return None, conflict, ()
            found, unfit, reader = _read(session, run.output)
            if fixed := [one for one in unfit if one.fixed or one.by_hash]:
                return None, explain_unfit(session, fixed[0]), ()
            if unfit:
                refused += unfit
                excluded += [f"{one.name}!={one.version}" for one in unfit]
                continue
            closure, metadata = self._closure(session, found, reader)
            if unfit := _of_other_pythons(session, found, metadata):
                if fixed := [one for one in unfit if one.fixed]:
                    return None, explain_unfit(session, fixed[0]), ()
                refused += unfit
                excluded += [f"{one.name}!={one.version}" for one in unfit]
                continue
            if more := [text for text in closure.missing if text not in added]:
                added += more
                continue
            packages = _finished(found, closure, metadata, _indexes(session, whole))
            return packages, None, (*closure.notes, *_notes(packages, metadata))
        raise CondaEnvToolsError(
            f"uv was asked {_ROUNDS} times for {session.request.platform}, and no answer holds on that machine",
            hints=[f"ask for another version of {refused[-1].name}" if refused else "pin more lines"],
        )

    def _closure(
        self,
        session: Session,
        found: Mapping[PyPIName, Distribution],
        reader: Reader,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Closure, dict[PyPIName, Metadata | None]]:
        with self._lock:
            kept = self._readers.setdefault(session.cache(), MetadataReader(session.cache()))
        metadata: dict[PyPIName, Metadata | None] = dict.fromkeys(found)
        # A repository is no archive: what it needs is known to uv alone.
        places = {name: reader.addresses[name] for name in found if name in reader.addresses}
        asked = [Archive(url=place, sha256=found[name].sha256) for name, place in places.items()]
        metadata.update(zip(places, kept.read_all(asked, session.web()), strict=True))
        closure = find_closure(
            session.lines,
            metadata,
            named=reader.names,
            provided={name: one for name, one in session.provided.items() if name not in without},
            markers=session.markers,
        )
        return closure, metadata

    def _demands(
        self, session: Session, output: str, relaxed: Iterable[Stub]
    ) -> dict[PyPIName, tuple[tuple[str, str], ...]]:
        """Return who demands what of each distribution of `relaxed` in an answer that took another version."""
        names = frozenset(one.name for one, _, _ in relaxed)
        found, _, reader = _read(session, output, without=names)
        closure, _ = self._closure(session, found, reader, without=names)
        demands: dict[PyPIName, tuple[tuple[str, str], ...]] = {}
        for name in names & closure.members.keys():
            member = closure.members[PyPIName(name)]
            demands[PyPIName(name)] = tuple(sorted((via.parent, via.requirement) for via in member.via))
        return demands


def _read(
    session: Session, output: str, without: frozenset[str] = frozenset()
) -> tuple[dict[PyPIName, Distribution], list[Unfit], Reader]:
    """Return the distributions of a lock of uv's, what conda provides left out."""
    reader = Reader(session.tags, session.lines, session.placeholders)
    found: dict[PyPIName, Distribution] = {}
    unfit: list[Unfit] = []
    for package in read_pylock(output):
        name = pypi_name(package.name)
        if name in session.provided and name not in without:
            continue
        one = reader.read(package)
        if isinstance(one, Unfit):
            unfit.append(one)
        else:
            found[name] = one
    return found, unfit, reader


def _of_other_pythons(
    session: Session,
    found: Mapping[PyPIName, Distribution],
    metadata: Mapping[PyPIName, Metadata | None],
) -> list[Unfit]:
    """Return what demands another Python: uv looks at lower bounds alone, and every installer at all of it.

    With one release go all others that the index lists with such a demand, so that uv is not asked for each.
    """
    python = session.request.python_version
    wrong: list[Unfit] = []
    for name, known in sorted(metadata.items()):
        if known is None or takes_python(known.requires_python, python):
            continue
        one = found[name]
        fixed = one.source is not SourceKind.INDEX
        versions = {one.version or ""} | (set() if fixed else _demanding(session, name))
        wrong += [
            Unfit(name=name, version=version, files=(), requires_python=known.requires_python, fixed=fixed)
            for version in sorted(versions)
        ]
    return wrong


def _demanding(session: Session, name: PyPIName) -> set[str]:
    """Return the releases of which the index lists no file that takes the request's Python."""
    if session.request.options.offline:
        return set()
    files = session.pages().files_of([name])[name] or ()
    python = session.request.python_version
    good = {file.version for file in files if takes_python(file.requires_python, python)}
    return {str(file.version) for file in files if file.version not in good}


def _indexes(session: Session, whole: Part) -> Mapping[str, str | None] | str | None:
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
    found = {pypi_name(name): url for name, url in _ANNOTATION.findall(run.output)}
    folders = {place.rstrip("/") for place in places.find_links}
    pages = session.pages()
    default = places.index_url or session.default_index()
    return {
        name: None
        if url.rstrip("/") in folders or (url == default and not places.index_url)
        else pages.shown(url)
        for name, url in found.items()
    }


def _finished(
    found: Mapping[PyPIName, Distribution],
    closure: Closure,
    metadata: Mapping[PyPIName, Metadata | None],
    indexes: Mapping[str, str | None] | str | None,
) -> tuple[Distribution, ...]:
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


def _categories_of_unknown(closure: Closure, metadata: Mapping[PyPIName, Metadata | None]) -> tuple[str, ...]:
    """Return the categories of whatever may have asked for a distribution that nothing known asks for."""
    unknown = [member for name, member in closure.members.items() if metadata.get(name, 0) is None]
    return tuple(sorted({category for member in unknown for category in member.categories})) or ("main",)


def _notes(packages: Iterable[Distribution], metadata: Mapping[PyPIName, Metadata | None]) -> list[PyPINote]:
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
