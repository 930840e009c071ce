"""What of a lock a `pixi.lock` does not hold, and what is read of it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from condaenv_tools.lock.pixi.addresses import address_as_pip, address_as_pixi, is_folder
from condaenv_tools.lock.pixi.channels import read_channel, written_channels
from condaenv_tools.lock.pixi.entries import Distribution
from condaenv_tools.lock.pixi.environments import DEFAULT, Selector, environment_name
from condaenv_tools.lock.pixi.options import can_say
from condaenv_tools.lock.pixi.places import build_number_of, noarch_of, place_of
from condaenv_tools.lock.pixi.reading import assemble, unknown_in
from condaenv_tools.lock.pixi.requirements import requirement_texts, sound_requirements
from condaenv_tools.lock.pixi.writing import content_of
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage

__all__ = ["kept", "losses"]


def losses(lock: Lock, version: int) -> tuple[Loss, ...]:
    """Say what of a lock the text does not hold, one for each kind, sorted."""
    counts: Counter[str] = Counter()
    counts["files that were locked"] = len(lock.sources)
    counts["notes in the metadata"] = sum(not can_say(key, value) for key, value in lock.metadata)
    named = {channel.url for channel in lock.channels} - {
        read_channel({"url": one.url}).url for one in written_channels(lock.channels)
    }
    counts["that platforms say different things of one archive"] = content_of(lock).differing
    counts["the name of a channel, for which its URLs stand"] = len(named)
    for part in lock.platforms:
        counts["what was asked for"] += len(part.roots or ())
        counts["hash of the input"] += part.content_hash is not None
        counts["virtual packages that were assumed of a machine"] += (
            bool(part.virtual_packages) and version < 7
        )
        for package in part.packages:
            counts.update(_of_package(package, version, lock.unknown))
    return tuple(
        Loss(text=f"{text} ({count})", count=count) for text, count in sorted(counts.items()) if count
    )


def _of_package(package: LockedPackage, version: int, unknown: frozenset[str]) -> Iterator[str]:
    record = package.record
    others = [name for name in package.categories if name != "main"]
    if others and "main" in package.categories:
        yield "other categories of packages that main has, too"
    if any(environment_name(name) != name for name in others):
        yield "name of a category, which no environment can have"
    if isinstance(record, PackageRecord):
        if record.noarch is None and record.subdir == "noarch" and "noarch" not in unknown:
            yield "that a package of noarch says no kind"
        return
    if record.source is not None and not address_as_pip(address_as_pixi(record))[1]:
        yield "that an archive was asked for by its URL"
    if version >= 7 and is_folder(record) and record.version != "0":
        yield "version of a source tree"
    if record.hashes:
        yield "hashes of all archives of a release"
    if len(sound_requirements(record)) < len(requirement_texts(record)):
        yield "requirements that PEP 508 does not read"


def kept(lock: Lock, version: int) -> Lock:
    """Return what is read when the lock is written."""
    content = content_of(lock)
    found: dict[Selector, PackageRecord | Distribution | str] = {
        selector: _conda(record, lock.unknown)
        if isinstance(record, PackageRecord)
        else _pypi(selector[1], record, version)
        for selector, record in content.records.items()
    }
    assumed = {part.platform: _assumed(part, version) for part in lock.platforms}
    parts = tuple(
        assemble(
            Platform(name),
            assumed[Platform(name)],
            {one: ("main",) if names == (DEFAULT,) else names for one, names in there.items()},
            found,
        )
        for name, there in sorted(content.packages.items())
    )
    return Lock(
        platforms=parts,
        channels=tuple(
            read_channel({"url": channel.url, "used_env_vars": channel.used_env_vars})
            for channel in written_channels(lock.channels)
        ),
        metadata=tuple(sorted((key, value) for key, value in lock.metadata if can_say(key, value))),
        unknown=unknown_in(parts),
    )


def _assumed(part: LockedPlatform, version: int) -> tuple[VirtualPackage, ...] | None:
    if version < 7 or not part.virtual_packages:
        return None
    return tuple(sorted(part.virtual_packages))


def _conda(record: PackageRecord, unknown: frozenset[str]) -> PackageRecord:
    place = place_of(record.url)
    number = build_number_of(record.build) if "build_number" in unknown else record.build_number
    derived = noarch_of(place.subdir or record.subdir, place.build or record.build)
    return replace(
        record,
        build_number=number,
        noarch=derived if record.noarch is None else record.noarch,
        extra_depends=tuple(sorted(record.extra_depends)),
        purls=tuple(sorted(record.purls)),
    )


def _pypi(place: str, record: PyPIRecord, version: int) -> Distribution:
    url, by_address = address_as_pip(place)
    has_version = version < 7 or not is_folder(record)
    return Distribution(
        name=record.name,
        version=record.version if has_version else "0",
        url=url,
        md5=record.md5,
        sha256=record.sha256,
        requirements=sound_requirements(record),
        source=url if by_address or not has_version else None,
    )
