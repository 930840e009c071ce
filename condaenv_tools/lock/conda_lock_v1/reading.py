"""`conda-lock.yml` version 1 to a lock: what conda-lock 1 to 4, micromamba's users and converters wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from condaenv_tools.errors import InvalidPlatformError
from condaenv_tools.lock.conda_lock_v1.depends import depends_of
from condaenv_tools.lock.conda_lock_v1.metadata import ROOTS, VIRTUAL_PACKAGES, load_roots, load_virtual
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["KEPT_METADATA", "UNKNOWN", "FaultList", "lock_of", "place_of"]

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

#: Faults of the tree: the path of keys and indices to the value, and what is wrong with it.
FaultList = list[tuple[tuple[str | int, ...], str]]

_METADATA_KEYS = {"content_hash", "channels", "platforms", "sources", "custom_metadata"}
#: Optional metadata of conda-lock, kept as pairs: key, and how many levels of mapping lie below it.
KEPT_METADATA = {"time_metadata": 1, "git_metadata": 1, "inputs_metadata": 2}
_ENTRY_KEYS = {
    *("name", "version", "manager", "platform", "dependencies", "url", "hash", "source", "build"),
    *("category", "optional", "constrains"),  # the last is read by mamba, and written by tools for it
}
_SUFFIXES = (".conda", ".tar.bz2")
_EXPECTED = {
    "constrains": "a mapping of names to constraints",
    "dependencies": "a mapping of names to constraints",
    "hash": "a mapping of md5 and sha256",
    "manager": "conda or pip",
    "optional": "true or false",
    "source": "a mapping with a url",
    "url": "a URL",
}
_MANAGERS = ("conda", "pip")
_HASHES = ("md5", "sha256")
_TEXT_OR_NONE = (str, type(None))


def _truth(value: Any) -> bool | None:
    """Return a truth value, whichever library read it: one gives a bool, the other the text."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


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
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict):
            faults.append((("package", i), "not a mapping"))
            continue
        record = _record(entry, i, faults)
        platform, category, optional = _place(entry, i, known, faults, unsaid=unsaid)
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


def _place(
    entry: Mapping[str, Any], i: int, known: Mapping[str, Platform], faults: FaultList, *, unsaid: bool | None
) -> tuple[str | None, str, bool]:
    """Return platform, category and whether it is optional; `unsaid` is what its absence means."""
    platform = entry.get("platform")
    category = entry.get("category", "main")
    optional = _truth(entry.get("optional", unsaid))
    where = ("package", i)
    before = len(faults)
    if not isinstance(platform, str):
        faults.append(((*where, "platform"), _missing(entry, "platform")))
    elif platform not in known:
        faults.append(((*where, "platform"), f"{platform} is none of the lock's platforms"))
    if not isinstance(category, str) or not category:
        faults.append(((*where, "category"), _missing(entry, "category")))
    if optional is None:
        faults.append(((*where, "optional"), _missing(entry, "optional")))
    return (platform if len(faults) == before else None), str(category), bool(optional)


def _missing(entry: Mapping[str, Any], key: str) -> str:
    name = entry.get("name", "a package")
    if key in entry:
        return f"{name}: {key} should be {_EXPECTED.get(key, 'a text')}"
    return f"{name} has no {key}; is the file cut off?"


def _record(entry: Mapping[str, Any], i: int, faults: FaultList) -> PackageRecord | PyPIRecord | None:
    """Return the record of an entry, or None where it has faults or is a virtual package."""
    if not _is_sound(entry):
        faults += _explained(entry, ("package", i))
        return None
    if entry["manager"] == "conda":
        # Old releases wrote the virtual packages among the others; nobody can install one.
        return None if is_virtual(entry["name"]) else _conda_record(entry)
    source = entry.get("source")
    dependencies = entry.get("dependencies") or {}
    return PyPIRecord(
        name=pypi_name(entry["name"]),
        version=entry["version"],
        url=entry["url"],
        sha256=entry["hash"].get("sha256"),
        md5=entry["hash"].get("md5"),
        requires=tuple(sorted((key, value or "") for key, value in dependencies.items())),
        source=source["url"] if source else None,
    )


def _conda_record(entry: Mapping[str, Any]) -> PackageRecord:
    name, version, url, build = entry["name"], entry["version"], entry["url"], entry.get("build")
    channel, subdir, file_name = place_of(url)
    if not build:
        stem = file_name
        for suffix in _SUFFIXES:
            stem = stem.removesuffix(suffix)
        prefix = f"{name}-{version}-"
        build = stem[len(prefix) :] if stem.startswith(prefix) else ""
    hashes = entry["hash"]
    return PackageRecord(
        name=name,
        version=version,
        build=build,
        subdir=subdir,
        channel=channel,
        url=url,
        md5=hashes.get("md5"),
        sha256=hashes.get("sha256"),
        depends=depends_of(entry.get("dependencies") or {}),
        constrains=depends_of(entry.get("constrains") or {}),
    )


def place_of(url: str) -> tuple[str, str, str]:
    """Return channel, subdir and file name of an archive."""
    folder, _, file_name = url.partition("#")[0].rpartition("/")
    channel, _, subdir = folder.rpartition("/")
    return channel, subdir, file_name


def _is_sound(entry: Mapping[str, Any]) -> bool:
    """Say quickly whether an entry has its keys, and texts where texts belong; `_explained` says why not."""
    return (
        entry.keys() <= _ENTRY_KEYS
        and type(entry.get("name")) is str
        and type(entry.get("version")) is str
        and type(entry.get("url")) is str
        and entry["url"] != ""
        and entry["name"] != ""
        and entry.get("manager") in _MANAGERS
        and type(entry.get("build")) in _TEXT_OR_NONE
        and _is_hash(entry.get("hash"))
        and _is_constraints(entry.get("dependencies") or {})
        and ("constrains" not in entry or _is_constraints(entry["constrains"] or {}))
        and _is_source(entry.get("source"))
    )


def _is_hash(value: Any) -> bool:
    return type(value) is dict and all(k in _HASHES and type(v) in _TEXT_OR_NONE for k, v in value.items())


def _is_constraints(value: Any) -> bool:
    return type(value) is dict and all(type(k) is str and type(v) in _TEXT_OR_NONE for k, v in value.items())


def _is_source(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and isinstance(value.get("url"), str))


def _explained(entry: Mapping[str, Any], where: tuple[str | int, ...]) -> FaultList:
    found: FaultList = [
        ((*where, key), f"the key {key!r} does not belong to a package") for key in entry.keys() - _ENTRY_KEYS
    ]
    wrong = [key for key in ("name", "version", "url") if not isinstance(entry.get(key), str)]
    wrong += [key for key in ("name", "url") if entry.get(key) == ""]
    wrong += ["manager"] if entry.get("manager") not in _MANAGERS else []
    wrong += ["build"] if type(entry.get("build")) not in _TEXT_OR_NONE else []
    wrong += ["source"] if not _is_source(entry.get("source")) else []
    found += [((*where, key), _missing(entry, key)) for key in wrong]
    for key, sound in (
        ("hash", _is_hash),
        ("dependencies", _is_constraints),
        ("constrains", _is_constraints),
    ):
        value = entry.get(key) if key == "hash" else entry.get(key) or {}
        if not sound(value):
            inner = value if isinstance(value, dict) else {}
            culprit = next((k for k, v in inner.items() if not sound({k: v})), None)
            at = (*where, key) if culprit is None else (*where, key, culprit)
            found.append((at, _missing(entry, key)))
    return found
