"""Match specs: reading, canonical text, matching, and what a user is told of a fault."""

from __future__ import annotations

import pickle
import re
from dataclasses import dataclass

import pytest
import rattler
from hypothesis import given, settings
from hypothesis import strategies as st

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.model.cut import Cut
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.match_spec_parser import _Parser
from condaenv_tools.model.version_spec import VersionSpec

ALIAS = "https://conda.anaconda.org"
MD5 = "8b1a9953c4611296a827abf8c47804d7"


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
    track_features: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    file_name: str = "pkg-1.0-py_0.conda"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("numpy=1.26", "numpy=1.26"),
        ("numpy 1.26", "numpy==1.26"),
        ("numpy 1.26.*", "numpy=1.26"),
        ("NumPy[version='>=1',BUILD=x]".replace("BUILD", "build"), "numpy[version='>=1',build=x]"),
        ("pytorch>=2.7.0=cuda12*", "pytorch[version='>=2.7.0',build=cuda12*]"),
        ("conda-forge::numpy", "conda-forge::numpy"),
        ("pkg[version='>=1', build=*py311*]", "pkg[version='>=1',build=*py311*]"),
        ("python_abi 3.13.* *_cp313", "python_abi=3.13[build=*_cp313]"),
        ("libblas 3.9.0 31_h59b9bed_openblas", "libblas==3.9.0=31_h59b9bed_openblas"),
        ("__glibc >=2.17,<3.0.a0", "__glibc[version='>=2.17,<3.0.a0']"),
        ("pkg[when='python >=3.9']", "pkg[when='python >=3.9']"),
        ("""pkg[when="a[version='>=1'] and (b or c)"]""", """pkg[when="a[version='>=1'] and (b or c)"]"""),
        ("pkg[extras=[b, 'a'], flags=\"gpu\"]", "pkg[extras=['b', 'a'],flags=['gpu']]"),
        ("pkg >=1,<2 py39_0", "pkg[version='>=1,<2',build=py39_0]"),
        ("pkg =1.2 py_0", "pkg=1.2[build=py_0]"),
        ("pkg=1.2 py_0", "pkg==1.2=py_0"),
        ("pkg =1.2.* py_0", "pkg=1.2[build=py_0]"),
        ("pkg 1|2 py_0", "pkg[version='1|2',build=py_0]"),
        ("pkg !=1.2 py_0", "pkg[version='!=1.2',build=py_0]"),
        ("pkg (>=1,<2)|3", "pkg[version='>=1,<2|3']"),
        ("pkg (=1.2)", "pkg=1.2"),
        ("pkg[version='(1|2),<3']", "pkg[version='(1|2),<3']"),
        ("pkg=1.*.0", "pkg=1.*.0"),
        ("pkg 1.*.0", "pkg==1.*.0"),
        ("pkg=1.*.*", "pkg[version='1.*.*']"),
        (r"pkg=^1\.2.*$", r"pkg[version='^1\.2.*$']"),
        ("pkg[license='GPL 2', build_number='>=1']", "pkg[build_number='>=1',license='gpl 2']"),
        ("pkg[track_features='b,a']", "pkg[track_features='a b']"),
        ("a*/linux-64::pkg", "pkg[channel=a*,subdir=linux-64]"),
        ("https://x.org/y/linux-64::pkg", "https://x.org/y/linux-64::pkg"),
        ("https://x.org/y::pkg[channel=conda-forge, subdir='linux*']", "conda-forge::pkg[subdir=linux*]"),
        ("mkl@", "*[track_features=mkl]"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    spec = MatchSpec.parse(text)
    assert str(spec) == canonical
    assert MatchSpec.parse(canonical) == spec
    assert repr(spec) == f"MatchSpec({canonical!r})"


def test_the_url_of_an_archive_says_all_of_the_package() -> None:
    url = "https://conda.anaconda.org/conda-forge/linux-64/numpy-1.2-py38_0.conda"
    spec = MatchSpec.parse(f"{url}#{MD5}")
    assert spec == MatchSpec(
        name="numpy",
        version=VersionSpec.parse("1.2"),
        build="py38_0",
        channel="conda-forge",
        subdir="linux-64",
        url=url,
        fn="numpy-1.2-py38_0.conda",
    )


@pytest.mark.parametrize(
    ("text", "anchored"),
    [
        ("./local/pkg-1.2-py_0.tar.bz2", "*[url=file:///srv/env/local/pkg-1.2-py_0.tar.bz2]"),
        ("/abs/pkg-1.2-py_0.conda", "*[url=file:///abs/pkg-1.2-py_0.conda]"),
        (r"C:\conda\pkg-1.2-py_0.conda", "*[url=file:///C:/conda/pkg-1.2-py_0.conda]"),
        ("./channel::pkg", "file:///srv/env/channel::pkg"),
        ("../channel/noarch::pkg", "file:///srv/channel/noarch::pkg"),
        ("conda-forge::pkg", "conda-forge::pkg"),
        ("https://x.org/a-1-0.conda", "*[url=https://x.org/a-1-0.conda]"),
    ],
)
def test_paths_go_from_where_the_caller_says(text: str, anchored: str) -> None:
    assert str(MatchSpec.parse(text).anchored("/srv/env")) == anchored


@pytest.mark.parametrize(
    ("text", "under_the_caret", "hint"),
    [
        ("pkg>1.2<2", "<", "write >1.2,<2"),
        ("pkg >=1.2 <2", "<", "write >=1.2,<2"),
        ("numpy≥1.2", "≥", "write numpy>=1.2"),
        ("numpy@1.2", "@", "write numpy=1.2"),
        ("numpy\t1.2", "\t", "write numpy 1.2"),
        ("numpy~1.2", "~1.2", "write ~=1.2"),
        ("numpy!1.2", "!1.2", "write !=1.2"),
        ("numpy <> 1.2", "<> 1.2", "write !=1.2"),
        ("numpy^1.2", "^", "conda has no ^; write >=1.2,<2"),
        ("numpy=1.2,", "", "write =1.2"),
        ("numpy,scipy", ",", "write one package a line"),
        ("numpy>=", ">=", "write a version, or leave >= out"),
        (
            "nu\u043cpy",
            "\u043c",
            "the sign is the cyrillic small letter em; names have the letters a to z alone",
        ),
        ("pkg @ https://example.org/z.whl", "@", "this is pip's syntax: move the line to the pip section"),
        (
            "numpy; python_version<'3.8'",
            "; python_version<'3.8'",
            "use a selector such as `# [win]`, or move the line to the pip section",
        ),
        ("-e .", "-e .", "this is pip's syntax: move the line to the pip section"),
        ("git+https://x/y", "git+https://x/y", "this is pip's syntax: move the line to the pip section"),
        (
            "https://x.org/y",
            "https://x.org/y",
            "end it with the name of an archive, or with ::name for a package of a channel",
        ),
        ("numpy[foo=bar]", "foo", "fields are channel, subdir, name, version, build, build_number, ..."),
        ("numpy[vresion=1]", "vresion", "did you mean version?"),
        ("numpy[build_string=x]", "build_string", "did you mean build?"),
        ("numpy[version>=1.2]", "version>=1.2", "write key='value', such as version='>=1.2'"),
        ("numpy[version=>=1,<2]", "<2", "write key='value', such as version='>=1.2'"),
        ("numpy[version=1][build=2]", "[build=2]", "join them with a comma"),
        ("numpy='1.2'", "'", "leave the quotes out"),
        ("'numpy'", "'", "leave the quotes out"),
        ("numpy(>=1.2)", "(", "write a blank before the parenthesis"),
        ("numpy==1.19.2==py37_0", "=", "one = stands before a build: write 1.19.2=py37_0"),
        ("conda-forge :: numpy", " ", "write conda-forge::numpy"),
        ("pip: numpy", " ", "`- pip:` begins a section: put the requirements below it, indented"),
        (">=1.2", ">", "a spec begins with a name: numpy>=1.26"),
        ("a--b", "a--b", "two of . _ - cannot follow each other"),
        ("pkg[build_number=x]", "x", "write build_number=1 or build_number='>=1'"),
        ("pkg[when='b >1<2']", "<", "write >1,<2"),
    ],
)
def test_a_fault_has_a_place_and_a_way_out(text: str, under_the_caret: str, hint: str) -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse(text)
    error = caught.value
    assert hint in error.hints
    assert error.text == text
    assert text[error.start : error.end] == under_the_caret


@pytest.mark.parametrize(
    ("text", "under_the_caret", "reason"),
    [
        ("   ", "   ", "a spec cannot be empty"),
        ("numpy >=1.2,,<2", ",", "a version is missing before ','"),
        ("numpy 1.2 py_0 x", "x", "nothing can stand behind a build string"),
        ("numpy 1.2 py-0", "py-0", "'-' cannot be in a build string"),
        ("numpy 1.2 py'0'", "'", '"\'" cannot be in a build string'),
        ("numpy ==", "==", "a version is missing behind =="),
        ("numpy>=", ">=", "a version is missing behind >="),
        ("numpy 1..2", "1..2", "a part of the version is empty"),
        ("numpy =1 .2,<3", ".2,<3", "there is a blank inside a version"),
        ("numpy[", "[", "this bracket has no partner"),
        ("numpy]", "]", "this bracket has no partner"),
        ("numpy[build='']", "build", "build has no value"),
        ("numpy[build=a,build=b]", "build", "build is given twice"),
        ("numpy[build=[x,y]]", "x,y", "only extras and flags hold lists"),
        ("numpy[extras=[a,B]]", "B", "this is not the name of one of the extras (CEP 44)"),
        ("numpy[flags=[a-b]]", "a-b", "this is not the name of one of the flags (CEP 45)"),
        ("numpy[when='a and']", "a and", "a spec is missing at the end of the condition"),
        ("numpy[when='a (b)']", "(", "`and` or `or` is missing before this"),
        ("a[when='b[when=c]']", "c", "a spec in a condition has no condition of its own (CEP 43)"),
        ("https://x.org/noarch/a-1.conda", "a-1.conda", "the name of an archive is NAME-VERSION-BUILD"),
        (
            "https://x.org/noarch/a b-1-0.conda",
            "a b-1-0.conda",
            "the name of an archive is NAME-VERSION-BUILD",
        ),
    ],
)
def test_a_fault_has_a_place_and_a_reason(text: str, under_the_caret: str, reason: str) -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse(text)
    error = caught.value
    assert (error.reason, text[error.start : error.end]) == (reason, under_the_caret)


def test_a_fault_as_a_user_reads_it() -> None:
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse("numpy>=1.2,<$3")
    assert str(caught.value) == "'$' cannot be in a version\n  numpy>=1.2,<$3\n              ^"


def test_no_text_of_a_spec_holds_a_credential() -> None:
    channel = "https://me:hunter2@conda.example.org/t/tk-123/team"
    spec = MatchSpec.parse(f"{channel}::pkg")
    archive = MatchSpec.parse(f"{channel}/pkg-1-0.conda")
    assert str(spec) == "https://conda.example.org/team::pkg"
    assert spec.channel == channel
    with pytest.raises(InvalidMatchSpecError) as caught:
        MatchSpec.parse(f"{channel} :: pkg>1<2")
    for text in (str(spec), repr(spec), str(archive), repr(archive), str(caught.value)):
        assert "hunter2" not in text
        assert "tk-123" not in text


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
        ("pkg[build_number='=2']", Record(build_number=20), False),
        ("pkg[build_number='*']", Record(), True),
        ("conda-forge::pkg", Record(), True),
        ("https://conda.anaconda.org/conda-forge::pkg", Record(), True),
        ("https://conda.anaconda.org/t/tk-1/conda-forge/::pkg", Record(), True),
        ("conda-*::pkg", Record(), True),
        ("bio*::pkg", Record(), False),
        ("bioconda::pkg", Record(), False),
        ("conda-forge/label/dev::pkg", Record(), False),
        ("*::pkg", Record(channel=""), True),
        ("./here::pkg", Record(), False),
        ("defaults::pkg", Record(channel="https://repo.anaconda.com/pkgs/main"), True),
        ("defaults::pkg", Record(), False),
        ("pkgs/main::pkg", Record(channel="https://repo.anaconda.com/pkgs/r"), False),
        ("conda-forge/linux-64::pkg", Record(), False),
        ("conda-forge/noarch::pkg", Record(), True),
        ("pkg[subdir='no*']", Record(), True),
        ("pkg[license=mit]", Record(), True),
        ("pkg[license=GPL*]", Record(), False),
        ("pkg[license=GPL]", Record(license=None), False),
        ("pkg[fn=pkg-1.0-py_0.conda]", Record(), True),
        ("pkg[fn='*.tar.bz2']", Record(), False),
        (f"pkg[md5={MD5}]", Record(), False),
        (f"pkg[md5={MD5.upper()}]", Record(md5=MD5), True),
        (f"pkg[sha256={MD5 * 2}]", Record(), False),
        ("pk*", Record(), True),
        ("q*", Record(), False),
        (f"*[md5={MD5}]", Record(md5=MD5), True),
        ("pkg[track_features='a b']", Record(track_features=("b", "a")), True),
        ("pkg[track_features=a]", Record(track_features=("b", "a")), False),
        ("pkg[flags=[cuda, 'blas:*']]", Record(flags=("blas:mkl", "cuda")), True),
        ("pkg[flags=[cuda, 'blas:*']]", Record(flags=("cuda",)), False),
        ("pkg[extras=[test], when='python >=99']", Record(), True),
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
        ("conda-forge::numpy", "https://conda.anaconda.org/conda-forge::numpy", "conda-forge::numpy"),
        ("numpy=1=a", "numpy=1=b", None),
        ("numpy * py3*", "numpy * py38_0", "numpy[build=py38_0]"),
        ("numpy * py38_0", "numpy * py3*", "numpy[build=py38_0]"),
        ("numpy * py2*", "numpy * py38_0", None),
        ("numpy * py*", "numpy * *_0", None),
        ("numpy * *", "numpy * *_0", "numpy[build=*_0]"),
        ("a::numpy", "b::numpy", None),
        ("defaults::numpy", "bioconda::numpy", None),
        ("numpy[license=MIT]", "numpy[license=mit]", "numpy[license=mit]"),
        ("numpy[build_number='>1']", "numpy[build_number='<3']", None),
        ("numpy[extras=[a]]", "numpy[extras=[b,a]]", "numpy[extras=['a', 'b']]"),
        ("numpy>1[when=__unix]", "numpy<3", None),
        ("numpy>1[when=__unix]", "numpy<3[when=__unix]", "numpy[version='>1,<3',when=__unix]"),
        ("numpy", "scipy", None),
    ],
)
def test_two_specs_of_one_package_ask_for_both(one: str, two: str, both: str | None) -> None:
    met = MatchSpec.parse(one).intersect(MatchSpec.parse(two))
    assert (None if met is None else str(met)) == both


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("dask[complete]", ("[complete]",)),
        ("dask[complete]=2023.1", ("[complete]",)),
        ("dask[array, complete]>=2", ("[array]", "[complete]")),
        ("numpy if python>3", ("if python>3",)),
        ("conda-forge[linux-64]::numpy", ("[linux-64]",)),
        ("numpy[name=scipy]", ("name=scipy",)),
        ("numpy # a comment", ()),
        ("numpy", ()),
    ],
)
def test_what_conda_passes_over_is_remembered(text: str, unread: tuple[str, ...]) -> None:
    spec = MatchSpec.parse(text)
    assert spec.unread == unread
    assert spec == MatchSpec.parse(str(spec))


def test_specs_can_be_shipped_and_kept_in_sets() -> None:
    spec = MatchSpec.parse("conda-forge::numpy>=1.2,<2[build=py3*]")
    again = pickle.loads(pickle.dumps(spec))
    assert again == spec
    assert again.matches(Record(name="numpy", version="1.9", build="py38_0"))
    assert len({spec, MatchSpec.parse("conda-forge::numpy>=1.2,<2[build=py3*]")}) == 1


names = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(rc[0-9]|\.post1|\.dev0)?", fullmatch=True)
clauses = st.builds(
    "{}{}".format, st.sampled_from(["", "=", "==", "!=", ">=", "<=", ">", "<"]), versions | st.just("*")
)
expressions = st.builds(
    lambda parts, sign: sign.join(parts), st.lists(clauses, min_size=1, max_size=3), st.sampled_from(",|")
)
builds = st.sampled_from(["py311_0", "py3*", "*", "h123_0", "^h.*_0$"])


@st.composite
def specs(draw: st.DrawFn) -> str:
    """A spec of the grammar of CEP 29, in any of its spellings."""
    channel = draw(st.sampled_from(["", "conda-forge::", f"{ALIAS}/a/noarch::", "https://x.org/y::", "a*::"]))
    text = channel + draw(names)
    if draw(st.booleans()):
        text += draw(st.sampled_from([" ", ""])) + draw(expressions.filter(lambda e: e[0] in "=<>!"))
        if draw(st.booleans()):
            text += draw(st.sampled_from([" ", "="])) + draw(builds)
    fields = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "version": expressions,
                "build": builds,
                "build_number": st.sampled_from(["0", ">=1"]),
                "license": st.sampled_from(["MIT", "GPL 3", 'the "best"', "it's"]),
                "subdir": st.sampled_from(["noarch", "linux-*", "linux-99"]),
                "when": st.sampled_from(["python>=3.9", "a and (b or c[version='>=1'])"]),
                "md5": st.just(MD5),
            },
        )
    )
    pairs = [f'{k}="{v}"' if "'" in v else f"{k}='{v}'" for k, v in fields.items()]
    return text + (f"[{', '.join(pairs)}]" if pairs else "")


@given(specs())
@settings(deadline=None)
def test_reading_and_writing_are_inverse(text: str) -> None:
    spec = MatchSpec.parse(text)
    assert MatchSpec.parse(str(spec)) == spec


plain_specs = st.builds(
    lambda parts, build: " ".join([*parts, build] if build else parts),
    st.tuples(names, expressions.filter(lambda e: not re.search(r"^=|[=<>]\*", e))).map(list),
    builds.filter(lambda b: "^" not in b) | st.none(),
)


@given(plain_specs)
@settings(deadline=None)
def test_the_short_way_of_reading_leads_where_the_long_way_does(text: str) -> None:
    long_way = MatchSpec(**_Parser(Cut.of(text), conditional=True).read())
    assert MatchSpec.parse(text) == long_way


@given(plain_specs, st.lists(versions, min_size=1, max_size=5), st.sampled_from(["py311_0", "h123_0"]))
@settings(deadline=None)
def test_the_engine_matches_the_same_records(text: str, candidates: list[str], build: str) -> None:
    ours, theirs = MatchSpec.parse(text), rattler.MatchSpec(text)
    for version in candidates:
        record = Record(name=ours.name, version=version, build=build)
        assert ours.matches(record) == theirs.matches(engine_record(record)), version


def engine_record(record: Record) -> rattler.PackageRecord:
    from rattler.package.build_string import BuildString

    return rattler.PackageRecord(
        name=rattler.PackageName(record.name),
        version=record.version,
        build=BuildString(record.build),
        build_number=record.build_number,
        subdir=record.subdir,
        arch=None,
        platform=None,
    )


@given(specs(), specs(), versions, st.sampled_from(["py311_0", "h123_0"]))
@settings(deadline=None)
def test_what_both_ask_for_is_what_each_asks_for(one: str, two: str, version: str, build: str) -> None:
    a, b = MatchSpec.parse(one), MatchSpec.parse(two)
    both = a.intersect(b)
    if both is not None:
        record = Record(name=a.name, version=version, build=build)
        assert both.matches(record) == (a.matches(record) and b.matches(record))


ALPHABET = "pkg12.0=<>!~*,|()[]'\"^$ :/#@;\\_-+abcX≥\t\n\x00é"
WORDS = [
    "pkg",
    "1.2",
    "py_0",
    "version=",
    "build=",
    "when=",
    "extras=",
    "conda-forge",
    "::",
    ">=",
    "==",
    ".*",
]


@given(st.lists(st.one_of(st.sampled_from(ALPHABET), st.sampled_from(WORDS)), max_size=25).map("".join))
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_spec_or_our_own_error(text: str) -> None:
    try:
        spec = MatchSpec.parse(text)
    except InvalidMatchSpecError as error:
        assert 0 <= error.start <= error.end <= len(text)  # noqa: PT017
        assert str(error)  # noqa: PT017
        return
    spec.matches(Record(name=spec.name))
    assert MatchSpec.parse(str(spec)).name == spec.name


@pytest.mark.parametrize(
    "text",
    [
        "pkg " + "(" * 5000,
        "pkg " + "(" * 49 + "1" + ")" * 49,
        "a" * 100_000,
        "pkg[" * 900,
        "pkg " + "1," * 2000,
        "pkg " + "1 " * 2000,
        "pkg " + "=" * 4000,
        "pkg[" + "a," * 2000 + "]",
        "pkg[when='" + "(" * 4000 + "']",
        "pkg[when='" + "a" + " " * 4000 + "[']",
        "pkg * " + "*a" * 1000,
        "a.-" * 1300,
    ],
    ids=lambda text: f"{text[:12]}... ({len(text)})",
)
def test_hostile_text_is_answered_at_once(text: str) -> None:
    try:
        MatchSpec.parse(text).matches(Record(build="a" * 64))
    except InvalidMatchSpecError as error:
        assert len(error.reason) < 200  # noqa: PT017


@pytest.mark.parametrize("field", ["build", "version", "license"])
def test_a_pattern_that_could_run_away_is_refused(field: str) -> None:
    with pytest.raises(InvalidMatchSpecError, match="too involved") as caught:
        MatchSpec.parse(f"pkg[{field}='^(a+)+$']")
    assert caught.value.text[caught.value.start : caught.value.end] == "^(a+)+$"


def test_of_a_channel_and_its_part_the_part_is_what_both_ask_for() -> None:
    met = MatchSpec.parse("defaults::numpy").intersect(MatchSpec.parse("pkgs/main::numpy"))
    assert met is not None
    assert met.channel == "pkgs/main"
