"""Edits on edits are edits of the first text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.model.edit import TextEdit, apply_edits, inverse_edits
from condaenv_tools.parse.editing.patchwork import Patchwork

TEXT = "0123456789"


@st.composite
def edits_of(draw: st.DrawFn, size: int) -> list[TextEdit]:
    """Edits that do not overlap."""
    places = sorted(draw(st.lists(st.integers(0, size), max_size=6, unique=True)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return [
        TextEdit(start=a, end=draw(st.sampled_from((a, b))), text=draw(st.text("ab", max_size=3)))
        for a, b in pairs
    ]


@settings(deadline=None)
@given(st.data())
def test_edits_one_after_the_other_are_edits_of_the_first_text(data: st.DataObject) -> None:
    work, text = Patchwork(TEXT), TEXT
    for _ in range(data.draw(st.integers(0, 4))):
        edits = data.draw(edits_of(len(text)))
        work.apply(data.draw(st.permutations(edits)))
        text = apply_edits(text, edits)
        assert work.text == text
    assert apply_edits(TEXT, work.edits()) == text
    for offset, char in enumerate(text):
        origin = work.origin(offset)
        assert origin is None if char in "ab" else TEXT[origin or 0] == char
    assert work.origin(len(text)) is None


@settings(deadline=None)
@given(st.data())
def test_the_inverse_undoes(data: st.DataObject) -> None:
    edits = data.draw(edits_of(len(TEXT)))
    assert apply_edits(apply_edits(TEXT, edits), inverse_edits(TEXT, edits)) == TEXT


def test_what_was_put_in_and_taken_out_leaves_no_edit() -> None:
    work = Patchwork(TEXT)
    work.apply([TextEdit(start=3, end=3, text="ab")])
    work.apply([TextEdit(start=3, end=5, text="")])
    assert work.edits() == ()
