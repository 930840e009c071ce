"""What an edit makes of a file, line by line."""

from __future__ import annotations

import pytest

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.editing.changes import Add, Change, Remove, Section, SetSpec
from condaenv_tools.parse.editing.edit import edit_environment, edit_text, plan_edits

PIP, CHANNELS, PLATFORMS, VARIABLES, NAME = (
    Section.PIP,
    Section.CHANNELS,
    Section.PLATFORMS,
    Section.VARIABLES,
    Section.NAME,
)

FILE = """\
name: x
channels:
  - conda-forge  # first
  - nodefaults

dependencies:
  - python=3.12
  # the arrays
  - numpy=1.26    # as the cluster
  - "scipy>=1"    # has
  - pip
  - pip:
      - requests>=2

prefix: /opt/x
"""


def lines(text: str, *changes: Change) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    old, new = text.splitlines(), edit_text(text, changes).text.splitlines()
    gone = [line for line in old if line not in new]
    return gone, [line for line in new if line not in old]


CHANGES: dict[str, tuple[Change, list[str], list[str]]] = {
    "add": (Add(text="xz"), [], ["  - xz"]),
    "add-pip": (Add(section=PIP, text="-e ."), [], ["      - -e ."]),
    "add-channel": (Add(section=CHANNELS, text="bioconda"), [], ["  - bioconda"]),
    "add-platform": (Add(section=PLATFORMS, text="win-64"), [], ["platforms:", "  - win-64"]),
    "add-variable": (Add(section=VARIABLES, text="A=1"), [], ["variables:", '  A: "1"']),
    "set": (
        SetSpec(name="numpy", text="numpy=2"),
        ["  - numpy=1.26    # as the cluster"],
        ["  - numpy=2       # as the cluster"],
    ),
    "set-keeps-the-quotes": (
        SetSpec(name="scipy", text="scipy[version='>1']"),
        ['  - "scipy>=1"    # has'],
        ["  - \"scipy[version='>1']\"  # has"],
    ),
    "set-another-package": (SetSpec(name="python", text="pypy"), ["  - python=3.12"], ["  - pypy"]),
    "set-channel": (
        SetSpec(section=CHANNELS, name="conda-forge", text="https://example.org/cf"),
        ["  - conda-forge  # first"],
        ["  - https://example.org/cf  # first"],
    ),
    "set-name": (SetSpec(section=NAME, name="", text="no"), ["name: x"], ['name: "no"']),
    "remove": (Remove(name="numpy"), ["  - numpy=1.26    # as the cluster"], []),
    "remove-by-text": (Remove(name="scipy>=1"), ['  - "scipy>=1"    # has'], []),
    "remove-the-last-pip-line": (
        Remove(section=PIP, name="Requests"),
        ["  - pip:", "      - requests>=2"],
        [],
    ),
}


@pytest.mark.parametrize(("change", "gone", "came"), CHANGES.values(), ids=list(CHANGES))
def test_only_the_lines_that_are_meant_change(change: Change, gone: list[str], came: list[str]) -> None:
    assert lines(FILE, change) == (gone, came)
    for newline in ("\r\n", "\r"):
        other = FILE.replace("\n", newline)
        assert edit_text(other, [change]).text == edit_text(FILE, [change]).text.replace("\n", newline)


TEXTS: dict[str, tuple[str, list[Change], str]] = {
    "before-pip-and-its-section": (
        "dependencies:\n- a\n- pip\n- pip:\n  - x\n",
        [Add(text="b")],
        "dependencies:\n- a\n- b\n- pip\n- pip:\n  - x\n",
    ),
    "only-a-pip-section": (
        "dependencies:\n- pip:\n  - x\n",
        [Add(text="b")],
        "dependencies:\n- b\n- pip:\n  - x\n",
    ),
    "in-brackets": (
        "dependencies: [a, 'b',c]  # k\n",
        [Add(text="d>=1,<2"), Remove(name="b"), Remove(name="c")],
        "dependencies: [a, 'd>=1,<2']  # k\n",
    ),
    "first-in-brackets": ("dependencies: [ a , b ]\n", [Remove(name="a")], "dependencies: [ b ]\n"),
    "last-in-brackets": ("dependencies: [ a ]\n", [Remove(name="a")], "dependencies: []\n"),
    "comma-at-the-end": (
        "dependencies: [a, b,]\n",
        [Remove(name="b"), Add(text="c")],
        "dependencies: [a, c,]\n",
    ),
    "only-with-a-comma": ("dependencies: [a,]\n", [Remove(name="a")], "dependencies: []\n"),
    "brackets-line-by-line": (
        "dependencies: [\n  a,  # one\n  b   # two\n]\n",
        [Remove(name="a"), Add(text="c")],
        "dependencies: [\n  b,   # two\n  c\n]\n",
    ),
    "brackets-line-by-line-last": (
        "dependencies: [\n  a,  # one\n  b   # two\n]\n",
        [Remove(name="b")],
        "dependencies: [\n  a  # one\n]\n",
    ),
    "brackets-line-by-line-comma": (
        "dependencies: [\n  a,\n  b,\n]\n",
        [Add(text="c")],
        "dependencies: [\n  a,\n  b,\n  c,\n]\n",
    ),
    "pip-in-brackets": (
        "dependencies: [a, pip]\n",
        [Add(section=PIP, text="x")],
        "dependencies: [a, pip, {pip: [x]}]\n",
    ),
    "json": (
        '{"channels": ["c"], "dependencies": ["a"]}',
        [Add(text="b"), Add(section=PIP, text="y")],
        '{"channels": ["c"], "dependencies": ["a", "b", "pip", {"pip": ["y"]}]}',
    ),
    "empty-list": ("dependencies: []  # none\n", [Add(text="a")], "dependencies:  # none\n  - a\n"),
    "empty-list-among-brackets": (
        "channels: [a]\ndependencies: []\n",
        [Add(text="a")],
        "channels: [a]\ndependencies: [a]\n",
    ),
    "null": ("dependencies:  # none\n", [Add(text="a")], "dependencies:  # none\n  - a\n"),
    "null-word": ("dependencies: null # none\n", [Add(text="a")], "dependencies: # none\n  - a\n"),
    "null-among-brackets": (
        "channels:\ndependencies: [a]\n",
        [Add(section=CHANNELS, text="b")],
        "channels: [b]\ndependencies: [a]\n",
    ),
    "no-section": ("name: x", [Add(text="a")], "name: x\ndependencies:\n  - a"),
    "no-section-among-brackets": (
        "dependencies: [a]\n",
        [Add(section=CHANNELS, text="b"), Add(section=PLATFORMS, text="win-64")],
        "channels: [b]\nplatforms: [win-64]\ndependencies: [a]\n",
    ),
    "style-of-the-neighbours": (
        "channels:\r\n-   a\r\n",
        [Add(text="b"), Add(section=PIP, text="c")],
        "channels:\r\n-   a\r\ndependencies:\r\n-   b\r\n-   pip\r\n-   pip:\r\n    -   c\r\n",
    ),
    "before-all": (
        "# head\ndependencies:\n- a\n",
        [Add(section=CHANNELS, text="c")],
        "# head\nchannels:\n- c\ndependencies:\n- a\n",
    ),
    "blank-lines-between-sections": (
        "name: x\n\ndependencies:\n- a\n",
        [Add(section=CHANNELS, text="c"), Add(section=VARIABLES, text="A=b")],
        "name: x\n\nchannels:\n- c\n\ndependencies:\n- a\n\nvariables:\n  A: b\n",
    ),
    "before-the-end-of-a-document": (
        "---\nname: x\n...\n",
        [Add(text="a")],
        "---\nname: x\ndependencies:\n  - a\n...\n",
    ),
    "the-last-item": (
        "dependencies:  # k\n- a\n# end\n",
        [Remove(name="a")],
        "dependencies: []  # k\n# end\n",
    ),
    "the-last-line-of-all": ("dependencies:\n- a\n- b", [Remove(name="b")], "dependencies:\n- a"),
    "comments-of-their-own-stay": (
        "dependencies:\n- a\n# about b\n- b\n# about c\n- c\n",
        [Remove(name="b")],
        "dependencies:\n- a\n# about b\n# about c\n- c\n",
    ),
    "comments-of-a-pip-section-stay": (
        "dependencies:\n- pip\n- pip:  # x\n  # about b\n  - b\n",
        [Remove(section=PIP, name="b")],
        "dependencies:\n- pip\n  # about b\n",
    ),
    "all-that-there-is": (
        "dependencies:\n- pip:\n  - b\n",
        [Remove(section=PIP, name="b")],
        "dependencies: []\n",
    ),
    "folded": (
        "dependencies:\n- a\n  b\n- >-\n  c\n\n- d\n",
        [Remove(name="a"), Remove(name="c")],
        "dependencies:\n\n- d\n",
    ),
    "sel": (
        "dependencies:\n- sel(win): a\n- sel(osx): b  # k\n- sel(unix):\n  - c\n- d\n",
        [SetSpec(name="a", text="a=1"), Remove(name="b"), Remove(name="c")],
        "dependencies:\n- sel(win): a=1\n- d\n",
    ),
    "an-alias-goes": ("dependencies:\n- &a a\n- *a\n", [Remove(name="a", line=3)], "dependencies:\n- &a a\n"),
    "an-alias-is-set": (
        "x: &a a=1\ndependencies:\n- *a\n",
        [SetSpec(name="a", text="a=2")],
        "x: &a a=1\ndependencies:\n- a=2\n",
    ),
    "quotes-where-needed": (
        "dependencies:\n- 'a'\n",
        [Add(text="*cuda*"), Add(section=CHANNELS, text="null")],
        "channels:\n- 'null'\ndependencies:\n- 'a'\n- '*cuda*'\n",
    ),
    "escapes": (
        "dependencies:\n- \"a\\x20b\"\n- 'c'\n",
        [SetSpec(name="a", text='a[build="x*"]'), SetSpec(name="c", text="c[version='>=1']")],
        "dependencies:\n- \"a[build=\\\"x*\\\"]\"\n- 'c[version=''>=1'']'\n",
    ),
    "selectors": (
        "dependencies:\n- a  # [win]\n- a=2  # [unix]\n",
        [
            SetSpec(name="a", text="a=1", platform=Platform.WIN_64),
            Remove(name="a", platform=Platform.LINUX_64),
            Add(text="b", selector="linux and x86_64"),
        ],
        "dependencies:\n- a=1  # [win]\n- b  # [linux and x86_64]\n",
    ),
    "all-of-several": (
        "dependencies:\n- a  # [win]\n- b\n- a=2  # [unix]\n",
        [SetSpec(name="a", text="a=3", all=True)],
        "dependencies:\n- a=3  # [win]\n- b\n- a=3  # [unix]\n",
    ),
    "remove-all-of-several": (
        "dependencies:\n- a\n- b\n- a=2\n",
        [Remove(name="a", all=True)],
        "dependencies:\n- b\n",
    ),
    "on-another-platform": (
        "dependencies:\n- a  # [win]\n",
        [Add(text="a=2", selector="unix")],
        "dependencies:\n- a  # [win]\n- a=2  # [unix]\n",
    ),
    "a-key-with-a-selector": (
        "dependencies:  # [linux]\n- a\n",
        [Add(text="b"), SetSpec(name="a", text="a=1")],
        "dependencies:  # [linux]\n- a=1\n- b\n",
    ),
    "at-a-line": (
        "dependencies:\n- a\n# c\n\n- b\n",
        [Add(text="x", line=4), Add(text="z", line=2)],
        "dependencies:\n- z\n- a\n# c\n- x\n\n- b\n",
    ),
    "a-column-of-comments": (
        "dependencies:\n- a=1     # x\n- b       # y\n",
        [SetSpec(name="a", text="a=1.2.3"), SetSpec(name="b", text="b=1.2.3.4.5")],
        "dependencies:\n- a=1.2.3 # x\n- b=1.2.3.4.5  # y\n",
    ),
    "unread-parts-stay": (
        "dependencies:\n- a >>> 1\n- b: 1\n- c\n- d\n",
        [Remove(name="c"), SetSpec(name="d", text="d=1"), Add(text="e")],
        "dependencies:\n- a >>> 1\n- b: 1\n- d=1\n- e\n",
    ),
    "variables": (
        "variables:\n  A: 1  # k\n  B: ''\n",
        [
            SetSpec(section=VARIABLES, name="A", text="2"),
            SetSpec(section=VARIABLES, name="B", text="x y"),
            Add(section=VARIABLES, text="C=a: b"),
        ],
        "variables:\n  A: '2'  # k\n  B: 'x y'\n  C: 'a: b'\n",
    ),
    "last-variable": ("variables:\n  A: 1\n", [Remove(section=VARIABLES, name="A")], "variables: {}\n"),
    "first-variable": ("variables: {}\n", [Add(section=VARIABLES, text="A=")], 'variables:\n  A: ""\n'),
    "a-name": (
        "dependencies: [a]\n",
        [SetSpec(section=NAME, name="", text="y")],
        'name: "y"\ndependencies: [a]\n',
    ),
    "a-name-for-nothing": (
        "name:\ndependencies: [a]\n",
        [SetSpec(section=NAME, name="", text="b")],
        "name: b\ndependencies: [a]\n",
    ),
}


@pytest.mark.parametrize(("before", "changes", "after"), TEXTS.values(), ids=list(TEXTS))
def test_what_is_not_meant_keeps_its_bytes(before: str, changes: list[Change], after: str) -> None:
    assert edit_text(before, changes).text == after


@pytest.mark.parametrize(
    "changes",
    [
        [Add(text="numpy=1.26")],
        [Add(section=CHANNELS, text="conda-forge")],
        [SetSpec(name="numpy", text="numpy=1.26")],
        [SetSpec(section=NAME, name="", text="x")],
        [],
    ],
    ids=["there", "channel-there", "so-already", "name-so-already", "nothing"],
)
def test_what_is_so_already_is_no_change(changes: list[Change]) -> None:
    result = edit_text(FILE, changes)
    assert (result.text, result.edits, result.changed, result.findings) == (FILE, (), (), ())


def test_changes_tell_where_they_stand_in_the_new_text() -> None:
    changes = [
        Remove(name="python"),
        Add(text="xz"),
        SetSpec(name="scipy", text="scipy=2"),
        Add(section=CHANNELS, text="bioconda"),
    ]
    result = edit_text(FILE, changes)
    told = [(one.action, one.before, one.after, one.line) for one in result.changed]
    assert told == [
        ("remove", "python=3.12", None, 7),
        ("add", None, "xz", 11),
        ("set", "scipy>=1", "scipy=2", 10),
        ("add", None, "bioconda", 4),
    ]
    new = result.text.splitlines()
    assert [new[line - 1].split("#")[0].strip(' -"') for *_, line in told[1:]] == [
        "xz",
        "scipy=2",
        "bioconda",
    ]


def test_a_finding_that_an_edit_brings_is_told() -> None:
    result = edit_text("dependencies:\n- a\n", [Add(text="b", selector="win")])
    assert [finding.code for finding in result.findings] == ["CE113"]
    assert edit_text("dependencies:\n- a  # [osx]\n", [Add(text="b", selector="win")]).findings == ()


def test_several_changes_are_edits_of_the_first_text() -> None:
    edits = plan_edits(FILE, [Remove(name="numpy"), Add(text="xz"), Remove(name="xz")])
    (edit,) = edits
    assert FILE[edit.start : edit.end] == "  - numpy=1.26    # as the cluster\n"
    assert edit.text == ""


def test_mixed_line_ends_are_those_of_the_neighbour() -> None:
    text = "dependencies:\r\n- a\r\n- b\n- c\r"
    assert edit_text(text, [Add(text="x", line=3)]).text == "dependencies:\r\n- a\r\n- x\n- b\n- c\r"
    assert edit_text(text, [Add(text="x")]).text == "dependencies:\r\n- a\r\n- b\n- c\r- x\r"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_bytes_keep_their_encoding_and_their_mark(encoding: str) -> None:
    before = "dependencies:\r\n- é\r\n- b".encode(encoding)
    after = "dependencies:\r\n- é\r\n- b\r\n- c".encode(encoding)
    assert edit_environment(before, [Add(text="c")]) == after


def test_a_text_keeps_its_marks() -> None:
    assert edit_environment("\ufeff\ufeffname: x\n", [SetSpec(section=NAME, name="", text="z")]) == (
        "\ufeff\ufeffname: z\n"
    )


def test_offsets_count_the_marks_of_a_text() -> None:
    text = "\ufeffdependencies:\n- a\n"
    assert apply_edits(text, plan_edits(text, [Add(text="b")])) == "\ufeffdependencies:\n- a\n- b\n"
