"""Groups that include others: dependency groups (PEP 735) and extras that name their own project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.inputs.draft import Draft, Place
from condaenv_tools.parse.inputs.items import Item, describe_value
from condaenv_tools.parse.report import quoted

__all__ = ["read_dependency_groups", "read_extras"]

_OWN_EXTRAS = re.compile(r"\s*([A-Za-z0-9._-]+)\s*\[([^\]]*)\]\s*")
#: Requirements of one file, included ones counted each time; no project comes near it.
MAX_ITEMS = 20_000


class _Groups:
    """Follows the includes of one table of groups.

    Parameters
    ----------
    draft : Draft
        Where findings go.
    groups : mapping of str to Item
        The lists, by normalised name.
    """

    def __init__(self, draft: Draft, groups: Mapping[str, Item]) -> None:
        self.draft = draft
        self.groups = groups
        self.left = MAX_ITEMS

    def walk(self, name: str) -> Iterator[Item]:
        """Yield the requirements of a group, those of the groups that it includes in their places."""
        trail: list[str] = [name]
        todo: list[Iterator[Item]] = [self.groups[name].elements()]
        while todo:
            item = next(todo[-1], None)
            if item is None:
                todo.pop()
                trail.pop()
                continue
            self.left -= 1
            if self.left < 0:
                self.draft.tell("CE134", "the groups include each other beyond all sense", item.place)
                return
            if not self._included(item):
                yield item
                continue
            for wanted, place in reversed(self._included(item)):
                if self._can_include(wanted, place, trail):
                    trail.append(wanted)
                    todo.append(self.groups[wanted].elements())

    def _can_include(self, wanted: str, place: Place, trail: list[str]) -> bool:
        if wanted in trail:
            path = " -> ".join([*trail[trail.index(wanted) :], wanted])
            self.draft.tell("CE134", f"the group {quoted(wanted)} includes itself: {path}", place)
            return False
        if wanted not in self.groups:
            known = ", ".join(sorted(self.groups)) or "none"
            self.draft.tell(
                "CE134", f"there is no group {quoted(wanted)} to include", place, hint=f"there are: {known}"
            )
            return False
        return True

    def _included(self, item: Item) -> list[tuple[str, Place]]:
        """Return the groups that an item stands for; nothing where it is a requirement."""
        raise NotImplementedError


class _DependencyGroups(_Groups):
    def _included(self, item: Item) -> list[tuple[str, Place]]:
        wanted = item.get("include-group")
        if wanted is None or not isinstance(wanted.value, str):
            return []
        return [(pypi_name(wanted.value), wanted.place)]


class _Extras(_Groups):
    """Extras of one project: a requirement of the project itself stands for its own extras."""

    def __init__(self, draft: Draft, groups: Mapping[str, Item], project: str) -> None:
        super().__init__(draft, groups)
        self.project = pypi_name(project)

    def _included(self, item: Item) -> list[tuple[str, Place]]:
        match = _OWN_EXTRAS.fullmatch(item.value) if isinstance(item.value, str) else None
        if match is None or not self.project or pypi_name(match[1]) != self.project:
            return []
        return [(pypi_name(name), item.place) for name in match[2].split(",") if name.strip()]


def read_dependency_groups(draft: Draft, item: Item | None) -> list[tuple[str, Item]]:
    """Return the requirements of ``[dependency-groups]`` with the group of each.

    References
    ----------
    PEP 735, dependency groups.
    """
    groups = _lists(draft, item, "dependency-groups")
    return _all_of(draft, _DependencyGroups(draft, groups), groups)


def read_extras(draft: Draft, item: Item | None, project: str) -> list[tuple[str, Item]]:
    """Return the requirements of ``optional-dependencies`` (PEP 621) with the extra of each."""
    groups = _lists(draft, item, "optional-dependencies")
    return _all_of(draft, _Extras(draft, groups, project), groups)


def _lists(draft: Draft, item: Item | None, what: str) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for name, group in draft.table(item, what):
        normal = pypi_name(name)
        if not group.is_array:
            draft.wrong(group, f"the group {quoted(name)}", "a list")
        elif normal in found:
            draft.tell(
                "CE134", f"the group {quoted(name)} is there already under another spelling", group.key
            )
        else:
            found[normal] = group
    return found


def _all_of(draft: Draft, walker: _Groups, groups: Mapping[str, Item]) -> list[tuple[str, Item]]:
    found = []
    for name in groups:
        for item in walker.walk(name):
            if isinstance(item.value, str):
                found.append((name, item))
            else:
                message = f"an item of the group {quoted(name)} should be a text or {{include-group = NAME}}"
                draft.tell("CE133", f"{message}, and is {describe_value(item.value)}", item.place)
    return found
