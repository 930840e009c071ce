"""Forms of a file that few people write, and what an edit makes of them."""

from __future__ import annotations

import pytest

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.editing.changes import Add, Change, EditError, Remove, Section, SetSpec
from condaenv_tools.parse.editing.edit import edit_text
from condaenv_tools.parse.editing.selecting import selector_for
from condaenv_tools.parse.environment_yml import loads_environment

PIP, CHANNELS, VARIABLES, NAME = Section.PIP, Section.CHANNELS, Section.VARIABLES, Section.NAME

TEXTS: dict[str, tuple[str, list[Change], str]] = {
    "pip-without-a-list": (
        "dependencies:\n  - pip\n  - pip:  # here\n",
        [Add(section=PIP, text="x")],
        "dependencies:\n  - pip\n  - pip:  # here\n    - x\n",
    ),
    "empty-pip-list": (
        "dependencies:\n- pip: []\n- pip\n",
        [Add(section=PIP, text="x"), Add(section=PIP, text="z")],
        "dependencies:\n- pip:\n  - x\n  - z\n- pip\n",
    ),
    "empty-pip-list-in-brackets": (
        "dependencies: [pip, {pip: []}]\n",
        [Add(section=PIP, text="x")],
        "dependencies: [pip, {pip: [x]}]\n",
    ),
    "the-last-of-two-pip-sections": (
        "dependencies:\n- pip:\n  - x\n- pip:\n  - y\n",
        [Add(section=PIP, text="z"), Remove(section=PIP, name="x")],
        "dependencies:\n- pip:\n  - y\n  - z\n",
    ),
    "empty-list-on-its-line": (
        "dependencies: []\n",
        [Add(text="a", line=1), Add(text="b", line=1)],
        "dependencies: [a, b]\n",
    ),
    "empty-brackets-over-lines": ("dependencies: [\n  ]\n", [Add(text="a")], "dependencies: [a]\n"),
    "json-with-an-empty-list": ('{"dependencies": []}', [Add(text="a")], '{"dependencies": ["a"]}'),
    "braces": ("{dependencies: [], name: x}", [Add(text="a")], "{dependencies: [a], name: x}"),
    "brackets-first-of-lines": (
        "dependencies: [\n  pip,\n  {pip: [x]},\n]\n",
        [Add(text="a")],
        "dependencies: [\n  a,\n  pip,\n  {pip: [x]},\n]\n",
    ),
    "brackets-first": (
        "dependencies: [pip, {pip: [x]}]\n",
        [Add(text="a")],
        "dependencies: [a, pip, {pip: [x]}]\n",
    ),
    "only-in-brackets-over-lines": (
        "dependencies: [\n  a,  # k\n]\n",
        [Remove(name="a")],
        "dependencies: [\n    # k\n]\n",
    ),
    "sel-in-brackets": (
        "dependencies: [{sel(win): a}, b]\n",
        [SetSpec(name="a", text="a>=1,<2"), Remove(name="b")],
        'dependencies: [{sel(win): "a>=1,<2"}]\n',
    ),
    "a-channel-before-nodefaults-that-is-alone": (
        "channels:\n- nodefaults\n",
        [Add(section=CHANNELS, text="a")],
        "channels:\n- a\n- nodefaults\n",
    ),
    "an-indented-file": (
        "  name: x\n  dependencies:\n    - a\n",
        [Add(section=CHANNELS, text="c"), Add(text="b")],
        "  name: x\n  channels:\n    - c\n  dependencies:\n    - a\n    - b\n",
    ),
    "variables-without-any": (
        "variables:  # none\n",
        [Add(section=VARIABLES, text="A=b"), Remove(section=VARIABLES, name="A")],
        "variables: {}  # none\n",
    ),
    "variable-that-is-there": (
        "variables:\n  A: b\n",
        [Add(section=VARIABLES, text="A=b")],
        "variables:\n  A: b\n",
    ),
    "variable-that-is-so": (
        "variables:\n  A: b\n",
        [SetSpec(section=VARIABLES, name="A", text="b")],
        "variables:\n  A: b\n",
    ),
    "variable-without-a-value": (
        "variables:\n  A:\n",
        [SetSpec(section=VARIABLES, name="A", text="A=c")],
        "variables:\n  A: c\n",
    ),
    "category": (
        "category: dev\ndependencies:\n- a\n- pip\n",
        [Add(text="b"), SetSpec(name="a", text="a=1"), Add(section=PIP, text="x")],
        "category: dev\ndependencies:\n- a=1\n- pip\n- b\n- pip:\n  - x\n",
    ),
    "pip-in-a-section-with-a-selector": (
        "dependencies:  # [win]\n- pip\n",
        [Add(section=PIP, text="x")],
        "dependencies:  # [win]\n- pip\n- pip:\n  - x\n",
    ),
    "quoted-keys": (
        '"dependencies":\n- "a"\n- \'pip\'\n- "pip":\n  - x\n',
        [Add(text="b"), Remove(section=PIP, name="x")],
        '"dependencies":\n- "a"\n- b\n- \'pip\'\n',
    ),
    "a-tag": ("dependencies:\n- !!str a\n", [SetSpec(name="a", text="a=1")], "dependencies:\n- !!str a=1\n"),
    "an-anchor-that-nobody-uses": (
        "dependencies: &d\n- &a a\n",
        [Remove(name="a"), Add(text="b", line=1)],
        "dependencies: &d [b]\n",
    ),
}


@pytest.mark.parametrize(("before", "changes", "after"), TEXTS.values(), ids=list(TEXTS))
def test_what_is_not_meant_keeps_its_bytes(before: str, changes: list[Change], after: str) -> None:
    assert edit_text(before, changes).text == after


REFUSED: dict[str, tuple[str, Change, type[Exception], str]] = {
    "variable": (
        "variables:\n  A: b\n",
        Add(section=VARIABLES, text="A=c"),
        EditError,
        "`A` is in the variables",
    ),
    "variable-with-a-selector": (
        "name: x\n",
        Add(section=VARIABLES, text="A=c", selector="win"),
        UnsupportedError,
        "all platforms",
    ),
    "variables-alias": (
        "x: &x\n  A: b\nvariables: *x\n",
        Remove(section=VARIABLES, name="A"),
        UnsupportedError,
        "alias",
    ),
    "two-variables-on-a-line": (
        "variables: {A: b}\n",
        Remove(section=VARIABLES, name="A"),
        UnsupportedError,
        "braces",
    ),
    "name-a-list": ("name: [x]\n", SetSpec(section=NAME, name="", text="y"), UnsupportedError, "no text"),
    "name-a-block": (
        "name: |-\n  x\n",
        SetSpec(section=NAME, name="", text="z"),
        UnsupportedError,
        "several lines",
    ),
    "name-empty": ("name: x\n", SetSpec(section=NAME, name="", text=" "), EditError, "is empty"),
    "anchored-in-brackets": (
        "dependencies: [&a a, b]\n",
        Remove(name="a"),
        UnsupportedError,
        "an anchor or a tag",
    ),
    "question-mark": ("? dependencies\n: \n", Add(text="a"), UnsupportedError, "no colon"),
    "pip-with-another-key": (
        "dependencies:\n- pip:\n  - x\n  sel(win): a\n",
        Remove(section=PIP, name="x"),
        UnsupportedError,
        "one of several keys",
    ),
}


@pytest.mark.parametrize(("text", "change", "kind", "told"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_done_is_refused(text: str, change: Change, kind: type[Exception], told: str) -> None:
    with pytest.raises(kind, match=told):
        edit_text(text, [change], path="e.yml")


def environment(*platforms: str) -> Environment:
    return loads_environment(f"platforms: [{', '.join(platforms)}]\ndependencies: [a]\n")


@pytest.mark.parametrize(
    ("platforms", "among", "selector"),
    [
        (["linux-64"], ["linux-64", "win-64"], "linux"),
        (["linux-64"], ["linux-64", "linux-aarch64", "osx-64"], "linux64"),
        (["linux-64", "osx-64"], ["linux-64", "osx-64", "win-64"], "unix"),
        (["linux-aarch64", "osx-arm64"], ["linux-64", "linux-aarch64", "osx-arm64"], "aarch64 or osx"),
        (["linux-64", "linux-aarch64"], [], "linux"),
        (["win-64", "osx-arm64"], [], "arm64 or win"),
        (["win-arm64"], ["win-64", "win-arm64", "osx-arm64"], "(win and arm64)"),
    ],
)
def test_a_selector_holds_where_it_is_meant_and_nowhere_else(
    platforms: list[str], among: list[str], selector: str
) -> None:
    wanted = [Platform(name) for name in platforms]
    found = selector_for(wanted, environment(*among))
    assert found == selector
    env = loads_environment(f"dependencies:\n- a  # [{found}]\n")
    others = {Platform(name) for name in among}
    assert {p for p in others | set(wanted) if env.dependencies[0].counts_on(p)} == set(wanted)
