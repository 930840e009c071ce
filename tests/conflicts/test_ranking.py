"""Which correction moves least, also where a platform lacks a package that the conflict is about."""

from __future__ import annotations

from condaenv_tools.conflicts.corrections.proof import solved
from condaenv_tools.conflicts.corrections.ranking import ranked
from condaenv_tools.conflicts.corrections.values import Change, Target
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.platform import Platform
from tests.builders import record
from tests.conflicts.brute import LINUX, Brute, lines, request

MAC = Platform.OSX_ARM64


def test_a_platform_that_lacks_a_package_of_the_conflict_counts_as_well() -> None:
    """Measured is what the file would have without the line that cannot be met there."""
    common = [
        *(record("a", version, f"b {version}.*") for version in ("1", "2", "3")),
        *(record("b", version) for version in ("1", "2", "3")),
    ]
    items = lines("a=4", "x")
    targets = {
        LINUX: Target(items=items, probe=Probe(request([*common, record("x", "1")]), Brute())),
        MAC: Target(items=items, probe=Probe(request(common), Brute())),
    }
    ways = [
        (Change(item=items[0], to=text), Change(item=items[1], to="x", only_on=(LINUX,)))
        for text in ("a=1", "a=3")
    ]
    found = {way: solutions for way in ways if (solutions := solved(targets, way)) is not None}
    assert len(found) == 2
    made = ranked(targets, found, ("a", "x"), lambda name, platform: name != "x" or platform is LINUX)
    # With a=1, a and b of both platforms are of another version than the newest.
    assert [(one.changes[0].to, one.moved) for one in made] == [("a=3", 0), ("a=1", 4)]
    blind = ranked(targets, found, ("a", "x"), lambda name, platform: True)
    assert [one.moved for one in blind] == [0, 2]
