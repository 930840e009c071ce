"""Several files read as one, in order."""

from __future__ import annotations

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.environment_yml import loads_environment
from condaenv_tools.parse.merge import merge_environments

ONE = """\
name: one
channels: [conda-forge, nodefaults]
platforms: [linux-64, osx-arm64]
dependencies: [python=3.12, numpy>=1.26, pip, {pip: [a]}]
variables: {A: "1", B: "1"}
"""
TWO = """\
name: two
prefix: /two
category: dev
channels: [nvidia, conda-forge]
platforms: [win-64, linux-64]
dependencies: [numpy<2, pip, {pip: [b]}]
variables: {B: "2", C: "2"}
"""


def merged(*texts: str) -> Environment:
    return merge_environments([loads_environment(text, path=f"{n}.yml") for n, text in enumerate(texts, 1)])


def test_two_files_merge_in_order() -> None:
    both = merged(ONE, TWO)
    assert both.sources == ("1.yml", "2.yml")
    assert (both.name, both.prefix) == ("one", "/two")
    assert [item.text for item in both.channels] == ["conda-forge", "nodefaults", "nvidia"]
    assert [item.platform for item in both.platforms] == [
        Platform.LINUX_64,
        Platform.OSX_ARM64,
        Platform.WIN_64,
    ]
    assert [item.text for item in both.pip] == ["a", "b"]
    assert {item.name: item.value for item in both.variables} == {"A": "1", "B": "2", "C": "2"}


def test_the_same_package_in_two_files_is_an_intersection() -> None:
    both = merged(ONE, TWO)
    assert [item.text for item in both.dependencies if item.name == "numpy"] == ["numpy>=1.26", "numpy<2"]
    assert [str(item.span) for item in both.dependencies if item.name == "numpy"] == [
        "1.yml:4:29",
        "2.yml:6:16",
    ]


def test_each_line_keeps_the_category_of_its_file() -> None:
    both = merged(ONE, TWO)
    assert both.category is None
    assert [(item.text, item.category) for item in both.dependencies] == [
        ("python=3.12", "main"),
        ("numpy>=1.26", "main"),
        ("pip", "main"),
        ("numpy<2", "dev"),
        ("pip", "dev"),
    ]
    assert [item.category for item in both.pip] == ["main", "dev"]


def test_one_file_is_itself_and_none_is_empty() -> None:
    one = loads_environment(ONE)
    assert merge_environments([one]) is one
    assert merge_environments([]) == Environment(sources=())


def test_merging_is_associative() -> None:
    a, b, c = (
        loads_environment(t, path=p) for t, p in ((ONE, "a"), (TWO, "b"), ("dependencies: [x]\n", "c"))
    )
    left = merge_environments([merge_environments([a, b]), c])
    right = merge_environments([a, merge_environments([b, c])])
    assert left == right


def test_a_channel_with_another_selector_is_another_channel() -> None:
    both = merged("channels:\n  - x  # [linux]\ndependencies: [a]\n", "channels: [x]\ndependencies: [b]\n")
    assert [item.text for item in both.channels_on(Platform.WIN_64)] == ["x"]
    assert [item.text for item in both.channels] == ["x", "x"]
