"""A selector behind a line: where it goes, which words it takes, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.jobs.selector_edit import with_selector
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.parse.environment_yml import parse_environment

LINUX, MAC, WIN = Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64
ASKED = (LINUX, MAC, WIN)


def read(text: str) -> Environment:
    environment = parse_environment(text).environment
    assert environment is not None
    return environment


def edited(line: str, *only_on: Platform) -> str:
    text = f"dependencies:\n- a\n{line}\n- z\n"
    made = with_selector(text, read(text).dependencies[1], only_on=only_on, asked=ASKED)
    assert made.startswith("dependencies:\n- a\n")
    assert made.endswith("\n- z\n")
    return made.splitlines()[2]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("- jq", "- jq  # [unix]"),
        ('- "jq >=1"', '- "jq >=1"  # [unix]'),
        ("- jq # for scripts", "- jq # [unix] for scripts"),
        ("- jq  #as it is", "- jq  # [unix] as it is"),
        ("- jq  # [linux or osx or win] old", "- jq  # [unix] old"),
        ("- jq   ", "- jq     # [unix]"),
    ],
)
def test_the_selector_leads_the_comment_and_the_rest_stays(line: str, wanted: str) -> None:
    assert edited(line, LINUX, MAC) == wanted


def test_line_ends_stay() -> None:
    text = "dependencies:\r\n- a\r\n- jq\r\n"
    made = with_selector(text, read(text).dependencies[1], only_on=[WIN], asked=ASKED)
    assert made == "dependencies:\r\n- a\r\n- jq  # [win]\r\n"


def test_a_selector_gets_narrower_and_never_wider() -> None:
    assert edited("- jq  # [linux64 or win]", LINUX) == "- jq  # [linux64]"


@pytest.mark.parametrize("text", ["dependencies: [a, jq]\n", "dependencies:\n- a\n- sel(unix): jq\n"])
def test_what_has_no_comment_of_its_own_is_refused(text: str) -> None:
    item = read(text).dependencies[1]
    with pytest.raises(UnsupportedError, match="no selector can be put behind jq"):
        with_selector(text, item, only_on=[LINUX], asked=ASKED)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_the_line_then_counts_exactly_where_it_shall(data: st.DataObject) -> None:
    asked = data.draw(st.lists(st.sampled_from(DEFAULT_PLATFORMS), unique=True, min_size=2))
    only_on = data.draw(st.lists(st.sampled_from(asked), unique=True, min_size=1, max_size=len(asked) - 1))
    text = "dependencies:\n  - a  # first\n  - 'b=1'\n"
    made = read(with_selector(text, read(text).dependencies[1], only_on=only_on, asked=asked))
    assert {p for p in asked if made.dependencies[1].counts_on(p)} == set(only_on)
    assert all(made.dependencies[0].counts_on(p) for p in asked)
