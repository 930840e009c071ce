"""Specs in the engine's language: the same versions match as conda matches."""

from __future__ import annotations

import pytest
import rattler
from rattler.package.build_string import BuildString

from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.resolve.solver_specs import (
    needs_records,
    needs_versions,
    to_plain_spec,
    to_solver_spec,
)
from tests.builders import CHANNEL, record

VERSIONS = [
    *("0.9", "1.0", "1.0.0", "1.0a1", "1.0.1", "1.2", "1.2.3", "1.10", "1.26.4", "2.0", "2.0rc1"),
    *("2.1.3", "3.1", "3.10", "3.10.2", "1!1.0", "1.0+local", "2024.10.1"),
]

SPECS = [
    *("a", "a *", "a 1.0", "a=1.0", "a ==1.0", "a==1", "a 1.0.*", "a=1.0.*", "a=1.*", "a !=1.0", "a !=1.0.*"),
    *("a >=1.0", "a >1.0", "a <1.0", "a <=1.0", "a >=1.0,<2", "a >=1.0,<2.0a0", "a 1.0|2.0", "a >=3|<1"),
    *("a ~=1.0", "a ~=1.0.0", "a ~=1.2.3", "a ~=1", "a (>=1,<1.2)|>=3", "a >=1,!=1.2,<2", "a >=1.*"),
    *(
        "a >=1.0.*,<2.*",
        "a 1.*.3",
        "a *.0",
        "a[version='^1\\.[02].*$']",
        "a=3.1",
        "a=2024",
        "a 1!1.0",
        "a >=1!0",
    ),
    *("a ==1.0+local", "a 1.0a1", "a <2.0rc2", "a 3.*.2"),
]


@pytest.mark.parametrize("text", SPECS)
def test_the_engine_matches_the_versions_that_conda_matches(text: str) -> None:
    spec = MatchSpec.parse(text)
    handed = to_solver_spec(spec, versions=VERSIONS)
    assert handed.version is not None or spec.version is None or spec.version.is_any
    found = {v for v in VERSIONS if _engine_matches(handed, v)}
    assert found == {v for v in VERSIONS if spec.matches(record("a", v))}


@pytest.mark.parametrize("text", [text for text in SPECS if text not in {"a", "a *"}])
def test_spelling_the_versions_out_says_the_same(text: str) -> None:
    spec = MatchSpec.parse(text)
    handed = to_solver_spec(spec, versions=VERSIONS, spell_out=True)
    found = {v for v in VERSIONS if _engine_matches(handed, v)}
    assert found == {v for v in VERSIONS if spec.matches(record("a", v))}


def _engine_matches(spec: rattler.MatchSpec, version: str) -> bool:
    return spec.matches(
        rattler.PackageRecord(
            name=rattler.PackageName("a"),
            version=version,
            build=BuildString("0"),
            build_number=0,
            subdir="linux-64",
            arch=None,
            platform=None,
        )
    )


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("a", False),
        ("a=1.0", False),
        ("a 1.0.*", False),
        ("a >=1.0", False),
        ("a 1.*.3", True),
        ("a *.0", True),
        ("a[version='^1.*$']", True),
    ],
)
def test_versions_are_needed_where_the_engine_has_no_word(text: str, needed: bool) -> None:  # noqa: FBT001
    assert needs_versions(MatchSpec.parse(text)) is needed


def test_a_pattern_that_no_version_fits_asks_for_nothing_that_exists() -> None:
    handed = to_solver_spec(MatchSpec.parse("a 7.*.7"), versions=VERSIONS)
    assert not any(_engine_matches(handed, v) for v in VERSIONS)


def test_a_channel_is_named_by_the_place_it_is_read_from() -> None:
    handed = to_solver_spec(MatchSpec.parse("toy::a"), channel_url="file:///some/where")
    assert handed.channel is not None
    assert handed.channel.base_url.rstrip("/") == "file:///some/where"


@pytest.mark.parametrize("text", ["a=1=*_cpu", "a[build='^py3(1[0-3])_.*$']", 'a[build="x y"]'])
def test_builds_are_handed_over_as_they_are(text: str) -> None:
    spec = MatchSpec.parse(text)
    handed = to_solver_spec(spec)
    assert spec.build is not None
    assert spec.build in str(handed)


@pytest.mark.parametrize("text", ["num*", "*"])
def test_a_name_pattern_cannot_be_installed(text: str) -> None:
    with pytest.raises(UnsupportedError, match="names no package: a pattern can be searched for, not inst"):
        to_solver_spec(MatchSpec.parse(text))


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("a=1=b", False),
        ("toy::a", False),
        (f"a[md5={'0' * 32}]", False),
        ("a[md5='0*']", True),
        ("a[fn=a-1-0.conda]", True),
        ("a[license=MIT]", True),
        (f"{CHANNEL}/linux-64/a-1-0.conda", True),
    ],
)
def test_records_are_needed_where_the_engine_takes_no_notice(text: str, needed: bool) -> None:  # noqa: FBT001
    assert needs_records(MatchSpec.parse(text)) is needed


def test_a_plain_spec_asks_for_the_same_records() -> None:
    records = [record("a", v, build=f"b{v}", license="MIT" if v < "3" else "GPL") for v in "1234"]
    spec = MatchSpec.parse("a >=2[license=MIT]")
    plain = to_plain_spec(spec, records)
    assert not needs_records(plain)
    assert [r.version for r in records if plain.matches(r)] == ["2"]


def test_a_plain_spec_says_no_more_than_it_must() -> None:
    records = [record("a", v, license="MIT") for v in "12"]
    assert str(to_plain_spec(MatchSpec.parse("a[license=MIT]"), records)) == "a"


@pytest.mark.parametrize(
    ("condition", "handed"),
    [
        ("python>=3.10", "python>=3.10"),
        ("python=3.10", "python 3.10.*"),
        ("python==3.10.*", "python 3.10.*"),
        ("python 3.10", "python ==3.10"),
        ("__unix and (a>1.2.* or b[build=x*])", "__unix and (a>1.2 or b[build=x*])"),
    ],
)
def test_a_condition_means_to_the_engine_what_it_means_to_conda(condition: str, handed: str) -> None:
    spec = to_solver_spec(MatchSpec.parse(f"a[when='{condition}']"))
    assert spec.to_canonical_string() == rattler.MatchSpec(f'a[when="{handed}"]').to_canonical_string()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("1", "==1"), ("=1", "==1"), ("==1", "==1"), (">= 1", ">=1"), ("!=1", "!=1"), ("*", None)],
)
def test_a_build_number_is_handed_over_in_the_engines_words(ours: str, theirs: str | None) -> None:
    assert to_solver_spec(MatchSpec.parse(f"a[build_number='{ours}']")).build_number == theirs


def test_extras_and_flags_are_handed_over() -> None:
    handed = to_solver_spec(MatchSpec.parse("a[extras=[x, y], flags=[cuda, 'blas:*']]"))
    assert handed.extras == ["x", "y"]
    assert "flags" in handed.to_canonical_string()
    assert "blas:*" in handed.to_canonical_string()
