"""The pip half asked again and again by one search: by one engine, within a time, and each question once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from types import TracebackType

from condaenv_tools.errors import SolverTimeoutError
from condaenv_tools.resolve.pypi.engine import ENGINES
from condaenv_tools.resolve.pypi.request import PyPIEngine, PyPIOutcome, PyPIRequest

__all__ = ["PipHalf"]


class PipHalf(AbstractContextManager["PipHalf"]):
    """Answers the pip half for the time of a search, in which an index is taken not to change.

    Parameters
    ----------
    until : float, optional
        Moment of `time.monotonic` after which nothing is asked, and no answer is waited for.
    engine : callable
        Makes the engine, once something is asked.
    """

    def __init__(
        self, until: float | None = None, *, engine: Callable[[], PyPIEngine] = ENGINES["uv"]
    ) -> None:
        self._until = until
        self._make = engine
        self._engine: PyPIEngine | None = None
        self._known: dict[PyPIRequest, PyPIOutcome] = {}

    def __call__(self, requests: Sequence[PyPIRequest]) -> tuple[PyPIOutcome, ...]:
        """Return the answers in the order of the requests; where the time is over, a SolverTimeoutError each."""
        new = [one for one in dict.fromkeys(requests) if one not in self._known]
        left = None if self._until is None else self._until - time.monotonic()
        said = dict(zip(new, self._asked(new, left), strict=True))
        # What failed for want of time, or of an index, may have an answer another time.
        self._known.update((one, outcome) for one, outcome in said.items() if outcome.error is None)
        return tuple(self._known.get(one) or said[one] for one in requests)

    def _asked(self, requests: Sequence[PyPIRequest], left: float | None) -> tuple[PyPIOutcome, ...]:
        if not requests:
            return ()
        if left is not None and left <= 0:
            return tuple(PyPIOutcome(platform=one.platform, error=_late()) for one in requests)
        if self._engine is None:
            self._engine = self._make()
        return self._engine.resolve_all([_within(one, left) for one in requests])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what the engine made on the way."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def _within(request: PyPIRequest, left: float | None) -> PyPIRequest:
    own = request.options.timeout
    limits = [one for one in (own, left) if one is not None]
    return replace(request, options=replace(request.options, timeout=min(limits, default=None)))


def _late() -> SolverTimeoutError:
    return SolverTimeoutError("the time was over before the pip section was asked about")
