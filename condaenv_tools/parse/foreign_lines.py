"""Lines that belong to another tool: conflict markers, fences, templates, web pages, explicit lists."""

from __future__ import annotations

import re

from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.yaml_cause import Cause, blame, blanked, line_of

__all__ = ["explain_foreign"]

_MARKER = re.compile(r"(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HTML = re.compile(r"\s*<(?:!doctype|html|head)\b", re.IGNORECASE)
_STATEMENT = re.compile(r"\s*\{[%#]")


def explain_foreign(source: SourceText, index: int) -> Cause | None:
    """Explain lines that belong to another tool: conflict markers, fences, templates, an explicit list."""
    last = source.line_number(index)
    lines = [line_of(source, number)[2] for number in range(1, len(source.line_starts) + 1)]
    for number, line in enumerate(lines[: last + 1], start=1):
        start, end = source.line_bounds(number)
        if _MARKER.match(line):
            message = "git left a conflict here: both versions stand in the file"
            hint = "keep one of the two, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
            return Cause(
                kind="conflict", message=message, line=number, start=start, end=start + 7, hint=hint,
                repaired=blanked(source, *_second_side(lines)),
            )  # fmt: skip
        if _FENCE.match(line):
            fences = [n for n, other in enumerate(lines, start=1) if _FENCE.match(other)]
            message = "this line belongs to Markdown, not to the file"
            return Cause(
                kind="fence", message=message, line=number, start=start, end=end, hint="remove the line",
                repaired=blanked(source, *fences),
            )  # fmt: skip
        if _STATEMENT.match(line):
            statements = [n for n, other in enumerate(lines, start=1) if _STATEMENT.match(other)]
            message = "this is a template (Jinja), and no tool fills in templates in an environment file"
            return Cause(
                kind="template", message=message, line=number, start=start, end=end,
                hint="render the file first, or write the values", repaired=blanked(source, *statements),
            )  # fmt: skip
        if _HTML.match(line):
            message = "this is a web page (HTML), no environment file"
            hint = "download the file itself (the raw one)"
            return blame(source, "html", message, start, end, hint=hint, blank=False)
        if line.strip() == "@EXPLICIT":
            message = "this is an explicit list of package URLs (CEP 23), no environment file"
            return blame(
                source, "explicit", message, start, end, hint="condaenv import reads such a file", blank=False
            )
    return None


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
