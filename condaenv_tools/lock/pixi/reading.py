"""`pixi.lock` versions 6 and 7 to a lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.conda_lock_v1.entries import FaultList
from condaenv_tools.lock.pixi.channels import read_channel
from condaenv_tools.lock.pixi.entries import Distribution, read_conda, read_pypi
from condaenv_tools.lock.pixi.environments import Chosen, Environment, Selector, choose
from condaenv_tools.lock.pixi.options import read_options
from condaenv_tools.lock.pixi.places import build_number_of, noarch_of
from condaenv_tools.lock.pixi.requirements import counting
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["MAY_BE_UNKNOWN", "NO_ONE_LOCK", "assemble", "lock_of", "unknown_in"]

#: Fields that a file made of another lock does not know: it has none of them for any package.
MAY_BE_UNKNOWN = frozenset(
    {
        *("build_number", "constrains", "extra_depends", "features", "flags", "license", "license_family"),
        *("noarch", "purls", "python_site_packages_path", "size", "timestamp", "track_features"),
    }
)
#: Those that few records have; the others are asked first.
_SELDOM = sorted(MAY_BE_UNKNOWN - {"build_number", "constrains", "license", "noarch", "size", "timestamp"})
_KINDS = ("conda", "pypi", "conda_source")
NO_ONE_LOCK = "make no one lock"
_SOURCE = "is built from source: no other format can say that, and condaenv does not build"


@dataclass(frozen=True, slots=True)
class _Machine:
    """One platform of the file."""

    platform: Platform
    virtual_packages: tuple[VirtualPackage, ...] | None


def lock_of(tree: Mapping[str, Any], version: int, wanted: str | None, faults: FaultList) -> Lock:
    """Return the lock of a tree; what is wrong is added to `faults`, and the lock then means nothing.

    Parameters
    ----------
    tree : mapping
        The document.
    version : int
        6 or 7.
    wanted : str or None
        The environment that the user names.
    faults : list
        Where faults are put.
    """
    found = _packages(tree.get("packages"), faults)
    environments = _environments(tree.get("environments"), found, faults)
    if faults:
        return Lock(platforms=())
    names = {key: one.name for key, one in found.items() if not isinstance(one, str)}
    chosen = choose(environments, wanted, names)
    if chosen.problem is not None:
        return _no_one_lock(chosen, environments, wanted, faults)
    _refuse_sources(environments, chosen, found, faults)
    machines = _machines(tree.get("platforms"), version, chosen.packages, faults)
    body = tree["environments"].get(chosen.name) or {}
    channels = [read_channel(item) for item in body.get("channels") or ()]
    pairs = read_options(body, ("environments", chosen.name or ""), faults)
    if faults:
        return Lock(platforms=())
    parts = tuple(
        assemble(machine.platform, machine.virtual_packages, chosen.packages[name], found)
        for name, machine in sorted(machines.items(), key=lambda item: item[1].platform)
    )
    return Lock(platforms=parts, channels=tuple(channels), metadata=pairs, unknown=unknown_in(parts))


def _refuse_sources(
    environments: Mapping[str, Environment],
    chosen: Chosen,
    found: Mapping[Selector, object],
    faults: FaultList,
) -> None:
    """Tell of what is built from source in the environments that are read; the others do not matter."""
    for name, environment in environments.items():
        for platform, selectors in environment.packages.items():
            there = chosen.packages.get(platform, {})
            faults.extend(
                (("environments", name, "packages", platform, i), f"{selector[1]} {_SOURCE}")
                for i, selector in enumerate(selectors)
                if isinstance(found[selector], str) and selector in there
            )


def _no_one_lock(
    chosen: Chosen, environments: Mapping[str, Environment], wanted: str | None, faults: FaultList
) -> Lock:
    text = str(chosen.problem)
    if wanted is None:
        listed = ", ".join(sorted(environments))
        text = f"its {len(environments)} environments ({listed}) {NO_ONE_LOCK}: {text}"
    faults.append((("environments",), text))
    return Lock(platforms=())


def unknown_in(parts: Iterable[LockedPlatform]) -> frozenset[str]:
    """Return the fields that are not known of any package: a file made of a channel's records has a size."""
    records = [record for part in parts for record in part.records]
    return frozenset() if not records or any(map(_says_more, records)) else MAY_BE_UNKNOWN


def _says_more(record: PackageRecord) -> bool:
    """Say whether a record has anything that its place does not give."""
    return bool(
        record.size
        or record.timestamp
        or record.constrains
        or record.license
        or record.build_number != build_number_of(record.build)
        or record.noarch != noarch_of(record.subdir, record.build)
        or any(getattr(record, name) for name in _SELDOM)
    )


def _packages(entries: Any, faults: FaultList) -> dict[Selector, PackageRecord | Distribution | str]:
    """Return each package by its key and place; one that is built from source is its place alone."""
    if not isinstance(entries, list):
        what = "there is no list of packages; is the file cut off?" if entries is None else "not a list"
        faults.append((("packages",), what))
        return {}
    found: dict[Selector, PackageRecord | Distribution | str] = {}
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict):
            faults.append((("packages", i), "not a mapping"))
        elif "conda" in entry:
            url = entry["conda"]
            source = isinstance(url, str) and _is_source(url)
            record = None if source else read_conda(entry, i, faults)
            # One that has faults is in the list all the same.
            found["conda", str(url)] = record or str(url)
        elif "pypi" in entry:
            found["pypi", str(entry["pypi"])] = read_pypi(entry, i, faults) or str(entry["pypi"])
        elif isinstance(entry.get("conda_source"), str):
            found["conda_source", entry["conda_source"]] = entry["conda_source"]
        else:
            faults.append(
                (("packages", i), "a package is `conda:`, `conda_source:` or `pypi:` and its place")
            )
    return found


def _is_source(url: str) -> bool:
    """Say whether a place that version 6 calls `conda` is a folder or repository, and no archive."""
    return not url.endswith((".conda", ".tar.bz2")) and ("://" not in url or url.startswith("git+"))


def _environments(tree: Any, found: Mapping[Selector, object], faults: FaultList) -> dict[str, Environment]:
    if not isinstance(tree, dict):
        what = "there are no environments; is the file cut off?" if tree is None else "not a mapping"
        faults.append((("environments",), what))
        return {}
    environments = {}
    for name, body in tree.items():
        where = ("environments", name)
        if not isinstance(body, dict) or not isinstance(body.get("packages"), dict):
            faults.append((where, f"the environment {name} has no packages; is the file cut off?"))
            continue
        _check_channels(body.get("channels"), where, faults)
        packages = {}
        for platform, selectors in body["packages"].items():
            at = (*where, "packages", platform)
            if not isinstance(selectors, list):
                faults.append((at, f"{platform} should be a list of packages"))
                continue
            packages[platform] = _selectors(selectors, found, at, faults)
        environments[name] = Environment(name, packages)
    return environments


def _selectors(
    items: Sequence[Any],
    found: Mapping[Selector, object],
    where: tuple[str | int, ...],
    faults: FaultList,
) -> tuple[Selector, ...]:
    chosen = []
    for i, item in enumerate(items):
        kind = next((k for k in _KINDS if isinstance(item, dict) and k in item), None)
        selector = (kind or "", item[kind] if kind else "")
        if kind is None or not isinstance(selector[1], str):
            faults.append(((*where, i), "a package is `conda:`, `conda_source:` or `pypi:` and its place"))
        elif selector not in found:
            faults.append(
                ((*where, i), f"{selector[1]} is not in the list of packages; is the file cut off?")
            )
        else:
            chosen.append(selector)
    if len(set(chosen)) != len(chosen):
        twice = next(one for one in chosen if chosen.count(one) > 1)
        faults.append((where, f"{twice[1]} stands twice"))
    return tuple(chosen)


def _check_channels(value: Any, where: tuple[str | int, ...], faults: FaultList) -> None:
    if not isinstance(value, list):
        faults.append(((*where, "channels"), "missing" if value is None else "not a list"))
        return
    for i, item in enumerate(value):
        used = item.get("used_env_vars") or [] if isinstance(item, dict) else None
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("url"), str)
            or not isinstance(used, list)
            or not all(isinstance(name, str) for name in used)
        ):
            faults.append(((*where, "channels", i), "a channel is a mapping with a url"))


def _machines(listed: Any, version: int, used: Iterable[str], faults: FaultList) -> dict[str, _Machine]:
    """Return the machine of each name that is used; in version 6 the name is the platform."""
    declared: dict[str, tuple[str, Any]] = {}
    if version >= 7:
        if not isinstance(listed, list):
            what = "there is no list of platforms; is the file cut off?" if listed is None else "not a list"
            faults.append((("platforms",), what))
            return {}
        for i, item in enumerate(listed):
            if not isinstance(item, dict) or not isinstance(item.get("name"), str):
                faults.append((("platforms", i), "a platform is a mapping with a name"))
                continue
            if item["name"] in declared:
                faults.append((("platforms", i), f"the platform {item['name']} stands twice"))
                continue
            declared[item["name"]] = (item.get("subdir") or item["name"], item.get("virtual-packages"))
    found: dict[str, _Machine] = {}
    for name in used:
        if version >= 7 and name not in declared:
            faults.append((("platforms",), f"{name} has packages, and is none of the file's platforms"))
            continue
        subdir, virtual = declared.get(name, (name, None))
        try:
            platform = Platform.parse(subdir)
        except (ParseError, AttributeError):
            faults.append((("platforms",), f"{subdir!r} is not a platform that conda knows"))
            continue
        found[name] = _Machine(platform, _virtual(virtual))
    return _one_each(found, faults)


def _one_each(machines: dict[str, _Machine], faults: FaultList) -> dict[str, _Machine]:
    by_platform: dict[Platform, list[str]] = {}
    for name, machine in machines.items():
        by_platform.setdefault(machine.platform, []).append(name)
    for platform, names in by_platform.items():
        if len(names) > 1:
            told = f"{' and '.join(sorted(names))} are all {platform}, and a lock has one machine of each platform"
            faults.append((("platforms",), told))
    return machines


def _virtual(texts: Any) -> tuple[VirtualPackage, ...] | None:
    """Return what a machine is said to have; None where nothing is, or what is said is no such package."""
    if not isinstance(texts, list) or not texts:
        return None
    try:
        return tuple(sorted(VirtualPackage.parse(str(text)) for text in texts))
    except ParseError:
        return None


def assemble(
    platform: Platform,
    virtual_packages: tuple[VirtualPackage, ...] | None,
    packages: Mapping[Selector, tuple[str, ...]],
    found: Mapping[Selector, PackageRecord | Distribution | str],
) -> LockedPlatform:
    """Return the part of a lock for a platform: what counts of requirements is decided by its Python."""
    locked = []
    distributions: list[tuple[Distribution, tuple[str, ...]]] = []
    for selector, categories in packages.items():
        one = found[selector]
        if isinstance(one, PackageRecord):
            locked.append(LockedPackage(record=one, categories=categories, optional="main" not in categories))
        elif isinstance(one, Distribution):
            distributions.append((one, categories))
    if distributions:
        records = [p.record for p in locked if isinstance(p.record, PackageRecord)]
        needs = counting(
            [(one.name, *one.requirements) for one, _ in distributions], platform, records, virtual_packages
        )
        locked += [
            LockedPackage(
                record=PyPIRecord(
                    name=one.name,
                    version=one.version,
                    url=one.url,
                    sha256=one.sha256,
                    md5=one.md5,
                    requires=requires,
                    source=one.source,
                    requirements=one.requirements,
                ),
                categories=categories,
                optional="main" not in categories,
            )
            for (one, categories), requires in zip(distributions, needs, strict=True)
        ]
    locked.sort(key=lambda p: (p.manager, p.name, p.record.version, p.record.url))
    return LockedPlatform(platform=platform, packages=tuple(locked), virtual_packages=virtual_packages)
