"""The first question about a file: whether each platform has a solution, asked within a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from condaenv_tools.channels.engine import network_timeout
from condaenv_tools.conflicts.search.guard import SolverFaultError, ask
from condaenv_tools.errors import SolverTimeoutError, UnsatisfiableError
from condaenv_tools.jobs.plan import LockOptions, Plan
from condaenv_tools.resolve.request import Outcome
from condaenv_tools.resolve.solve import SOLVERS

__all__ = ["first_answers"]

#: Seconds in which an engine is to notice that its time is over.
_GRACE = 2.0


def first_answers(
    plan: Plan, options: LockOptions, *, seconds: float, on_done: Callable[[Outcome], None] | None = None
) -> tuple[Outcome, ...]:
    """Solve all platforms of a plan, and go on without those that have no answer in time.

    Parameters
    ----------
    plan : Plan
        What to solve.
    options : LockOptions
        How.
    seconds : float
        For each platform; reading the channels has its own limit.
    on_done : callable, optional
        Told as each platform is answered.

    Returns
    -------
    tuple of Outcome
        In the order of the plan. One with a SolverTimeoutError or a SolverFaultError says nothing of its platform.

    Raises
    ------
    ParseError
        A spec cannot be given to the solver.
    ChannelError
        A channel did not answer.
    """
    own = options.solve.time_limit
    limit = max(0.001, seconds if own is None else min(seconds, own))
    # A server that is slow is no solver that hangs.
    patience = limit + network_timeout(options.sources) + _GRACE
    outcomes = ask(
        SOLVERS["rattler"],
        plan.requests,
        replace(options.solve, time_limit=limit, tells_why=False),
        patience=patience,
        on_done=on_done,
    )
    for outcome in outcomes:
        error = outcome.error
        if error is not None and not isinstance(
            error, (UnsatisfiableError, SolverTimeoutError, SolverFaultError)
        ):
            raise error
    return outcomes
