"""Three-way merge of locks: what each side changed against their common base, put together.

Nothing is solved here. What one side changed and the other did not is taken, and so is what both changed alike.
Of a package that both moved, the newer record that the merged requirements allow is taken. Whether the outcome
hangs together is for `unsettled_faults` to say; a solver completes what does not
(`condaenv_tools.jobs.merge_locks`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.merge_roots import merge_roots
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.lock.reach import categorised
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.version import Version
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["Contradiction", "LockMerge", "merge_locks", "unsettled_faults"]

T = TypeVar("T")

#: Of the moment of locking: two sides differ in it whatever they did, and the later counts.
_OF_THE_MOMENT = ("time_metadata.", "git_metadata.", "inputs_metadata.")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Contradiction:
    """One thing that the two sides want otherwise, and that only a person can decide.

    Attributes
    ----------
    platform : str
        Where; empty where it is the whole lock.
    what : str
        About what.
    ours, theirs : str
        What each side wants.
    """

    platform: str
    what: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        where = f"{self.platform}: " if self.platform else ""
        return f"{where}{self.what}: ours has {self.ours}, theirs has {self.theirs}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockMerge:
    """What a merge came to.

    Attributes
    ----------
    lock : Lock
        Both sides put together; a draft, until it is proven.
    contradictions : tuple of Contradiction
        What could not be decided; the draft has our side there.
    contested : tuple of (str, str)
        Platform and name of each package that both sides moved, and not to the same archive; sorted.
    """

    lock: Lock
    contradictions: tuple[Contradiction, ...] = ()
    contested: tuple[tuple[str, str], ...] = ()

    def _repr_html_(self) -> str:
        rows = [(one.platform, one.what, one.ours, one.theirs) for one in self.contradictions]
        both = ", ".join(dict.fromkeys(name for _, name in self.contested))
        return table(
            ("platform", "what", "ours", "theirs"),
            rows,
            caption="the two sides contradict each other" if rows else "no contradiction",
            notes=[f"both sides moved {both}"] if both else (),
        )


def merge_locks(base: Lock, ours: Lock, theirs: Lock) -> LockMerge:
    """Put together what two sides made of a lock.

    Parameters
    ----------
    base : Lock
        What both come from; an empty lock where there is none.
    ours, theirs : Lock
        The two sides.

    Returns
    -------
    LockMerge
        A side that changed nothing leaves the other as it is, and so do two that changed the same. But for ties
        of two records of one version, it does not matter which side is called ours. The hash of the input is that
        of a side if its requirements are, else it is not known.

    Notes
    -----
    Takes time in the number of packages and their dependencies.

    Examples
    --------
    >>> from condaenv_tools.model.platform import Platform
    >>> lock = Lock(platforms=(LockedPlatform(platform=Platform.LINUX_64, packages=()),))
    >>> merge_locks(lock, lock, Lock(platforms=())).lock.platforms
    ()
    """
    simple = _picked(base, ours, theirs)
    if simple is not None:
        return LockMerge(lock=simple)
    merge = _Merge()
    parts = {
        side: {part.platform: part for part in lock.platforms} for side, lock in _sides(base, ours, theirs)
    }
    metadata = merge.metadata(dict(base.metadata), dict(ours.metadata), dict(theirs.metadata))
    frame = Lock(
        platforms=(),
        channels=merge.whole(
            "the channels", (base.channels, ours.channels, theirs.channels), words=_channel_words
        ),
        sources=_union(base.sources, ours.sources, theirs.sources),
        metadata=tuple(sorted(metadata.items())),
        unknown=ours.unknown | theirs.unknown,
    )
    found = []
    for platform in sorted({p for known in parts.values() for p in known}):
        part = merge.part(frame, *(parts[side].get(platform) for side in ("base", "ours", "theirs")))
        if part is not None:
            found.append(part)
    return LockMerge(
        lock=replace(frame, platforms=tuple(found)),
        contradictions=tuple(merge.contradictions),
        contested=tuple(sorted(merge.contested)),
    )


def unsettled_faults(merged: Lock, base: Lock, ours: Lock, theirs: Lock) -> tuple[Fault, ...]:
    """Return the faults of a merged lock that neither side and not their base had: what is left to a solver."""
    old = {
        (fault.platform, fault.rule, fault.package)
        for lock in (base, ours, theirs)
        for fault in verify(lock).faults
    }
    new = verify(merged).faults
    return tuple(fault for fault in new if (fault.platform, fault.rule, fault.package) not in old)


def _sides(base: Lock, ours: Lock, theirs: Lock) -> tuple[tuple[str, Lock], ...]:
    return ("base", base), ("ours", ours), ("theirs", theirs)


def _picked(base: T, ours: T, theirs: T) -> T | None:
    """Return the side that counts, or None where both changed, each in its own way."""
    if theirs in (ours, base):
        return ours
    return theirs if ours == base else None


def _union(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> tuple[T, ...]:
    """Return what is in both, or was added by one, in our order, theirs behind it."""
    gone = (set(base) - set(ours)) | (set(base) - set(theirs))
    return tuple(one for one in dict.fromkeys((*ours, *theirs)) if one not in gone)


def _channel_words(channels: Iterable[object]) -> str:
    return ", ".join(str(getattr(channel, "url", channel)) for channel in channels) or "none"


class _Merge:
    def __init__(self) -> None:
        self.contradictions: list[Contradiction] = []
        self.contested: set[tuple[str, str]] = set()

    def whole(
        self, what: str, sides: tuple[T, T, T], *, words: Callable[[T], str] = str, platform: str = ""
    ) -> T:
        """Return the side that counts; ours, and a contradiction, where both do."""
        base, ours, theirs = sides
        found = _picked((base,), (ours,), (theirs,))
        if found is not None:
            return found[0]
        one = Contradiction(platform=platform, what=what, ours=words(ours), theirs=words(theirs))
        self.contradictions.append(one)
        return ours

    def metadata(
        self, base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]
    ) -> dict[str, str]:
        found: dict[str, str | None] = {}
        for key in sorted({*base, *ours, *theirs}):
            sides = (base.get(key), ours.get(key), theirs.get(key))
            if key == EXTRA_NEEDS:
                lines = _union(*((side or "").splitlines() for side in sides))
                found[key] = "\n".join(sorted(lines)) or None
            elif key.startswith(_OF_THE_MOMENT) and _picked(*((side,) for side in sides)) is None:
                found[key] = max(filter(None, sides[1:]), default=None)
            else:
                found[key] = self.whole(f"the note {key}", sides, words=lambda text: text or "none")
        return {key: value for key, value in found.items() if value is not None}

    def part(
        self,
        frame: Lock,
        base: LockedPlatform | None,
        ours: LockedPlatform | None,
        theirs: LockedPlatform | None,
    ) -> LockedPlatform | None:
        simple = _picked((base,), (ours,), (theirs,))
        if simple is not None:
            return simple[0]
        if ours is None or theirs is None:
            changed = ours or theirs
            assert changed is not None
            words = (
                ("no such platform", "changes on it")
                if ours is None
                else ("changes on it", "no such platform")
            )
            self.contradictions.append(
                Contradiction(
                    platform=str(changed.platform), what="the platform", ours=words[0], theirs=words[1]
                )
            )
            return changed
        base = base or LockedPlatform(platform=ours.platform, packages=(), roots=())
        platform = ours.platform.value
        roots = merge_roots(base.roots, ours.roots, theirs.roots)
        packages = self._packages((base, ours, theirs), roots)
        part = replace(
            ours,
            packages=packages,
            roots=roots,
            virtual_packages=self._machine(platform, base, ours, theirs),
            content_hash=_hash(base, ours, theirs, roots),
        )
        return categorised(frame, part)

    def _machine(
        self, platform: str, base: LockedPlatform, ours: LockedPlatform, theirs: LockedPlatform
    ) -> tuple[VirtualPackage, ...] | None:
        before, mine, other = (
            {v.name: v for v in part.virtual_packages or ()} for part in (base, ours, theirs)
        )
        if ours.virtual_packages is None or theirs.virtual_packages is None:
            return ours.virtual_packages or theirs.virtual_packages
        found = [
            self.whole(
                f"the virtual package {name}",
                (before.get(name), mine.get(name), other.get(name)),
                words=lambda one: str(one or "none"),
                platform=platform,
            )
            for name in sorted({*before, *mine, *other})
        ]
        return tuple(sorted(one for one in found if one is not None))

    def _packages(
        self, sides: Sequence[LockedPlatform], roots: Sequence[Root] | None
    ) -> tuple[LockedPackage, ...]:
        before, mine, other = map(_by_name, sides)
        found: list[LockedPackage] = []
        for key in sorted({*before, *mine, *other}):
            of = before.get(key, ()), mine.get(key, ()), other.get(key, ())
            chosen = _picked_archives(*of)
            if chosen is None:
                self.contested.add((sides[1].platform.value, key[1]))
                chosen = _preferred(of[1], of[2], roots)
            found += chosen
        return tuple(found)


def _by_name(part: LockedPlatform) -> dict[tuple[str, str], tuple[LockedPackage, ...]]:
    found: dict[tuple[str, str], tuple[LockedPackage, ...]] = {}
    for package in part.packages:
        key = (package.manager, package.name)
        found[key] = (*found.get(key, ()), package)
    return found


def _picked_archives(
    base: tuple[LockedPackage, ...], ours: tuple[LockedPackage, ...], theirs: tuple[LockedPackage, ...]
) -> tuple[LockedPackage, ...] | None:
    """Return the side that counts: by archives first, since categories and dependencies only follow."""
    simple = _picked(base, ours, theirs)
    if simple is not None:
        return simple
    archives = [frozenset(map(_archive, side)) for side in (base, ours, theirs)]
    if archives[1] == archives[2] or archives[2] == archives[0]:
        return _with_categories(ours, theirs)
    return _with_categories(theirs, ours) if archives[1] == archives[0] else None


def _with_categories(
    chosen: tuple[LockedPackage, ...], other: tuple[LockedPackage, ...]
) -> tuple[LockedPackage, ...]:
    """Return packages with the categories of both sides; where roots are known, they are found anew anyway."""
    more = {category for package in other for category in package.categories}
    return tuple(
        replace(
            one,
            categories=tuple(sorted({*one.categories, *more})),
            optional="main" not in {*one.categories, *more},
        )
        for one in chosen
    )


def _archive(package: LockedPackage) -> Hashable:
    return package.record.url, package.record.sha256 or package.record.md5


def _preferred(
    ours: tuple[LockedPackage, ...], theirs: tuple[LockedPackage, ...], roots: Sequence[Root] | None
) -> tuple[LockedPackage, ...]:
    """Return what to try first of a package that both moved: the newest that the merged requirements allow."""
    both = sorted((*ours, *theirs), key=_age, reverse=True)
    allowed = [package for package in both if _is_allowed(package, roots or ())]
    best = (allowed or both)[0]
    return _with_categories((best,), (*ours, *theirs))


def _age(package: LockedPackage) -> tuple[object, ...]:
    record = package.record
    number = record.build_number if isinstance(record, PackageRecord) else 0
    try:
        version: object = Version.of(record.version)
    except ParseError:
        return 0, record.version, number, record.url
    return 1, version, number, record.url


def _is_allowed(package: LockedPackage, roots: Iterable[Root]) -> bool:
    record = package.record
    if not isinstance(record, PackageRecord):
        return True
    mine = [root.spec for root in roots if root.manager == "conda" and root.name == record.name]
    try:
        return all(MatchSpec.parse(spec).matches(record) for spec in mine)
    except ParseError:
        return True


def _hash(
    base: LockedPlatform, ours: LockedPlatform, theirs: LockedPlatform, roots: Sequence[Root] | None
) -> str | None:
    """Return the hash of the input where it is that of a side, as far as the requirements tell."""
    picked = _picked((base.content_hash,), (ours.content_hash,), (theirs.content_hash,))
    if picked is not None:
        return picked[0]
    same = roots is not None and _picked(base.roots, ours.roots, theirs.roots) is not None
    return ours.content_hash if same and roots == ours.roots else None
