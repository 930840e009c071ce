"""`uv.lock`, read: what is reached from the projects of the workspace, on each platform that the lock serves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from condaenv_tools.lock.foreign import (
    Archive,
    Entry,
    Selected,
    Serving,
    assemble,
    foreign_lock,
    without_credential,
)
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.pypi_target import Target, python_candidates
from condaenv_tools.lock.tables import FaultList, Where, fault_error, load_toml
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock, PyPIRecord
from condaenv_tools.model.names import pypi_name

__all__ = ["UvLock"]

_PACKAGE = re.compile(r"^\[\[package\]\]", re.MULTILINE)
_SOURCE = re.compile(r"^source = \{ ?(?:registry|virtual|editable|git|url|path|directory) =", re.MULTILINE)
_REVISION = re.compile(r"#([0-9a-f]{40})$")
#: Where a project of the workspace lies: it is what is asked for, and not installed as a release.
_PROJECTS = ("virtual", "editable")
_Table = Mapping[str, Any]


class UvLock:
    """Reads `uv.lock`: the dependencies of the projects, their groups and extras as categories."""

    name = "uv.lock"
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text has packages with sources as uv writes them."""
        return bool(_PACKAGE.search(text) and _SOURCE.search(text))

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages.
        options : ReadOptions, optional
            For which platforms and Python; by default those of the usual platforms that it serves, and the oldest
            Python that its ``requires-python`` allows.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = '''
        ... version = 1
        ... requires-python = ">=3.12"
        ... [[package]]
        ... name = "toy"
        ... version = "0.1"
        ... source = { virtual = "." }
        ... '''
        >>> [len(part.packages) for part in UvLock().loads(text)]
        [0, 0, 0, 0, 0]
        """
        content = decode(text, path=path)
        tree = load_toml(content, path=path)
        faults: FaultList = []
        lock = _lock(tree, options, faults)
        if faults:
            hint = "lock it anew: uv lock; -p names the platforms that it is read for"
            raise fault_error(faults, content, path=path, what="a uv.lock", hint=hint)
        return lock


def _lock(tree: _Table, options: ReadOptions | None, faults: FaultList) -> Lock:
    if tree.get("version") != 1:
        faults.append((("version",), f"version {tree.get('version')} of uv.lock; only version 1 can be read"))
        return Lock(platforms=())
    packages = _packages(tree, faults)
    if faults:
        return Lock(platforms=())
    graph = _Graph(packages, tree)
    requires = tree.get("requires-python")
    python = options.python if options is not None else None
    pythons = python_candidates(requires if isinstance(requires, str) else None, python=python)
    chosen, found = assemble(graph.select, Serving.of(pythons, options), faults)
    return Lock(platforms=()) if faults else foreign_lock(chosen, found)


def _packages(tree: _Table, faults: FaultList) -> list[tuple[_Table, Entry]]:
    tables = tree.get("package", [])
    if not isinstance(tables, list):
        faults.append((("package",), "not a list of packages"))
        return []
    found = []
    for i, table in enumerate(tables):
        where: Where = ("package", i)
        wrong = _wrong(table)
        if wrong is None:
            found.append((table, _entry(table, where)))
        else:
            faults.append(((*where, wrong[0]), wrong[1]))
    return found


def _wrong(table: Any) -> tuple[str, str] | None:
    """Return which key of a package is at fault, and why."""
    if not isinstance(table, dict) or not isinstance(table.get("name"), str):
        return "name", "a package has no name; is the file cut off?"
    name = table["name"]
    source = table.get("source")
    if not isinstance(source, dict):
        return "source", f"{name} has no source; is the file cut off?"
    misshapen = next(_misshapen(table), None)
    if misshapen is not None:
        return misshapen
    files = [*table.get("wheels", ()), *([table["sdist"]] if "sdist" in table else ())]
    if not all(isinstance(one, dict) for one in files):
        return "wheels", f"{name}: a file should be a table"
    if "registry" in source and not files:
        return "source", f"{name} has no archive; is the file cut off?"
    return None


def _misshapen(table: _Table) -> Iterator[tuple[str, str]]:
    """Yield the keys of a package that do not hold what uv writes, and what they should be."""
    name = table["name"]
    if not isinstance(table.get("version", "0"), str):
        yield "version", f"{name}: version should be a text"
    if not isinstance(table.get("wheels", []), list):
        yield "wheels", f"{name}: wheels should be a list of tables"
    if not _is_needs(table.get("dependencies", [])):
        yield "dependencies", f"{name}: dependencies should be a list of tables"
    for key in ("optional-dependencies", "dev-dependencies"):
        groups = table.get(key, {})
        if not isinstance(groups, dict) or not all(map(_is_needs, groups.values())):
            yield key, f"{name}: {key} should be lists of tables by name"
    if not _is_texts(table.get("resolution-markers", [])):
        yield "resolution-markers", f"{name}: resolution-markers should be a list of texts"


def _is_needs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(need, dict)
        and isinstance(need.get("marker", ""), str)
        and _is_texts(need.get("extra", []))
        for need in value
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _entry(table: _Table, where: Where) -> Entry:
    source = table["source"]
    direct = _direct(source)
    archives = () if direct and "registry" not in source else tuple(_archives(table, source))
    first = next(iter(_archives(table, source)), None) if direct else None
    record = PyPIRecord(
        name=pypi_name(table["name"]),
        version=table.get("version", "0"),
        url=direct or "",
        source=direct,
        sha256=first.sha256 if first is not None and "url" in source else None,
    )
    return Entry(where=where, record=record, archives=archives)


def _direct(source: _Table) -> str | None:
    """Return the address of a source that is no index, in pip's words."""
    if "git" in source:
        url, _, fragment = str(source["git"]).partition("#")
        bare, _, query = url.partition("?")
        folder = next((f[13:] for f in query.split("&") if f.startswith("subdirectory=")), "")
        end = f"#subdirectory={folder}" if folder else ""
        return without_credential(f"git+{bare}@{fragment}{end}")
    for key in ("url", "path", "directory", *_PROJECTS):
        if key in source:
            return without_credential(str(source[key]))
    return None


def _archives(table: _Table, source: _Table) -> Iterator[Archive]:
    sdist = table.get("sdist")
    for one in [*table.get("wheels", ()), *([sdist] if sdist else ())]:
        url = str(one.get("url") or one.get("path") or one.get("filename") or source.get("url") or "")
        url = without_credential(url)
        kind, _, digest = str(one.get("hash", "")).partition(":")
        name = str(one.get("filename") or url.partition("#")[0].rpartition("/")[2])
        yield Archive(file_name=name, url=url, sha256=digest.lower() if kind == "sha256" else None)


class _Graph:
    """The packages of a lock, and what is reached on a machine."""

    def __init__(self, packages: list[tuple[_Table, Entry]], tree: _Table) -> None:
        self._packages = packages
        self._by_name: dict[str, list[int]] = {}
        for i, (_, entry) in enumerate(packages):
            self._by_name.setdefault(entry.record.name, []).append(i)
        manifest = tree.get("manifest")
        members = manifest.get("members") if isinstance(manifest, dict) else None
        named = {pypi_name(str(one)) for one in members} if isinstance(members, list) else None
        self._roots = [
            i
            for i, (table, entry) in enumerate(packages)
            if any(key in table["source"] for key in _PROJECTS)
            and (named is None or entry.record.name in named)
        ]

    def select(self, target: Target) -> Iterator[Selected]:
        """Yield what the projects need on a machine: `main`, and each group and extra as a category."""
        asked: dict[str, list[_Table]] = {"main": []}
        for i in self._roots:
            table = self._packages[i][0]
            asked["main"] += table.get("dependencies", ())
            for key in ("optional-dependencies", "dev-dependencies"):
                for name, needs in table.get(key, {}).items():
                    asked.setdefault(str(name), []).extend(needs)
        reached: dict[int, list[str]] = {}
        for category, needs in sorted(asked.items()):
            for i in self._reach(needs, target):
                reached.setdefault(i, []).append(category)
        for i in sorted(reached):
            table, entry = self._packages[i]
            if i not in self._roots:
                yield Selected(entry=self._with_needs(table, entry), categories=tuple(reached[i]))

    def _reach(self, needs: Iterable[_Table], target: Target) -> set[int]:
        found: set[tuple[int, str]] = set()
        todo = [pair for need in needs for pair in self._meant(need, target)]
        while todo:
            pair = todo.pop()
            if pair in found:
                continue
            found.add(pair)
            i, extra = pair
            table = self._packages[i][0]
            more = (
                table.get("optional-dependencies", {}).get(extra, ())
                if extra
                else table.get("dependencies", ())
            )
            todo += [(i, "")] if extra else []
            todo += [one for need in more for one in self._meant(need, target)]
        return {i for i, _ in found}

    def _meant(self, need: _Table, target: Target) -> list[tuple[int, str]]:
        """Return the packages of a dependency, and their extras that it asks for."""
        if not target.holds(need.get("marker")):
            return []
        found = []
        for i in self._by_name.get(pypi_name(str(need.get("name", ""))), ()):
            table = self._packages[i][0]
            other = [k for k in ("version", "source") if k in need and need[k] != table.get(k)]
            if not other and self._is_here(table, target):
                found.append(i)
        return [(i, extra) for i in found for extra in ("", *need.get("extra", ()))]

    @staticmethod
    def _is_here(table: _Table, target: Target) -> bool:
        """Say whether one of several forks of the resolution is that of a machine."""
        markers = table.get("resolution-markers")
        return not markers or any(target.holds(marker) for marker in markers)

    @staticmethod
    def _with_needs(table: _Table, entry: Entry) -> Entry:
        needs = tuple(
            (
                pypi_name(str(need.get("name"))),
                f"=={need['version']}" if "version" in need else "",
                str(need.get("marker", "")),
            )
            for need in table.get("dependencies", ())
        )
        return Entry(where=entry.where, record=entry.record, archives=entry.archives, needs=needs)
