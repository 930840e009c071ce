"""Conflicts of a platform in words: whatever happens, a user gets the lines to blame."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from condaenv_tools.conflicts import explain
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.conflicts.search.universe import Universe as Records
from condaenv_tools.conflicts.words.chains import find_chain
from condaenv_tools.errors import ChannelError, UnsatisfiableError
from condaenv_tools.resolve.request import ChannelPriority, Outcome, SolveOptions, SolveRequest
from tests.builders import moved, record
from tests.conflicts.brute import LINUX, Brute, Memory, lines, request
from tests.conflicts.worlds import Universe, universes

OLD = (record("numpy", "1.26"), record("numpy", "2.0"), record("pandas", "1.5", "numpy <2"))


@settings(max_examples=150, deadline=None)
@given(universes())
def test_every_conflict_has_words(universe: Universe) -> None:
    probe = Probe(request(universe.records), Brute())
    found = explain_platform(universe.items, probe)
    assert bool(found.conflicts) == probe.fails(universe.items)
    for conflict in found.conflicts:
        assert conflict.account.text
        assert not conflict.account.fault
        assert tuple(item for item, _ in conflict.account.remarks) == conflict.members


def test_what_strict_priority_hides_is_a_conflict_of_one_line() -> None:
    behind = Memory("behind", (moved(record("numpy", "3.0"), "https://conda.anaconda.org/behind"),))
    found = explain_platform(lines("numpy=3"), Probe(request(OLD, more=[behind]), Brute()))
    (conflict,) = found.conflicts
    assert conflict.account.text == (
        "no numpy of toy fits numpy=3: it has 1.26, 2.0; strict channel priority hides those of behind"
    )
    assert "behind::numpy=3" in conflict.account.hints[0]


def test_strict_priority_is_not_blamed_where_it_does_not_hold() -> None:
    place = "https://conda.anaconda.org/behind"
    behind = Memory("behind", (moved(record("pandas", "2.0", "numpy >=2"), place),))
    free = SolveOptions(channel_priority=ChannelPriority.DISABLED)
    probe = Probe(request(OLD, more=[behind]), Brute(), free)
    (conflict,) = explain_platform(lines("numpy=1.26", "pandas=2"), probe).conflicts
    assert conflict.account.text == "every pandas 2 (2.0) needs numpy >=2; numpy=1.26 excludes it"
    assert conflict.account.hints == ()


def test_strict_priority_is_blamed_for_what_a_package_brings_too() -> None:
    new = moved(record("numpy", "3.0"), "https://conda.anaconda.org/behind")
    asks = record("xgeo", "1.0", "numpy >=3")
    probe = Probe(request([*OLD, asks], more=[Memory("behind", (new,))]), Brute())
    (conflict,) = explain_platform(lines("xgeo"), probe).conflicts
    assert conflict.account.text == (
        "every xgeo (1.0) needs numpy >=3; toy has numpy 1.26 and 2.0; strict channel priority is part of it: "
        "these lines go together with packages of all channels"
    )


def test_a_name_that_is_nowhere_is_told_with_what_looks_like_it() -> None:
    (conflict,) = explain_platform(lines("nunpy"), Probe(request(OLD), Brute())).conflicts
    assert conflict.account.text == "no package on toy is called nunpy"
    assert conflict.account.hints == ("did you mean numpy?",)


def nothing(*_args: object, **_options: object) -> None:
    return None


def broken(*_args: object, **_options: object) -> None:
    raise KeyError("a record like no other of https://me:hunter2@conda.example.org/toy")


def test_a_case_distinction_is_told_case_by_case() -> None:
    """Each of the lines goes with either release of `p` and of `q`; together they go with none."""
    records = [
        *(record(name, version) for name in ("p", "q") for version in ("1.0", "2.0")),
        record("same", "1.0", "p =1", "q =1"),
        record("same", "2.0", "p =2", "q =2"),
        record("other", "1.0", "p =1", "q =2"),
        record("other", "2.0", "p =2", "q =1"),
    ]
    (conflict,) = explain_platform(lines("same", "other"), Probe(request(records), Brute())).conflicts
    head, first, second = conflict.account.further
    assert head == "no release of other, which they need, will do"
    assert first == (
        "with other 1.0: every other 1.0 needs p 1.*; every other 1.0 needs q 2.*; "
        "same 2.0 needs p 2.*, and only p 1.0 is left; same 1.0 needs q 1.*, and only q 2.0 is left; "
        "no same is left"
    )
    assert second.startswith("with other 2.0: every other 2.0 needs p 2.*")


def unanswered(*_args: object, **_options: object) -> None:
    raise ChannelError("channel toy answered 503", channel="toy")


@pytest.mark.parametrize(
    ("search", "fault"),
    [
        (nothing, ""),
        (unanswered, ""),
        (broken, "KeyError: 'a record like no other of https://********@conda.example.org/toy'"),
    ],
)
def test_without_a_chain_the_solver_speaks_and_a_fault_is_told(
    monkeypatch: pytest.MonkeyPatch, search: object, fault: str
) -> None:
    monkeypatch.setattr(explain, "find_chain", search)
    monkeypatch.setattr(explain, "find_cases", search)
    (conflict,) = explain_platform(lines("numpy=2", "pandas"), Probe(request(OLD), Brute())).conflicts
    assert conflict.account.text == ("it takes a case distinction to see why; the solver says: it cannot be")
    assert conflict.account.fault == fault
    told = (f"a fault of condaenv keeps the reason away, please report it: {fault}",) if fault else ()
    assert conflict.account.hints == told


class Failing:
    """A solver whose channel does not answer."""

    def solve(
        self, requests: Sequence[SolveRequest], options: SolveOptions, **_others: object
    ) -> tuple[Outcome, ...]:
        del options
        error = ChannelError("channel toy answered 503", channel="toy")
        return tuple(Outcome(platform=one.platform, error=error) for one in requests)


def test_a_channel_that_fails_is_no_conflict() -> None:
    with pytest.raises(ChannelError, match="503"):
        explain_platform(lines("a"), Probe(request([]), Failing()))


def test_no_time_at_all_leaves_the_lines_as_they_are() -> None:
    items = lines("numpy=2", "pandas")
    probe = Probe(request(OLD, "numpy=2", "pandas"), Brute(), until=0.0)
    probe.learn(Outcome(platform=LINUX, error=UnsatisfiableError("no", reasons={})))
    found = explain_platform(items, probe)
    assert not found.complete
    (conflict,) = found.conflicts
    assert conflict.members == items
    assert not conflict.core.minimal
    assert "the time ran out" in conflict.account.text


@pytest.mark.parametrize("text", ["numpy >>=", "[[", "numpy[when='python <3']", "*", "numpy ^(["])
def test_records_that_nobody_can_read_do_not_stop_it(text: str) -> None:
    asked = request([*OLD, record("odd", "1.0", "pandas", text)], "numpy=2", "odd")
    found = find_chain(lines("numpy=2", "odd"), Records(asked))
    assert found is not None
    assert found.name == "numpy"
