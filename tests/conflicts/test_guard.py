"""Whatever a solver says, and whenever it says it: a user gets at least the lines to blame."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.conflicts import explain as explain_module
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.guard import SolverFaultError, ask
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.errors import ChannelError, SolverTimeoutError, UnsatisfiableError
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import Outcome, SolveOptions, SolveRequest
from tests.builders import record
from tests.conflicts.brute import LINUX, Brute, lines, request
from tests.conflicts.worlds import Universe, universes

OLD = (record("numpy", "1.26"), record("numpy", "2.0"), record("pandas", "1.5", "numpy <2"))


class PanicError(BaseException):
    """What an engine written in another language throws: no Exception."""


class MuteError(RuntimeError):
    """An error that cannot even be told."""

    def __str__(self) -> str:
        raise ValueError("no words")


def unsatisfiable(words: str) -> Outcome:
    return Outcome(platform=LINUX, error=UnsatisfiableError(words, reasons={}))


#: What a solver may do in place of an answer.
ODD: dict[str, Callable[[], Any]] = {
    "nothing": lambda: (),
    "neither": lambda: (Outcome(platform=LINUX),),
    "elsewhere": lambda: (Outcome(platform=Platform.WIN_64, error=UnsatisfiableError("no", reasons={})),),
    "no outcome": lambda: ("unsatisfiable",),
    "none": lambda: None,
    "foreign error": lambda: (Outcome(platform=LINUX, error=KeyError("x")),),  # type: ignore[arg-type]
    "time": lambda: (Outcome(platform=LINUX, error=SolverTimeoutError("late")),),
    "channel": lambda: (Outcome(platform=LINUX, error=ChannelError("503", channel="toy")),),
}
RAISED: dict[str, Callable[[], BaseException]] = {
    "panic": lambda: PanicError("index out of bounds"),
    "mute": MuteError,
    "runtime": lambda: RuntimeError("https://me:hunter2@conda.example.org/toy"),
    "memory": MemoryError,
    "exit": lambda: SystemExit(3),
}
WORDS = ("", "\n\n", "it cannot be", "├─ \x1b[31mpandas\x1b[0m\n" * 40, "{}", "%s", "\u202e\ufffd")


class Odd:
    """A solver that answers as brute force does, in odd words, and does odd things at some questions."""

    def __init__(self, plan: Sequence[str], words: str = "it cannot be") -> None:
        self._plan = list(plan)
        self._words = words
        self._brute = Brute()

    def solve(self, requests: Sequence[SolveRequest], options: SolveOptions, **_others: Any) -> Any:
        deed = self._plan.pop(0) if self._plan else "right"
        if deed in RAISED:
            error = RAISED[deed]()
            raise error
        if deed in ODD:
            return ODD[deed]()
        (outcome,) = self._brute.solve(requests, options)
        return (unsatisfiable(self._words),) if outcome.solution is None else (outcome,)


@settings(max_examples=150, deadline=None)
@given(
    universes(),
    st.lists(st.sampled_from(["right", "right", *ODD, *RAISED]), max_size=30),
    st.sampled_from(WORDS),
    st.booleans(),
)
def test_a_user_gets_at_least_the_core(universe: Universe, plan: list[str], words: str, every: bool) -> None:  # noqa: FBT001
    asked = request(universe.records, *(str(item) for item in universe.items))
    truth = Probe(asked, Brute())
    if not truth.fails(universe.items):
        return
    probe = Probe(asked, Odd(plan, words))
    probe.learn(unsatisfiable(words))
    found = explain_platform(universe.items, probe, all_cores=5 if every else None)
    assert found.conflicts
    assert found.known
    for conflict in found.conflicts:
        assert truth.fails(conflict.members)
        assert conflict.account.text
        assert not conflict.account.fault
        assert "hunter2" not in conflict.account.text
        assert {item for item, _ in conflict.account.remarks} == set(conflict.members)
        if conflict.core.minimal and len(conflict.members) > 1:
            for item in conflict.members:
                assert not truth.fails([one for one in conflict.members if one is not item])


@settings(max_examples=100, deadline=None)
@given(universes(), st.lists(st.booleans(), max_size=40))
def test_a_solver_that_contradicts_itself_ends_as_well(universe: Universe, coins: list[bool]) -> None:
    class Coin:
        def solve(self, requests: Sequence[SolveRequest], options: SolveOptions, **_others: Any) -> Any:
            (outcome,) = Brute().solve(requests, options)
            return (unsatisfiable("no"),) if coins and coins.pop() else (outcome,)

    asked = request(universe.records, *(str(item) for item in universe.items))
    probe = Probe(asked, Coin())
    probe.learn(unsatisfiable("no"))
    for conflict in explain_platform(universe.items, probe, all_cores=5).conflicts:
        assert conflict.members
        assert conflict.account.text


class Hanging:
    """A solver that never comes back from a question about some lines."""

    def __init__(self, *names: str) -> None:
        self._names = set(names)
        self.over = threading.Event()

    def solve(self, requests: Sequence[SolveRequest], options: SolveOptions, **_others: Any) -> Any:
        if self._names <= {str(spec.name) for one in requests for spec in one.specs}:
            self.over.wait()
            return ()
        return Brute().solve(requests, options)


def test_a_solve_that_hangs_takes_part_of_the_time_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The whole file is never answered; the two lines to blame are found by themselves."""
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._GRACE", 0.05)
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._LEAST", 0.05)
    solver = Hanging("numpy", "pandas", "scipy")
    records = [*OLD, record("scipy", "1.0")]
    probe = Probe(request(records), solver, until=time.monotonic() + 30)
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._PART", 300.0)
    found = explain_platform(lines("scipy", "numpy=2", "pandas"), probe)
    solver.over.set()
    (conflict,) = found.conflicts
    assert [str(item) for item in conflict.members] == ["numpy=2", "pandas"]
    assert conflict.core.minimal


def test_where_every_solve_hangs_the_records_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._GRACE", 0.02)
    solver = Hanging()
    probe = Probe(request(OLD), solver, until=time.monotonic() + 0.05)
    found = explain_platform(lines("numpy=3", "pandas"), probe)
    solver.over.set()
    assert [[str(item) for item in conflict.members] for conflict in found.conflicts] == [["numpy=3"]]
    assert found.conflicts[0].core.minimal
    assert not found.complete
    assert "no numpy fits numpy=3" in found.conflicts[0].account.text


def test_nothing_known_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("condaenv_tools.conflicts.search.probe._GRACE", 0.02)
    solver = Hanging()
    probe = Probe(request(OLD), solver, until=time.monotonic() + 0.05)
    found = explain_platform(lines("numpy", "pandas"), probe)
    solver.over.set()
    assert (found.conflicts, found.known, found.complete) == ((), False, False)


@pytest.mark.parametrize("name", [*ODD, *RAISED])
def test_what_is_no_answer_is_an_error_of_its_request(name: str) -> None:
    (outcome,) = ask(Odd([name]), [request(OLD, "numpy")], SolveOptions())
    assert outcome.platform == LINUX
    assert outcome.solution is None
    assert outcome.error is not None
    if name in {"panic", "mute", "runtime", "memory", "exit", "nothing", "neither", "none"}:
        assert isinstance(outcome.error, SolverFaultError)
        assert "hunter2" not in str(outcome.error)


def test_a_probe_says_what_kept_the_answer_away() -> None:
    probe = Probe(request(OLD), Odd(["panic", "panic"]))
    assert probe.fails(lines("numpy")) is None
    assert probe.trouble == "the solver failed: PanicError: index out of bounds"
    assert probe.fails(lines("numpy")) is None
    assert probe.solves == 1
    with pytest.raises(OutOfTimeError):
        probe.outcome([lines("pandas")[0].spec])


def test_a_fault_in_the_first_look_costs_questions_and_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise KeyError("a record like no other")

    monkeypatch.setattr(explain_module, "seen_conflicts", broken)
    (conflict,) = explain_platform(lines("numpy=2", "pandas"), Probe(request(OLD), Brute())).conflicts
    assert len(conflict.members) == 2
    assert conflict.core.minimal


def test_what_follows_from_an_answer_is_not_asked() -> None:
    solver = Brute()
    probe = Probe(request([*OLD, record("scipy", "1.0", "numpy")]), solver)
    items = lines("scipy", "numpy", "numpy>=2", "pandas")
    assert probe.fails([items[0]]) is False
    # The solution has a numpy, and it is the newest.
    assert probe.fails(items[:3]) is False
    assert probe.fails([items[2], items[3]]) is True
    assert probe.fails(items) is True
    assert len(solver.asked) == 2
