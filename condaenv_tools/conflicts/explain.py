"""From a failing platform to its conflicts in words: which lines, and why. It never fails for want of words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.conflicts.cases import find_cases
from condaenv_tools.conflicts.chains import find_chain
from condaenv_tools.conflicts.cores import Core, find_cores
from condaenv_tools.conflicts.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.shown import account_table, conflict_title
from condaenv_tools.conflicts.text import Account, account_of, account_of_cases
from condaenv_tools.conflicts.universe import Universe
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.resolve.absence import explain_absence
from condaenv_tools.resolve.request import ChannelPriority

__all__ = ["Conflict", "PlatformConflicts", "explain_platform"]

#: Seconds for the words of one conflict, far more than they take; the lines to blame are told in any case.
_SECONDS_FOR_WORDS = 60.0
#: Lines of a solver's own words.
_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Lines that exclude each other, and why.

    Attributes
    ----------
    core : Core
        The lines.
    account : Account
        Why, in words.
    """

    core: Core
    account: Account

    @property
    def members(self) -> tuple[Dependency, ...]:
        """The lines, in the order of the files."""
        return self.core.members

    def _repr_html_(self) -> str:
        return account_table(self.account, caption=conflict_title(self.core))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConflicts:
    """What stands against a solution on one platform.

    Attributes
    ----------
    conflicts : tuple of Conflict
        No two share a line; none where the lines go together.
    complete : bool
        Whether the rest of the lines is known to go together.
    """

    conflicts: tuple[Conflict, ...]
    complete: bool


def explain_platform(items: Sequence[Dependency], probe: Probe) -> PlatformConflicts:
    """Find the conflicts of a platform and say why each is one.

    Parameters
    ----------
    items : sequence of Dependency
        The lines that count on the platform, in the order of the files.
    probe : Probe
        Asks the solver about them.

    Returns
    -------
    PlatformConflicts
        Those of the tightest lines first.

    Raises
    ------
    CondaEnvToolsError
        A channel failed, not the lines.
    """
    search = find_cores(items, probe.fails)
    conflicts = tuple(Conflict(core=core, account=_account(core, probe)) for core in search.cores)
    return PlatformConflicts(conflicts=conflicts, complete=search.complete)


def _account(core: Core, probe: Probe) -> Account:
    if not core.minimal:
        few = "these lines exclude each other; the time ran out before it was known which of them matter"
        return Account(remarks=_silent(core), further=(few,), text=few, hints=("raise --time-limit",))
    specs = tuple(item.spec for item in core.members)
    request = replace(probe.request, specs=specs)
    absent = explain_absence(request)
    if absent is not None:
        text, hints = absent
        lines = tuple(text.splitlines())
        return Account(remarks=_silent(core), further=lines, text="; ".join(lines), hints=hints)
    account = _from_records(core, probe, Universe(request, probe.options))
    account = _with_priority(account, core, probe)
    newest = probe.options.exclude_newer
    if newest is not None:
        limit = f"nothing built after {newest:%Y-%m-%d %H:%M} UTC was looked at"
        account = replace(account, hints=(*account.hints, limit))
    return account


def _from_records(core: Core, probe: Probe, universe: Universe) -> Account:
    fault = ""
    try:
        channels = _names(probe.request.sources)
        until = time.monotonic() + _SECONDS_FOR_WORDS
        chain = find_chain(core.members, universe, until=until)
        if chain is not None:
            return account_of(chain, core.members, channels=channels)
        cases = find_cases(core.members, universe, until=until)
        if cases is not None:
            return account_of_cases(cases, core.members, channels=channels)
    except CondaEnvToolsError:
        pass  # A channel that fails now has answered before: the lines are known, and the solver's words are.
    except Exception as error:  # noqa: BLE001 - the lines to blame are worth more to a user than our fault is
        fault = mask_credentials(f"{type(error).__name__}: {error}")
    lines = _own_words(core, probe)
    hints = (f"a fault of condaenv keeps the reason away, please report it: {fault}",) if fault else ()
    return Account(remarks=_silent(core), further=lines, text="; ".join(lines), hints=hints, fault=fault)


def _own_words(core: Core, probe: Probe) -> tuple[str, ...]:
    """Return what the solver says, where it takes a case distinction to see why."""
    try:
        error = probe.outcome([item.spec for item in core.members]).error
    except (OutOfTimeError, CondaEnvToolsError):
        error = None
    if error is None:
        return ("no solution has all of these lines",)
    first, *more = error.message.splitlines()[:_LINES] or [""]
    return (
        f"it takes a case distinction to see why; the solver says: {first.strip()}",
        *map(str.strip, more),
    )


def _with_priority(account: Account, core: Core, probe: Probe) -> Account:
    """Add that strict channel priority is to blame, where the lines go together without it."""
    options = probe.options
    if options.channel_priority is not ChannelPriority.STRICT or len(probe.request.sources) < 2:
        return account
    try:
        free = probe.under(replace(options, channel_priority=ChannelPriority.DISABLED))
        if free.fails(core.members):
            return account
    except (OutOfTimeError, CondaEnvToolsError):
        return account
    blame = "strict channel priority is part of it: these lines go together with packages of all channels"
    hint = "list the channel that has them first, or use --channel-priority flexible"
    return replace(
        account,
        further=(*account.further, blame),
        text=f"{account.text}; {blame}",
        hints=(*account.hints, hint),
    )


def _silent(core: Core) -> tuple[tuple[Dependency, str], ...]:
    return tuple((item, "") for item in core.members)


def _names(sources: Sequence[RecordSource]) -> tuple[str, ...]:
    return tuple(str(source.channel) for source in sources)
