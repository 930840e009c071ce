"""`[tool.condaenv]` in a project's `pyproject.toml`: which findings the project does not want to hear of."""

from __future__ import annotations

import difflib
import fnmatch
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from condaenv_tools.errors import ParseError
from condaenv_tools.parse.text import decode, read_bytes
from condaenv_tools.rules.registry import ALL_CODES

__all__ = ["NO_SETTINGS", "Settings", "check_codes", "find_settings", "forget_settings", "parse_settings"]

_TABLE = ("tool", "condaenv")
_KEYS = ("ignore", "per-file-ignores")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a project says about `condaenv check`.

    Attributes
    ----------
    path : str
        The file that says it; empty where none does.
    ignore : tuple of str
        Codes, or beginnings of codes such as ``CE5``, that are not told.
    per_file_ignores : tuple of (str, tuple of str)
        The same for the files that fit a pattern, in the order of the file. A pattern is held against the path
        from the folder of `path` on, and against the file's name; ``*`` stands for any characters.

    Examples
    --------
    >>> settings = Settings(path="pyproject.toml", per_file_ignores=(("envs/*.yml", ("CE5",)),))
    >>> settings.ignored_in("envs/gpu.yml"), settings.ignored_in("environment.yml")
    (('CE5',), ())
    """

    path: str = ""
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def ignored_in(self, path: str | Path) -> tuple[str, ...]:
        """Return the codes and beginnings of codes that are not told of a file."""
        found = list(self.ignore)
        if self.per_file_ignores:
            folder = os.path.dirname(os.path.abspath(self.path or "."))  # noqa: PTH100, PTH120 - links stay
            try:
                inside = Path(os.path.relpath(path, folder)).as_posix()
            except ValueError:  # another drive on Windows
                inside = Path(path).as_posix()
            name = Path(path).name
            for pattern, codes in self.per_file_ignores:
                wanted = pattern.removeprefix("./")
                if fnmatch.fnmatchcase(inside, wanted) or fnmatch.fnmatchcase(name, wanted):
                    found += codes
        return tuple(dict.fromkeys(found))


#: Those of a project that says nothing.
NO_SETTINGS = Settings()


def find_settings(path: str | Path) -> Settings:
    """Return the settings of the nearest `pyproject.toml` in a folder above a file that has any.

    A `pyproject.toml` without `[tool.condaenv]` is passed over, as ruff passes over one without its table.

    Parameters
    ----------
    path : str or Path
        The file that is checked; it need not exist.

    Raises
    ------
    ParseError
        One of these files is not TOML, or its table has an unknown key or a bad value.
    """
    return _above(os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH120 - links stay as written


@lru_cache(maxsize=4096)
def _above(folder: str) -> Settings:
    file = os.path.join(folder, "pyproject.toml")  # noqa: PTH118 - ten thousand files, so no Path for each
    if os.path.isfile(file):  # noqa: PTH113
        found = parse_settings(decode(read_bytes(file)), path=_shown(file))
        if found is not None:
            return found
    parent = os.path.dirname(folder)  # noqa: PTH120
    return NO_SETTINGS if parent == folder else _above(parent)


def forget_settings() -> None:
    """Read `pyproject.toml` files anew: a notebook lives longer than they stay the same."""
    _above.cache_clear()


def _shown(file: str) -> str:
    """Return the path from the working folder on where that is shorter: it is what a user reads."""
    try:
        near = os.path.relpath(file)
    except ValueError:
        return file
    return file if near.startswith("..") and len(near) > len(file) else near


def parse_settings(text: str, *, path: str = "pyproject.toml") -> Settings | None:
    r"""Read `[tool.condaenv]` of a `pyproject.toml`; None where there is no such table.

    Raises
    ------
    ParseError
        With the line of every fault.

    Examples
    --------
    >>> parse_settings('[tool.condaenv]\nignore = ["CE113", "CE5"]\n').ignore
    ('CE113', 'CE5')
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        where = f"{path}:{found[1]}:{found[2]}" if found else path
        reason = re.sub(r"\s*\(at [^()]*\)$", "", str(error))
        raise ParseError(
            f"{where}: the file is not TOML: {reason[:1].lower()}{reason[1:]}",
            hints=["mend it, or use --no-config to check without it"],
        ) from error
    tool = document.get("tool", {})
    if not isinstance(tool, dict) or "condaenv" not in tool:
        return None
    table = tool["condaenv"]
    faults = _Faults(text, path)
    if not isinstance(table, dict):
        faults.add((), "tool.condaenv is no table")
        table = {}
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key.replace("_", "-").lower(), _KEYS, n=1, cutoff=0.6)
            more = f"did you mean {near[0]}?" if near else f"the keys are {' and '.join(_KEYS)}"
            faults.add((key,), f"tool.condaenv has no key {key!r}; {more}")
    ignore = faults.codes(table.get("ignore", []), ("ignore",))
    listed = table.get("per-file-ignores", {})
    if not isinstance(listed, Mapping):
        faults.add(("per-file-ignores",), 'per-file-ignores is a table: {"envs/*.yml" = ["CE5"]}')
        listed = {}
    per_file = tuple(
        (pattern, faults.codes(codes, ("per-file-ignores", pattern))) for pattern, codes in listed.items()
    )
    faults.tell()
    return Settings(path=path, ignore=ignore, per_file_ignores=per_file)


def check_codes(codes: Iterable[str]) -> tuple[str, ...]:
    """Return codes and beginnings of codes in capitals.

    Raises
    ------
    ParseError
        No finding has such a code; with the nearest one.

    Examples
    --------
    >>> check_codes(["ce113", "CE5"])
    ('CE113', 'CE5')
    """
    found = []
    for text in codes:
        fault = _code_fault(text)
        if fault:
            raise ParseError(fault)
        found.append(text.strip().upper())
    return tuple(found)


def _code_fault(text: str) -> str:
    wanted = text.strip().upper()
    if wanted and any(code.startswith(wanted) for code in ALL_CODES):
        return ""
    near = difflib.get_close_matches(wanted, ALL_CODES, n=1, cutoff=0.6)
    more = f"; did you mean {near[0]}?" if near else "; condaenv check --list-codes shows the codes"
    return f"no finding has the code {text[:40]!r}{more}"


class _Faults:
    """All faults of a table, with the lines at which they stand."""

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.found: list[str] = []

    def add(self, keys: tuple[str, ...], message: str) -> None:
        self.found.append(f"{self.path}:{_line_of(self.text, keys)}: {message}")

    def codes(self, value: Any, keys: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.add(keys, f'{keys[-1]} is a list of codes, such as ["CE113", "CE5"]')
            return ()
        for item in value:
            fault = _code_fault(item)
            if fault:
                self.add((*keys, item), fault)
        return tuple(item.strip().upper() for item in value)

    def tell(self) -> None:
        if self.found:
            raise ParseError("\n".join(self.found))


def _line_of(text: str, keys: tuple[str, ...]) -> int:
    """Return the line on which the last of some keys or words stands, each looked for behind the one before.

    The reader of TOML keeps no places; the text is searched for what was read.
    """
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if re.match(r"\s*\[\s*tool\s*\.\s*condaenv\b", line)), None)
    if at is None:
        at = next((n for n, line in enumerate(lines) if re.search(r"\bcondaenv\b", line)), 0)
    for key in keys:
        word = re.compile(rf"(?<![\w-]){re.escape(key)}(?![\w-])")
        at = next((n for n in range(at, len(lines)) if word.search(lines[n].split("#")[0])), at)
    return at + 1
