"""Findings and environments as text and JSON: one function for each format of `condaenv check`."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from condaenv_tools.cli.output import styled
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.environment_yml import ParsedFile

__all__ = ["FORMATS", "environment_document", "render"]


def environment_document(environment: Environment) -> dict[str, object]:
    """Return an environment as the contract's JSON; credentials are masked."""
    return {
        "name": environment.name,
        "channels": [str(item) for item in environment.channels],
        "platforms": [item.platform.value for item in environment.platforms],
        "variables": {item.name: mask_credentials(item.value) for item in environment.variables},
        "prefix": environment.prefix,
        "dependencies": [
            {
                "text": str(item),
                "name": item.name,
                "spec": mask_credentials(str(item.spec)),
                "selector": item.selector.text if item.selector else None,
                "line": item.span.line,
                "column": item.span.column,
            }
            for item in environment.dependencies
        ],
        "pip": [
            {
                "text": str(item),
                "name": item.name,
                "kind": item.kind.value,
                "line": item.span.line,
                "column": item.span.column,
            }
            for item in environment.pip
        ],
    }


def render(files: Sequence[ParsedFile], form: str, *, quiet: bool, verbose: bool) -> str:
    """Return what `check` prints for people or for a service."""
    return _FORMS[form](files, quiet, verbose)


def _shown(files: Sequence[ParsedFile], *, quiet: bool) -> list[Finding]:
    found = [finding for file in files for finding in file.findings]
    return [f for f in found if f.severity is Severity.ERROR] if quiet else found


def _text(files: Sequence[ParsedFile], quiet: bool, verbose: bool) -> str:  # noqa: FBT001
    found = _shown(files, quiet=quiet)
    parts = [_coloured(finding) for finding in found]
    if verbose:
        parts += [f"{file.path}: clean" for file in files if not file.findings]
    if not quiet:
        parts.append(_total(files, found))
    return "\n".join(parts)


def _coloured(finding: Finding) -> str:
    severity = finding.severity.value
    return str(finding).replace(f": {severity} ", f": {styled(severity, severity, sys.stdout)} ", 1)


def _total(files: Sequence[ParsedFile], found: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in found)
    told = [_count(counts[s], "note" if s is Severity.INFO else s.value) for s in Severity if counts[s]]
    return f"{_count(len(files), 'file')}: {', '.join(told) or 'nothing to remark'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _github(files: Sequence[ParsedFile], quiet: bool, verbose: bool) -> str:  # noqa: FBT001, ARG001
    return "\n".join(_annotation(finding) for finding in _shown(files, quiet=quiet))


_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def _annotation(finding: Finding) -> str:
    fields = {"file": finding.path, "title": finding.code}
    if finding.span:
        fields |= {"line": str(finding.span.line), "col": str(finding.span.column)}
    told = ",".join(f"{key}={_escaped(value, ',:')}" for key, value in fields.items())
    message = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    return f"::{_GITHUB[finding.severity]} {told}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """Escape as a workflow command wants it, so that no text can begin a command of its own."""
    for char in "%\r\n" + also:
        text = text.replace(char, f"%{ord(char):02X}")
    return text


_SARIF = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _sarif(files: Sequence[ParsedFile], quiet: bool, verbose: bool) -> str:  # noqa: FBT001, ARG001
    found = _shown(files, quiet=quiet)
    rules = [{"id": code} for code in sorted({finding.code for finding in found})]
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "condaenv", "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_sarif_result(finding) for finding in found],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _sarif_result(finding: Finding) -> dict[str, object]:
    place: dict[str, object] = {"artifactLocation": {"uri": _uri(finding.path)}}
    if finding.span:
        place["region"] = {
            "startLine": finding.span.line,
            "startColumn": finding.span.column,
            "endColumn": finding.span.column + max(1, finding.span.length),
        }
    message = f"{finding.message}. {finding.hint}" if finding.hint else finding.message
    return {
        "ruleId": finding.code,
        "level": _SARIF[finding.severity],
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: str) -> str:
    """Return a path as a URI reference; a relative one stays relative."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())


_FORMS: dict[str, Callable[[Sequence[ParsedFile], bool, bool], str]] = {
    "text": _text,
    "github": _github,
    "sarif": _sarif,
}
FORMATS = ("text", "json", "github", "sarif")
