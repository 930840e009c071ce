"""Lines that belong to another tool: conflict markers, fences, templates, web pages, explicit lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import lines_removed
from condaenv_tools.parse.yaml_cause import Cause, blame, blanked, line_of

__all__ = ["explain_foreign"]

_MARKER = re.compile(r"(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HTML = re.compile(r"\s*<(?:!doctype|html|head)\b", re.IGNORECASE)
_MARGIN = re.compile(r"^(?:\+(?![+-])|\$(?= ))", re.MULTILINE)
_TABLE = re.compile(r"\[\[?[\w.\"-]+\]?\]\s*")
_PAIR = re.compile(r"[\w.\"-]+\s*=\s*\S")
_STATEMENT = re.compile(r"\s*\{[%#]")


def explain_foreign(source: SourceText, index: int) -> Cause | None:
    """Explain lines that belong to another tool, as far down as the fault."""
    last = source.line_number(index)
    lines = [line_of(source, number)[2] for number in range(1, len(source.line_starts) + 1)]
    for number, line in enumerate(lines[:last], start=1):
        if line and not line[0].isalpha():
            for explain in _LINES:
                cause = explain(source, lines, number)
                if cause:
                    return cause
    return None


def _conflict(source: SourceText, lines: list[str], number: int) -> Cause | None:
    if not _MARKER.match(lines[number - 1]):
        return None
    start = line_of(source, number)[0]
    message = "git left a conflict here: both versions stand in the file"
    hint = "keep one of the two, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
    cause = blame(source, "conflict", message, start, start + 7, hint=hint)
    return replace(cause, repaired=blanked(source, *_second_side(lines)))


def _fence(source: SourceText, lines: list[str], number: int) -> Cause | None:
    if not _FENCE.match(lines[number - 1]):
        return None
    message = "this line belongs to Markdown, not to the file"
    return _lines_alike(source, lines, number, _FENCE, message=message, hint="remove the line")


def _template(source: SourceText, lines: list[str], number: int) -> Cause | None:
    if not _STATEMENT.match(lines[number - 1]):
        return None
    message = "this is a template (Jinja), and no tool fills in templates in an environment file"
    hint = "render the file first, or write the values"
    return _lines_alike(source, lines, number, _STATEMENT, message=message, hint=hint)


def _lines_alike(  # noqa: PLR0913 - what a cause has
    source: SourceText, lines: list[str], number: int, pattern: re.Pattern[str], *, message: str, hint: str
) -> Cause:
    """Blame one line, and make comments of all that are like it."""
    start, end, _ = line_of(source, number)
    alike = [n for n, other in enumerate(lines, start=1) if pattern.match(other)]
    fix = lines_removed(source, alike, "remove the lines") if pattern is _FENCE else None
    cause = blame(source, message, message, start, end, hint=hint, fix=fix)
    return replace(cause, repaired=blanked(source, *alike))


def _margin(source: SourceText, lines: list[str], number: int) -> Cause | None:
    line = lines[number - 1]
    if not line.startswith(("+", "$ ")):
        return None
    start = line_of(source, number)[0]
    message = (
        f"the line begins with {line[0]}, {'as in a diff' if line[0] == '+' else 'as at a shell prompt'}"
    )
    cause = blame(source, "margin", message, start, start + 1, hint="remove it")
    # In a real diff every other line has a space there.
    whole = all(not other.strip() or other[0] in "+-@ \t#$" for other in lines)
    marked = [n for n, other in enumerate(lines, start=1) if other.startswith(line[0])]
    return replace(cause, repaired=_MARGIN.sub(" ", source.text) if whole else blanked(source, *marked))


def _other_format(source: SourceText, lines: list[str], number: int) -> Cause | None:
    start, end, line = line_of(source, number)
    if _HTML.match(line):
        message = "this is a web page (HTML), no environment file"
        return blame(
            source, "html", message, start, end, hint="download the file itself (the raw one)", blank=False
        )
    if line.strip() == "@EXPLICIT":
        message = "this is an explicit list of package URLs (CEP 23), no environment file"
        return blame(
            source, "explicit", message, start, end, hint="condaenv import reads such a file", blank=False
        )
    if _TABLE.fullmatch(line) and any(_PAIR.match(other) for other in lines[number:]):
        message = "this is TOML, as in pyproject.toml, pixi.toml or a Pipfile, no environment file"
        return blame(
            source, "toml", message, start, end, hint="condaenv import reads such files", blank=False
        )
    return None


_LINES: tuple[Callable[[SourceText, list[str], int], Cause | None], ...] = (
    _conflict, _fence, _template, _margin, _other_format,
)  # fmt: skip


def _second_side(lines: list[str]) -> list[int]:
    """Return the marker lines of all conflicts, and the lines of their second sides."""
    found, inside = [], False
    for number, line in enumerate(lines, start=1):
        marker = bool(_MARKER.match(line))
        if marker:
            inside = line[0] in "=|"
        if marker or inside:
            found.append(number)
    return found
