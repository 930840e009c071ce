"""What would do in place of what is asked, read off the records: another platform, Python or release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from condaenv_tools.conflicts.search.universe import Universe, all_match
from condaenv_tools.conflicts.words.asked import line_subject, version_range
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version

__all__ = ["hints_elsewhere"]

#: The virtual package that says which system a machine has, and the selector that says the same of a line.
_SYSTEMS = {"__unix": "unix", "__linux": "linux", "__osx": "osx", "__win": "win"}


def hints_elsewhere(members: Sequence[Dependency], universe: Universe) -> tuple[str, ...]:
    """Return what the records say of a core beyond why it is one.

    Parameters
    ----------
    members : sequence of Dependency
        The lines of a core.
    universe : Universe
        The records of the platform.

    Returns
    -------
    tuple of str
        For one line: the system that its builds are for, or the platforms that have what it asks for. For a line
        beside one that asks for Python: the Pythons that it has builds for, and its first release for that Python.
    """
    if len(members) == 1:
        return tuple(_for_one(members[0], universe))
    pythons = [item for item in members if item.name == "python"]
    others = [item for item in members if item.name != "python"]
    if len(pythons) != 1:
        return ()
    return tuple(hint for item in others for hint in _of_python(item, pythons[0], universe))


def _for_one(item: Dependency, universe: Universe) -> Iterator[str]:
    spec, platform = item.spec, universe.request.platform
    visible = universe.visible(item.name)
    fitting = [record for record in visible if spec.matches(record)]
    for name, selector in _SYSTEMS.items():
        if fitting and not universe.visible(name) and all(name in universe.needs(one) for one in fitting):
            yield f"its builds are for {selector} only: give its line a selector, `# [{selector}]`"
    if visible and not fitting and not is_virtual(item.name):
        # Of a package that the platform has not at all, the reason says so.
        there = [p for p in DEFAULT_PLATFORMS if p != platform and _has(item, p, universe)]
        if there:
            yield f"{', '.join(there)} {'has' if len(there) == 1 else 'have'} {line_subject(spec)}"


def _has(item: Dependency, platform: Platform, universe: Universe) -> bool:
    return any(item.spec.matches(record) for record in universe.on(platform).visible(item.name))


def _of_python(item: Dependency, asked: Dependency, universe: Universe) -> Iterator[str]:
    pythons = universe.visible("python")
    wanted = [one for one in pythons if asked.spec.matches(one)]
    fitting = [record for record in universe.visible(item.name) if item.spec.matches(record)]
    built = [one for one in pythons if any(_goes(record, one, universe) for record in fitting)]
    if not wanted or not built or any(one in wanted for one in built):
        return
    told = f"{line_subject(item.spec)} has builds for Python {_minors(built)}"
    others = [
        record
        for record in universe.visible(item.name)
        if not item.spec.matches(record) and any(_goes(record, one, universe) for one in wanted)
    ]
    if others:
        told += f"; for Python {_minors(wanted)} there is {item.name} {version_range(others)}"
    yield told


def _goes(record: PackageRecord, python: PackageRecord, universe: Universe) -> bool:
    specs = universe.needs(record).get("python")
    return specs is not None and all_match(specs, python)


def _minors(pythons: Iterable[PackageRecord]) -> str:
    versions = sorted({Version.of(one.version) for one in pythons})
    minors = list(dict.fromkeys(".".join(version.text.split(".")[:2]) for version in versions))
    return minors[0] if len(minors) == 1 else f"{minors[0]} to {minors[-1]}"
