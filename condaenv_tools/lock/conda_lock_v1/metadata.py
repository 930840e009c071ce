"""What `custom_metadata` of a `conda-lock.yml` says for us: virtual packages and roots, as lines of text.

The format has no place for them, and its `custom_metadata` maps strings to strings. One line for each
platform or root keeps a diff as small as the change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.model.lock import LockedPlatform, Root
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["ROOTS", "VIRTUAL_PACKAGES", "dump_roots", "dump_virtual", "load_roots", "load_virtual"]

#: One line for each platform: ``linux-64: __glibc=2.28=0 __unix=0=0``.
VIRTUAL_PACKAGES = "condaenv.virtual-packages"

#: One JSON object for each root: its name, spec and source; category, manager and platforms where they are
#: not `main`, `conda` and all.
ROOTS = "condaenv.roots"


def dump_virtual(platforms: Sequence[LockedPlatform]) -> str | None:
    """Return the virtual packages of all platforms that say them, or None where none does."""
    lines = [
        f"{part.platform}: {' '.join(map(str, part.virtual_packages))}".rstrip()
        for part in platforms
        if part.virtual_packages is not None
    ]
    return "\n".join(lines) if lines else None


def load_virtual(text: str) -> dict[str, tuple[VirtualPackage, ...]]:
    """Read what `dump_virtual` wrote.

    Raises
    ------
    ValueError
        It did not write this.
    """
    found = {}
    for line in text.splitlines():
        platform, colon, packages = line.partition(":")
        if not colon:
            raise ValueError(f"{line!r} is not PLATFORM: NAME=VERSION=BUILD ...")
        try:
            found[platform.strip()] = tuple(sorted(map(VirtualPackage.parse, packages.split())))
        except CondaEnvToolsError as error:
            raise ValueError(error.message) from error
    return found


def dump_roots(platforms: Sequence[LockedPlatform]) -> str | None:
    """Return the roots of all platforms that say them, or None where none does."""
    known = [part for part in platforms if part.roots is not None]
    if not known:
        return None
    names = [str(part.platform) for part in known]
    lines = []
    silent = [str(part.platform) for part in platforms if part.roots is None]
    if silent:
        lines.append(_json({"unknown": silent}))
    merged = _merge([part.roots or () for part in known])
    if all(_only(merged, i) == (part.roots or ()) for i, part in enumerate(known)):
        lines += [_line(root, [names[i] for i in sorted(where)], names) for root, where in merged]
    else:
        # Orders that contradict each other: no one list has them all, so each platform has its own.
        lines += [_line(r, [str(part.platform)], []) for part in known for r in part.roots or ()]
    return "\n".join(lines)


def load_roots(text: str, platforms: Sequence[str]) -> dict[str, tuple[Root, ...]]:
    """Read what `dump_roots` wrote; a platform whose roots were not known is not in the answer.

    Raises
    ------
    ValueError
        It did not write this.
    """
    entries = [json.loads(line) for line in text.splitlines()]
    if not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("a root is a JSON object on one line")
    silent = {name for entry in entries for name in entry.get("unknown", ())}
    found: dict[str, list[Root]] = {name: [] for name in platforms if name not in silent}
    for entry in entries:
        if "unknown" in entry:
            continue
        root = _root(entry)
        for name in entry.get("platforms", list(found)):
            found.setdefault(name, []).append(root)
    return {name: tuple(roots) for name, roots in found.items()}


def _merge(lists: Sequence[Sequence[Root]]) -> list[tuple[Root, set[int]]]:
    """Merge lists of roots into one that keeps the order of each, as far as there is one."""
    order: list[Root] = []
    where: dict[Root, set[int]] = {}
    for i, roots in enumerate(lists):
        at = 0
        for root in roots:
            if root in where:
                at = order.index(root) + 1
            else:
                order.insert(at, root)
                where[root] = set()
                at += 1
            where[root].add(i)
    return [(root, where[root]) for root in order]


def _only(merged: Sequence[tuple[Root, set[int]]], i: int) -> tuple[Root, ...]:
    return tuple(root for root, where in merged if i in where)


def _line(root: Root, where: list[str], everywhere: list[str]) -> str:
    entry: dict[str, Any] = {"name": root.name, "spec": root.spec, "source": root.source}
    if root.category != "main":
        entry["category"] = root.category
    if root.manager != "conda":
        entry["manager"] = root.manager
    if where != everywhere:
        entry["platforms"] = where
    return _json(entry)


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True)


def _root(entry: Mapping[str, Any]) -> Root:
    texts = {key: entry.get(key) for key in ("name", "spec", "source")}
    texts |= {"category": entry.get("category", "main"), "manager": entry.get("manager", "conda")}
    wrong = [key for key, value in texts.items() if not isinstance(value, str)]
    if wrong or not isinstance(entry.get("platforms", []), list):
        raise ValueError(
            f"a root without a proper {wrong[0] if wrong else 'list of platforms'}: {_json(entry)}"
        )
    return Root(**{key: str(value) for key, value in texts.items()})
