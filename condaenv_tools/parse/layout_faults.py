"""Lines that do not fit what stands above them: a key without its colon, a list below a value, other dashes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.parse.report import quoted
from condaenv_tools.parse.specs import instead_of, odd_character
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import fix_of, insertion, items_fix
from condaenv_tools.parse.yaml_cause import Cause, blame, blanked, line_of, spaced
from condaenv_tools.parse.yaml_nodes import NotYamlError

__all__ = ["KEYS", "explain_layout", "odd_dash"]

KEYS = ("name", "prefix", "channels", "dependencies", "variables", "platforms", "category")

_KEY_WORD = re.compile(rf"({'|'.join(KEYS)})(?![\w:-])\s*=?\s*([^#]*)")
_KEY_AND_COMMENT = re.compile(rf"({'|'.join(KEYS)}):(#.*)")
_KEY_GLUED = re.compile(rf"({'|'.join(KEYS)}):([^\s#].*)")
_KEY = re.compile(r"(?:-\s+)?([\w.-]+)\s*:(?:\s+|$)([^#]*)")
_ITEM = re.compile(r"-(?:\s|$)")
_NO_COMMENT = ("//", "--", ";", "/*", "%")


def explain_layout(source: SourceText, fault: NotYamlError, index: int) -> Cause | None:
    """Explain a line by the lines above it; None where they are not the reason."""
    number = source.line_number(index)
    problem, context = fault.problem, fault.context
    if "<document start>" in problem:
        return _key_at_another_margin(source, number) or _unfinished(source, number) or _no_key(source)
    if "scanning an alias" in context and fault.context_index is not None:
        return _asterisk(source, fault.context_index)
    if "scanning a simple key" in context and fault.context_index is not None:
        return _key_line(source, source.line_number(fault.context_index))
    is_item = bool(_ITEM.match(line_of(source, number)[2].strip()))
    if "mapping values are not allowed" in problem:
        return (_list_that_was_swallowed(source, number) if is_item else None) or _unfinished(source, number)
    if is_item and ("expected key" in problem or "expected '-'" in problem):
        return _list_that_was_swallowed(source, number)
    return None


def odd_dash(source: SourceText, start: int, odd: tuple[int, str, str]) -> Cause:
    """Blame a sign that stands where the dash of an item should; all like it are repaired."""
    at = start + odd[0]
    sign = source.text[at]
    rest = source.rest_of_line(at + 1).strip()
    if odd[2] == "nothing":
        every = [TextEdit(start=m.start(), end=m.end(), text="") for m in re.finditer(sign, source.text)]
        fix = fix_of("remove the character", every)
        return blame(source, "odd", f"there is {odd[1]} here", at, at + 1, hint="remove it", fix=fix)
    message = f"{odd[1]} stands in the place of {odd[2]}"
    fix = items_fix(source)
    cause = blame(source, "odd", message, at, at + 1, hint=f"write `- {rest}`", fix=fix)
    repaired = re.sub(rf"^([ ]*){re.escape(sign)}(?=[ ])", r"\1-", source.text, flags=re.MULTILINE)
    return cause if repaired == source.text else replace(cause, repaired=repaired)


def _content_lines(source: SourceText, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """Yield number, indentation and content of the lines `first` to `last` that say something."""
    step = 1 if first <= last else -1
    for number in range(first, last + step, step):
        line = line_of(source, number)[2]
        content = line.strip()
        if content and content[0] != "#" and content != "---":
            yield number, len(line) - len(line.lstrip()), content


def _key_at_another_margin(source: SourceText, number: int) -> Cause | None:
    """Explain a document that ends because its first key is indented and a later one is not."""
    top, here = (next(_content_lines(source, start, number), None) for start in (1, number))
    if top is None or here is None or top == here:
        return None
    (first, indent, content), (_, other, key) = top, here
    if indent <= other or not _KEY.match(content) or not _KEY.match(key):
        return None
    spaces = "space" if indent == 1 else "spaces"
    below = quoted(f"{key.split(':')[0]}:")
    message = f"this key is indented by {indent} {spaces}, and {below} in line {number} by {other}"
    start = line_of(source, first)[0] + indent
    cause = blame(
        source, "margin", message, start, start + len(content), hint="begin every key at the left margin"
    )
    return replace(cause, repaired=blanked(source, *range(first, number)))


def _unfinished(source: SourceText, number: int) -> Cause | None:
    """Explain a key whose line above is no pair, because its colon is missing or hidden."""
    indent = len(line_of(source, number)[2]) - len(line_of(source, number)[2].lstrip())
    above = _content_lines(source, number - 1, 1) if number > 1 else iter(())
    head = next((line for line in above if line[1] <= indent and not _ITEM.match(line[2])), None)
    return _key_line(source, head[0]) if head else None


def _key_line(source: SourceText, number: int) -> Cause | None:
    """Explain a line that should be a key and is none; its items stay, below a key that is passed over."""
    begin, _, line = line_of(source, number)
    content = line.strip()
    start = begin + len(line) - len(line.lstrip())
    end = start + len(content)
    comment, glued, word = (p.match(content) for p in (_KEY_AND_COMMENT, _KEY_GLUED, _KEY_WORD))
    wide = content.find("\uff1a")
    fix: Fix | None = None
    if wide >= 0:
        message = "a full-width colon (：) stands in the place of a colon (:)"
        hint = f"write `{content.replace(chr(0xFF1A), ':')}`"
        behind = content[wide + 1 : wide + 2]
        edit = TextEdit(start=start + wide, end=start + wide + 1, text=": " if behind.strip() else ":")
        fix = fix_of("write a colon", [edit])
        return blame(source, "odd", message, start + wide, start + wide + 1, hint=hint, fix=fix)
    if comment:
        at, message = start + comment.start(2), "a comment wants a space before its #"
        hint = f"write `{comment[1]}:  {comment[2]}`"
        cause = blame(
            source, "comment", message, at, end, hint=hint, fix=insertion("write a space", at, "  ")
        )
        return replace(cause, repaired=spaced(source.text, at, end))
    if glued:
        at, rest = start + len(glued[1]), glued[2].strip(" ,;:=-")
        message = f"a space is missing behind the colon of {glued[1]}"
        hint = f"write `{glued[1]}: {rest}`" if rest else f"write `{glued[1]}:`"
        if rest and rest == glued[2]:
            fix = insertion("write a space behind the colon", at + 1, " ")
    elif word:
        at, rest = start, word[2].strip()
        message = f"there is no colon behind {word[1]}"
        hint = f"write `{word[1]}: {rest}`" if rest else f"write `{word[1]}:`"
        edit = TextEdit(start=start + word.end(1), end=start + word.start(2), text=": " if rest else ":")
        fix = fix_of("write a colon", [edit])
    else:
        return None
    width = len(word[1]) if word else end - at
    cause = blame(source, message, message, at, at + width, hint=hint, fix=fix)
    return replace(cause, repaired=source.text[:start] + "_" * (len(content) - 1) + ":" + source.text[end:])


def _no_key(source: SourceText) -> Cause | None:
    """Explain a document that begins with a line which is neither a key nor an item."""
    top = next(_content_lines(source, 1, len(source.line_starts)), None)
    if top is None or _KEY.match(top[2]) or _ITEM.match(top[2]):
        return None
    number, indent, content = top
    start = line_of(source, number)[0] + indent
    message = f"{quoted(content)} is neither a key, which has a colon, nor an item, which has a dash"
    return blame(
        source, "first", message, start, start + len(content), hint="remove the line, or make a key of it"
    )


def _asterisk(source: SourceText, at: int) -> Cause | None:
    """Explain a `*` that names nothing: it is meant as a dash, or as itself."""
    rest = source.rest_of_line(at)
    before = source.text[line_of(source, source.line_number(at))[0] : at]
    if rest[1:2] == " " and not before.strip():
        return odd_dash(source, at, (0, "an asterisk (*)", "a hyphen (-)"))
    item = rest.split(" #")[0].rstrip()
    message = f"YAML reads {quoted(item)} as a reference to something else in the file, and there is none"
    hint = f'write "{item}" in quotes if the star is meant'
    return blame(source, "alias", message, at, at + len(item), hint=hint)


def _list_that_was_swallowed(source: SourceText, number: int) -> Cause | None:
    """Explain an item that cannot follow, because the lines above it are part of a text."""
    above = _content_lines(source, number - 1, 1)
    indent = len(line_of(source, number)[2]) - len(line_of(source, number)[2].lstrip())
    first: tuple[int, int, str] | None = None
    for line in above:
        key = _KEY.match(line[2])
        if key and (line[1] < indent or (line[1] == indent and not _ITEM.match(line[2]))):
            value = key[2].strip()
            return _value_and_list(source, line, value) if value else _first_item(source, first)
        if line[1] < indent:
            return _text_and_list(source, line, number)
        first = line
    return None


def _value_and_list(source: SourceText, line: tuple[int, int, str], value: str) -> Cause:
    number, _, content = line
    start, end, whole = line_of(source, number)
    at = start + whole.index(value, whole.index(":"))
    key = f"{content.split(':')[0].removeprefix('-').strip()}:"
    message = f"{quoted(key)} has the value {quoted(value)} already, so no list can follow it"
    hint = (
        "a comment begins with #"
        if value.startswith(_NO_COMMENT)
        else "write the value alone, or the list alone"
    )
    cause = blame(source, "value", message, at, at + len(value), hint=hint)
    return replace(cause, repaired=spaced(source.text, at, end))


def _first_item(source: SourceText, line: tuple[int, int, str] | None) -> Cause | None:
    """Explain the first line of a list that is no item."""
    if line is None or _ITEM.match(line[2]):
        return None
    number, indent, content = line
    start = line_of(source, number)[0] + indent
    odd = odd_character(content[:2])
    if odd:
        return odd_dash(source, start, odd)
    if content.startswith("*"):
        return odd_dash(source, start, (0, "an asterisk (*)", "a hyphen (-)"))
    spec = content.split(" #")[0].rstrip()
    message, hint = f"there is no dash before {quoted(spec)}", f"write `- {spec}`"
    begin = line_of(source, number)[0]
    below = next(_content_lines(source, number + 1, len(source.line_starts)), None)
    lead = " " * (below[1] if below and _ITEM.match(below[2]) else indent)
    fix = fix_of("write a dash", [TextEdit(start=begin, end=start, text=f"{lead}- ")])
    if spec.startswith("-"):
        message, hint = f"{quoted(spec)} has no space behind its dash", f"write `- {spec[1:].strip()}`"
        fix = items_fix(source)
    return blame(source, "dash", message, start, start + len(spec), hint=hint, fix=fix)


def _text_and_list(source: SourceText, line: tuple[int, int, str], number: int) -> Cause | None:
    """Explain a list below an item that is a text."""
    if not _ITEM.match(line[2]):
        return None
    start = line_of(source, line[0])[0] + line[1]
    odd = odd_character(line[2])
    if odd:
        at = start + odd[0]
        cause = blame(source, "odd", f"there is {odd[1]} here", at, at + 1, hint=instead_of(odd[2]))
        repaired = "".join(sign for sign in line[2] if not odd_character(sign)).ljust(len(line[2]))
        return replace(cause, repaired=source.text[:start] + repaired + source.text[start + len(repaired) :])
    text = line[2].split(" #")[0].rstrip()
    here = line_of(source, number)
    at = here[0] + len(here[2]) - len(here[2].lstrip())
    message = f"no list can stand below {quoted(text)}, which is a text"
    hint = "indent both alike, or end the line above with a colon"
    return blame(source, "below", message, at, here[1], hint=hint)
