"""`Pipfile.lock`, read: `default` is the main category, `develop` is `dev`; hashes are those of all archives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from condaenv_tools.lock.foreign import Entry, Selected, Serving, assemble, foreign_lock, without_credential
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.pypi_target import Target, python_candidates
from condaenv_tools.lock.tables import FaultList, Where, fault_error, load_json
from condaenv_tools.lock.text import decode
from condaenv_tools.model.lock import Lock, PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.parse.inputs.pip_text import git_url

__all__ = ["PipfileLock"]

_TOP = re.compile(r'^\s*\{\s*"_meta"\s*:')
_CATEGORIES = {"default": "main", "develop": "dev"}
_VERSION = re.compile(r"={2,3}\s*([^\s*,;]+)")
_UNPINNED = (
    "is locked without a version, which Pipenv does where a marker keeps it from the machine that locked"
)
_Table = Mapping[str, Any]


class PipfileLock:
    """Reads `Pipfile.lock` (Pipenv). It names no files, so that addresses stay unknown."""

    name = "Pipfile.lock"
    serves_several = True

    def recognises(self, text: str) -> bool:
        """Say whether a text begins as Pipenv begins."""
        return bool(_TOP.match(text))

    def loads(self, text: str | bytes, *, path: str = "<text>", options: ReadOptions | None = None) -> Lock:
        """Read a lock.

        Parameters
        ----------
        text : str or bytes
            The content of the file.
        path : str
            The file, for messages.
        options : ReadOptions, optional
            For which platforms and Python markers are decided; the usual platforms, and the Python of the file.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on; a package without a version is one.

        Examples
        --------
        >>> text = '{"_meta": {}, "default": {"idna": {"version": "==3.10"}}, "develop": {}}'
        >>> PipfileLock().loads(text).on("linux-64").packages[0].record.version
        '3.10'
        """
        content = decode(text, path=path)
        tree = load_json(content, path=path)
        faults: FaultList = []
        lock = _lock(tree, options, faults)
        if faults:
            hint = "lock it anew: pipenv lock, on the platform that is wanted; -p names those that it is read for"
            raise fault_error(faults, content, path=path, what="a Pipfile.lock", hint=hint)
        return lock


def _lock(tree: _Table, options: ReadOptions | None, faults: FaultList) -> Lock:
    meta = tree.get("_meta")
    requires = meta.get("requires") if isinstance(meta, dict) else None
    requires = requires if isinstance(requires, dict) else {}
    stated = requires.get("python_full_version") or requires.get("python_version")
    python = (options.python if options is not None else None) or (
        stated if isinstance(stated, str) and stated[:1].isdigit() else None
    )
    entries = list(_entries(tree, faults))
    if faults:
        return Lock(platforms=())

    def select(target: Target) -> Iterator[Selected]:
        found: dict[str, tuple[Entry, list[str]]] = {}
        for category, marker, entry in entries:
            if not target.holds(marker):
                continue
            first, categories = found.setdefault(entry.record.name, (entry, []))
            if first.record != entry.record:
                yield Selected(entry=entry, categories=(category,))
            categories.append(category)
        for entry, categories in found.values():
            if entry.record.version == "*":
                told.append((entry.where, f"{entry.record.name} {_UNPINNED}"))
            yield Selected(entry=entry, categories=tuple(categories))

    told: FaultList = []
    chosen, packages = assemble(select, Serving.of(python_candidates(python=python), options), faults)
    faults += told
    if faults:
        return Lock(platforms=())
    # Nobody says which Python, unless the file or the user does.
    lock = foreign_lock(chosen, packages, unknown={"url"})
    return lock if python else Lock(platforms=lock.platforms, unknown=lock.unknown)


def _entries(tree: _Table, faults: FaultList) -> Iterator[tuple[str, str, Entry]]:
    for section, table in tree.items():
        if section == "_meta":
            continue
        if not isinstance(table, dict):
            faults.append(((section,), "not a table of packages"))
            continue
        category = _CATEGORIES.get(section, section)
        for name, value in table.items():
            where: Where = (section, name)
            if not isinstance(value, dict):
                faults.append((where, f"{name}: not a table"))
                continue
            record = _record(name, value)
            if isinstance(record, str):
                faults.append((where, record))
                continue
            marker = value.get("markers")
            yield category, marker if isinstance(marker, str) else "", Entry(where=where, record=record)


def _record(name: str, value: _Table) -> PyPIRecord | str:
    """Return the record of an entry, or what is wrong with it."""
    hashes = value.get("hashes", [])
    if not isinstance(hashes, list) or not all(isinstance(one, str) for one in hashes):
        return f"{name}: hashes should be a list of texts"
    shas = tuple(sorted({one[7:].lower() for one in hashes if one.startswith("sha256:")}))
    git, place = value.get("git"), value.get("file") or value.get("path") or value.get("url")
    direct = None
    if isinstance(git, str):
        direct = git_url(git, value)
        if not re.search(r"@[0-9a-f]{40,64}(?:#|$)", direct):
            return f"{name} names no commit, and what lies there may change"
    elif isinstance(place, str):
        direct = place
    version = value.get("version", "")
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if direct is None and match is None and version != "*":
        return f"{name}: version should be == and a version"
    pinned = "0" if direct is not None else "*"
    url = without_credential(direct) if direct is not None else ""
    return PyPIRecord(
        name=pypi_name(name),
        version=match[1] if match is not None else pinned,
        url=url,
        sha256=shas[0] if len(shas) == 1 else None,
        source=url or None,
        hashes=shas if len(shas) > 1 else (),
    )
