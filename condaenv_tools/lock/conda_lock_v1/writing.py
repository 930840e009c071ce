"""A lock to `conda-lock.yml` version 1: the same bytes for the same lock, on any machine."""

from __future__ import annotations

import hashlib
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.conda_lock_v1.depends import constraints_of, depends_of
from condaenv_tools.lock.conda_lock_v1.entries import place_of
from condaenv_tools.lock.conda_lock_v1.metadata import ROOTS, VIRTUAL_PACKAGES, dump_roots, dump_virtual
from condaenv_tools.lock.conda_lock_v1.reading import KEPT_METADATA, UNKNOWN
from condaenv_tools.lock.metadata_keys import CONDA_ONLY, EXCLUDE_NEWER, STRATEGY
from condaenv_tools.lock.writable import refuse_nameless_places
from condaenv_tools.lock.yaml_scalars import block, scalar
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import has_credentials, mask_credentials
from condaenv_tools.model.virtual import default_virtual_packages

__all__ = ["kept", "losses", "text_of"]

_EMPTY = PackageRecord(name="", version="", build="", subdir="", channel="", url="")


def text_of(lock: Lock) -> str:
    """Return the text of a lock file.

    Raises
    ------
    LockFormatError
        A URL or a channel holds a credential, which must not be written; or the lock does not say where a
        package comes from.
    """
    _refuse_credentials(lock)
    refuse_nameless_places(lock, "a conda-lock.yml")
    lock = replace(lock, platforms=tuple(sorted(lock.platforms, key=lambda part: part.platform)))
    lines = [*_header(lock), "version: 1", "metadata:", *_metadata(lock)]
    entries = sorted(
        (package.manager, package.name, part.platform.value, *_archive(package), package)
        for part in lock.platforms
        for package in part.packages
        if not _is_virtual(package)
    )
    lines.append("package:" if entries else "package: []")
    for _, _, platform, _, _, package in entries:
        lines += [_entry(package, platform, category) for category in sorted(set(package.categories))]
    return "\n".join(lines) + "\n"


def kept(lock: Lock) -> Lock:
    """Return what is left of a lock that is written and read again.

    Beside what `losses` lists: the dependencies of a record are sorted by name, several on one name are one,
    and `optional` says whether `main` is among the categories.
    """
    return replace(
        lock,
        platforms=tuple(sorted((_kept_platform(part) for part in lock.platforms), key=lambda p: p.platform)),
        metadata=tuple(sorted(dict(lock.metadata).items())),
        unknown=UNKNOWN,
    )


def losses(lock: Lock) -> tuple[Loss, ...]:
    """Say what of a lock the format has no word for, one line for each kind, sorted."""
    counts: Counter[str] = Counter()
    for part in lock.platforms:
        counts["markers and extras of what pip installs"] += sum(
            isinstance(package.record, PyPIRecord) and bool(package.record.requirements)
            for package in part.packages
        )
        for record in part.records:
            counts.update(name for name in UNKNOWN if getattr(record, name) != getattr(_EMPTY, name))
            counts["channel, where the URL says another"] += record.channel != place_of(record.url)[0]
            counts["a dependency that is more than one spec of a name"] += len(
                constraints_of(record.depends)[1]
            )
    return tuple(
        Loss(text=f"{name} ({count} records)", count=count) for name, count in sorted(counts.items()) if count
    )


def _kept_platform(part: LockedPlatform) -> LockedPlatform:
    packages = [_kept_package(package) for package in part.packages if not _is_virtual(package)]
    packages.sort(key=lambda p: (p.manager, p.name, *_archive(p)))
    return replace(part, packages=tuple(packages), content_hash=part.content_hash or _hash_of(part))


def _kept_package(package: LockedPackage) -> LockedPackage:
    record = package.record
    if isinstance(record, PackageRecord):
        channel, subdir, _ = place_of(record.url)
        record = replace(
            record,
            channel=channel,
            subdir=subdir,
            depends=depends_of(constraints_of(record.depends)[0]),
            **{name: getattr(_EMPTY, name) for name in UNKNOWN},
        )
    else:
        record = replace(record, requires=constraints_of_pip(record.requires), requirements=())
    return LockedPackage(
        record=record,
        categories=tuple(sorted(set(package.categories))),
        optional="main" not in package.categories,
    )


def constraints_of_pip(requires: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return one specifier for each name, sorted: several are all meant, as a comma says (PEP 440)."""
    found: dict[str, dict[str, None]] = {}
    for name, specifier in sorted(requires):
        found.setdefault(name, {})[specifier] = None
    return tuple((name, ",".join(filter(None, texts))) for name, texts in found.items())


def _is_virtual(package: LockedPackage) -> bool:
    return package.manager == "conda" and is_virtual(package.name)


def _archive(package: LockedPackage) -> tuple[str, str]:
    """Return what orders two packages of one name, which only a broken lock has."""
    return package.record.version, package.record.url


def _hash_of(part: LockedPlatform) -> str:
    """Return a hash of the packages, for want of one of the input; micromamba refuses an empty one."""
    text = "\n".join(sorted(f"{p.record.url}#{p.record.sha256 or p.record.md5}" for p in part.packages))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_credentials(lock: Lock) -> None:
    texts = [channel.url for channel in lock.channels]
    for part in lock.platforms:
        for package in part.packages:
            record = package.record
            texts.append(record.url)
            texts += record.depends if isinstance(record, PackageRecord) else (record.source or "",)
    texts += [r.spec for part in lock.platforms for r in part.roots or ()]
    texts += [value for pair in lock.metadata for value in pair] + list(lock.sources)
    wrong = next((text for text in texts if has_credentials(text)), None)
    if wrong is not None:
        raise LockFormatError(
            f"a lock must not hold a credential, and {mask_credentials(wrong)} does; nothing was written",
            hints=["name an environment variable in the URL, as in https://${USER}:${TOKEN}@HOST/CHANNEL"],
        )


def _header(lock: Lock) -> list[str]:
    lines = [
        "The exact archives of an environment, with their hashes, for each platform (conda-lock.yml",
        "version 1, CEP 37). Written by condaenv. Do not edit it; recreate it with",
        f"    {_command(lock)}",
        'Install it as "NAME" with one of',
        "    conda-lock install --name NAME conda-lock.yml",
        "    micromamba create --name NAME --file conda-lock.yml",
    ]
    extra = sorted({c for part in lock.platforms for p in part.packages for c in p.categories} - {"main"})
    if extra:
        lines.append(f"Other categories than main are installed on request: {_comment(', '.join(extra))}.")
    return [f"# {line}" for line in lines]


def _command(lock: Lock) -> str:
    notes = dict(lock.metadata)
    words = ["condaenv", "lock", *(lock.sources or ["environment.yml"])]
    for part in lock.platforms:
        words += ["-p", part.platform.value]
    stated = {
        str(v)
        for part in lock.platforms
        for v in part.virtual_packages or ()
        if v not in default_virtual_packages(part.platform)
    }
    for text in sorted(stated):
        words += ["--virtual-package", text.removesuffix("=0")]
    words += ["--conda-only"] if CONDA_ONLY in notes else []
    for key, option in ((STRATEGY, "--strategy"), (EXCLUDE_NEWER, "--exclude-newer")):
        words += [option, notes[key]] if key in notes else []
    return _comment(" ".join(shlex.quote(word) for word in words))


def _comment(text: str) -> str:
    """Return text that stays on its line of comment, and is ASCII."""
    return "".join(c if c.isprintable() else " " for c in text).encode("ascii", "backslashreplace").decode()


def _metadata(lock: Lock) -> Iterator[str]:
    custom = {key: value for key, value in lock.metadata if _kept_key(key) is None}
    custom |= {
        key: text
        for key, text in (
            (VIRTUAL_PACKAGES, dump_virtual(lock.platforms)),
            (ROOTS, dump_roots(lock.platforms)),
        )
        if text is not None
    }
    parts = lock.platforms
    yield "  content_hash:" if parts else "  content_hash: {}"
    for part in parts:
        yield f"    {part.platform}: {scalar(part.content_hash or _hash_of(part))}"
    yield "  channels:" if lock.channels else "  channels: []"
    for channel in lock.channels:
        yield f"  - url: {scalar(channel.url)}"
        yield from _list("    used_env_vars", channel.used_env_vars)
    yield from _list("  platforms", [part.platform.value for part in parts])
    yield from _list("  sources", lock.sources)
    yield from _optional_metadata(lock)
    if custom:
        yield "  custom_metadata:"
        for key in sorted(custom):
            yield f"    {scalar(key)}: {block(custom[key], '      ')}"


def _list(key: str, values: Iterable[str]) -> list[str]:
    indent = " " * (len(key) - len(key.lstrip()))
    lines = [f"{indent}- {scalar(value)}" for value in values]
    return [f"{key}:", *lines] if lines else [f"{key}: []"]


def _kept_key(key: str) -> tuple[str, ...] | None:
    """Return the path in the metadata of a pair that was read from conda-lock's own optional metadata."""
    kind, _, rest = key.partition(".")
    if kind not in KEPT_METADATA or not rest:
        return None
    if KEPT_METADATA[kind] == 1:
        return kind, rest
    # The middle is a path of a file, with dots of its own.
    name, dot, field = rest.rpartition(".")
    return (kind, name, field) if dot else None


def _optional_metadata(lock: Lock) -> Iterator[str]:
    tree: dict[str, dict[str, str | dict[str, str]]] = {}
    for key, value in sorted(lock.metadata):
        path = _kept_key(key)
        if path is None:
            continue
        below = tree.setdefault(path[0], {})
        if len(path) == 2:
            below[path[1]] = value
        else:
            inner = below.setdefault(path[1], {})
            assert isinstance(inner, dict)
            inner[path[2]] = value
    for kind in (kind for kind in KEPT_METADATA if kind in tree):
        yield f"  {kind}:"
        for key, item in tree[kind].items():
            if isinstance(item, str):
                yield f"    {scalar(key)}: {scalar(item)}"
            else:
                yield f"    {scalar(key)}:"
                yield from (f"      {scalar(k)}: {scalar(v)}" for k, v in item.items())


def _entry(package: LockedPackage, platform: str, category: str) -> str:
    record = package.record
    own: list[str] = []
    if isinstance(record, PackageRecord):
        pairs = constraints_of(record.depends)[0]
        if record.build:
            own = [f"  build: {scalar(record.build)}"]
    else:
        pairs = constraints_of_pip(record.requires)
        if record.source is not None:
            own = ["  source:", "    type: url", f"    url: {scalar(record.source)}"]
    lines = [
        f"- name: {scalar(record.name)}",
        f"  version: {scalar(record.version)}",
        f"  manager: {package.manager}",
        f"  platform: {platform}",
        "  dependencies:" if pairs else "  dependencies: {}",
        *[f"    {scalar(name)}: {scalar(constraint)}" for name, constraint in pairs],
        f"  url: {scalar(record.url)}",
        *_hashes({"md5": record.md5, "sha256": record.sha256}),
        *own,
        f"  category: {scalar(category)}",
        f"  optional: {'false' if category == 'main' else 'true'}",
    ]
    return "\n".join(lines)


def _hashes(values: Mapping[str, str | None]) -> list[str]:
    lines = [f"    {key}: {scalar(value)}" for key, value in values.items() if value is not None]
    return ["  hash:", *lines] if lines else ["  hash: {}"]
