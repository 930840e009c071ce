"""Match specs: reading, canonical text, matching, and what a user is told of a fault."""

from __future__ import annotations

import pickle
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.match_spec import MatchSpec


@dataclass(frozen=True)
class Record:
    name: str = "pkg"
    version: str = "1.0"
    build: str = "py_0"
    build_number: int = 0
    channel: str = "https://conda.anaconda.org/conda-forge"
    subdir: str = "noarch"
    license: str | None = "MIT"
    md5: str | None = None


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("numpy=1.26", "numpy=1.26"),
        ("numpy 1.26", "numpy==1.26"),
        ("numpy 1.26.*", "numpy=1.26"),
        ("pytorch>=2.7.0=cuda12*", "pytorch[version='>=2.7.0',build=cuda12*]"),
        ("conda-forge::numpy", "conda-forge::numpy"),
        ("pkg[version='>=1', build=*py311*]", "pkg[version='>=1',build=*py311*]"),
        ("python_abi 3.13.* *_cp313", "python_abi=3.13[build=*_cp313]"),
        ("libblas 3.9.0 31_h59b9bed_openblas", "libblas==3.9.0=31_h59b9bed_openblas"),
        ("pkg[when='python >=3.9']", "pkg[when='python >=3.9']"),
        ("pkg[extras=[b, a], flags=[gpu]]", "pkg[extras=['b', 'a'],flags=['gpu']]"),
        ("pkg >=1,<2 py39_0", "pkg[version='>=1,<2',build=py39_0]"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    spec = MatchSpec.parse(text)
    assert str(spec) == canonical
    assert MatchSpec.parse(canonical) == spec


@pytest.mark.parametrize(
    ("text", "under_the_caret", "hint"),
    [
        ("pkg>1.2<2", "<", "write >1.2,<2"),
        ("numpy≥1.2", "≥", "write numpy>=1.2"),
        ("numpy~1.2", "~1.2", "write ~=1.2"),
        ("numpy!1.2", "!1.2", "write !=1.2"),
        ("numpy^1.2", "^", "conda has no ^; write >=1.2,<2"),
        ("numpy=1.2,", "", "write =1.2"),
        ("pkg @ https://example.org/z.whl", "@", "this is pip's syntax: move the line to the pip section"),
        ("-e .", "-e .", "this is pip's syntax: move the line to the pip section"),
        ("numpy[foo=bar]", "foo", "fields are channel, subdir, name, version, build, build_number, ..."),
        ("numpy[version>=1.2]", "version>=1.2", "write key='value', such as version='>=1.2'"),
        ("numpy='1.2'", "'", "leave the quotes out"),
        ("numpy==1.19.2==py37_0", "=", "one = stands before a build: write 1.19.2=py37_0"),
    ],
)
def test_a_fault_has_a_place_and_a_way_out(text: str, under_the_caret: str, hint: str) -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse(text)
    error = caught.value
    assert hint in error.hints
    assert error.text == text
    assert text[error.start : error.end] == under_the_caret


def test_a_fault_as_a_user_reads_it() -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse("numpy>=1.2,<$3")
    assert str(caught.value) == "invalid character in a version\n  numpy>=1.2,<$3\n              ^"


@pytest.mark.parametrize(
    ("text", "record", "answer"),
    [
        ("pkg", Record(), True),
        ("other", Record(), False),
        ("pkg=1", Record(), True),
        ("pkg=2", Record(), False),
        ("pkg=1.0=py*", Record(), True),
        ("pkg=1.0=PY_0", Record(), True),
        ("pkg=1.0=py", Record(), False),
        ("pkg[build='^py_[0-9]+$']", Record(), True),
        ("pkg[build_number='>=1']", Record(), False),
        ("pkg[build_number='>=1']", Record(build_number=2), True),
        ("pkg[build_number=2]", Record(build_number=2), True),
        ("conda-forge::pkg", Record(), True),
        ("https://conda.anaconda.org/conda-forge::pkg", Record(), True),
        ("bioconda::pkg", Record(), False),
        ("defaults::pkg", Record(channel="https://repo.anaconda.com/pkgs/main"), True),
        ("defaults::pkg", Record(), False),
        ("pkgs/main::pkg", Record(channel="https://repo.anaconda.com/pkgs/r"), False),
        ("conda-forge/linux-64::pkg", Record(), False),
        ("conda-forge/noarch::pkg", Record(), True),
        ("pkg[license=mit]", Record(), True),
        ("pkg[license=GPL*]", Record(), False),
        ("pkg[md5=8b1a9953c4611296a827abf8c47804d7]", Record(), False),
        ("pk*", Record(), True),
        ("*[md5=8b1a9953c4611296a827abf8c47804d7]", Record(md5="8b1a9953c4611296a827abf8c47804d7"), True),
    ],
)
def test_matching(text: str, record: Record, answer: bool) -> None:  # noqa: FBT001
    assert MatchSpec.parse(text).matches(record) is answer


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [
        ("numpy>=1.26", "numpy<3", "numpy[version='>=1.26,<3']"),
        ("numpy", "numpy=1.26", "numpy=1.26"),
        ("numpy=1.26", "numpy=1.26", "numpy=1.26"),
        ("numpy=1.26=py_0", "numpy<2", "numpy[version='1.26,<2',build=py_0]"),
        ("conda-forge::numpy", "numpy>1", "conda-forge::numpy[version='>1']"),
        ("numpy=1=a", "numpy=1=b", None),
        ("a::numpy", "b::numpy", None),
    ],
)
def test_two_specs_of_one_package_ask_for_both(one: str, two: str, both: str | None) -> None:
    met = MatchSpec.parse(one).intersect(MatchSpec.parse(two))
    assert (None if met is None else str(met)) == both


def test_what_conda_passes_over_is_remembered() -> None:
    assert MatchSpec.parse("dask[complete]").unread == ("[complete]",)
    assert MatchSpec.parse("numpy if python>3").unread == ("if python>3",)
    assert MatchSpec.parse("numpy").unread == ()


def test_specs_can_be_shipped_and_kept_in_sets() -> None:
    spec = MatchSpec.parse("conda-forge::numpy>=1.2,<2[build=py3*]")
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert len({spec, MatchSpec.parse("conda-forge::numpy>=1.2,<2[build=py3*]")}) == 1


ALPHABET = "pkg12.0=<>!~*,|()[]'\"^$ :/#@;\\_-+abcX≥\t\n\x00é"


@given(st.text(ALPHABET, max_size=40))
def test_any_text_is_a_spec_or_our_own_error(text: str) -> None:
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpecError as error:
        assert 0 <= error.start <= error.end <= len(text) + 1  # noqa: PT017
        assert str(error)  # noqa: PT017
        return
    spec.matches(Record())
    assert str(spec)


@pytest.mark.parametrize(
    "text",
    [
        "pkg " + "(" * 5000,
        "pkg " + "(" * 49 + "1" + ")" * 49,
        "a" * 100_000,
        "pkg[" * 900,
        "pkg " + "1," * 2000,
    ],
    ids=["deep", "deep and closed", "long", "brackets", "many"],
)
def test_hostile_text_is_answered_at_once(text: str) -> None:
    try:
        MatchSpec.parse(text)
    except InvalidMatchSpecError as error:
        assert len(error.reason) < 200  # noqa: PT017


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", r"^(a)\1$", "^(?=a)$", "^" + "a*" * 20 + "$"])
def test_a_pattern_that_could_run_away_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidMatchSpecError, match="too involved"):
        MatchSpec.parse(f"pkg[build='{pattern}']")


names = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(rc[0-9]|\.post1|\.dev0)?", fullmatch=True)
clauses = st.builds("{}{}".format, st.sampled_from(["=", "==", "!=", ">=", "<=", ">", "<", "~="]), versions)
specs = st.builds(
    lambda name, parts, sign, build: f"{name}{sign.join(parts)}" + (f"[build={build}]" if build else ""),
    names,
    st.lists(clauses, max_size=3),
    st.sampled_from([",", "|"]),
    st.sampled_from(["", "py3*", "h123_0"]),
)


@given(specs)
def test_canonical_text_means_the_same(text: str) -> None:
    spec = MatchSpec.parse(text)
    again = MatchSpec.parse(str(spec))
    assert str(again) == str(spec)
    for version in ("0", "1", "1.2", "1.2rc1", "1.2.post1", "9.9", "10.0", "99.99.99"):
        for build in ("py311_0", "h123_0"):
            record = Record(name=spec.name, version=version, build=build)
            assert spec.matches(record) == again.matches(record)
