"""What mends a conflict of both halves: one line of each, proven by solving both halves on every platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from condaenv_tools.channels.names import conda_names
from condaenv_tools.conflicts.corrections.values import VersionAfter
from condaenv_tools.conflicts.corrections.widening import spec_text, widenings
from condaenv_tools.conflicts.ecosystems.probe import JointProbe
from condaenv_tools.conflicts.ecosystems.restated import as_conda_line, nearby, unpinned, with_version
from condaenv_tools.conflicts.ecosystems.values import Item, JointChange, JointConflict, JointCorrection
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.environment import Dependency, PipItem
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.joint_request import JointOutcome
from condaenv_tools.resolve.provided import provided_by
from condaenv_tools.resolve.request import Strategy

__all__ = ["JointCorrections", "JointTarget", "find_joint_corrections"]

#: So many corrections are looked for.
_MOST = 4
#: So many ways to choose a change for each of several conflicts.
_MOST_WAYS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class JointTarget:
    """One platform of a file of which some have a conflict of both halves.

    Attributes
    ----------
    items : tuple of Dependency or PipItem
        The lines that count there.
    probe : JointProbe
        Asks about them.
    conflicts : tuple of JointConflict
        What is known to stand against a solution.
    """

    items: tuple[Item, ...]
    probe: JointProbe
    conflicts: tuple[JointConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCorrections:
    """What a search found.

    Attributes
    ----------
    corrections : tuple of JointCorrection
        What moves least first.
    complete : bool
        False where the time ran out.
    """

    corrections: tuple[JointCorrection, ...]
    complete: bool = True


def find_joint_corrections(targets: Mapping[Platform, JointTarget]) -> JointCorrections:
    """Return changes of one line for each conflict after which both halves have a solution on every platform.

    Parameters
    ----------
    targets : mapping of Platform to JointTarget
        All platforms that are asked for, those that solve among them.

    Returns
    -------
    JointCorrections
        A line of the pip section is moved to the conda part as it is, where that suffices; a line is given another
        version that works; it is dropped where neither will do. No smaller number of lines suffices, as conflicts
        share none.
    """
    found: list[JointCorrection] = []
    complete = True
    try:
        options = [_options(members, targets) for members in _cores(targets)]
        for way in islice(product(*options), _MOST_WAYS):
            correction = _proven(way, targets)
            if correction is not None and correction not in found:
                found.append(correction)
            if len(found) == _MOST:
                break
    except OutOfTimeError:
        complete = False
    return JointCorrections(corrections=tuple(sorted(found, key=lambda one: one.rank)), complete=complete)


def _cores(targets: Mapping[Platform, JointTarget]) -> list[tuple[Item, ...]]:
    return list(dict.fromkeys(c.members for target in targets.values() for c in target.conflicts))


def _options(members: tuple[Item, ...], targets: Mapping[Platform, JointTarget]) -> list[JointChange]:
    """Return changes that mend one conflict, the best ones first: at most two for each line."""
    target = next(t for t in targets.values() if any(c.members == members for c in t.conflicts))
    kept: list[JointChange] = []
    gone: list[JointChange] = []
    for item in members:
        passing = [change for change in _changes(item, members, target) if _mends(change, members, target)]
        kept += passing
        drop = JointChange(item=item, to=None)
        if not passing and len(target.items) > 1 and _mends(drop, members, target):
            gone.append(drop)
    return sorted(kept, key=lambda change: not change.moved) + gone


def _mends(change: JointChange, members: Sequence[Item], target: JointTarget) -> bool:
    return _outcome(change, members, target).solution is not None


def _changes(item: Item, members: Sequence[Item], target: JointTarget) -> Iterator[JointChange]:
    if isinstance(item, Dependency):
        yield from _of_conda(item, members, target)
        return
    for name in _names(item, target):
        text = as_conda_line(item, name)
        if text is not None:
            yield JointChange(item=item, to=text, moved=True)
            break
    near = dict.fromkeys(_nearest(item, members, target))
    yield from near
    text = unpinned(item)
    if near or text is None:
        return
    version = _version_of(item, _outcome(JointChange(item=item, to=text), members, target))
    if version is not None:
        yield JointChange(item=item, to=with_version(item, version))


def _nearest(item: PipItem, members: Sequence[Item], target: JointTarget) -> Iterator[JointChange]:
    """Yield a line for pip with the nearest release above, and below, that the file takes, or the conflict.

    What the lowest release above is, the pip half says itself, asked for the lowest of what lines ask for.
    """
    for text, upward in nearby(item):
        change: dict[Item, JointChange] = {item: JointChange(item=item, to=text)}
        strategy = Strategy.LOWEST_DIRECT if upward else Strategy.HIGHEST
        for some in (target.items, members):
            version = _version_of(item, target.probe.changed(some, change, strategy=strategy))
            if version is not None:
                yield JointChange(item=item, to=with_version(item, version))
                break


def _version_of(item: PipItem, outcome: JointOutcome) -> str | None:
    """Return the version of the distribution of a line in an answer, also where conda brings it."""
    if outcome.solution is None:
        return None
    given = {one.name: one.version for one in provided_by(outcome.solution.records)}
    return next((d.version for d in outcome.distributions if d.name == item.name), None) or (
        given.get(pypi_name(item.name)) if item.name else None
    )


def _of_conda(item: Dependency, members: Sequence[Item], target: JointTarget) -> Iterator[JointChange]:
    """Yield the line with the version that both halves would choose if it asked for none."""
    if item.spec.version is None and item.spec.build is None:
        return
    plain = JointChange(item=item, to=spec_text(replace(item.spec, version=None, build=None)))
    loose = _outcome(plain, members, target)
    record = (
        next((r for r in loose.solution.records if r.name == item.name), None) if loose.solution else None
    )
    if record is None:
        return
    universe = Universe(target.probe.request.conda, target.probe.options)
    for one in widenings(item.spec, universe.visible(item.name)):
        if one.spec.matches(record):
            yield JointChange(item=item, to=one.text)
            return


def _outcome(change: JointChange, members: Sequence[Item], target: JointTarget) -> JointOutcome:
    """Return the answer to the conflict alone with a change; where it has none, that to the whole file.

    What only other lines bring may be what the conflict lacks.
    """
    outcome = target.probe.changed(members, {change.item: change})
    if outcome.solution is None:
        outcome = target.probe.changed(target.items, {change.item: change})
    return outcome


def _names(item: PipItem, target: JointTarget) -> Iterator[str]:
    """Yield the packages of the channels that are known to hold a distribution, unless a line asks for one."""
    request = target.probe.request.conda
    asked = {one.name for one in target.items if isinstance(one, Dependency)}
    for name in conda_names(item.name or "") or ():
        try:
            known = any(
                name in source.package_names(subdir)
                for source in request.sources
                for subdir in (request.platform, "noarch")
            )
        except ChannelError:
            return
        if known and name not in asked:
            yield str(name)


def _proven(
    changes: Sequence[JointChange], targets: Mapping[Platform, JointTarget]
) -> JointCorrection | None:
    """Solve both halves of all platforms with some changes; those that fail are asked first."""
    new = {change.item: change for change in changes}
    outcomes: dict[Platform, JointOutcome] = {}
    for platform, target in sorted(targets.items(), key=lambda pair: (not pair[1].conflicts, pair[0])):
        outcome = target.probe.changed(target.items, new)
        if outcome.solution is None:
            return None
        outcomes[platform] = outcome
    in_order = sorted(changes, key=lambda change: change.item.span)
    names = [_name(one) for change in in_order for one in (change.to, change.item) if one is not None]
    names += [_name(item) for members in _cores(targets) for item in members]
    return JointCorrection(changes=tuple(in_order), versions=_versions(dict.fromkeys(names), outcomes))


def _name(one: Item | str) -> str:
    if isinstance(one, str):
        return one.partition("[")[0].split("=")[0].split("<")[0].split(">")[0].split(";")[0].strip(" ~!")
    return str(one.name or one.text)


def _versions(
    names: Mapping[str, None], outcomes: Mapping[Platform, JointOutcome]
) -> tuple[VersionAfter, ...]:
    found: dict[str, dict[str, list[Platform]]] = {name: {} for name in names}
    for platform, outcome in sorted(outcomes.items()):
        here = {str(d.name): d.version or "" for d in outcome.distributions}
        here |= {
            record.name: record.version for record in (outcome.solution.records if outcome.solution else ())
        }
        for name in found.keys() & here.keys():
            found[name].setdefault(here[name], []).append(platform)
    return tuple(
        VersionAfter(name=name, version=version, platforms=tuple(platforms))
        for name, versions in found.items()
        for version, platforms in sorted(versions.items(), key=lambda pair: (-len(pair[1]), pair[1]))
    )
