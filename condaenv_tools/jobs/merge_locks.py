"""The job of merging three locks: what one lacks is completed from the others, and from channels at need."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from condaenv_tools.channels.lock_source import open_records
from condaenv_tools.channels.source import RecordSource, SourceOptions, open_sources
from condaenv_tools.errors import ChannelError, ParseError, UnsatisfiableError
from condaenv_tools.jobs.verify_files import read_lock
from condaenv_tools.lock.fewest_moves import Moves, Tried, fewest_moves
from condaenv_tools.lock.merge import merge_locks, unsettled_faults
from condaenv_tools.lock.reach import categorised, unneeded_names
from condaenv_tools.lock.registry import lock_format, read_format
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.resolve.core import Budget, find_core
from condaenv_tools.resolve.request import ChannelPriority, SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import solve

__all__ = ["MergeOptions", "MergeResult", "merge_files", "merged_lock"]

_ATTEMPTS = 40
_CORE_SOLVES = 60
_WANTS = ("ours wants", "theirs wants", "both want", "one of both needs")
_NO_CHANNELS = "(--online or --snapshot looks further)"


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeOptions:
    """Where records come from that none of the three locks has.

    Attributes
    ----------
    sources : SourceOptions
        A snapshot, a cache, time limits. Nothing is connected to unless it is said not to be offline.
    solve : SolveOptions
        How it is solved then.
    """

    sources: SourceOptions = field(default_factory=lambda: SourceOptions(offline=True))
    solve: SolveOptions = field(default_factory=SolveOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """The outcome of a merge.

    Attributes
    ----------
    lock : Lock or None
        The proven merged lock; None where the sides contradict each other.
    text : bytes or None
        The file: that of a side, to the byte, where the outcome is that side.
    contradictions : tuple of str
        What only a person can decide, with both sides named.
    notes : tuple of str
        What gave way, and what is not known any more.
    """

    lock: Lock | None
    text: bytes | None = None
    contradictions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        if self.lock is None:
            rows = [(one,) for one in self.contradictions]
            return table(("only a person can decide",), rows, caption="the two sides contradict each other")
        return self.lock._repr_html_() + (table(("note",), [(n,) for n in self.notes]) if self.notes else "")


def merge_files(
    base: str | Path, ours: str | Path, theirs: str | Path, *, options: MergeOptions | None = None
) -> MergeResult:
    """Merge three lock files; an empty base is a lock of nothing.

    Returns
    -------
    MergeResult
        In the format of our side.

    Raises
    ------
    LockFormatError
        A file cannot be read as a lock, or is of a format that is not written.
    ChannelError
        What is needed is in none of the locks, and a channel does not answer.
    """
    read = [read_lock(path) for path in (ours, theirs)]
    empty = not Path(base).exists() or not Path(base).read_bytes().strip()
    before = Lock(platforms=(), unknown=read[0].unknown) if empty else read_lock(base)
    result = merged_lock(before, *read, options=options)
    if result.lock is None:
        return result
    for path, side in zip((ours, theirs), read, strict=True):
        if result.lock == side:
            return replace(result, text=Path(path).read_bytes())
    form = read_format(Path(ours).read_bytes(), path=str(ours))
    return replace(result, text=lock_format(form).dumps(result.lock).encode())


def merged_lock(base: Lock, ours: Lock, theirs: Lock, *, options: MergeOptions | None = None) -> MergeResult:
    """Merge three locks, and complete and prove the outcome.

    Parameters
    ----------
    base, ours, theirs : Lock
        The three.
    options : MergeOptions, optional
        Where records come from that none of them has.

    Returns
    -------
    MergeResult
        With a lock that has no fault that none of the three had, or with what the sides contradict each other in.
    """
    options = options or MergeOptions()
    merge = merge_locks(base, ours, theirs)
    if merge.contradictions:
        return MergeResult(lock=None, contradictions=tuple(map(str, merge.contradictions)))
    lock = merge.lock
    contradictions: list[str] = []
    notes: list[str] = []
    unsettled = {fault.platform for fault in unsettled_faults(lock, base, ours, theirs)}
    for part in lock.platforms:
        if part.platform.value in unsettled:
            done = _completed(lock, part, (base, ours, theirs), options)
            contradictions += done.contradictions
            notes += done.notes
            if done.part is not None:
                lock = _with_part(lock, done.part)
    if contradictions:
        return MergeResult(lock=None, contradictions=tuple(contradictions))
    left = unsettled_faults(lock, base, ours, theirs)
    if left:
        told = [
            f"what was put together does not hold, and condaenv update has to solve it: {f}"
            for f in left[:20]
        ]
        return MergeResult(lock=None, contradictions=tuple(told))
    known = {part.platform for part in (*ours, *theirs)}
    unhashed = [p.platform.value for p in lock.platforms if p.content_hash is None and p.platform in known]
    if unhashed:
        where = ", ".join(unhashed)
        notes.append(f"{where}: the hash of the files is not known of a merge; condaenv update writes it")
    return MergeResult(lock=lock, notes=tuple(notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    part: LockedPlatform | None = None
    contradictions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def _with_part(lock: Lock, part: LockedPlatform) -> Lock:
    parts = tuple(part if one.platform == part.platform else one for one in lock.platforms)
    return replace(lock, platforms=parts)


def _completed(lock: Lock, part: LockedPlatform, sides: Sequence[Lock], options: MergeOptions) -> _Done:
    """Solve one platform: first with what the locks have, then with what their channels have."""
    specs = _specs(lock, part, sides)
    machine = part.virtual_packages
    platform = part.platform
    with tempfile.TemporaryDirectory(prefix="condaenv-") as folder:
        known = [one for side in sides for p in side if p.platform == platform for one in p.records]
        quiet = SourceOptions(offline=True, cache_dir=options.sources.cache_dir)
        request = SolveRequest(
            platform=platform,
            specs=specs,
            sources=tuple(open_records(known, Path(folder), quiet)),
            virtual_packages=default_virtual_packages(platform) if machine is None else machine,
            reading=quiet,
        )
        free = replace(options.solve, channel_priority=ChannelPriority.DISABLED)
        moves = _fewest(request, part, free)
        sources = _channels(lock, platform, options) if moves is None else ()
        if sources is None:
            why = _excluded(request, part, sides, free)
            return _Done(contradictions=(f"{why}, with the packages that the locks have {_NO_CHANNELS}",))
    if moves is None:
        request = replace(request, sources=sources or (), reading=options.sources)
        moves = _fewest(request, part, options.solve)
        if moves is None:
            return _Done(contradictions=(_excluded(request, part, sides, options.solve),))
    return _Done(part=_filled(lock, part, sides, moves.result), notes=tuple(_gave_way(part, moves, sides)))


def _specs(lock: Lock, part: LockedPlatform, sides: Sequence[Lock]) -> tuple[MatchSpec, ...]:
    """Return what has to be there: the merged requirements, else what nothing else needs on either side."""
    names = {package.name for package in part.packages if package.manager == "conda"}
    if part.roots is not None:
        texts = [root.spec for root in part.roots if root.manager == "conda"]
    else:
        nodes = {
            node
            for side in (lock, *sides[1:])
            for one in side
            if one.platform == part.platform
            for node in unneeded_names(one, side)
        }
        texts = sorted(node.removeprefix("conda:") for node in nodes if node.startswith("conda:"))
        texts = [name for name in texts if name in names]
    if any(package.manager == "pip" for package in part.packages):
        texts.append("pip")
    return tuple(MatchSpec.parse(text) for text in dict.fromkeys(texts))


def _fewest(request: SolveRequest, part: LockedPlatform, options: SolveOptions) -> Moves[Solution] | None:
    locked = {record.name: record for record in part.records}

    def ask(kept: frozenset[str]) -> Tried[Solution] | None:
        pinned = tuple(locked[name] for name in sorted(kept))
        rest = tuple(record for name, record in locked.items() if name not in kept)
        asked = replace(request, pinned=pinned, locked=rest)
        (outcome,) = solve([asked], replace(options, tells_why=False))
        if outcome.solution is None:
            if not isinstance(outcome.error, UnsatisfiableError):
                assert outcome.error is not None
                raise outcome.error
            return None
        moved = frozenset(
            record.name
            for record in outcome.solution.records
            if record.name in locked and record.url != locked[record.name].url
        )
        return Tried(moved=moved, result=outcome.solution)

    first = ask(frozenset())
    return None if first is None else fewest_moves(locked, ask, _ATTEMPTS, first=first)


def _channels(lock: Lock, platform: Platform, options: MergeOptions) -> tuple[RecordSource, ...] | None:
    """Return the channels of a lock; None where they cannot be read, and may not be asked."""
    if options.sources.offline and options.sources.snapshot is None:
        return None
    try:
        expanded = expand_channels([channel.url for channel in lock.channels], platform=platform)
        return open_sources(expanded, platforms=[platform], options=options.sources) or None
    except (ChannelError, ParseError):
        return None


def _excluded(
    request: SolveRequest, part: LockedPlatform, sides: Sequence[Lock], options: SolveOptions
) -> str:
    """Say which requirements exclude each other, and whose they are."""

    def fails(specs: Sequence[MatchSpec]) -> bool:
        (outcome,) = solve([replace(request, specs=tuple(specs))], replace(options, tells_why=False))
        return isinstance(outcome.error, UnsatisfiableError)

    core, _ = find_core(request.specs, fails, Budget(_CORE_SOLVES))
    told = []
    for spec in core:
        root = next((r for r in part.roots or () if r.manager == "conda" and r.spec == str(spec)), None)
        where = f" ({root.source})" if root else ""
        told.append((_whose(spec, part.platform, sides), f"{spec}{where}"))
    told.sort(key=lambda pair: _WANTS.index(pair[0]))
    return f"{part.platform}: no packages answer both sides: {' and '.join(map(' '.join, told))}"


def _whose(spec: MatchSpec, platform: Platform, sides: Sequence[Lock]) -> str:
    has = []
    for side in sides:
        one = next((p for p in side if p.platform == platform), None)
        roots = [root.spec for root in (one.roots or ()) if root.manager == "conda"] if one else []
        has.append(str(spec) in roots)
    if has[1] != has[2]:
        return _WANTS[0] if has[1] else _WANTS[1]
    return _WANTS[2] if has[1] else _WANTS[3]


def _filled(lock: Lock, part: LockedPlatform, sides: Sequence[Lock], solution: Solution) -> LockedPlatform:
    """Return a platform with the packages of a solution, each as a lock has it where one does."""
    known: dict[str, LockedPackage] = {}
    for one in (*(p for side in reversed(sides) for p in side if p.platform == part.platform), part):
        known |= {package.record.url: package for package in one.packages if package.manager == "conda"}
    packages = [package for package in part.packages if package.manager == "pip"]
    packages += [known.get(record.url) or LockedPackage(record=record) for record in solution.records]
    packages.sort(key=lambda package: (package.manager, package.name))
    return categorised(lock, replace(part, packages=tuple(packages)))


def _gave_way(part: LockedPlatform, moves: Moves[Solution], sides: Sequence[Lock]) -> list[str]:
    before = {record.name: record for record in part.records}
    after = {record.name: record for record in moves.result.records}
    told = []
    for name in sorted(moves.moved):
        who = [
            word
            for word, side in zip(("ours", "theirs"), sides[1:], strict=True)
            if any(r.url == before[name].url for p in side if p.platform == part.platform for r in p.records)
        ]
        told.append(
            f"{part.platform}: {name} {before[name].version} ({' and '.join(who)}) gave way to "
            f"{after[name].version}, so that both sides go together"
        )
    return told
