"""Requests in, outcomes out, whatever the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from condaenv_tools.resolve.rattler_solver import RattlerSolver
from condaenv_tools.resolve.request import Outcome, SolveOptions, Solver, SolveRequest

__all__ = ["SOLVERS", "solve"]

#: The engines, by name.
SOLVERS: dict[str, Solver] = {"rattler": RattlerSolver()}


def solve(
    requests: Sequence[SolveRequest],
    options: SolveOptions | None = None,
    *,
    engine: str = "rattler",
    on_done: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Solve all requests side by side.

    Works inside a running event loop (a notebook) as well as without one.

    Parameters
    ----------
    requests : sequence of SolveRequest
        One for each platform.
    options : SolveOptions, optional
        Priority, strategy, cut-off date and time limit for all of them.
    engine : str
        A key of `SOLVERS`.
    on_done : callable, optional
        Told of each outcome as it comes, in the caller's thread.

    Returns
    -------
    tuple of Outcome
        In the order of the requests; a platform that fails does not hide the others.
    """
    return SOLVERS[engine].solve(requests, options or SolveOptions(), on_done=on_done)
