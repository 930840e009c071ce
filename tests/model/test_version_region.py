"""What is said to be empty is empty, and little that is empty is missed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from condaenv_tools.model.version import Version
from condaenv_tools.model.version_region import has_no_version, is_implied, reduced
from condaenv_tools.model.version_spec import VersionSpec

_STEMS = ("0", "1", "1.0", "1.1", "1.2", "1.2.0", "1.10", "2", "2.0", "2.0.1", "3", "1!0.5", "0.0.1")
_TAILS = (
    "",
    "a",
    "a1",
    "b",
    "rc1",
    "rc2",
    "dev",
    "dev0",
    ".dev1",
    "post",
    ".post1",
    ".0.0.1",
    ".0.0.0.1",
    ".0.0a",
    "zz",
    "+cu118",
    "+1",
    "+1.0.1",
    "+dev",
    "_1",
    "0a",
    "a0a",
)
#: Close to every end that the specifiers below have, on both sides.
VERSIONS = tuple(
    Version(f"{stem}{tail}")
    for stem, tail in itertools.product((*_STEMS, "0dev", "4", "1.3", "1.0.0.0.1"), _TAILS)
)

_bounds = st.builds(
    str.__add__, st.sampled_from(_STEMS), st.sampled_from(("", "a", "rc1", ".dev1", "post", "+1"))
)
_clauses = st.one_of(
    st.builds(str.__add__, st.sampled_from(("==", "!=", "<", "<=", ">", ">=", "~=", "=")), _bounds),
    st.builds("{}{}.*".format, st.sampled_from(("", "!=", "=")), st.sampled_from(_STEMS)),
    st.sampled_from(("*", "1.*.0", "^1.*$")),
)
_alls = st.lists(_clauses, min_size=1, max_size=4).map(",".join)
_specs = st.lists(_alls, min_size=1, max_size=3).map("|".join)


@pytest.mark.parametrize(
    "text",
    [
        ">3,<2",
        ">=2,<2",
        "=1.2,!=1.2.*",
        "==1,==2",
        ">=3.10,<3.9",
        ">1,<=1",
        ">1,<1.0",
        "==1.2,!=1.2.0",
        "~=1.4.2,>=1.5",
        "=1.2,=1.3",
        "=1.2,>1.20",
        ">=2,<1|>=4,<3",
        "(==1|==2),>=3",
        "1!0.1,<2",
        ">1.2post,<1.2post.0",
    ],
)
def test_nothing_is_left(text: str) -> None:
    assert has_no_version([VersionSpec.parse(text)])


@pytest.mark.parametrize(
    "text",
    [
        ">1,<1.0.1",
        "=1.1,<1.1a",
        "=1.2,<1.2dev",
        ">=2.0a0,<2",
        ">1.2,<1.2post",
        "=1.2,<1.2",
        "=2,<2.0",
        ">=1,<=1",
        "==1.2,!=1.2.1",
        "~=1",
        ">1.2,<1.2+1",
        "<1.2,>1.2+a",
        "^1.*$,2.*",
        "1.*.0,>=2",
        "=1.2,!=1.2.3.*",
        "=1.2rc,=1.2rc1",
        ">=2,<1|5",
    ],
)
def test_something_is_left(text: str) -> None:
    assert not has_no_version([VersionSpec.parse(text)])


@given(st.lists(_specs, min_size=1, max_size=3))
@example(["=1.2,<1.2dev"])
@example(["=1.0,!=1.*"])
def test_what_is_empty_has_no_version(texts: list[str]) -> None:
    specs = [VersionSpec.parse(text) for text in texts]
    found = [v for v in VERSIONS if all(spec.matches(v) for spec in specs)]
    assert not (found and has_no_version(specs)), found[:3]


@given(st.lists(_alls, min_size=1, max_size=2))
def test_where_something_is_left_there_is_a_version(texts: list[str]) -> None:
    """The other direction, up to the fineness of the versions at hand."""
    specs = [VersionSpec.parse(text) for text in texts]
    if has_no_version(specs) or any("^" in text or "1.*.0" in text for text in texts):
        return
    bounds = {clause.version for spec in specs for clause in spec.clauses() if clause.version is not None}
    near = [
        Version(f"{bound.text}{tail}")
        for bound in bounds
        for tail in ("", ".0.0.0.0.1", ".0.0.0.0a", "0.0.0.0dev", "a", "dev", "zz", "post", "post9")
        if "+" not in bound.text or "." in tail or not tail
    ]
    far = [Version("0dev"), Version("99!0")]
    local = [
        Version(f"{b.text.partition('+')[0]}+{part}")
        for b in bounds
        for part in ("dev", "0.0.0.1", "1.0.0.1", "2", "1.0a")
    ]
    assert any(all(spec.matches(v) for spec in specs) for v in (*VERSIONS, *near, *far, *local))


@given(_clauses, _clauses)
def test_an_implied_clause_excludes_nothing(weak: str, strong: str) -> None:
    (clause,), (other,) = VersionSpec.parse(weak).clauses(), VersionSpec.parse(strong).clauses()
    if is_implied(clause, by=other):
        assert all(clause.matches(v) for v in VERSIONS if other.matches(v))


@pytest.mark.parametrize(
    ("text", "short"),
    [
        (">=13,>=14,>=16.1.0", ">=16.1.0"),
        (">=1.3.1,<2.0a0,>=1.2,<3", ">=1.3.1,<2.0a0"),
        ("=1.2,>=1", "=1.2"),
        (">=1,>=1.0", ">=1.0"),
        (">=1,!=1.5", ">=1,!=1.5"),
        ("^1.*$,>=1,>=0", "^1.*$,>=1"),
        (">=1|<0.5", ">=1|<0.5"),
        ("*", "*"),
    ],
)
def test_what_adds_nothing_is_left_out(text: str, short: str) -> None:
    assert reduced(VersionSpec.parse(text)) == VersionSpec.parse(short)


@given(_alls)
def test_what_is_reduced_allows_the_same_and_nothing_of_it_can_go(text: str) -> None:
    spec = VersionSpec.parse(text)
    less = reduced(spec)
    assert [less.matches(version) for version in VERSIONS] == [spec.matches(version) for version in VERSIONS]
    assert reduced(less) == less
