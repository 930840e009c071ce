"""`poetry.lock`, read: the lock of poetry 1 and 2, its groups and extras as categories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
from condaenv_tools.parse.inputs.pip_text import git_url

__all__ = ["PoetryLock"]

_PACKAGE = re.compile(r"^\[\[package\]\]", re.MULTILINE)
_METADATA = re.compile(r"^(?:python-versions|content-hash|lock-version) = ", re.MULTILINE)
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
_Table = Mapping[str, Any]


class PoetryLock:
    """Reads `poetry.lock`. It names files without their addresses, which stay unknown.

    Only poetry 2 says on which machine a package is installed. For older locks it follows from the requirements
    of the others: what some need, and none of them on the machine, is left out.
    """

    name = "poetry.lock"
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text has packages and poetry's metadata."""
        return bool(_PACKAGE.search(text) and _METADATA.search(text) and "[metadata]" in text)

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
            Python that it allows.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = '''
        ... package = []
        ... [metadata]
        ... lock-version = "2.1"
        ... python-versions = ">=3.12"
        ... content-hash = "0"
        ... '''
        >>> dict(PoetryLock().loads(text).metadata)
        {'condaenv.python': '3.12'}
        """
        content = decode(text, path=path)
        tree = load_toml(content, path=path)
        faults: FaultList = []
        lock = _lock(tree, options, faults)
        if faults:
            hint = "lock it anew: poetry lock; -p names the platforms that it is read for"
            raise fault_error(faults, content, path=path, what="a poetry.lock", hint=hint)
        return lock


def _lock(tree: _Table, options: ReadOptions | None, faults: FaultList) -> Lock:
    metadata = tree.get("metadata")
    if not isinstance(metadata, dict):
        faults.append((("metadata",), "there is no metadata; is the file cut off?"))
        return Lock(platforms=())
    packages = list(_packages(tree, metadata, faults))
    if faults:
        return Lock(platforms=())
    stated = metadata.get("python-versions")
    python = options.python if options is not None else None
    pythons = python_candidates(_specifier(stated) if isinstance(stated, str) else None, python=python)
    selection = _Selection(packages, says_markers=str(metadata.get("lock-version", "1")) >= "2.1")
    chosen, found = assemble(selection.select, Serving.of(pythons, options), faults)
    return Lock(platforms=()) if faults else foreign_lock(chosen, found, unknown={"url"})


def _specifier(text: str) -> str | None:
    """Return poetry's words for versions of Python as a specifier, as far as the oldest of them matters."""
    first = text.partition("||")[0].strip()
    match = re.match(r"[\^~]\s*(\d+(?:\.\d+)*)", first)
    if match is not None:
        return f">={match[1]}"
    return None if first in {"", "*"} else first.replace(" ", ",").replace(",,", ",")


def _packages(tree: _Table, metadata: _Table, faults: FaultList) -> Iterator[tuple[_Table, Entry]]:
    tables = tree.get("package", [])
    if not isinstance(tables, list):
        faults.append((("package",), "not a list of packages"))
        return
    # Before 1.3 all files stood in the metadata.
    files = metadata.get("files")
    shared = files if isinstance(files, dict) else {}
    for i, table in enumerate(tables):
        where: Where = ("package", i)
        name = table.get("name") if isinstance(table, dict) else None
        if not isinstance(name, str) or not isinstance(table.get("version"), str):
            faults.append(
                (where, f"{name or 'a package'} has no {'version' if name else 'name'}; is the file cut off?")
            )
            continue
        listed = table.get("files", shared.get(name, []))
        if not isinstance(listed, list) or not all(
            isinstance(f, dict) and isinstance(f.get("file"), str) for f in listed
        ):
            faults.append(((*where, "files"), f"{name}: files should be a list of tables with a file"))
            continue
        yield table, _entry(table, listed, where)


def _entry(table: _Table, files: list[_Table], where: Where) -> Entry:
    source = table.get("source")
    direct = _direct(source) if isinstance(source, dict) else None
    archives = tuple(_archive(one) for one in files)
    url_file = (
        archives[0]
        if direct and archives and isinstance(source, dict) and source.get("type") == "url"
        else None
    )
    record = PyPIRecord(
        name=pypi_name(table["name"]),
        version=table["version"],
        url=direct or "",
        sha256=url_file.sha256 if url_file else None,
        source=direct,
    )
    needs = tuple(_needs(table.get("dependencies")))
    python = table.get("python-versions")
    requires = _specifier(python) if isinstance(python, str) else None
    return Entry(
        where=where,
        record=record,
        archives=() if direct else archives,
        requires_python=requires,
        needs=needs,
    )


def _archive(one: _Table) -> Archive:
    kind, _, digest = str(one.get("hash", "")).partition(":")
    name = str(one["file"])
    return Archive(
        file_name=name,
        url=str(one.get("url") or name),
        sha256=digest.lower() if kind == "sha256" else None,
        md5=digest.lower() if kind == "md5" else None,
    )


def _direct(source: _Table) -> str | None:
    url, kind = source.get("url"), source.get("type")
    if not isinstance(url, str):
        return None
    if kind == "git":
        revision = source.get("resolved_reference") or source.get("reference")
        return without_credential(git_url(url, {"rev": revision, "subdirectory": source.get("subdirectory")}))
    return without_credential(url) if kind in {"url", "file", "directory"} else None


def _needs(dependencies: Any) -> Iterator[tuple[str, str, str]]:
    for name, value in dependencies.items() if isinstance(dependencies, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            table = one if isinstance(one, dict) else {"version": one}
            marker = table.get("markers")
            specifier = _specifier_of(str(table.get("version", "")))
            yield pypi_name(name), specifier, marker if isinstance(marker, str) else ""


def _specifier_of(version: str) -> str:
    """Return a version of a requirement where PEP 440 has the same words for it, else nothing."""
    return (
        version.replace(" ", "") if re.fullmatch(r"(?:(?:[<>]=?|==|!=|~=)[\w.*+!-]+[, ]*)+", version) else ""
    )


class _Selection:
    """The packages of a lock, and which of them a machine gets."""

    def __init__(self, packages: list[tuple[_Table, Entry]], *, says_markers: bool) -> None:
        self._packages = packages
        self._says_markers = says_markers

    def select(self, target: Target) -> Iterator[Selected]:
        """Yield what is installed on a machine."""
        chosen = []
        for table, entry in self._packages:
            categories = tuple(_categories(table, target))
            if categories:
                chosen.append((entry, categories))
        needed = None if self._says_markers else self._needed([entry for entry, _ in chosen], target)
        for entry, categories in chosen:
            if needed is None or entry.record.name in needed:
                yield Selected(entry=entry, categories=categories)

    @staticmethod
    def _needed(entries: list[Entry], target: Target) -> set[str]:
        """Return the names that nobody needs, which were asked for, and what they need on the machine."""
        needs: dict[str, set[str]] = {}
        somewhere: set[str] = set()
        for entry in entries:
            somewhere |= {name for name, _, _ in entry.needs if name != entry.record.name}
            holding = {name for name, _, marker in entry.needs if target.holds(marker)}
            needs.setdefault(entry.record.name, set()).update(holding)
        found = {entry.record.name for entry in entries} - somewhere
        todo = list(found)
        while todo:
            for name in needs.get(todo.pop(), ()):
                if name not in found:
                    found.add(name)
                    todo.append(name)
        return found


def _categories(table: _Table, target: Target) -> Iterator[str]:
    """Yield the groups and extras by which a package comes to a machine."""
    groups = table.get("groups")
    named: list[str] = (
        [pypi_name(one) for one in groups if isinstance(one, str)] if isinstance(groups, list) else []
    )
    category = table.get("category")
    named = named or [pypi_name(category) if isinstance(category, str) and category else "main"]
    markers = table.get("markers")
    for group in named:
        marker = markers.get(group) if isinstance(markers, dict) else markers
        text = marker if isinstance(marker, str) else ""
        extras = sorted(set(map(pypi_name, _EXTRA.findall(text)))) if table.get("optional") is True else []
        if not extras and target.holds(text):
            yield group
        yield from (extra for extra in extras if target.holds(text, extras=[extra]))
