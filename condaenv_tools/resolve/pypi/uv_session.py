"""One request under way: what was read of it, and how uv is asked about it and about parts of it."""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.version import Version

from condaenv_tools.channels.options import SourceOptions, cache_folder
from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.pypi.answer import NoteKind, PyPINote
from condaenv_tools.resolve.pypi.given import Provided, RequirementLine
from condaenv_tools.resolve.pypi.index_pages import Pages
from condaenv_tools.resolve.pypi.lines import AskedLine, read_line
from condaenv_tools.resolve.pypi.markers import MarkerEnvironment
from condaenv_tools.resolve.pypi.metadata import Metadata
from condaenv_tools.resolve.pypi.placeholders import Placeholders
from condaenv_tools.resolve.pypi.request import PyPIRequest
from condaenv_tools.resolve.pypi.sources import SourceReader, Sources
from condaenv_tools.resolve.pypi.stubs import StubFolder, python_version_of
from condaenv_tools.resolve.pypi.tags import TagOrder, supported_tags
from condaenv_tools.resolve.pypi.uv_binary import Run, Runner, TimeLimitError
from condaenv_tools.resolve.pypi.uv_project import Places, Question, builds, write_question
from condaenv_tools.resolve.pypi.web import Web

__all__ = ["Part", "Session", "Stub", "cache_of"]

#: A distribution that conda provides, its version as PEP 440 reads it, and its stub.
Stub = tuple[Provided, Version, Path]
#: Exit codes of uv with which it has understood all: there is an answer, or there is none.
_ANSWERS = frozenset({0, 1})

_URL = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a request, the whole of it by default.

    Attributes
    ----------
    lines, constraints : tuple of AskedLine or None
        Those that count; None for all.
    pinned : tuple of Stub or None
        What conda provides and must stay; None for all.
    added, excluded : tuple of str
        More requirements and constraints, in uv's words.
    no_deps, annotated : bool
        As `Question` has them.
    """

    lines: tuple[AskedLine, ...] | None = None
    constraints: tuple[AskedLine, ...] | None = None
    pinned: tuple[Stub, ...] | None = None
    added: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    no_deps: bool = False
    annotated: bool = False


class Session:
    """One request under way.

    Attributes
    ----------
    request : PyPIRequest
        What is asked.
    lines, constraints : tuple of AskedLine
        Those whose marker holds on the machine, in the order of the request.
    stubs : tuple of Stub
        What conda provides, sorted by name.
    sources : Sources
        The source archives that may be taken where there is no wheel.
    dropped : tuple of PyPIName
        What conda provides in a version that nothing can be compared with, sorted.
    """

    def __init__(
        self, request: PyPIRequest, *, uv: str, runner: Runner, folder: StubFolder, reader: SourceReader
    ) -> None:
        self.request = request
        # What else an answer depends on, beside the question.
        bare = replace(request, requirements=(), constraints=(), provided=(), unclear=())
        self._world = replace(bare, options=replace(request.options, timeout=None))
        self._uv = uv
        self._runner = runner
        self._folder = folder
        self._deadline = (
            None if request.options.timeout is None else time.monotonic() + request.options.timeout
        )
        self._default: str | None = None
        self._web: Web | None = None
        self._pages: Pages | None = None
        self.sources = Sources(reader, folder)
        self.markers = MarkerEnvironment(request)
        self.tags = TagOrder(supported_tags(request))
        self.placeholders = Placeholders(os.environ)
        self._base = Path.cwd() if request.folder is None else request.folder.absolute()
        self.lines = self._kept(request.requirements)
        self.constraints = self._kept(request.constraints)
        self.places = self._expanded_places()
        self.provided = {one.name: one for one in sorted(request.provided, key=lambda one: one.name)}
        versions = {name: python_version_of(one.version) for name, one in self.provided.items()}
        self.stubs: tuple[Stub, ...] = tuple(
            (one, version, folder.path_of(one, version))
            for name, one in self.provided.items()
            if (version := versions[name]) is not None
        )
        self.dropped = tuple(name for name, version in versions.items() if version is None)
        self._check_sources()

    def learn(self, name: PyPIName, metadata: Metadata | None, reason: str = "") -> None:
        """Take in what conda's version of a distribution asks for, or why that is not known."""
        before = self.provided[name]
        if metadata is None:
            known = replace(before, unread=reason)
        else:
            known = replace(before, requires=metadata.requires, extras=metadata.extras)
        self.provided[name] = known
        self.stubs = tuple(
            (known, version, self._folder.path_of(known, version))
            if one.name == name
            else (one, version, path)
            for one, version, path in self.stubs
        )

    def _kept(self, lines: Iterable[RequirementLine]) -> tuple[AskedLine, ...]:
        read = [read_line(line, self.placeholders, self._base) for line in lines]
        return tuple(line for line in read if self.markers.holds(line.marker))

    def _expanded_places(self) -> Places:
        options = self.request.options
        expand = self.placeholders.expand
        return Places(
            index_url=None if options.index_url is None else expand(options.index_url),
            extra_index_urls=tuple(map(expand, options.extra_index_urls)),
            find_links=tuple(self._folder_url(expand(place)) for place in options.find_links),
        )

    def _folder_url(self, place: str) -> str:
        return place if "://" in place else (self._base / os.path.expanduser(place)).absolute().as_uri()  # noqa: PTH111

    def _check_sources(self) -> None:
        if self.request.options.no_binary and not builds(self.request):
            raise UnsupportedError(
                f"{', '.join(self.request.options.no_binary)} is to be built from source, and building is not "
                f"allowed for {self.request.platform}",
                hints=["allow building with --build (on the running platform only), or drop --no-binary"],
            )

    def notes(self) -> list[PyPINote]:
        """Return what is worth knowing of the request itself."""
        found = [
            PyPINote(
                kind=NoteKind.UNREADABLE_VERSION,
                name=name,
                message=f"conda provides {name} {self.provided[name].version}, which is no version that pip "
                "reads: nothing is compared with it, and whatever asks for it is taken as met",
            )
            for name in self.dropped
        ]
        options = self.request.options
        if options.build_on is not None and not builds(self.request):
            found.append(
                PyPINote(
                    kind=NoteKind.BUILD_ELSEWHERE,
                    name="",
                    message=f"nothing is built for {self.request.platform}, as it is not the running platform",
                )
            )
        return found

    @property
    def takes_sources(self) -> bool:
        """Whether a source archive may be locked unbuilt."""
        return self.request.options.sources and not builds(self.request)

    @staticmethod
    def named(line: AskedLine) -> str | None:
        """Return the name of a line, or of the archive that it points to."""
        return line.name or pypi_name(line.place.rsplit("/", 1)[-1].partition("-")[0])

    def question(self, part: Part) -> Question:
        """Return what uv is asked for a part of the request.

        What conda provides and is not pinned is one candidate among others.
        """
        lines = self.lines if part.lines is None else part.lines
        constraints = self.constraints if part.constraints is None else part.constraints
        pins = self.stubs if part.pinned is None else part.pinned
        names = {one.name for one, _, _ in pins}
        return Question(
            requirements=(*(line.text for line in lines), *part.added),
            constraints=(*(line.text for line in constraints), *part.excluded),
            pinned=pins,
            offered=tuple(stub for stub in self.stubs if stub[0].name not in names),
            sources=self.sources.stubs(),
            dropped=self.dropped,
            places=self.places,
            no_deps=part.no_deps,
            annotated=part.annotated,
        )

    def ask(self, part: Part) -> Run:
        """Run uv for a part of the request, unless this engine has run it for the same before.

        Raises
        ------
        TimeLimitError, Interrupted
            The time limit of the request ran out; the caller stopped it.
        """
        asked = (self.question(part), self._world)
        if asked in self._runner.known:
            return self._runner.known[asked]
        limit = None if self._deadline is None else self._deadline - time.monotonic()
        if limit is not None and limit <= 0:
            raise TimeLimitError
        with tempfile.TemporaryDirectory(prefix="condaenv-uv-") as name:
            folder = Path(name)
            command, environ = write_question(asked[0], self.request, folder=folder, uv=self._uv)
            run = self._runner.run(command, folder=folder, environ=environ, limit=limit)
        if run.code in _ANSWERS:
            self._runner.known[asked] = run
        return run

    def default_index(self) -> str | None:
        """Return the index that uv reads where none is named; uv says it itself."""
        if self._default is not None:
            return self._default
        command = [
            self._uv,
            "pip",
            "compile",
            "requirements.in",
            "--emit-index-url",
            "--no-header",
            "--offline",
        ]
        with tempfile.TemporaryDirectory(prefix="condaenv-uv-") as name:
            folder = Path(name)
            plain = Question(requirements=())
            _, environ = write_question(plain, self.request, folder=folder, uv=self._uv)
            run = self._runner.run(
                [*command, "--no-config", "--no-python-downloads"], folder=folder, environ=environ, limit=30
            )
        found = _URL.search(run.output)
        self._default = found[0] if found else None
        return self._default

    def web(self) -> Web:
        """Return what reads from the places of the request; `close` closes it."""
        if self._web is None:
            places, options = self.places, self.request.options
            urls = [*places.extra_index_urls, places.index_url or "", *places.find_links]
            urls += [line.text.partition(" @ ")[2] or line.text for line in self.lines]
            self._web = Web(
                [url for url in urls if "://" in url],
                timeout=options.network_timeout,
                offline=options.offline,
                tries=options.tries,
            )
        return self._web

    def close(self) -> None:
        """Close the connections that are kept."""
        if self._web is not None:
            self._web.close()

    def pages(self) -> Pages:
        """Return the pages of the indexes of the request, in the order in which uv asks them."""
        if self._pages is not None:
            return self._pages
        places, options = self.places, self.request.options
        indexes: list[str] = []
        if not options.no_index:
            default = places.index_url or self.default_index()
            indexes = [*places.extra_index_urls, *([default] if default else [])]
        self._pages = Pages(self.web(), indexes, places.find_links, self.placeholders, self.cache() / "pages")
        return self._pages

    def shown(self, text: str) -> str:
        """Return a text of uv's without credentials and values of variables."""
        return mask_credentials(self.placeholders.restore(text))

    def cache(self) -> Path:
        """Return where metadata is kept."""
        return cache_of(self.request)


def cache_of(request: PyPIRequest) -> Path:
    """Return where what was read for a request is kept."""
    return cache_folder(SourceOptions(cache_dir=request.options.cache_dir)) / "pypi"
