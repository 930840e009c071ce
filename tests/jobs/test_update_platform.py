"""The conda half of an update against brute force on toy universes: no solution moves fewer packages."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import UnsatisfiableError
from condaenv_tools.jobs.update_platform import PlatformQuestion, update_platform
from condaenv_tools.lock.wanted import parse_wanted
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.parse.environment_yml import loads_environment
from condaenv_tools.resolve.request import SolveOptions, Strategy
from condaenv_tools.resolve.solve import solve
from tests.builders import record
from tests.resolve.toy import World

NAMES = ("a", "b", "c", "d")
VERSIONS = ("1", "2", "3")
Universe = tuple[PackageRecord, ...]
Chosen = dict[str, PackageRecord]

bounds = st.sampled_from(["", "", ">=2", "<3", "<2", "==2", ">=3"])


@st.composite
def universes(draw: st.DrawFn) -> Universe:
    """Four packages of three versions; each needs some of those behind it in the alphabet."""
    found = []
    for index, name in enumerate(NAMES):
        for version in VERSIONS:
            needed = draw(st.lists(st.sampled_from(NAMES[index + 1 :] or ("d",)), max_size=2, unique=True))
            depends = [f"{other} {draw(bounds)}".strip() for other in needed if other != name]
            limits = draw(st.lists(st.sampled_from(["b <3", "c <2", "d >=2"]), max_size=1))
            limits = [limit for limit in limits if limit[0] > name]
            found.append(record(name, version, *depends, constrains=tuple(limits)))
    return tuple(found)


def solutions(universe: Universe, specs: list[str]) -> Iterator[Chosen]:
    """Yield every choice of at most one version for each name that has what is asked for and is consistent."""
    options = [[None, *(r for r in universe if r.name == name)] for name in NAMES]
    wanted = [MatchSpec.parse(spec) for spec in specs]
    for choice in product(*options):
        chosen = {one.name: one for one in choice if one is not None}
        if all(spec.name in chosen and spec.matches(chosen[spec.name]) for spec in wanted) and sound(chosen):
            yield chosen


def sound(chosen: Mapping[str, PackageRecord]) -> bool:
    for one in chosen.values():
        for text in one.depends:
            spec = MatchSpec.parse(text)
            if spec.name not in chosen or not spec.matches(chosen[spec.name]):
                return False
        for text in one.constrains:
            spec = MatchSpec.parse(text)
            if spec.name in chosen and not spec.matches(chosen[spec.name]):
                return False
    return True


def moved(chosen: Mapping[str, PackageRecord], locked: Mapping[str, PackageRecord]) -> set[str]:
    return {name for name, one in chosen.items() if name in locked and locked[name] != one}


def locked_in(world: World, *specs: str) -> tuple[PackageRecord, ...] | None:
    """Return an old lock: the lowest versions that go together."""
    (outcome,) = solve([world.request(*specs)], SolveOptions(strategy=Strategy.LOWEST))
    return outcome.solution.records if outcome.solution else None


@settings(max_examples=40, deadline=None)
@given(universes(), st.sampled_from(["b >=2", "c >=2", "d >=3", "d", "c >=3"]))
def test_a_new_line_moves_as_few_as_any_solution_does(universe: Universe, line: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), {"toy": universe})
        locked = locked_in(world, "a")
        if locked is None:
            return
        answer = update_platform(PlatformQuestion(request=world.request("a", line), records=locked))
    before = {one.name: one for one in locked}
    possible = list(solutions(universe, ["a", line]))
    if not possible:
        assert isinstance(answer.error, UnsatisfiableError)
        return
    assert answer.solution is not None
    after = {one.name: one for one in answer.solution.records}
    assert sound(after)
    assert MatchSpec.parse(line).matches(after[line[0]])
    assert answer.proven
    assert moved(after, before) == answer.moved
    assert len(answer.moved) == min(len(moved(chosen, before)) for chosen in possible)


@settings(max_examples=40, deadline=None)
@given(universes(), st.sampled_from(NAMES))
def test_a_named_package_is_as_new_as_it_can_be_and_then_as_few_others_move(
    universe: Universe, name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), {"toy": universe})
        locked = locked_in(world, "a")
        before = {one.name: one for one in locked or ()}
        if name not in before:
            return
        answer = update_platform(
            PlatformQuestion(request=world.request("a"), records=locked or (), wanted=parse_wanted([name]))
        )
    assert answer.solution is not None
    after = {one.name: one for one in answer.solution.records}
    assert sound(after)
    possible = list(solutions(universe, ["a", name]))
    newest = max(chosen[name].version for chosen in possible)
    if newest == before[name].version:
        assert [one.name for one in answer.stuck] == [name]
        assert after == before
        return
    # Where nothing needs it any more in the answer, it is not there.
    assert after.get(name, before[name]).version == newest or name not in after
    fitting = [chosen for chosen in possible if chosen[name].version == newest]
    least = min(len(moved(chosen, before) - {name}) for chosen in fitting)
    assert answer.proven
    assert len(answer.moved - {name}) <= least


def test_who_holds_a_package_is_told_with_the_line(tmp_path: Path) -> None:
    universe = (
        *(record("a", v) for v in ("1", "2")),
        record("b", "1", "a <2"),
        record("c", "1"),
    )
    world = World(tmp_path, {"toy": universe})
    file = loads_environment("channels: [toy]\ndependencies:\n  - a\n  - b ==1\n", path="e.yml")
    answer = update_platform(
        PlatformQuestion(
            request=world.request("a", "b ==1"),
            records=(universe[0], universe[2]),
            wanted=parse_wanted(["a"]),
            lines=file.dependencies,
        )
    )
    (stuck,) = answer.stuck
    assert (stuck.name, stuck.version, stuck.newest) == ("a", "1", False)
    assert stuck.reason.startswith("held by b ==1 (e.yml:4): ")
    assert "a <2" in stuck.reason


def test_what_is_gone_from_the_channel_stays_and_moves_when_it_has_to(tmp_path: Path) -> None:
    gone = record("b", "1.5")
    universe = (record("a", "1", "b"), record("b", "1"), record("b", "2"), record("c", "1", "b >=2"))
    world = World(tmp_path, {"toy": universe})
    locked = (universe[0], gone)
    kept = update_platform(PlatformQuestion(request=world.request("a"), records=locked))
    freed = update_platform(PlatformQuestion(request=world.request("a", "c"), records=locked))
    assert kept.solution is not None
    assert freed.solution is not None
    assert kept.solution.records == locked
    assert (freed.moved, freed.solution.records[1].version) == (frozenset({"b"}), "2")


def test_a_target_that_nothing_needs_any_more_is_not_brought_back(tmp_path: Path) -> None:
    universe = (
        record("a", "1", "b"),
        record("a", "2"),
        *(record("b", v) for v in ("1", "2")),
    )
    world = World(tmp_path, {"toy": universe})
    question = PlatformQuestion(
        request=world.request("a"), records=(universe[0], universe[2]), wanted=parse_wanted(["a", "b"])
    )
    answer = update_platform(question)
    assert answer.solution is not None
    assert [str(one) for one in answer.solution.records] == ["a 2 0"]


def test_everything_moves_where_that_is_asked(tmp_path: Path) -> None:
    universe = tuple(record(n, v) for n in ("a", "b") for v in ("1", "2"))
    world = World(tmp_path, {"toy": universe})
    question = PlatformQuestion(request=world.request("a", "b"), records=(universe[0], universe[2]))
    still = update_platform(question)
    free = update_platform(replace(question, everything=True))
    assert still.solution is not None
    assert free.solution is not None
    assert [one.version for one in still.solution.records] == ["1", "1"]
    assert [one.version for one in free.solution.records] == ["2", "2"]
