"""Solutions to a lock: what was asked, where, which category needs what, and the hash of the input."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from condaenv_tools.lock.content_hash import HashOptions, content_hashes
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXCLUDE_NEWER, STRATEGY
from condaenv_tools.model.environment import Dependency, Environment, PipItem, PipKind
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.solution import Solution
from condaenv_tools.resolve.provided import owners

__all__ = ["LOCKED_KINDS", "LockInputs", "build_lock", "dependency_name", "reachable_names", "roots_of"]

#: Lines of a pip section that ask for a distribution.
LOCKED_KINDS = frozenset({PipKind.REQUIREMENT, PipKind.URL, PipKind.VCS, PipKind.PATH, PipKind.EDITABLE})
_NAME_END = re.compile(r"[\s=<>!~\[;(]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockInputs:
    """What was locked: all that a lock says beside its packages.

    Attributes
    ----------
    files : tuple of Environment
        One for each file, in order.
    sources : tuple of str
        The name of each file as the lock shall say it: relative to the lock, forward slashes.
    channels : tuple of LockChannel
        By falling priority.
    hashing : HashOptions
        What the content hash needs beside the files.
    strategy : str
        As asked; `highest` is not recorded.
    exclude_newer : datetime or None
        Aware; as asked.
    metadata : tuple of (str, str)
        Free-form pairs to add.
    """

    files: tuple[Environment, ...]
    sources: tuple[str, ...]
    channels: tuple[LockChannel, ...]
    hashing: HashOptions
    strategy: str = "highest"
    exclude_newer: datetime | None = None
    metadata: tuple[tuple[str, str], ...] = ()


def build_lock(
    solutions: Iterable[Solution],
    inputs: LockInputs,
    *,
    pip: Mapping[Platform, Sequence[LockedPackage]] | None = None,
) -> Lock:
    """Make a lock of the answers for all platforms.

    Parameters
    ----------
    solutions : iterable of Solution
        One for each platform, in any order.
    inputs : LockInputs
        What was locked.
    pip : mapping of Platform to LockedPackage values, optional
        The pip half of each platform, with its categories.

    Returns
    -------
    Lock
        Each package has the categories whose roots need it. The pip section is not in it if
        `inputs.hashing.conda_only` says so; the metadata says it then.
    """
    solved = sorted(solutions, key=lambda solution: solution.platform)
    hashes = content_hashes(inputs.files, [solution.platform for solution in solved], inputs.hashing)
    parts = []
    for solution in solved:
        roots = roots_of(
            inputs.files,
            inputs.sources,
            solution.platform,
            conda_only=inputs.hashing.conda_only,
            holds=marker_test(solution.platform, solution.records, solution.virtual_packages),
        )
        parts.append(
            LockedPlatform(
                platform=solution.platform,
                packages=_packages(solution.records, roots, (pip or {}).get(solution.platform, ())),
                virtual_packages=tuple(sorted(solution.virtual_packages)),
                roots=roots,
                content_hash=hashes[solution.platform],
            )
        )
    return Lock(
        platforms=tuple(parts),
        channels=inputs.channels,
        sources=inputs.sources,
        metadata=tuple(sorted(_metadata(inputs).items())),
    )


def roots_of(
    files: Sequence[Environment],
    sources: Sequence[str],
    platform: Platform,
    *,
    conda_only: bool = False,
    holds: Callable[[str], bool] | None = None,
) -> tuple[Root, ...]:
    """Return what the files ask for on a platform, in their order, credentials masked.

    Parameters
    ----------
    files : sequence of Environment
        One for each file.
    sources : sequence of str
        How a root names each file.
    platform : Platform
        Where.
    conda_only : bool
        Leave the pip sections out.
    holds : callable, optional
        Says whether an environment marker (PEP 508) holds on the platform; without it, every line counts.
    """
    found: list[Root] = []
    for file, source in zip(files, sources, strict=True):
        found += (
            Root(
                name=item.name,
                spec=mask_credentials(str(item.spec)),
                source=f"{source}:{item.span.line}",
                category=_category(item, file),
            )
            for item in file.dependencies_on(platform)
        )
        found += (
            Root(
                name=line.name,
                spec=str(line),
                source=f"{_included(line, file, source)}:{line.span.line}",
                category=_category(line, file),
                manager="pip",
            )
            for line in (() if conda_only else file.pip_on(platform))
            if line.name and line.kind in LOCKED_KINDS and _counts(line, holds)
        )
    return tuple(found)


def _counts(line: PipItem, holds: Callable[[str], bool] | None) -> bool:
    marker = line.details.marker if holds is not None and ";" in line.text else None
    return marker is None or holds is None or holds(marker)


def _included(line: PipItem, file: Environment, source: str) -> str:
    """Return how a root names the file of a line, which may be one that `file` includes with ``-r``."""
    if not file.sources or line.span.path == file.sources[0]:
        return source
    within = os.path.relpath(line.span.path, os.path.dirname(file.sources[0]) or ".")  # noqa: PTH120 - text
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), within.replace(os.sep, "/")))


def _category(item: Dependency | PipItem, file: Environment) -> str:
    return item.category if item.category != "main" else file.category or "main"


def reachable_names(roots: Iterable[str], needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the names that can be reached from `roots`, and these, in time linear in the edges."""
    seen = {name for name in roots if name in needs}
    todo = list(seen)
    while todo:
        for name in needs[todo.pop()]:
            if name not in seen and name in needs:
                seen.add(name)
                todo.append(name)
    return seen


def dependency_name(spec: str) -> str:
    """Return the name in a MatchSpec of a record, which is what it begins with.

    Examples
    --------
    >>> dependency_name("python >=3.12,<3.13.0a0"), dependency_name("conda-forge::python[version='3']")
    ('python', 'python')
    """
    head = spec.partition("::")[2] or spec if "::" in spec else spec
    return _NAME_END.split(head.strip(), maxsplit=1)[0]


def _packages(
    records: Sequence[PackageRecord], roots: Sequence[Root], pip: Sequence[LockedPackage]
) -> tuple[LockedPackage, ...]:
    needs = {record.name: [dependency_name(spec) for spec in record.depends] for record in records}
    brought = owners(records) if pip or any(root.manager == "pip" for root in roots) else {}
    of: dict[str, list[str]] = {}
    for category in sorted({root.category for root in roots} | {c for one in pip for c in one.categories}):
        mine = [root for root in roots if root.category == category]
        names = [root.name for root in mine if root.manager == "conda"]
        asked = [root.name for root in mine if root.manager == "pip"]
        for one in pip:
            if category in one.categories:
                assert isinstance(one.record, PyPIRecord)
                asked += [one.name, *(name for name, _ in one.record.requires)]
        # What pip is asked for may come from conda, and pip itself does.
        names += [brought[key] for name in asked if (key := pypi_name(name)) in brought]
        names += ["pip"] if asked else []
        for name in reachable_names(names, needs):
            of.setdefault(name, []).append(category)
    packages = list(pip)
    for record in records:
        # A package that no root needs is a fault of the solver, and `verify` says so; here it gets a place.
        categories = tuple(of.get(record.name, ["main"]))
        packages.append(
            LockedPackage(record=record, categories=categories, optional="main" not in categories)
        )
    return tuple(sorted(packages, key=lambda p: (p.manager, p.name)))


def _metadata(inputs: LockInputs) -> dict[str, str]:
    notes = dict(inputs.metadata)
    if inputs.hashing.conda_only:
        lines = sum(len(file.pip) for file in inputs.files)
        if lines:
            what = f"{lines} line" + ("" if lines == 1 else "s")
            notes[CONDA_ONLY] = f"the pip section ({what}) was left out: this is the conda part alone"
    if inputs.strategy != "highest":
        notes[STRATEGY] = inputs.strategy
    if inputs.exclude_newer is not None:
        notes[EXCLUDE_NEWER] = inputs.exclude_newer.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return notes
