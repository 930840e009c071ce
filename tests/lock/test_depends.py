"""The map of a `conda-lock.yml` says what a record says, and says so where it cannot."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.lock.conda_lock_v1.depends import constraints_of, depends_of
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord


@pytest.mark.parametrize(
    ("depends", "constraints"),
    [
        (["python >=3.12,<3.13.0a0"], {"python": ">=3.12,<3.13.0a0"}),
        (["python_abi 3.13.* *_cp313"], {"python_abi": "3.13.* *_cp313"}),
        (["b", "a"], {"a": "", "b": ""}),
        (["python>=3.9"], {"python": ">=3.9"}),
        (["a >=1", "a <2"], {"a": ">=1,<2"}),
        (["a", "a <2", "a <2", "a *"], {"a": "<2"}),
        (["a *", "a"], {"a": "*"}),
        (["a >=1|0.5", "a <2"], {"a": ">=1,<2|0.5,<2"}),
        (["a 1.* h_*", "a >=1.2"], {"a": "1.*,>=1.2 h_*"}),
        (["a 1.* h_*", "a 1.3 h_*"], {"a": "1.*,1.3 h_*"}),
        (["a >= 1, < 3", "a !=2"], {"a": ">=1,<3,!=2"}),
        (["a =1.2", "a >=1.2.3"], {"a": "1.2.*,>=1.2.3"}),
        (["conda-forge::a >=1"], {"a": ">=1[channel=conda-forge]"}),
        (["a[version='>=1']"], {"a": "[version='>=1']"}),
        (["a >=1; if python <3.9"], {"a": ">=1; if python <3.9"}),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_constraints(depends: list[str], constraints: dict[str, str]) -> None:
    assert constraints_of(tuple(depends)) == (tuple(constraints.items()), ())


@pytest.mark.parametrize(
    ("depends", "left_out"),
    [
        (["a * x_*", "a * *_y"], "a * *_y"),
        (["a[version='>=1']", "a <2"], "a <2"),
        (["a 1.2=h_0", "a >=1"], "a >=1"),
        (["a =1.2 h_0", "a >=1"], "a >=1"),
        (["x::a[build=b]"], "x::a[build=b]"),
        (["a 1|2|3|4|5", "a 1|2|3|4"], "a 1|2|3|4"),
        (["a >=1,=1.2", "a <2"], "a <2"),
    ],
)
def test_what_is_left_out_is_told(depends: list[str], left_out: str) -> None:
    assert constraints_of(tuple(depends))[1] == (left_out,)


VERSIONS = ["1", "1.2", "1.2.3", "1.3", "2", "2.0rc1", "3"]
TERMS = [">=1.2", "<2", "1.*", "1.2.*", "!=1.3", "==1.2", "1.2", "*", "<=1.3", "~=1.2", ">1"]
version_texts = st.lists(
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=2).map(",".join), min_size=1, max_size=2
).map("|".join)
specs = st.one_of(
    st.just("a"),
    version_texts.map(lambda v: f"a {v}"),
    st.tuples(version_texts, st.sampled_from(["h_0", "h_*", "*"])).map(lambda p: f"a {p[0]} {p[1]}"),
    st.sampled_from(["a =1.2", "a =1.2 h_0", "a =1", "a >=1, <2"]),
)


@given(st.lists(specs, min_size=1, max_size=3))
def test_one_constraint_says_what_all_said(depends: list[str]) -> None:
    constraints, left_out = constraints_of(tuple(depends))
    written = [*depends_of(constraints), *left_out]
    for version in VERSIONS:
        for build in ("h_0", "h_1", "g_0"):
            record = PackageRecord(
                name="a", version=version, build=build, subdir="noarch", channel="", url=""
            )
            before = all(MatchSpec.parse(spec).matches(record) for spec in depends)
            after = all(MatchSpec.parse(spec).matches(record) for spec in written)
            assert before == after, (version, build, written)
