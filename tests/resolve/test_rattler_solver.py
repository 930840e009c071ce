"""The solver on toy channels: which records come out, and what is said when none do."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.channels.source import SourceOptions, open_sources
from condaenv_tools.errors import (
    ChannelError,
    SolverTimeoutError,
    UnsatisfiableError,
    UnsupportedError,
)
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.request import (
    ChannelPriority,
    Outcome,
    SolveOptions,
    SolveRequest,
    Strategy,
)
from condaenv_tools.resolve.solve import solve
from tests.builders import CHANNEL, moved, record
from tests.loopback import Reply, serve
from tests.resolve.conftest import Maker
from tests.resolve.toy import LINUX, World
from tests.shared_data import need_shared

MAC = Platform.OSX_ARM64
OTHER = CHANNEL.replace("toy", "other")

# --- what comes out


def test_a_constraint_holds_what_is_there_and_brings_nothing(toy: Maker) -> None:
    world = toy(record("a", "1.0", "b"), record("b", "1.0"), record("b", "2.0"), record("c", "1.0"))
    request = world.request("a")
    bound = replace(request, constraints=(MatchSpec.parse("b<2"), MatchSpec.parse("c>=1")))
    answer = solve([bound])[0]
    assert answer.solution is not None
    assert [str(r) for r in answer.solution.records] == ["a 1.0 0", "b 1.0 0"]


def test_a_constraint_that_nothing_meets_has_no_solution(toy: Maker) -> None:
    world = toy(record("a", "1.0", "b"), record("b", "1.0"))
    bound = replace(world.request("a"), constraints=(MatchSpec.parse("b>=2"),))
    answer = solve([bound])[0]
    assert isinstance(answer.error, UnsatisfiableError)
    assert "b" in str(answer.error)


def test_records_have_the_real_url_and_every_field(toy: Maker) -> None:
    full = record(
        "a",
        "1.0",
        "b >=1",
        build="py_3",
        subdir="noarch",
        build_number=3,
        noarch="python",
        constrains=("c <2",),
        license="MIT",
        license_family="MIT",
        python_site_packages_path="lib/python3.13/site-packages",
        track_features=("slow",),
    )
    b = record("b", "1.5", timestamp=1_600_000_000_123)
    assert toy(full, b).records("a") == (full, b)


def test_records_are_sorted_by_name_and_each_name_is_there_once(toy: Maker) -> None:
    world = toy(record("z", "1", "m", "a"), record("m", "1", "a"), record("m", "2", "a"), record("a"))
    assert world.found("z") == ["a 1.0", "m 2", "z 1"]


def test_the_virtual_packages_are_part_of_the_solution_and_not_of_the_records(toy: Maker) -> None:
    world = toy(record("a", "1.0", "__unix"))
    solution = world.outcome("a").solution
    assert solution is not None
    assert [r.name for r in solution.records] == ["a"]
    assert solution.virtual_packages == default_virtual_packages(LINUX)


def test_noarch_and_platform_are_one_universe(toy: Maker) -> None:
    world = toy(record("a", "1", "b", subdir="noarch"), record("b", "1"), record("b", "2", subdir="osx-64"))
    assert world.found("a") == ["a 1", "b 1"]


@pytest.mark.parametrize("specs", list(itertools.permutations(["a", "b <3", "c", "b >1"])), ids=" ".join)
def test_the_order_of_specs_does_not_change_the_answer(toy: Maker, specs: tuple[str, ...]) -> None:
    # The newest `a` and the newest `c` exclude each other: only the order of asking could decide.
    world = toy(
        record("a", "1"),
        record("a", "2", "x <2"),
        record("c", "1"),
        record("c", "2", "x >=2"),
        *(record("x", v) for v in "123"),
        *(record("b", v) for v in "1234"),
    )
    found = world.found(*specs)
    assert found == world.found("a", "b >1", "b <3", "c")
    assert "b 2" in found


def test_a_spec_that_is_asked_twice_is_asked_once(toy: Maker) -> None:
    assert toy(record("a")).found("a", "a") == ["a 1.0"]


def test_no_spec_at_all_is_an_empty_environment(toy: Maker) -> None:
    assert toy(record("a")).found() == []


# --- several platforms


def platforms_of(world: World, *platforms: Platform) -> tuple[Outcome, ...]:
    return solve([world.request("a", platform=platform) for platform in platforms])


def test_each_platform_has_its_answer_in_the_order_of_the_requests(toy: Maker) -> None:
    world = toy(record("a", "1"), record("a", "2", subdir="osx-arm64"), record("a", "3", subdir="win-64"))
    outcomes = platforms_of(world, Platform.WIN_64, LINUX, MAC)
    found = [(o.platform.value, o.solution.records[0].version) for o in outcomes if o.solution]
    assert found == [("win-64", "3"), ("linux-64", "1"), ("osx-arm64", "2")]


def test_a_platform_that_fails_does_not_hide_the_others(toy: Maker) -> None:
    outcomes = platforms_of(toy(record("a")), MAC, LINUX)
    assert isinstance(outcomes[0].error, UnsatisfiableError)
    assert outcomes[1].solution is not None


def test_every_outcome_is_reported_as_it_comes(toy: Maker) -> None:
    told: list[Outcome] = []
    world = toy(record("a"))
    requests = [world.request("a", platform=p) for p in (MAC, LINUX)]
    outcomes = solve(requests, on_done=told.append)
    assert {id(o) for o in told} == {id(o) for o in outcomes}
    assert len(told) == 2


def test_a_spec_that_no_solver_takes_is_the_outcome_of_its_platform_alone(toy: Maker) -> None:
    world = toy(record("numpy"))
    first, second = solve([world.request("num*"), world.request("numpy")])
    assert isinstance(first.error, UnsupportedError)
    assert "num* names no package" in str(first.error)
    assert second.solution is not None


def test_no_request_is_no_outcome() -> None:
    assert solve([]) == ()


# --- channel priority


def two_channels(folder: Path) -> World:
    first = [record("a", "1"), record("b", "1", "a >=2"), record("c", "1", "a")]
    second = [record("a", "2", channel=OTHER), record("c", "9", "a", channel=OTHER)]
    return World(folder, {"toy": first, "other": second})


def priority(value: str) -> SolveOptions:
    return SolveOptions(channel_priority=ChannelPriority(value))


def test_strict_priority_takes_the_first_channel_that_has_the_name(tmp_path: Path) -> None:
    assert two_channels(tmp_path).found("c") == ["a 1", "c 1"]


def test_strict_priority_holds_for_what_a_package_brings(tmp_path: Path) -> None:
    assert "a" in two_channels(tmp_path).reason("b")


def test_strict_priority_holds_for_what_is_asked(tmp_path: Path) -> None:
    # The engine alone takes the second channel's: of the first it reads only what matches.
    assert "strict channel priority hides those of other" in two_channels(tmp_path).reason("a >=2")


def test_flexible_priority_is_no_stricter_than_strict(tmp_path: Path) -> None:
    assert two_channels(tmp_path).found("c", options=priority("flexible")) == ["a 1", "c 1"]


def test_flexible_priority_falls_back_where_the_first_channel_does_not_solve(tmp_path: Path) -> None:
    assert two_channels(tmp_path).found("b", options=priority("flexible")) == ["a 2", "b 1"]


def test_disabled_priority_takes_the_newest_of_all_channels(tmp_path: Path) -> None:
    assert two_channels(tmp_path).found("c", options=priority("disabled")) == ["a 2", "c 9"]


def test_a_spec_may_name_its_channel_against_the_priority(tmp_path: Path) -> None:
    records = two_channels(tmp_path).records("other::a", "b")
    assert [(r.name, r.version, r.channel) for r in records] == [("a", "2", OTHER), ("b", "1", CHANNEL)]


def test_a_spec_may_name_its_channel_by_url(tmp_path: Path) -> None:
    assert two_channels(tmp_path).found(f"{OTHER}::a") == ["a 2"]


def test_a_spec_whose_channel_lacks_the_package_is_not_answered_by_another(tmp_path: Path) -> None:
    assert isinstance(two_channels(tmp_path).outcome("other::b").error, UnsatisfiableError)


def test_a_spec_of_a_channel_that_is_not_read_says_so(tmp_path: Path) -> None:
    error = two_channels(tmp_path).outcome("other::a", channels=["toy"]).error
    assert isinstance(error, ChannelError)
    assert str(error) == "other::a asks for channel other, which is not among those that are read"


def test_defaults_is_each_of_its_members(tmp_path: Path) -> None:
    world = World(tmp_path, {"pkgs/main": [record("a", "1")], "pkgs/r": [record("r-b", "2")], "toy": []})
    records = world.records("defaults::a", "defaults::r-b", channels=["toy", "defaults"])
    assert [(r.name, r.channel.rpartition("/pkgs/")[2]) for r in records] == [("a", "main"), ("r-b", "r")]


# --- strategies


CHAIN = (
    *(record("a", v, "b") for v in "123"),
    *(record("b", v, "c") for v in "123"),
    *(record("c", v) for v in "123"),
)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (Strategy.HIGHEST, ["a 3", "b 3", "c 3"]),
        (Strategy.LOWEST, ["a 2", "b 1", "c 1"]),
        (Strategy.LOWEST_DIRECT, ["a 2", "b 3", "c 3"]),
    ],
    ids=str,
)
def test_strategy(toy: Maker, strategy: Strategy, expected: list[str]) -> None:
    assert toy(*CHAIN).found("a >=2", options=SolveOptions(strategy=strategy)) == expected


def test_the_highest_build_number_of_a_version_is_taken(toy: Maker) -> None:
    builds = [record("a", "1", build=f"h_{n}", build_number=n) for n in (0, 2, 1)]
    assert [r.build for r in toy(*builds).records("a")] == ["h_2"]


# --- time


def ms(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1000)


BEFORE_2024 = SolveOptions(exclude_newer=datetime(2024, 1, 1, tzinfo=UTC))


def test_nothing_newer_than_the_cut_off_is_taken(toy: Maker) -> None:
    world = toy(*(record("a", str(year), timestamp=ms(year) - 1) for year in (2023, 2024, 2025)))
    assert world.found("a") == ["a 2025"]
    assert world.found("a", options=BEFORE_2024) == ["a 2024"]


def test_the_cut_off_reads_old_timestamps_in_seconds(toy: Maker) -> None:
    # Some of the oldest records of real channels count in seconds.
    world = toy(record("a", "1", timestamp=ms(2016) // 1000), record("a", "2", timestamp=ms(2025)))
    assert world.found("a", options=BEFORE_2024) == ["a 1"]


def test_a_record_that_does_not_say_when_it_was_built_is_not_taken_under_a_cut_off(toy: Maker) -> None:
    world = toy(record("a", "1", timestamp=ms(2020)), record("a", "2", timestamp=None))
    assert world.found("a", options=BEFORE_2024) == ["a 1"]


def test_a_cut_off_before_everything_is_told_with_the_reason(toy: Maker) -> None:
    reason = toy(record("a", "1", timestamp=ms(2025))).reason("a", options=BEFORE_2024)
    assert "nothing built after 2024-01-01 00:00 UTC was looked at" in reason


def test_a_time_limit_ends_a_long_solve_and_says_that_nothing_is_known() -> None:
    snapshot = need_shared("channel")
    channels = expand_channels(["robostack-jazzy", "conda-forge"])
    reading = SourceOptions(snapshot=snapshot, offline=True)
    request = SolveRequest(
        platform=LINUX,
        specs=(MatchSpec.parse("ros-jazzy-desktop"),),
        sources=open_sources(channels, platforms=[LINUX], options=reading),
        virtual_packages=default_virtual_packages(LINUX),
        reading=reading,
    )
    (outcome,) = solve([request], SolveOptions(time_limit=0.001))
    assert isinstance(outcome.error, SolverTimeoutError)
    assert str(outcome.error) == (
        "no answer for linux-64 within 0.001 s\n"
        "  hint: raise --time-limit; nothing is known about the file yet"
    )


# --- virtual packages


GPU = (record("a", "1"), record("a", "2", "__cuda >=12"), record("strict", "1", "__cuda"))


def test_cuda_is_never_assumed(toy: Maker) -> None:
    world = toy(*GPU)
    assert world.found("a") == ["a 1"]
    assert "__cuda" in world.reason("strict")


def test_cuda_that_is_stated_counts(toy: Maker) -> None:
    assert toy(*GPU).found("a", "strict", virtual=["__cuda=12.4"]) == ["a 2", "strict 1"]


def test_cuda_that_is_too_old_does_not_count(toy: Maker) -> None:
    assert toy(*GPU).found("a", virtual=["__cuda=11.8"]) == ["a 1"]


def test_the_c_library_of_the_machine_bounds_what_is_taken(toy: Maker) -> None:
    world = toy(*(record("a", v, f"__glibc >={v}") for v in ("2.17", "2.28", "2.34")))
    assert world.found("a") == ["a 2.28"]
    assert world.found("a", virtual=["__glibc=2.35"]) == ["a 2.34"]
    assert world.found("a", virtual=["__glibc=2.17"]) == ["a 2.17"]


def test_constrains_bind_virtual_packages_too(toy: Maker) -> None:
    world = toy(record("a", "2", constrains=("__glibc >=2.34",)), record("a", "1"))
    assert world.found("a") == ["a 1"]


def test_a_user_may_ask_for_a_virtual_package(toy: Maker) -> None:
    world = toy(record("a"))
    assert world.found("a", "__unix") == ["a 1.0"]
    assert "__cuda" in world.reason("a", "__cuda")


# --- what conda's grammar says and the engine's does not


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("a 1.*.3", "a 1.2.3"),
        ("a >=1.0.*", "a 2.0.0"),
        ("a[version='^1\\.[01]\\..*$']", "a 1.1.3"),
        ("a !=2.*", "a 1.2.3"),
        ("a=1.1", "a 1.1.3"),
        ("a ==1.1", None),
        ("a ~=1.1", "a 1.2.3"),
        ("a 1.0.0|1.1.3", "a 1.1.3"),
        ("a (>=1.0,<1.2)|>=3", "a 1.1.3"),
        ("a 3.*.*", None),
        ("a 9.*.1", None),
    ],
)
def test_a_version_means_what_conda_means(toy: Maker, spec: str, expected: str | None) -> None:
    world = toy(*(record("a", v) for v in ("1.0.0", "1.1.3", "1.2.3", "2.0.0")))
    if expected is None:
        assert isinstance(world.outcome(spec).error, UnsatisfiableError)
    else:
        assert world.found(spec) == [expected]


@pytest.mark.parametrize(
    ("spec", "build"),
    [
        ("a=1=*cuda*", "h1_cuda12"),
        ("a[build=*_cpu]", "h0_cpu"),
        ("a[build='^h0.*$']", "h0_cpu"),
        ("a[build_number='>=1']", "h1_cuda12"),
        ("a[build_number=0]", "h0_cpu"),
        ("a[build=H0_CPU]", "h0_cpu"),
        ("a[build='^H0.*$']", "h0_cpu"),
    ],
)
def test_a_build_means_what_conda_means(toy: Maker, spec: str, build: str) -> None:
    world = toy(record("a", "1", build="h0_cpu"), record("a", "1", build="h1_cuda12", build_number=1))
    assert [r.build for r in world.records(spec)] == [build]


@pytest.mark.parametrize(
    "spec",
    [
        "a[fn=a-1-b0.conda]",
        "a[fn='*-b0.conda']",
        f"a[url={CHANNEL}/linux-64/a-1-b0.conda]",
        f"{CHANNEL}/linux-64/a-1-b0.conda",
        "a[subdir=linux-64]",
        "toy/linux-64::a",
        "a[license=MIT]",
        "a[license=mit]",
        "a[license='^M.*$']",
        "a[license_family=MIT]",
        "a[track_features=slow]",
    ],
)
def test_what_the_engine_takes_no_notice_of_counts_all_the_same(toy: Maker, spec: str) -> None:
    wanted = record(
        "a", "1", build="b0", license="MIT", license_family="MIT", track_features=("slow",), build_number=0
    )
    newer = record("a", "1", build="b1", subdir="noarch", license="GPL", license_family="GPL", build_number=9)
    assert toy(wanted, newer).records(spec) == (wanted,)


def test_one_of_several_licences_leaves_the_choice_to_the_solver(toy: Maker) -> None:
    records = [record("a", v, license=name) for v, name in (("1", "MIT"), ("2", "BSD"), ("3", "GPL"))]
    assert toy(*records).found("a[license='^(MIT|BSD)$']") == ["a 2"]
    assert toy(*records).found("a <2[license='^(MIT|BSD)$']") == ["a 1"]


def test_a_choice_that_the_engine_cannot_be_told_is_said_and_never_guessed(toy: Maker) -> None:
    world = toy(
        record("a", "1", build="x", license="MIT"),
        record("a", "1", build="y", license="GPL"),
        record("a", "2", build="x", license="GPL"),
        record("a", "2", build="y", license="MIT"),
    )
    error = world.outcome("a[license=MIT]").error
    assert isinstance(error, UnsupportedError)
    assert str(error) == (
        "a[license=mit] cannot be given to the solver: 2 records fit, and nothing that it knows tells them "
        "from the others\n  hint: ask for a version and a build in its place"
    )


def test_a_file_that_is_not_there_is_not_replaced_by_another(toy: Maker) -> None:
    assert "a[fn=a-2-0.conda]" in toy(record("a", "1")).reason("a[fn=a-2-0.conda]")


def test_a_hash_chooses_one_archive(toy: Maker) -> None:
    old = record("a", "1")
    world = toy(old, record("a", "2"))
    assert world.records(f"a[sha256={old.sha256}]") == (old,)
    assert world.records(f"a[md5={old.md5}]") == (old,)


# --- where it runs


def test_it_works_inside_a_running_event_loop(toy: Maker) -> None:
    world = toy(record("a"))

    async def notebook() -> list[str]:
        await asyncio.sleep(0)
        return world.found("a")

    assert asyncio.run(notebook()) == ["a 1.0"]


def test_a_server_that_never_answers_is_given_up_in_time(tmp_path: Path) -> None:
    reading = SourceOptions(cache_dir=tmp_path, timeout=1.0)
    with serve(fault=lambda path, before: Reply(hang=True)) as server:
        request = SolveRequest(
            platform=LINUX,
            specs=(MatchSpec.parse("a"),),
            sources=open_sources(expand_channels([server.url]), platforms=[LINUX], options=reading),
            virtual_packages=(),
            reading=reading,
        )
        started = time.monotonic()
        (outcome,) = solve([request])
    assert isinstance(outcome.error, ChannelError)
    assert time.monotonic() - started < 8


# --- the law


NAMES = "abcde"
Universe = tuple[tuple[PackageRecord, ...], tuple[str, ...]]

conditions = st.sampled_from(["", " >=2", " <2", " ==2", " !=2", " 1|3", " >3"])
specs = st.builds(str.__add__, st.sampled_from(NAMES), conditions)
virtuals = st.sampled_from(["__unix", "__glibc >=2.17", "__glibc >=2.30", "__cuda"])


@st.composite
def universes(draw: st.DrawFn) -> Universe:
    records = []
    for name in NAMES[: draw(st.integers(1, 5))]:
        for version in draw(st.sets(st.sampled_from("123"), min_size=1)):
            depends = draw(st.lists(st.one_of(specs, specs, specs, virtuals), max_size=2))
            constrains = draw(st.lists(specs, max_size=1))
            records.append(record(name, version, *depends, constrains=tuple(constrains)))
    return tuple(records), tuple(draw(st.lists(specs, min_size=1, max_size=3)))


MACHINE = tuple(
    record(v.name, v.version, build=v.build) for v in default_virtual_packages(LINUX) if is_virtual(v.name)
)


def holds(chosen: tuple[PackageRecord, ...], asked: tuple[str, ...]) -> bool:
    """Say whether an environment answers the specs and breaks nothing, by MatchSpec.matches alone."""
    there = {r.name: r for r in (*chosen, *MACHINE)}

    def met(text: str, *, if_absent: bool) -> bool:
        spec = MatchSpec.parse(text)
        return spec.matches(there[spec.name]) if spec.name in there else if_absent

    return (
        all(met(text, if_absent=False) for text in asked)
        and all(met(text, if_absent=False) for r in chosen for text in r.depends)
        and all(met(text, if_absent=True) for r in chosen for text in r.constrains)
    )


def environments(records: tuple[PackageRecord, ...]) -> Iterator[tuple[PackageRecord, ...]]:
    by_name = [[None, *(r for r in records if r.name == name)] for name in sorted({r.name for r in records})]
    for choice in itertools.product(*by_name):
        yield tuple(r for r in choice if r is not None)


@settings(max_examples=80, deadline=None)
@given(universes())
def test_the_solver_agrees_with_brute_force(universe: Universe) -> None:
    records, asked = universe
    with tempfile.TemporaryDirectory() as folder:
        outcome = World(Path(folder), {"toy": records}).outcome(*asked)
    if outcome.solution is None:
        assert isinstance(outcome.error, UnsatisfiableError)
        assert not any(holds(chosen, asked) for chosen in environments(records))
    else:
        assert holds(outcome.solution.records, asked)
        assert set(outcome.solution.records) <= set(records)


def test_a_record_that_is_moved_is_another(toy: Maker) -> None:
    one = record("a")
    assert toy(one).records("a") != (moved(one, OTHER),)
    assert toy(one).records("a") != (replace(one, size=1),)
