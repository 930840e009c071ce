"""Small random universes: at most seven packages of at most three versions, and a file about them."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.record import PackageRecord
from tests.builders import record
from tests.conflicts.brute import line

NAMES = ("a", "b", "c", "d", "e", "f", "g")
VERSIONS = ("1.0", "2.0", "3.0")
ASKS = ("", " >=2", " <2", " =2", " ==3.0", " <3")


@dataclass(frozen=True)
class Universe:
    """Records, and the lines of a file."""

    records: tuple[PackageRecord, ...]
    items: tuple[Dependency, ...]


@st.composite
def universes(draw: st.DrawFn) -> Universe:
    """Return a universe; half of them or so cannot be solved."""
    names = NAMES[: draw(st.integers(3, 7))]
    found = []
    for name in names:
        others = [one for one in names if one != name]
        spec = st.tuples(st.sampled_from(others), st.sampled_from(ASKS)).map("".join)
        for version in VERSIONS[: draw(st.sampled_from((1, 3, 3, 3)))]:
            depends = draw(st.lists(spec, max_size=2))
            constrains = draw(st.lists(spec, max_size=1)) if draw(st.integers(0, 3)) == 0 else []
            found.append(record(name, version, *depends, constrains=tuple(constrains)))
    asked = st.tuples(st.sampled_from(names), st.sampled_from(ASKS)).map("".join)
    texts = draw(st.lists(asked, min_size=2, max_size=5, unique=True))
    items = tuple(line(text.replace(" =", "="), number) for number, text in enumerate(texts, 4))
    return Universe(tuple(found), items)
