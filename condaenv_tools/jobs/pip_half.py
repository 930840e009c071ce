"""The pip section as a request to the PyPI half, and its answer as packages of a lock and findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from condaenv_tools.channels.names import conda_names
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.environment import Environment, PipItem, PipKind
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.lock import LockedPackage
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.codes import CODES
from condaenv_tools.resolve.joint_request import JointOutcome, JointRequest
from condaenv_tools.resolve.provided import provided_by
from condaenv_tools.resolve.pypi.answer import NoteKind, SourceKind
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions
from condaenv_tools.resolve.request import SolveRequest

__all__ = ["PipOptions", "PipSection", "joint_request", "locked_packages", "pip_findings"]

_PIP = MatchSpec.parse("pip")
_NOT_REQUIREMENTS = frozenset({PipKind.FILE, PipKind.CONSTRAINT, PipKind.OPTION})
#: Options of pip that say how files are fetched, and nothing of which.
_OF_INSTALLING = {"--trusted-host", "--use-feature", "--require-hashes", "--prefer-binary", "--always-unzip"}
#: Whatever else a note is about could not be known.
_CODES_OF_NOTES = {
    NoteKind.SOURCE_ARCHIVE: "CE492",
    NoteKind.BUILD_ELSEWHERE: "CE492",
    NoteKind.LEFT_OUT: "CE498",
}
#: Distributions that bring the same import name; of each line at most one may be installed.
_SAME_FILES = (
    ("opencv-python", "opencv-python-headless", "opencv-contrib-python", "opencv-contrib-python-headless"),
    ("tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tensorflow-intel", "tf-nightly"),
    ("onnxruntime", "onnxruntime-gpu", "onnxruntime-directml", "onnxruntime-openvino"),
    ("faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12"),
    ("psycopg2", "psycopg2-binary"),
    ("cupy", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"),
    ("pillow", "pillow-simd"),
    ("xgboost", "xgboost-cpu"),
    ("pycrypto", "pycryptodome"),
    ("python-jose", "jose"),
    ("pyserial", "serial"),
    ("pymupdf", "fitz"),
    ("mysqlclient", "mysql-python"),
    ("triton", "pytorch-triton", "triton-windows"),
    ("tables", "pytables"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PipOptions:
    """What may be said of the pip half beside the files; what is said here counts before their lines.

    Attributes
    ----------
    index_url : str or None
        In place of the files' ``--index-url``.
    extra_index_urls, find_links : tuple of str
        Beside those of the files.
    no_index, prereleases : bool
        As in pip, ``--no-index`` and ``--pre``.
    build_on : Platform or None
        The running platform, to let source archives be built there where there is no wheel.
    sources : bool
        Lock a source archive, unbuilt, where there is no wheel and nothing is built.
    joint : bool
        Let the pip section move what conda chose freely.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    prereleases: bool = False
    build_on: Platform | None = None
    sources: bool = True
    joint: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PipSection:
    """The pip sections of all files, what they include put in its place.

    Attributes
    ----------
    items : tuple of PipItem
        Requirements and options, in the order of the files.
    constraints : tuple of PipItem
        The lines of files of constraints.
    folder : Path
        What relative paths start from.
    """

    items: tuple[PipItem, ...] = ()
    constraints: tuple[PipItem, ...] = ()
    folder: Path = field(default_factory=Path)

    def lines_on(self, platform: Platform) -> tuple[RequirementLine, ...]:
        """Return the requirements whose selector holds on a platform; markers are the engine's business."""
        return _lines(self.items, platform)


def _lines(items: Iterable[PipItem], platform: Platform) -> tuple[RequirementLine, ...]:
    return tuple(
        RequirementLine(text=item.text, span=item.span, category=item.category)
        for item in items
        if item.kind not in _NOT_REQUIREMENTS and item.counts_on(platform)
    )


def joint_request(
    request: SolveRequest, section: PipSection, options: PipOptions, base: PyPIOptions
) -> JointRequest:
    """Return the request for both halves of a platform.

    Parameters
    ----------
    request : SolveRequest
        The conda half.
    section : PipSection
        The pip sections of the files.
    options : PipOptions
        What is said beside them.
    base : PyPIOptions
        What both halves share: strategy, cut-off date, offline, limits.

    Returns
    -------
    JointRequest
        `pip` is asked of conda where a line has to be installed and nothing asks for it, as conda itself does.
    """
    lines = section.lines_on(request.platform)
    if not lines:
        return JointRequest(conda=request)
    if not any(spec.name == "pip" for spec in request.specs):
        request = replace(request, specs=(*request.specs, _PIP))
    return JointRequest(
        conda=request,
        lines=lines,
        constraints=_lines(section.constraints, request.platform),
        options=_pypi_options(section, request.platform, options, base),
        folder=section.folder,
    )


def _pypi_options(
    section: PipSection, platform: Platform, options: PipOptions, base: PyPIOptions
) -> PyPIOptions:
    said: dict[str, list[str]] = {}
    for item in section.items:
        if item.kind is PipKind.OPTION and item.counts_on(platform):
            for name, value in item.details.options:
                said.setdefault(name, []).append(_place(name, value, item, section.folder))
    links = (*options.find_links, *said.get("--find-links", ()))
    return replace(
        base,
        index_url=options.index_url or next(reversed(said.get("--index-url", [])), None),
        extra_index_urls=(*options.extra_index_urls, *said.get("--extra-index-url", ())),
        find_links=tuple(dict.fromkeys(links)),
        no_index=options.no_index or "--no-index" in said,
        prereleases=options.prereleases or "--pre" in said,
        build_on=options.build_on,
        sources=options.sources,
        no_binary=_names(said.get("--no-binary", ())),
        only_binary=_names(said.get("--only-binary", ())),
    )


def _place(name: str, value: str, item: PipItem, folder: Path) -> str:
    """Return the value of an option; a folder of links is looked for beside its own file first, as in pip."""
    if name != "--find-links" or "://" in value or os.path.isabs(value):  # noqa: PTH117 - text, as written
        return value
    beside = Path(item.span.path).parent / value
    return str((beside if beside.exists() else folder / value).absolute())


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """Return the names in values of ``--no-binary``; ``:none:`` empties what stands before it, as in pip."""
    found: list[str] = []
    for name in (one.strip() for value in values for one in value.split(",")):
        if name == ":none:":
            found.clear()
        elif name:
            found.append(name if name == ":all:" else pypi_name(name))
    return tuple(dict.fromkeys(found))


def locked_packages(outcome: JointOutcome) -> tuple[LockedPackage, ...]:
    """Return the pip half of a platform as packages of a lock, sorted by name."""
    return tuple(
        LockedPackage(
            record=one.to_record(), categories=one.categories, optional="main" not in one.categories
        )
        for one in outcome.distributions
    )


def pip_findings(
    section: PipSection,
    files: Sequence[Environment],
    outcomes: Sequence[JointOutcome],
    sources: Mapping[Platform, Sequence[RecordSource]],
) -> tuple[Finding, ...]:
    """Return what is worth knowing of the pip half, each thing once for all platforms that it is true of.

    Parameters
    ----------
    section : PipSection
        The pip sections of the files.
    files : sequence of Environment
        The files.
    outcomes : sequence of JointOutcome
        One for each platform, all with a solution.
    sources : mapping of Platform to RecordSource values
        The channels, to see what they have.

    Returns
    -------
    tuple of Finding
        In the order of their codes.
    """
    where: dict[tuple[str, str, str], list[str]] = {}
    for outcome in outcomes:
        for code, message, hint in _told(outcome, sources.get(outcome.platform, ())):
            where.setdefault((code, message, hint), []).append(outcome.platform.value)
    # Its lines may stand in files that it includes.
    named = [file.sources[0] for file in sorted(files, key=lambda file: not file.pip) if file.sources]
    path = named[0] if named else "<text>"
    found = []
    for (code, message, hint), platforms in sorted(where.items()):
        on = "" if len(platforms) == len(outcomes) else f" ({', '.join(platforms)})"
        found.append(_finding(code, message + on, hint, path, None))
    for item in section.items:
        for name, _ in item.details.options if item.kind is PipKind.OPTION else ():
            if name in _OF_INSTALLING:
                message = f"{name} says how files are fetched; the lock has their hashes, and no place for it"
                found.append(_finding("CE497", message, "", item.span.path, item))
    return tuple(sorted(found, key=lambda f: f.code))


def _finding(code: str, message: str, hint: str, path: str, item: PipItem | None) -> Finding:
    return Finding(
        code=code,
        severity=CODES[code].severity,
        message=mask_credentials(message),
        path=path,
        span=item.span if item else None,
        hint=hint,
    )


def _told(outcome: JointOutcome, sources: Sequence[RecordSource]) -> Iterator[tuple[str, str, str]]:
    yield from _moved(outcome)
    for name in outcome.assumed:
        message = (
            f"{name} of conda is taken to bring the distribution of its name, although nothing says so; "
            "pip would have installed one over it"
        )
        yield "CE493", message, "remove the line from the half that it does not belong to"
    for name, package in outcome.instead:
        message = f"{name} of PyPI comes with {package} of conda, whose own {name} is another package"
        yield "CE493", message, f"write `- {package}` yourself"
    for note in outcome.notes:
        yield _CODES_OF_NOTES.get(note.kind, "CE496"), note.message, note.hint
    yield from _same_files(outcome)
    yield from _in_channels(outcome, sources)


def _moved(outcome: JointOutcome) -> Iterator[tuple[str, str, str]]:
    asked = [move for move in outcome.moves if move.demand]
    along = [move for move in outcome.moves if not move.demand]
    for move in asked:
        lines = " and ".join(f"{line} ({line.span})" if line.span else str(line) for line in move.lines)
        change = f"{move.name} is {move.after or 'left out'} and not {move.before}"
        more = f"; {len(along)} more moved along" if along and move is asked[0] else ""
        yield "CE491", f"{change}, because {lines} needs {move.demand}{more}", f"write {move.demand} yourself"


def _same_files(outcome: JointOutcome) -> Iterator[tuple[str, str, str]]:
    assert outcome.solution is not None
    by_pip = {str(one.name): {via.parent for via in one.via} for one in outcome.distributions}
    names = by_pip.keys() | {str(one.name) for one in provided_by(outcome.solution.records)}
    for family in _SAME_FILES:
        # What another one of them brings along is where its files are: tensorflow-intel, on Windows.
        there = [name for name in family if name in names and by_pip.get(name, set()).isdisjoint(family)]
        if len(there) > 1 and not by_pip.keys().isdisjoint(there):
            message = f"{' and '.join(there)} install the same files; the one that comes last wins"
            yield "CE495", message, "keep one of them"


def _in_channels(outcome: JointOutcome, sources: Sequence[RecordSource]) -> Iterator[tuple[str, str, str]]:
    """Tell, in one finding, which distributions the channels have: those that lines ask for by name."""
    found = []
    for one in outcome.distributions:
        asked = any(not via.parent for via in one.via)
        if one.source is not SourceKind.INDEX or not asked:
            continue
        name = next((n for n in conda_names(one.name) or () if _has(sources, n, outcome.platform)), None)
        if name is not None:
            found.append(str(one.name) if str(name) == str(one.name) else f"{one.name} (as {name})")
    if found:
        verb = "is" if len(found) == 1 else "are"
        message = f"{', '.join(found)} {verb} on the channels, too"
        yield "CE494", message, "move them to the conda part, where they are solved with everything else"


def _has(sources: Sequence[RecordSource], name: str, platform: Platform) -> bool:
    try:
        return any(
            name in source.package_names(subdir) for source in sources for subdir in (platform, "noarch")
        )
    except ChannelError:
        return False
