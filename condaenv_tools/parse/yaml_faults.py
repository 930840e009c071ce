"""Text that is not YAML: why, in the words of an environment file, and reading on past the fault.

Each repair keeps the length of the text, so that what is found behind it is told in its place. What a
repaired text says is checked for further faults and never returned as an environment.
"""

from __future__ import annotations

import re

import yaml

from condaenv_tools.model.edit import Fix, apply_edits
from condaenv_tools.parse.report import Report, quoted
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import insertion, mends, reads_well, shape, tabs_fix
from condaenv_tools.parse.yaml_cause import Cause
from condaenv_tools.parse.yaml_causes import explain_fault
from condaenv_tools.parse.yaml_nodes import Node, NotYamlError, ScalarNode, YamlLimitError, compose

__all__ = ["compose_all", "explain_root"]

#: A file that is still no YAML after so many repairs is something else altogether.
MAX_REPAIRS = 20
#: The same for a text longer than `MAX_STRICT`, which nobody wrote by hand: each repair reads all of it again.
MAX_LONG_REPAIRS = 2
#: What one slip does to line after line, not only to the next.
_TOLD_ONCE = {"indentation", "below"}
#: Characters; a longer text is not read a second time by the slow parser.
MAX_STRICT = 200_000

_KEY_LINE = re.compile(r"(name|prefix|channels|dependencies|variables|platforms|category)\b(?!\s*:)")
_TAB = re.compile(r"^[^#\r\n]*\t", re.MULTILINE)
_REQUIREMENT_LINE = re.compile(r"[\w.-]+(?:\[[^\]]*\])?\s*(?:==|>=|<=|~=|!=|[<>])\s*\d")
_EXPORT_LINE = re.compile(r"[\w.-]+=[\w.!+]+=\S+")


def compose_all(source: SourceText, report: Report) -> tuple[Node | None, bool]:
    """Read a text as YAML, tell every fault, and read on as far as sense goes.

    Parameters
    ----------
    source : SourceText
        The text.
    report : Report
        Where findings go.

    Returns
    -------
    tuple of (Node or None, bool)
        The root of what could be read, and whether the text was whole: without a fault of syntax.
    """
    text, whole = _without_unprintable(source, report)
    last: Cause | None = None
    told: set[str] = set()
    for _ in range(MAX_REPAIRS if len(text) <= MAX_STRICT else MAX_LONG_REPAIRS):
        try:
            root, second = compose(text)
        except YamlLimitError as fault:
            report.add(
                "CE105",
                f"the file is {fault.problem}" if "alias" not in fault.problem else fault.problem,
                fault.index,
                fault.index + 1,
                hint="write the lines out",
            )
            return None, False
        except NotYamlError as fault:
            whole = False
            cause = explain_fault(SourceText(text, path=source.path), fault)
            if cause.message not in told and not (last and _continues(last, cause)):
                fix = cause.fix if cause.fix and mends(text, cause.fix, fault.index) else None
                report.add(
                    "CE101",
                    cause.message,
                    cause.start,
                    cause.end,
                    hint=cause.hint,
                    remark=cause.remark,
                    fix=fix,
                )
            if cause.kind in _TOLD_ONCE:
                told.add(cause.message)
            repaired = cause.repaired
            if repaired is None or repaired == text or len(repaired) != len(text):
                return None, False
            text, last = repaired, cause
            continue
        if second is not None:
            message = (
                "a second document begins: conda and conda-lock refuse the file, micromamba reads the first"
            )
            report.add(
                "CE115", message, second, second + 3, hint="write each environment to a file of its own"
            )
        report.partial = not whole
        if whole and "\t" in text and _TAB.search(text):
            _tell_tabs(source, report)
        return root, whole
    return None, False


def _tell_tabs(source: SourceText, report: Report) -> None:
    """Tell of a tab that the C parser lets pass, and the parsers of conda and conda-lock do not."""
    if len(source.text) > MAX_STRICT:
        return
    try:
        for _ in yaml.parse(source.text, Loader=yaml.SafeLoader):
            pass
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.index if error.problem_mark else 0
        if source.text[at : at + 1] == "\t":
            message = "there is a tab here: conda and conda-lock refuse the file, micromamba reads it"
            fix = _same_without_tabs(source.text)
            report.add("CE101", message, at, at + 1, hint="remove it, or write a space", fix=fix)


def _same_without_tabs(text: str) -> Fix | None:
    """Return the fix that writes spaces for tabs, if all that is read stays as it is."""
    fix = tabs_fix(text)
    if fix is None:
        return None
    before, after = compose(text)[0], compose(apply_edits(text, fix.edits))[0]
    return fix if before is not None and after is not None and shape(before) == shape(after) else None


def _continues(last: Cause, cause: Cause) -> bool:
    """Say whether a fault is the same one again, in the next line."""
    if last.kind == "tab" and cause.kind == "indentation" and cause.line == last.line:
        return True
    return last.kind == cause.kind and cause.line in {last.line, last.line + 1}


def _without_unprintable(source: SourceText, report: Report) -> tuple[str, bool]:
    """Put a space in the place of each character that YAML forbids, and tell the first."""
    at = source.first_unprintable()
    if at is None:
        return source.text, True
    character = source.text[at]
    code = ord(character)
    what = "half of a character pair (a lone surrogate)" if 0xD800 <= code < 0xE000 else "a control character"
    message = f"there is {what}, U+{code:04X}, which YAML forbids"
    report.add("CE102", message, at, at + 1, hint="remove it; many editors can show such characters")
    return source.without_unprintable(), False


def explain_root(source: SourceText, report: Report, root: Node | None) -> None:
    """Tell what a file is whose YAML is no mapping."""
    if root is None or (isinstance(root, ScalarNode) and root.plain and root.kind == "null"):
        what = "the file is empty" if not source.text.strip() else "the file holds nothing but comments"
        report.add("CE103", f"{what}, and conda refuses it", hint="write `dependencies:` and a list below it")
        return
    if not isinstance(root, ScalarNode):
        message = "the file is a list, and should be a mapping with the key dependencies"
        report.add("CE104", message, root.start, root.start + 1, hint="write `dependencies:` above the list")
        return
    text = source.text[root.start : root.end]
    end = root.start + len(re.split(r"[\r\n]", text)[0])
    missing = _KEY_LINE.match(text)
    if missing:
        message = f"there is no colon behind {missing[1]}, so the whole file is one text"
        fix: Fix | None = insertion(f"write {missing[1]}:", root.start + missing.end(1), ":")
        fix = fix if reads_well(source.text, fix) else None
        hint = f"write `{missing[1]}:`"
        report.add("CE104", message, root.start, root.start + missing.end(), hint=hint, fix=fix)
    elif _EXPORT_LINE.match(text):
        message = "this is a list of packages as `conda list --export` writes it, no environment file"
        report.add("CE104", message, root.start, end, hint="condaenv import makes an environment file of it")
    elif _REQUIREMENT_LINE.match(text):
        message = "this is a list of requirements as pip reads it, no environment file"
        report.add("CE104", message, root.start, end, hint="condaenv import makes an environment file of it")
    else:
        message = (
            f"the file is the text {quoted(text.splitlines()[0] if text else '')}, and should be a mapping"
        )
        report.add(
            "CE104", message, root.start, end, hint="write `dependencies:` and `- PACKAGE` lines below it"
        )
