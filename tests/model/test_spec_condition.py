"""Conditions of specs (CEP 43) are taken apart without reading the specs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.spec_condition import split_condition


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        (" (a) ", ["(", "a", ")"]),
        ("a and b or c", ["a", "and", "b", "or", "c"]),
        ("android and ornament", ["android", "and", "ornament"]),
        ("python >=3.9 or b", ["python >=3.9", "or", "b"]),
        ("a[x='and )'] and(b or c)", ["a[x='and )']", "and", "(", "b", "or", "c", ")"]),
    ],
)
def test_the_parts_and_their_places(text: str, parts: list[str]) -> None:
    found = split_condition(text)
    assert [part for part, _ in found] == parts
    assert all(text.startswith(part, at) for part, at in found)


@pytest.mark.parametrize(
    ("text", "start", "reason"),
    [
        ("", 0, "a spec is missing at the end of the condition"),
        ("a and", 5, "a spec is missing at the end of the condition"),
        ("and a", 0, "a spec is missing before this"),
        ("a or )", 5, "a spec is missing before this"),
        ("(a", 0, "this parenthesis is not closed"),
        ("a)", 1, "this parenthesis has no partner"),
        ("(a) (b)", 4, "`and` or `or` is missing before this"),
        ("a[b", 1, "this bracket has no partner"),
    ],
)
def test_a_fault_and_its_place(text: str, start: int, reason: str) -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        split_condition(text)
    assert (caught.value.start, caught.value.reason) == (start, reason)


conditions = st.recursive(
    st.sampled_from(["a", "python>=3.9", "b[version='>=1,<2']", "__unix"]),
    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
    max_leaves=6,
)


@given(conditions)
@settings(deadline=None)
def test_the_parts_make_the_whole(text: str) -> None:
    bare = "".join(part for part, _ in split_condition(text))
    assert bare == text.replace(" ", "")
