"""Merges of toy locks, completed by the solver: what comes out is proven, and a contradiction is one."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.jobs.merge_locks import MergeOptions, merged_lock
from condaenv_tools.jobs.update_platform import PlatformQuestion, update_platform
from condaenv_tools.lock.reach import categorised
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import default_virtual_packages
from tests.builders import record
from tests.jobs.test_update_platform import Universe, locked_in, solutions, universes
from tests.lock.toy_locks import LINUX, conda, part, pip, root
from tests.lock.toy_locks import lock_of as toy
from tests.resolve.toy import World

LINES = ["b >=2", "c >=2", "d >=3", "c <3", "d <2", "b ==1"]


def lock_of(records: Sequence[PackageRecord], *specs: str) -> Lock:
    """Return a lock of some records, made for some lines."""
    roots = tuple(
        Root(name=MatchSpec.parse(s).name, spec=str(MatchSpec.parse(s)), source=f"e.yml:{i}")
        for i, s in enumerate(specs, 3)
    )
    part = LockedPlatform(
        platform=LINUX,
        packages=tuple(LockedPackage(record=one) for one in records),
        virtual_packages=default_virtual_packages(LINUX),
        roots=roots,
    )
    whole = Lock(platforms=(part,), channels=(LockChannel(url="toy"),), sources=("e.yml",))
    return Lock(platforms=(categorised(whole, part),), channels=whole.channels, sources=whole.sources)


def options_of(world: World) -> MergeOptions:
    return MergeOptions(
        sources=SourceOptions(
            snapshot=world.folder / "snapshot", offline=True, cache_dir=world.folder / "cache"
        )
    )


@settings(max_examples=60, deadline=None)
@given(universes(), st.sampled_from(LINES), st.sampled_from(LINES))
def test_two_branches_go_together_or_exclude_each_other(universe: Universe, mine: str, other: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), {"toy": universe})
        start = locked_in(world, "a")
        if start is None:
            return
        sides = []
        for line in (mine, other):
            answer = update_platform(PlatformQuestion(request=world.request("a", line), records=start))
            if answer.solution is None:
                return
            sides.append(lock_of(answer.solution.records, "a", line))
        result = merged_lock(lock_of(start, "a"), *sides, options=options_of(world))
    possible = any(True for _ in solutions(universe, ["a", mine, other]))
    if result.lock is None:
        assert not possible
        assert "no packages answer both sides" in result.contradictions[0]
        return
    assert verify(result.lock).ok
    assert possible
    chosen = {one.name: one for one in result.lock.on(LINUX).records}
    for text in ("a", mine, other):
        spec = MatchSpec.parse(text)
        assert spec.matches(chosen[spec.name])


def test_a_merge_that_hangs_together_needs_no_solver_and_no_channel() -> None:
    a1, a2, b = record("a", "1"), record("a", "2"), record("b", "1")
    result = merged_lock(lock_of([a1], "a"), lock_of([a2], "a"), lock_of([a1, b], "a", "b"))
    assert result.lock is not None
    assert [str(one) for one in result.lock.on(LINUX).records] == ["a 2 0", "b 1 0"]


def test_what_neither_lock_has_is_looked_for_in_the_channels(tmp_path: Path) -> None:
    one, two, three = (record("lib", v) for v in ("1", "2", "3"))
    low, high = record("low", "1", "lib <3"), record("high", "1", "lib >=2")
    world = World(tmp_path, {"toy": (one, two, three, low, high)})
    base = lock_of([one], "lib")
    ours, theirs = lock_of([three, high], "lib", "high"), lock_of([one, low], "lib", "low")
    alone = merged_lock(base, ours, theirs)
    assert alone.lock is None
    assert "ours wants high (e.yml:4) and theirs wants low (e.yml:4)" in alone.contradictions[0]
    found = merged_lock(base, ours, theirs, options=options_of(world))
    assert found.lock is not None
    assert [str(r) for r in found.lock.on(LINUX).records] == ["high 1 0", "lib 2 0", "low 1 0"]
    assert found.notes[0] == "linux-64: lib 3 (ours) gave way to 2, so that both sides go together"


def test_pip_halves_that_do_not_go_together_are_told() -> None:
    def side(*archives: LockedPackage) -> Lock:
        roots = [root("python"), *(root(p.name, manager="pip") for p in archives)]
        return toy(part(conda("python 3.12.1", "pip"), conda("pip 25", "python"), *archives, roots=roots))

    result = merged_lock(
        side(pip("x 1")), side(pip("x 2")), side(pip("x 1"), pip("y 1", ("x", "<2"))), options=MergeOptions()
    )
    assert result.lock is None
    assert any("y 1 needs x <2, and the lock has 2" in text for text in result.contradictions)
