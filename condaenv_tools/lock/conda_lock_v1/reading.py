"""`conda-lock.yml` version 1 to a lock: what conda-lock 1 to 4, micromamba's users and converters wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from condaenv_tools.errors import InvalidPlatformError
from condaenv_tools.lock.conda_lock_v1.entries import FaultList, read_place, read_record
from condaenv_tools.lock.conda_lock_v1.metadata import ROOTS, VIRTUAL_PACKAGES, load_roots, load_virtual
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["KEPT_METADATA", "UNKNOWN", "lock_of"]

#: Fields of a record that the format has no word for.
UNKNOWN = frozenset(
    {
        "build_number",
        "constrains",
        "extra_depends",
        "features",
        "flags",
        "license",
        "license_family",
        "noarch",
        "purls",
        "python_site_packages_path",
        "size",
        "timestamp",
        "track_features",
    }
)

_METADATA_KEYS = {"content_hash", "channels", "platforms", "sources", "custom_metadata"}
#: Optional metadata of conda-lock, kept as pairs: key, and how many levels of mapping lie below it.
KEPT_METADATA = {"time_metadata": 1, "git_metadata": 1, "inputs_metadata": 2}


@dataclass(slots=True)
class _Meta:
    platforms: tuple[Platform, ...]
    content_hash: Mapping[str, str]
    channels: tuple[LockChannel, ...]
    sources: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    virtual: Mapping[str, tuple[VirtualPackage, ...]]
    roots: Mapping[str, tuple[Root, ...]]


def lock_of(tree: Mapping[str, Any], faults: FaultList) -> Lock:
    """Return the lock of a tree; what is wrong is added to `faults`, and the lock then means nothing."""
    for key in tree:
        if key not in {"version", "metadata", "package"}:
            faults.append(((key,), f"the key {key!r} does not belong to the format"))
    meta = _meta(tree.get("metadata"), faults)
    entries = tree.get("package")
    if not isinstance(entries, list):
        what = "there is no list of packages; is the file cut off?" if entries is None else "not a list"
        faults.append((("package",), what))
        entries = []
    packages = _packages(entries, meta, faults)
    parts = tuple(
        LockedPlatform(
            platform=platform,
            packages=packages[platform],
            virtual_packages=meta.virtual.get(platform),
            roots=meta.roots.get(platform),
            content_hash=meta.content_hash.get(platform),
        )
        for platform in meta.platforms
    )
    return Lock(
        platforms=parts, channels=meta.channels, sources=meta.sources, metadata=meta.pairs, unknown=UNKNOWN
    )


def _meta(tree: Any, faults: FaultList) -> _Meta:
    where: tuple[str | int, ...] = ("metadata",)
    if not isinstance(tree, dict):
        faults.append(
            (where, "there is no metadata; is the file cut off?" if tree is None else "not a mapping")
        )
        return _Meta((), {}, (), (), (), {}, {})
    for key in tree:
        if key not in _METADATA_KEYS and key not in KEPT_METADATA:
            faults.append(((*where, key), f"the key {key!r} does not belong to the format"))
    platforms = []
    for i, text in enumerate(_texts(tree.get("platforms"), (*where, "platforms"), faults)):
        try:
            platforms.append(Platform.parse(text))
        except InvalidPlatformError as error:
            faults.append(((*where, "platforms", i), error.message))
    custom = _mapping(tree.get("custom_metadata") or {}, (*where, "custom_metadata"), faults)
    pairs = {k: v for k, v in custom.items() if k not in {ROOTS, VIRTUAL_PACKAGES}}
    for key, levels in KEPT_METADATA.items():
        pairs |= _kept_pairs(tree.get(key), levels, (*where, key), faults)
    names = [str(p) for p in platforms]
    return _Meta(
        platforms=tuple(sorted(set(platforms))),
        content_hash=_mapping(tree.get("content_hash"), (*where, "content_hash"), faults),
        channels=_channels(tree.get("channels"), (*where, "channels"), faults),
        sources=tuple(_texts(tree.get("sources"), (*where, "sources"), faults)),
        pairs=tuple(sorted(pairs.items())),
        virtual=_decoded(custom, VIRTUAL_PACKAGES, load_virtual, faults),
        roots=_decoded(custom, ROOTS, lambda text: load_roots(text, names), faults),
    )


def _decoded(
    custom: Mapping[str, str], key: str, decode: Callable[[str], Mapping[str, Any]], faults: FaultList
) -> Mapping[str, Any]:
    if key not in custom:
        return {}
    try:
        return decode(custom[key])
    except ValueError as error:
        faults.append((("metadata", "custom_metadata", key), f"not what condaenv wrote: {error}"))
        return {}


def _channels(value: Any, where: tuple[str | int, ...], faults: FaultList) -> tuple[LockChannel, ...]:
    if not isinstance(value, list):
        faults.append((where, "missing" if value is None else "not a list"))
        return ()
    found = []
    for i, item in enumerate(value):
        if isinstance(item, str):
            found.append(LockChannel(url=item))
        elif isinstance(item, dict) and isinstance(item.get("url"), str):
            used = _texts(item.get("used_env_vars") or [], (*where, i, "used_env_vars"), faults)
            found.append(LockChannel(url=item["url"], used_env_vars=tuple(used)))
        else:
            faults.append(((*where, i), "a channel is a mapping with a url"))
    return tuple(found)


def _texts(value: Any, where: tuple[str | int, ...], faults: FaultList) -> list[str]:
    if not isinstance(value, list):
        faults.append((where, "missing" if value is None else "not a list"))
        return []
    for i, item in enumerate(value):
        if not isinstance(item, str):
            faults.append(((*where, i), "not a text"))
    return [item for item in value if isinstance(item, str)]


def _mapping(value: Any, where: tuple[str | int, ...], faults: FaultList) -> dict[str, str]:
    if not isinstance(value, dict):
        faults.append((where, "missing" if value is None else "not a mapping"))
        return {}
    for key, item in value.items():
        if not isinstance(key, str) or not isinstance(item, str):
            faults.append(((*where, key), "not a text"))
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}


def _kept_pairs(value: Any, levels: int, where: tuple[str | int, ...], faults: FaultList) -> dict[str, str]:
    """Flatten optional metadata to pairs such as ``time_metadata.created_at``; null is as good as absent."""
    if value is None:
        return {}
    if levels == 0:
        if isinstance(value, str):
            return {".".join(map(str, where[1:])): value}
        faults.append((where, "not a text"))
        return {}
    if not isinstance(value, dict):
        faults.append((where, "not a mapping"))
        return {}
    found: dict[str, str] = {}
    for key, item in value.items():
        found |= _kept_pairs(item, levels - 1, (*where, key), faults)
    return found


def _packages(
    entries: list[Any], meta: _Meta, faults: FaultList
) -> dict[Platform, tuple[LockedPackage, ...]]:
    known = {str(p): p for p in meta.platforms}
    found: dict[str, dict[PackageRecord | PyPIRecord, dict[str, bool]]] = {name: {} for name in known}
    repeated: list[tuple[str, PackageRecord | PyPIRecord, str, bool]] = []
    # Some writers leave `optional` out throughout; where the first has it, it was cut off the others.
    unsaid = None if entries and isinstance(entries[0], dict) and "optional" in entries[0] else False
    # Most packages are `noarch` and stand once for each platform: one record serves them all.
    seen: dict[str, tuple[Mapping[str, Any], PackageRecord]] = {}
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict):
            faults.append((("package", i), "not a mapping"))
            continue
        if entry.get("manager") == "conda" and is_virtual(str(entry.get("name"))):
            # Old releases wrote the virtual packages among the others, and less of each; nobody installs one.
            continue
        record = read_record(entry, i, faults, seen)
        platform, category, optional = read_place(entry, i, known, faults, unsaid=unsaid)
        if record is None or platform is None:
            continue
        categories = found[platform].setdefault(record, {})
        if category in categories:
            repeated.append((platform, record, category, optional))
        categories[category] = optional
    result = {}
    for name, records in found.items():
        packages = [
            LockedPackage(record=r, categories=tuple(sorted(c)), optional=all(c.values()))
            for r, c in records.items()
        ]
        packages += [
            LockedPackage(record=r, categories=(c,), optional=o) for p, r, c, o in repeated if p == name
        ]
        packages.sort(key=lambda package: (package.manager, package.name))
        result[known[name]] = tuple(packages)
    return result
