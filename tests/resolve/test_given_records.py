"""Records that are preferred, or that cannot move, whether or not a channel has them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from condaenv_tools.errors import UnsatisfiableError, UnsupportedError
from condaenv_tools.resolve.solve import solve
from tests.builders import record
from tests.resolve.toy import World

RECORDS = (
    *(record("a", v, "b") for v in ("1", "2")),
    *(record("b", v) for v in ("1", "2")),
    record("c", "1", "b >=2"),
)
A1, B1 = record("a", "1", "b"), record("b", "1")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, {"toy": RECORDS})


def test_what_is_locked_is_preferred(world: World) -> None:
    (outcome,) = solve([replace(world.request("a"), locked=(A1, B1))])
    assert outcome.solution is not None
    assert [str(r) for r in outcome.solution.records] == ["a 1 0", "b 1 0"]


def test_what_is_locked_moves_where_it_has_to_and_what_is_pinned_does_not(world: World) -> None:
    request = world.request("a", "c")
    (free,) = solve([replace(request, locked=(A1, B1))])
    (held,) = solve([replace(request, locked=(A1,), pinned=(B1,))])
    assert free.solution is not None
    assert [str(r) for r in free.solution.records] == ["a 1 0", "b 2 0", "c 1 0"]
    assert isinstance(held.error, UnsatisfiableError)


def test_a_pin_brings_nothing_that_is_not_needed(world: World) -> None:
    (outcome,) = solve([replace(world.request("b"), pinned=(A1, B1))])
    assert outcome.solution is not None
    assert [str(r) for r in outcome.solution.records] == ["b 1 0"]


def test_a_record_that_the_channel_lacks_comes_back_with_all_that_it_said(world: World) -> None:
    gone = record("b", "1.5", build_number=3, purls=("pkg:pypi/b",), timestamp=1_600_000_000_000)
    (outcome,) = solve([replace(world.request("a"), pinned=(gone,), locked=(A1,))])
    assert outcome.solution is not None
    assert outcome.solution.records == (A1, gone)


def test_a_record_that_is_none_is_told(world: World) -> None:
    (outcome,) = solve([replace(world.request("a"), pinned=(replace(B1, version="1 2 [x"),))])
    assert isinstance(outcome.error, UnsupportedError)
    assert "b 1 2 [x 0 of the lock cannot be given to the solver" in outcome.error.message
