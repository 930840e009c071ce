"""What mends a file with all lines kept: it suffices, it is the least of its kind, and nothing else is claimed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.conflicts.corrections.others import find_other_corrections
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind, Target
from condaenv_tools.conflicts.search.cores import find_cores
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, SolveRequest
from tests.builders import record
from tests.conflicts.brute import LINUX, Brute, Memory, lines, request, solution
from tests.conflicts.worlds import NAMES, Universe, universes

MAC = Platform.OSX_ARM64


def target(asked: SolveRequest, items: Sequence[Dependency], *, until: float | None = None) -> Target:
    cores = find_cores(items, Probe(asked, Brute()).fails).cores
    return Target(items=tuple(items), probe=Probe(asked, Brute(), until=until), cores=cores)


def nothing(_: Targets) -> Iterator[Memory]:
    return iter(())


def others(
    asked: SolveRequest, *texts: str, more: Sequence[Memory] = (), drops: bool = True
) -> dict[OtherKind, OtherCorrection]:
    found = find_other_corrections(
        {LINUX: target(asked, lines(*texts))}, drops=drops, channels=lambda _: iter(more)
    )
    assert len({one.kind for one in found}) == len(found)
    return {one.kind: one for one in found}


NUMPY = (record("numpy", "1.26.4"), record("numpy", "2.0.2"), record("pandas", "1.5.3", "numpy <2.0a0"))
EXTRA = Memory("extra", (record("samtools", "1.21", "numpy"),))
EMPTY = Memory("empty", ())


def test_a_channel_that_has_the_package_is_added() -> None:
    found = others(request(NUMPY), "numpy=2.0", "samtools", more=[EMPTY, EXTRA])
    assert found[OtherKind.CHANNEL].channel == "extra"
    assert [(v.name, v.version) for v in found[OtherKind.CHANNEL].versions] == [("samtools", "1.21")]
    assert set(found) == {OtherKind.CHANNEL}


def test_a_channel_may_have_what_a_package_needs() -> None:
    records = [*NUMPY, record("a", "1.0", "b"), record("b", "1.0", "samtools")]
    assert others(request(records), "a", more=[EXTRA])[OtherKind.CHANNEL].channel == "extra"


def test_a_channel_that_has_the_name_in_vain_is_not_added() -> None:
    """Listed last, it says nothing of a package that the first channel has."""
    more = Memory("more", (record("pandas", "2.2.3", "numpy >=2"),))
    assert others(request(NUMPY), "numpy=2.0", "pandas=2.2", more=[more]) == {}


def test_a_channel_that_fails_mends_nothing() -> None:
    class Broken(Memory):
        def package_names(self, subdir: str) -> frozenset[str]:
            raise ChannelError(f"no answer for {subdir}", channel="broken")

    assert others(request(NUMPY), "numpy", "samtools", more=[Broken("broken", ())]) == {}


def test_the_smallest_version_of_a_virtual_package_is_stated() -> None:
    records = [
        record("tool", "1.0", "__glibc >=2.17,<3.0.a0", "lib >=2"),
        record("lib", "2.0", "__glibc >=2.34,<3.0.a0"),
        record("lib", "2.1", "__glibc >=2.38,<3.0.a0"),
    ]
    found = others(request(records, virtual=["__glibc=2.28"]), "tool")
    assert found[OtherKind.VIRTUAL_PACKAGE].flags == ("--virtual-package __glibc=2.34",)


def test_a_driver_that_is_missing_is_stated_and_nothing_else() -> None:
    records = [record("gpu", "1.0", "__cuda >=12"), record("gpu", "2.0", "__cuda >=12.8")]
    found = others(request(records, virtual=["__glibc=2.28"]), "gpu=2")
    assert found[OtherKind.VIRTUAL_PACKAGE].flags == ("--virtual-package __cuda=12.8",)


def test_two_virtual_packages_are_stated_where_it_takes_two() -> None:
    records = [record("gpu", "1.0", "__cuda >=12", "__glibc >=2.34")]
    found = others(request(records, virtual=["__glibc=2.28"]), "gpu")
    assert found[OtherKind.VIRTUAL_PACKAGE].flags == (
        "--virtual-package __cuda=12",
        "--virtual-package __glibc=2.34",
    )


def test_an_operating_system_is_not_stated() -> None:
    assert others(request([record("only", "1.0", "__win")], virtual=["__unix=0"]), "only") == {}


def test_priority_is_given_up_where_it_hides_the_version() -> None:
    more = Memory("more", (record("pandas", "2.2.3", "numpy >=2"),))
    found = others(request(NUMPY, more=[more]), "numpy=2.0", "pandas=2.2")
    assert found[OtherKind.CHANNEL_PRIORITY].flags == ("--channel-priority flexible",)


def test_a_file_is_split_only_where_lines_would_be_lost() -> None:
    asked = request(NUMPY)
    assert others(asked, "numpy=2.0", "pandas=1.5", drops=False) == {}
    parts = others(asked, "numpy=2.0", "pandas=1.5")[OtherKind.SPLIT].parts
    assert [[str(item) for item in part] for part in parts] == [["numpy=2.0"], ["pandas=1.5"]]


def test_a_line_that_cannot_be_met_alone_is_in_no_part() -> None:
    assert others(request(NUMPY), "numpy=2.0", "pandas=1.5", "lost") == {}


def test_without_time_nothing_is_claimed() -> None:
    late = target(request(NUMPY), lines("numpy=2.0", "pandas=1.5"), until=0.0)
    assert find_other_corrections({LINUX: late}, drops=True, channels=nothing) == ()


def test_what_solves_needs_nothing_else() -> None:
    assert others(request(NUMPY), "numpy=2.0") == {}


def fewest_parts(universe: Universe) -> int | None:
    """Return the smallest number of parts of which each solves, found by trying all partitions."""
    for number in (2, 3):
        for places in product(range(number), repeat=len(universe.items)):
            parts = [
                [str(item.spec) for item, place in zip(universe.items, places, strict=True) if place == part]
                for part in range(number)
            ]
            if all(part and solution(request(universe.records, *part)) is not None for part in parts):
                return number
    return None


@settings(max_examples=300, deadline=None)
@given(universes())
def test_a_split_has_the_fewest_parts_and_each_solves(universe: Universe) -> None:
    one = target(request(universe.records), universe.items)
    found = find_other_corrections({LINUX: one}, drops=True, channels=nothing)
    splits = [other.parts for other in found if other.kind is OtherKind.SPLIT]
    if not one.cores:
        assert found == ()
        return
    wanted = fewest_parts(universe)
    assert [len(parts) for parts in splits] == ([] if wanted is None else [wanted])
    for parts in splits:
        assert sorted(item.span for part in parts for item in part) == [i.span for i in universe.items]
        for part in parts:
            specs = [str(item.spec) for item in part]
            assert solution(request(universe.records, *specs)) is not None


@settings(max_examples=300, deadline=None)
@given(universes(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_a_channel_is_added_exactly_where_that_suffices(universe: Universe, moved: set[str]) -> None:
    kept = [one for one in universe.records if one.name not in moved]
    more = Memory("more", tuple(one for one in universe.records if one.name in moved))
    one = target(request(kept), universe.items)
    found = find_other_corrections({LINUX: one}, drops=False, channels=lambda _: iter([more]))
    specs = [str(item.spec) for item in universe.items]
    suffices = solution(request(kept, *specs, more=[more])) is not None
    assert bool(found) == bool(one.cores and suffices)


@st.composite
def machines(draw: st.DrawFn) -> tuple[Universe, str]:
    """Return a universe some of whose records ask for a driver, and the version that the machine has."""
    universe = draw(universes())
    asks = st.sampled_from(("", "", "__cuda >=11", "__cuda >=12", "__cuda >=12.4", "__cuda"))
    records = tuple(
        replace(one, depends=(*one.depends, ask)) if (ask := draw(asks)) else one for one in universe.records
    )
    return Universe(records, universe.items), draw(st.sampled_from(("", "10.2", "11.8", "12.0")))


@settings(max_examples=300, deadline=None)
@given(machines())
def test_the_least_driver_is_stated_exactly_where_one_suffices(machine: tuple[Universe, str]) -> None:
    universe, has = machine
    stated = [f"__cuda={has}"] if has else []
    one = target(request(universe.records, virtual=stated), universe.items)
    found = find_other_corrections({LINUX: one}, drops=False, channels=nothing)
    specs = [str(item.spec) for item in universe.items]
    working = [
        version
        for version in ("10.2", "11", "11.8", "12", "12.4")
        if solution(request(universe.records, *specs, virtual=[f"__cuda={version}"])) is not None
    ]
    if not one.cores or not working:
        assert found == ()
    else:
        (flag,) = found[0].flags
        version = flag.partition("__cuda=")[2]
        assert solution(request(universe.records, *specs, virtual=[f"__cuda={version}"])) is not None
        assert version in {"11", "12", "12.0", "12.4"}
        if working[0] in {"11", "12", "12.4"}:
            assert version == working[0]


@settings(max_examples=300, deadline=None)
@given(universes(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=2))
def test_a_selector_suffices_on_every_platform_and_changes_no_more_lines(
    universe: Universe, missing: set[str]
) -> None:
    worlds = {LINUX: universe.records, MAC: tuple(r for r in universe.records if r.name not in missing)}
    targets = {p: target(request(records), universe.items) for p, records in worlds.items()}
    search = find_corrections(targets, most=50)
    sizes = {len(one.changes) for one in search.corrections}
    assert len(sizes) <= 1
    for one in search.corrections:
        new = {change.item: change for change in one.changes}
        for platform, records in worlds.items():
            specs = [
                str(item.spec) if item not in new else new[item].to
                for item in universe.items
                if item not in new or not new[item].leaves(platform)
            ]
            assert specs
            assert solution(request(records, *(text for text in specs if text is not None))) is not None
        for change in one.changes:
            if change.only_on:
                assert 0 < len(change.only_on) < len(worlds)


@pytest.mark.parametrize("priority", [ChannelPriority.FLEXIBLE, ChannelPriority.DISABLED])
def test_a_priority_that_hides_nothing_is_not_made_weaker(priority: ChannelPriority) -> None:
    items = lines("numpy=2.0", "pandas=1.5")
    asked = request(NUMPY, more=[EMPTY])
    options = SolveOptions(channel_priority=priority)
    probe = Probe(asked, Brute(), options)
    one = Target(items=items, probe=probe, cores=find_cores(items, probe.fails).cores)
    assert find_other_corrections({LINUX: one}, drops=False, channels=nothing) == ()
