"""Requests side by side: uv is a process, so a thread for each is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from condaenv_tools.resolve.pypi.request import PyPIOutcome, PyPIRequest

__all__ = ["side_by_side"]

#: At a time, whatever the processor: an engine waits for the index most of the time.
_WORKERS = 8


def side_by_side(
    requests: Sequence[PyPIRequest],
    resolve: Callable[[PyPIRequest], PyPIOutcome],
    stop: Callable[[], None],
    *,
    workers: int | None = None,
    on_done: Callable[[PyPIOutcome], None] | None = None,
) -> tuple[PyPIOutcome, ...]:
    """Return the outcome of each request, in their order; whatever ends the wait stops what is under way."""
    if not requests:
        return ()
    pool = ThreadPoolExecutor(min(len(requests), workers or _WORKERS))
    try:
        futures = {pool.submit(resolve, request): i for i, request in enumerate(requests)}
        outcomes: dict[int, PyPIOutcome] = {}
        for future in as_completed(futures):
            outcomes[futures[future]] = future.result()
            if on_done:
                on_done(outcomes[futures[future]])
        return tuple(outcomes[i] for i in range(len(requests)))
    except BaseException:
        stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
