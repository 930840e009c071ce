"""A channel that has what the channels of the file lack."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from condaenv_tools.channels.snapshot import held_channels
from condaenv_tools.channels.source import RecordSource, open_sources
from condaenv_tools.conflicts.corrections.other_world import (
    elsewhere,
    reached,
    solved_elsewhere,
    told_versions,
)
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind, Target
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.errors import ChannelError, ParseError
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import ChannelPriority

__all__ = ["add_channel", "known_channels"]

#: Channels that many use, the first of them first.
_WELL_KNOWN = ("conda-forge", "bioconda", "pytorch", "nvidia")


def add_channel(
    targets: Targets, channels: Callable[[Targets], Iterator[RecordSource]]
) -> OtherCorrection | None:
    """Return the first channel with which every platform solves if it is listed last, or None.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, with their conflicts.
    channels : callable
        Opens channels that may be added, the likeliest first.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    if any(_lacks_a_version(target) for target in targets.values()):
        return None
    wanted = {platform: _lacking(targets, platform) for platform in targets}
    if not any(wanted.values()):
        return None
    for source in channels(targets):
        try:
            has = [
                name in source.package_names(subdir)
                for platform, names in wanted.items()
                for name in names
                for subdir in (platform.value, "noarch")
            ]
            if not any(has):
                continue
            more = _with(targets, source)
            solutions = solved_elsewhere(more)
        except ChannelError:
            # It cannot be read here, and the others that are not at hand would be waited for in vain as well.
            return None
        if solutions is not None:
            return OtherCorrection(
                kind=OtherKind.CHANNEL,
                channel=source.channel.name,
                versions=told_versions(targets, solutions),
            )
    return None


def known_channels(targets: Targets) -> Iterator[RecordSource]:
    """Open channels that are at hand: those of the snapshot, else those that many use.

    Only what can be read is opened: with a snapshot, what it holds.
    """
    platforms = sorted(targets)
    first = targets[platforms[0]].probe.request
    have = {source.channel.url for target in targets.values() for source in target.probe.request.sources}
    names: tuple[str, ...] = _WELL_KNOWN
    if first.reading.snapshot is not None:
        held = held_channels(first.reading.snapshot)
        names = (*(name for name in _WELL_KNOWN if name in held), *(n for n in held if n not in _WELL_KNOWN))
    for name in names:
        try:
            (channel,) = expand_channels([name])
            if channel.url in have:
                continue
            (source,) = open_sources([channel], platforms=platforms, options=first.reading)
        except (ChannelError, ParseError, ValueError):
            continue
        yield source


def _with(targets: Targets, source: RecordSource) -> Targets:
    return elsewhere(
        targets,
        lambda _, probe: probe.under(
            request=replace(probe.request, sources=(*probe.request.sources, source))
        ),
    )


def _lacks_a_version(target: Target) -> bool:
    """Say whether no version of a package fits a line, which one channel more does not change."""
    if not _is_strict(target):
        return False
    universe = Universe(target.probe.request, target.probe.options)
    alone = [core.members[0] for core in target.cores if len(core.members) == 1]
    return any(
        records and not any(item.spec.matches(record) for record in records)
        for item in alone
        if not item.spec.has_name_pattern and item.spec.channel is None
        for records in [universe.visible(item.name)]
    )


def _is_strict(target: Target) -> bool:
    return target.probe.options.channel_priority is ChannelPriority.STRICT


def _lacking(targets: Targets, platform: Platform) -> frozenset[str]:
    """Return the names of which another channel may have what the lines in conflict lack.

    Under strict priority a channel that is listed last has nothing to say on names that one before it has.
    """
    target = targets[platform]
    universe = Universe(target.probe.request, target.probe.options)
    strict = _is_strict(target)
    return frozenset(name for name, records in reached(target, universe) if not (strict and records))
