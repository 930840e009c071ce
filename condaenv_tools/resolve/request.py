"""What is asked of a solver, and what comes back: values without an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from condaenv_tools.channels.source import RecordSource, SourceOptions
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["ChannelPriority", "Outcome", "SolveOptions", "SolveRequest", "Solver", "Strategy"]


class ChannelPriority(StrEnum):
    """Whether a package may come from a channel behind the first one that has its name."""

    STRICT = "strict"
    """Never."""
    FLEXIBLE = "flexible"
    """Only if nothing else solves."""
    DISABLED = "disabled"
    """Always: the newest version of all channels counts."""


class Strategy(StrEnum):
    """Which of the versions that work is taken."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    LOWEST_DIRECT = "lowest-direct"
    """The lowest of what is asked for, the highest of what that brings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveOptions:
    """How all platforms of one environment are solved.

    Attributes
    ----------
    channel_priority : ChannelPriority
        Strict unless said otherwise.
    strategy : Strategy
        Highest unless said otherwise.
    exclude_newer : datetime or None
        Aware; no record that was built later is taken, nor one that does not say when it was.
    time_limit : float or None
        Seconds for each platform.
    tells_why : bool
        Whether an error says why there is no answer. A search that asks many times whether there is one does
        without: the reason costs as much as the answer.
    """

    channel_priority: ChannelPriority = ChannelPriority.STRICT
    strategy: Strategy = Strategy.HIGHEST
    exclude_newer: datetime | None = None
    time_limit: float | None = None
    tells_why: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveRequest:
    """One platform of an environment.

    Attributes
    ----------
    platform : Platform
        The target machine.
    specs : tuple of MatchSpec
        What must be there. Their order does not change the answer.
    constraints : tuple of MatchSpec
        What must hold of the packages that are there for other reasons. Their order does not matter either.
    sources : tuple of RecordSource
        Where records come from, by falling priority.
    virtual_packages : tuple of VirtualPackage
        What may be assumed of the machine.
    reading : SourceOptions
        How the channels are read: cache, time limit of the network, offline.
    locked : tuple of PackageRecord
        What is preferred to all else of its name, whether or not a channel still has it.
    pinned : tuple of PackageRecord
        What is the only record of its name. Neither brings a package that nothing needs.
    """

    platform: Platform
    specs: tuple[MatchSpec, ...]
    sources: tuple[RecordSource, ...]
    virtual_packages: tuple[VirtualPackage, ...]
    constraints: tuple[MatchSpec, ...] = ()
    reading: SourceOptions = field(default_factory=SourceOptions)
    locked: tuple[PackageRecord, ...] = ()
    pinned: tuple[PackageRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer for one platform: a solution, or the error that says why there is none.

    Attributes
    ----------
    platform : Platform
        The target machine.
    solution : Solution or None
        None exactly where `error` is not.
    error : CondaEnvToolsError or None
        UnsatisfiableError, SolverTimeoutError or ChannelError.
    seconds : float
        Wall time, for the user's eyes only.
    """

    platform: Platform
    solution: Solution | None = None
    error: CondaEnvToolsError | None = None
    seconds: float = 0.0


class Solver(Protocol):
    """The seam: an engine that answers requests. It knows nothing of files, locks or terminals."""

    def solve(
        self,
        requests: Sequence[SolveRequest],
        options: SolveOptions,
        *,
        on_done: Callable[[Outcome], None] | None = None,
    ) -> tuple[Outcome, ...]:
        """Answer all requests side by side, in the order of the requests.

        `on_done` is called in the caller's thread as each one is answered. A request that fails does not
        stop the others.
        """
        ...
