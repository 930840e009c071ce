"""Explicit lists (CEP 23): the archives of one platform, a URL a line, in the order of their installation.

What pip installs stands in comments, as conda-lock writes it; `conda-lock install` follows them, conda does not.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.explicit.lines import archive_line, pip_line, read_archive, read_pip
from condaenv_tools.lock.explicit.order import installation_order
from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.pixi.channels import read_channel
from condaenv_tools.lock.pixi.reading import MAY_BE_UNKNOWN
from condaenv_tools.lock.text import decode
from condaenv_tools.lock.writable import (
    refuse_credentials,
    refuse_nameless_places,
    refuse_odd_hashes,
    without_commit,
)
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.names import is_virtual
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["ExplicitList"]

#: What no line says.
UNKNOWN = MAY_BE_UNKNOWN | {"depends"}
_MARK = re.compile(r"^[ \t]*@EXPLICIT[ \t]*$", re.MULTILINE)
_PLATFORM = re.compile(r"#\s*platform:\s*(\S+)\s*")
_INPUT_HASH = re.compile(r"#\s*input_hash:\s*([0-9a-f]+)\s*")
_PIP = re.compile(r"#\s*pip\s+(\S.*)")
_SHOWN = 20


class ExplicitList:
    """Reads and writes explicit lists, one for each platform."""

    name = "explicit"
    one_platform = True

    def recognises(self, text: str) -> bool:
        """Say whether a line of a text is the mark of such a list."""
        return _MARK.search(text) is not None

    def loads(self, text: str | bytes, *, path: str = "<text>") -> Lock:
        r"""Read a list; its platform is that of its comment, of its URLs, or of its name.

        Raises
        ------
        LockFormatError
            With all faults of the text, and the lines they are on.

        Examples
        --------
        >>> text = "@EXPLICIT\nhttps://conda.example.org/team/linux-64/a-1-0.conda#" + 32 * "0"
        >>> ExplicitList().loads(text).platforms[0].records[0].name
        'a'
        """
        content = decode(text, path=path)
        records: list[PackageRecord | PyPIRecord] = []
        faults: list[tuple[int, str]] = []
        stated: tuple[int, str] | None = None
        content_hash = None
        for number, raw in enumerate(content.splitlines(), start=1):
            line = raw.strip()
            if match := _PLATFORM.fullmatch(line):
                stated = (number, match[1])
            elif match := _INPUT_HASH.fullmatch(line):
                content_hash = match[1]
            elif match := _PIP.fullmatch(line):
                found = read_pip(match[1])
                if found is None:
                    faults.append((number, f"{_shown(line)} is no name with its address: # pip NAME @ URL"))
                else:
                    records.append(found)
            elif line and not line.startswith("#") and line != "@EXPLICIT":
                one = read_archive(line)
                if isinstance(one, str):
                    faults.append((number, f"{_shown(line)} is {one}" if one.startswith("no ") else one))
                else:
                    records.append(one)
        platform = _platform(records, stated, path, faults)
        if faults or platform is None:
            raise _error(faults, path)
        return _lock(records, platform, content_hash)

    def file_name(self, platform: Platform | None = None) -> str:
        """Return what conda-lock calls such a file."""
        return f"conda-{platform}.lock" if platform else "conda.lock"

    def dumps(self, lock: Lock, options: DumpOptions | None = None) -> str:  # noqa: ARG002 - the seam
        """Write the list of the one platform of a lock.

        Raises
        ------
        LockFormatError
            There is not one platform, a URL holds a credential, or a package has none.
        """
        part = _part(lock)
        refuse_credentials(lock)
        refuse_nameless_places(lock, "an explicit list")
        refuse_odd_hashes(lock)
        conda, pip = _records(part)
        lines = [
            "# The exact archives of an environment, with their hashes (CEP 23). Written by condaenv.",
            f"# Install it: conda create --name NAME --file {self.file_name(part.platform)}",
            f"# platform: {part.platform}",
        ]
        if part.content_hash:
            lines.append(f"# input_hash: {part.content_hash}")
        lines.append("@EXPLICIT")
        lines += map(archive_line, installation_order(conda))
        lines += map(pip_line, pip)
        return "\n".join(lines) + "\n"

    def losses(self, lock: Lock, options: DumpOptions | None = None) -> tuple[Loss, ...]:  # noqa: ARG002 - the seam
        """Say what of the lock the list does not hold, sorted."""
        part = _part(lock)
        counts: Counter[str] = Counter()
        counts["files that were locked"] = len(lock.sources)
        counts["notes in the metadata"] = len(lock.metadata)
        counts["what was asked for"] = len(part.roots or ())
        counts["virtual packages that were assumed of the machine"] = len(part.virtual_packages or ())
        counts["channels in their order of priority"] = lock.channels != self.kept(lock).channels
        counts["that conda and mamba leave out what pip installs, which `conda-lock install` does not"] = len(
            _records(part)[1]
        )
        conda, pip = _records(part)
        counts["the order of installation, as the lock does not say what a package needs"] = (
            "depends" in lock.unknown and len(conda) > 1
        )
        for record in conda:
            counts["what packages need, their sizes, licences and the like"] += bool(
                record.depends or record.constrains or record.size or record.license
            )
            counts["sha256, where the MD5 stands"] += record.md5 is not None and record.sha256 is not None
            counts["name, version or build, where the archive is called otherwise"] += _otherwise(record)
        for one in pip:
            counts["what distributions need"] += bool(one.requires or one.requirements)
            counts["version, where the address does not say it"] += _read_back(one).version != one.version
        found = [Loss(text=f"{text} ({n})", count=int(n)) for text, n in sorted(counts.items()) if n]
        optional = sum("main" not in package.categories for package in part.packages)
        if optional:
            text = f"that packages are optional, so that all are installed ({optional})"
            found.append(Loss(text=text, count=optional, changes_install=True))
        return tuple(sorted(found))

    def kept(self, lock: Lock, options: DumpOptions | None = None) -> Lock:  # noqa: ARG002 - the seam
        """Return what is read when the lock is written."""
        part = _part(lock)
        conda, pip = _records(part)
        read = [read_archive(archive_line(record)) for record in conda]
        records = [record for record in read if isinstance(record, PackageRecord)]
        return _lock([*records, *map(_read_back, pip)], part.platform, part.content_hash or None)


def _shown(line: str) -> str:
    text = mask_credentials(line)
    return repr(text if len(text) <= 80 else f"{text[:79]}…")


def _part(lock: Lock) -> LockedPlatform:
    if len(lock.platforms) != 1:
        raise LockFormatError(
            f"an explicit list is about one platform, and the lock has {len(lock.platforms)}",
            hints=["choose one with -p, or write a file for each"],
        )
    return lock.platforms[0]


def _records(part: LockedPlatform) -> tuple[list[PackageRecord], list[PyPIRecord]]:
    """Return what conda installs, and what pip does, sorted by name; each archive once."""
    every = {
        without_commit(p.record) for p in part.packages if p.manager != "conda" or not is_virtual(p.name)
    }
    conda = [r for r in every if isinstance(r, PackageRecord)]
    pip = [r for r in every if isinstance(r, PyPIRecord)]
    return sorted(conda, key=_rank), sorted(pip, key=_rank)


def _rank(record: PackageRecord | PyPIRecord) -> tuple[str, str, str, str]:
    return record.name, record.version, record.url, repr(record)


def _read_back(record: PyPIRecord) -> PyPIRecord:
    found = read_pip(pip_line(record).removeprefix("# pip "))
    return replace(record, source=None) if found is None else found


def _otherwise(record: PackageRecord) -> bool:
    found = read_archive(record.url)
    return isinstance(found, str) or (found.name, found.version, found.build) != (
        record.name,
        record.version,
        record.build,
    )


def _lock(records: list[PackageRecord | PyPIRecord], platform: Platform, content_hash: str | None) -> Lock:
    packages = [LockedPackage(record=record) for record in records]
    packages.sort(key=lambda p: (p.manager, *_rank(p.record)))
    channels: dict[LockChannel, None] = {}
    for package in packages:
        if isinstance(package.record, PackageRecord) and package.record.channel:
            channels[read_channel({"url": package.record.channel})] = None
    part = LockedPlatform(platform=platform, packages=tuple(packages), content_hash=content_hash)
    return Lock(platforms=(part,), channels=tuple(channels), unknown=UNKNOWN)


def _platform(
    records: list[PackageRecord | PyPIRecord],
    stated: tuple[int, str] | None,
    path: str,
    faults: list[tuple[int, str]],
) -> Platform | None:
    subdirs = sorted(
        {r.subdir for r in records if isinstance(r, PackageRecord) and Platform.is_name(r.subdir)}
    )
    if stated is not None:
        if not Platform.is_name(stated[1]):
            faults.append((stated[0], f"{stated[1]!r} is not a platform that conda knows"))
            return None
        others = [name for name in subdirs if name != stated[1]]
        if others:
            faults.append(
                (stated[0], f"the list is for {stated[1]}, and has packages of {', '.join(others)}")
            )
        return Platform.parse(stated[1])
    if len(subdirs) > 1:
        faults.append((1, f"the list has packages of {' and '.join(subdirs)}, and is about one platform"))
        return None
    # A list of `noarch` alone says it in its name at most: conda-linux-64.lock.
    named = [p.value for p in Platform if re.search(rf"(?:^|[^a-z0-9]){p}(?:$|[^a-z0-9])", path)]
    names = subdirs or sorted(set(named))
    if len(names) == 1:
        return Platform.parse(names[0])
    faults.append(
        (1, "nothing says its platform: write `# platform: linux-64` above, or call it conda-linux-64.lock")
    )
    return None


def _error(faults: list[tuple[int, str]], path: str) -> LockFormatError:
    count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
    told = [f"  {path}:{line}: {message}" for line, message in sorted(faults)[:_SHOWN]]
    if len(faults) > _SHOWN:
        told.append(f"  … and {len(faults) - _SHOWN} more")
    return LockFormatError(
        "\n".join([f"{path} is an explicit list with {count}:", *told]),
        hints=[
            "conda list --explicit --md5 writes such a list; condaenv lock makes a lock of an environment.yml"
        ],
    )
