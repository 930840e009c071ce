"""A lock to `pixi.lock` version 6 or 7, line by line as the `rattler_lock` crate writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.lock.pixi.addresses import address_as_pixi, is_folder
from condaenv_tools.lock.pixi.channels import written_channels
from condaenv_tools.lock.pixi.environments import DEFAULT, Selector, environment_name
from condaenv_tools.lock.pixi.options import options_text
from condaenv_tools.lock.pixi.places import Place, build_number_of, noarch_of, place_of
from condaenv_tools.lock.pixi.requirements import requirement_texts, sound_requirements
from condaenv_tools.lock.writable import without_commit
from condaenv_tools.lock.yaml_scalars import scalar
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["Content", "content_of", "own_environments", "text_of"]

_SPACES = re.compile(r" +")


@dataclass(frozen=True, slots=True)
class Content:
    """What a lock comes to in this format: each package once, and which environment has it where.

    Attributes
    ----------
    records : mapping of selector to record
        Each package of any platform.
    packages : mapping of str to mapping
        For each platform, the environment of each package: `default`, or those that add it.
    differing : int
        Of how many archives platforms say different things.
    """

    records: Mapping[Selector, PackageRecord | PyPIRecord]
    packages: Mapping[str, Mapping[Selector, tuple[str, ...]]]
    differing: int


def content_of(lock: Lock) -> Content:
    """Return what a lock comes to; where platforms say different things of one archive, it is what both say."""
    said: dict[Selector, list[PackageRecord | PyPIRecord]] = {}
    packages: dict[str, dict[Selector, tuple[str, ...]]] = {}
    for part in lock.platforms:
        there = packages.setdefault(part.platform.value, {})
        for package in part.packages:
            if package.manager == "conda" and is_virtual(package.name):
                continue
            selector = _selector(package)
            known = said.setdefault(selector, [])
            record = without_commit(package.record)
            if record not in known:
                known.append(record)
            there[selector] = _joined(there.get(selector), own_environments(package))
    records = {selector: known[0] if len(known) == 1 else _merged(known) for selector, known in said.items()}
    differing = sum(len(known) > 1 for known in said.values())
    return Content(records, packages, differing)


def _joined(known: tuple[str, ...] | None, more: tuple[str, ...]) -> tuple[str, ...]:
    """Return the environments of an archive that a broken lock has twice."""
    names = {*(known or ()), *more}
    return (DEFAULT,) if DEFAULT in names else tuple(sorted(names))


def _merged(known: Sequence[PackageRecord | PyPIRecord]) -> PackageRecord | PyPIRecord:
    """Return one record for several of one archive, whatever their order.

    conda-lock keeps one of several specs of a name, not the same one on each platform: the record has them all.
    """
    first = min(known, key=repr)
    if isinstance(first, PyPIRecord):
        pip = [record for record in known if isinstance(record, PyPIRecord)]
        return replace(
            first,
            requirements=tuple(sorted({text for record in pip for text in requirement_texts(record)})),
            requires=tuple(sorted({pair for record in pip for pair in record.requires})),
        )
    conda = [record for record in known if isinstance(record, PackageRecord)]
    return replace(
        first,
        depends=_union(record.depends for record in conda),
        constrains=_union(record.constrains for record in conda),
    )


def _union(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return all specs of several lists; a bare name says nothing beside a spec of it."""
    distinct = set(lists)
    if len(distinct) == 1:
        return next(iter(distinct))
    specs = {spec for one in distinct for spec in one}
    bound = {spec.split()[0] for spec in specs if " " in spec}
    return tuple(sorted(specs - bound))


def _selector(package: LockedPackage) -> Selector:
    record = package.record
    if isinstance(record, PackageRecord):
        return "conda", record.url
    return "pypi", address_as_pixi(record)


def own_environments(package: LockedPackage) -> tuple[str, ...]:
    """Return the environment that has a package: `default` where `main` needs it, else one for each category."""
    if "main" in package.categories or not package.categories:
        return (DEFAULT,)
    return tuple(sorted({environment_name(category) for category in package.categories}))


def text_of(lock: Lock, version: int) -> str:
    """Return the text of a lock file."""
    content = content_of(lock)
    lines = [f"version: {version}"]
    if version >= 7:
        lines += _platforms(lock.platforms)
    lines.append("environments:")
    extra = {name for there in content.packages.values() for names in there.values() for name in names}
    for name in sorted({DEFAULT, *extra}):
        lines += _environment(lock, name, content)
    lines.append("packages:" if content.records else "packages: []")
    unknown = lock.unknown
    for (kind, place), record in sorted(content.records.items(), key=lambda item: item[0]):
        if isinstance(record, PackageRecord):
            lines += _conda(record, unknown)
        else:
            lines += _pypi(place, record, version)
        del kind
    return "\n".join(lines) + "\n"


def _platforms(parts: Sequence[LockedPlatform]) -> Iterator[str]:
    if not parts:
        yield "platforms: []"
        return
    yield "platforms:"
    for part in sorted(parts, key=lambda part: part.platform.value):
        yield f"- name: {part.platform.value}"
        if part.virtual_packages:
            yield "  virtual-packages:"
            yield from (f"  - {scalar(_virtual(one))}" for one in sorted(part.virtual_packages))


def _virtual(package: VirtualPackage) -> str:
    """Return a virtual package as pixi writes it: the build `0` only where the version is `0`, too."""
    return str(package) if package.version == "0" else str(package).removesuffix("=0")


def _environment(lock: Lock, name: str, content: Content) -> Iterator[str]:
    yield f"  {scalar(name)}:"
    channels = written_channels(lock.channels)
    yield "    channels:" if channels else "    channels: []"
    for channel in channels:
        yield f"    - url: {scalar(channel.url)}"
        if channel.used_env_vars:
            yield "      used_env_vars:"
            yield from (f"      - {scalar(variable)}" for variable in channel.used_env_vars)
    yield from (f"    {line}" for line in options_text(dict(lock.metadata)))
    yield "    packages:" if content.packages else "    packages: {}"
    for platform, there in sorted(content.packages.items()):
        chosen = sorted(one for one, names in there.items() if DEFAULT in names or name in names)
        yield f"      {platform}:" if chosen else f"      {platform}: []"
        yield from (f"      - {kind}: {scalar(place)}" for kind, place in chosen)


def _conda(record: PackageRecord, unknown: frozenset[str]) -> Iterator[str]:
    place = place_of(record.url)
    yield f"- conda: {scalar(record.url)}"
    yield from _identity(record, place, unknown)
    yield from _texts(("sha256", record.sha256), ("md5", record.md5))
    yield from _list("depends", record.depends)
    yield from _list("constrains", record.constrains)
    if record.extra_depends:
        yield "  extra_depends:"
        for extra, specs in sorted(record.extra_depends):
            yield f"    {scalar(extra)}:" if specs else f"    {scalar(extra)}: []"
            yield from (f"    - {_spaced(spec)}" for spec in specs)
    if record.channel != (place.channel or ""):
        yield f"  channel: {scalar(record.channel) if record.channel else 'null'}"
    yield from _texts(("features", record.features))
    yield from _list("flags", record.flags)
    yield from _list("track_features", record.track_features)
    yield from _texts(("license", record.license), ("license_family", record.license_family))
    yield from _list("purls", sorted(record.purls))
    for key, number in (("size", record.size), ("timestamp", record.timestamp)):
        if number is not None:
            yield f"  {key}: {number}"
    yield from _texts(("python_site_packages_path", record.python_site_packages_path))


def _identity(record: PackageRecord, place: Place, unknown: frozenset[str]) -> Iterator[str]:
    """Yield the lines of what the place of the archive does not say, or says otherwise."""
    for key, value, derived in (
        ("name", record.name, place.name),
        ("version", record.version, place.version),
        ("build", record.build, place.build or ""),
    ):
        if value != derived:
            yield f"  {key}: {scalar(value)}"
    if "build_number" not in unknown and record.build_number != build_number_of(record.build):
        yield f"  build_number: {record.build_number}"
    if record.subdir != place.subdir:
        yield f"  subdir: {scalar(record.subdir)}"
    noarch = noarch_of(place.subdir or record.subdir, place.build or record.build)
    if record.noarch is not None and record.noarch != noarch:
        yield f"  noarch: {scalar(record.noarch)}"


def _pypi(place: str, record: PyPIRecord, version: int) -> Iterator[str]:
    yield f"- pypi: {scalar(place)}"
    yield f"  name: {scalar(record.name)}"
    # Version 7 knows a source tree by this, that it has no version.
    if version < 7 or not is_folder(record):
        yield f"  version: {scalar(record.version)}"
    yield from _texts(("md5", record.md5), ("sha256", record.sha256))
    yield from _list("requires_dist", sound_requirements(record))


def _texts(*pairs: tuple[str, str | None]) -> Iterator[str]:
    return (f"  {key}: {_spaced(value)}" for key, value in pairs if value is not None)


def _list(key: str, values: Iterable[str]) -> list[str]:
    lines = [f"  - {_spaced(value)}" for value in values]
    return [f"  {key}:", *lines] if lines else []


def _spaced(text: str) -> str:
    """Return a text as a scalar; several spaces in a row are no reason for quotes, which a spec may have."""
    if "  " not in text:
        return scalar(text)
    squeezed = _SPACES.sub(" ", text)
    return text if scalar(squeezed) == squeezed else scalar(text)
