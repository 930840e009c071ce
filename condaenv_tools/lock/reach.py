"""What some roots need of one platform of a lock, and which category needs what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from condaenv_tools.lock.build import reachable_names
from condaenv_tools.lock.extra_needs import load_extra_needs
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.lock.rules.case import Case, Matcher
from condaenv_tools.lock.rules.graph import needs_of, starts_of
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, Root
from condaenv_tools.model.virtual import default_virtual_packages

__all__ = ["case_of", "categorised", "needed_nodes", "node_of", "unneeded_names"]


def case_of(lock: Lock, part: LockedPlatform) -> Case:
    """Return a platform as the rules of a proof see it, with nothing at hand but the lock."""
    machine = part.virtual_packages
    needs = load_extra_needs(dict(lock.metadata).get(EXTRA_NEEDS, ""))
    return Case(
        part=part,
        virtual_packages=default_virtual_packages(part.platform) if machine is None else machine,
        roots=part.roots,
        channel_urls=None,
        matcher=Matcher(),
        unknown=lock.unknown,
        extra_needs=needs.get(part.platform.value, ()),
    )


def node_of(package: LockedPackage) -> str:
    """Return how a package is named among what is needed: its manager, a colon, its name."""
    return f"{package.manager}:{package.name}"


def needed_nodes(lock: Lock, part: LockedPlatform, roots: Iterable[Root]) -> set[str]:
    """Return the packages that roots need, directly or through others, as `node_of` names them.

    Takes time in the number of dependencies.
    """
    case = case_of(lock, part)
    return reachable_names(starts_of(case, roots), needs_of(case))


def categorised(lock: Lock, part: LockedPlatform) -> LockedPlatform:
    """Return a platform without what its roots do not need, each package in the categories that need it.

    A platform that does not say its roots is returned as it is.
    """
    if part.roots is None:
        return part
    case = case_of(lock, part)
    needs = needs_of(case)
    of: dict[str, list[str]] = {}
    for category in sorted({root.category for root in part.roots}):
        mine = [root for root in part.roots if root.category == category]
        for node in reachable_names(starts_of(case, mine), needs):
            of.setdefault(node, []).append(category)
    packages = []
    for package in part.packages:
        categories = tuple(of.get(node_of(package), ()))
        if categories:
            packages.append(replace(package, categories=categories, optional="main" not in categories))
    return replace(part, packages=tuple(packages))


def unneeded_names(part: LockedPlatform, lock: Lock) -> tuple[str, ...]:
    """Return the packages that no other one needs, sorted, as `node_of` names them: what was asked for."""
    needs = needs_of(case_of(lock, part))
    needed = {node for source, nodes in needs.items() for node in nodes if node != source}
    return tuple(sorted(node_of(package) for package in part.packages if node_of(package) not in needed))
