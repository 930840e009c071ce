"""One entry of the package list of a `pixi.lock`: its record, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.pixi.addresses import address_as_pip
from condaenv_tools.lock.pixi.places import build_number_of, noarch_of, place_of
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.record import PackageRecord

__all__ = ["Distribution", "read_conda", "read_pypi"]

_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_ARCHIVES = (".conda", ".tar.bz2")
#: Moments below are seconds, above milliseconds: the last second of the year 9999.
_LAST_SECOND = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution as the file says it: what counts of its requirements is decided for each platform."""

    name: str
    version: str
    url: str
    md5: str | None
    sha256: str | None
    requirements: tuple[str, ...]
    source: str | None


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_texts(value: Any) -> bool:
    return type(value) is list and all(type(item) is str for item in value)


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is str and value.isascii() and value.isdigit())


def _is_md5(value: Any) -> bool:
    return type(value) is str and _MD5.fullmatch(value) is not None


def _is_sha256(value: Any) -> bool:
    return type(value) is str and _SHA256.fullmatch(value) is not None


def _is_lists(value: Any) -> bool:
    return type(value) is dict and all(type(k) is str and _is_texts(v) for k, v in value.items())


def _is_noarch(value: Any) -> bool:
    return type(value) is bool or (type(value) is str and value in _NOARCH)


_NOARCH = {"python": "python", "generic": "generic", "true": "generic", "false": None}

#: What each key holds; a key that is not listed is one that a later release added, and is left aside.
_CONDA: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(
        (
            *("name", "version", "build", "subdir", "features", "license", "license_family"),
            *("channel", "python_site_packages_path"),
        ),
        (_is_text, "a text"),
    ),
    **dict.fromkeys(
        ("depends", "constrains", "flags", "track_features", "purls"), (_is_texts, "a list of texts")
    ),
    **dict.fromkeys(("build_number", "size", "timestamp"), (_is_number, "a number")),
    "md5": (_is_md5, "a hash"),
    "sha256": (_is_sha256, "a hash"),
    "extra_depends": (_is_lists, "a mapping of extras to lists of texts"),
    "noarch": (_is_noarch, "python or generic"),
}
_PYPI: dict[str, tuple[Callable[[Any], bool], str]] = {
    **{key: _CONDA[key] for key in ("md5", "sha256", "name", "version")},
    "requires_dist": (_is_texts, "a list of texts"),
    "requires_python": (_is_text, "a text"),
    "index": (_is_text, "a text"),
}


def read_conda(entry: Mapping[str, Any], i: int, faults: FaultList) -> PackageRecord | None:
    """Return the record of an entry with the key `conda`, or None where it has faults."""
    url = entry["conda"]
    if type(url) is not str or not url:
        faults.append((("packages", i, "conda"), "a package without the place of its archive"))
        return None
    before = len(faults)
    _check(entry, _CONDA, url, i, faults)
    if not url.endswith(_ARCHIVES):
        faults.append((("packages", i, "conda"), f"{url} is built from source, which is no archive to lock"))
    if len(faults) > before:
        return None
    place = place_of(url)
    get = entry.get
    build = get("build")
    build = (place.build or "") if build is None else build
    name, version, subdir = (
        get("name", place.name),
        get("version", place.version),
        get("subdir", place.subdir),
    )
    for key, value in (("name", name), ("version", version), ("subdir", subdir)):
        if value is None:
            faults.append((("packages", i), f"{url} says no {key}, neither by its name nor by a key"))
    if len(faults) > before:
        return None
    number = get("build_number")
    noarch = get("noarch")
    stamp = get("timestamp")
    size = get("size")
    extras = get("extra_depends")
    channel = entry.get("channel", place.channel)  # null where it is no part of one
    return PackageRecord(
        name=name,
        version=version,
        build=build,
        subdir=subdir,
        channel=(channel or "").rstrip("/"),
        url=url,
        build_number=build_number_of(build) if number is None else int(number),
        md5=_lower(get("md5")),
        sha256=_lower(get("sha256")),
        size=None if size is None else int(size),
        timestamp=None if stamp is None else _milliseconds(int(stamp)),
        depends=tuple(get("depends") or ()),
        constrains=tuple(get("constrains") or ()),
        noarch=noarch_of(place.subdir or subdir, place.build or build) if noarch is None else _noarch(noarch),
        track_features=tuple(get("track_features") or ()),
        features=get("features"),
        license=get("license"),
        license_family=get("license_family"),
        python_site_packages_path=get("python_site_packages_path"),
        purls=tuple(sorted(get("purls") or ())),
        extra_depends=tuple(sorted((k, tuple(v)) for k, v in extras.items())) if extras else (),
        flags=tuple(get("flags") or ()),
    )


def read_pypi(entry: Mapping[str, Any], i: int, faults: FaultList) -> Distribution | None:
    """Return what an entry with the key `pypi` says, or None where it has faults."""
    place = entry["pypi"]
    if type(place) is not str or not place:
        faults.append((("packages", i, "pypi"), "a package without the place of its archive"))
        return None
    before = len(faults)
    _check(entry, _PYPI, place, i, faults)
    if entry.get("name") is None:
        faults.append((("packages", i), f"{place} has no name; is the file cut off?"))
    if len(faults) > before:
        return None
    url, by_address = address_as_pip(place)
    version = entry.get("version")
    return Distribution(
        name=pypi_name(entry["name"]),
        version=version or "0",
        url=url,
        md5=_lower(entry.get("md5")),
        sha256=_lower(entry.get("sha256")),
        requirements=tuple(sorted(entry.get("requires_dist") or ())),
        source=url if by_address or version is None else None,
    )


def _check(
    entry: Mapping[str, Any],
    kinds: Mapping[str, tuple[Callable[[Any], bool], str]],
    url: str,
    i: int,
    faults: FaultList,
) -> None:
    for key, value in entry.items():
        kind = kinds.get(key)
        if kind is not None and value is not None and not kind[0](value):
            faults.append((("packages", i, key), f"{url.rpartition('/')[2]}: {key} should be {kind[1]}"))


def _noarch(value: object) -> str | None:
    """Return the kind; old records have a truth value in its place."""
    return _NOARCH[str(value).lower()]


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _milliseconds(value: int) -> int:
    return value if value > _LAST_SECOND else value * 1000
