"""A lock to a requirements file of pip: pinned lines with hashes, for one platform or for all with markers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.lock.pylock.writing import environment_marker
from condaenv_tools.lock.pypi_losses import pypi_losses, python_of, the_part
from condaenv_tools.lock.requirements.lines import line_of, pinned, plain
from condaenv_tools.lock.writable import refuse_credentials
from condaenv_tools.model.lock import Lock, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["kept", "losses", "text_of"]

_SYSTEMS = {"linux": "linux", "osx": "darwin", "win": "win32"}


def text_of(lock: Lock, options: DumpOptions) -> str:
    """Return the text of a requirements file.

    Raises
    ------
    LockFormatError
        There is more than one platform, and `selectors` was not asked for; or an address holds a credential.
    """
    refuse_credentials(lock)
    parts = _parts(lock, options)
    lines = [*_header(parts), *(_platform_note(lock, part) for part in parts), *_notes(parts)]
    entries = _merged(parts)
    return "\n".join([*lines, "", *entries] if entries else lines) + "\n"


def _parts(lock: Lock, options: DumpOptions) -> tuple[LockedPlatform, ...]:
    if not options.selectors:
        return (the_part(lock, "requirements"),)
    return tuple(sorted(lock.platforms, key=lambda part: part.platform))


def _header(parts: Sequence[LockedPlatform]) -> list[str]:
    where = ", ".join(part.platform.value for part in parts) or "no platform"
    hashed = all(record.sha256 or record.hashes for part in parts for record in _written(part))
    return [
        f"# The PyPI part of an environment on {where}{', with hashes' if hashed else ''}. Written by condaenv.",
        f"# Install it with: python -m pip install {'--require-hashes ' if hashed else ''}--no-deps -r FILE",
    ]


def _platform_note(lock: Lock, part: LockedPlatform) -> str:
    python = python_of(lock, part)
    return f"# condaenv: platform {part.platform}" + (f" python {python}" if python else "")


def _notes(parts: Sequence[LockedPlatform]) -> list[str]:
    """Return what pip's lines do not say of what is asked for by address: its release."""
    found = set()
    for part in parts:
        for record in _written(part):
            if record.source is None:
                continue
            ours = plain(record)
            version = f" {record.version}" if record.version != "0" else ""
            found.add(f"# condaenv: {ours.url} is {record.name}{version}")
    return sorted(found)


def _written(part: LockedPlatform) -> Iterator[PyPIRecord]:
    """Yield the records that are written, by name; of two with one name the first: only a broken lock has them."""
    seen = set()
    records = [p.record for p in part.packages if isinstance(p.record, PyPIRecord) and pinned(p.record)]
    for record in sorted(records, key=lambda r: (r.name, r.version, r.url)):
        if record.name not in seen:
            seen.add(record.name)
            yield record


def _merged(parts: Sequence[LockedPlatform]) -> list[str]:
    where: dict[tuple[str, str, str, PyPIRecord], list[Platform]] = {}
    for part in parts:
        for record in _written(part):
            bare = plain(record)
            where.setdefault((bare.name, bare.version, bare.url, bare), []).append(part.platform)
    everywhere = [part.platform for part in parts]
    lines = []
    for (*_, record), platforms in sorted(where.items(), key=lambda pair: (pair[0][:3], pair[1])):
        marker = "" if platforms == everywhere else _marker(platforms, everywhere)
        line = line_of(record, marker)
        assert line is not None
        lines.append(line)
    return lines


def _marker(platforms: Sequence[Platform], everywhere: Sequence[Platform]) -> str:
    """Return the marker that is true on some of the platforms of a file, the shortest that there is."""
    found = []
    for system in dict.fromkeys(p.os for p in platforms):
        ours = [p for p in platforms if p.os == system]
        if ours == [p for p in everywhere if p.os == system] and system in _SYSTEMS:
            found.append(f"sys_platform == '{_SYSTEMS[system]}'")
        else:
            found += [environment_marker(p) or "sys_platform == 'none'" for p in ours]
    return " or ".join(found)


def kept(lock: Lock, options: DumpOptions) -> Lock:
    """Return what is left of a lock that is written and read: names, versions, hashes, and some addresses."""
    parts = _parts(lock, options)
    pythons = [python_of(lock, part) for part in parts]
    known = {python for python in pythons if python}
    sole = known.pop() if len(known) == 1 and all(pythons) else None
    packages = {part.platform: tuple(map(_kept_package, map(plain, _written(part)))) for part in parts}
    bare = any(
        isinstance(p.record, PyPIRecord) and not p.record.url for found in packages.values() for p in found
    )
    return Lock(
        platforms=tuple(
            LockedPlatform(platform=platform, packages=packages[platform]) for platform in packages
        ),
        metadata=((PYTHON, sole),) if sole else (),
        unknown=frozenset({"url"} if bare else ()),
    )


def _kept_package(record: PyPIRecord) -> LockedPackage:
    return LockedPackage(record=record)


def losses(lock: Lock, options: DumpOptions) -> tuple[Loss, ...]:
    """Say what of a lock a requirements file does not hold, sorted."""
    found: dict[str, Loss] = {}
    for part in _parts(lock, options):
        for loss in (
            *pypi_losses(lock, part, "a requirements file", mapped=options.map_conda),
            *_of_part(part),
        ):
            known = found.get(loss.text)
            found[loss.text] = loss if known is None else replace(known, count=known.count + loss.count)
    notes = [name for name in ("sources", "metadata") if getattr(lock, name)]
    if [key for key, _ in lock.metadata] == [PYTHON]:
        notes = [name for name in notes if name != "metadata"]
    for name in notes:
        found[name] = Loss(text=f"{name} of the lock", count=len(getattr(lock, name)))
    return tuple(sorted(found.values()))


def _of_part(part: LockedPlatform) -> Iterator[Loss]:
    pip = [p for p in part.packages if isinstance(p.record, PyPIRecord)]
    records = [p.record for p in pip if isinstance(p.record, PyPIRecord)]
    written = list(_written(part))
    unsaid = sorted({record.name for record in records} - {record.name for record in written})
    if unsaid:
        text = f"left out, since pip has no line that pins them: {', '.join(unsaid)}"
        yield Loss(text=text, count=len(unsaid), changes_install=True)
    yield from _unhashed(written)
    yield from _counted(
        ("where each archive is: pip asks its index", [r for r in written if r.source is None and r.url]),
        ("what each distribution needs", [r for r in written if r.requires or r.requirements]),
        ("md5, which pip does not take", [r for r in written if r.md5]),
    )
    others = sorted({c for p in pip for c in p.categories} - {"main"})
    if others:
        text = f"categories ({', '.join(others)}): a requirements file has all of them"
        yield Loss(text=text, count=sum(p.categories != ("main",) for p in pip))
    if any(root.manager == "pip" for root in part.roots or ()):
        yield Loss(text="which lines ask for what", count=sum(r.manager == "pip" for r in part.roots or ()))
    if part.virtual_packages:
        yield Loss(text="what was assumed of the machine", count=len(part.virtual_packages))
    if part.content_hash is not None:
        yield Loss(text="the hash of the input")


def _counted(*kinds: tuple[str, Sequence[PyPIRecord]]) -> Iterator[Loss]:
    for text, records in kinds:
        if records:
            yield Loss(text=text, count=len(records))


def _unhashed(written: Iterable[PyPIRecord]) -> Iterator[Loss]:
    """Yield what keeps pip from the file: it checks the hashes of all lines, or of none."""
    hashed: list[str] = []
    bare: list[str] = []
    for record in written:
        (hashed if record.sha256 or record.hashes else bare).append(record.name)
    if hashed and bare:
        text = f"pip refuses lines without a hash beside lines with one (uv takes them): {', '.join(bare)}"
        yield Loss(text=text, count=len(bare), changes_install=True)
    elif bare:
        yield Loss(
            text="hashes, which the lock does not have: pip takes any file of the version", count=len(bare)
        )
