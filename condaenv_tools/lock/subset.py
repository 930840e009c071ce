"""A part of a lock that stands by itself: some roots, categories or platforms, and all that they need."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.extra_needs import dump_extra_needs, load_extra_needs
from condaenv_tools.lock.metadata_keys import EXTRA_NEEDS
from condaenv_tools.lock.reach import categorised, needed_nodes, node_of
from condaenv_tools.model.lock import Lock, LockedPlatform, Root
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform

__all__ = ["SubsetOptions", "subset_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetOptions:
    """What is wanted of a lock; what is left empty is not cut.

    Attributes
    ----------
    roots : tuple of str
        Names of packages: what was asked for, or any other.
    categories : tuple of str
        Those whose packages are wanted.
    platforms : tuple of Platform
        Those that are wanted.
    """

    roots: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    platforms: tuple[Platform, ...] = ()


def subset_lock(lock: Lock, options: SubsetOptions) -> Lock:
    """Return a part of a lock: what some roots, categories or platforms need, and nothing else.

    Parameters
    ----------
    lock : Lock
        The lock.
    options : SubsetOptions
        What is wanted. Roots and categories together mean these roots, as far as they are of these categories.

    Returns
    -------
    Lock
        Closed: all that a package needs is there, if it was in the lock. It verifies where the lock does. What
        is named and was not asked for becomes a root. The hash of the input goes where something was cut.

    Raises
    ------
    ParseError
        A root, a category or a platform is not in the lock.

    Examples
    --------
    >>> subset_lock(Lock(platforms=()), SubsetOptions())
    Lock(platforms=(), channels=(), sources=(), metadata=(), unknown=frozenset())
    """
    _check(lock, options)
    parts = [part for part in lock.platforms if not options.platforms or part.platform in options.platforms]
    if not options.roots and not options.categories:
        return _with_parts(lock, parts)
    wanted: set[str] = {pypi_name(name) for name in options.roots}
    return _with_parts(lock, [_cut(lock, part, wanted, frozenset(options.categories)) for part in parts])


def _with_parts(lock: Lock, parts: Sequence[LockedPlatform]) -> Lock:
    metadata = dict(lock.metadata)
    if EXTRA_NEEDS in metadata:
        names = {part.platform.value: {p.name for p in part.packages} for part in parts}
        needs = {
            platform: [need for need in found if need.wanted in names[platform]]
            for platform, found in load_extra_needs(metadata[EXTRA_NEEDS]).items()
            if platform in names
        }
        metadata[EXTRA_NEEDS] = dump_extra_needs(needs)
    return replace(
        lock,
        platforms=tuple(parts),
        metadata=tuple(
            sorted((key, value) for key, value in metadata.items() if value or key != EXTRA_NEEDS)
        ),
    )


def _cut(lock: Lock, part: LockedPlatform, wanted: set[str], categories: frozenset[str]) -> LockedPlatform:
    if part.roots is None and not wanted:
        # Nobody says which lines a category has; its packages are closed as they are.
        mine = [package for package in part.packages if categories & set(package.categories)]
        packages = tuple(
            replace(
                package,
                categories=(kept := tuple(c for c in package.categories if c in categories)),
                optional="main" not in kept,
            )
            for package in mine
        )
        return replace(part, packages=packages, content_hash=None)
    roots = _roots(part, wanted, categories)
    # Names by address are asked for by no name: they stay only where their line does.
    seen = needed_nodes(lock, part, roots)
    packages = tuple(package for package in part.packages if node_of(package) in seen)
    cut = categorised(lock, replace(part, packages=packages, roots=roots))
    same = roots == part.roots
    if part.roots is None:
        cut = replace(cut, roots=None)
    return replace(cut, content_hash=part.content_hash if same else None)


def _roots(part: LockedPlatform, wanted: set[str], categories: frozenset[str]) -> tuple[Root, ...]:
    found = [
        root
        for root in part.roots or ()
        if (not wanted or pypi_name(root.name) in wanted) and (not categories or root.category in categories)
    ]
    known = {pypi_name(root.name) for root in found}
    for package in part.packages:
        if pypi_name(package.name) in wanted - known and (
            not categories or categories & set(package.categories)
        ):
            category = next((c for c in ("main", *package.categories) if c in package.categories), "main")
            found.append(
                Root(
                    name=package.name,
                    spec=package.name,
                    source="subset:0",
                    category=category,
                    manager=package.manager,
                )
            )
            known.add(pypi_name(package.name))
    return tuple(found)


def _check(lock: Lock, options: SubsetOptions) -> None:
    packages = [package for part in lock.platforms for package in part.packages]
    names = {package.name for package in packages}
    names |= {root.name for part in lock.platforms for root in part.roots or ()}
    known = {pypi_name(name) for name in names}
    for name in options.roots:
        if pypi_name(name) not in known:
            raise _unknown("package", name, names)
    categories = {category for package in packages for category in package.categories}
    for category in options.categories:
        if category not in categories:
            raise _unknown("category", category, categories)
    platforms = {part.platform.value for part in lock.platforms}
    for platform in options.platforms:
        if platform not in platforms:
            raise _unknown("platform", platform.value, platforms)


def _unknown(what: str, name: str, there: Iterable[str]) -> ParseError:
    near = difflib.get_close_matches(name, sorted(there), n=1)
    few = sorted(there) if what != "package" else []
    hints = [f"did you mean {near[0]}?"] if near else []
    hints += [f"it has: {', '.join(few)}"] if few else []
    return ParseError(f"the lock has no {what} {name}", hints=hints)
