"""From a failing platform to its conflicts in words: which lines, and why. It never fails for want of words."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.conflicts.search.all_cores import find_all_cores
from condaenv_tools.conflicts.search.cores import Core, Fails, Glance, find_cores
from condaenv_tools.conflicts.search.glance import seen_conflicts
from condaenv_tools.conflicts.search.probe import OutOfTimeError, Probe
from condaenv_tools.conflicts.search.surroundings import blame_surroundings
from condaenv_tools.conflicts.search.universe import Universe
from condaenv_tools.conflicts.shown import account_table, conflict_title
from condaenv_tools.conflicts.words.beside_text import with_surroundings
from condaenv_tools.conflicts.words.cases import find_cases
from condaenv_tools.conflicts.words.chains import find_chain
from condaenv_tools.conflicts.words.elsewhere import hints_elsewhere
from condaenv_tools.conflicts.words.text import Account, account_of, account_of_cases
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
        None where the lines go together. No two share a line, unless all cores were asked for.
    complete : bool
        Whether the rest of the lines is known to go together.
    known : bool
        Whether it is known if the lines go together; False where the solver never said.
    trouble : str
        What the solver said in place of an answer; else empty.
    """

    conflicts: tuple[Conflict, ...]
    complete: bool
    known: bool = True
    trouble: str = ""


def explain_platform(
    items: Sequence[Dependency], probe: Probe, *, all_cores: int | None = None
) -> PlatformConflicts:
    """Find the conflicts of a platform and say why each is one.

    Parameters
    ----------
    items : sequence of Dependency
        The lines that count on the platform, in the order of the files.
    probe : Probe
        Asks the solver about them.
    all_cores : int, optional
        Look for all minimal cores, those that share lines with others as well, up to so many.

    Returns
    -------
    PlatformConflicts
        Lines that say more than a name before bare names; of each, those that cannot be met by themselves first,
        then those of the tightest lines.

    Raises
    ------
    CondaEnvToolsError
        A channel failed before anything was known. Whatever fails later, what is known by then is told.
    """
    fails = _unshaken(items, probe)
    universes = _Universes(probe)
    search = find_cores(items, fails, glance=_safe_glance(universes))
    if all_cores is not None and all(core.minimal for core in search.cores):
        search = find_all_cores(items, fails, most=all_cores, known=search.cores)
    conflicts = tuple(_conflict(core, probe, universes) for core in search.cores)
    return PlatformConflicts(
        conflicts=conflicts,
        complete=search.complete,
        known=bool(conflicts) or (search.complete and not probe.trouble),
        trouble=probe.trouble,
    )


def _unshaken(items: Sequence[Dependency], probe: Probe) -> Fails:
    """Return a question that ends the search, and does not throw, where a channel fails that has answered."""

    def fails(part: Sequence[Dependency]) -> bool | None:
        try:
            return probe.fails(part)
        except CondaEnvToolsError as error:
            if not probe.is_known(items):
                raise
            probe.trouble = error.message
            raise OutOfTimeError from error

    return fails


class _Universes:
    """The records of a platform, read once for all of its conflicts."""

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._plain = Universe(replace(probe.request, specs=()), probe.options)

    def of(self, members: Sequence[Dependency]) -> Universe:
        """Return the records as some lines let them be seen: a line that names a channel sees no other."""
        if all(item.spec.channel is None for item in members):
            return self._plain
        specs = tuple(item.spec for item in members)
        return Universe(replace(self._probe.request, specs=specs), self._probe.options)


def _safe_glance(universes: _Universes) -> Glance:
    """Return a first look that finds nothing where it fails: the search finds it as well, with more questions."""

    def glance(items: Sequence[Dependency]) -> tuple[tuple[Dependency, ...], ...]:
        try:
            return seen_conflicts(items, universes.of(items))
        except Exception:  # noqa: BLE001 - a fault of ours must not keep a user from the search
            return ()

    return glance


def _conflict(core: Core, probe: Probe, universes: _Universes) -> Conflict:
    """Return a core with its words; the lines are told whatever keeps the words away."""
    try:
        universe = universes.of(core.members)
        blamed = blame_surroundings(core, probe, universe)
        account = _account(blamed, probe, universe)
        more = hints_elsewhere(core.members, universe) if core.minimal else ()
        return Conflict(core=blamed, account=replace(account, hints=(*account.hints, *more)))
    except Exception as error:  # noqa: BLE001 - the lines to blame are worth more to a user than our fault is
        fault = mask_credentials(f"{type(error).__name__}: {error}")
        text = "no solution has all of these lines"
        account = Account(
            remarks=_silent(core), further=(text,), text=text, hints=(_report(fault),), fault=fault
        )
        return Conflict(core=core, account=account)


def _report(fault: str) -> str:
    return f"a fault of condaenv keeps the reason away, please report it: {fault}"


def _account(core: Core, probe: Probe, universe: Universe) -> Account:
    if not core.minimal:
        few = "these lines exclude each other; the time ran out before it was known which of them matter"
        if probe.trouble:
            few = f"these lines exclude each other; which of them matter is not known: {probe.trouble}"
        return Account(remarks=_silent(core), further=(few,), text=few, hints=("raise --time-limit",))
    specs = tuple(item.spec for item in core.members)
    request = replace(probe.request, specs=specs)
    strict = probe.options.channel_priority is ChannelPriority.STRICT
    absent = explain_absence(request, strict=strict)
    if absent is not None:
        text, hints = absent
        lines = tuple(text.splitlines())
        return Account(remarks=_silent(core), further=lines, text="; ".join(lines), hints=hints)
    account = _from_records(core, probe, universe)
    return with_surroundings(account, core)


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
    hints = (_report(fault),) if fault else ()
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


def _silent(core: Core) -> tuple[tuple[Dependency, str], ...]:
    return tuple((item, "") for item in core.members)


def _names(sources: Sequence[RecordSource]) -> tuple[str, ...]:
    return tuple(str(source.channel) for source in sources)
