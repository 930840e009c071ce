"""PEP 440 specifiers in conda's words match the same versions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from condaenv_tools.model.pep440 import to_conda_versions
from condaenv_tools.model.version_spec import VersionSpec

NUMBERS = st.lists(st.integers(0, 12), min_size=1, max_size=3).map(lambda n: ".".join(map(str, n)))
RELEASES = st.builds(lambda n, s: n + s, NUMBERS, st.sampled_from(["", "", "", "rc1", "a2", ".dev3"]))
CLAUSES = st.one_of(
    st.builds(lambda o, v: o + v, st.sampled_from(["==", "!=", ">=", "<=", "<"]), NUMBERS),
    st.builds(lambda o, v: f"{o}{v}.*", st.sampled_from(["==", "!="]), NUMBERS),
    st.builds(lambda v: f"~={v}.{3}", NUMBERS),
)


@settings(max_examples=600)
@given(st.lists(CLAUSES, min_size=1, max_size=3).map(",".join), RELEASES)
def test_the_same_versions_match(specifier: str, version: str) -> None:
    text = to_conda_versions(specifier)
    assert text is not None
    ours = VersionSpec.parse(text).matches(version)
    theirs = SpecifierSet(specifier).contains(version, prereleases=True)
    assert ours == theirs


@pytest.mark.parametrize(
    ("specifier", "said"),
    [
        ("", "*"),
        ("<2,>=1.2", ">=1.2,<2a0"),
        ("<2.5", "<2.5a0"),
        ("<2.0rc1", "<2.0rc1"),
        ("===1.0", "==1.0"),
        ("==1!2.0+cu118", "==1!2.0+cu118"),
        ("!=1.4.*", "!=1.4.*"),
        (">1", ">1"),
        ("===not-a-version", None),
        ("=1.2", None),
    ],
)
def test_what_becomes_of(specifier: str, said: str | None) -> None:
    assert to_conda_versions(specifier) == said
