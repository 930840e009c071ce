"""Laws on small universes: an answer meets every requirement, and a conflict is real and minimal."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import given as draw
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.pypi.engine import resolve_all
from condaenv_tools.resolve.pypi.given import RequirementLine
from condaenv_tools.resolve.pypi.request import PyPIOptions, PyPIRequest
from tests.pypi_index import Index, wheel
from tests.resolve.pypi.conftest import given

NAMES = ("aa", "bb", "cc", "dd")
VERSIONS = ("1.0", "2.0", "3.0")
SPECIFIERS = st.sampled_from(["", "==1.0", "==2.0", "==3.0", "<2", "<3", ">=2", ">=3", "!=2.0"])
REQUIREMENTS = st.builds("{}{}".format, st.sampled_from(NAMES), SPECIFIERS)
#: What each release asks for.
UNIVERSES = st.fixed_dictionaries(
    {(name, version): st.lists(REQUIREMENTS, max_size=2) for name in NAMES for version in VERSIONS}
)
Universe = Mapping[tuple[str, str], Sequence[str]]


def meets(chosen: Mapping[str, str], texts: Iterable[str]) -> bool:
    asked = map(Requirement, texts)
    return all(one.name in chosen and one.specifier.contains(Version(chosen[one.name])) for one in asked)


def has_answer(universe: Universe, lines: Iterable[str], fixed: Mapping[str, str]) -> bool:
    """Try every choice of at most one version of each name; what conda provides needs nothing."""
    open_ = [name for name in NAMES if name not in fixed]
    for versions in itertools.product((None, *VERSIONS), repeat=len(open_)):
        free = {name: version for name, version in zip(open_, versions, strict=True) if version}
        chosen = {**fixed, **free}
        if meets(chosen, lines) and all(meets(chosen, universe[pair]) for pair in free.items()):
            return True
    return False


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@draw(
    UNIVERSES,
    st.lists(REQUIREMENTS, min_size=1, max_size=3, unique=True),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VERSIONS), max_size=2),
)
def test_answers_hold_and_conflicts_are_real(
    universe: Universe, texts: list[str], fixed: dict[str, str]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        files = [
            wheel(*pair, *(one for one in needs if one[:2] != pair[0])) for pair, needs in universe.items()
        ]
        universe = {pair: [one for one in needs if one[:2] != pair[0]] for pair, needs in universe.items()}
        folder = Index(files=files).write(Path(name, "wheels"))
        platform = Platform.LINUX_64
        request = PyPIRequest(
            platform=platform,
            virtual_packages=default_virtual_packages(platform),
            python_version="3.12.7",
            requirements=tuple(RequirementLine(text=text) for text in texts),
            provided=tuple(given(*pair) for pair in fixed.items()),
            options=PyPIOptions(no_index=True, find_links=(str(folder),), cache_dir=Path(name, "cache")),
        )
        (outcome,) = resolve_all([request])
    assert outcome.error is None
    if outcome.packages is not None:
        free = {one.name: one.version or "" for one in outcome.packages}
        assert not free.keys() & fixed.keys()
        assert meets({**fixed, **free}, texts)
        assert all(meets({**fixed, **free}, universe[pair]) for pair in free.items())
        assert all(one.via for one in outcome.packages)
        return
    assert not has_answer(universe, texts, fixed)
    conflict = outcome.conflict
    assert conflict is not None
    assert conflict.minimal
    lines = [line.text for line in conflict.requirements]
    pins = {one.name: one.version for one in conflict.provided}

    def possible(part: Iterable[str], given_: Mapping[str, str]) -> bool:
        """Say whether there is an answer with what conda has beside `given_` taken, or left, as it suits."""
        rest = [pair for pair in fixed.items() if pair[0] not in given_]
        choices = (dict(some) for size in range(len(rest) + 1) for some in itertools.combinations(rest, size))
        return any(has_answer(universe, part, {**given_, **some}) for some in choices)

    assert not possible(lines, pins)
    for line in lines:
        assert possible([other for other in lines if other != line], pins)
    for name in pins:
        rest = {other: version for other, version in pins.items() if other != name}
        # Left to conda, a package needs nothing of the index in whatever version it has.
        freed = any(possible(lines, {**rest, name: version}) for version in VERSIONS)
        assert freed or possible(lines, rest)
