"""An engine asked at arm's length: what it throws is an answer, and what never answers is given up."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence

from condaenv_tools.errors import CondaEnvToolsError, SolverTimeoutError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.request import Outcome, SolveOptions, Solver, SolveRequest

__all__ = ["SolverFaultError", "ask"]

#: What an engine says: one answer, all of them at its end, or what it raised.
_Said = Outcome | tuple[Outcome, ...] | BaseException

#: A waiting thread looks up this often, so that Ctrl-C is seen on every system.
_SLICE = 0.1


class SolverFaultError(CondaEnvToolsError):
    """The engine answered neither with a solution nor with a reason: nothing is known of what was asked."""


def ask(
    solver: Solver,
    requests: Sequence[SolveRequest],
    options: SolveOptions,
    *,
    patience: float | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Ask an engine, and return within the time whatever it does.

    Parameters
    ----------
    solver : Solver
        The engine. It runs in a thread of its own, which is left behind if it does not come back.
    requests : sequence of SolveRequest
        What is asked.
    options : SolveOptions
        How it is solved; `time_limit` is the engine's own business.
    patience : float, optional
        Seconds after which no answer is waited for.
    on_done : callable, optional
        Told of each answer as it comes, in the caller's thread.

    Returns
    -------
    tuple of Outcome
        In the order of the requests. What was raised, a missing answer and one that says nothing are errors of
        their requests: a SolverTimeoutError where the patience is over, else a SolverFaultError, or what was
        raised where it is an error of ours.
    """
    answers: queue.SimpleQueue[_Said] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(tuple(solver.solve(requests, options, on_done=answers.put)))
        except BaseException as error:  # noqa: BLE001 - an engine's panic is no Exception, and counts as well
            answers.put(error)

    threading.Thread(target=work, name="condaenv-solve", daemon=True).start()
    deadline = None if patience is None else time.monotonic() + patience
    found: dict[Platform, Outcome] = {}
    while isinstance(said := _next(answers, deadline), Outcome):
        if _is_answer(said):
            found[said.platform] = said
            if on_done:
                on_done(said)
    error: CondaEnvToolsError = SolverFaultError("the solver did not answer")
    if said is None:
        error = SolverTimeoutError(f"the solver did not answer within {patience:g} s")
    elif isinstance(said, BaseException):
        error = _ours(said)
    else:
        found.update((one.platform, one) for one in said if _is_answer(one))
    return tuple(
        found.get(request.platform, Outcome(platform=request.platform, error=error)) for request in requests
    )


def _next(answers: queue.SimpleQueue[_Said], deadline: float | None) -> _Said | None:
    while True:
        left = _SLICE if deadline is None else min(_SLICE, deadline - time.monotonic())
        try:
            return answers.get(timeout=max(0.0, left))
        except queue.Empty:
            if deadline is not None and time.monotonic() >= deadline:
                return None


def _is_answer(said: object) -> bool:
    """Say whether what an engine handed over is a solution or an error, and not neither or both."""
    return isinstance(said, Outcome) and (said.solution is None) != (said.error is None)


def _ours(raised: BaseException) -> CondaEnvToolsError:
    if isinstance(raised, CondaEnvToolsError):
        return raised
    try:
        said = str(raised)
    except Exception:  # noqa: BLE001 - its words are worth nothing, its class is
        said = ""
    error = SolverFaultError(
        mask_credentials(f"the solver failed: {type(raised).__name__}: {said}".rstrip(": "))
    )
    error.__cause__ = raised
    return error
