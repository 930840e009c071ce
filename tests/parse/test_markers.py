"""Markers decided for every platform, and selectors made of platforms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.errors import ParseError
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.markers import candidate_pythons, decide_marker
from condaenv_tools.parse.platform_selector import selector_of
from condaenv_tools.parse.selectors import parse_comment_selector

PYTHONS = candidate_pythons(VersionSpec.parse(">=3.10,<3.13"))
LINUX = {p for p in Platform if p.os == "linux"}
WIN = {p for p in Platform if p.os == "win"}
OSX = {Platform.OSX_64, Platform.OSX_ARM64}


@pytest.mark.parametrize(
    ("marker", "platforms"),
    [
        ("sys_platform == 'win32'", WIN),
        ("os_name == 'nt'", WIN),
        ("platform_system != 'Windows'", set(Platform) - WIN),
        ("sys_platform == 'darwin' and platform_machine == 'arm64'", {Platform.OSX_ARM64}),
        ("platform_machine == 'x86_64'", {Platform.LINUX_64, Platform.OSX_64}),
        ("platform_machine == 'AMD64'", {Platform.WIN_64}),
        ("sys_platform == 'linux' or sys_platform == 'darwin'", LINUX | OSX),
        ("platform_python_implementation == 'CPython'", set(Platform)),
        ("implementation_name == 'pypy'", set()),
        ("python_version >= '3.8'", set(Platform)),
        ("python_version < '3.10'", set()),
        ("python_version < '4' and os_name == 'nt'", WIN),
        ("python_full_version >= '3.10.0'", set(Platform)),
        ("extra == 'docs'", set()),
    ],
)
def test_a_marker_that_can_be_decided(marker: str, platforms: set[Platform]) -> None:
    decision = decide_marker(marker, PYTHONS)
    assert (set(decision.platforms), set(decision.undecided)) == (platforms, set())


@pytest.mark.parametrize(
    ("marker", "undecided"),
    [
        ("python_version < '3.11'", set(Platform)),
        ("python_full_version < '3.10.5'", set(Platform)),
        ("platform_release >= '20'", set(Platform)),
        ("platform_version == '1'", set(Platform)),
        ("python_version < '3.11' and sys_platform == 'win32'", WIN),
        ("python_version < '3.11' or sys_platform == 'win32'", set(Platform) - WIN),
    ],
)
def test_a_marker_that_cannot(marker: str, undecided: set[Platform]) -> None:
    assert set(decide_marker(marker, PYTHONS).undecided) == undecided


def test_one_python_decides() -> None:
    one = candidate_pythons(VersionSpec.parse("3.10.*"))
    assert decide_marker("python_version < '3.11'", one) == (frozenset(Platform), frozenset())


@pytest.mark.parametrize("marker", ["nonsense", "python_version >", "planet == 'mars'"])
def test_a_marker_that_cannot_be_read(marker: str) -> None:
    with pytest.raises(ParseError, match="cannot be read"):
        decide_marker(marker, PYTHONS)


def test_pythons_of_a_condition() -> None:
    assert candidate_pythons(VersionSpec.parse("3.12.4")) == ("3.12.4", "3.12.4")
    assert candidate_pythons(VersionSpec.parse("2.7.*")) == ()
    assert {one.rpartition(".")[0] for one in candidate_pythons(VersionSpec.parse(">=3.11.5,<3.13"))} == {
        "3.11",
        "3.12",
    }


@given(st.sets(st.sampled_from(Platform), min_size=1))
def test_a_selector_holds_where_it_is_asked_to_and_nowhere_else(platforms: set[Platform]) -> None:
    selector = selector_of(frozenset(platforms))
    if selector is None:
        assert platforms == set(Platform)
    else:
        assert parse_comment_selector(selector.text) == selector
        assert selector.platforms == platforms


@pytest.mark.parametrize(
    ("platforms", "text"),
    [
        (WIN, "win"),
        (set(Platform) - WIN, "not win"),
        (LINUX | OSX, "linux or osx"),
        ({Platform.LINUX_64}, "linux64"),
        ({Platform.OSX_ARM64}, "osx and arm64"),
        ({Platform.WIN_32}, "win32"),
        ({Platform.LINUX_64, Platform.OSX_64}, "linux64 or osx64"),
    ],
)
def test_selectors_are_written_as_people_write_them(platforms: set[Platform], text: str) -> None:
    selector = selector_of(frozenset(platforms))
    assert selector is not None
    assert selector.text == text


def test_no_platform_has_no_selector() -> None:
    with pytest.raises(ValueError, match="one platform at least"):
        selector_of(frozenset())
