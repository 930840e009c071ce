"""Globs and regular expressions: what they match, and that none takes long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.patterns import check_regex, text_matches


@given(st.text("ab*.", max_size=8), st.text("ab.", max_size=8))
@settings(deadline=None)
def test_a_glob_matches_as_its_regular_expression_does(glob: str, text: str) -> None:
    meant = re.compile(".*".join(map(re.escape, glob.split("*"))))
    assert text_matches(glob, text) == (meant.fullmatch(text) is not None)


@pytest.mark.parametrize(
    ("wanted", "found", "answer"),
    [
        ("PY38_0", "py38_0", True),
        ("py3*", "PY38_0", True),
        ("^py3[89]_.*$", "PY38_0", True),
        ("^py$", "py38", False),
        ("*", "", True),
        ("", "a", False),
        ("a*a", "a", False),
    ],
)
def test_case_does_not_count(wanted: str, found: str, answer: bool) -> None:  # noqa: FBT001
    assert text_matches(wanted, found) is answer


@pytest.mark.parametrize(
    "pattern",
    [
        r"^cuda\d+_py3\d+_.*_h[0-9a-f]{7}_\d+$",
        r"^(cpu|cuda)\d+(mkl|generic)?_py3\d+_h.*_\d+$",
        "^(?:ab)*$",
        "^[]a-c^]{2,3}$",
        "^(ab){3}$",
        "^.*(?:cpu|openblas)$",
        "^" + "(" * 40 + ")" * 40 + "$",
    ],
)
def test_what_people_write_is_let_through(pattern: str) -> None:
    check_regex(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        "^((a+)b?)*$",
        "^(a|a)*$",
        "^(a|b){3}$",
        "^(a?){30}$",
        r"^(a)\1$",
        "^(?=a)$",
        "^(?P<n>a)$",
        "^(?i)a$",
        "^" + "a*" * 20 + "$",
        "^" + "a?" * 20 + "$",
        "^" + "(a|ab)" * 20 + "$",
        "^" + "a" * 300 + "$",
        "^(a$",
        "^a)$",
        "^[a$",
        "^a{1,99999999999}$",
        "^[[a]$",
        "^[a&&b]$",
        "^[a--b]$",
        "a$",
    ],
)
def test_what_could_take_long_or_is_no_regular_expression_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidVersionError) as caught:
        check_regex(pattern)
    assert caught.value.end == len(pattern)
