"""`pylock.toml` (PEP 751) to a lock: what uv, pip, PDM and condaenv write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from packaging.pylock import Pylock, PylockUnsupportedVersionError, PylockValidationError

from condaenv_tools.errors import CondaEnvToolsError
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
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.lock.pypi_target import Target, python_candidates
from condaenv_tools.lock.tables import FaultList, Where
from condaenv_tools.model.lock import Lock, LockedPackage, PyPIRecord, Root
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.virtual import (
    VirtualPackage,
    default_virtual_packages,
    override_virtual_packages,
)

__all__ = ["OWN", "TEXTS", "lock_of", "plain_record"]

#: Our table, at the top and in each package.
OWN = "condaenv"
#: Fields of a record that our table of a package may say, where its other keys cannot.
TEXTS = ("version", "url", "sha256", "md5", "source")

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_NAMED = re.compile(r"pylock\.([a-z0-9-]+)\.toml")
_MINIMAL = {"lock-version": "1.0", "created-by": "x"}


def lock_of(tree: Mapping[str, Any], path: str, options: ReadOptions | None, faults: FaultList) -> Lock:
    """Return the lock of a tree; what is wrong is added to `faults`, and the lock then means nothing."""
    faults += _invalid(tree)
    if faults:
        return Lock(platforms=())
    own = _own(tree)
    reader = _Reader(tree)
    serving = _serving(tree, own, path, options)
    virtual = _virtual(own, faults)
    named = serving.platforms if serving.own and virtual is not None else ()
    assumed = {p: override_virtual_packages(default_virtual_packages(p), virtual or ()) for p in named}
    python, packages = assemble(reader.select, serving, faults, assumed)
    if faults:
        return Lock(platforms=())
    packages = {platform: tuple(map(reader.with_own, found)) for platform, found in packages.items()}
    lock = foreign_lock(python, packages)
    return _with_own_top(lock, own, virtual, faults) if own else lock


def _invalid(tree: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    """Find what breaks the specification: `packaging` stops at the first fault of what it is given."""
    entries = tree.get("packages")
    whole = entries if isinstance(entries, list) else None
    try:
        Pylock.from_dict({**tree, **({"packages": []} if whole is not None else {})})
    except PylockUnsupportedVersionError as error:
        yield ("lock-version",), f"{_said(error)}; only version 1 can be read"
        return
    except PylockValidationError as error:
        yield _where(error), _said(error)
    for i, entry in enumerate(whole or ()):
        try:
            Pylock.from_dict({**_MINIMAL, "packages": [entry]})
        except PylockValidationError as error:
            name = entry.get("name") if isinstance(entry, dict) else None
            label = f"{name}: " if isinstance(name, str) else ""
            steps = _where(error)
            yield ("packages", i, *steps[2:]), f"{label}{_said(error)}"


def _said(error: PylockValidationError) -> str:
    text = error.message.partition("\n")[0].rstrip(".")
    key = (error.context or "").rpartition(".")[2].partition("[")[0]
    if text.startswith("Missing required value"):
        return f"there is no {key!r}; is the file cut off?"
    return f"{text[:1].lower()}{text[1:]}" + (f" ({key})" if key and key not in text else "")


def _where(error: PylockValidationError) -> tuple[str | int, ...]:
    return tuple(
        int(match[2]) if match[2] is not None else match[1] for match in _STEP.finditer(error.context or "")
    )


def _own(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    tool = tree.get("tool")
    own = tool.get(OWN) if isinstance(tool, dict) else None
    return own if isinstance(own, dict) else {}


def _serving(
    tree: Mapping[str, Any], own: Mapping[str, Any], path: str, options: ReadOptions | None
) -> Serving:
    stated = own.get("python")
    wanted = options.python if options is not None else None
    python = wanted or (stated if isinstance(stated, str) else None)
    pythons = python_candidates(tree.get("requires-python"), python=python)
    serving = Serving.of(pythons, options)
    if serving.platforms:
        return serving
    named = own.get("platform") or next(iter(_NAMED.findall(path.replace("\\", "/").rpartition("/")[2])), "")
    if isinstance(named, str) and Platform.is_name(named):
        return replace(serving, platforms=(Platform.parse(named),), own="platform" in own)
    environments = tree.get("environments") or ()
    fitting = _fitting(DEFAULT_PLATFORMS, environments, pythons) or _fitting(Platform, environments, pythons)
    return replace(serving, candidates=fitting)


def _fitting(
    platforms: Iterable[Platform], environments: Sequence[str], pythons: Sequence[str]
) -> tuple[Platform, ...]:
    """Return the platforms that one of the markers of the lock is true of."""
    return tuple(
        sorted(p for p in platforms if any(_is_meant(Target(p, one), environments) for one in pythons))
    )


def _is_meant(target: Target, environments: Sequence[str]) -> bool:
    try:
        return not environments or any(target.holds(marker) for marker in environments)
    except CondaEnvToolsError:
        return False


class _Reader:
    """The packages of a lock, and which of them a machine gets."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self._environments = tree.get("environments") or ()
        self._defaults = tuple(tree.get("default-groups") or ())
        groups = [one for one in tree.get("dependency-groups") or () if one not in self._defaults]
        #: What may be asked for beside the rest: category, extras, groups.
        self._more: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
            (name, (name,), self._defaults) for name in tree.get("extras") or ()
        ]
        self._more += [(name, (), (*self._defaults, name)) for name in groups]
        self._entries = [(entry, _entry(entry, ("packages", i))) for i, entry in enumerate(tree["packages"])]
        #: By what `assemble` makes of a package: its name, version and address.
        self._by_address = {
            (e.record.name, e.record.version, url): table
            for table, e in self._entries
            for url in [e.record.url, *(one.url for one in e.archives)]
        }

    def select(self, target: Target) -> Iterator[Selected]:
        """Yield what is installed on a machine."""
        for table, entry in self._entries:
            marker = table.get("marker")
            if target.holds(marker, groups=self._defaults):
                yield Selected(entry=entry)
                continue
            categories = tuple(
                name
                for name, extras, groups in self._more
                if target.holds(marker, extras=extras, groups=groups)
            )
            if categories:
                yield Selected(entry=entry, categories=categories)

    def with_own(self, package: LockedPackage) -> LockedPackage:
        """Return a package with what our own table says of it."""
        assert isinstance(package.record, PyPIRecord)
        key = (package.name, package.record.version, package.record.url)
        return with_own(package, _own(self._by_address[key]))


def with_own(package: LockedPackage, own: Mapping[str, Any]) -> LockedPackage:
    """Return a package with what our table of it says; what has another shape is passed over."""
    assert isinstance(package.record, PyPIRecord)
    changes: dict[str, Any] = {key: own[key] for key in TEXTS if isinstance(own.get(key), str)}
    changes |= {key: None for key in own.get("none", ()) if key in {"sha256", "md5", "source"}}
    for key in ("requirements", "hashes"):
        if isinstance(own.get(key), list):
            changes[key] = tuple(map(str, own[key]))
    if isinstance(own.get("requires"), list):
        changes["requires"] = tuple(
            (str(one).partition(" ")[0], str(one).partition(" ")[2]) for one in own["requires"]
        )
    categories = own.get("categories")
    found = replace(package, record=replace(package.record, **changes))
    if isinstance(categories, list) and categories:
        named = tuple(map(str, categories))
        found = replace(found, categories=named, optional="main" not in named)
    return found


def _entry(table: Mapping[str, Any], where: Where) -> Entry:
    record = plain_record(table)
    archives = tuple(_archives(table))
    return Entry(
        where=where,
        record=record,
        archives=archives,
        requires_python=table.get("requires-python"),
        needs=tuple(
            (one["name"], "", "")
            for one in table.get("dependencies") or ()
            if isinstance(one.get("name"), str)
        ),
    )


def _archives(table: Mapping[str, Any]) -> Iterator[Archive]:
    sdist = table.get("sdist")
    for one in [*table.get("wheels", ()), *([sdist] if sdist else ())]:
        url = without_credential(one.get("url") or one.get("path") or "")
        name = one.get("name") or url.partition("#")[0].replace("\\", "/").rpartition("/")[2]
        hashes = {key.lower(): value.lower() for key, value in one["hashes"].items()}
        yield Archive(file_name=name, url=url, sha256=hashes.get("sha256"), md5=hashes.get("md5"))


def plain_record(table: Mapping[str, Any]) -> PyPIRecord:
    """Return what the keys of the specification say of a package; of archives of an index, the first is taken."""
    url, hashes, direct = "", {}, True
    if (vcs := table.get("vcs")) is not None:
        place = vcs.get("url") or vcs.get("path") or ""
        url = f"{vcs['type']}+{place}@{vcs['commit-id']}{_folder(vcs)}"
    elif (directory := table.get("directory")) is not None:
        url = f"{directory['path']}{_folder(directory)}"
    elif (archive := table.get("archive")) is not None:
        url = f"{archive.get('url') or archive.get('path')}{_folder(archive)}"
        hashes = {key.lower(): value.lower() for key, value in archive["hashes"].items()}
    else:
        direct = False
        first = next(_archives(table), None)
        if first is not None:
            url = first.url
            hashes = {"sha256": first.sha256, "md5": first.md5}
    url = without_credential(url)
    return PyPIRecord(
        name=table["name"],
        version=table.get("version", "0"),
        url=url,
        sha256=hashes.get("sha256"),
        md5=hashes.get("md5"),
        source=url if direct else None,
    )


def _folder(table: Mapping[str, Any]) -> str:
    folder = table.get("subdirectory")
    return f"#subdirectory={folder}" if folder else ""


def _virtual(own: Mapping[str, Any], faults: FaultList) -> tuple[VirtualPackage, ...] | None:
    texts = own.get("virtual-packages")
    if not isinstance(texts, list):
        return None
    try:
        return tuple(sorted(VirtualPackage.parse(str(text)) for text in texts))
    except CondaEnvToolsError as error:
        faults.append((("tool", OWN, "virtual-packages"), error.message))
        return None


def _with_own_top(
    lock: Lock, own: Mapping[str, Any], virtual: tuple[VirtualPackage, ...] | None, faults: FaultList
) -> Lock:
    metadata = own.get("metadata")
    pairs = {str(k): str(v) for k, v in metadata.items()} if isinstance(metadata, dict) else {}
    if isinstance(own.get("python"), str):
        pairs[PYTHON] = own["python"]
    parts = tuple(
        replace(
            part,
            virtual_packages=virtual,
            roots=_roots(own.get("roots"), faults),
            content_hash=own["content-hash"] if isinstance(own.get("content-hash"), str) else None,
        )
        for part in lock.platforms
    )
    sources = own.get("sources")
    return replace(
        lock,
        platforms=parts,
        sources=tuple(map(str, sources)) if isinstance(sources, list) else (),
        metadata=tuple(sorted(pairs.items())),
    )


def _roots(values: Any, faults: FaultList) -> tuple[Root, ...] | None:
    if not isinstance(values, list):
        return None
    names = {field.name for field in fields(Root)}
    found = []
    for i, value in enumerate(values):
        sound = (
            isinstance(value, dict) and value.keys() <= names and {"name", "spec", "source"} <= value.keys()
        )
        if not sound or not all(isinstance(text, str) for text in value.values()):
            faults.append(
                (("tool", OWN, "roots", i), "a root is a table with the texts name, spec and source")
            )
            continue
        found.append(Root(**{"manager": "pip", **value}))
    return tuple(found)
