"""Specs: what is empty, what tools read differently, and what stands in the wrong place."""

from __future__ import annotations

import csv
import re
from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from condaenv_tools.model.edit import apply_edits
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.rules import builds, specs
from condaenv_tools.rules.case import Case
from tests.model.test_version_region import VERSIONS
from tests.shared_data import need_shared

#: Spellings on which conda and libmamba agree, and which deserve a finding all the same.
DESERVED = {
    "pkg==1.2.*,<2": {"CE252"},
    "pkg==1.2=py38_0": {"CE507"},
    "pkg ==1.2 py38_0": {"CE507"},
    "pkg 1.2 py38_0": {"CE507"},
    "pkg>1.2<2": {"CE201"},
    "pkg>=": {"CE201"},
    "conda-forge[linux-64]::numpy": {"CE208"},
    "conda-forge:numpy": {"CE205"},
    "numpy[name=scipy]": {"CE208"},
    "pandas[performance]": {"CE208"},
    "dask[complete]": {"CE208"},
    "dask[complete]=2023.1": {"CE208"},
    "requests[security]>=2": {"CE208"},
    "numpy; python_version<'3.8'": {"CE201"},
    'numpy ; sys_platform == "win32"': {"CE201"},
    "_libgcc_mutex=0.1=conda_forge": {"CE255"},
    "numpy scipy": {"CE263"},
    "python 3.9 numpy": {"CE263"},
    "pkg @ https://x.y/z.whl": {"CE201"},
    "python>3.9<3.12": {"CE201"},
    "numpy=1.2,": {"CE201"},
    "numpy>=1.2,": {"CE201"},
    'numpy=="1.2"': {"CE201"},
    "numpy='1.2'": {"CE201"},
    '"numpy=1.2"': {"CE201"},
    "numpy~1.2": {"CE201"},
    "numpy!1.2": {"CE201"},
    "numpy<>1.2": {"CE201"},
    "numpy=1.2-1": {"CE262"},
    "numpy=1.x": {"CE265"},
    "numpy=1.2.X": {"CE265"},
    "numpy=latest": {"CE266"},
    "numpy=v1.2": {"CE266"},
}
#: An archive by URL says its build, which is one platform's.
ARCHIVES = re.compile(r"https://\S+\.conda(?:#\w+)?")


def file_of(*lines: str) -> str:
    """A file of these specs, in single quotes."""
    quoted = "".join(f"  - '{line.replace(chr(39), chr(39) * 2)}'\n" for line in lines)
    return f"channels: [conda-forge, nodefaults]\ndependencies:\n{quoted}"


def run(text: str) -> tuple[Finding, ...]:
    """What the rules on specs find, and what reading does."""
    parsed = parse_environment(text)
    case = Case(parsed, text)
    return (
        *parsed.findings,
        *(finding for rule in (*specs.RULES, *builds.RULES) for finding in rule.find(case)),
    )


def codes(*lines: str) -> set[str]:
    return {finding.code for finding in run(file_of(*lines))}


def fixed(text: str) -> str:
    """The text with the fix of each finding made."""
    edits = [edit for finding in run(text) if finding.fix is not None for edit in finding.fix.edits]
    return apply_edits(text, edits)


# The table of spellings


@lru_cache(maxsize=1)
def rows() -> list[tuple[str, bool]]:
    with need_shared("oracle", "matchspec_matrix.tsv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file, delimiter="\t"))[1:]
    return [(row[0], _matched(row[1]) == _matched(row[2])) for row in table]


def _matched(cell: str) -> list[str] | None:
    if cell.startswith(("ERR", "CRASH")):
        return None
    found = re.fullmatch(r".* \[([^\[\]]*)\]", cell, re.DOTALL)
    assert found is not None
    return found[1].split()


def test_every_spelling_on_which_tools_differ_has_a_finding() -> None:
    differing = [spelling for spelling, agreed in rows() if not agreed]
    assert len(differing) == 45
    assert [spelling for spelling in differing if not codes(spelling)] == []


def test_of_the_others_only_those_that_deserve_one_have_a_finding() -> None:
    found = {spelling: codes(spelling) for spelling, agreed in rows() if agreed}
    told = {
        spelling: which for spelling, which in found.items() if which and not ARCHIVES.fullmatch(spelling)
    }
    assert told == {spelling: which for spelling, which in DESERVED.items() if spelling in found}


def test_a_fix_keeps_what_a_spec_means_to_conda() -> None:
    meant_otherwise = {"CE201", "CE205", "CE204", "CE265"}
    for spelling, _ in rows():
        text = file_of(spelling)
        for finding in run(text):
            if finding.fix is None or not finding.fix.safe or finding.code in meant_otherwise:
                continue
            before, after = (spec_of(t) for t in (text, apply_edits(text, finding.fix.edits)))
            assert before.name == after.name
            assert before.build == after.build
            assert [v for v in VERSIONS if allows(before, v.text)] == [
                v for v in VERSIONS if allows(after, v.text)
            ]


def spec_of(text: str) -> MatchSpec:
    environment = parse_environment(text).environment
    assert isinstance(environment, Environment)
    return environment.dependencies[0].spec


def allows(spec: MatchSpec, version: str) -> bool:
    return spec.version is None or spec.version.matches(version)


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("numpy=1.26*", "numpy=1.26"),
        ("numpy==1.26*", "numpy=1.26"),
        ("numpy=1.26*=py*", "numpy=1.26.*=py*"),
        ("numpy=1.26*,!=1.26.3", "numpy=1.26,!=1.26.3"),
        ("numpy!=1.26*", "numpy!=1.26.*"),
        ("numpy=1.2=*cuda*", "numpy==1.2=*cuda*"),
        ("numpy=1.2=py38_0", "numpy==1.2=py38_0"),
        ("numpy >= 1.2 , < 2", "numpy >=1.2,<2"),
        (" numpy=1.2", "numpy=1.2"),
        ("numpy>=1.2.*,<2.*", "numpy>=1.2,<2"),
        ("numpy===1.2", "numpy==1.2"),
        ("numpy~=1", "numpy>=1"),
        ("numpy>=2,<2.5|1.2", "numpy 1.2|>=2,<2.5"),
        ("numpy[build=py3* version=1.2]", "numpy[build=py3*,version=1.2]"),
        ("python=3.x", "python=3"),
        ("numpy>=1,>=2", "numpy>=2"),
    ],
)
def test_what_to_write_instead(line: str, better: str) -> None:
    text = file_of(line)
    edits = [
        edit
        for finding in run(text)
        if finding.fix is not None and finding.fix.safe
        for edit in finding.fix.edits
    ]
    assert apply_edits(text, edits) == file_of(better)
    assert not codes(better) - {"CE507"}


@pytest.mark.parametrize(
    "line",
    [
        "numpy",
        "numpy=1.26",
        "numpy==1.26.4",
        "numpy 1.26.*",
        "numpy >=1.2, <2",
        "numpy>=1.2,<2,!=1.5",
        "numpy>=1.2,<2|>=3",
        "numpy=1.*.0",
        "numpy=1.26.*=py312*",
        "blas=*=openblas",
        "libblas=*=*mkl",
        "conda-forge::numpy>=1.2",
        "numpy[version='>=1.2,<2',build_number='>=1']",
        "cudf==26.10.*,>=0.0.0a0",
        "python>=3.10",
        "python=3.12.1",
        "python=3.12.*=*_cpython",
        "nomkl",
    ],
)
def test_ordinary_specs_have_no_finding(line: str) -> None:
    assert codes(line) == set()


def test_exact_builds_are_told_once_with_their_number() -> None:
    text = file_of("a=1.2.3=h1_0", "b=1.2.3=h1_0", "c==1.2.3=h1_0")
    (finding,) = [finding for finding in run(text) if finding.code == "CE255"]
    assert "and 1 more line," in finding.message
    assert finding.fix is not None
    assert apply_edits(text, finding.fix.edits) == file_of("a==1.2.3=h1_0", "b==1.2.3=h1_0", "c==1.2.3=h1_0")


# What no version fulfils


@pytest.mark.parametrize(
    "line", ["numpy>3,<2", "numpy>=2,<2", "numpy==1,==2", "python>=3.10,<3.9", "a[version='=1.2,!=1.2.*']"]
)
def test_an_empty_spec_is_an_error(line: str) -> None:
    (finding,) = [finding for finding in run(file_of(line)) if finding.code == "CE250"]
    assert finding.severity is Severity.ERROR


def test_lines_that_exclude_each_other_name_each_other() -> None:
    (finding,) = [f for f in run(file_of("numpy>=2", "scipy", "numpy=1.26")) if f.code == "CE251"]
    assert finding.message == "`numpy=1.26` excludes `numpy>=2` of line 3: no version fulfils both"
    assert finding.span is not None
    assert finding.span.line == 5


@pytest.mark.parametrize(
    ("lines", "apart"),
    [
        (("a>=1", "a<2"), False),
        (("a=1=h1_0", "a=1=h2_0"), True),
        (("a=1=h1_0", "a=1=h1*"), False),
        (("conda-forge::a", "bioconda::a"), True),
        (("defaults::a", "pkgs/main::a"), False),
        (("a>=1,<2|>=4,<5", "a>=2,<4"), True),
        (("a!=1.2.*|3", "a=1.2"), True),
        (("a>=1|0", "a<=2|5", "a>2,<5"), True),
        (("a=1", "b=2"), False),
        (("a[version='>=2',when='python>=3']", "a<2"), False),
    ],
)
def test_two_lines(lines: tuple[str, ...], *, apart: bool) -> None:
    assert ("CE251" in codes(*lines)) is apart


def test_three_lines_of_which_no_two_exclude_each_other() -> None:
    (finding,) = [f for f in run(file_of("a=1|2", "a=2|3", "a=1|3")) if f.code == "CE251"]
    assert "no version fulfils them all" in finding.message


@pytest.mark.parametrize(
    ("one", "other", "platforms"),
    [
        ("linux", "win", None),
        ("linux", "unix", "linux-64, linux-aarch64: "),
        ("osx", "arm64", "osx-arm64"),
    ],
)
def test_lines_meet_only_where_their_selectors_do(one: str, other: str, platforms: str | None) -> None:
    text = f"channels: [a, nodefaults]\ndependencies:\n  - a=1  # [{one}]\n  - a=2  # [{other}]\n"
    found = [finding.message for finding in run(text) if finding.code == "CE251"]
    assert bool(found) is (platforms is not None)
    assert all(f"on {platforms}" in message for message in found)


_clauses = st.builds(
    str.__add__,
    st.sampled_from(("==", "!=", "<", "<=", ">", ">=", "=")),
    st.sampled_from(("1", "1.2", "1.2.0", "1.10", "2", "2.0rc1", "2.0.1", "3", "1.2.post1")),
)
_versions = st.lists(st.lists(_clauses, min_size=1, max_size=3).map(",".join), min_size=1, max_size=2).map(
    "|".join
)


@given(st.lists(_versions, min_size=1, max_size=3))
def test_what_is_called_empty_matches_nothing(versions: list[str]) -> None:
    lines = [f"a[version='{version}']" for version in versions]
    parsed = [MatchSpec.parse(line) for line in lines]
    found = codes(*lines) & {"CE250", "CE251"}
    held = parsed if "CE251" in found else []
    if "CE250" in found:
        assert any(not any(allows(spec, v.text) for v in VERSIONS) for spec in parsed)
    elif held:
        assert not any(all(allows(spec, v.text) for spec in held) for v in VERSIONS)


@given(st.lists(_clauses, min_size=2, max_size=4))
def test_without_what_adds_nothing_the_spec_means_the_same(clauses: list[str]) -> None:
    text = file_of(f"a[version='{','.join(clauses)}']")
    for finding in run(text):
        if finding.code == "CE252" and finding.fix is not None:
            before, after = spec_of(text), spec_of(apply_edits(text, finding.fix.edits))
            assert all(allows(before, v.text) is allows(after, v.text) for v in VERSIONS)


# What stands in the wrong place


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("numpy=1.2-0", "CE262"),
        ("numpy==1.2-0", "CE262"),
        ("numpy scipy", "CE263"),
        ("python 3.9 numpy", "CE263"),
        ("python==3.12", "CE264"),
        ("python 3.12", "CE264"),
        ("python=2.X", "CE265"),
        ("numpy=v2.0", "CE266"),
        ("numpy >=1,<V2", "CE266"),
        ("numpy=latest", "CE266"),
        ("numpy=2.0-rc1", "CE266"),
        ("numpy[version='>=2.0-beta.2']", "CE266"),
        ("pkg =1.2 py38_0", "CE254"),
        ("pkg=1.2 py38_0", "CE254"),
        ("blas *.* mkl", "CE261"),
        ("numpy (>=2,<2.5)|1.2", "CE259"),
        ("numpy[extras=[a]]", "CE260"),
        ("numpy=1=py*[build=py3*]", "CE260"),
    ],
)
def test_slips(line: str, code: str) -> None:
    assert code in codes(line)


@pytest.mark.parametrize(
    "line",
    [
        "blas 1.0 mkl", "_libgcc_mutex 0.1 main", "python==3.12.1", "python==3.12=h1_0", "openssl=1.1.1w",
        "numpy=2.0rc1", "numpy=*", "numpy=1!2.0",
    ],
)  # fmt: skip
def test_no_slips(line: str) -> None:
    assert not codes(line) & {"CE262", "CE263", "CE264", "CE265", "CE266"}


def test_one_slip_is_told_once() -> None:
    assert codes("numpy scipy") & {"CE262", "CE263", "CE266"} == {"CE263"}
    assert codes("numpy=2.0-rc1") & {"CE262", "CE263", "CE266"} == {"CE266"}
    assert codes("numpy=2.0-0") & {"CE262", "CE263", "CE266"} == {"CE262"}


def test_a_spec_that_is_an_alias_has_no_fix() -> None:
    text = "channels: [a, nodefaults]\ndependencies:\n  - &x numpy=1.2*\n  - scipy\nvariables: {}\n"
    assert fixed(text) == text.replace("1.2*", "1.2")
    folded = 'channels: [a, nodefaults]\ndependencies:\n  - "numpy=1.2\\x2a"\n'
    (finding,) = [finding for finding in run(folded) if finding.code == "CE253"]
    assert finding.fix is None
