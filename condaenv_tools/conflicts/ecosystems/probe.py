"""The question of a search for conflicts between both halves: whether some lines of them go together."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from condaenv_tools.conflicts.ecosystems.values import Item, JointChange
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.resolve.joint import PyPISolve, solve_joint
from condaenv_tools.resolve.joint_request import JointOutcome, JointRequest
from condaenv_tools.resolve.pypi.answer import ConflictKind
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.request import SolveOptions, Strategy

__all__ = ["JointProbe", "ask_together"]

#: Whatever is asked about has these, since without them there is nothing that could install a line.
_ALWAYS = (MatchSpec.parse("python"), MatchSpec.parse("pip"))

#: What no index has, conda may bring where a line no longer pins it.
_ABSENT = frozenset({ConflictKind.ABSENT, ConflictKind.NO_VERSION})

#: Seconds of a question that is asked in any case.
_LEAST = 0.05


class JointProbe:
    """Asks both solvers about parts of one platform's request; the same question is asked once.

    Parameters
    ----------
    request : JointRequest
        The whole of both halves.
    options : SolveOptions, optional
        Of the conda half.
    ask : callable
        What answers the pip half.
    joint : bool
        As for `solve_joint`.
    until : float, optional
        Moment of `time.monotonic` after which nothing is asked any more.

    Attributes
    ----------
    free : tuple of str
        conda packages that lines for pip need in other versions: without the line that pins one, conda would still
        be the one to bring it, where no index has it.
    solves : int
        How often both were asked.
    """

    def __init__(
        self,
        request: JointRequest,
        options: SolveOptions | None = None,
        *,
        ask: PyPISolve = resolve_all,
        joint: bool = True,
        until: float | None = None,
    ) -> None:
        self.free: tuple[str, ...] = ()
        self.request = request
        self.options = options or SolveOptions()
        self.solves = 0
        self._ask = ask
        self._joint = joint
        self._until = until
        self._known: dict[tuple[frozenset[str], frozenset[str], Strategy], JointOutcome] = {}

    def fails(self, items: Sequence[Item]) -> bool:
        """Say whether lines exclude each other, also where conda brings the packages of `free` in any version.

        Raises
        ------
        OutOfTimeError
            The time is over, or something outside kept the answer away.
        """
        request = self._request(items, {})
        outcome = self._answer(request)
        if outcome.solution is not None:
            return False
        if outcome.failure is None or all(one.kind not in _ABSENT for one in outcome.failure.conflicts):
            return True
        there = {spec.name for spec in request.conda.specs}
        more = tuple(MatchSpec(name=name) for name in self.free if name not in there)
        if not more or not request.lines:
            return True
        freed = replace(request, conda=replace(request.conda, specs=(*request.conda.specs, *more)))
        return self._answer(freed).solution is None

    def outcome(self, items: Sequence[Item]) -> JointOutcome:
        """Return the answer to some lines.

        Raises
        ------
        OutOfTimeError
            As for `fails`.
        """
        return self._answer(self._request(items, {}))

    def changed(
        self, items: Sequence[Item], new: Mapping[Item, JointChange], *, strategy: Strategy | None = None
    ) -> JointOutcome:
        """Return the answer with other texts in the place of some lines, and another strategy of the pip half.

        Raises
        ------
        OutOfTimeError
            As for `fails`.
        """
        request = self._request(items, new)
        if strategy is not None:
            request = replace(request, options=replace(request.options, strategy=strategy))
        return self._answer(request)

    def _request(self, items: Sequence[Item], new: Mapping[Item, JointChange]) -> JointRequest:
        specs: list[MatchSpec] = []
        texts: dict[tuple[str, object], str] = {}
        for item in items:
            change = new.get(item)
            if change is not None and change.to is None:
                continue
            text = item.text if change is None or change.to is None else change.to
            if isinstance(item, Dependency):
                specs.append(item.spec if change is None else MatchSpec.parse(text))
            elif change is not None and change.moved:
                specs.append(MatchSpec.parse(text))
            else:
                texts[item.text, item.span] = text
        lines = _kept(self.request.lines, texts)
        always = [spec for spec in _ALWAYS if lines and all(spec.name != one.name for one in specs)]
        return replace(
            self.request,
            conda=replace(self.request.conda, specs=(*specs, *always)),
            lines=lines,
            constraints=_kept(self.request.constraints, texts),
        )

    def learn(self, outcome: JointOutcome) -> None:
        """Take in the answer to the whole request, which need not be asked again."""
        if _is_answer(outcome):
            self._known[_key(self.request)] = outcome

    @property
    def until(self) -> float | None:
        """Moment of `time.monotonic` at which the time is over."""
        return self._until

    def _answer(self, request: JointRequest) -> JointOutcome:
        key = _key(request)
        if key not in self._known:
            self.solves += 1
            outcome = self._asked(request)
            if not _is_answer(outcome):
                # The whole was answered before: what fails now, such as a page that no cache has, proves nothing.
                raise OutOfTimeError from outcome.error
            self._known[key] = outcome
        return self._known[key]

    def _asked(self, request: JointRequest) -> JointOutcome:
        if self._until is not None and time.monotonic() > self._until:
            raise OutOfTimeError
        (outcome,) = self.solved([request])
        return outcome

    def solved(self, requests: Sequence[JointRequest]) -> tuple[JointOutcome, ...]:
        """Return the answers to requests side by side, within the time, whatever is known of them."""
        options = replace(self.options, tells_why=False)
        if self._until is not None:
            left = max(_LEAST, self._until - time.monotonic())
            limits = [one for one in (options.time_limit, left) if one is not None]
            options = replace(options, time_limit=min(limits))
        # Whom to blame is found by questions of the search, which keep within its time.
        return solve_joint(requests, options, ask=self._ask, joint=self._joint, blame=False)


def ask_together(probes: Sequence[JointProbe]) -> tuple[JointOutcome, ...]:
    """Ask about the whole of several platforms side by side, with the options and the time of the first.

    Parameters
    ----------
    probes : sequence of JointProbe
        One for each platform; each keeps its answer.

    Returns
    -------
    tuple of JointOutcome
        In the order of the probes; what has no answer in time has a SolverTimeoutError.
    """
    if not probes:
        return ()
    outcomes = probes[0].solved([probe.request for probe in probes])
    for probe, outcome in zip(probes, outcomes, strict=True):
        probe.solves += 1
        probe.learn(outcome)
    return outcomes


def _is_answer(outcome: JointOutcome) -> bool:
    return outcome.error is None or isinstance(outcome.error, UnsatisfiableError)


def _key(request: JointRequest) -> tuple[frozenset[str], frozenset[str], Strategy]:
    specs = frozenset(map(str, request.conda.specs))
    lines = frozenset(repr((line.text, line.span)) for line in (*request.lines, *request.constraints))
    return specs, lines, request.options.strategy


def _kept(
    lines: Sequence[RequirementLine], texts: Mapping[tuple[str, object], str]
) -> tuple[RequirementLine, ...]:
    return tuple(
        replace(line, text=texts[line.text, line.span]) for line in lines if (line.text, line.span) in texts
    )
