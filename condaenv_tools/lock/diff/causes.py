"""Why packages moved: from the lines, machines and channels that differ, along what forces what."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from condaenv_tools.lock.build import dependency_name
from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.diff.forces import Key, find_forces, keys_of, meets
from condaenv_tools.lock.diff.values import Cause, CauseKind, Change, ChangeKind, Intent
from condaenv_tools.model.lock import LockedPackage, LockedPlatform, Root
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage
from condaenv_tools.resolve.provided import owners

__all__ = ["find_causes", "root_intents"]

#: What differs in a lock, and the changes that it explains by itself.
Heads = dict[Intent, set[int]]


def root_intents(
    old: Sequence[Root] | None, new: Sequence[Root] | None
) -> tuple[tuple[Intent, str, str], ...]:
    """Return the lines that differ, with manager and name: first those of the new lock, in order, then those gone.

    A line that only stands elsewhere is the same.
    """
    if old is None or new is None:
        return ()
    before, after = _lines(old), _lines(new)
    found = []
    for (manager, name), roots in after.items():
        was, now = _text(before.get((manager, name), ())), _text(roots)
        if was != now:
            kind = CauseKind.EDITED if was else CauseKind.ASKED
            intent = Intent(kind=kind, name=name, old=was or None, new=now, source=roots[0].source)
            found.append((intent, manager, name))
    for (manager, name), roots in before.items():
        if (manager, name) not in after:
            intent = Intent(kind=CauseKind.DROPPED, name=name, old=_text(roots), source=roots[0].source)
            found.append((intent, manager, name))
    return tuple(found)


def _lines(roots: Iterable[Root]) -> dict[Key, list[Root]]:
    found: dict[Key, list[Root]] = {}
    for root in roots:
        name = pypi_name(root.name) if root.manager == "pip" else root.name
        found.setdefault((root.manager, name), []).append(root)
    return found


def _text(roots: Iterable[Root]) -> str:
    """Return what some lines ask for; the order of several does not count."""
    return ", ".join(sorted({root.spec for root in roots}))


def find_causes(
    changes: Sequence[Change],
    old: LockedPlatform,
    new: LockedPlatform,
    channels: tuple[AbstractSet[str], AbstractSet[str]],
) -> tuple[Cause, ...]:
    """Group changes by why they happened.

    Parameters
    ----------
    changes : sequence of Change
        Of one platform.
    old, new : LockedPlatform
        What was compared.
    channels : (set of str, set of str)
        The URLs of the channels of the old and the new lock; both empty where one does not name them.

    Returns
    -------
    tuple of Cause
        A change has the cause that is the fewest steps away, where each step is a move that forces the next; of
        several that are equally near, the one that leads to the most changes, then the first in the files.
        What no difference of the inputs leads to is grouped by the package that moved by itself, if others moved
        with it, and told together otherwise.
    """
    if not changes:
        return ()
    brought = _owners(changes, old, new)
    heads: Heads = {}
    for intent, manager, name in root_intents(old.roots, new.roots):
        heads[intent] = set(_moved_by_line(changes, intent, _targets(manager, name, brought)))
    heads |= _machine_heads(changes, old.virtual_packages, new.virtual_packages)
    heads |= _channel_heads(changes, channels)
    forced = find_forces(changes, brought)
    labels: dict[int, frozenset[Intent]] = {}
    _spread(heads, forced, labels)
    known = old.roots is not None and new.roots is not None
    asked = {root.name for root in new.roots or ()}
    _spread_rest(changes, forced, labels, asked, known=known)
    return _grouped(changes, labels, order={intent: i for i, intent in enumerate(heads)})


def _owners(changes: Sequence[Change], old: LockedPlatform, new: LockedPlatform) -> Mapping[str, str]:
    """Return which conda package brings a distribution; nothing where pip has no part in it."""
    roots = (*(old.roots or ()), *(new.roots or ()))
    if not {"pip"}.intersection([*(one.manager for one in changes), *(root.manager for root in roots)]):
        return {}
    return {str(k): v for k, v in owners(old.records).items()} | {
        str(k): v for k, v in owners(new.records).items()
    }


def _targets(manager: str, name: str, brought: Mapping[str, str]) -> list[Key]:
    if manager == "pip" and name in brought:
        return [("pip", name), ("conda", brought[name])]
    return [(manager, name)]


def _moved_by_line(changes: Sequence[Change], intent: Intent, targets: Iterable[Key]) -> Iterator[int]:
    """Yield the changes of the packages that a line names, as far as the line can be behind them."""
    before, after = keys_of(changes, new=False), keys_of(changes, new=True)
    for manager, name in targets:
        every = before.keys() | after.keys()
        names = fnmatch.filter((n for m, n in every if m == manager), name) if "*" in name else [name]
        for found in {before.get((manager, n)) for n in names} | {after.get((manager, n)) for n in names}:
            if found is not None and _may_move(changes[found], intent, manager):
                yield found


def _may_move(change: Change, intent: Intent, manager: str) -> bool:
    """Say whether a line that differs may be what moved a package: what moved freely did so without it."""
    if change.old is None or change.new is None or intent.kind is CauseKind.ASKED:
        return change.old is None or change.new is None or not _fits(change.old, intent.new, manager)
    return not (_fits(change.old, intent.new, manager) and _fits(change.new, intent.old, manager))


def _fits(package: LockedPackage, spec: str | None, manager: str) -> bool:
    if spec is None:
        return True
    if manager == "pip":
        specifier = read_pip_line(spec).details.specifier
        return meets(package, f"pypi:{specifier}" if specifier else "")
    if package.manager != "conda":
        return False
    return all(meets(package, one) for one in spec.split(", "))


def _machine_heads(
    changes: Sequence[Change],
    old: Sequence[VirtualPackage] | None,
    new: Sequence[VirtualPackage] | None,
) -> Heads:
    if old is None or new is None or set(old) == set(new):
        return {}
    before, after = {one.name: one for one in old}, {one.name: one for one in new}
    heads: Heads = {}
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        intent = Intent(kind=CauseKind.MACHINE, name=name, old=_version(was), new=_version(now))
        heads[intent] = {
            i
            for i, change in enumerate(changes)
            if _excludes(change.old, name, now) or _excludes(change.new, name, was)
        }
    return heads


def _version(package: VirtualPackage | None) -> str | None:
    if package is None:
        return None
    return package.version if package.build == "0" else f"{package.version}={package.build}"


def _excludes(package: LockedPackage | None, name: str, virtual: VirtualPackage | None) -> bool:
    """Say whether a package cannot be on a machine with this virtual package, or without one of that name."""
    record = package.record if package is not None else None
    if not isinstance(record, PackageRecord):
        return False
    needs = [(spec, True) for spec in record.depends] + [(spec, False) for spec in record.constrains]
    there = virtual and LockedPackage(
        record=PackageRecord(
            name=name, version=virtual.version, build=virtual.build, subdir="", channel="", url=""
        )
    )
    return any(
        dependency_name(spec) == name and (not meets(there, spec) if there else needed)
        for spec, needed in needs
    )


def _channel_heads(changes: Sequence[Change], channels: tuple[AbstractSet[str], AbstractSet[str]]) -> Heads:
    before, after = channels
    heads: Heads = {}
    for i, change in enumerate(changes):
        for package, others, is_new in ((change.old, after, False), (change.new, before, True)):
            record = package.record if package is not None else None
            url = bare_url(record.channel) if isinstance(record, PackageRecord) else ""
            if url and others and url not in others:
                sides = (None, url) if is_new else (url, None)
                intent = Intent(kind=CauseKind.CHANNELS, name=url, old=sides[0], new=sides[1])
                heads.setdefault(intent, set()).add(i)
    return heads


def _spread(heads: Heads, forced: Sequence[AbstractSet[int]], labels: dict[int, frozenset[Intent]]) -> None:
    """Give each change that is reached the intents that are the fewest steps away."""
    level: dict[int, set[Intent]] = {}
    for intent, found in heads.items():
        for i in found - labels.keys():
            level.setdefault(i, set()).add(intent)
    while level:
        labels.update((i, frozenset(intents)) for i, intents in level.items())
        following: dict[int, set[Intent]] = {}
        for i, intents in level.items():
            for j in forced[i]:
                if j not in labels:
                    following.setdefault(j, set()).update(intents)
        level = following


def _spread_rest(
    changes: Sequence[Change],
    forced: Sequence[AbstractSet[int]],
    labels: dict[int, frozenset[Intent]],
    asked: AbstractSet[str],
    *,
    known: bool,
) -> None:
    """Explain what no difference of the inputs leads to by the packages that moved without being forced."""
    alone = Intent(kind=CauseKind.NEWER if known else CauseKind.UNKNOWN)
    while rest := [i for i in range(len(changes)) if i not in labels]:
        compelled = {j for i in rest for j in forced[i]}
        free = [i for i in rest if i not in compelled]
        # Where all that is left hangs on cycles, one begins: what is asked for, else the first name.
        free = free or [min(rest, key=lambda i: (changes[i].name not in asked, changes[i].name, i))]
        heads: Heads = {}
        for i in free:
            pulls = any(j not in labels for j in forced[i])
            intent = Intent(kind=CauseKind.PACKAGE, name=changes[i].name) if pulls else alone
            heads.setdefault(intent, set()).add(i)
        _spread(heads, forced, labels)


def _grouped(
    changes: Sequence[Change], labels: Mapping[int, frozenset[Intent]], order: dict[Intent, int]
) -> tuple[Cause, ...]:
    kinds = list(CauseKind)
    reach = Counter(intent for intents in labels.values() for intent in intents)

    def place(intent: Intent) -> tuple[int, int, str]:
        return (order.get(intent, len(order)), kinds.index(intent.kind), intent.name)

    groups: dict[Intent, list[Change]] = {}
    for i, change in enumerate(changes):
        if change.kind is not ChangeKind.RESTATED:
            first = min(labels[i], key=lambda intent: (-reach[intent], place(intent)))
            groups.setdefault(first, []).append(change)
    ordered = sorted(groups, key=place)
    return tuple(Cause(intent=intent, changes=tuple(groups[intent])) for intent in ordered)
