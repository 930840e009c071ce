"""Items are taken out of lists, and put in, without another byte changed; or not at all."""

from __future__ import annotations

import pytest

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.parse.list_lines import insertion_behind, line_removal, removal
from condaenv_tools.parse.text import SourceText


def removed(text: str, item: str) -> str | None:
    source = SourceText(text, path="e.yml")
    start = text.index(item)
    edit = removal(source, start, start + len(item))
    return None if edit is None else apply_edits(text, [edit])


def inserted(text: str, item: str) -> str | None:
    source = SourceText(text, path="e.yml")
    start = text.index(item)
    edit = insertion_behind(source, start, start + len(item), "new")
    return None if edit is None else apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("- one\n- two\n", "- two\n"),
        ("- two\n- one\n", "- two\n"),
        ("- two\n- one", "- two"),
        ("- two\r\n- one\r\n- x\r\n", "- two\r\n- x\r\n"),
        ("- two\n  -   'one'  \n- x", "- two\n- x"),
        ("- one", None),
        ("- one # why\n- two\n", None),
        ("- - one\n- two\n", None),
        ("- &a one\n- two\n", None),
        ("a: [one, two]\n", "a: [two]\n"),
        ("a: [two, one]\n", "a: [two]\n"),
        ("a: [two , one , x]\n", "a: [two , x]\n"),
        ('a: [two, "one"]\n', "a: [two]\n"),
        ("a: [one]\n", None),
        ("a: [two,\n  one]\n", None),
        ("a: one\n", None),
    ],
)
def test_an_item_is_taken_out(text: str, left: str | None) -> None:
    assert removed(text, "one") == left


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("  - one\n  - two\n", "  - one\n  - new\n  - two\n"),
        ("- one", "- one\n- new"),
        ("x:\r\n- one", "x:\r\n- one\r\n- new"),
        ("- 'one' # why\n", "- 'one' # why\n- new\n"),
        ("a: [one, two]\n", "a: [one, new, two]\n"),
        ("a: ['one']\n", "a: ['one', new]\n"),
        ("a: one\n", None),
        ("- &a one\n", None),
    ],
)
def test_an_item_is_put_in(text: str, after: str | None) -> None:
    assert inserted(text, "one") == after


def test_a_line_goes_only_where_nothing_else_stands_on_it() -> None:
    source = SourceText("a: b # why\nc: d\ne: f\n  g\n", path="e.yml")
    assert line_removal(source, 0, 4) is None
    assert line_removal(source, 11, 15) is not None
    assert line_removal(source, 16, 24) is None


def test_what_spans_lines_is_left_alone() -> None:
    text = "- 'one\n  more'\n- two\n"
    assert removed(text, "one\n  more") is None
    assert inserted(text, "one\n  more") is None
