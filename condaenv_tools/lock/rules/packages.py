"""Rules on single packages: known, unique, hashes, ownership."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.pypi_address import address_of
from condaenv_tools.lock.rules.case import Case
from condaenv_tools.model.finding import Fault
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["hashes", "known", "ownership", "unique"]

_SUFFIXES = (".conda", ".tar.bz2")
_LENGTHS = {"md5": 32, "sha256": 64}
_HEX = re.compile(r"[0-9a-f]+")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def known(case: Case) -> Iterator[Fault]:
    """Find packages that are not what a channel of the lock has: the file, its place, and its name."""
    for record in case.part.records:
        for message in _unknown(case, record):
            yield case.fault("known", record.name, message)
    for distribution in case.pip:
        if not _may_be(distribution):
            place = mask_credentials(distribution.url)
            message = (
                f"{distribution.name} {distribution.version} is said to be {place}, which is another one"
            )
            yield case.fault("known", distribution.name, message)


def _may_be(record: PyPIRecord) -> bool:
    """Say whether a wheel can be the release that it is locked as; of other archives the name proves nothing."""
    file_name = address_of(record).file_name
    if not file_name.endswith(".whl") or not record.has_version:
        return True
    from packaging.utils import InvalidWheelFilename, parse_wheel_filename  # noqa: PLC0415 - pip sections only
    from packaging.version import InvalidVersion, Version  # noqa: PLC0415

    try:
        name, version, *_ = parse_wheel_filename(file_name)
        return (str(name), version) == (pypi_name(record.name), Version(record.version))
    except (InvalidWheelFilename, InvalidVersion):
        return True


def _unknown(case: Case, record: PackageRecord) -> Iterator[str]:
    if not record.url and "url" in case.unknown:
        if record.name in case.absent:
            yield f"{record.name} {record.version} {record.build}".rstrip() + " is in no channel at hand"
        return
    wanted = f"{record.name}-{record.version}-{record.build}"
    stem = record.file_name.partition("#")[0]
    for suffix in _SUFFIXES:
        stem = stem.removesuffix(suffix)
    if stem != wanted:
        yield f"{record} is said to be {mask_credentials(record.url)}, which is another package"
    if record.subdir not in {case.platform, "noarch"}:
        yield f"{record} comes from the subdir {record.subdir}: {mask_credentials(record.url)}"
    elif case.channel_urls is not None and bare_url(record.channel) not in case.channel_urls:
        yield f"{record} comes from {mask_credentials(record.channel)}, which is no channel of the lock"
    elif record.url in case.missing:
        yield f"{record} is in no channel at hand: {mask_credentials(record.url)}"


def unique(case: Case) -> Iterator[Fault]:
    """Find names that stand for more than one package of one manager."""
    seen: dict[tuple[str, str], str] = {}
    for package in case.part.packages:
        key = (package.manager, package.name)
        label = f"{package.name} {package.record.version}"
        if key in seen:
            yield case.fault(
                "unique", package.name, f"{package.name} is locked twice: {seen[key]} and {label}"
            )
        seen[key] = label


def hashes(case: Case) -> Iterator[Fault]:
    """Find hashes that are absent, ill-formed, another file's, or not those of the channel."""
    of: dict[str, str] = {}
    for package in case.part.packages:
        record = package.record
        silent = not record.url and "sha256" in case.unknown
        for message in () if silent else _unsound_hashes(record):
            yield case.fault("hashes", record.name, message)
        # What has no archive has a commit in its place, and a repository may hold several distributions.
        for key in () if _has_no_archive(record) else filter(None, (record.sha256, record.md5)):
            file_name = record.url.rpartition("/")[2] or f"{record.name} {record.version}"
            other = of.setdefault(key, file_name)
            if other != file_name:
                yield case.fault(
                    "hashes",
                    record.name,
                    f"two files have one hash: {mask_credentials(f'{other} and {file_name}')}",
                )
        full = case.full.get(record.url)
        if full is None:
            continue
        for kind in _LENGTHS:
            ours, theirs = getattr(record, kind), getattr(full, kind)
            if ours and theirs and ours.lower() != theirs:
                message = f"{kind} of {record.name} {record.version} is {ours}, and in the channel {theirs}"
                yield case.fault("hashes", record.name, message)


def _unsound_hashes(record: PackageRecord | PyPIRecord) -> Iterator[str]:
    label = f"{record.name} {record.version}"
    pip = isinstance(record, PyPIRecord)
    one_of = isinstance(record, PyPIRecord) and bool(record.hashes)
    if not record.sha256 and (not record.md5 or pip) and not one_of and not _has_no_archive(record):
        yield f"{label} has no {'sha256' if pip else 'hash'}, so what is installed cannot be checked"
    for kind, length in _LENGTHS.items():
        value = getattr(record, kind)
        if not value or (len(value) == length and _HEX.fullmatch(value)):
            continue
        # A repository has no archive: conda-lock puts the commit where the hash would be.
        if not (pip and kind == "sha256" and _COMMIT.fullmatch(value) and "git" in record.url):
            yield f"{kind} of {label} is not a {kind}: {value}"


def _has_no_archive(record: PackageRecord | PyPIRecord) -> bool:
    """Say whether there is no file to hash: a repository at a commit, or a folder of the project."""
    if not isinstance(record, PyPIRecord) or record.source is None:
        return False
    url = record.url.partition("#")[0]
    if re.match(r"(?:git|hg|svn|bzr)\+", url):
        return re.search(r"@[0-9a-f]{40,64}\Z", url) is not None
    return "://" not in url and not url.endswith((".whl", ".gz", ".zip"))


def ownership(case: Case) -> Iterator[Fault]:
    """Find distributions that both managers install over each other, by the table of names or the same name."""
    for record in case.pip:
        other = case.owned.get(pypi_name(record.name))
        if other is not None:
            alias = "" if pypi_name(other.name) == record.name else f"{other.name} "
            message = (
                f"{record.name} is locked from both: {alias}{other.version} with conda, "
                f"{record.version} with pip"
            )
            yield case.fault("ownership", record.name, message)
