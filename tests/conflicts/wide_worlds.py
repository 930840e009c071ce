"""Random universes with what is no line: a machine, a second channel, a pin, a cut-off date, several platforms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from hypothesis import strategies as st

from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, Solver, SolveRequest
from tests.builders import moved, record
from tests.conflicts.brute import Brute, Memory, line
from tests.conflicts.worlds import ASKS, VERSIONS

NAMES = ("a", "b", "c", "d", "e", "f", "g")
PLATFORMS = (Platform.LINUX_64, Platform.OSX_ARM64, Platform.WIN_64)
BEHIND = "https://conda.anaconda.org/behind"
OLD, NEW = 1_600_000_000_000, 1_700_000_000_000
BETWEEN = datetime(2022, 1, 1, tzinfo=UTC)
MACHINE = ("__cuda", "__cuda >=12", "__glibc >=2.34", "__glibc <2.30", "__glibc >=2.17")


@dataclass(frozen=True)
class Wide:
    """Records of two channels, a machine for each platform, and lines."""

    records: tuple[PackageRecord, ...]
    behind: tuple[PackageRecord, ...]
    virtual: tuple[VirtualPackage, ...]
    pins: tuple[MatchSpec, ...]
    options: SolveOptions
    items: tuple[Dependency, ...]

    def request(self, platform: Platform = Platform.LINUX_64) -> SolveRequest:
        """Return the question about one platform; macOS and Windows have no glibc."""
        sources = (Memory("toy", self.records), Memory("behind", self.behind))
        linux = platform is Platform.LINUX_64
        return SolveRequest(
            platform=platform,
            specs=tuple(item.spec for item in self.items),
            constraints=self.pins,
            sources=sources if self.behind else sources[:1],
            virtual_packages=tuple(v for v in self.virtual if linux or v.name != "__glibc"),
        )

    def probe(self, platform: Platform = Platform.LINUX_64, solver: Solver | None = None) -> Probe:
        """Return what asks about it."""
        return Probe(self.request(platform), solver or Brute(), self.options)


@st.composite
def wide_universes(draw: st.DrawFn, *, pins: bool = True) -> Wide:
    """Return a universe of at most seven packages."""
    names = NAMES[: draw(st.integers(3, 7))]
    platforms = draw(st.sampled_from((PLATFORMS[:1], PLATFORMS)))
    found: dict[str, list[PackageRecord]] = {"toy": [], "behind": []}
    two = draw(st.booleans())
    for name in names:
        others = [one for one in names if one != name]
        spec = st.tuples(st.sampled_from(others), st.sampled_from(ASKS)).map("".join)
        places = ("toy", "behind") if two and draw(st.booleans()) else ("toy",)
        for place in places:
            for version in draw(st.lists(st.sampled_from(VERSIONS), min_size=1, unique=True)):
                needs = draw(st.lists(spec, max_size=2))
                if draw(st.integers(0, 3)) == 0:
                    needs.append(draw(st.sampled_from(MACHINE)))
                bars = draw(st.lists(spec, max_size=1)) if draw(st.integers(0, 3)) == 0 else []
                built = draw(st.sampled_from((OLD, NEW)))
                for platform in platforms:
                    if draw(st.integers(0, 4)) == 0 and len(platforms) > 1:
                        continue
                    one = record(
                        name, version, *needs, subdir=platform.value, constrains=tuple(bars), timestamp=built
                    )
                    found[place].append(one if place == "toy" else moved(one, BEHIND))
    asked = st.tuples(st.sampled_from(names), st.sampled_from(ASKS)).map("".join)
    texts = draw(st.lists(asked, min_size=2, max_size=6, unique=True))
    pinned = draw(st.lists(asked, max_size=1)) if pins and draw(st.booleans()) else []
    machine = ["__glibc=2.28", *draw(st.sampled_from(((), ("__cuda=11.8",))))]
    options = SolveOptions(
        channel_priority=draw(st.sampled_from((ChannelPriority.STRICT, ChannelPriority.DISABLED))),
        exclude_newer=draw(st.sampled_from((None, None, None, BETWEEN))),
    )
    return Wide(
        records=tuple(found["toy"]),
        behind=tuple(found["behind"]),
        virtual=tuple(map(VirtualPackage.parse, machine)),
        pins=tuple(map(MatchSpec.parse, pinned)),
        options=options,
        items=tuple(line(text.replace(" =", "="), number) for number, text in enumerate(texts, 4)),
    )


def all_minimal(
    items: Sequence[Dependency], fails: Callable[[Sequence[Dependency]], bool]
) -> set[frozenset[Dependency]]:
    """Return every minimal set of lines that fails, by trying all sets."""
    found: list[frozenset[Dependency]] = []
    for size in range(1, len(items) + 1):
        for chosen in combinations(items, size):
            if not any(core <= set(chosen) for core in found) and fails(chosen):
                found.append(frozenset(chosen))
    return set(found)
