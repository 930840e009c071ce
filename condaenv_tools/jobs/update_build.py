"""The lock after an update: what moved, and what did not as it was, byte for byte where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.errors import VerificationError
from condaenv_tools.jobs.plan import Inputs, LockOptions, Plan
from condaenv_tools.jobs.update_settings import is_replaced
from condaenv_tools.lock.build import LockInputs, build_lock
from condaenv_tools.lock.channel_names import lock_channel
from condaenv_tools.lock.content_hash import HashOptions
from condaenv_tools.lock.extra_needs import dump_extra_needs, load_extra_needs
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXCLUDE_NEWER, EXTRA_NEEDS, STRATEGY
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.lock.verify import verify
from condaenv_tools.model.lock import ExtraNeed, Lock, LockedPackage, LockedPlatform, Root
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.solution import Solution
from condaenv_tools.model.virtual import VirtualPackage, default_virtual_packages

__all__ = ["Half", "UpdateParts", "build_update", "is_same_lock"]

#: What conda-lock notes of the moment and the place of locking; of an updated lock it would no longer be true.
_OF_THE_MOMENT = ("git_metadata.", "inputs_metadata.", "time_metadata.")
_OURS = {CONDA_ONLY, EXCLUDE_NEWER, EXTRA_NEEDS, STRATEGY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Half:
    """The pip half of one platform.

    Attributes
    ----------
    packages : tuple of LockedPackage
        Sorted by name.
    extra_needs : tuple of ExtraNeed
        What extras of distributions that conda brings need.
    """

    packages: tuple[LockedPackage, ...] = ()
    extra_needs: tuple[ExtraNeed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateParts:
    """All that an updated lock is made of.

    Attributes
    ----------
    old : Lock
        As it was.
    inputs : Inputs
        What the files say.
    sources : tuple of str
        Their names as the lock says them.
    plan : Plan
        What was solved.
    options : LockOptions
        How.
    solutions : tuple of Solution
        The conda half of each platform that was solved.
    pip : mapping of Platform to Half
        The pip half of each.
    """

    old: Lock
    inputs: Inputs
    sources: tuple[str, ...]
    plan: Plan
    options: LockOptions
    solutions: tuple[Solution, ...]
    pip: Mapping[Platform, Half]


def build_update(parts: UpdateParts) -> Lock:
    """Return the lock after an update.

    Returns
    -------
    Lock
        It is proven with all that the channels say of its packages; those that did not move are written as they
        were. Platforms that were not solved stay as they are, unless the files dropped them.

    Raises
    ------
    VerificationError
        It does not hold; a fault of condaenv or of its solver.
    """
    old = parts.old
    fresh = _fresh(parts)
    report = verify(fresh)
    if report.faults:
        raise VerificationError(
            "the update does not hold, and nothing was written\n"
            + "\n".join(f"  {fault}" for fault in report.faults[:20]),
            faults=report.faults,
            hints=["this is a fault of condaenv or of its solver; please report it with your file"],
        )
    before = {part.platform: part for part in old.platforms}
    solved = {part.platform: _as_before(part, before.get(part.platform)) for part in fresh.platforms}
    staying = (
        {}
        if not parts.options.platforms
        else {platform: part for platform, part in before.items() if platform not in solved}
    )
    everything = staying | solved
    return replace(
        fresh,
        platforms=tuple(everything[platform] for platform in sorted(everything)),
        channels=old.channels if _same_channels(old, fresh) else fresh.channels,
        metadata=_metadata(parts, fresh, staying),
        unknown=old.unknown,
    )


def _fresh(parts: UpdateParts) -> Lock:
    needs = {platform.value: half.extra_needs for platform, half in parts.pip.items()}
    text = dump_extra_needs(needs)
    stated = _beyond_defaults(parts.solutions)
    return build_lock(
        parts.solutions,
        LockInputs(
            files=parts.inputs.files,
            sources=parts.sources,
            channels=tuple(lock_channel(one) for one in parts.plan.channel_texts),
            hashing=HashOptions(
                channels=parts.options.channels,
                virtual_packages=parts.plan.virtual_package_table,
                stated=stated if parts.plan.virtual_package_table is None else parts.options.virtual_packages,
                conda_only=parts.options.conda_only,
            ),
            strategy=parts.options.solve.strategy.value,
            exclude_newer=parts.options.solve.exclude_newer,
            metadata=((EXTRA_NEEDS, text),) if text else (),
        ),
        pip={platform: half.packages for platform, half in parts.pip.items()},
    )


def _beyond_defaults(solutions: Iterable[Solution]) -> tuple[VirtualPackage, ...]:
    """Return what is assumed beyond the defaults: it was stated once, and counts in conda-lock's hash."""
    found = {
        virtual.name: virtual
        for solution in solutions
        for virtual in solution.virtual_packages
        if virtual not in default_virtual_packages(solution.platform)
    }
    return tuple(found[name] for name in sorted(found))


def _as_before(part: LockedPlatform, before: LockedPlatform | None) -> LockedPlatform:
    """Put what did not change in the words of the old lock."""
    if before is None:
        return part
    known = {(package.manager, package.record.url): package for package in before.packages}
    packages = []
    for package in part.packages:
        old = known.get((package.manager, package.record.url))
        same = old is not None and not is_replaced(old.record, package.record)
        packages.append(replace(package, record=old.record) if old is not None and same else package)
    asked_the_same = before.roots is not None and _asked(before.roots) == _asked(part.roots or ())
    same_machine = before.virtual_packages in {None, part.virtual_packages}
    keeps_hash = asked_the_same and same_machine and before.content_hash is not None
    return replace(
        part,
        packages=tuple(packages),
        content_hash=before.content_hash if keeps_hash else part.content_hash,
    )


def _asked(roots: Sequence[Root]) -> list[tuple[str, str, str, str]]:
    return sorted((root.manager, root.name, root.spec, root.category) for root in roots)


def _same_channels(old: Lock, new: Lock) -> bool:
    texts = [[channel.url for channel in lock.channels] for lock in (old, new)]
    return all(
        channel_urls(texts[0], part.platform) == channel_urls(texts[1], part.platform)
        for part in new.platforms
    )


def _metadata(
    parts: UpdateParts, fresh: Lock, staying: Mapping[Platform, LockedPlatform]
) -> tuple[tuple[str, str], ...]:
    found = {
        key: value
        for key, value in parts.old.metadata
        if key not in _OURS and not key.startswith(_OF_THE_MOMENT)
    }
    found |= dict(fresh.metadata)
    needs = load_extra_needs(dict(parts.old.metadata).get(EXTRA_NEEDS, ""))
    kept = {str(platform): needs[platform] for platform in staying if platform in needs}
    text = dump_extra_needs(kept | load_extra_needs(found.get(EXTRA_NEEDS, "")))
    if text:
        found[EXTRA_NEEDS] = text
    return tuple(sorted(found.items()))


def is_same_lock(old: Lock, new: Lock) -> bool:
    """Say whether two locks of one format say the same but for where a line stands and what is of the moment.

    Where the old lock does not say what was asked for, or what was assumed of the machine, its hash of the input
    counts.
    """
    return (
        [_gist(part, known) for part, known in zip(old.platforms, old.platforms, strict=True)]
        == [_gist(part, known) for part, known in _beside(new, old)]
        and len(old.platforms) == len(new.platforms)
        and _same_channels(old, new)
        and old.sources == new.sources
        and _lasting(old) == _lasting(new)
    )


def _beside(new: Lock, old: Lock) -> list[tuple[LockedPlatform, LockedPlatform]]:
    known = {part.platform: part for part in old.platforms}
    return [(part, known.get(part.platform, part)) for part in new.platforms]


def _gist(part: LockedPlatform, known: LockedPlatform) -> tuple[object, ...]:
    """Return what counts of a platform, as far as `known` says it."""
    packages = sorted(
        (
            *(package.manager, package.name, package.record.url, tuple(sorted(package.categories))),
            *(package.record.sha256 or "", package.record.md5 or ""),
        )
        for package in part.packages
    )
    roots = None if known.roots is None else _asked(part.roots or ())
    machine = None if known.virtual_packages is None else part.virtual_packages
    said = known.roots is not None
    return part.platform, packages, roots, machine, None if said else part.content_hash


def _lasting(lock: Lock) -> dict[str, str]:
    return {key: value for key, value in lock.metadata if not key.startswith(_OF_THE_MOMENT)}
