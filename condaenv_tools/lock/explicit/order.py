"""The order of an explicit list: what a package needs stands above it, as far as cycles allow."""

from __future__ import annotations

from collections.abc import Sequence

from condaenv_tools.lock.build import dependency_name
from condaenv_tools.model.record import PackageRecord

__all__ = ["installation_order"]

#: Python says that it needs pip, so that every environment has it; pip runs in Python, and comes after it.
_CUT = {("python", "pip")}


def installation_order(records: Sequence[PackageRecord]) -> tuple[PackageRecord, ...]:
    """Return records with those first that others need, in time linear in the dependencies.

    The order depends on nothing but the records: the next one is the first by name of those that may come.
    Within a cycle no order is right; what is outside of it still stands on its proper side.

    Examples
    --------
    >>> def toy(name, *depends):
    ...     return PackageRecord(
    ...         name=name, version="1", build="0", subdir="noarch", channel="", url=name, depends=depends
    ...     )
    >>> [r.name for r in installation_order([toy("a", "b >=1"), toy("b", "c"), toy("c", "b")])]
    ['c', 'b', 'a']
    """
    ordered = sorted(records, key=lambda record: (record.name, record.version, record.url))
    by_name: dict[str, list[PackageRecord]] = {}
    for record in ordered:
        by_name.setdefault(record.name, []).append(record)
    done: list[PackageRecord] = []
    begun: set[str] = set()
    for name in by_name:
        _visit(name, by_name, begun, done)
    return tuple(done)


def _visit(
    first: str, by_name: dict[str, list[PackageRecord]], begun: set[str], done: list[PackageRecord]
) -> None:
    """Add a package behind all that it needs, without recursion: a chain may be longer than the stack."""
    if first in begun:
        return
    begun.add(first)
    stack = [(first, iter(_needs(first, by_name)))]
    while stack:
        name, needs = stack[-1]
        following = next((one for one in needs if one not in begun), None)
        if following is None:
            stack.pop()
            done.extend(by_name[name])
        else:
            begun.add(following)
            stack.append((following, iter(_needs(following, by_name))))


def _needs(name: str, by_name: dict[str, list[PackageRecord]]) -> list[str]:
    wanted = {dependency_name(spec) for record in by_name[name] for spec in record.depends}
    return sorted(one for one in wanted if one in by_name and (name, one) not in _CUT)
