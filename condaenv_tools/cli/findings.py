"""Findings and environments as text and JSON: one function for each format of `condaenv check`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from condaenv_tools.cli.output import styled
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.check_text import CheckedFile
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.codes import CODES, Code

__all__ = [
    "FORMATS",
    "code_page",
    "code_table",
    "environment_document",
    "file_document",
    "finding_document",
    "render",
]


def environment_document(environment: Environment) -> dict[str, object]:
    """Return an environment as the contract's JSON; credentials are masked."""
    return {
        "name": environment.name,
        "channels": [str(item) for item in environment.channels],
        "platforms": [item.platform.value for item in environment.platforms],
        "variables": {item.name: item.shown for item in environment.variables},
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


def finding_document(finding: Finding) -> dict[str, object]:
    """Return a finding as the contract's JSON."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        # A finding on the whole file stands at its beginning: programs want a place.
        "line": finding.span.line if finding.span else 1,
        "column": finding.span.column if finding.span else 1,
        "hint": finding.hint,
    }


def file_document(file: CheckedFile) -> dict[str, object]:
    """Return a file with its findings as the contract's JSON; that it could not be checked is one of them."""
    unchecked = [] if file.error is None else [_unchecked(file.path, file.error)]
    return {
        "path": file.path,
        "environment": None if file.environment is None else environment_document(file.environment),
        "findings": [finding_document(finding) for finding in (*unchecked, *file.findings)],
    }


def _unchecked(path: str, error: CondaEnvToolsError) -> Finding:
    """Return what kept a file from being checked as a finding: a program that reads JSON reads nothing else."""
    code = CODES["CE100"]
    return Finding(
        code=code.code,
        severity=code.severity,
        message=mask_credentials(error.message),
        path=path,
        hint=mask_credentials(error.hints[0]) if error.hints else "",
    )


def render(files: Sequence[CheckedFile], form: str, *, quiet: bool, verbose: bool) -> str:
    """Return what `check` prints for people or for a service."""
    shown = [_only_errors(file) for file in files] if quiet else files
    if form == "text":
        return _text(shown, quiet=quiet, verbose=verbose)
    return _FORMS[form](shown)


def _only_errors(file: CheckedFile) -> CheckedFile:
    return replace(file, findings=file.errors)


def _text(files: Sequence[CheckedFile], *, quiet: bool, verbose: bool) -> str:
    found = [finding for file in files for finding in file.findings]
    parts = [_coloured(finding) for finding in found]
    if verbose:
        parts += [f"{file.path}: clean" for file in files if not file.findings and file.error is None]
    if not quiet:
        parts.append(_total(files, found, verbose=verbose))
    return "\n".join(parts)


def _coloured(finding: Finding) -> str:
    severity = finding.severity.value
    text = str(replace(finding, hint=_hint(finding)) if finding.fix else finding)
    return text.replace(f": {severity} ", f": {styled(severity, severity, sys.stdout)} ", 1)


def _hint(finding: Finding) -> str:
    """Return a hint that says which option does it."""
    assert finding.fix is not None
    hint = finding.hint or finding.fix.title
    does = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
    return hint if "--fix" in hint else f"{hint} (condaenv check {does} does)"


def _total(files: Sequence[CheckedFile], found: Sequence[Finding], *, verbose: bool) -> str:
    counts = Counter(finding.severity for finding in found)
    told = [_count(counts[s], "note" if s is Severity.INFO else s.value) for s in Severity if counts[s]]
    line = f"{_count(len(files), 'file')}: {', '.join(told) or 'nothing to remark'}"
    fixes = [finding.fix.safe for finding in found if finding.fix is not None]
    safe, unsafe = sum(fixes), len(fixes) - sum(fixes)
    more = [f"--fix mends {safe}"] if safe else []
    more += [
        f"--fix --unsafe-fixes {safe + unsafe}" if safe else f"--fix --unsafe-fixes mends {unsafe}"
    ] * bool(unsafe)
    silenced = sum(file.silenced for file in files)
    if silenced and verbose:
        more.append(f"{silenced} silenced")
    return f"{line}; {', '.join(more)}" if more else line


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _github(files: Sequence[CheckedFile]) -> str:
    return "\n".join(_annotation(finding) for file in files for finding in file.findings)


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


def _sarif(files: Sequence[CheckedFile]) -> str:
    # Deferred: few checks are read by a service.
    from condaenv_tools.cli.sarif import sarif_text

    return sarif_text(files)


def code_page(code: Code) -> str:
    """Return all that there is to say about one code."""
    parts = [f"{code.code}: {code.title} ({code.severity})", "", code.reason]
    for word, example in (("instead of", code.bad), ("write", code.good)):
        parts += ["", f"{word}:", "", *(f"  {line}".rstrip() for line in example.rstrip().splitlines())]
    return "\n".join(parts)


def code_table(codes: Sequence[Code]) -> str:
    """Return the codes, a line each."""
    return "\n".join(f"{code.code}  {code.severity:7}  {code.title}" for code in codes)


_FORMS: dict[str, Callable[[Sequence[CheckedFile]], str]] = {"github": _github, "sarif": _sarif}
FORMATS = ("text", "json", "github", "sarif")
