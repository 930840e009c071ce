"""Both dialects of selectors, decided for every platform."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.selectors import (
    InvalidSelectorError,
    find_comment_selector,
    parse_comment_selector,
    parse_sel_key,
)

EVERY = frozenset(Platform)


def on(text: str) -> set[str]:
    return {platform.value for platform in parse_comment_selector(text).platforms}


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("linux", {"linux-64", "linux-riscv64", "linux-armv6l"}, {"osx-64", "win-64"}),
        ("win", {"win-64", "win-32", "win-arm64"}, {"linux-64"}),
        ("unix", {"linux-64", "osx-arm64"}, {"win-64", "wasi-wasm32"}),
        ("linux64", {"linux-64"}, {"linux-aarch64", "linux-ppc64le"}),
        ("osx64", {"osx-64"}, {"osx-arm64"}),
        ("win32", {"win-32"}, {"win-64"}),
        ("arm64", {"osx-arm64", "win-arm64"}, {"linux-aarch64"}),
        ("aarch64", {"linux-aarch64"}, {"osx-arm64"}),
        ("x86", {"linux-32", "linux-64", "win-64"}, {"osx-arm64"}),
        ("x86_64", {"linux-64", "osx-64", "win-64"}, {"linux-32"}),
        ("riscv64", {"linux-riscv64"}, {"linux-riscv32"}),
        ("armv7l", {"linux-armv7l"}, {"linux-armv6l"}),
        ("s390x", {"linux-s390x"}, {"zos-z"}),
        ("linux and x86_64", {"linux-64"}, {"linux-aarch64", "osx-64"}),
        ("not win", {"linux-64", "osx-64"}, {"win-64", "win-arm64"}),
        ("not not win", {"win-64"}, {"linux-64"}),
        ("linux and not (aarch64 or ppc64le)", {"linux-64"}, {"linux-aarch64", "win-64"}),
        ("win or linux and aarch64", {"win-64", "linux-aarch64"}, {"linux-64"}),
        ("(win or linux) and x86_64", {"win-64", "linux-64"}, {"linux-aarch64", "osx-64"}),
        ("((((linux))))", {"linux-64"}, {"win-64"}),
    ],
)
def test_a_comment_selector_holds_where_it_says(text: str, yes: set[str], no: set[str]) -> None:
    assert yes <= on(text)
    assert not no & on(text)


@pytest.mark.parametrize(
    ("text", "fault", "hint"),
    [
        ("windows", "windows", "write # [win]"),
        ("osx-arm64", "osx-arm64", "write # [osx and arm64]"),
        ("linux && x86_64", "&&", "write and"),
        ("linux|win", "|", "write or"),
        ("!win", "!", "write not"),
        ("LINUX", "LINUX", "write linux"),
        ("lnux", "lnux", "did you mean linux?"),
        ("linux and", "", ""),
        ("(linux", "(", ""),
        ("linux win", "win", ""),
        ("linux)", ")", ""),
        ("py36", "py36", "an environment file has one Python: put such lines into a file of their own"),
    ],
)
def test_an_unreadable_selector_says_where_and_what_was_meant(text: str, fault: str, hint: str) -> None:
    with pytest.raises(InvalidSelectorError) as caught:
        parse_comment_selector(text)
    error = caught.value
    assert text[error.start : error.end] == fault
    assert error.hint == hint
    assert error.meant_as_selector


@pytest.mark.parametrize("text", ["see issue 5", "5", "todo", "needed by the docs on linux machines"])
def test_a_remark_is_no_selector(text: str) -> None:
    with pytest.raises(InvalidSelectorError) as caught:
        parse_comment_selector(text)
    assert not caught.value.meant_as_selector


expressions = st.recursive(
    st.sampled_from(["linux", "osx", "win", "unix", "arm64", "x86_64", "aarch64"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) and ({pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}) or ({pair[1]})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=6,
)


def platforms(text: str) -> frozenset[Platform]:
    return parse_comment_selector(text).platforms


@settings(deadline=None)
@given(expressions, expressions)
def test_selectors_are_a_boolean_algebra(a: str, b: str) -> None:
    assert platforms(f"not ({a})") == EVERY - platforms(a)
    assert platforms(f"({a}) and ({b})") == platforms(a) & platforms(b)
    assert platforms(f"not (({a}) or ({b}))") == platforms(f"not ({a}) and not ({b})")


@settings(deadline=None)
@given(expressions)
def test_an_expression_means_what_python_makes_of_it(text: str) -> None:
    for platform in Platform:
        truth = {
            word: platform in platforms(word) for word in ("linux", "osx", "win", "unix", "arm64", "x86_64")
        }
        truth["aarch64"] = platform in platforms("aarch64")
        assert (platform in platforms(text)) is bool(eval(text, {}, truth))


@pytest.mark.parametrize(
    ("comment", "text"),
    [
        ("# [win]", "win"),
        ("#[win]", "win"),
        ("# [win] needed there", "win"),
        ("# needed [win]", "win"),
        ("# needed (see [5])", None),
        ("# []", None),
        ("# plain", None),
    ],
)
def test_brackets_are_found_where_other_tools_find_them(comment: str, text: str | None) -> None:
    found = find_comment_selector(comment)
    assert (found.text if found else None) == text
    if found:
        assert comment[found.offset :].startswith(found.text)


def test_sel_knows_four_words() -> None:
    for word in ("unix", "linux", "osx", "win"):
        selector = parse_sel_key(f"sel({word})")
        assert selector is not None
        assert Platform.WIN_ARM64 in selector.platforms if word == "win" else True
    assert parse_sel_key("pip") is None
    with pytest.raises(InvalidSelectorError, match="unix, linux, osx, win"):
        parse_sel_key("sel(linux64)")


FILE = """\
channels:
  - conda-forge
  - nvidia  # [linux]
platforms: [linux-64, win-64]
variables:
  A: "1"  # [win]
dependencies:
  - pywin32  # [win]
  - 'quoted'  # [not win]
  - sel(osx): appnope
  - sel(unix): [a, b]
  - pip:  # [linux]
      - x
      - y  # [x86_64]
"""


def test_a_selector_counts_on_every_kind_of_line() -> None:
    environment = parse_environment(FILE).environment
    assert environment is not None
    seen = {}
    for platform in (Platform.LINUX_64, Platform.LINUX_AARCH64, Platform.OSX_ARM64, Platform.WIN_64):
        seen[platform.value] = (
            [str(item) for item in environment.channels_on(platform)],
            [item.text for item in environment.dependencies_on(platform)],
            [item.text for item in environment.pip_on(platform)],
            [item.name for item in environment.variables if item.counts_on(platform)],
        )
    assert seen == {
        "linux-64": (["conda-forge", "nvidia"], ["quoted", "a", "b"], ["x", "y"], []),
        "linux-aarch64": (["conda-forge", "nvidia"], ["quoted", "a", "b"], ["x"], []),
        "osx-arm64": (["conda-forge"], ["quoted", "appnope", "a", "b"], [], []),
        "win-64": (["conda-forge"], ["pywin32"], [], ["A"]),
    }


def test_a_bracket_that_is_no_selector_lets_the_line_count_everywhere() -> None:
    parsed = parse_environment("dependencies:\n  - numpy  # [see issue 5]\n")
    assert parsed.environment is not None
    assert not parsed.errors
    assert parsed.environment.dependencies[0].selector is None
    assert "CE112" in [finding.code for finding in parsed.findings]


def test_a_flow_list_with_a_selector_at_its_end_has_it_for_all_its_items() -> None:
    environment = parse_environment("dependencies: [a, b]  # [win]\n").environment
    assert environment is not None
    assert [item.counts_on(Platform.LINUX_64) for item in environment.dependencies] == [False, False]
