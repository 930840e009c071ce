"""What lets a file be solved with all of its lines: a channel more, another machine or priority, two files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.conflicts.corrections.more_channels import add_channel, known_channels
from condaenv_tools.conflicts.corrections.other_machine import change_machine
from condaenv_tools.conflicts.corrections.other_priority import change_priority
from condaenv_tools.conflicts.corrections.parts import split
from condaenv_tools.conflicts.corrections.proof import Targets
from condaenv_tools.conflicts.corrections.values import OtherCorrection
from condaenv_tools.conflicts.search.probe import OutOfTimeError
from condaenv_tools.errors import ChannelError

__all__ = ["find_other_corrections"]

#: Opens channels that may be added to those of the targets, the likeliest first.
Channels = Callable[[Targets], Iterator[RecordSource]]


def find_other_corrections(
    targets: Targets, *, drops: bool, channels: Channels = known_channels
) -> tuple[OtherCorrection, ...]:
    """Return what else lets every platform be solved, all lines kept as they are.

    Parameters
    ----------
    targets : mapping of Platform to Target
        All platforms that are asked for, with the conflicts that are known of them.
    drops : bool
        Whether no change of lines is known that keeps all of them: only then is a split looked for.
    channels : callable, optional
        Opens channels that may be added.

    Returns
    -------
    tuple of OtherCorrection
        At most one of each kind, in the order of `OtherKind`; each is proven on all platforms.

    Notes
    -----
    Each kind is first tried on the lines of the conflicts alone, which takes a small part of the time of a solve
    of the whole file.
    """
    if not any(target.cores for target in targets.values()):
        return ()
    ways: Sequence[Callable[[], OtherCorrection | None]] = [
        lambda: add_channel(targets, channels),
        lambda: change_machine(targets),
        lambda: change_priority(targets),
        *([lambda: split(targets)] if drops else []),
    ]
    found: list[OtherCorrection] = []
    for way in ways:
        if any(target.probe.is_late for target in targets.values()):
            break
        # A channel that fails now is one that nobody asked for, or has answered before: it mends nothing.
        with suppress(OutOfTimeError, ChannelError):
            one = way()
            if one is not None:
                found.append(one)
    return tuple(found)
