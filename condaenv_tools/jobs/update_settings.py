"""What a lock recorded of how it was made, as the settings of its update, and what its channels say of it now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from condaenv_tools.channels.archives import find_archives
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.plan import Inputs, LockOptions, Plan, make_plan
from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXCLUDE_NEWER, STRATEGY
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.model.lock import Lock, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import fitting_virtual_packages, override_virtual_packages
from condaenv_tools.resolve.request import SolveRequest, Strategy

__all__ = ["KnownRecords", "is_replaced", "known_records", "plan_update", "recorded_settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRecords:
    """The conda packages that a platform of a lock may keep.

    Attributes
    ----------
    records : tuple of PackageRecord
        As their channel has them; as the lock has them where the channel has them no more. Sorted by name.
    notes : tuple of str
        What became of those that the channel does not have as they are locked.
    """

    records: tuple[PackageRecord, ...] = ()
    notes: tuple[str, ...] = ()


def recorded_settings(
    old: Lock,
    options: LockOptions,
    *,
    strategy: Strategy | None = None,
    exclude_newer: datetime | None = None,
) -> LockOptions:
    """Return options in which what is not said is as the lock recorded it: strategy, cut-off date, conda alone."""
    notes = dict(old.metadata)
    solve = replace(
        options.solve,
        strategy=strategy or _strategy(notes.get(STRATEGY)),
        exclude_newer=exclude_newer or _moment(notes.get(EXCLUDE_NEWER)),
    )
    return replace(options, solve=solve, conda_only=options.conda_only or CONDA_ONLY in notes)


def _strategy(text: str | None) -> Strategy:
    return Strategy(text) if text in set(Strategy) else Strategy.HIGHEST


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def plan_update(old: Lock, inputs: Inputs, options: LockOptions) -> Plan:
    """Decide what is solved, and with which channels and machines.

    Parameters
    ----------
    old : Lock
        The lock.
    inputs : Inputs
        What the files say.
    options : LockOptions
        What is said beside them, or was recorded.

    Returns
    -------
    Plan
        Its platforms are those of the options, else those that the files name, else those of the lock. A machine
        has what the lock assumed of it, and what is stated now. Files that name no channel have the lock's.

    Raises
    ------
    ParseError
        Some platforms shall stay as they are, and the channels, which are those of the whole lock, change.
    ChannelError
        A channel cannot be opened.
    """
    environment = inputs.environment
    locked = tuple(part.platform for part in old.platforms)
    platforms = options.platforms or tuple(p.platform for p in environment.platforms) or locked
    channels = options.channels
    named = environment.channels or any(item.spec.channel for item in environment.dependencies)
    if not channels and not named:
        channels = tuple(channel.url for channel in old.channels)
    plan = make_plan(inputs, replace(options, platforms=platforms, channels=channels))
    recorded = {part.platform: part.virtual_packages for part in old.platforms}
    requests = []
    for request in plan.requests:
        machine = recorded.get(request.platform)
        stated = (
            *(plan.virtual_package_table or {}).get(request.platform, ()),
            *fitting_virtual_packages(options.virtual_packages, request.platform),
        )
        # Of what the lock does not say, the plan has the default.
        has = request.virtual_packages if machine is None else override_virtual_packages(machine, stated)
        requests.append(replace(request, virtual_packages=has))
    _check_channels(old, plan, options)
    return replace(plan, requests=tuple(requests))


def _check_channels(old: Lock, plan: Plan, options: LockOptions) -> None:
    staying = {part.platform for part in old.platforms} - {request.platform for request in plan.requests}
    if not options.platforms or not staying or not old.channels:
        return
    platform = min(staying)
    before = channel_urls([channel.url for channel in old.channels], platform)
    after = channel_urls(plan.channel_texts, platform)
    if before != after:
        raise ParseError(
            f"the channels are now {', '.join(after)}, and those of the lock {', '.join(before)}; they are those "
            f"of all its platforms, so {', '.join(sorted(staying))} cannot stay as it is",
            hints=["leave out -p, to update all platforms"],
        )


def known_records(old: Lock, request: SolveRequest) -> KnownRecords:
    """Return what one platform of a lock may keep, as its channels have it.

    Parameters
    ----------
    old : Lock
        The lock.
    request : SolveRequest
        The platform, and the channels that count now.

    Returns
    -------
    KnownRecords
        Without packages of channels that no longer count, and without those whose file was replaced by another
        one of the same name. A package that is gone from its channel stays: what was locked still has a URL.

    Raises
    ------
    ChannelError
        A channel cannot be read.
    """
    part = next((part for part in old.platforms if part.platform == request.platform), None)
    if part is None:
        return KnownRecords()
    by_channel: dict[str, list[PackageRecord]] = {}
    for record in part.records:
        by_channel.setdefault(bare_url(record.channel), []).append(record)
    found: list[PackageRecord] = []
    notes: list[str] = []
    for source in request.sources:
        mine = by_channel.pop(bare_url(source.channel.url), [])
        records, told = _as_channel_has(source, mine, request.platform)
        found += records
        notes += told
    for channel, records in sorted(by_channel.items()):
        notes.append(
            f"{request.platform}: {len(records)} packages of {channel} cannot stay: it is no channel any more"
        )
    # Of a name that is locked twice, which only a broken lock has, none can be kept for sure.
    times = Counter(record.name for record in found)
    return KnownRecords(
        records=tuple(sorted((r for r in found if times[r.name] == 1), key=lambda r: r.name)),
        notes=tuple(notes),
    )


def _as_channel_has(
    source: RecordSource, records: Iterable[PackageRecord], platform: Platform
) -> tuple[list[PackageRecord], list[str]]:
    records = list(records)
    there = find_archives(source, records) if records else {}
    found, notes = [], []
    for record in records:
        known = there.get((record.subdir, record.file_name.partition("#")[0]))
        if known is None:
            found.append(record)
            notes.append(f"{platform}: {record} is no longer in {source.channel}; it stays as it was locked")
        elif is_replaced(record, known):
            notes.append(f"{platform}: {record} of {source.channel} is another file now, so it cannot stay")
        else:
            # The lock names its channel in its own way; that of the channel itself is what a solver compares.
            found.append(known)
    return found, notes


def is_replaced(ours: PackageRecord | PyPIRecord, theirs: PackageRecord | PyPIRecord) -> bool:
    """Say whether two records of one place are of two files, as far as both have a hash of one kind."""
    pairs = ((ours.sha256, theirs.sha256), (ours.md5, theirs.md5))
    return any(mine and known and mine.lower() != known.lower() for mine, known in pairs)
