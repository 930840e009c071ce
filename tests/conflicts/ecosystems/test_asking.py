"""Tests of how a search asks the pip half: each question once, and within its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from condaenv_tools.conflicts.ecosystems.asking import PipHalf
from condaenv_tools.errors import SolverTimeoutError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions, PyPIOutcome, PyPIRequest


def question(text: str, timeout: float | None = None) -> PyPIRequest:
    return PyPIRequest(
        platform=Platform.LINUX_64,
        python_version="3.12.7",
        requirements=(RequirementLine(text=text),),
        virtual_packages=default_virtual_packages(Platform.LINUX_64),
        options=PyPIOptions(timeout=timeout),
    )


class Engine:
    """Answers all but what it is told to fail at, and keeps what it was asked."""

    def __init__(self, failing: Sequence[str] = ()) -> None:
        self.asked: list[PyPIRequest] = []
        self.closed = 0
        self._failing = failing

    def resolve_all(
        self, requests: Sequence[PyPIRequest], *, on_done: Callable[[PyPIOutcome], None] | None = None
    ) -> tuple[PyPIOutcome, ...]:
        self.asked += requests
        return tuple(map(self._answer, requests))

    def _answer(self, request: PyPIRequest) -> PyPIOutcome:
        if request.requirements[0].text in self._failing:
            return PyPIOutcome(platform=request.platform, error=SolverTimeoutError("too slow"))
        return PyPIOutcome(platform=request.platform, packages=())

    def close(self) -> None:
        self.closed += 1


def test_the_same_question_is_asked_once_also_within_a_batch() -> None:
    engine = Engine()
    with PipHalf(engine=lambda: engine) as ask:
        first = ask([question("a"), question("b"), question("a")])
        again = ask([question("b")])
    assert [one.requirements[0].text for one in engine.asked] == ["a", "b"]
    assert [outcome.packages for outcome in (*first, *again)] == [()] * 4
    assert engine.closed == 1


def test_what_was_not_answered_is_asked_again() -> None:
    engine = Engine(failing=["a"])
    with PipHalf(engine=lambda: engine) as ask:
        assert [outcome.error is None for outcome in ask([question("a"), question("b")])] == [False, True]
        ask([question("a"), question("b")])
    assert [one.requirements[0].text for one in engine.asked] == ["a", "b", "a"]


def test_no_question_has_more_time_than_is_left() -> None:
    engine = Engine()
    with PipHalf(time.monotonic() + 60, engine=lambda: engine) as ask:
        ask([question("a"), question("b", timeout=5.0), question("c", timeout=500.0)])
    whole, own, long = (one.options.timeout for one in engine.asked)
    assert own == 5.0
    assert whole is not None
    assert whole == long
    assert 0 < whole <= 60


def test_behind_the_end_nothing_is_asked() -> None:
    engine = Engine()
    with PipHalf(time.monotonic() - 1, engine=lambda: engine) as ask:
        (outcome,) = ask([question("a")])
    assert isinstance(outcome.error, SolverTimeoutError)
    assert (engine.asked, engine.closed) == ([], 0)
