"""Strict channel priority given up, where it hides what the lines ask for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from condaenv_tools.conflicts.corrections.other_world import elsewhere, solved_elsewhere, told_versions
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import ChannelPriority

__all__ = ["change_priority"]


def change_priority(targets: Targets) -> OtherCorrection | None:
    """Return the flag with which every platform solves, or None.

    Raises
    ------
    OutOfTimeError
        The time is over.
    """
    probes = [target.probe for target in targets.values()]
    if all(len(probe.request.sources) < 2 for probe in probes):
        return None
    for priority in _weaker({probe.options.channel_priority for probe in probes}):
        free = elsewhere(targets, partial(_under, priority))
        solutions = solved_elsewhere(free)
        if solutions is not None:
            return OtherCorrection(
                kind=OtherKind.CHANNEL_PRIORITY,
                flags=(f"--channel-priority {priority.value}",),
                versions=told_versions(targets, solutions),
            )
    return None


def _under(priority: ChannelPriority, _: Platform, probe: Probe) -> Probe:
    return probe.under(replace(probe.options, channel_priority=priority))


def _weaker(now: set[ChannelPriority]) -> tuple[ChannelPriority, ...]:
    """Return the priorities that hide less, the strictest first."""
    if ChannelPriority.STRICT in now:
        return ChannelPriority.FLEXIBLE, ChannelPriority.DISABLED
    return (ChannelPriority.DISABLED,) if ChannelPriority.FLEXIBLE in now else ()
