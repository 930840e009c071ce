"""One platform of a lock under proof, and what is at hand to prove it with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

from condaenv_tools.errors import ParseError
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import ExtraNeed, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import PyPIName
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.provided import owners

__all__ = ["Case", "Matcher", "RecordLookup"]


#: Virtual packages that a platform has or never has; the version is another matter.
_OF_SYSTEMS = frozenset({"__unix", "__linux", "__glibc", "__osx", "__win"})


class RecordLookup(Protocol):
    """The seam: the records of channels, as far as they are at hand."""

    def find(self, channel: str, subdir: str, names: Collection[str]) -> Mapping[str, PackageRecord] | None:
        """Return the records of some packages.

        Parameters
        ----------
        channel : str
            URL of the channel, without subdir and trailing slash.
        subdir : str
            The subdir; `noarch` is one.
        names : collection of str
            The packages that are wanted; more may be returned.

        Returns
        -------
        mapping of str to PackageRecord, or None
            By file name; None where nothing of this subdir is at hand, which is no evidence against a lock.
        """
        ...


class Matcher:
    """Decides whether a record meets a MatchSpec, each question once: platforms share most packages."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str, str], bool] = {}

    def meets(self, spec: str, record: PackageRecord) -> bool:
        """Say whether the record, whose name is that of the spec, meets it.

        Raises
        ------
        ParseError
            The text is not a MatchSpec.
        """
        key = (spec, record.version, record.build, record.url)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = MatchSpec.parse(spec).matches(record)
        return answer


@dataclass(frozen=True, kw_only=True)
class Case:
    """One platform of a lock.

    Attributes
    ----------
    part : LockedPlatform
        What the lock says.
    virtual_packages : tuple of VirtualPackage
        What is taken of the machine.
    roots : tuple of Root or None
        What has to be there; None where nobody says.
    channel_urls : tuple of str or None
        Where packages may come from; None where the lock names no channel.
    matcher : Matcher
        Shared by all platforms.
    unknown : frozenset of str
        Fields of a record of which the lock says nothing; `requires` stands for those of distributions.
    full : mapping of str to PackageRecord
        The channel's own record of each locked URL, where it is at hand.
    missing : frozenset of str
        Locked URLs whose subdir is at hand and that are not in it.
    absent : frozenset of str
        Names of packages without an address that no channel of the lock has in this version and build.
    provided : mapping of str to str
        Versions of the distributions that conda brings to a lock that has nothing of conda.
    stated : frozenset of str or None
        Names of the virtual packages of which the user spoke, where the lock does not say what it was made
        for; a default is a guess then, and accuses nobody. None where the lock says.
    extra_needs : tuple of ExtraNeed
        What extras of distributions that conda brings need.
    doubts : dict of str to list of str
        Filled by the rules: what needs more of a virtual package than its default, which is no more than a
        guess.
    """

    part: LockedPlatform
    virtual_packages: tuple[VirtualPackage, ...]
    roots: tuple[Root, ...] | None
    channel_urls: tuple[str, ...] | None
    matcher: Matcher
    unknown: frozenset[str] = frozenset()
    full: Mapping[str, PackageRecord] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    provided: Mapping[str, str] = field(default_factory=dict)
    stated: frozenset[str] | None = None
    extra_needs: tuple[ExtraNeed, ...] = ()
    doubts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def platform(self) -> str:
        """Name of the platform."""
        return self.part.platform.value

    @cached_property
    def by_name(self) -> dict[str, list[PackageRecord]]:
        """The conda packages, and the virtual ones as records, by name."""
        found: dict[str, list[PackageRecord]] = {}
        for record in self.part.records:
            found.setdefault(record.name, []).append(record)
        for v in self.virtual_packages:
            found[v.name] = [
                PackageRecord(
                    name=v.name, version=v.version, build=v.build, subdir=self.platform, channel="", url=""
                )
            ]
        return found

    @cached_property
    def pip(self) -> tuple[PyPIRecord, ...]:
        """The pip packages."""
        return tuple(p.record for p in self.part.packages if isinstance(p.record, PyPIRecord))

    @cached_property
    def owned(self) -> dict[PyPIName, PackageRecord]:
        """The conda package that each distribution belongs to."""
        records = {record.name: record for record in self.part.records}
        return {name: records[owner] for name, owner in owners(self.part.records).items()}

    def depends(self, record: PackageRecord) -> Iterator[str]:
        """Yield what the lock says that a record needs, and then what its channel says beyond it."""
        yield from record.depends
        full = self.full.get(record.url)
        if full is not None:
            yield from set(full.depends).difference(record.depends)

    def constrains(self, record: PackageRecord) -> Iterable[str]:
        """Return the constraints of a record, as far as anybody knows them."""
        return self.full.get(record.url, record).constrains

    def meeting(self, spec: str, name: str) -> bool | None:
        """Say whether a package of the platform meets a spec; None where the spec cannot be read."""
        candidates: Iterable[PackageRecord] = self.by_name.get(name, ())
        if "*" in name:
            candidates = self.part.records
        elif spec == name:
            return bool(candidates)
        try:
            return any(self.matcher.meets(spec, record) for record in candidates)
        except ParseError:
            return None

    @cached_property
    def knows_needs(self) -> bool:
        """Whether anybody says what each package needs; else nothing is known to be left over."""
        of_conda = "depends" not in self.unknown or all(r.url in self.full for r in self.part.records)
        return of_conda and ("requires" not in self.unknown or not self.pip)

    def may_meet(self, spec: str) -> bool | None:
        """Say whether a package meets all of a spec that the lock, or the channel, can tell of it.

        None where the spec cannot be read.
        """
        try:
            wanted = MatchSpec.parse(spec)
        except ParseError:
            return None
        silent: dict[str, Any] = {
            name: None for name in self.unknown if getattr(wanted, name, None) is not None
        }
        if wanted.flags and "flags" in self.unknown:
            silent["flags"] = ()
        told = replace(wanted, **silent)
        return any(
            wanted.matches(self.full[record.url]) if record.url in self.full else told.matches(record)
            for record in self.part.records
        )

    def is_guess(self, name: str) -> bool:
        """Say whether nobody spoke of a virtual package that a machine may have, or have newer."""
        if self.stated is None or name in self.stated:
            return False
        return name in self.by_name or name not in _OF_SYSTEMS

    def fault(self, rule: str, package: str, message: str) -> Fault:
        """Return a fault of this platform."""
        return Fault(platform=self.platform, rule=rule, package=package, message=message)
