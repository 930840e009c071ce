"""What is assumed of the machines, and the categories that packages are locked for."""

from __future__ import annotations

from collections.abc import Iterator

from condaenv_tools.lock.build import dependency_name, reachable_names
from condaenv_tools.lock.currency.values import Reason
from condaenv_tools.lock.rules import graph
from condaenv_tools.lock.rules.case import Case
from condaenv_tools.model.names import is_virtual

__all__ = ["category_reasons", "machine_reasons"]


def machine_reasons(case: Case, stated: frozenset[str]) -> Iterator[Reason]:
    """Find virtual packages of which a locked package needs more than is stated.

    Parameters
    ----------
    case : Case
        The platform, with what is taken of the machine.
    stated : frozenset of str
        The names of those that somebody has stated; of the others the lock itself says what it was made for.
    """
    needy: dict[str, list[str]] = {}
    for record in case.part.records:
        for spec in record.depends:
            name = dependency_name(spec)
            if is_virtual(name) and name in stated and case.meeting(spec, name) is False:
                needy.setdefault(name, []).append(f"{record.name} needs {spec}")
        for spec in record.constrains:
            name = dependency_name(spec)
            if name in stated and name in case.by_name and case.meeting(spec, name) is False:
                needy.setdefault(name, []).append(f"{record.name} allows only {spec}")
    versions = {one.name: str(one).removesuffix("=0") for one in case.virtual_packages}
    for name, who in sorted(needy.items()):
        told = ", ".join(who[:3]) + (f" and {len(who) - 3} more" if len(who) > 3 else "")
        yield Reason(
            code="virtual-package-changed",
            platform=case.part.platform,
            text=versions[name],
            message=f"the machine is stated to have {versions[name]}, and {told}",
        )


def category_reasons(case: Case) -> Iterator[Reason]:
    """Find packages that are locked for other categories than those whose lines need them.

    A package of `main` is installed with every other category, so that `main` is enough for all. What `pip` itself
    needs is in no category of its own. A lock that does not say what was asked for is only held to have enough.
    """
    if not case.knows_needs:
        return
    needs = graph.needs_of(case)
    aside = reachable_names(graph.starts_of(case, ()), needs) | reachable_names(["conda:pip"], needs)
    aside |= reachable_names([f"pip:{one.wanted}" for one in case.extra_needs], needs)
    roots = case.roots or ()
    packages = {
        node: set(p.categories) for p in case.part.packages if (node := f"{p.manager}:{p.name}") not in aside
    }
    used = {root.category for root in roots}
    of = {
        category: reachable_names(graph.starts_of(case, [r for r in roots if r.category == category]), needs)
        for category in used
    }
    every = set().union(*packages.values(), used) if packages else used
    for category in sorted(every):
        needed = of.get(category, set())
        lacking = [n for n, has in packages.items() if n in needed and not has & {category, "main"}]
        if lacking:
            message = f"the category {category} needs {_told(lacking)}, which the lock does not have in it"
            yield _reason(case, category, message)
        if case.part.roots is not None:
            beyond = [n for n, has in packages.items() if category in has and n not in needed]
            # What nothing at all needs is told of as such.
            beyond = [n for n in beyond if any(n in names for names in of.values())]
            if beyond:
                message = f"the lock has {_told(beyond)} in the category {category}, which does not need it"
                yield _reason(case, category, message)


def _told(nodes: list[str]) -> str:
    names = sorted(node.partition(":")[2] for node in nodes)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _reason(case: Case, category: str, message: str) -> Reason:
    return Reason(code="category-changed", platform=case.part.platform, text=category, message=message)
