"""Version specifiers: their tree, their text, what they match (CEP 29)."""

from __future__ import annotations

import pickle

import pytest
import rattler
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidVersionError
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import AllOf, AnyOf, Clause, Operator, VersionSpec

VERSIONS = [
    "1.0",
    "1.2rc1",
    "1.2",
    "1.2.0",
    "1.2+cu118",
    "1.2.post1",
    "1.2.3",
    "1.20",
    "2.0rc1",
    "2.0",
    "3.1",
]


def matched(text: str) -> str:
    spec = VersionSpec.parse(text)
    return " ".join(v for v in VERSIONS if spec.matches(v))


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("*", " ".join(VERSIONS)),
        ("1.2", "1.2 1.2.0"),
        ("==1.2", "1.2 1.2.0"),
        ("1.2.*", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3"),
        ("1.2*", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3"),
        ("=1.2", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3"),
        ("==1.2.*", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3"),
        ("=1.2*", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3"),
        ("!=1.2", "1.0 1.2rc1 1.2+cu118 1.2.post1 1.2.3 1.20 2.0rc1 2.0 3.1"),
        ("!=1.2.*", "1.0 1.20 2.0rc1 2.0 3.1"),
        ("!=1.2*", "1.0 1.20 2.0rc1 2.0 3.1"),
        (">=1.2.*,<2.*", "1.2 1.2.0 1.2.post1 1.2.3 1.20 2.0rc1"),
        (">1.2.*", "1.2.post1 1.2.3 1.20 2.0rc1 2.0 3.1"),
        ("~=1.2", "1.2 1.2.0 1.2.post1 1.2.3 1.20"),
        ("~=1.2.0", "1.2 1.2.0 1.2.post1 1.2.3"),
        ("~=2", "2.0 3.1"),
        (">=*", " ".join(VERSIONS)),
        ("1.*.0", "1.2.0"),
        ("*.post1", "1.2.post1"),
        (r"^1\.2.*$", "1.2rc1 1.2 1.2.0 1.2+cu118 1.2.post1 1.2.3 1.20"),
        ("1.0|>=2,<3", "1.0 2.0"),
        (">=2,<3|1.0", "1.0 2.0"),
        ("(1.0|2.0),<2", "1.0"),
        ("1.0|(2.0|3.1)", "1.0 2.0 3.1"),
        (" >= 1.2.3 , < 2 ", "1.2.3 1.20 2.0rc1"),
        ("<=1.0|>3", "1.0 3.1"),
    ],
)
def test_what_is_matched(text: str, versions: str) -> None:
    assert matched(text) == versions


def test_the_tree_can_be_read() -> None:
    spec = VersionSpec.parse(">=1.2,<2|(3.*,!=3.5)|^9.*$")
    at_least, below = Version("1.2"), Version("2")
    assert spec.root == AnyOf(
        (
            AllOf(
                (
                    Clause(Operator.GREATER_EQUAL, at_least, ">=1.2"),
                    Clause(Operator.LESS, below, "<2"),
                )
            ),
            AllOf(
                (
                    Clause(Operator.STARTS_WITH, Version("3"), "3.*"),
                    Clause(Operator.NOT_EQUAL, Version("3.5"), "!=3.5"),
                )
            ),
            Clause(Operator.PATTERN, None, "^9.*$"),
        )
    )
    assert [(c.operator, c.version) for c in spec.clauses()] == [
        (Operator.GREATER_EQUAL, at_least),
        (Operator.LESS, below),
        (Operator.STARTS_WITH, Version("3")),
        (Operator.NOT_EQUAL, Version("3.5")),
        (Operator.PATTERN, None),
    ]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.2*", "1.2.*"),
        ("1.2.*", "1.2.*"),
        ("**", "*"),
        (" >= 1.2 , <2 ", ">=1.2,<2"),
        ("((1.2))", "1.2"),
        ("(1|2)|3", "1|2|3"),
        ("(1|2),<3", "(1|2),<3"),
        ("(>=1,<2)|3", ">=1,<2|3"),
        ("^1|2$|3", "^1|2$|3"),
    ],
)
def test_the_text_is_condas(text: str, written: str) -> None:
    spec = VersionSpec.parse(text)
    assert str(spec) == written
    assert VersionSpec.parse(written) == spec


@pytest.mark.parametrize(
    ("text", "part", "reason"),
    [
        ("", "", "a version is missing at the end"),
        (">=1.2,", "", "a version is missing at the end"),
        (">=1.2,|2", "|", "a version is missing before '|'"),
        (">=1.2,<2$3", "$", "'$' cannot be in a version"),
        ("1.2, <2 3", " ", "there is a blank inside a version"),
        ("1.2,>=", ">=", "this is no operator with a version"),
        ("1|(2,3", "(", "this parenthesis is not closed"),
        ("1|2)", ")", "')' cannot follow here"),
        (">1,~=1.2.*", "~=1.2.*", "~= wants a whole version, without .*"),
        ("1, 1*$.2", "$", "'$' cannot be in a version"),
        ("1|^(a+)+$", "^(a+)+$", "this regular expression is too involved to be safe"),
        ("(" * 60 + "1", "(", "parentheses are nested too deep"),
    ],
)
def test_a_fault_and_its_place(text: str, part: str, reason: str) -> None:
    with pytest.raises(InvalidVersionError) as caught:
        VersionSpec.parse(text)
    error = caught.value
    assert (error.reason, error.text, text[error.start : error.end]) == (reason, text, part)


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [
        (">=1", "<2", ">=1,<2"),
        (">=1,<2", "<2,!=1.5", ">=1,<2,!=1.5"),
        ("1|2", "<2", "(1|2),<2"),
        ("*", "<2", "<2"),
        ("<2", "*", "<2"),
        ("<2", "<2", "<2"),
    ],
)
def test_two_conditions_in_one(one: str, two: str, both: str) -> None:
    assert str(VersionSpec.parse(one).intersect(VersionSpec.parse(two))) == both


versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(rc[0-9]|\.post1|\.dev0|a)?", fullmatch=True)
clauses = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", "==", "!=", ">=", "<=", ">", "<", "="]), versions),
    st.builds("{}{}.*".format, st.sampled_from(["", "!="]), versions),
    versions.filter(lambda v: "." in v).map("~={}".format),
)
expressions = st.recursive(
    clauses,
    lambda inner: st.builds(
        lambda parts, sign: sign.join(f"({part})" for part in parts),
        st.lists(inner, min_size=1, max_size=3),
        st.sampled_from([",", "|"]),
    ),
    max_leaves=6,
)


@given(expressions)
@settings(deadline=None)
def test_reading_and_writing_are_inverse(text: str) -> None:
    spec = VersionSpec.parse(text)
    assert VersionSpec.parse(str(spec)) == spec
    assert hash(VersionSpec.parse(str(spec))) == hash(spec)
    assert pickle.loads(pickle.dumps(spec)) == spec


@given(expressions, st.lists(versions, min_size=1, max_size=5))
@settings(deadline=None)
def test_the_engine_matches_the_same(text: str, candidates: list[str]) -> None:
    ours, theirs = VersionSpec.parse(text), rattler.VersionSpec(text)
    for version in candidates:
        assert ours.matches(version) == theirs.matches(rattler.Version(version)), version


@given(expressions, expressions, versions)
@settings(deadline=None)
def test_what_both_hold_is_what_each_holds(one: str, two: str, version: str) -> None:
    a, b = VersionSpec.parse(one), VersionSpec.parse(two)
    assert a.intersect(b).matches(version) == (a.matches(version) and b.matches(version))


@given(st.text("12.*0=<>!~,|()^$ +ab_-", max_size=30))
@settings(deadline=None)
def test_any_text_is_a_condition_or_our_own_error(text: str) -> None:
    try:
        spec = VersionSpec.parse(text)
    except InvalidVersionError as error:
        assert 0 <= error.start <= error.end <= len(text)  # noqa: PT017
        return
    for version in VERSIONS:
        assert spec.matches(version) == VersionSpec.parse(str(spec)).matches(version)
