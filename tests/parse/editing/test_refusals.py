"""What is refused: with the line, the reason and what to do, and without a change."""

from __future__ import annotations

import pytest

from condaenv_tools.errors import InvalidMatchSpecError, InvalidPlatformError, ParseError, UnsupportedError
from condaenv_tools.model.edit import TextEdit
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.editing.changes import (
    Add,
    Change,
    Changed,
    EditError,
    Remove,
    Section,
    SetSpec,
    UnsafeEditError,
)
from condaenv_tools.parse.editing.document import Document
from condaenv_tools.parse.editing.edit import edit_text
from condaenv_tools.parse.editing.meaning import DataChange, Step, check

PIP, CHANNELS, VARIABLES, NAME = Section.PIP, Section.CHANNELS, Section.VARIABLES, Section.NAME
FILE = "channels:\n- c\ndependencies:\n- numpy=1\n- scipy\n- pip\n- pip:\n  - requests\n"
TWICE = "dependencies:\n- a=1  # [win]\n- a=2  # [unix]\n- a=3  # [win]\n"

REFUSED: dict[str, tuple[str, Change, type[ParseError], str]] = {
    "absent": (FILE, Remove(name="nump"), EditError, "e.yml: `nump` is not in the dependencies.*mean numpy"),
    "absent-set": (FILE, SetSpec(name="q", text="q=1"), EditError, "condaenv edit FILE add"),
    "in-pip": (FILE, Remove(name="requests"), EditError, "in the pip section, line 8: ask with --pip"),
    "in-conda": (FILE, Remove(section=PIP, name="numpy"), EditError, "line 4: ask without --pip"),
    "another-version": (FILE, Remove(name="numpy=2"), EditError, "`numpy=2` is not in the dependencies"),
    "there": (
        FILE,
        Add(text="numpy=2"),
        EditError,
        "e.yml:4: `numpy` is in the dependencies already, as `numpy=1`",
    ),
    "there-in-pip": (FILE, Add(section=PIP, text="Requests>1"), EditError, "e.yml:8: .*FILE set"),
    "there-as-a-channel": (FILE, Add(section=CHANNELS, text="C"), EditError, "e.yml:2: "),
    "set-to-one-that-is-there": (FILE, SetSpec(name="numpy", text="scipy=1"), EditError, "e.yml:5: `scipy`"),
    "no-spec": (FILE, Add(text="numpy >> 2"), InvalidMatchSpecError, r"numpy >> 2\n *\^\^"),
    "no-requirement": (FILE, Add(section=PIP, text="a=1"), EditError, r"pip wants ==.*\n  a=1\n   \^"),
    "no-channel": (FILE, Add(section=CHANNELS, text="a, b"), EditError, "a comma"),
    "no-platform": (FILE, Add(section=Section.PLATFORMS, text="linux"), InvalidPlatformError, "linux-64"),
    "no-value": (FILE, Add(section=VARIABLES, text="A"), EditError, "A=VALUE"),
    "no-variable": (FILE, Add(section=VARIABLES, text="1 A=b"), EditError, "no name of an environment"),
    "no-text": (FILE, Add(text="  "), EditError, "is empty"),
    "two-lines": (FILE, Add(text="a\n- b"), EditError, "cannot be printed"),
    "no-selector": (
        FILE,
        Add(text="a", selector="windows"),
        EditError,
        r"windows\n  \^+\n  hint: write # \[win\]",
    ),
    "not-the-name": (FILE, Remove(section=NAME, name="x"), EditError, "can be set"),
    "a-bad-name": ("name: x\n", SetSpec(section=NAME, name="", text="a/b"), EditError, "CE206"),
    "several": (
        TWICE,
        Remove(name="a"),
        EditError,
        "3 lines.*line 2: a=1.*line 3: a=2.*line 4: a=3.*with -p .*--all",
    ),
    "several-there": (TWICE, Remove(name="a", platform=Platform.WIN_64), EditError, "2 lines"),
    "on-no-platform": (
        TWICE,
        Remove(name="a", platform=Platform.ZOS_Z),
        EditError,
        "stands in lines 2, 3, 4",
    ),
    "not-on-the-line": (TWICE, SetSpec(name="a", text="a", line=9), EditError, "counts in line 9"),
    "not-readable": ("dependencies: [\n", Add(text="a"), ParseError, "CE101.*cannot be edited"),
    "nothing": ("# empty\n", Add(text="a"), ParseError, "CE103"),
    "a-text": (
        "dependencies: -a\n",
        Add(text="b"),
        UnsupportedError,
        "e.yml:1: .*`dependencies` is no list.*`- a`",
    ),
    "a-mapping": ("dependencies:\n  a: 1\n", Add(text="b"), UnsupportedError, "is no list"),
    "twice": ("dependencies: [a]\ndependencies: [b]\n", Add(text="c"), UnsupportedError, "already in line 1"),
    "alias": ("x: &x [a]\ndependencies: *x\n", Add(text="c"), UnsupportedError, "e.yml:2: .*alias .* line 1"),
    "alias-remove": ("x: &x [a]\ndependencies: *x\n", Remove(name="a"), UnsupportedError, "alias"),
    "anchor": ("dependencies: &x [a]\ny: *x\n", Add(text="c"), UnsupportedError, "&x is used in line 2"),
    "anchored-item": (
        "dependencies:\n- &x a\n- b\n- *x\n",
        SetSpec(name="a", text="a=1", line=2),
        UnsupportedError,
        "e.yml:2: .*&x is used in line 4",
    ),
    "merged": (
        "x: &x\n  dependencies:\n  - a\n<<: *x\n",
        Add(text="b"),
        UnsafeEditError,
        "e.yml:3: .*safely",
    ),
    "folded": ("dependencies:\n- a\n  b\n", SetSpec(name="a", text="c"), UnsupportedError, "several lines"),
    "block-scalar": (
        "dependencies:\n- |-\n  a\n",
        SetSpec(name="a", text="c"),
        UnsupportedError,
        "several lines",
    ),
    "dash-on-its-own": (
        "dependencies:\n-\n  a\n- b\n",
        Remove(name="a"),
        UnsupportedError,
        "behind its dash",
    ),
    "sel-of-several": (
        "dependencies:\n- sel(win): a\n  sel(osx): b\n",
        Remove(name="a"),
        UnsupportedError,
        "e.yml:2: ",
    ),
    "comment-beside": (
        "dependencies: [a, # k\n b]\n",
        Remove(name="b"),
        UnsupportedError,
        "a comment or a line end",
    ),
    "comment-inside": (
        "dependencies: [ # k\n]\n",
        Add(text="b"),
        UnsupportedError,
        "a comment between the brackets",
    ),
    "selector-in-brackets": (
        "dependencies: [a]\n",
        Add(text="b", selector="win"),
        UnsupportedError,
        "brackets",
    ),
    "selector-in-pip-brackets": (
        "dependencies: [pip]\n",
        Add(section=PIP, text="b", selector="win"),
        UnsupportedError,
        "e.yml:1: .*brackets",
    ),
    "comment-for-sel": (
        "dependencies:\n- sel(win): a\n",
        Add(text="b", selector="win"),
        UnsupportedError,
        r"sel\(\.\.\.\)",
    ),
    "braces": ("{name: x}", Add(text="b"), UnsupportedError, "in braces"),
    "line-elsewhere": (FILE, Add(text="x", line=1), UnsafeEditError, "e.yml:1: "),
    "variables-in-braces": (
        "variables: {A: b}\n",
        Add(section=VARIABLES, text="B=c"),
        UnsupportedError,
        "in braces",
    ),
    "variables-list": (
        "variables: [A=b]\n",
        Add(section=VARIABLES, text="B=c"),
        UnsupportedError,
        "no mapping",
    ),
}


@pytest.mark.parametrize(("text", "change", "kind", "told"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_done_is_refused(text: str, change: Change, kind: type[ParseError], told: str) -> None:
    with pytest.raises(kind, match=f"(?s){told}") as caught:
        edit_text(text, [change], path="e.yml")
    assert type(caught.value) is kind


def test_one_bad_change_stops_all() -> None:
    with pytest.raises(EditError):
        edit_text(FILE, [Add(text="x"), Remove(name="nothing")])


def test_an_error_that_was_there_stops_no_other_edit() -> None:
    text = "dependencies:\n- a >>> 1\n- b\n"
    assert edit_text(text, [Remove(name="b")]).text == "dependencies:\n- a >>> 1\n"


def test_no_message_has_a_credential() -> None:
    text = "channels:\n- https://me:hunter2@example.org/c\ndependencies:\n- https://me:hunter2@example.org/c::a\n"
    changes: list[Change] = [
        Remove(name="https://me:hunter2@example.org/c::b"),
        Add(text="a=2"),
        Remove(section=CHANNELS, name="https://me:hunter2@example.org/d"),
        Add(section=PIP, text="--bad https://me:hunter2@example.org/x"),
    ]
    for change in changes:
        with pytest.raises(ParseError) as caught:
            edit_text(text, [change])
        assert "hunter2" not in str(caught.value)


def step(text: str, *edits: TextEdit, new: str = "c") -> tuple[Document, Step]:
    """A step that says that it puts an item behind `- a`, whatever it does."""
    document = Document.read(text, path="e.yml")
    after = edit_text(text, [Add(text=new)]).text
    meant = Document.read(after, path="e.yml").environment
    return document, Step(
        edits=edits,
        data=DataChange(path=(0,), index=1, new=new),
        environment=meant,
        changed=Changed(action="add", section=Section.DEPENDENCIES, before=None, after=new, line=0),
        anchor=0,
    )


WRONG = {
    "nothing": "dependencies:\n- a\n",
    "another-item": "dependencies:\n- a\n- d\n",
    "another-place": "dependencies:\n- c\n- a\n",
    "more": "dependencies:\n- a\n- c\n- d\n",
    "a-key-as-well": "dependencies:\n- a\n- c\nother: 1\n",
    "a-number": "dependencies:\n- a\n- c\n- 1\n",
    "a-selector": "dependencies:\n- a\n- c  # [win]\n",
    "no-yaml": "dependencies:\n- a\n- c: [\n",
    "no-mapping": "- a\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=list(WRONG))
def test_a_text_that_says_something_else_is_never_handed_out(text: str) -> None:
    document, meant = step("dependencies:\n- a\n", TextEdit(start=17, end=17, text="?"))
    with pytest.raises(UnsafeEditError, match=r"e.yml:2: this edit .* cannot be made safely"):
        check(document, meant, text)
    assert check(document, meant, "dependencies:\n- a\n- c\n").environment.dependencies[1].text == "c"
