"""Thousands of files checked by several processes, in the order of the request."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace

from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_each

__all__ = ["check_in_processes"]

_Groups = list[tuple[CheckedFile, ...]]


def check_in_processes(
    paths: Sequence[str], options: CheckOptions, *, stdin: bytes, workers: int, chunk: int
) -> Iterator[tuple[CheckedFile, ...]]:
    """Yield each file with those that it includes.

    The processes are spawned, never forked: the engine's threads, should they run, do not survive a fork. An
    interrupt ends all of them at once.

    Parameters
    ----------
    paths : sequence of str
        The files.
    options : CheckOptions
        As for `check_files`; without `sources`.
    stdin : bytes
        What ``-`` stands for.
    workers, chunk : int
        Processes, and files that each takes at a time.
    """
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts)
    done = False
    try:
        parts = [paths[at : at + chunk] for at in range(0, len(paths), chunk)]
        futures: list[Future[_Groups]] = [
            pool.submit(_check_part, part, options, stdin if "-" in part else b"") for part in parts
        ]
        for future in futures:
            yield from future.result()
        done = True
    finally:
        if not done:
            for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way before 3.14
                process.terminate()
        pool.shutdown(wait=done, cancel_futures=True)


def _check_part(paths: Sequence[str], options: CheckOptions, stdin: bytes) -> _Groups:
    groups = check_each(paths, options, stdin=stdin)
    if options.environments:
        return list(groups)
    return [tuple(replace(file, environment=None) for file in group) for group in groups]


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which reaches the whole group, to the process that was started by the user."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
