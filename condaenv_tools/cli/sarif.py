"""Findings as SARIF 2.1.0 (OASIS), which code scanning services read."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from condaenv_tools.jobs.check_text import CheckedFile
from condaenv_tools.model.edit import Fix
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.secrets import MASK, mask_line
from condaenv_tools.parse.codes import Code
from condaenv_tools.rules.registry import ALL_CODES

__all__ = ["sarif_text"]

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
#: What the first digit of a code stands for.
_FAMILIES = {
    "1": "syntax",
    "2": "specs",
    "3": "channels",
    "4": "pip",
    "5": "portability",
    "6": "security",
}


def sarif_text(files: Sequence[CheckedFile]) -> str:
    """Return a run of the tool as SARIF; the rules are those that found something, in order."""
    found = [finding for file in files for finding in file.findings]
    codes = sorted({finding.code for finding in found})
    index = {code: number for number, code in enumerate(codes)}
    driver: dict[str, object] = {"name": "condaenv", "rules": [_rule(code) for code in codes]}
    if number := _version():
        driver |= {"version": number, "semanticVersion": number}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": all(file.error is None for file in files)}],
        "results": [_result(finding, index[finding.code]) for finding in found],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("condaenv-tools")
    except PackageNotFoundError:
        return ""


def _rule(name: str) -> dict[str, object]:
    code = ALL_CODES.get(name)
    if code is None:
        return {"id": name}
    return {
        "id": code.code,
        "name": "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", code.title)),
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": code.reason},
        "help": {"text": _plain_help(code), "markdown": _markdown_help(code)},
        "defaultConfiguration": {"level": _LEVELS[code.severity]},
        "properties": {"tags": [_FAMILIES[code.code[2]]]},
    }


def _plain_help(code: Code) -> str:
    return f"{code.reason}\n\nInstead of:\n\n{code.bad.rstrip()}\n\nwrite:\n\n{code.good.rstrip()}\n"


def _markdown_help(code: Code) -> str:
    bad, good = code.bad.rstrip(), code.good.rstrip()
    return f"{code.reason}\n\nInstead of\n\n```yaml\n{bad}\n```\n\nwrite\n\n```yaml\n{good}\n```\n"


def _result(finding: Finding, index: int) -> dict[str, object]:
    artifact = {"uri": _uri(finding.path)}
    place: dict[str, object] = {"artifactLocation": artifact}
    if finding.span:
        place["region"] = {
            "startLine": finding.span.line,
            "startColumn": finding.span.column,
            "endColumn": finding.span.column + max(1, finding.span.length),
        }
    message = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }
    if finding.fix and not _shows_secret(finding, finding.fix):
        result["fixes"] = [_fix(finding.fix, artifact)]
    return result


def _shows_secret(finding: Finding, fix: Fix) -> bool:
    """Say whether a fix would print a secret: a replacement with asterisks in it would be wrong.

    What a variable is set to may be written anew without the name that gives it away; the line has both.
    """
    return MASK in finding.source or any(mask_line(edit.text) != edit.text for edit in fix.edits)


def _fix(fix: Fix, artifact: dict[str, str]) -> dict[str, object]:
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": fix.title},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _uri(path: str) -> str:
    """Return a path as a URI reference; a relative one stays relative."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
