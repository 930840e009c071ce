"""A lock to a pinned environment file: one a platform, or one for all with selectors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from condaenv_tools.errors import ParseError
from condaenv_tools.lock.environment_yml.lines import conda_line, record_of, selector_of
from condaenv_tools.lock.environment_yml.reading import lock_of_parts
from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.pypi_losses import the_part
from condaenv_tools.lock.requirements.lines import line_of, pinned, plain
from condaenv_tools.lock.rules.current import channel_urls
from condaenv_tools.lock.writable import refuse_credentials
from condaenv_tools.lock.yaml_scalars import scalar
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["kept", "losses", "text_of"]

_LABEL = re.compile(r"[^\s'\"\[\]#]+")


def text_of(lock: Lock, options: DumpOptions) -> str:
    """Return the text of an environment file.

    Raises
    ------
    LockFormatError
        There is more than one platform, and `selectors` was not asked for; or it holds a credential.
    """
    refuse_credentials(lock)
    parts = _parts(lock, options)
    platforms = [part.platform for part in parts]
    lines = [
        "# The exact packages of an environment, as an environment.yml. Written by condaenv from a lock: that has",
        "# the hashes, too, and installs without a solver.",
    ]
    lines += [f"# condaenv: platform {platform}" for platform in platforms]
    lines += [f"name: {scalar(options.name)}"] if options.name else []
    channels = _channels(lock)
    lines += ["channels:", *[f"  - {scalar(text)}" for text in channels]] if channels else []
    lines += ["platforms:", *[f"  - {platform}" for platform in platforms]] if platforms else []
    conda, pip = list(_conda_lines(lock, parts, options)), list(_pip_lines(parts))
    lines.append("dependencies:" if conda or pip else "dependencies: []")
    lines += [f"  - {line}" for line in conda]
    if pip:
        lines += ["  - pip:", *[f"    - {line}" for line in pip]]
    return "\n".join(lines) + "\n"


def _parts(lock: Lock, options: DumpOptions) -> tuple[LockedPlatform, ...]:
    if not options.selectors:
        return (the_part(lock, "environment"),)
    return tuple(sorted(lock.platforms, key=lambda part: part.platform))


def _channels(lock: Lock) -> list[str]:
    found = list(dict.fromkeys(channel.url for channel in lock.channels if channel.url))
    if not found:
        found = sorted({r.channel for part in lock.platforms for r in part.records if r.channel})
    # Without it conda appends its own channels (CEP 24).
    return found if not found or "defaults" in found else [*found, "nodefaults"]


def _conda(part: LockedPlatform, *, builds: bool) -> Iterator[PackageRecord]:
    """Yield the records that are written, by name; of two with one name the first: only a broken lock has them."""
    seen = set()
    records = [r for r in part.records if not is_virtual(r.name)]
    for record in sorted(records, key=lambda r: (r.name, r.version, r.build)):
        if record.name not in seen and _is_said(record, builds=builds):
            seen.add(record.name)
            yield record


def _is_said(record: PackageRecord, *, builds: bool) -> bool:
    line = conda_line(record, builds=builds)
    if record_of(line) != _plain(record, builds=builds):
        return False
    try:
        MatchSpec.parse(line)
    except ParseError:
        return False
    return True


def _plain(record: PackageRecord, *, builds: bool) -> PackageRecord:
    return PackageRecord(
        name=record.name,
        version=record.version,
        build=record.build if builds else "",
        subdir="",
        channel="",
        url="",
    )


def _conda_lines(lock: Lock, parts: Sequence[LockedPlatform], options: DumpOptions) -> Iterator[str]:
    where: dict[tuple[str, str], list[Platform]] = {}
    for part in parts:
        for record in _conda(part, builds=options.builds):
            line = conda_line(record, builds=options.builds, channel=_channel(lock, record, part.platform))
            where.setdefault((record.name, line), []).append(part.platform)
    everywhere = [part.platform for part in parts]
    for (_, line), platforms in sorted(where.items(), key=lambda pair: (pair[0][0], pair[1], pair[0][1])):
        for word in selector_of(platforms, everywhere):
            yield scalar(line) + (f"  # [{word}]" if word else "")


def _channel(lock: Lock, record: PackageRecord, platform: Platform) -> str:
    """Return the channel that has to be named: any but the first, which strict priority asks first."""
    texts = [channel.url for channel in lock.channels if channel.url]
    for i, text in enumerate(texts):
        if record.channel in channel_urls([text], platform):
            return text if i and _LABEL.fullmatch(text) else ""
    return record.channel if texts and _LABEL.fullmatch(record.channel) else ""


def _pip(part: LockedPlatform) -> tuple[PyPIRecord, ...]:
    records = [p.record for p in part.packages if isinstance(p.record, PyPIRecord) and _is_pinned(p.record)]
    found: dict[str, PyPIRecord] = {}
    for record in sorted(records, key=lambda r: (r.name, r.version, r.url)):
        found.setdefault(record.name, record)
    ours = [
        plain(record, version=record.version if record.source is None else "0") for record in found.values()
    ]
    if all(record.sha256 or record.hashes for record in ours):
        return tuple(ours)
    # pip checks the hashes of all lines, or of none.
    return tuple(replace(record, sha256=None, hashes=()) for record in ours)


def _is_pinned(record: PyPIRecord) -> bool:
    # A path says no name, and here is no place for a note.
    return pinned(record) and (record.source is None or "://" in record.url)


def _pip_lines(parts: Sequence[LockedPlatform]) -> Iterator[str]:
    where: dict[tuple[str, str], list[Platform]] = {}
    for part in parts:
        for record in _pip(part):
            line = line_of(record)
            assert line is not None
            where.setdefault((record.name, " ".join(line.replace("\\\n", "").split())), []).append(
                part.platform
            )
    everywhere = [part.platform for part in parts]
    for (_, line), platforms in sorted(where.items(), key=lambda pair: (pair[0][0], pair[1], pair[0][1])):
        for word in selector_of(platforms, everywhere):
            yield scalar(line) + (f"  # [{word}]" if word else "")


def kept(lock: Lock, options: DumpOptions) -> Lock:
    """Return what is left of a lock that is written and read again: names, versions and builds."""
    parts = []
    for part in _parts(lock, options):
        packages = [
            LockedPackage(record=_plain(r, builds=options.builds))
            for r in _conda(part, builds=options.builds)
        ]
        packages += [LockedPackage(record=record) for record in _pip(part)]
        parts.append(LockedPlatform(platform=part.platform, packages=tuple(packages)))
    return lock_of_parts(parts, [text for text in _channels(lock) if text != "nodefaults"])


def losses(lock: Lock, options: DumpOptions) -> tuple[Loss, ...]:
    """Say what of a lock an environment file does not hold, sorted."""
    found: dict[str, Loss] = {}
    for part in _parts(lock, options):
        for loss in _of_part(part, options):
            known = found.get(loss.text)
            found[loss.text] = loss if known is None else replace(known, count=known.count + loss.count)
    notes = [name for name in ("sources", "metadata") if getattr(lock, name)]
    return tuple(
        sorted(
            [*found.values(), *(Loss(text=f"{n} of the lock", count=len(getattr(lock, n))) for n in notes)]
        )
    )


def _of_part(part: LockedPlatform, options: DumpOptions) -> Iterator[Loss]:
    written = {r.name for r in _conda(part, builds=options.builds)} | {r.name for r in _pip(part)}
    unsaid = sorted({p.name for p in part.packages if not is_virtual(p.name)} - written)
    if unsaid:
        text = f"left out, since no line pins them: {', '.join(unsaid)}"
        yield Loss(text=text, count=len(unsaid), changes_install=True)
    records = part.records
    if records:
        yield Loss(
            text="address and hash of each package of conda: a solver finds it again", count=len(records)
        )
    if records and not options.builds:
        text = "builds: a solver may take another of the same version, or a later one that its = allows"
        yield Loss(text=text, count=len(records))
    pip = [p.record for p in part.packages if isinstance(p.record, PyPIRecord)]
    hashed = [r for r in pip if r.sha256 or r.hashes]
    if hashed and not all(r.sha256 or r.hashes for r in _pip(part)):
        yield Loss(text="hashes of the pip lines: pip takes those of all lines or of none", count=len(hashed))
    others = sorted({c for p in part.packages for c in p.categories} - {"main"})
    if others:
        text = f"categories ({', '.join(others)}): an environment file has all of them"
        yield Loss(text=text, count=sum(p.categories != ("main",) for p in part.packages))
    if part.roots:
        yield Loss(text="which lines ask for what", count=len(part.roots))
    if part.virtual_packages:
        yield Loss(text="what was assumed of the machine", count=len(part.virtual_packages))
    if part.content_hash is not None:
        yield Loss(text="the hash of the input")
