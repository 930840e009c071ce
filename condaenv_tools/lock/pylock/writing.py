"""A lock of one platform to `pylock.toml` (PEP 751): its PyPI part, and in our table what has no key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from condaenv_tools.lock.metadata_keys import PROVIDED, PYTHON
from condaenv_tools.lock.provided import provided_note
from condaenv_tools.lock.pylock.reading import OWN, TEXTS, plain_record
from condaenv_tools.lock.pypi_address import AddressKind, address_of
from condaenv_tools.lock.pypi_losses import pypi_losses, python_of, the_part
from condaenv_tools.lock.pypi_target import minor_of
from condaenv_tools.lock.toml_text import toml_key, toml_list, toml_value
from condaenv_tools.lock.writable import refuse_credentials
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.provided import owners

__all__ = ["environment_marker", "kept", "losses", "text_of"]

_GROUP = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]+)*")
_SYSTEMS = {"linux": "linux", "osx": "darwin", "win": "win32"}


def text_of(lock: Lock) -> str:
    """Return the text of a lock of one platform.

    Raises
    ------
    LockFormatError
        It has another number of platforms, or an address holds a credential.
    """
    refuse_credentials(lock)
    part = the_part(lock, "pylock")
    packages = _sorted(p for p in part.packages if _table(p) is not None)
    python = python_of(lock, part)
    names = {p.name for p in packages}
    lines = [
        f"# The PyPI part of an environment on {part.platform}, with hashes (PEP 751). Written by condaenv.",
        f"# Install it with: uv pip sync {_file_name(part.platform)}",
        'lock-version = "1.0"',
    ]
    marker = environment_marker(part.platform)
    lines += [f"environments = {toml_value([marker])}"] if marker else []
    lines += [f"requires-python = {toml_value(f'=={minor_of(python)}.*')}"] if python else []
    groups = sorted({c for p in packages if "main" not in p.categories for c in p.categories if _is_group(c)})
    lines += [f"dependency-groups = {toml_value(groups)}"] if groups else []
    lines.append('created-by = "condaenv"')
    lines += ["packages = []"] if not packages else []
    for package in packages:
        lines += ["", "[[packages]]", *_package_lines(package, names)]
    return "\n".join([*lines, "", *_own_lines(lock, part, python, names)]) + "\n"


def _file_name(platform: Platform) -> str:
    return f"pylock.{platform}.toml"


def environment_marker(platform: Platform) -> str:
    """Return the marker (PEP 508) that is true on a platform alone; empty where there is no Python for it.

    Examples
    --------
    >>> environment_marker(Platform.OSX_ARM64)
    "sys_platform == 'darwin' and platform_machine == 'arm64'"
    """
    from condaenv_tools.resolve.pypi.markers import machine_of  # noqa: PLC0415 - used while writing alone

    system = _SYSTEMS.get(platform.os)
    if system is None:
        return ""
    return f"sys_platform == '{system}' and platform_machine == '{machine_of(platform)}'"


def _sorted(packages: Iterable[LockedPackage]) -> list[LockedPackage]:
    return sorted(packages, key=lambda p: (p.name, p.record.version, p.record.url))


def _table(package: LockedPackage) -> dict[str, Any] | None:
    """Return the keys of the specification for a package, or None where it cannot be said."""
    record = package.record
    if not isinstance(record, PyPIRecord) or not _NAME.fullmatch(record.name):
        return None
    place = _place(record)
    if place is None:
        return None
    version = {"version": record.version} if _is_version(record) else {}
    marker = _marker(package)
    return {"name": record.name, **version, **({"marker": marker} if marker else {}), **place}


def _is_version(record: PyPIRecord) -> bool:
    """Say whether the version is one that may be written: that of a source tree may change."""
    try:
        Version(record.version)
    except InvalidVersion:
        return False
    return record.has_version


def _place(record: PyPIRecord) -> dict[str, Any] | None:
    address = address_of(record)
    folder = {"subdirectory": address.subdirectory} if address.subdirectory else {}
    hashes = {key: value for key in ("md5", "sha256") if (value := getattr(record, key))}
    if address.kind is AddressKind.VCS:
        if address.commit is None:
            return None
        return {"vcs": {"type": address.tool, "url": address.url, "commit-id": address.commit, **folder}}
    if address.kind is AddressKind.DIRECTORY:
        return {"directory": {"path": address.path or address.url, **folder}}
    if address.kind is AddressKind.NONE or not hashes:
        return None
    where = {"url": address.url} if address.url else {"path": address.path}
    kind = _kind(record, address.file_name)
    if record.source is not None or kind is None:
        return {"archive": {**where, "hashes": hashes, **folder}}
    one = {"name": address.file_name, **where, "hashes": hashes}
    return {"wheels": [one]} if kind == "wheel" else {"sdist": one}


def _kind(record: PyPIRecord, file_name: str) -> str | None:
    """Return whether a file is a wheel or a source archive of this release, by its name."""
    try:
        if file_name.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(file_name)
            kind = "wheel"
        else:
            name, version = parse_sdist_filename(file_name)
            kind = "sdist"
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None
    if name != record.name or not _is_version(record) or version != Version(record.version):
        return None
    return kind


def _marker(package: LockedPackage) -> str:
    if "main" in package.categories:
        return ""
    named = sorted(c for c in set(package.categories) if _is_group(c))
    return " or ".join(f"'{name}' in dependency_groups" for name in named)


def _is_group(category: str) -> bool:
    return _GROUP.fullmatch(category) is not None


def _package_lines(package: LockedPackage, names: set[str]) -> Iterator[str]:
    table = _table(package)
    record = package.record
    assert table is not None
    assert isinstance(record, PyPIRecord)
    needs = sorted({name for name, _ in record.requires} & names)
    if needs:
        head: dict[str, Any] = {key: table.pop(key) for key in ("name", "version", "marker") if key in table}
        table = {**head, "dependencies": [{"name": name} for name in needs], **table}
    for key, value in table.items():
        several = key in {"wheels", "dependencies"}
        yield f"{toml_key(key)} = {toml_list(value) if several else toml_value(value)}"
    own = _own_table(package, replace(plain_record(table), requires=tuple((n, "") for n in needs)))
    if own:
        yield f"[packages.tool.{OWN}]"
        for key, value in own.items():
            yield f"{toml_key(key)} = {toml_list(value) if isinstance(value, list) else toml_value(value)}"


def _own_table(package: LockedPackage, plain: PyPIRecord) -> dict[str, Any]:
    """Return what the keys of the specification do not say of a package."""
    record = package.record
    assert isinstance(record, PyPIRecord)
    found: dict[str, Any] = {}
    categories = sorted(set(package.categories))
    read = ["main"] if not _marker(package) else sorted(c for c in categories if _is_group(c))
    if categories != read:
        found["categories"] = categories
    none = []
    for key in TEXTS:
        ours, theirs = getattr(record, key), getattr(plain, key)
        if ours is None and theirs is not None:
            none.append(key)
        elif ours != theirs:
            found[key] = ours
    if none:
        found["none"] = none
    if record.requires != plain.requires:
        found["requires"] = [f"{name} {specifier}".rstrip() for name, specifier in record.requires]
    for key in ("requirements", "hashes"):
        if getattr(record, key):
            found[key] = list(getattr(record, key))
    return found


def _own_lines(lock: Lock, part: LockedPlatform, python: str | None, names: set[str]) -> Iterator[str]:
    yield f"[tool.{OWN}]"
    yield f"platform = {toml_value(part.platform.value)}"
    if python:
        yield f"python = {toml_value(python)}"
    if part.virtual_packages is not None:
        yield f"virtual-packages = {toml_value(sorted(map(str, part.virtual_packages)))}"
    if part.content_hash is not None:
        yield f"content-hash = {toml_value(part.content_hash)}"
    if lock.sources:
        yield f"sources = {toml_value(lock.sources)}"
    roots = _kept_roots(part, names)
    if roots is not None:
        yield f"roots = {toml_list([_root_table(root) for root in roots])}"
    pairs = _pairs(lock, part, names)
    if pairs:
        yield f"[tool.{OWN}.metadata]"
        yield from (f"{toml_key(key)} = {toml_value(value)}" for key, value in sorted(pairs.items()))


def _pairs(lock: Lock, part: LockedPlatform, names: set[str]) -> dict[str, str]:
    """Return the notes that are written, with what conda brings to the distributions."""
    pairs = {key: value for key, value in lock.metadata if key not in {PROVIDED, PYTHON}}
    note = provided_note(lock, part, names)
    return pairs | ({PROVIDED: note} if note else {})


def _root_table(root: Root) -> Mapping[str, str]:
    table = {"name": root.name, "spec": root.spec, "source": root.source}
    return table | ({"category": root.category} if root.category != "main" else {})


def _kept_roots(part: LockedPlatform, names: set[str]) -> tuple[Root, ...] | None:
    """Return the lines that the written part answers, or should: all but those that conda does."""
    if part.roots is None:
        return None
    brought = owners(part.records).keys() - names
    return tuple(root for root in part.roots if root.manager == "pip" and root.name not in brought)


def kept(lock: Lock) -> Lock:
    """Return what is left of a lock that is written and read again: the PyPI part."""
    part = the_part(lock, "pylock")
    packages = _sorted(p for p in part.packages if _table(p) is not None)
    names = {p.name for p in packages}
    python = python_of(lock, part)
    pairs = _pairs(lock, part, names) | ({PYTHON: python} if python else {})
    ours = replace(
        part,
        packages=tuple(_kept_package(p) for p in packages),
        roots=_kept_roots(part, names),
        virtual_packages=None if part.virtual_packages is None else tuple(sorted(part.virtual_packages)),
    )
    return Lock(platforms=(ours,), sources=lock.sources, metadata=tuple(sorted(pairs.items())))


def _kept_package(package: LockedPackage) -> LockedPackage:
    categories = tuple(sorted(set(package.categories)))
    return replace(package, categories=categories, optional="main" not in categories)


def losses(lock: Lock, *, mapped: bool = False) -> tuple[Loss, ...]:
    """Say what of a lock of one platform is not written."""
    part = the_part(lock, "pylock")
    packages: Sequence[LockedPackage] = [p for p in part.packages if p.manager == "pip"]
    found = list(pypi_losses(lock, part, "pylock.toml", mapped=mapped))
    unsaid = sorted(p.name for p in packages if _table(p) is None)
    if unsaid:
        text = f"left out, since PEP 751 wants an address and a hash of each archive: {', '.join(unsaid)}"
        found.append(Loss(text=text, count=len(unsaid), changes_install=True))
    odd = sorted(
        p.name for p in packages if "main" not in p.categories and not all(map(_is_group, p.categories))
    )
    if odd:
        text = f"installed by default, since their category cannot be a dependency group: {', '.join(odd)}"
        found.append(Loss(text=text, count=len(odd), changes_install=True))
    return tuple(sorted(found))
