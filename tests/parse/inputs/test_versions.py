"""Conditions on versions: poetry's in PEP 440, and PEP 440 in conda's language."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from condaenv_tools.errors import InvalidVersionError, UnsupportedError
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.version_spec import VersionSpec
from condaenv_tools.parse.inputs.conda_versions import conda_clauses, conda_spec_text
from condaenv_tools.parse.inputs.poetry_versions import poetry_to_pep440


@pytest.mark.parametrize(
    ("poetry", "pep440"),
    [
        ("^1.2.3", ">=1.2.3,<2.0.0"),
        ("^1.2", ">=1.2,<2.0"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3.0"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("^1.0.0b1", ">=1.0.0b1,<2.0.0"),
        ("^1!2.0", ">=1!2.0,<1!3.0"),
        ("~1.2.3", ">=1.2.3,<1.3.0"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("~=1", ">=1,<2"),
        ("*", ""),
        ("1.*", "==1.*"),
        ("1.2.x", "==1.2.*"),
        ("==1.2.*", "==1.2.*"),
        ("!=1.2.*", "!=1.2.*"),
        (">=1.*", ">=1"),
        ("1.2.3", "==1.2.3"),
        ("=1.2.3", "==1.2.3"),
        ("v1.2", "==1.2"),
        (">=1.0 <2.0", ">=1.0,<2.0"),
        (" >= 1.0 , < 2.0 ", ">=1.0,<2.0"),
        (">=1.0,<2.0,!=1.5", ">=1.0,<2.0,!=1.5"),
        ("1.0 - 2.0", ">=1.0,<=2.0"),
    ],
)
def test_poetry_in_pep_440(poetry: str, pep440: str) -> None:
    found = poetry_to_pep440(poetry)
    assert found == (pep440, True)
    SpecifierSet(found.text)


@pytest.mark.parametrize(
    ("poetry", "bounds"),
    [
        ("^1.2 || ^2.0", ">=1.2,<3.0"),
        ("<1.20||>=2.0", ""),
        ("1.* | 3.*", ">=1,<4"),
        (">1.0,<=2 || ==3.1", ">1.0,<=3.1"),
        ("^1 || *", ""),
    ],
)
def test_alternatives_are_widened_and_told(poetry: str, bounds: str) -> None:
    found = poetry_to_pep440(poetry)
    assert found.text == bounds
    # Where any version is among the alternatives, nothing is lost.
    assert found.exact == ("||" in poetry and poetry.endswith("*"))


@pytest.mark.parametrize("poetry", ["", "abc", "^", "1.2 ||", "^1.2 abc", ">=", "^1..2"])
def test_what_poetry_does_not_read_is_refused(poetry: str) -> None:
    with pytest.raises(InvalidVersionError):
        poetry_to_pep440(poetry)


NUMBERS = st.integers(0, 4)
RELEASES = st.lists(NUMBERS, min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))


@given(RELEASES, st.lists(NUMBERS, min_size=3, max_size=3))
def test_a_caret_keeps_the_leftmost_number_that_is_not_zero(release: str, other: list[int]) -> None:
    """The definition of it, number by number."""
    parts = [int(part) for part in release.split(".")]
    at = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
    padded = [*parts, 0, 0][:3]
    allowed = other >= padded and other[: at + 1] == padded[: at + 1]
    assert SpecifierSet(poetry_to_pep440(f"^{release}").text).contains(".".join(map(str, other))) == allowed


EPOCHS = st.sampled_from(["", "", "1!"])
SUFFIXES = st.sampled_from(["", "", "a1", "b2", "rc1", ".post1", ".dev3"])
SHORT = st.lists(NUMBERS, min_size=1, max_size=2).map(lambda parts: ".".join(map(str, parts)))
FULL = st.builds(lambda epoch, release, suffix: f"{epoch}{release}{suffix}", EPOCHS, SHORT, SUFFIXES)
#: With more numbers than any pattern: conda's `2.*` does not take 2a1.
LONG = st.builds(
    lambda epoch, parts, suffix: f"{epoch}{'.'.join(map(str, parts))}{suffix}",
    EPOCHS,
    st.lists(NUMBERS, min_size=3, max_size=3),
    SUFFIXES,
)
CLAUSES = st.one_of(
    st.builds(lambda op, version: op + version, st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]), FULL),
    st.builds(lambda op, e, version: f"{op}{e}{version}.*", st.sampled_from(["==", "!="]), EPOCHS, SHORT),
    st.builds(lambda e, r, n, s: f"~={e}{r}.{n}{s}", EPOCHS, SHORT, NUMBERS, SUFFIXES),
)


def read_alike(clause: str, version: Version) -> bool:
    """Say whether both orders agree on a bound.

    PEP 440 has a rule of its own for pre- and post-releases at a bound that is no part of it, and fills releases
    with zeros before a suffix, conda behind it: ``0a1`` is ``0.0.0a1`` to one and not to the other, and
    ``1.post1`` below ``1.0.1`` to one and above it to the other.
    """
    bound = Version(clause.lstrip("<>=!~").removesuffix(".*"))
    if not any((bound.pre, bound.post, bound.dev, version.pre, version.post, version.dev)):
        return True
    shared = min(len(bound.release), len(version.release))
    if version.epoch != bound.epoch or version.release[:shared] != bound.release[:shared]:
        return True
    if len(bound.release) != len(version.release):
        return False
    return clause[0] not in "<>" or clause[1] == "="


@settings(max_examples=400)
@given(st.lists(CLAUSES, max_size=3), LONG)
def test_conda_reads_the_same_from_the_translation(clauses: list[str], text: str) -> None:
    version = Version(text)
    assume(all(read_alike(clause, version) for clause in clauses))
    spec = SpecifierSet(",".join(clauses), prereleases=True)
    translated = conda_clauses(str(spec)) if clauses else ()
    asked = MatchSpec.parse(conda_spec_text("a", translated)).version
    assert (asked is None or asked.matches(str(version))) == spec.contains(version)


@pytest.mark.parametrize("specifier", ["==1.0+cu118", "===any-text", "==1.0+local.*"])
def test_what_conda_cannot_say_is_refused(specifier: str) -> None:
    with pytest.raises(UnsupportedError):
        conda_clauses(specifier)


def test_arbitrary_equality_of_a_version_is_equality() -> None:
    assert conda_clauses("===1.0") == ("==1.0",)


def test_conda_reads_the_text_that_is_written() -> None:
    assert MatchSpec.parse(conda_spec_text("a", ("!=1.5", "1.*"))).version == VersionSpec.parse("1.*,!=1.5")
