"""Which moves of packages force which others, as far as the records say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.build import dependency_name
from condaenv_tools.lock.diff.values import Change
from condaenv_tools.model.lock import LockedPackage, PyPIRecord
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.record import PackageRecord

__all__ = ["Key", "find_forces", "key_of", "keys_of", "meets"]

#: Manager and normalised name.
Key = tuple[str, str]
#: A package that is spoken of, the condition on it, and whether it has to be there.
Need = tuple[Key, str, bool]


def key_of(package: LockedPackage) -> Key:
    """Return what a package is found by."""
    return package.manager, package.name if package.manager == "conda" else pypi_name(package.name)


def keys_of(changes: Sequence[Change], *, new: bool) -> dict[Key, int]:
    """Return the place of each change by the package that it has in the new, or the old, lock."""
    sides = ((i, one.new if new else one.old) for i, one in enumerate(changes))
    return {key_of(package): i for i, package in sides if package is not None}


def find_forces(changes: Sequence[Change], owners: Mapping[str, str]) -> list[set[int]]:
    """Return, for each change, the places of the changes that it makes necessary.

    Parameters
    ----------
    changes : sequence of Change
        Of one platform.
    owners : mapping of str to str
        Which conda package brings a distribution, in either lock.

    Returns
    -------
    list of set of int
        That one change forces another means: what is new of it does not go together with what was old of the
        other, or needs the other, which was not there; or it was the one for whose sake the other was there.

    Notes
    -----
    Takes time in proportion to the number of dependencies of what moved.
    """
    before, after = keys_of(changes, new=False), keys_of(changes, new=True)
    forced: list[set[int]] = [set() for _ in changes]
    for i, change in enumerate(changes):
        mine_new = tuple(_needs(change.new, owners))
        mine_old = tuple(_needs(change.old, owners))
        for key, condition, needed in mine_new:
            j = after.get(key)
            if j is not None and j != i and _is_new_demand(changes[j].old, key, condition, needed=needed):
                forced[i].add(j)
        for key, condition, _ in mine_old:
            j = after.get(key)
            package = changes[j].new if j is not None else None
            if j is not None and j != i and package is not None and not meets(package, condition):
                forced[j].add(i)
        still = {key for key, _, needed in mine_new if needed}
        for key in {key for key, _, needed in mine_old if needed} - still:
            j = before.get(key)
            if j is not None and j != i and changes[j].new is None:
                forced[i].add(j)
    return forced


def _is_new_demand(old: LockedPackage | None, key: Key, condition: str, *, needed: bool) -> bool:
    """Say whether what was there before does not do for a condition."""
    if old is None or key_of(old) != key:
        return needed
    return not meets(old, condition)


def _needs(package: LockedPackage | None, owners: Mapping[str, str]) -> Iterator[Need]:
    if package is None:
        return
    record = package.record
    if isinstance(record, PackageRecord):
        for spec in record.depends:
            yield ("conda", dependency_name(spec)), spec, True
        for spec in record.constrains:
            yield ("conda", dependency_name(spec)), spec, False
        return
    for name, specifier in record.requires:
        wanted = pypi_name(name)
        yield ("pip", wanted), specifier, True
        if wanted in owners:
            yield ("conda", owners[wanted]), specifier and f"pypi:{specifier}", True


def meets(package: LockedPackage, condition: str) -> bool:
    """Say whether a package meets a condition on its name; what cannot be read is met.

    Parameters
    ----------
    package : LockedPackage
        Of either manager.
    condition : str
        A MatchSpec for a package of conda, or ``pypi:`` and a specifier; a PEP 440 specifier for one of pip.
    """
    record = package.record
    if condition in {"", "*", record.name}:
        return True
    if isinstance(record, PyPIRecord):
        return not record.has_version or _within(record.version, condition.removeprefix("pypi:"))
    if condition.startswith("pypi:"):
        return _within(record.version, condition.removeprefix("pypi:"))
    try:
        return MatchSpec.parse(condition).matches(record)
    except ParseError:
        return True


@lru_cache(maxsize=4096)
def _within(version: str, specifier: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # noqa: PLC0415 - pip sections only
    from packaging.version import InvalidVersion  # noqa: PLC0415

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True
