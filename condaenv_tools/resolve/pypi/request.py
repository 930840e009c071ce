"""What is asked of an index, and what comes back: values without an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from condaenv_tools.errors import CondaEnvToolsError, ParseError
from condaenv_tools.model.lock import ExtraNeed
from condaenv_tools.model.names import PyPIName
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.pypi.answer import Distribution, PyPIConflict, PyPINote
from condaenv_tools.resolve.pypi.given import Provided, RequirementLine
from condaenv_tools.resolve.request import Strategy

__all__ = [
    "Implementation",
    "Provided",
    "PyPIEngine",
    "PyPIOptions",
    "PyPIOutcome",
    "PyPIRequest",
    "RequirementLine",
]


class Implementation(StrEnum):
    """Who made the interpreter."""

    CPYTHON = "cpython"
    PYPY = "pypy"


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPIOptions:
    """How all platforms of one pip section are resolved.

    Attributes
    ----------
    index_url : str or None
        The index (PEP 503); None for the engine's default. References to variables are expanded late.
    extra_index_urls : tuple of str
        Looked at before `index_url`. The first index that has a name is the only one that counts for it.
    find_links : tuple of str
        Folders, or pages with links to archives.
    no_index : bool
        Look at `find_links` alone.
    prereleases : bool
        Take pre-releases of everything.
    strategy : Strategy
        Highest unless said otherwise.
    exclude_newer : datetime or None
        Aware; no file that was uploaded later is taken, nor one of an index that does not say when it was.
    build_on : Platform or None
        The running platform, to let source archives be built there where there is no wheel; None forbids it.
    sources : bool
        Lock a source archive, unbuilt, where no wheel answers a demand and nothing is built. What it needs is read
        from its files; where they leave that to the build, that is told.
    no_binary, only_binary : tuple of str
        Names, or ``:all:``.
    offline : bool
        Never use the network; what an earlier run left in the cache counts.
    timeout : float or None
        Seconds for each platform, all attempts together.
    network_timeout : float
        Seconds that an index may stay silent.
    tries : int
        How often a request that failed is made in all.
    cache_dir : Path or None
        Where the engine and we keep what was downloaded; None for the usual places of both.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    prereleases: bool = False
    strategy: Strategy = Strategy.HIGHEST
    exclude_newer: datetime | None = None
    build_on: Platform | None = None
    sources: bool = True
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    offline: bool = False
    timeout: float | None = None
    network_timeout: float = 30.0
    tries: int = 4
    cache_dir: Path | None = None

    def __post_init__(self) -> None:
        if self.exclude_newer is not None and self.exclude_newer.tzinfo is None:
            raise ParseError(
                "exclude_newer has no time zone", hints=["give an aware time, such as one in UTC"]
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPIRequest:
    """The pip section of one environment on one platform.

    Attributes
    ----------
    platform : Platform
        The target machine.
    virtual_packages : tuple of VirtualPackage
        What may be assumed of it: ``__glibc`` and ``__osx`` decide which wheels run there.
    python_version : str
        In full, such as ``"3.12.7"``.
    requirements, constraints : tuple of RequirementLine
        In the order of the files. Markers are evaluated here.
    provided : tuple of Provided
        What conda brings: given, and never part of the answer.
    unclear : tuple of PyPIName
        Names of conda packages of which nobody knows what they bring: it may be the distribution of that name.
    options : PyPIOptions
        Where to look, and what to take.
    folder : Path or None
        What relative paths of lines start from; None for the working directory.
    implementation : Implementation
        Who made the interpreter.
    free_threaded : bool
        Whether the interpreter has no global lock (``cp313t``).
    """

    platform: Platform
    virtual_packages: tuple[VirtualPackage, ...]
    python_version: str
    requirements: tuple[RequirementLine, ...]
    constraints: tuple[RequirementLine, ...] = ()
    provided: tuple[Provided, ...] = ()
    unclear: tuple[PyPIName, ...] = ()
    options: PyPIOptions = field(default_factory=PyPIOptions)
    folder: Path | None = None
    implementation: Implementation = Implementation.CPYTHON
    free_threaded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PyPIOutcome:
    """The answer for one platform: the archives, a conflict, or the error that says why nothing is known.

    Attributes
    ----------
    platform : Platform
        The target machine.
    packages : tuple of Distribution or None
        Sorted by name; None where there is a conflict or an error.
    conflict : PyPIConflict or None
        What excludes each other.
    error : CondaEnvToolsError or None
        IndexFailureError, SolverTimeoutError, ParseError or UnsupportedError.
    notes : tuple of PyPINote
        What is worth knowing, sorted by kind and name.
    extra_needs : tuple of ExtraNeed
        What the extras of what conda provides need, as far as they are asked for; sorted.
    seconds : float
        Wall time, for the user's eyes only.
    """

    platform: Platform
    packages: tuple[Distribution, ...] | None = None
    conflict: PyPIConflict | None = None
    error: CondaEnvToolsError | None = None
    notes: tuple[PyPINote, ...] = ()
    extra_needs: tuple[ExtraNeed, ...] = ()
    seconds: float = 0.0


class PyPIEngine(Protocol):
    """The seam: an engine that answers requests. It knows nothing of files, locks or terminals.

    One instance serves one or more batches and is closed behind the last; it is called from one thread.
    """

    def resolve_all(
        self,
        requests: Sequence[PyPIRequest],
        *,
        on_done: Callable[[PyPIOutcome], None] | None = None,
    ) -> tuple[PyPIOutcome, ...]:
        """Answer all requests side by side, in the order of the requests.

        `on_done` is called in the caller's thread as each one is answered. What goes wrong with one is in its
        outcome and is not raised. Nothing is left running when `KeyboardInterrupt` ends the call.
        """
        ...

    def close(self) -> None:
        """Remove what was made on the way."""
        ...
