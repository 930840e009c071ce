"""TOML and JSON of lock files: read at once, and looked at again for places where something is wrong."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable
from typing import Any

from condaenv_tools.errors import LockFormatError
from condaenv_tools.parse.inputs.items import Item, read_json, read_toml
from condaenv_tools.parse.inputs.spots import MAX_DEPTH
from condaenv_tools.parse.report import Report
from condaenv_tools.parse.text import SourceText

__all__ = ["FaultList", "Where", "fault_error", "load_json", "load_toml"]

#: The keys and indices that lead to a value.
Where = tuple[str | int, ...]
#: Faults of a tree: where, and what is wrong.
FaultList = list[tuple[Where, str]]

#: Faults that are shown; a file of another kind has one for each line.
_SHOWN = 20
_AGAIN = "is it cut off, or has a merge left its marks (<<<<<<<)? Make it anew with the tool that wrote it"


def load_toml(text: str, *, path: str) -> dict[str, Any]:
    """Return the tree of a TOML text.

    Raises
    ------
    LockFormatError
        It is none; the message has the line and column at which the reader stopped.
    """
    found = _load(text, path, tomllib.loads, read_toml)
    assert isinstance(found, dict)
    return found


def load_json(text: str, *, path: str) -> dict[str, Any]:
    """Return the tree of a JSON text whose top is a table.

    Raises
    ------
    LockFormatError
        It is none, or is nested beyond what any lock needs.
    """
    found = _load(text, path, json.loads, read_json)
    if not isinstance(found, dict):
        raise LockFormatError(f"{path} is not a lock file: its top is no table", hints=[_AGAIN])
    return found


def _load(text: str, path: str, load: Callable[[str], Any], explain: Callable[[Report], Item | None]) -> Any:
    try:
        return load(text)
    except (ValueError, RecursionError):
        report = Report(SourceText(text, path=path))
        item = explain(report)
    if item is not None:  # TOML 1.1, which the quick reader does not know
        return item.value
    first = report.findings()[0]
    place = f"{path}:{first.span.line}:{first.span.column}" if first.span else path
    raise LockFormatError(f"{place}: {first.message}", hints=[first.hint] if first.hint else [_AGAIN])


def fault_error(
    faults: Iterable[tuple[Where, str]], text: str, *, path: str, what: str, hint: str = _AGAIN
) -> LockFormatError:
    """Return the error for what is wrong in a tree, each fault with the line of its value.

    Parameters
    ----------
    faults : iterable of (Where, str)
        Where a value is absent, the nearest that is there is meant.
    text : str
        TOML, or JSON where it begins with a brace.
    path, what : str
        The file, and what it is, with its article.
    hint : str
        What to do next.
    """
    report = Report(SourceText(text, path=path))
    root = (read_json if text.lstrip().startswith("{") else read_toml)(report)
    lines = sorted({(_line(root, where, report.source), message) for where, message in faults})
    count = "a fault" if len(lines) == 1 else f"{len(lines)} faults"
    told = [f"  {path}:{line}: {message}" for line, message in lines[:_SHOWN]]
    if len(lines) > _SHOWN:
        told.append(f"  … and {len(lines) - _SHOWN} more")
    return LockFormatError("\n".join([f"{path} is {what} with {count}:", *told]), hints=[hint])


def _line(root: Item | None, where: Where, source: SourceText) -> int:
    found = root
    for step in where[: MAX_DEPTH + 1]:
        inner = _step(found, step)
        if inner is None:
            break
        found = inner
    return 1 if found is None or found is root else source.span(*found.key).line


def _step(item: Item | None, step: str | int) -> Item | None:
    if item is None:
        return None
    if isinstance(step, str):
        return item.get(step)
    return next((one for i, one in enumerate(item.elements()) if i == step), None)
