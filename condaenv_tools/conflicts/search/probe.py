"""The question that is asked again and again while a conflict is looked for: whether lines go together."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from condaenv_tools.conflicts.search.guard import SolverFaultError, ask
from condaenv_tools.errors import CondaEnvToolsError, SolverTimeoutError, UnsatisfiableError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.request import Outcome, SolveOptions, Solver, SolveRequest

__all__ = ["OutOfTimeError", "Probe"]

#: No single question takes more than this part of the time that is left, or this many seconds if that is more.
_PART, _LEAST = 3.0, 2.0
#: Seconds in which the engine is to notice that its time is over.
_GRACE = 2.0


class OutOfTimeError(Exception):
    """The time for a search is over; what is proven until then counts."""


class Probe:
    """Asks the solver about parts of one platform's request; the same question is asked once.

    More lines never fail less: what follows from an earlier answer is not asked at all. Lines that name a
    channel are left out of that, because they change which records of other lines an engine looks at.

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
    trouble : str
        What the solver last said in place of an answer; empty where it always answered.
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
        self.trouble = ""
        self._solver = solver
        self._until = until
        self._known: dict[frozenset[str], Outcome] = {}
        self._asked: set[frozenset[str]] = set()
        self._going: list[tuple[frozenset[str], Solution]] = []
        self._failing: list[frozenset[str]] = []

    def fails(self, items: Sequence[Dependency]) -> bool | None:
        """Say whether lines exclude each other; None where the solver had no answer to this question.

        Raises
        ------
        OutOfTimeError
            The time is over.
        CondaEnvToolsError
            A channel failed, or a spec cannot be given to the solver.
        """
        specs = [item.spec for item in items]
        known = self._foreseen(specs)
        if known is not None:
            return known
        if _key(specs) in self._asked:
            return None
        try:
            return self._outcome(specs).solution is None
        except SolverTimeoutError:
            self.trouble = "the time of one question ran out"
        except SolverFaultError as error:
            self.trouble = error.message
        self._asked.add(_key(specs))
        if self.is_late:
            raise OutOfTimeError
        return None

    def changed(self, items: Sequence[Dependency], new: Mapping[Dependency, str | None]) -> Solution | None:
        """Return the solution with other texts in the place of some lines, None for a line that goes.

        Raises
        ------
        OutOfTimeError, CondaEnvToolsError
            As for `outcome`.
        """
        specs = [item.spec for item in items if item not in new]
        specs += [MatchSpec.parse(text) for item in items if (text := new.get(item)) is not None]
        return self.outcome(specs).solution

    def under(self, options: SolveOptions | None = None, request: SolveRequest | None = None) -> Probe:
        """Return a probe that solves otherwise, or on another machine, within the same time."""
        return Probe(request or self.request, self._solver, options or self.options, until=self._until)

    def learn(self, outcome: Outcome) -> None:
        """Take in the answer to the request itself, which need not be asked again."""
        if outcome.error is None or isinstance(outcome.error, UnsatisfiableError):
            self._keep(self.request.specs, outcome)

    def is_known(self, items: Sequence[Dependency]) -> bool:
        """Say whether it is known, without asking, if lines go together."""
        return self._foreseen([item.spec for item in items]) is not None

    @property
    def is_late(self) -> bool:
        """Whether the time is over."""
        return self._until is not None and time.monotonic() > self._until

    def outcome(self, specs: Sequence[MatchSpec]) -> Outcome:
        """Return the solver's answer to some specs: a solution, or an UnsatisfiableError.

        Raises
        ------
        OutOfTimeError
            The time is over, or the solver's is, or it had no answer.
        CondaEnvToolsError
            A channel failed, or a spec cannot be given to the solver.
        """
        try:
            return self._outcome(specs)
        except (SolverTimeoutError, SolverFaultError) as error:
            self.trouble = error.message
            raise OutOfTimeError from error

    def _outcome(self, specs: Sequence[MatchSpec]) -> Outcome:
        known = self._known.get(_key(specs))
        if known is not None:
            return known
        if self.is_late:
            raise OutOfTimeError
        self.solves += 1
        request = replace(self.request, specs=tuple(specs))
        options, patience = self._within_time()
        (outcome,) = ask(self._solver, [request], options, patience=patience)
        if outcome.error is not None and not isinstance(outcome.error, UnsatisfiableError):
            if isinstance(outcome.error, CondaEnvToolsError):
                raise outcome.error
            raise SolverFaultError("the solver answered with what is no answer")
        self._keep(specs, outcome)
        return outcome

    def _within_time(self) -> tuple[SolveOptions, float | None]:
        """Return options and seconds for one question, so that one which hangs leaves time for others."""
        if self._until is None:
            return self.options, None
        left = max(0.05, self._until - time.monotonic())
        limit = min(left, max(left / _PART, _LEAST))
        if self.options.time_limit is not None:
            limit = min(limit, self.options.time_limit)
        return replace(self.options, time_limit=limit), limit + _GRACE

    def _keep(self, specs: Sequence[MatchSpec], outcome: Outcome) -> None:
        self._known[_key(specs)] = outcome
        if any(spec.channel is not None for spec in specs):
            return
        if outcome.solution is not None:
            self._going.append((_key(specs), outcome.solution))
        else:
            self._failing.append(_key(specs))

    def _foreseen(self, specs: Sequence[MatchSpec]) -> bool | None:
        """Return what follows from earlier answers, if anything does."""
        asked = _key(specs)
        if asked in self._known:
            return self._known[asked].solution is None
        if any(spec.channel is not None for spec in specs):
            return None
        if any(failing <= asked for failing in self._failing):
            return True
        if any(_goes(asked, specs, *going) for going in self._going):
            return False
        return None


def _goes(
    asked: frozenset[str], specs: Iterable[MatchSpec], proven: frozenset[str], solution: Solution
) -> bool:
    """Say whether a solution of other specs is one of these, too."""
    if asked <= proven:
        return True
    rest = [spec for spec in specs if str(spec) not in proven]
    # What holds under a condition, and what asks for extras, is not seen at a record by itself.
    if any(spec.when is not None or spec.extras or spec.flags or spec.has_name_pattern for spec in rest):
        return False
    records = {record.name: record for record in solution.records}
    return all(
        not is_virtual(spec.name) and spec.name in records and spec.matches(records[spec.name])
        for spec in rest
    )


def _key(specs: Sequence[MatchSpec]) -> frozenset[str]:
    return frozenset(map(str, specs))
