"""A pinned environment file as a lock of names, versions and builds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.channel_names import lock_channel
from condaenv_tools.lock.environment_yml.lines import record_of
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.markers import marker_test
from condaenv_tools.lock.requirements.lines import record_of as pip_record_of
from condaenv_tools.model.environment import Environment, PipKind
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.model.virtual import default_virtual_packages
from condaenv_tools.parse.environment_yml import parse_environment

__all__ = ["NOTE", "lock_of", "lock_of_parts"]

#: Our note: for which platform.
NOTE = re.compile(r"^# condaenv: platform (\S+)$", re.MULTILINE)
_NAMED = re.compile(r"\.([a-z]+-[a-z0-9]+)\.ya?ml$")
_UNKNOWN = frozenset(field.name for field in fields(PackageRecord)) - {"name", "version"}
_SHOWN = 20
_Faults = list[tuple[int, int, str]]


def lock_of(text: str, path: str, options: ReadOptions | None) -> Lock:
    """Return the lock of an environment file.

    Raises
    ------
    LockFormatError
        With each line that is at fault or not pinned, by line and column.
    """
    parsed = parse_environment(text, path=path)
    faults: _Faults = [
        (f.span.line if f.span else 1, f.span.column if f.span else 1, f.message)
        for f in parsed.findings
        if f.severity is Severity.ERROR
    ]
    environment = parsed.environment
    if faults or environment is None:
        raise _error(faults or [(1, 1, "it cannot be read")], path)
    faults += _unpinned(environment)
    parts = [
        LockedPlatform(platform=platform, packages=tuple(_packages(environment, platform, faults)))
        for platform in _platforms(environment, text, path, options)
    ]
    if faults:
        raise _error(faults, path)
    channels = [item.text for item in environment.channels if item.text != "nodefaults"]
    return lock_of_parts(parts, channels)


def lock_of_parts(parts: Sequence[LockedPlatform], channels: Iterable[str]) -> Lock:
    """Return the lock of what such a file says; `unknown` has all that it does not."""
    records = [record for part in parts for record in part.records]
    unknown = _UNKNOWN if not all(r.build for r in records) else _UNKNOWN - {"build"}
    return Lock(
        platforms=tuple(sorted(parts, key=lambda part: part.platform)),
        channels=tuple(lock_channel(text) for text in channels),
        unknown=unknown,
    )


def _platforms(
    environment: Environment, text: str, path: str, options: ReadOptions | None
) -> tuple[Platform, ...]:
    """Return the platforms: those asked for, else noted, listed, in the name of the file, or the usual ones."""
    if options is not None and options.platforms:
        return tuple(sorted(set(options.platforms)))
    noted = [name for name in NOTE.findall(text) if Platform.is_name(name)]
    listed = [*map(Platform.parse, noted)] or [item.platform for item in environment.platforms]
    known = set(listed) or {Platform.parse(name) for name in _NAMED.findall(path) if Platform.is_name(name)}
    return tuple(sorted(known or DEFAULT_PLATFORMS))


def _unpinned(environment: Environment) -> Iterator[tuple[int, int, str]]:
    for item in environment.dependencies:
        if record_of(item.text) is None:
            told = f"{mask_credentials(item.text)} allows more than one version"
            yield item.span.line, item.span.column, told
    for line in environment.pip:
        if line.kind is PipKind.OPTION:
            continue
        found = pip_record_of(read_pip_line(line.text))
        if line.kind in {PipKind.FILE, PipKind.CONSTRAINT, PipKind.EDITABLE}:
            yield line.span.line, line.span.column, f"{mask_credentials(line.text)} pins nothing"
        elif isinstance(found, str):
            yield line.span.line, line.span.column, mask_credentials(found)
        elif not found.record.name:
            told = f"{mask_credentials(line.text)} does not say which distribution lies there"
            yield line.span.line, line.span.column, told


def _packages(environment: Environment, platform: Platform, faults: _Faults) -> Iterator[LockedPackage]:
    conda: dict[str, PackageRecord] = {}
    for item in environment.dependencies_on(platform):
        record = record_of(item.text)
        if record is None:
            continue
        if record.name in conda:
            told = f"{record.name} is locked twice for {platform}"
            faults.append((item.span.line, item.span.column, told))
        conda[record.name] = record
    holds = marker_test(platform, conda.values(), default_virtual_packages(platform))
    yield from (LockedPackage(record=conda[name]) for name in sorted(conda))
    pip: dict[str, LockedPackage] = {}
    for line in environment.pip_on(platform):
        found = pip_record_of(read_pip_line(line.text))
        if isinstance(found, str) or line.kind is PipKind.OPTION:
            continue
        if found.marker is not None and holds is not None and not holds(found.marker):
            continue
        if found.record.name in pip:
            told = f"{found.record.name} is locked twice for {platform}"
            faults.append((line.span.line, line.span.column, told))
        pip[found.record.name] = LockedPackage(record=found.record)
    yield from (pip[name] for name in sorted(pip))


def _error(faults: _Faults, path: str) -> LockFormatError:
    lines = sorted(set(faults))
    count = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
    told = [f"  {path}:{line}:{column}: {message}" for line, column, message in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        told.append(f"  … and {len(lines) - _SHOWN} more")
    return LockFormatError(
        "\n".join([f"{path} is a pinned environment.yml with {count}:", *told]),
        hints=["write NAME=VERSION=BUILD in each line, or lock it: condaenv lock"],
    )
