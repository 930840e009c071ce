"""Several locks that agree, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from condaenv_tools.errors import VerificationError
from condaenv_tools.lock.extra_needs import dump_extra_needs, load_extra_needs
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import ExtraNeed, Lock, LockedPackage, LockedPlatform

__all__ = ["combine_locks"]


def combine_locks(locks: Sequence[tuple[str, Lock]]) -> Lock:
    """Join locks that agree: the same package is the same archive wherever two of them have it.

    Parameters
    ----------
    locks : sequence of (str, Lock)
        Each with the name by which messages call it.

    Returns
    -------
    Lock
        All platforms, packages, roots and categories of all. The channels are those of the lock that has the most,
        of which the others' are the beginning. One lock is returned as it is.

    Raises
    ------
    VerificationError
        Two of them disagree; all points are told, each with both sides.

    Examples
    --------
    >>> combine_locks([("a", Lock(platforms=())), ("b", Lock(platforms=()))]).platforms
    ()
    """
    if len(locks) == 1:
        return locks[0][1]
    faults: list[Fault] = []
    channels = max((lock.channels for _, lock in locks), key=len, default=())
    for name, lock in locks:
        if lock.channels != channels[: len(lock.channels)]:
            mine, most = (", ".join(c.url for c in some) for some in (lock.channels, channels))
            faults.append(_fault("", "channels", f"{name} has the channels {mine}, another lock {most}"))
    parts: dict[str, list[tuple[str, LockedPlatform]]] = {}
    for name, lock in locks:
        for part in lock.platforms:
            parts.setdefault(part.platform.value, []).append((name, part))
    joined = [_joined(found, faults) for _, found in sorted(parts.items())]
    metadata = _metadata(locks, faults)
    if faults:
        raise VerificationError(
            "the locks disagree, and nothing was written\n" + "\n".join(f"  {fault}" for fault in faults),
            faults=tuple(faults),
            hints=["lock their files together: condaenv lock FILE FILE..."],
        )
    return Lock(
        platforms=tuple(joined),
        channels=channels,
        sources=tuple(dict.fromkeys(source for _, lock in locks for source in lock.sources)),
        metadata=metadata,
        unknown=frozenset().union(*(lock.unknown for _, lock in locks)),
    )


def _fault(platform: str, package: str, message: str) -> Fault:
    return Fault(platform=platform, rule="agree", package=package, message=message)


def _joined(found: Sequence[tuple[str, LockedPlatform]], faults: list[Fault]) -> LockedPlatform:
    first_name, first = found[0]
    if len(found) == 1:
        return first
    platform = first.platform.value
    packages: dict[tuple[str, str], tuple[str, LockedPackage]] = {}
    for name, part in found:
        if part.virtual_packages != first.virtual_packages:
            machines = [" ".join(map(str, one.virtual_packages or ())) or "none" for one in (first, part)]
            told = f"{first_name} assumes {machines[0]} of the machine, {name} {machines[1]}"
            faults.append(_fault(platform, "", told))
        for package in part.packages:
            key = (package.manager, package.name)
            if key not in packages:
                packages[key] = (name, package)
                continue
            other_name, other = packages[key]
            if _same(package, other):
                packages[key] = (other_name, _both(other, package))
            else:
                told = f"{other_name} has {_words(other)}, {name} has {_words(package)}"
                faults.append(_fault(platform, package.name, told))
    roots = None
    if all(part.roots is not None for _, part in found):
        roots = tuple(dict.fromkeys(root for _, part in found for root in part.roots or ()))
    return replace(
        first,
        packages=tuple(packages[key][1] for key in sorted(packages)),
        roots=roots,
        content_hash=first.content_hash if len({part.content_hash for _, part in found}) == 1 else None,
    )


def _same(one: LockedPackage, other: LockedPackage) -> bool:
    pairs = ((one.record.sha256, other.record.sha256), (one.record.md5, other.record.md5))
    return one.record.url == other.record.url and not any(a and b and a != b for a, b in pairs)


def _both(one: LockedPackage, other: LockedPackage) -> LockedPackage:
    categories = tuple(sorted({*one.categories, *other.categories}))
    return replace(one, categories=categories, optional="main" not in categories)


def _words(package: LockedPackage) -> str:
    record = package.record
    return f"{record.name} {record.version} {getattr(record, 'build', '')}".rstrip()


def _metadata(locks: Sequence[tuple[str, Lock]], faults: list[Fault]) -> tuple[tuple[str, str], ...]:
    found: dict[str, tuple[str, str]] = {}
    needs: dict[str, list[ExtraNeed]] = {}
    for name, lock in locks:
        for key, value in lock.metadata:
            if key == EXTRA_NEEDS:
                for platform, some in load_extra_needs(value).items():
                    needs.setdefault(platform, []).extend(some)
            elif key not in found:
                found[key] = (name, value)
            elif found[key][1] != value and key.startswith("condaenv."):
                told = f"{found[key][0]} notes {key} {found[key][1]}, {name} {value}"
                faults.append(_fault("", key, told))
    pairs = {key: value for key, (_, value) in found.items()}
    if needs:
        pairs[EXTRA_NEEDS] = dump_extra_needs(needs)
    return tuple(sorted(pairs.items()))
