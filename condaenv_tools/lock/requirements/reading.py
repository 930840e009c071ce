"""A requirements file in which each line is pinned, as a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.errors import LockFormatError
from condaenv_tools.lock.foreign import Entry, Selected, Serving, assemble
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.metadata_keys import PYTHON
from condaenv_tools.lock.pypi_target import Target, minor_of, python_candidates
from condaenv_tools.lock.requirements.lines import Pinned, record_of
from condaenv_tools.lock.tables import FaultList
from condaenv_tools.model.environment import PipItem, PipKind
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.lock import Lock, LockedPlatform, PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.pip_line import read_pip_line
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.requirements_txt import read_requirements_text

__all__ = ["IS_NOTE", "PLATFORM_NOTE", "lock_of"]

#: A note of ours: for which platform, and with which Python.
PLATFORM_NOTE = re.compile(r"^# condaenv: platform (\S+)(?: python (\S+))?$", re.MULTILINE)
#: A note of ours: which release lies at an address.
IS_NOTE = re.compile(r"^# condaenv: (\S+) is (\S+)(?: (\S+))?$", re.MULTILINE)
_NAMED = re.compile(r"requirements[.-]([a-z]+-[a-z0-9]+)\.txt")
#: What pip-compile and uv say of the Python, in their comments.
_OTHERS = re.compile(r"^#.*?(?:with Python |--python-version[ =])(\d+\.\d+(?:\.\d+)?)\b", re.MULTILINE)
_SHOWN = 20
_MERGE = re.compile(r"^(?:<{7}|={7}|>{7})(?=\s|$)", re.MULTILINE)
_NO_LINES = {
    PipKind.FILE: "another file is named, and what it holds may change",
    PipKind.CONSTRAINT: "a file of constraints is named, and a lock has none",
    PipKind.EDITABLE: "a folder that is worked on has no version",
}
#: Two Pythons between which a marker that asks for one is likely to change.
_OLD, _NEW = "3.8.99", "3.20.99"


@dataclass(frozen=True, slots=True)
class _Line:
    item: PipItem
    pinned: Pinned


def lock_of(text: str, path: str, options: ReadOptions | None) -> Lock:
    """Return the lock of a requirements file.

    Raises
    ------
    LockFormatError
        With each line that pip refuses or that is not pinned, by line and column.
    """
    parsed, _ = read_requirements_text(text, path=path)
    wrong = [
        (f.span.line if f.span else 1, f.span.column if f.span else 1, f.message)
        for f in parsed.findings
        if f.severity is Severity.ERROR or f.code == "CE410"
    ]
    # Within a line that goes on in the next, pip's reader takes them for words of that line.
    wrong += [
        (text.count("\n", 0, mark.start()) + 1, 1, "a merge left its mark; resolve it first")
        for mark in _MERGE.finditer(text)
    ]
    items = parsed.environment.pip if parsed.environment else ()
    lines = []
    named: dict[str, tuple[str, str | None]] = {
        match[1]: (pypi_name(match[2]), match[3]) for match in IS_NOTE.finditer(text)
    }
    told = {line for line, _, _ in wrong}
    for item in items:
        if item.kind is PipKind.OPTION or item.span.line in told:
            continue
        found = _read(item, named)
        if isinstance(found, str):
            wrong.append((item.span.line, item.span.column, found))
        else:
            lines.append(_Line(item, found))
    if wrong:
        raise _error(wrong, path)
    return _lock(lines, text, path, options)


def _read(item: PipItem, named: dict[str, tuple[str, str | None]]) -> Pinned | str:
    if item.kind in _NO_LINES:
        return _NO_LINES[item.kind]
    found = record_of(read_pip_line(item.text))
    if isinstance(found, str):
        return mask_credentials(found)
    record = found.record
    name, version = named.get(record.url, (record.name, None))
    if not (name or record.name):
        return f"{mask_credentials(record.url)} does not say which distribution lies there"
    return found._replace(record=replace(record, name=name or record.name, version=version or record.version))


def _error(wrong: list[tuple[int, int, str]], path: str) -> LockFormatError:
    lines = sorted(set(wrong))
    count = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
    told = [f"  {path}:{line}:{column}: {message}" for line, column, message in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        told.append(f"  … and {len(lines) - _SHOWN} more")
    return LockFormatError(
        "\n".join([f"{path} is a requirements file with {count}, and no lock:", *told]),
        hints=["pin each line with == (uv pip compile, pip-compile), or lock it: condaenv lock"],
    )


def _lock(lines: Sequence[_Line], text: str, path: str, options: ReadOptions | None) -> Lock:
    noted = {Platform.parse(m[1]): m[2] for m in PLATFORM_NOTE.finditer(text) if Platform.is_name(m[1])}
    wanted = options.platforms if options is not None else ()
    if not wanted:
        wanted = tuple(noted) or tuple(_named(path))
    serving = Serving.of((_OLD,), ReadOptions(platforms=wanted))
    platforms = serving.platforms or serving.candidates
    stated = options.python if options is not None else None
    others = _OTHERS.search(text)
    fallback = others[1] if others else None
    pythons = {platform: stated or noted.get(platform) or fallback for platform in platforms}
    faults: FaultList = []
    parts = []
    for platform in platforms:
        python = pythons[platform]
        full = python_candidates(python=python)[0] if python else _sole(lines, platform, faults)
        _, found = assemble(
            lambda target: _selected(lines, target),
            replace(serving, pythons=(full,), platforms=(platform,)),
            faults,
        )
        parts.append(LockedPlatform(platform=platform, packages=found.get(platform, ())))
    if faults:
        raise _error([(int(where[0]) if where else 1, 1, told) for where, told in faults], path)
    known = {python for python in pythons.values() if python}
    sole = known.pop() if len(known) == 1 and all(pythons.values()) else None
    bare = any(isinstance(p.record, PyPIRecord) and not p.record.url for part in parts for p in part.packages)
    return Lock(
        platforms=tuple(sorted(parts, key=lambda part: part.platform)),
        metadata=((PYTHON, sole if noted else minor_of(sole)),) if sole else (),
        unknown=frozenset({"url"} if bare else ()),
    )


def _named(path: str) -> Iterator[Platform]:
    for name in _NAMED.findall(path.replace("\\", "/").rpartition("/")[2]):
        if Platform.is_name(name):
            yield Platform.parse(name)


def _sole(lines: Sequence[_Line], platform: Platform, faults: FaultList) -> str:
    """Return a Python where nobody says which; that it decides is a fault."""
    old, new = Target(platform, _OLD), Target(platform, _NEW)
    for line in lines:
        marker = line.pinned.marker
        if marker is not None and old.holds(marker) != new.holds(marker):
            name = line.pinned.record.name
            message = f"whether {name} is installed depends on the Python, and the file does not say which"
            faults.append(
                ((line.item.span.line,), f"{message}: add `# condaenv: platform {platform} python 3.12`")
            )
            break
    return _NEW


def _selected(lines: Sequence[_Line], target: Target) -> Iterator[Selected]:
    for line in lines:
        if target.holds(line.pinned.marker):
            yield Selected(entry=Entry(where=(line.item.span.line,), record=line.pinned.record))
