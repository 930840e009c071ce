"""What is to blame beside the lines: virtual packages, channel priority, pins, and a cut-off date.

The lines of a core exclude each other under all of this. Here each is lifted while the lines stay: what the lines
go together without is part of the reason. What is returned is subset-minimal in the same sense as the lines are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.conflicts.search.cores import Beside, Core
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.patterns import is_pattern
from condaenv_tools.model.version import Version
from condaenv_tools.model.version_spec import Operator
from condaenv_tools.model.virtual import VirtualPackage, fitting_virtual_packages
from condaenv_tools.resolve.request import ChannelPriority

__all__ = ["blame_surroundings", "virtual_demands"]

#: So many packages are looked at for what they ask of the machine.
_MOST_PACKAGES = 3000
#: So many values of a virtual package are tried, the lowest first.
_MOST_TRIED = 8
_SYSTEMS = {"__unix", "__linux", "__osx", "__win"}
#: What stands for a version where nothing says which.
_ANY = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lift:
    """One thing that may be lifted, and what takes its place."""

    beside: Beside
    machine: tuple[VirtualPackage, ...] = ()
    pin: MatchSpec | None = None


def blame_surroundings(core: Core, probe: Probe, universe: Universe) -> Core:
    """Return a core with what is to blame beside its lines.

    Parameters
    ----------
    core : Core
        Lines that exclude each other.
    probe : Probe
        Asks the solver, in the surroundings as they are.
    universe : Universe
        The records of the platform.

    Returns
    -------
    Core
        The same lines. With `beside` they exclude each other if all other surroundings are lifted, and without
        any one entry of it they then go together. It is empty where they exclude each other whatever the
        surroundings, and where that could not be found out.
    """
    try:
        lifts = _lifts(core.members, probe, universe)
        if not lifts or not core.minimal or _probe_without(probe, lifts).fails(core.members) is not False:
            return core
        kept = list(lifts)
        for lift in lifts:
            rest = [one for one in kept if one is not lift]
            lifted = [one for one in lifts if one not in rest]
            if _probe_without(probe, lifted).fails(core.members):
                kept = rest
        return replace(core, beside=tuple(_with_value(one, core, probe) for one in kept))
    except (OutOfTimeError, CondaEnvToolsError):
        return core


def _lifts(items: Sequence[Dependency], probe: Probe, universe: Universe) -> list[_Lift]:
    options = probe.options
    found = []
    if options.channel_priority is ChannelPriority.STRICT and len(probe.request.sources) > 1:
        beside = Beside(kind="priority", spec="channel-priority=strict")
        found.append(_Lift(beside=beside))
    if options.exclude_newer is not None:
        beside = Beside(kind="cutoff", spec=f"exclude-newer={options.exclude_newer:%Y-%m-%dT%H:%M:%SZ}")
        found.append(_Lift(beside=beside))
    if found:
        # What is hidden now may ask something of the machine as well.
        free = replace(options, channel_priority=ChannelPriority.DISABLED, exclude_newer=None)
        universe = Universe(universe.request, free)
    found += [_Lift(beside=Beside(kind="pin", spec=str(pin)), pin=pin) for pin in probe.request.constraints]
    has = {one.name: one for one in probe.request.virtual_packages}
    for name, specs in sorted(virtual_demands(items, universe).items()):
        unmet = [spec for spec in specs if name not in has or not spec.matches(has[name])]
        machine = fitting_virtual_packages(_values(name, unmet, has.get(name)), probe.request.platform)
        # Of which system a machine is, is no matter of what it is taken to have.
        if machine and (name in has or name not in _SYSTEMS):
            said = str(has[name]).removesuffix("=0") if name in has else f"no {name}"
            found.append(_Lift(beside=Beside(kind="virtual", spec=said), machine=machine))
    return found


def virtual_demands(items: Iterable[Dependency], universe: Universe) -> dict[str, tuple[MatchSpec, ...]]:
    """Return what the records that some lines can reach ask of the machine.

    Parameters
    ----------
    items : iterable of Dependency
        The lines.
    universe : Universe
        The records.

    Returns
    -------
    dict of str to tuple of MatchSpec
        By name of the virtual package; each demand once, in the order in which it is met.

    Notes
    -----
    O(r d) for `r` records that are reached with `d` demands each, read level by level.
    """
    found: dict[str, dict[MatchSpec, None]] = {}
    seen: set[str] = set()
    lines = tuple(items)
    for item in lines:
        if is_virtual(item.name):
            found.setdefault(item.name, {})[item.spec] = None
    level = {str(item.name) for item in lines if not is_virtual(item.name)}
    while level and len(seen) < _MOST_PACKAGES:
        seen |= level
        universe.prefetch(level)
        following: set[str] = set()
        for name in sorted(level):
            asked = [item.spec for item in lines if item.name == name]
            for record in universe.visible(name):
                if asked and not all(spec.matches(record) for spec in asked):
                    continue
                for target, specs in universe.needs(record).items():
                    if is_virtual(target):
                        found.setdefault(target, {}).update(dict.fromkeys(specs))
                    else:
                        following.add(target)
        level = following - seen
    return {name: tuple(specs) for name, specs in found.items()}


def _values(name: str, unmet: Iterable[MatchSpec], has: VirtualPackage | None) -> list[VirtualPackage]:
    """Return what the machine could have so that demands are met, the lowest version first."""
    build = "0" if has is None else has.build
    values: dict[VirtualPackage, None] = {}
    for spec in unmet:
        versions = [_ANY if has is None else has.version]
        if spec.version is not None:
            for clause in spec.version.clauses():
                if clause.version is not None:
                    bound = clause.version.text.removesuffix(".*")
                    versions.append(f"{bound}.1" if clause.operator is Operator.GREATER else bound)
        builds = [build, *([spec.build] if spec.build and not is_pattern(spec.build) else [])]
        tried = [VirtualPackage(name=name, version=v, build=b) for v in versions for b in builds]
        values.update(dict.fromkeys(one for one in tried if spec.matches(one) and one != has))
    return sorted(values, key=lambda one: (Version.of(one.version), one.build))


def _probe_without(probe: Probe, lifts: Sequence[_Lift]) -> Probe:
    """Return a probe where some things are lifted: other values of a virtual package stand beside its own."""
    request, options = probe.request, probe.options
    kinds = {lift.beside.kind for lift in lifts}
    if "priority" in kinds:
        options = replace(options, channel_priority=ChannelPriority.DISABLED)
    if "cutoff" in kinds:
        options = replace(options, exclude_newer=None)
    pins = [lift.pin for lift in lifts if lift.pin is not None]
    request = replace(
        request,
        constraints=tuple(pin for pin in request.constraints if pin not in pins),
        virtual_packages=(*request.virtual_packages, *(one for lift in lifts for one in lift.machine)),
    )
    return probe.under(options, request)


def _with_value(lift: _Lift, core: Core, probe: Probe) -> Beside:
    """Return what is to blame with the least change of it that lets the lines go together by itself."""
    if lift.beside.kind == "priority":
        for priority in (ChannelPriority.FLEXIBLE, ChannelPriority.DISABLED):
            if probe.under(replace(probe.options, channel_priority=priority)).fails(core.members) is False:
                return replace(lift.beside, instead=f"channel-priority={priority}")
    for value in lift.machine[:_MOST_TRIED]:
        machine = [one for one in probe.request.virtual_packages if one.name != value.name]
        other = probe.under(request=replace(probe.request, virtual_packages=(*machine, value)))
        if other.fails(core.members) is False:
            text = value.name if value.version == _ANY else str(value).removesuffix("=0")
            return replace(lift.beside, instead=text)
    return lift.beside
