"""Both halves of an environment in one reasoning step: conda's solution first, the pip section against it.

What conda chose is given to the pip half. If that has no answer because of a version that conda chose, the demand
goes back to conda as a constraint, and both are asked again, until they agree, or until nothing is left to try.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from condaenv_tools.channels.names import conda_names, pypi_names
from condaenv_tools.errors import CondaEnvToolsError, UnsatisfiableError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import PyPIName, pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.joint_demands import Demand, demands_of, merged
from condaenv_tools.resolve.joint_failure import ATTEMPTS, find_refusals, no_agreement, no_python
from condaenv_tools.resolve.joint_request import JointFailure, JointOutcome, JointRequest, Move
from condaenv_tools.resolve.provided import interpreter_of, provided_by, unclear_names
from condaenv_tools.resolve.pypi.answer import Distribution, PyPIConflict
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.request import PyPIOutcome, PyPIRequest
from condaenv_tools.resolve.request import Outcome, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import solve

__all__ = ["ATTEMPTS", "solve_joint"]

#: Requests of the pip half in, an outcome for each out, in their order.
PyPISolve = Callable[[Sequence[PyPIRequest]], tuple[PyPIOutcome, ...]]


def solve_joint(  # noqa: PLR0913 - the seam of the pip half, and two switches
    requests: Sequence[JointRequest],
    options: SolveOptions | None = None,
    *,
    ask: PyPISolve = resolve_all,
    joint: bool = True,
    blame: bool = True,
    on_done: Callable[[JointOutcome], None] | None = None,
) -> tuple[JointOutcome, ...]:
    """Solve both halves of every platform, all platforms side by side.

    Parameters
    ----------
    requests : sequence of JointRequest
        One for each platform.
    options : SolveOptions, optional
        Of the conda half.
    ask : callable
        What answers the requests of the pip half, side by side.
    joint : bool
        Hand the pip half's demands back to conda. Without it the first conflict is the answer.
    blame : bool
        Look for the specs of the conda half that stand against a demand; not needed for a yes or no.
    on_done : callable, optional
        Told of each platform as it is settled, in the caller's thread.

    Returns
    -------
    tuple of JointOutcome
        In the order of the requests; a platform that fails does not hide the others.

    Notes
    -----
    A conflict names the conda packages that are part of it, each with the versions that the pip half could live
    with. One of them is moved at a time, before all of them together; the first combination on which both halves
    agree is taken, so a package moves only where it must. At most `ATTEMPTS` times for each platform.
    """
    options = options or SolveOptions()
    searches = [_Search(request, options, joint=joint, blame=blame) for request in requests]
    while True:
        open_ = [search for search in searches if search.outcome is None]
        if not open_:
            return tuple(search.outcome for search in searches if search.outcome is not None)
        _one_round(open_, options, ask)
        for search in open_:
            if search.outcome is not None and on_done:
                on_done(search.outcome)


def _one_round(searches: Sequence[_Search], options: SolveOptions, ask: PyPISolve) -> None:
    stale = [search for search in searches if search.needs_conda]
    for search, outcome in zip(stale, solve([s.conda_request() for s in stale], options), strict=True):
        search.take_conda(outcome)
    waiting = [search for search in searches if search.outcome is None and search.solution is not None]
    asked = [search.pip_request() for search in waiting]
    for search, answer in zip(waiting, ask(asked) if asked else (), strict=True):
        search.take_pip(answer)


class _Search:
    """The state of one platform: what has been tried, and what is left to try."""

    def __init__(self, request: JointRequest, options: SolveOptions, *, joint: bool, blame: bool) -> None:
        self.request = request
        self._options = options
        self.outcome: JointOutcome | None = None
        self.solution: Solution | None = None
        self._joint = joint
        self._blame = blame
        self._demands: tuple[Demand, ...] = ()
        self._todo: list[tuple[Demand, ...]] = []
        self._seen: set[frozenset[str]] = {frozenset()}
        self._attempts = 1
        self._assumed: set[str] = set()
        # Distributions with the name of another conda package, and what conda brings them with, if anything.
        self._instead: dict[PyPIName, str | None] = {}
        self._alone: Solution | None = None
        self._conflicts: list[PyPIConflict] = []
        self._refused: dict[tuple[Demand, ...], str] = {}
        self._seconds = 0.0

    @property
    def needs_conda(self) -> bool:
        return self.outcome is None and self.solution is None

    def conda_request(self) -> SolveRequest:
        constraints = (*self.request.conda.constraints, *(demand.spec for demand in self._demands))
        more = tuple(MatchSpec.parse(name) for name in self._instead.values() if name is not None)
        return replace(self.request.conda, specs=(*self.request.conda.specs, *more), constraints=constraints)

    def take_conda(self, answer: Outcome) -> None:
        self._seconds += answer.seconds
        if answer.solution is None:
            assert answer.error is not None
            if any(self._instead.values()) and isinstance(answer.error, UnsatisfiableError):
                # Not with what else would bring it: conda's package of the same name has to do.
                self._instead = dict.fromkeys(self._instead)
                return
            if not self._conflicts or not isinstance(answer.error, UnsatisfiableError):
                self._fail(answer.error)
                return
            self._refused[self._demands] = answer.error.message
            self._next()
            return
        self.solution = answer.solution
        self._alone = self._alone or answer.solution
        if not self.request.lines:
            self._succeed(None)
        elif interpreter_of(answer.solution.records) is None:
            self._fail(no_python(self.request))

    def pip_request(self) -> PyPIRequest:
        assert self.solution is not None
        python = interpreter_of(self.solution.records)
        assert python is not None
        return PyPIRequest(
            platform=self.solution.platform,
            virtual_packages=self.solution.virtual_packages,
            python_version=python.version,
            implementation=python.implementation,
            free_threaded=python.free_threaded,
            requirements=self.request.lines,
            constraints=self.request.constraints,
            provided=provided_by(self.solution.records, also=self._assumed),
            unclear=unclear_names(self.solution.records),
            options=self.request.options,
            folder=self.request.folder,
        )

    def take_pip(self, answer: PyPIOutcome) -> None:
        assert self.solution is not None
        if answer.error is not None:
            self._fail(answer.error)
        elif answer.packages is not None:
            if not self._keep_apart(answer.packages):
                self._succeed(answer)
        else:
            assert answer.conflict is not None
            self._take_conflict(answer.conflict)

    def _keep_apart(self, found: Sequence[Distribution]) -> bool:
        """Say whether to ask once more, since a distribution has the name of a conda package that is there.

        A lock tells packages of the two halves apart by their names. Where the table knows that conda's package
        is another thing (`tzdata`), the one that does bring the distribution (`python-tzdata`) is asked of conda.
        Where nobody knows, or there is none, conda's package is taken to be the distribution, and that is told.
        """
        assert self.solution is not None
        here = {pypi_name(record.name): record.name for record in self.solution.records}
        clashes = {d.name: here[d.name] for d in found if d.name in here}
        for name, owner in clashes.items():
            before = self._instead.get(name)
            # What was asked for and does not bring it, whatever the table says, is not asked for again.
            after = None if name in self._instead else _other_provider(self.request.conda, name, owner)
            self._instead[name] = after
            if after != before:
                self.solution = None
            if after is None:
                self._assumed.add(owner)
        return bool(clashes)

    def _take_conflict(self, conflict: PyPIConflict) -> None:
        self._conflicts.append(conflict)
        demands = demands_of(conflict) if self._joint else ()
        together = [demands] if len(demands) > 1 else []
        # What is tried first stands last.
        for more in [*together, *((demand,) for demand in reversed(demands))]:
            wanted = merged(self._demands, more)
            key = frozenset(str(demand.spec) for demand in wanted)
            if key not in self._seen:
                self._seen.add(key)
                self._todo.append(wanted)
        self._next()

    def _next(self) -> None:
        if not self._todo or self._attempts >= ATTEMPTS:
            self._disagree()
            return
        self._attempts += 1
        self._demands = self._todo.pop()
        self.solution = None
        # Which names clash follows from what both halves choose under these demands.
        self._instead.clear()
        self._assumed.clear()

    def _succeed(self, pip: PyPIOutcome | None) -> None:
        assert self.solution is not None
        assert self._alone is not None
        self.outcome = JointOutcome(
            platform=self.request.conda.platform,
            solution=self.solution,
            distributions=(pip and pip.packages) or (),
            moves=_moves(self._alone.records, self.solution.records, self._demands),
            assumed=tuple(sorted(self._assumed)),
            instead=tuple(sorted((str(k), v) for k, v in self._instead.items() if v is not None)),
            notes=pip.notes if pip else (),
            extra_needs=pip.extra_needs if pip else (),
            seconds=self._seconds,
        )

    def _disagree(self) -> None:
        failure = JointFailure(
            conflicts=tuple(self._conflicts),
            refusals=find_refusals(self.request, self._options, self._refused, blame=self._blame),
            complete=not self._todo,
        )
        self._fail(no_agreement(self.request, failure), failure)

    def _fail(self, error: CondaEnvToolsError, failure: JointFailure | None = None) -> None:
        self.outcome = JointOutcome(
            platform=self.request.conda.platform, error=error, failure=failure, seconds=self._seconds
        )


def _other_provider(request: SolveRequest, name: PyPIName, owner: str) -> str | None:
    """Return the conda package that brings a distribution, where the one of its name is known to be another."""
    if pypi_names(owner) is None:
        return None
    subdirs = (request.platform, "noarch")
    for one in conda_names(name) or ():
        if one != owner and any(
            one in source.package_names(subdir) for source in request.sources for subdir in subdirs
        ):
            return str(one)
    return None


def _moves(
    before: Sequence[PackageRecord], after: Sequence[PackageRecord], demands: Sequence[Demand]
) -> tuple[Move, ...]:
    if not demands:
        return ()
    old, new = ({r.name: r.version for r in records} for records in (before, after))
    asked: dict[str, list[Demand]] = {}
    for demand in demands:
        asked.setdefault(demand.spec.name, []).append(demand)
    found = []
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            mine = asked.get(name, ())
            found.append(
                Move(
                    name=name,
                    before=old.get(name),
                    after=new.get(name),
                    demand=", ".join(demand.text for demand in mine),
                    lines=tuple(dict.fromkeys(line for demand in mine for line in demand.lines)),
                )
            )
    return tuple(sorted(found, key=lambda move: (not move.demand, move.name)))
