"""The engine: uv, asked until its answer holds on the machine. Its words and files do not leave this room."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from condaenv_tools.errors import CondaEnvToolsError, SolverTimeoutError
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.resolve.pypi.answer import (
    Distribution,
    PyPIConflict,
    SourceKind,
)
from condaenv_tools.resolve.pypi.batch import side_by_side
from condaenv_tools.resolve.pypi.closure import Closure, find_closure
from condaenv_tools.resolve.pypi.failures import UNSOLVED, explain_failure, explain_unfit
from condaenv_tools.resolve.pypi.finishing import finished, indexes_of, notes_of
from condaenv_tools.resolve.pypi.given_needs import (
    find_extra_needs,
    find_left_out,
    learn_of_lines,
    learn_of_members,
)
from condaenv_tools.resolve.pypi.metadata import Archive, Metadata, MetadataReader
from condaenv_tools.resolve.pypi.pylock_reading import Reader, Unfit, read_pylock
from condaenv_tools.resolve.pypi.releases import ReleaseReader
from condaenv_tools.resolve.pypi.request import PyPIOutcome, PyPIRequest
from condaenv_tools.resolve.pypi.shortage import takes_python
from condaenv_tools.resolve.pypi.source_search import find_sources, names_in
from condaenv_tools.resolve.pypi.sources import SourceReader
from condaenv_tools.resolve.pypi.stubs import StubFolder
from condaenv_tools.resolve.pypi.uv_binary import Run, Runner, TimeLimitError, find_uv
from condaenv_tools.resolve.pypi.uv_session import Part, Session, Stub, cache_of

__all__ = ["UvEngine"]

#: How often uv is asked again because its answer does not hold on the machine.
_ROUNDS = 40


class UvEngine:
    """uv's resolver, one process for each question."""

    def __init__(self) -> None:
        self._uv = find_uv()
        self._runner = Runner()
        self._stubs = StubFolder()
        self._readers: dict[Path, MetadataReader] = {}
        self._sources: dict[Path, SourceReader] = {}
        self._releases: dict[Path, ReleaseReader] = {}
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
        cache = cache_of(request)
        with self._lock:
            reader = self._sources.setdefault(cache, SourceReader(cache))
        session = Session(request, uv=self._uv, runner=self._runner, folder=self._stubs, reader=reader)
        try:
            found = self._answer(session)
        finally:
            session.close()
        return replace(found, notes=tuple(sorted({*found.notes, *session.notes()})))

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

    def _answer(self, session: Session) -> PyPIOutcome:
        """Ask until the answer holds: every archive runs on the machine, and every requirement is met."""
        if not session.lines:
            return PyPIOutcome(platform=session.request.platform, packages=())
        releases = self._release_reader(session)
        learn_of_lines(session, releases)
        added: list[str] = []
        excluded: list[str] = []
        refused: list[Unfit] = []
        for _ in range(_ROUNDS):
            whole = Part(added=tuple(added), excluded=tuple(excluded))
            run = self._answered(session, whole, refused)
            if isinstance(run, PyPIConflict):
                return PyPIOutcome(platform=session.request.platform, conflict=run)
            found, unfit, reader = _read(session, run.output)
            if self._of_hashes(session, unfit, whole):
                continue
            if fixed := [one for one in unfit if one.fixed or one.by_hash]:
                return _unfit(session, fixed[0])
            if unfit:
                refused += unfit
                excluded += [f"{one.name}!={one.version}" for one in unfit]
                continue
            closure, metadata = self._closure(session, found, reader)
            if unfit := _of_other_pythons(session, found, metadata):
                if fixed := [one for one in unfit if one.fixed]:
                    return _unfit(session, fixed[0])
                refused += unfit
                excluded += [f"{one.name}!={one.version}" for one in unfit]
                continue
            more = [text for text in closure.missing if text not in added]
            if learn_of_members(session, releases, closure.members) or more:
                added += more
                continue
            packages = finished(found, closure, metadata, indexes_of(session, whole, found))
            left_out = find_left_out(session, releases, closure.members, packages)
            return PyPIOutcome(
                platform=session.request.platform,
                packages=packages,
                notes=(*closure.notes, *notes_of(session, packages, metadata), *left_out),
                extra_needs=find_extra_needs(session, closure.members),
            )
        raise CondaEnvToolsError(
            f"uv was asked {_ROUNDS} times for {session.request.platform}, and no answer holds on that machine",
            hints=[f"ask for another version of {refused[-1].name}" if refused else "pin more lines"],
        )

    def _answered(self, session: Session, whole: Part, refused: Sequence[Unfit]) -> Run | PyPIConflict:
        """Return an answer, or the conflict that remains where all sources that have a part in it are offered."""
        while True:
            run = self._asked(session, whole)
            if not run.code:
                return run
            conflict = explain_failure(session, run, refused, self._demands)
            if not session.takes_sources:
                return conflict
            # The engine tells one of several conflicts, and the smallest one may be another.
            found = find_sources(session, self._metadata(session), conflict.text, whole.added)
            if not session.sources.offer(found, session.web()):
                return conflict

    def _asked(self, session: Session, whole: Part) -> Run:
        """Ask, and offer source archives as long as there is no answer without them."""
        run = session.ask(whole)
        while run.code == UNSOLVED and self._offered(session, run.words, whole):
            run = session.ask(whole)
        for name in session.sources.names:
            # One that is not needed, as another one was found to be at fault, goes again: a wheel is better.
            if run.code or len(session.sources.names) == 1 or name in session.sources.needed:
                continue
            session.sources.withdraw(name)
            again = session.ask(whole)
            if again.code:
                session.sources.restore(name)
                session.sources.needed.add(name)
            else:
                run = again
        return run

    def _offered(self, session: Session, words: str, whole: Part) -> bool:
        """Offer one more source archive, of names that were named; say whether there was one."""
        if not session.takes_sources:
            return False
        found = find_sources(session, self._metadata(session), words, whole.added)
        return session.sources.offer(found, session.web()) or session.sources.more(
            names_in(words), session.web()
        )

    def _of_hashes(self, session: Session, unfit: Iterable[Unfit], whole: Part) -> bool:
        """Offer source archives where the hashes of a line exclude all wheels of a release."""
        names = {one.name for one in unfit if one.by_hash and not one.fixed}
        session.sources.needed |= names
        return bool(names) and self._offered(session, " ".join(sorted(names)), whole)

    def _metadata(self, session: Session) -> MetadataReader:
        with self._lock:
            return self._readers.setdefault(session.cache(), MetadataReader(session.cache()))

    def _release_reader(self, session: Session) -> ReleaseReader:
        cache, wheels = session.cache(), self._metadata(session)
        with self._lock:
            return self._releases.setdefault(cache, ReleaseReader(cache, wheels, self._sources[cache]))

    def _closure(
        self,
        session: Session,
        found: Mapping[PyPIName, Distribution],
        reader: Reader,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Closure, dict[PyPIName, Metadata | None]]:
        metadata: dict[PyPIName, Metadata | None] = dict.fromkeys(found)
        # A repository is no archive: what it needs is known to uv alone.
        sources = {name: source for name, one in found.items() if (source := session.sources.chosen(one))}
        places = {
            name: reader.addresses[name] for name in found if name in reader.addresses and name not in sources
        }
        asked = [Archive(url=place, sha256=found[name].sha256) for name, place in places.items()]
        read = self._metadata(session).read_all(asked, session.web())
        metadata.update(zip(places, read, strict=True))
        metadata.update((name, source.metadata) for name, source in sources.items())
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
            demands[PyPIName(name)] = tuple(
                sorted((_with_version(via.parent, found), via.requirement) for via in member.via)
            )
        return demands


def _with_version(name: str, found: Mapping[PyPIName, Distribution]) -> str:
    """Return how a distribution of an answer is named, so that who reads of it knows which one it was."""
    one = found.get(PyPIName(name))
    return name if one is None or one.version is None else f"{name} {one.version}"


def _unfit(session: Session, one: Unfit) -> PyPIOutcome:
    return PyPIOutcome(platform=session.request.platform, conflict=explain_unfit(session, one))


def _read(
    session: Session, output: str, without: frozenset[str] = frozenset()
) -> tuple[dict[PyPIName, Distribution], list[Unfit], Reader]:
    """Return the distributions of a lock of uv's, what conda provides left out."""
    reader = Reader(session.tags, session.lines, session.placeholders, session.sources)
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
