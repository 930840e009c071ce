"""The order of versions is that of CEP 33."""

from __future__ import annotations

import pickle
from itertools import pairwise

import pytest
import rattler
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.version import Version

#: From the lowest up; those on one line are equal.
ASCENDING = [
    ["0.4", "0.4.0", "0.4.0.0"],
    ["0.4.1.rc", "0.4.1.RC"],
    ["0.4.1+local"],
    ["0.4.1+0.local"],
    ["0.4.1", "0.4.1+0"],
    ["0.4.1+1.local"],
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
    ["1.1", "1.1.0", "1.1.0.0", "1_1", "1-1"],
    ["1.1.0post1", "1.1.post1"],
    ["1.1post1"],
    ["1996.07.12", "1996.7.12"],
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
                assert Version(a) <= Version(b)
                assert Version(b) > Version(a)
                assert Version(b) >= Version(a)
                assert Version(a) != Version(b)


@pytest.mark.parametrize(
    ("version", "prefix", "answer"),
    [
        ("1.2.3", "1.2", True),
        ("1.20", "1.2", False),
        ("1.2rc1", "1.2", True),
        ("1.2rc1", "1.2r", True),
        ("1.2rc1", "1.2b", False),
        ("1.2.3", "1.2r", False),
        ("1.0", "1.0.0", True),
        ("1", "1.0.0.0", True),
        ("1", "1.0.1", False),
        ("1.2+cu118", "1.2", True),
        ("1.2+cu118", "1.2+cu", True),
        ("1.2+cu118", "1.2+cu1", False),
        ("1.2", "1.2+cu", False),
        ("1.3+cu118", "1.2+cu", False),
        ("1!1.2", "1.2", False),
        ("9e", "9", True),
        ("2024a", "2024", True),
        ("1.post1", "1.post", True),
        ("1.post1", "1.p", False),
    ],
)
def test_starting_with(version: str, prefix: str, answer: bool) -> None:  # noqa: FBT001
    assert Version(version).starts_with(Version(prefix)) is answer


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", ""),
        (" ", " "),
        ("1..2", "1..2"),
        ("1!2!3", "1!2!3"),
        ("a!1", "a!1"),
        ("1+2+3", "1+2+3"),
        ("+1", "+1"),
        ("1+", "1+"),
        ("1$2", "$"),
        ("  1 2", " "),
        ("1.2\u0660", "\u0660"),
        ("1-2_3", "-"),
        ("_", "_"),
        ("1._", "1._"),
        ("x" * 300, "x" * 300),
    ],
)
def test_what_is_no_version_and_where(text: str, part: str) -> None:
    with pytest.raises(InvalidVersionError) as caught:
        Version(text)
    assert text[caught.value.start : caught.value.end] == part


def test_openssl_keeps_its_last_underscore() -> None:
    assert Version("1.0.1_") < Version("1.0.1a") < Version("1.0.1")


def test_a_version_is_a_value() -> None:
    version = Version("1.2.post1")
    assert pickle.loads(pickle.dumps(version)) == version
    assert str(version) == "1.2.post1"
    assert repr(version) == "Version('1.2.post1')"
    assert version != "1.2.post1"
    assert Version.of("1.2.post1") is Version.of("1.2.post1")
    with pytest.raises(AttributeError, match="cannot be changed"):
        version.text = "2"
    with pytest.raises(TypeError):
        _ = version < "2"


def test_numbers_of_any_size_are_compared_as_numbers() -> None:
    assert Version("1.99999999999999999998") < Version("1.99999999999999999999")


pieces = st.sampled_from(["0", "1", "2", "10", "00", "a", "b", "rc", "dev", "post", "alpha"])
components = st.lists(pieces, min_size=1, max_size=3).map("".join)
releases = st.lists(components, min_size=1, max_size=4).map(".".join)
texts = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "", "1!", "2!"]),
    releases,
    st.one_of(st.just(""), releases.map("+{}".format)),
)


@given(texts, texts, texts)
@settings(deadline=None)
def test_the_order_is_total(a: str, b: str, c: str) -> None:
    x, y, z = Version(a), Version(b), Version(c)
    assert (x < y) + (x == y) + (x > y) == 1
    assert (x <= y) is not (x > y)
    assert (x >= y) is not (x < y)
    assert not (x <= y <= z) or x <= z
    if x == y:
        assert hash(x) == hash(y)


@given(texts, st.integers(1, 3))
@settings(deadline=None)
def test_zeros_at_the_end_do_not_count(text: str, zeros: int) -> None:
    release, plus, local = text.partition("+")
    longer = Version(f"{release}{'.0' * zeros}{plus}{local}")
    assert longer == Version(text)
    assert hash(longer) == hash(Version(text))


numbered = st.from_regex(
    r"([0-9]!)?[0-9]{1,2}(\.[0-9]{1,2}|[a-z]{1,3}[0-9]?|\.post[0-9]|\.dev[0-9]|_[0-9]){0,3}(\+[a-z0-9]{1,3})?",
    fullmatch=True,
)


@given(numbered, numbered)
@settings(deadline=None)
def test_the_engine_orders_the_same(a: str, b: str) -> None:
    assert (Version(a) < Version(b)) == (rattler.Version(a) < rattler.Version(b))
    assert (Version(a) == Version(b)) == (rattler.Version(a) == rattler.Version(b))
    # To the engine `0a` starts with `0.0`: where the prefix has more components, it looks at the rest no more.
    # And with `0+0`, where conda wants all before the plus sign to be equal.
    if len(Version(a).release) >= len(Version(b).release) and not Version(b).local:
        assert Version(a).starts_with(Version(b)) == rattler.VersionSpec(f"{b}.*").matches(rattler.Version(a))
