"""Why no record answers a spec: golden texts, as a user reads them."""

from __future__ import annotations

from pathlib import Path

from condaenv_tools.model.platform import Platform
from tests.builders import record
from tests.resolve.conftest import Maker
from tests.resolve.toy import World


def versions(*texts: str, name: str = "numpy", **fields: str) -> list:
    return [record(name, text, **fields) for text in texts]


def test_a_name_on_no_channel_comes_with_the_nearest(toy: Maker) -> None:
    assert toy(*versions("1"), *versions("1", name="scipy")).reason("nunpy") == (
        "no package on toy is called nunpy\n  hint: did you mean numpy?"
    )


def test_a_name_that_is_like_nothing_is_perhaps_elsewhere(toy: Maker) -> None:
    assert toy(*versions("1")).reason("zzzzzzzz") == (
        "no package on toy is called zzzzzzzz\n  hint: see whether another channel or PyPI has it"
    )


def test_every_channel_that_was_asked_is_named(tmp_path: Path) -> None:
    world = World(tmp_path, {"toy": versions("1"), "other": []})
    assert world.reason("nunpy").startswith("no package on toy or other is called nunpy")


def test_all_names_that_are_missing_are_told_at_once(toy: Maker) -> None:
    reason = toy(*versions("1")).reason("nunpy", "zzzzzzzz", "numpy")
    assert "nunpy" in reason
    assert "zzzzzzzz" in reason
    assert "did you mean numpy?" in reason


def test_a_package_of_other_platforms_comes_with_the_selector(toy: Maker) -> None:
    world = toy(*versions("1", subdir="linux-64"), *versions("1", subdir="osx-arm64"), record("a"))
    assert world.reason("numpy", platform=Platform.WIN_64) == (
        "numpy is on toy for linux-64 and osx-arm64 only\n"
        "  hint: give its line a selector, `# [unix]`, or leave the platform out"
    )


def test_the_selector_of_one_system_names_it(toy: Maker) -> None:
    reason = toy(*versions("1", subdir="win-64")).reason("numpy")
    assert "`# [win]`" in reason


def test_versions_that_do_not_fit_are_told_if_they_are_few(toy: Maker) -> None:
    reason = toy(*versions("1.0", "1.10", "1.9")).reason("numpy >=2")
    assert reason == "no numpy fits numpy>=2: toy has 1.0, 1.9, 1.10"


def test_many_versions_are_told_as_a_span(toy: Maker) -> None:
    reason = toy(*versions("1.0", "1.1", "1.9", "1.10", "1.11")).reason("numpy >=2")
    assert reason == "no numpy fits numpy>=2: toy has 1.0 to 1.11 (5 versions)"


def test_other_builds_of_the_version_are_told(toy: Maker) -> None:
    reason = toy(*versions("1.0", build="cpu_0"), *versions("0.9", build="cuda_0")).reason("numpy=1.0=cuda*")
    assert reason == "no numpy fits numpy==1.0[build=cuda*]: toy has 1.0 in other builds (cpu_0)"


def test_what_strict_priority_hides_is_told_with_the_ways_out(tmp_path: Path) -> None:
    world = World(tmp_path, {"toy": versions("1.0"), "other": versions("2.0")})
    assert world.reason("numpy >=2") == (
        "no numpy of toy fits numpy>=2: it has 1.0; strict channel priority hides those of other\n"
        "  hint: write other::numpy>=2, put other first, or use --channel-priority flexible"
    )


def test_each_channel_that_has_the_package_says_what_it_has(tmp_path: Path) -> None:
    world = World(tmp_path, {"toy": versions("1.0"), "other": versions("2.0")})
    assert world.reason("numpy >=3") == "no numpy fits numpy>=3: toy has 1.0 and other has 2.0"


def test_a_channel_that_a_spec_does_not_name_is_left_out(tmp_path: Path) -> None:
    world = World(tmp_path, {"toy": versions("1.0"), "other": versions("2.0", "4.0")})
    assert world.reason("toy::numpy >=2") == "no numpy fits toy::numpy>=2: toy has 1.0"


def test_a_conflict_of_what_exists_is_told_by_the_engine_without_places(toy: Maker, tmp_path: Path) -> None:
    world = toy(record("a", "1", "c <2"), record("b", "1", "c >=2"), record("c", "1"), record("c", "2"))
    reason = world.reason("a", "b")
    assert "c" in reason
    assert str(tmp_path) not in reason
    assert "file:" not in reason


def test_a_spec_that_names_its_channel_is_not_told_of_priority(tmp_path: Path) -> None:
    world = World(tmp_path, {"toy": versions("1.0"), "other": versions("2.0")})
    reason = world.reason("other::numpy", "numpy <2")
    assert "hides" not in reason
    assert "numpy" in reason
