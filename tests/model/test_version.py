"""The order of versions is that of CEP 33."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.version import Version

#: From the lowest up; those on one line are equal.
ASCENDING = [
    ["0.4", "0.4.0"],
    ["0.4.1.rc", "0.4.1.RC"],
    ["0.4.1"],
    ["0.5a1"],
    ["0.5b3"],
    ["0.5C1"],
    ["0.5"],
    ["0.9.6"],
    ["0.960923"],
    ["1.0"],
    ["1.1dev1"],
    ["1.1_"],
    ["1.1a1"],
    ["1.1.0dev1", "1.1.dev1"],
    ["1.1.a1"],
    ["1.1.0rc1"],
    ["1.1", "1.1.0"],
    ["1.1.0post1", "1.1.post1"],
    ["1.1post1"],
    ["1996.07.12"],
    ["1!0.4.1"],
    ["1!3.1.1.6"],
    ["2!0.4.1"],
]


def test_the_ladder_of_the_standard() -> None:
    for line in ASCENDING:
        assert len({Version(text) for text in line}) == 1
    for lower, higher in pairwise(ASCENDING):
        for a in lower:
            for b in higher:
                assert Version(a) < Version(b), (a, b)
                assert Version(b) > Version(a)
                assert Version(a) != Version(b)


@pytest.mark.parametrize(
    ("version", "prefix", "answer"),
    [
        ("1.2.3", "1.2", True),
        ("1.20", "1.2", False),
        ("1.2rc1", "1.2", True),
        ("1.0", "1.0.0", True),
        ("1.2+cu118", "1.2", True),
        ("1.2+cu118", "1.2+cu", True),
        ("1.2", "1.2+cu", False),
        ("1!1.2", "1.2", False),
        ("9e", "9", True),
        ("2024a", "2024", True),
    ],
)
def test_starting_with(version: str, prefix: str, answer: bool) -> None:  # noqa: FBT001
    assert Version(version).starts_with(Version(prefix)) is answer


@pytest.mark.parametrize(
    "text", ["", " ", "1..2", "1!2!3", "a!1", "1+2+3", "+1", "1+", "1$2", "1 2", "x" * 300]
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(InvalidVersionError):
        Version(text)


def test_openssl_keeps_its_last_underscore() -> None:
    assert Version("1.0.1_") < Version("1.0.1a") < Version("1.0.1")


def test_versions_can_be_shipped() -> None:
    assert pickle.loads(pickle.dumps(Version("1.2.post1"))) == Version("1.2.post1")


texts = st.from_regex(
    r"([0-9]!)?[0-9]{1,2}(\.[0-9]{1,2}|[a-z]{1,3}[0-9]?|\.post[0-9]|\.dev[0-9]|_[0-9]){0,3}(\+[a-z0-9]{1,3})?",
    fullmatch=True,
)


@given(texts, texts, texts)
def test_the_order_is_total(a: str, b: str, c: str) -> None:
    x, y, z = Version(a), Version(b), Version(c)
    assert (x < y) + (x == y) + (x > y) == 1
    assert not (x <= y <= z) or x <= z
    if x == y:
        assert hash(x) == hash(y)


@given(texts, texts)
def test_the_engine_orders_the_same(a: str, b: str) -> None:
    import rattler

    assert (Version(a) < Version(b)) == (rattler.Version(a) < rattler.Version(b))
    assert (Version(a) == Version(b)) == (rattler.Version(a) == rattler.Version(b))
