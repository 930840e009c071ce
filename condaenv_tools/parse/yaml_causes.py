"""Why a text is not YAML: the parser's complaint turned into what a person did, and a repair to read on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.specs import odd_character
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.yaml_nodes import NotYamlError

__all__ = ["Cause", "explain_fault"]

_MARKER = re.compile(r"(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_HTML = re.compile(r"\s*<(?:!doctype|html|head)\b", re.IGNORECASE)
_STATEMENT = re.compile(r"\s*\{[%#]")
_KEYS = ("name", "prefix", "channels", "dependencies", "variables", "platforms", "category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One reason why a text is not YAML.

    Attributes
    ----------
    kind : str
        A word for the kind of fault; the same fault in line after line is told once.
    message, hint, remark : str
        As in a finding.
    line : int
        The line to blame.
    start, end : int
        The part of the text to blame.
    repaired : str or None
        A text of the same length without the fault; None where reading on makes no sense.
    """

    kind: str
    message: str
    line: int
    start: int
    end: int
    hint: str = ""
    remark: str = ""
    repaired: str | None = None


def explain_fault(source: SourceText, fault: NotYamlError) -> Cause:
    """Say what a person did to make a text no YAML.

    Parameters
    ----------
    source : SourceText
        The text as it was given to the parser.
    fault : NotYamlError
        The parser's complaint.
    """
    index = min(fault.index, len(source.text))
    return (
        _whole_lines(source, index)
        or _tab(source, index)
        or _first_character(source, fault, index)
        or _quote(source, fault, index)
        or _bracket(source, fault, index)
        or _colon(source, fault, index)
        or _indentation(source, fault, index)
        or _other(source, fault, index)
    )


def _line(source: SourceText, number: int) -> tuple[int, int, str]:
    start, end = source.line_bounds(number)
    return start, end, source.text[start:end]


def _blank(source: SourceText, *numbers: int) -> str:
    """Return the text with lines made into comments, character for character."""
    text = source.text
    for number in numbers:
        start, end = source.line_bounds(number)
        if end > start:
            text = text[:start] + "#" + " " * (end - start - 1) + text[end:]
    return text


def _blame(  # noqa: PLR0913 - a row of a table
    source: SourceText,
    kind: str,
    message: str,
    start: int,
    end: int,
    *,
    hint: str = "",
    remark: str = "",
    blank: bool = True,
) -> Cause:
    number = source.line_number(start)
    repaired = _blank(source, number) if blank else None
    return Cause(
        kind=kind, message=message, line=number, start=start, end=max(end, start + 1), hint=hint,
        remark=remark, repaired=repaired,
    )  # fmt: skip


def _whole_lines(source: SourceText, index: int) -> Cause | None:
    """Explain lines that belong to another tool: conflict markers, fences, templates, an explicit list."""
    last = source.line_number(index)
    lines = [_line(source, number)[2] for number in range(1, len(source.line_starts) + 1)]
    for number, line in enumerate(lines[: last + 1], start=1):
        start, end = source.line_bounds(number)
        if _MARKER.match(line):
            message = "git left a conflict here: both versions stand in the file"
            hint = "keep one of the two, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>"
            return Cause(
                kind="conflict", message=message, line=number, start=start, end=start + 7, hint=hint,
                repaired=_blank(source, *_second_side(lines)),
            )  # fmt: skip
        if _FENCE.match(line):
            fences = [n for n, other in enumerate(lines, start=1) if _FENCE.match(other)]
            message = "this line belongs to Markdown, not to the file"
            return Cause(
                kind="fence", message=message, line=number, start=start, end=end, hint="remove the line",
                repaired=_blank(source, *fences),
            )  # fmt: skip
        if _STATEMENT.match(line):
            statements = [n for n, other in enumerate(lines, start=1) if _STATEMENT.match(other)]
            message = "this is a template (Jinja), and no tool fills in templates in an environment file"
            return Cause(
                kind="template", message=message, line=number, start=start, end=end,
                hint="render the file first, or write the values", repaired=_blank(source, *statements),
            )  # fmt: skip
        if _HTML.match(line):
            message = "this is a web page (HTML), no environment file"
            hint = "download the file itself (the raw one)"
            return _blame(source, "html", message, start, end, hint=hint, blank=False)
        if line.strip() == "@EXPLICIT":
            message = "this is an explicit list of package URLs (CEP 23), no environment file"
            return _blame(
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


def _tab(source: SourceText, index: int) -> Cause | None:
    number = source.line_number(index)
    start, _, line = _line(source, number)
    at = index - start
    indent = len(line) - len(line.lstrip())
    tab = line.find("\t")
    if tab < 0 or not (line[at : at + 1] == "\t" or tab < indent):
        return None
    if tab < indent:
        message, hint = "the line is indented with a tab, which YAML forbids", "indent with spaces"
    else:
        tab = line.find("\t", at)
        message, hint = "there is a tab here, which YAML forbids", "remove it, or write a space"
    repaired = source.text.replace("\t", " ")
    return Cause(
        kind="tab", message=message, line=number, start=start + tab, end=start + tab + 1, hint=hint,
        repaired=repaired,
    )  # fmt: skip


def _first_character(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    """Explain an item that begins with a sign which means something to YAML."""
    text = source.text
    character = text[index : index + 1]
    word = re.match(r"\S*[^\r\n#]*", text[index:])
    item = (word[0] if word else "").rstrip()
    end = index + len(item)
    if "undefined alias" in fault.problem:
        message = f"YAML reads {quoted(item)} as a reference to something else in the file, and there is none"
        hint = f'write "{item}" in quotes if the star is meant'
        return _blame(source, "alias", message, index, end, hint=hint)
    if "cannot start any token" in fault.problem and character in "@`%":
        hint = "a spec begins with the name of the package"
        return _blame(source, "sign", f"{character} cannot begin a text in YAML", index, end, hint=hint)
    if "block scalar" in fault.context:
        at = fault.context_index if fault.context_index is not None else index
        sign = text[at : at + 1]
        message = f"YAML reads {sign} as the beginning of a block of text"
        hint = "write the name of the package before the version"
        return _blame(
            source, "block", message, at, at + len(re.split(r"[\r\n#]", text[at:])[0].rstrip()), hint=hint
        )
    return None


def _quote(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    if "quoted scalar" not in fault.context or fault.context_index is None:
        return None
    start = fault.context_index
    quote = source.text[start : start + 1]
    if "escape" in fault.problem or "hexdec" in fault.problem:
        rest = source.rest_of_line(start)
        message = "a backslash in double quotes begins an escape, and this is none"
        hint = "use single quotes, or / in place of \\"
        return _blame(source, "escape", message, start, start + len(rest.rstrip()), hint=hint)
    rest = source.rest_of_line(start).rstrip()
    message = f"this quote ({quote}) is never closed"
    del index
    return _blame(
        source, "quote", message, start, start + len(rest), hint=f"write {quote} at the end, or none"
    )


def _bracket(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    if "flow" not in fault.context or fault.context_index is None:
        return None
    start = fault.context_index
    bracket = source.text[start : start + 1]
    closing = {"[": "]", "{": "}"}.get(bracket, "a closing bracket")
    number = source.line_number(index)
    if "{{" in source.rest_of_line(start)[:2] or source.text[start - 1 : start + 1] == "{{":
        message = "this is a template (Jinja), and no tool fills in templates in an environment file"
        return _blame(source, "template", message, start, start + 2, hint="write the value itself")
    message = f"{bracket} is still open where line {number} begins"
    if index >= len(source.text.rstrip()):
        message = f"{bracket} is never closed"
    return _blame(source, "bracket", message, start, start + 1, hint=f"write {closing} behind the last item")


def _colon(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    problem = fault.problem
    if "mapping values are not allowed" in problem:
        return _second_colon(source, index)
    if "sequence entries are not allowed" in problem:
        message = "a list cannot begin behind a key in the same line"
        item = re.split(r"[\r\n]", source.text[index:])[0]
        hint = "write the dash in a line of its own below the key"
        return _blame(source, "dash", message, index, index + len(item), hint=hint)
    if "expected ':'" not in problem:
        return None
    start = fault.context_index if fault.context_index is not None else index
    line = source.rest_of_line(start).rstrip()
    number = source.line_number(start)
    key = line.strip()
    odd = odd_character(key[:2])
    if odd:
        return _odd_dash(source, start, key, odd)
    if key in _KEYS:
        message, hint = f"there is no colon behind {key}", f"write `{key}:`"
        # Its items stay, below a key that is passed over.
        text = source.text
        repaired = text[:start] + "_" * (len(key) - 1) + ":" + text[start + len(key) :]
        return replace(
            _blame(source, "colon", message, start, start + len(key), hint=hint), repaired=repaired
        )
    if key.startswith("-"):
        message = (
            f"{quoted(key)} has no space behind its dash"
            if key[1:2].strip()
            else f"{quoted(key)} stands alone"
        )
        hint = f"write `- {key[1:].strip()}`"
    else:
        message = f"{quoted(key)} is neither a key, which has a colon, nor an item, which has a dash"
        hint = f"write `- {key}` or `{key}:`"
    begin = source.line_bounds(number)[0]
    start = begin + len(source.text[begin : begin + 200]) - len(source.text[begin : begin + 200].lstrip(" "))
    return _blame(source, "colon", message, start, start + len(line), hint=hint)


def _second_colon(source: SourceText, index: int) -> Cause:
    number = source.line_number(index)
    start, end, line = _line(source, number)
    content = line.strip()
    begin = start + len(line) - len(line.lstrip())
    if content.count(": ") + content.endswith(":") > 1:
        message = "there are two colons in this line: YAML cannot tell the key from the value"
        return _blame(source, "colons", message, index, index + 1, hint="put the value in quotes")
    above_start, _, above_line = _line(source, number - 1) if number > 1 else (0, 0, "")
    above = above_line.strip()
    colon = above_line.find("\uff1a")
    if colon >= 0:
        message = "a full-width colon (：) stands in the place of a colon (:)"
        at = above_start + colon
        return _blame(source, "odd", message, at, at + 1, hint=f"write `{above.replace(chr(0xFF1A), ':')}`")
    message = f"{quoted(content)} is a key, and the line above it, {quoted(above)}, is not finished"
    hint = "indent both lines alike, or end the line above with a colon"
    cause = _blame(source, "key", message, begin, min(end, begin + len(content)), hint=hint)
    if content.rstrip(":") not in _KEYS:
        return cause
    # YAML lets a space stand before the colon, so the key can move to the margin.
    moved = content[:-1] + " " * (begin - start) + ":"
    text = source.text
    return replace(cause, repaired=text[:start] + moved + text[begin + len(content) :])


def _indentation(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    if "block" not in fault.context and "block" not in fault.problem:
        return None
    number = source.line_number(index)
    start, _, line = _line(source, number)
    indent = len(line) - len(line.lstrip())
    content = line.strip()
    odd = odd_character(content[:2])
    if odd:
        return _odd_dash(source, start + indent, content, odd)
    before = _sibling(source, number, content)
    if content.startswith("-"):
        message = f"this item is indented by {indent} {_spaces(indent)}"
        message += (
            f", and the one above it by {before}" if before is not None else ", which fits no list above it"
        )
    else:
        message = f"the line is indented by {indent} {_spaces(indent)}, which fits none of those above it"
    hint = f"indent it by {before}" if before is not None else "give all items of a list the same indentation"
    return _blame(source, "indentation", message, start + indent, start + len(line.rstrip()), hint=hint)


def _odd_dash(source: SourceText, start: int, content: str, odd: tuple[int, str, str]) -> Cause:
    message = f"{odd[1]} stands in the place of {odd[2]}"
    start += odd[0]
    hint = f"write `- {content[1:].strip()}`"
    return _blame(source, "odd", message, start, start + 1, hint=hint)


def _spaces(count: int) -> str:
    return "space" if count == 1 else "spaces"


def _sibling(source: SourceText, number: int, content: str) -> int | None:
    """Return the indentation of the nearest line above that begins alike."""
    for other in range(number - 1, 0, -1):
        line = _line(source, other)[2]
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            if stripped.startswith("-") == content.startswith("-"):
                return len(line) - len(line.lstrip())
            return None
    return None


def _other(source: SourceText, fault: NotYamlError, index: int) -> Cause:
    number = source.line_number(index)
    start, end, line = _line(source, number)
    indent = len(line) - len(line.lstrip())
    at = index if start <= index < end else min(start + indent, len(source.text))
    problem = " ".join(part for part in (fault.context, fault.problem) if part)
    return _blame(
        source, "other", f"this is not YAML: {problem}", at, max(at + 1, start + len(line.rstrip()))
    )
