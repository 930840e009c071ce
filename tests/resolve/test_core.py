"""The core of what fails: it fails, and does not without any one member."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.resolve.core import Budget, find_core

ELEMENTS = list(range(24))
#: Sets that exclude each other: whatever holds one of them whole fails.
PLANTED = st.lists(st.sets(st.sampled_from(ELEMENTS), min_size=1, max_size=4), min_size=1, max_size=4)


def fails_with(planted: list[set[int]], part: object) -> bool:
    return any(one <= set(part) for one in planted)  # type: ignore[call-overload]


@given(PLANTED)
def test_a_core_fails_and_is_minimal(planted: list[set[int]]) -> None:
    core, minimal = find_core(ELEMENTS, lambda part: fails_with(planted, part), Budget(500))
    assert minimal
    assert fails_with(planted, core)
    assert not any(fails_with(planted, [other for other in core if other != one]) for one in core)
    assert list(core) == sorted(core)


@given(PLANTED, st.integers(0, 12))
def test_a_spent_budget_leaves_something_that_fails(planted: list[set[int]], attempts: int) -> None:
    calls = []

    def fails(part: object) -> bool:
        calls.append(part)
        return fails_with(planted, part)

    core, minimal = find_core(ELEMENTS, fails, Budget(attempts))
    assert len(calls) <= attempts
    assert fails_with(planted, core)
    if minimal:
        assert not any(fails_with(planted, [other for other in core if other != one]) for one in core)


def test_what_is_large_and_does_not_matter_is_dropped_in_few_steps() -> None:
    budget = Budget(1000)
    core, _ = find_core(range(400), lambda part: {3, 350} <= set(part), budget)
    assert core == (3, 350)
    assert 1000 - budget.left < 60


def test_the_earlier_of_two_reasons_is_named() -> None:
    assert find_core("abcd", lambda part: "b" in part or "d" in part, Budget(50)) == (("b",), True)


def test_what_fails_without_any_element_has_an_empty_core() -> None:
    assert find_core("abc", lambda part: True, Budget(50)) == ((), True)
