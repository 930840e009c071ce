"""The question that is asked again and again while a conflict is looked for: whether lines go together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from condaenv_tools.errors import SolverTimeoutError, UnsatisfiableError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.request import Outcome, SolveOptions, Solver, SolveRequest

__all__ = ["OutOfTimeError", "Probe"]


class OutOfTimeError(Exception):
    """The time for a search is over; what is proven until then counts."""


class Probe:
    """Asks the solver about parts of one platform's request; the same question is asked once.

    Parameters
    ----------
    request : SolveRequest
        The platform, its channels and its virtual packages; its specs count for `learn` alone.
    solver : Solver
        What answers.
    options : SolveOptions, optional
        As the file itself is solved.
    until : float, optional
        Moment of `time.monotonic` after which nothing is asked any more.

    Attributes
    ----------
    solves : int
        How often the solver was asked.
    """

    def __init__(
        self,
        request: SolveRequest,
        solver: Solver,
        options: SolveOptions | None = None,
        *,
        until: float | None = None,
    ) -> None:
        self.request = request
        self.options = options or SolveOptions()
        self.solves = 0
        self._solver = solver
        self._until = until
        self._known: dict[frozenset[str], Outcome] = {}

    def fails(self, items: Sequence[Dependency]) -> bool:
        """Say whether lines exclude each other.

        Raises
        ------
        OutOfTimeError
            The time is over, or the solver's is.
        CondaEnvToolsError
            The solver failed for another reason than the lines.
        """
        return self.outcome([item.spec for item in items]).solution is None

    def changed(self, items: Sequence[Dependency], new: Mapping[Dependency, str | None]) -> Solution | None:
        """Return the solution with other texts in the place of some lines, None for a line that goes.

        Raises
        ------
        OutOfTimeError, CondaEnvToolsError
            As for `fails`.
        """
        specs = [item.spec for item in items if item not in new]
        specs += [MatchSpec.parse(text) for item in items if (text := new.get(item)) is not None]
        return self.outcome(specs).solution

    def under(self, options: SolveOptions) -> Probe:
        """Return a probe that solves otherwise, within the same time."""
        return Probe(self.request, self._solver, options, until=self._until)

    def learn(self, outcome: Outcome) -> None:
        """Take in the answer to the request itself, which need not be asked again."""
        self._known[_key(self.request.specs)] = outcome

    def outcome(self, specs: Sequence[MatchSpec]) -> Outcome:
        """Return the solver's answer to some specs: a solution, or an UnsatisfiableError.

        Raises
        ------
        OutOfTimeError, CondaEnvToolsError
            As for `fails`.
        """
        key = _key(specs)
        if key not in self._known:
            if self._until is not None and time.monotonic() > self._until:
                raise OutOfTimeError
            self.solves += 1
            request = replace(self.request, specs=tuple(specs))
            (outcome,) = self._solver.solve([request], self.options)
            if isinstance(outcome.error, SolverTimeoutError):
                raise OutOfTimeError from outcome.error
            if outcome.error is not None and not isinstance(outcome.error, UnsatisfiableError):
                raise outcome.error
            self._known[key] = outcome
        return self._known[key]


def _key(specs: Sequence[MatchSpec]) -> frozenset[str]:
    return frozenset(map(str, specs))
