"""Why a text is not YAML: the parser's complaint turned into what a person did, and a repair to read on."""

from __future__ import annotations

import re
from dataclasses import replace

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.parse.foreign_lines import explain_foreign
from condaenv_tools.parse.layout_faults import KEYS, explain_layout, odd_dash
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.specs import odd_character
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import fix_of, items_fix, reindented, tabs_fix
from condaenv_tools.parse.yaml_cause import Cause, blame, line_of, spaced
from condaenv_tools.parse.yaml_nodes import NotYamlError

__all__ = ["explain_fault"]


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
        explain_foreign(source, index)
        or _tab(source, index)
        or _first_character(source, fault, index)
        or _quote(source, fault, index)
        or _bracket(source, fault, index)
        or explain_layout(source, fault, index)
        or _colon(source, fault, index)
        or _indentation(source, fault, index)
        or _other(source, fault, index)
    )


def _tab(source: SourceText, index: int) -> Cause | None:
    number = source.line_number(index)
    start, _, line = line_of(source, number)
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
        repaired=repaired, fix=tabs_fix(source.text),
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
        return blame(source, "alias", message, index, end, hint=hint)
    if "cannot start any token" in fault.problem and character in "@`%":
        hint = "a spec begins with the name of the package"
        return blame(source, "sign", f"{character} cannot begin a text in YAML", index, end, hint=hint)
    if "block scalar" in fault.context:
        at = fault.context_index if fault.context_index is not None else index
        sign = text[at : at + 1]
        message = f"YAML reads {sign} as the beginning of a block of text"
        hint = "write the name of the package before the version"
        return blame(
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
        return blame(source, "escape", message, start, start + len(rest.rstrip()), hint=hint)
    rest = source.rest_of_line(start).rstrip()
    message = f"this quote ({quote}) is never closed"
    del index
    return blame(
        source, "quote", message, start, start + len(rest), hint=f"write {quote} at the end, or none"
    )


def _bracket(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    opened = max(source.text.rfind("[", 0, index), source.text.rfind("{", 0, index), 0)
    start = fault.context_index if "flow" in fault.context else None
    if start is None and "cannot start any token" in fault.problem:
        # A sign that is nothing inside brackets: they were opened in a line above.
        inside = source.text[opened:index]
        start = opened if "\n" in inside and "]" not in inside and "}" not in inside else None
    if start is None:
        return None
    if source.text[start : start + 1] not in ("[", "{"):
        start = opened
    bracket = source.text[start : start + 1]
    if bracket not in ("[", "{"):
        return None
    closing = "]" if bracket == "[" else "}"
    number = source.line_number(index)
    if "{{" in source.rest_of_line(start)[:2] or source.text[start - 1 : start + 1] == "{{":
        message = "this is a template (Jinja), and no tool fills in templates in an environment file"
        return blame(source, "template", message, start, start + 2, hint="write the value itself")
    message = f"{bracket} is still open where line {number} begins"
    if index >= len(source.text.rstrip()):
        message = f"{bracket} is never closed"
    cause = blame(source, "bracket", message, start, start + 1, hint=f"write {closing} behind the last item")
    begin, end, _ = line_of(source, source.line_number(start))
    before, behind = source.text[begin:start].strip(), source.text[start + 1 : end]
    if before.endswith(":") and behind:
        empty = (bracket + closing).ljust(end - start)
        return replace(cause, repaired=source.text[:start] + empty + source.text[end:])
    if before == "-" and "," not in behind:
        return replace(cause, repaired=f"{source.text[:start]}{behind} {source.text[end:]}")
    return cause


def _colon(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    problem = fault.problem
    if "mapping values are not allowed" in problem:
        return _second_colon(source, index)
    if "sequence entries are not allowed" in problem:
        message = "a list cannot begin behind a key in the same line"
        item = re.split(r"[\r\n]", source.text[index:])[0]
        hint = "write the dash in a line of its own below the key"
        fix = _below_its_key(source, index)
        cause = blame(source, "dash", message, index, index + len(item), hint=hint, fix=fix)
        return replace(cause, repaired=spaced(source.text, index, index + len(item)))
    if "expected ':'" not in problem:
        return None
    start = fault.context_index if fault.context_index is not None else index
    line = source.rest_of_line(start).rstrip()
    number = source.line_number(start)
    key = line.strip()
    odd = odd_character(key[:2])
    if odd:
        return odd_dash(source, start, odd)
    fix = None
    if key.startswith("-"):
        fix = items_fix(source)
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
    return blame(source, "colon", message, start, start + len(line), hint=hint, fix=fix)


def _below_its_key(source: SourceText, index: int) -> Fix | None:
    """Return the fix that begins a list in the line below its key, as its other items stand."""
    number = source.line_number(index)
    begin, end, line = line_of(source, number)
    colon = line.rfind(":", 0, index - begin)
    below = line_of(source, number + 1)[2] if number < len(source.line_starts) else ""
    indent = below[: len(below) - len(below.lstrip())] if below.lstrip().startswith("- ") else "  "
    if colon < 0 or line[colon + 1 : index - begin].strip():
        return None
    ends = source.text[end : source.line_starts[number]] if number < len(source.line_starts) else "\n"
    return fix_of(
        "begin the list below its key", [TextEdit(start=begin + colon + 1, end=index, text=ends + indent)]
    )


def _second_colon(source: SourceText, index: int) -> Cause:
    number = source.line_number(index)
    start, end, line = line_of(source, number)
    content = line.strip()
    begin = start + len(line) - len(line.lstrip())
    if content.count(": ") + content.endswith(":") > 1:
        message = "there are two colons in this line: YAML cannot tell the key from the value"
        return blame(source, "colons", message, index, index + 1, hint="put the value in quotes")
    above = line_of(source, number - 1)[2].strip() if number > 1 else ""
    message = f"{quoted(content)} is a key, and the line above it, {quoted(above)}, is not finished"
    hint = "indent both lines alike, or end the line above with a colon"
    cause = blame(source, "key", message, begin, min(end, begin + len(content)), hint=hint)
    if content.rstrip(":") not in KEYS:
        return cause
    # YAML lets a space stand before the colon, so the key can move to the margin.
    moved = content[:-1] + " " * (begin - start) + ":"
    text = source.text
    return replace(cause, repaired=text[:start] + moved + text[begin + len(content) :])


def _indentation(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    if "block" not in fault.context and "block" not in fault.problem:
        return None
    number = source.line_number(index)
    start, _, line = line_of(source, number)
    indent = len(line) - len(line.lstrip())
    content = line.strip()
    odd = odd_character(content[:2])
    if odd:
        return odd_dash(source, start + indent, odd)
    before = _sibling(source, number, content)
    if content.startswith("-"):
        message = f"this item is indented by {indent} {_spaces(indent)}"
        message += (
            f", and the one above it by {before}" if before is not None else ", which fits no list above it"
        )
    else:
        message = f"the line is indented by {indent} {_spaces(indent)}, which fits none of those above it"
    hint = f"indent it by {before}" if before is not None else "give all items of a list the same indentation"
    fix = None
    if before is not None and content.startswith("-"):
        fix = reindented(source, _alike(source, number, indent), " " * before)
    return blame(
        source, "indentation", message, start + indent, start + len(line.rstrip()), hint=hint, fix=fix
    )


def _alike(source: SourceText, number: int, indent: int) -> list[int]:
    """Return a line and those right below it that are items of the same indentation."""
    found = []
    for other in range(number, len(source.line_starts) + 1):
        line = line_of(source, other)[2]
        if len(line) - len(line.lstrip()) != indent or not line.lstrip().startswith("-"):
            break
        found.append(other)
    return found


def _spaces(count: int) -> str:
    return "space" if count == 1 else "spaces"


def _sibling(source: SourceText, number: int, content: str) -> int | None:
    """Return the indentation of the nearest line above that begins alike."""
    for other in range(number - 1, 0, -1):
        line = line_of(source, other)[2]
        stripped = line.strip()
        if stripped and not stripped.startswith("#"):
            if stripped.startswith("-") == content.startswith("-"):
                return len(line) - len(line.lstrip())
            return None
    return None


def _other(source: SourceText, fault: NotYamlError, index: int) -> Cause:
    number = source.line_number(index)
    start, end, line = line_of(source, number)
    indent = len(line) - len(line.lstrip())
    at = index if start <= index < end else min(start + indent, len(source.text))
    problem = " ".join(part for part in (fault.context, fault.problem) if part)
    if "<document start>" in problem:
        message = f"{quoted(line.strip())} cannot follow what stands above it"
        return blame(source, "other", message, at, max(at + 1, start + len(line.rstrip())))
    return blame(source, "other", f"this is not YAML: {problem}", at, max(at + 1, start + len(line.rstrip())))
