"""Why there is no answer: uv's exit code says that, our own questions say why.

uv's sentences differ between its versions: they are shown as they are, and nothing is decided by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from condaenv_tools.errors import CondaEnvToolsError, IndexFailureError
from condaenv_tools.model.names import PyPIName
from condaenv_tools.resolve.core import Budget, find_core
from condaenv_tools.resolve.pypi.answer import ConflictKind, PyPIConflict, SourceKind
from condaenv_tools.resolve.pypi.conda_conflict import Core, Demands, conflict_with_conda
from condaenv_tools.resolve.pypi.descent import descend
from condaenv_tools.resolve.pypi.lines import AskedLine
from condaenv_tools.resolve.pypi.pylock_reading import Unfit
from condaenv_tools.resolve.pypi.shortage import Shortage
from condaenv_tools.resolve.pypi.uv_binary import Run
from condaenv_tools.resolve.pypi.uv_session import Part, Session, Stub
from condaenv_tools.resolve.pypi.web import WebError
from condaenv_tools.resolve.pypi.wording import listed, of_line, of_provided, ranged, words_of

__all__ = ["UNSOLVED", "explain_failure", "explain_unfit"]

#: How often uv is asked to find a core.
_ATTEMPTS = 150
#: uv's exit code where it understood all and found no answer.
UNSOLVED = 1
_URL = re.compile(r"https?://[^\s)`'\"]+")
_PLACES = {SourceKind.URL, SourceKind.VCS}


def explain_failure(
    session: Session,
    run: Run,
    refused: Sequence[Unfit],
    demands: Callable[[Session, str, Iterable[Stub]], Demands],
) -> PyPIConflict:
    """Return why uv found no answer.

    Parameters
    ----------
    session : Session
        The request.
    run : Run
        What uv said of the whole of it.
    refused : sequence of Unfit
        Releases that were excluded because none of their archives runs on the machine.
    demands : callable
        Reads from an answer who demands what of some distributions.

    Raises
    ------
    IndexFailureError
        An index or a place did not send what was asked for.
    CondaEnvToolsError
        uv itself failed.
    """
    if run.code != UNSOLVED:
        raise _of_outside(session, run)
    _check_first_page(session)
    excluded = [f"{one.name}!={one.version}" for one in refused]
    core, minimal = _core(session, run, excluded)
    lines = tuple(one for one in core if isinstance(one, AskedLine))
    stubs = tuple(one for one in core if not isinstance(one, AskedLine))
    if stubs:
        return conflict_with_conda(
            session, Core(lines=lines, stubs=stubs, minimal=minimal), excluded, demands
        )
    asked = [line for line in lines if line in session.lines]
    if len(asked) == 1 and (shortage := _alone(session, asked[0], refused)) is not None:
        return _short(session, lines, shortage, minimal=minimal)
    if len(lines) == 1 and session.request.options.offline and not session.request.options.no_index:
        raise _cold(session, lines[0])
    told = words_of(session.shown(session.ask(_part(session, lines, (), excluded)).words))
    verb = "cannot be met" if len(lines) == 1 else "exclude each other"
    who = listed([of_line(line) for line in lines])
    return PyPIConflict(
        kind=ConflictKind.EXCLUDE,
        requirements=tuple(line.line for line in lines),
        text=f"{who} {verb} on {session.request.platform}: {told}",
        minimal=minimal,
        hints=_cut_off(session),
    )


def _cut_off(session: Session) -> tuple[str, ...]:
    """Return a hint about the cut-off date, which hides files without a word."""
    moment = session.request.options.exclude_newer
    if moment is None:
        return ()
    return (
        f"files that were uploaded after {moment:%Y-%m-%d}, or without a date, are left out: try a later one",
    )


def explain_unfit(session: Session, one: Unfit) -> PyPIConflict:
    """Return why a release that a line fixes cannot be taken: its hash, or its tags."""
    lines = [line for line in session.lines if line.name == one.name or session.named(line) == one.name]
    files = ranged(one.files)
    if one.requires_python is not None:
        kind = ConflictKind.PYTHON
        why = f"it needs Python {one.requires_python}, and conda chose {session.request.python_version}"
        hints = (f"ask for a python {one.requires_python} in the conda part",)
    elif one.by_hash:
        kind = ConflictKind.WRONG_HASH
        why = f"none of its hashes is that of {files}, which is what the index has for {session.request.platform}"
        hints = ("see whether the hash was made for another file, and take that of this one if you trust it",)
    else:
        kind, why = ConflictKind.NO_WHEEL, f"{files} does not run on {session.request.platform}"
        hints = (f"ask for {one.name} by name, or give the URL a marker",)
    who = listed([of_line(line) for line in lines]) if lines else f"{one.name} {one.version}"
    return PyPIConflict(
        kind=kind,
        requirements=tuple(line.line for line in lines),
        text=f"{who} cannot be met: {why}",
        requires_python=one.requires_python,
        package=one.name,
        hints=hints,
    )


def _of_outside(session: Session, run: Run) -> CondaEnvToolsError:
    """Return what to raise where uv could not do its work: a place that we cannot read either, or uv itself."""
    told = words_of(session.shown(run.words))
    web, pages = session.web(), session.pages()
    for url in dict.fromkeys(_URL.findall(run.words)):
        try:
            web.get(url.rstrip(".,:"))
        except WebError as error:
            return pages.failure(url.rstrip(".,:"), error)
    for line in (line for line in session.lines if line.kind in _PLACES):
        alone = session.ask(_only(line))
        if alone.code:
            return _unreadable(session, line, alone)
    return CondaEnvToolsError(
        f"uv could not answer for {session.request.platform} (exit {run.code}): {told or 'it said nothing'}",
        hints=["try again"],
    )


def _unreadable(session: Session, line: AskedLine, run: Run) -> IndexFailureError:
    return IndexFailureError(
        f"{of_line(line)} cannot be read: {words_of(session.shown(run.words))}",
        index=session.shown(line.place),
        hints=["see whether its URL and revision are right, and whether it wants credentials"],
    )


def _cold(session: Session, line: AskedLine) -> IndexFailureError:
    return IndexFailureError(
        f"{of_line(line)} or what it needs is not in the cache, and --offline forbids the network",
        index=session.shown(session.places.index_url or "default"),
        hints=["run once without --offline"],
    )


def _check_first_page(session: Session) -> None:
    """Look up one name: an index that refuses or is broken shows it there, while uv takes it for an empty one."""
    names = (line.name for line in session.lines if line.name and line.kind is SourceKind.INDEX)
    name = next((name for name in names if name not in session.provided), None)
    if name is not None and not session.request.options.offline:
        session.pages().files_of([name])


def _core(session: Session, run: Run, excluded: Sequence[str]) -> tuple[tuple[AskedLine | Stub, ...], bool]:
    lines: list[AskedLine | Stub] = [*session.lines, *session.constraints]

    def fails(part: Sequence[AskedLine | Stub]) -> bool:
        asked = [one for one in part if isinstance(one, AskedLine)]
        pinned = [one for one in part if not isinstance(one, AskedLine)]
        answer = session.ask(_part(session, asked, pinned, excluded))
        if answer.code not in {0, UNSOLVED}:
            raise _of_outside(session, answer)
        return answer.code == UNSOLVED

    if not session.stubs or fails(lines):
        return find_core(lines, fails, Budget(_ATTEMPTS))
    # A word of uv's that is the name of something provided is a guess; whether it is enough is tested.
    said = [stub for stub in session.stubs if re.search(rf"\b{re.escape(stub[0].name)}\b", run.words)]
    whole = [*lines, *said] if said and fails([*lines, *said]) else [*lines, *session.stubs]
    return find_core(whole, fails, Budget(_ATTEMPTS))


def _part(
    session: Session, lines: Sequence[AskedLine], stubs: Sequence[Stub], excluded: Sequence[str]
) -> Part:
    return Part(
        lines=tuple(line for line in session.lines if line in lines),
        constraints=tuple(line for line in session.constraints if line in lines),
        pinned=tuple(stubs),
        excluded=tuple(excluded),
    )


def _only(line: AskedLine) -> Part:
    return Part(lines=(line,), constraints=(), pinned=(), no_deps=True)


def _alone(session: Session, line: AskedLine, refused: Sequence[Unfit]) -> Shortage | None:
    """Return what is lacking for one line, or what it brings."""
    if line.kind is not SourceKind.INDEX:
        run = session.ask(_only(line))
        if run.code:
            return _of_place(session, line, run)
    if session.request.options.offline and not session.request.options.no_index:
        return None
    return descend(session, line.text, refused)


def _of_place(session: Session, line: AskedLine, run: Run) -> Shortage:
    """Return that a source must be built to be read; raise where it cannot be had at all."""
    if line.kind is SourceKind.VCS:
        raise _unreadable(session, line, run)
    if line.kind is SourceKind.URL:
        try:
            session.web().get(line.text.partition(" @ ")[2] or line.text, part="0-0")
        except WebError as error:
            place = session.shown(line.place)
            raise IndexFailureError(
                f"{of_line(line)} cannot be read: the server {error.reason}", index=place
            ) from None
    name = line.name or PyPIName(line.place)
    return Shortage(
        kind=ConflictKind.SOURCE_ONLY,
        name=name,
        text=f"what {name} needs is not known before it is built ({words_of(session.shown(run.words))})",
        hints=("allow building with --build (on the running platform only)",),
    )


def _short(
    session: Session, lines: Sequence[AskedLine], shortage: Shortage, *, minimal: bool
) -> PyPIConflict:
    who = [of_line(line) for line in lines]
    needs = f"it needs {', which needs '.join(shortage.trail)}" if shortage.trail else ""
    if shortage.name in session.provided:
        # No index need have what conda can be asked for.
        one = session.provided[shortage.name]
        return PyPIConflict(
            kind=ConflictKind.EXCLUDE,
            requirements=tuple(line.line for line in lines),
            provided=(one,),
            text=f"{listed([*who, of_provided(one)])} exclude each other on {session.request.platform}"
            + (f": {needs}" if needs else ""),
            excluded=((one.name, shortage.specifier or f"!={one.version}"),),
            reasons=(needs,) if needs else (),
            minimal=minimal,
            hints=(f"ask for {one.conda_name} {shortage.specifier} in the conda part",),
        )
    return PyPIConflict(
        kind=shortage.kind,
        requirements=tuple(line.line for line in lines),
        text=f"{listed(who)} cannot be met on {session.request.platform}: "
        + (f"{needs}; {shortage.text}" if needs else shortage.text),
        requires_python=shortage.requires_python,
        package=shortage.name,
        minimal=minimal,
        hints=shortage.hints,
    )
