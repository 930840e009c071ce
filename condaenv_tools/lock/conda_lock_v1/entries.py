"""One entry of the package list of a `conda-lock.yml`: its record, its place, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from condaenv_tools.lock.conda_lock_v1.depends import depends_of
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.names import is_virtual, pypi_name
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["FaultList", "place_of", "read_place", "read_record"]

#: Faults of the tree: the path of keys and indices to the value, and what is wrong with it.
FaultList = list[tuple[tuple[str | int, ...], str]]

_ENTRY_KEYS = {
    *("name", "version", "manager", "platform", "dependencies", "url", "hash", "source", "build"),
    *("category", "optional", "constrains"),  # the last is read by mamba, and written by tools for it
}
_SUFFIXES = (".conda", ".tar.bz2")
#: What a record is made of; the rest of an entry says where it belongs.
_RECORD_KEYS = ("name", "version", "manager", "build", "hash", "dependencies", "constrains", "source")
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


def read_place(
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


def read_record(
    entry: Mapping[str, Any],
    i: int,
    faults: FaultList,
    seen: dict[str, tuple[Mapping[str, Any], PackageRecord]],
) -> PackageRecord | PyPIRecord | None:
    """Return the record of an entry, or None where it has faults or is a virtual package."""
    url = entry.get("url")
    if isinstance(url, str) and url in seen:
        known, found = seen[url]
        if known.keys() == entry.keys() and all(known.get(key) == entry.get(key) for key in _RECORD_KEYS):
            return found
    if not _is_sound(entry):
        faults += _explained(entry, ("package", i))
        return None
    if entry["manager"] == "conda":
        # Old releases wrote the virtual packages among the others; nobody can install one.
        if is_virtual(entry["name"]):
            return None
        found = _conda_record(entry)
        seen[found.url] = (entry, found)
        return found
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
