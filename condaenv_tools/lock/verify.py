"""Proof of a lock: every rule of the contract, and an honest word on what could not be decided.

=========== =======================================================================================
rule        what is proven
=========== =======================================================================================
known       each file lies in a channel of the lock, in a subdir of the platform, and is what it is said to be
unique      one package a name
depends     what each package needs is locked, or a virtual package of the platform
constrains  no package is one that another forbids
roots       what the files ask for is there
reachable   each package is needed by something that was asked for
ownership   no distribution belongs to both managers
hashes      present, well-formed, of one file only, and those of the channel
current     with files: the lock is what `status` calls current: it has what they ask for, and nothing more
=========== =======================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.lock.currency import StatusInputs, lock_status
from condaenv_tools.lock.extra_needs import load_extra_needs
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.lock.provided import provided_in
from condaenv_tools.lock.rules import graph, packages
from condaenv_tools.lock.rules.case import Case, Matcher, RecordLookup
from condaenv_tools.lock.rules.current import channel_urls, file_roots, unsaid
from condaenv_tools.lock.rules.places import with_places
from condaenv_tools.model.environment import Environment, PipItem
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages, override_virtual_packages

__all__ = ["RULES", "Evidence", "RecordLookup", "VerifyReport", "verify"]

#: The rules on one platform, by name; `current` is about the whole lock.
RULES: dict[str, Callable[[Case], Iterator[Fault]]] = {
    "known": packages.known,
    "unique": packages.unique,
    "depends": graph.depends,
    "constrains": graph.constrains,
    "roots": graph.roots,
    "reachable": graph.reachable,
    "ownership": packages.ownership,
    "hashes": packages.hashes,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a lock is proven with, beside itself.

    Attributes
    ----------
    records : RecordLookup or None
        The records of the channels; None where there are none at hand.
    files : tuple of Environment or None
        The files that the lock should answer, one by one, in order.
    channels : tuple of str
        In place of the files' channels, for `current`.
    constraints : tuple of PipItem
        The lines of files of constraints (``-c``), for `current`.
    virtual_packages : mapping of Platform to VirtualPackage values
        What is stated of the machines, in place of what the lock recorded. What neither names has its
        default, and a requirement that a default does not meet is undecided: the lock was made for another
        machine.
    """

    records: RecordLookup | None = None
    files: tuple[Environment, ...] | None = None
    channels: tuple[str, ...] = ()
    constraints: tuple[PipItem, ...] = ()
    virtual_packages: Mapping[Platform, Sequence[VirtualPackage]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The outcome of a proof.

    Attributes
    ----------
    faults : tuple of Fault
        Sorted by platform, rule and package.
    undecided : tuple of str
        What could not be decided, and why: one sentence for each.
    """

    faults: tuple[Fault, ...]
    undecided: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no fault was found."""
        return not self.faults

    def _repr_html_(self) -> str:
        rows = [(f.platform or "all", f.rule, f.package, f.message) for f in self.faults]
        return table(("platform", "rule", "package", "what"), rows, caption=f"{len(rows)} faults")


def verify(lock: Lock, evidence: Evidence | None = None) -> VerifyReport:
    """Hold a lock to every rule.

    Parameters
    ----------
    lock : Lock
        What to prove.
    evidence : Evidence, optional
        Records of the channels and the files, as far as they are at hand.

    Returns
    -------
    VerifyReport
        All faults, and what could not be decided. Linear in the number of dependencies.

    Examples
    --------
    >>> part = LockedPlatform(platform=Platform.LINUX_64, packages=(), roots=())
    >>> verify(Lock(platforms=(part,))).ok
    True
    """
    evidence = evidence or Evidence()
    matcher = Matcher()
    absent: Mapping[Platform, frozenset[str]] = {}
    if evidence.records is not None and "url" in lock.unknown:
        lock, absent = with_places(lock, evidence.records)
    found: dict[tuple[str, str], Mapping[str, PackageRecord] | None] = {}
    if evidence.records is not None:
        found = _records(lock, evidence.records)
    faults: list[Fault] = []
    undecided = dict.fromkeys(_undecided(lock, evidence, found))
    for part in lock.platforms:
        case = replace(
            _case(lock, part, evidence, matcher, found), absent=absent.get(part.platform, frozenset())
        )
        for rule in RULES.values():
            faults += rule(case)
        undecided |= dict.fromkeys(_doubts(case))
    if evidence.files is not None:
        faults += _current(lock, evidence, evidence.files)
    return VerifyReport(faults=tuple(sorted(set(faults))), undecided=tuple(undecided))


def _current(lock: Lock, evidence: Evidence, files: tuple[Environment, ...]) -> Iterator[Fault]:
    """Tell what `status` says of the same files, so that both never disagree."""
    wanted = StatusInputs(
        files=files,
        channels=evidence.channels,
        constraints=evidence.constraints,
        virtual_packages=evidence.virtual_packages,
    )
    for reason in lock_status(lock, wanted).reasons:
        yield Fault(
            platform=reason.platform.value, rule="current", package=reason.package, message=reason.message
        )


def _records(lock: Lock, lookup: RecordLookup) -> dict[tuple[str, str], Mapping[str, PackageRecord] | None]:
    """Ask for all packages of a subdir at once."""
    names: dict[tuple[str, str], set[str]] = {}
    for part in lock.platforms:
        for record in part.records:
            if not record.url:
                continue
            names.setdefault((record.channel, record.subdir), set()).add(record.name)
    return {key: lookup.find(*key, wanted) for key, wanted in sorted(names.items())}


def _case(
    lock: Lock,
    part: LockedPlatform,
    evidence: Evidence,
    matcher: Matcher,
    found: Mapping[tuple[str, str], Mapping[str, PackageRecord] | None],
) -> Case:
    full: dict[str, PackageRecord] = {}
    missing = set()
    for record in part.records:
        there = found.get((record.channel, record.subdir))
        if there is None:
            continue
        of_channel = there.get(record.file_name.partition("#")[0])
        if of_channel is None:
            missing.add(record.url)
        else:
            full[record.url] = of_channel
    stated = tuple((evidence.virtual_packages or {}).get(part.platform, ()))
    recorded = part.virtual_packages
    base = default_virtual_packages(part.platform) if recorded is None else recorded
    names = [channel.url for channel in lock.channels]
    roots = part.roots if evidence.files is None else file_roots(lock, evidence.files, part.platform)
    return Case(
        part=part,
        virtual_packages=override_virtual_packages(base, stated),
        stated=frozenset(v.name for v in stated) if recorded is None else None,
        roots=roots,
        channel_urls=channel_urls(names, part.platform) if names else None,
        matcher=matcher,
        unknown=unsaid(lock),
        full=full,
        missing=frozenset(missing),
        provided=provided_in(lock, part),
        extra_needs=load_extra_needs(dict(lock.metadata).get(EXTRA_NEEDS, "")).get(str(part.platform), ()),
    )


def _undecided(
    lock: Lock,
    evidence: Evidence,
    found: Mapping[tuple[str, str], Mapping[str, PackageRecord] | None],
) -> Iterator[str]:
    if evidence.records is None:
        yield "known, hashes: no records of the channels are at hand; a file is taken to be there as locked"
        if "constrains" in lock.unknown:
            yield "constrains: this format does not say them, and no records are at hand"
        if "depends" in lock.unknown:
            yield "depends: this format does not say what a package needs, and no records are at hand"
            yield "reachable: what is left over cannot be told without what each package needs"
    yield from _unplaced(lock)
    yield from _of_pip(lock)
    for (channel, subdir), there in found.items():
        if there is None:
            yield f"known, hashes, constrains: no records of {channel}/{subdir} are at hand"
    silent = [part for part in lock.platforms if part.roots is None]
    if silent and evidence.files is None:
        yield "roots, reachable: the lock does not say what was asked for, and no files are given"
    if silent and evidence.files is not None:
        yield "current: the lock does not say what was asked for; that the files are met is proven by roots"
    if any(part.virtual_packages is None for part in lock.platforms) and not evidence.virtual_packages:
        yield "depends: the lock does not say what was assumed of the machine; the defaults are"


def _unplaced(lock: Lock) -> Iterator[str]:
    """Tell what a lock without addresses leaves open, as far as no record of a channel filled the gap."""
    if "url" in lock.unknown and any(not record.url for part in lock.platforms for record in part.records):
        yield "known: this format does not say which files the packages of conda are"
        yield "hashes: this format has none of the packages of conda"


def _of_pip(lock: Lock) -> Iterator[str]:
    pip = [p.record for part in lock.platforms for p in part.packages if isinstance(p.record, PyPIRecord)]
    if not pip:
        return
    yield "known, hashes: no index is asked; a distribution is taken to be there as locked"
    if "requires" in unsaid(lock):
        yield "depends, reachable: this format does not say what a distribution needs"
    if not any(part.records for part in lock.platforms):
        yield "ownership: this format has no packages of conda, over which pip may install"


def _doubts(case: Case) -> Iterator[str]:
    for name, needy in sorted(case.doubts.items()):
        there = case.by_name.get(name)
        default = (
            f"the default, {there[0].version}, is not enough for" if there else "there is none by default for"
        )
        who = ", ".join(sorted(needy))
        yield f"depends: nobody says which {name} {case.platform} has, and {default} {who}"
