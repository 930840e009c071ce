"""An explanation as findings on the lines of the files: what a service shows beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from condaenv_tools.cli.findings import render
from condaenv_tools.conflicts.ecosystems.either import AnyConflict, AnyCorrection
from condaenv_tools.conflicts.ecosystems.values import Item
from condaenv_tools.jobs.check_text import CheckedFile
from condaenv_tools.jobs.explain_files import Explanation
from condaenv_tools.model.finding import Finding, sort_findings
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.codes import CODES
from condaenv_tools.rules.record_facts import joined

__all__ = ["conflict_findings", "explanation_in"]

#: Lines that exclude each other, one that cannot be met, a pip section without an answer.
_APART, _ALONE, _PIP = CODES["CE290"], CODES["CE291"], CODES["CE499"]


def explanation_in(found: Explanation, form: str) -> str:
    """Return an explanation in a format of `condaenv check`: ``github`` or ``sarif``."""
    findings = conflict_findings(found)
    paths = dict.fromkeys([*found.paths, *(finding.path for finding in findings)])
    files = [
        CheckedFile(path=path, findings=tuple(one for one in findings if one.path == path)) for path in paths
    ]
    return render(files, form, quiet=False, verbose=False)


def conflict_findings(found: Explanation) -> tuple[Finding, ...]:
    """Return a finding for each line to blame, with the whole reason.

    Parameters
    ----------
    found : Explanation
        Of `explain_files`.

    Returns
    -------
    tuple of Finding
        In the order of the files; what is the same on several platforms is told once, with their names. A pip
        section without an answer is told of the first file.
    """
    groups: dict[tuple[object, ...], tuple[AnyConflict, list[Platform]]] = {}
    for one in found.platforms:
        for conflict in one.conflicts:
            key = (*(item.span for item in conflict.members), conflict.account.text)
            groups.setdefault(key, (conflict, []))[1].append(one.platform)
    findings = [
        finding
        for conflict, platforms in groups.values()
        for finding in _of(conflict, platforms, found.corrections)
    ]
    reasons: dict[tuple[str, tuple[str, ...]], list[Platform]] = {}
    for one in found.platforms:
        if one.reason:
            reasons.setdefault((one.reason, one.hints), []).append(one.platform)
    findings += [_of_pip(found, *key, platforms) for key, platforms in reasons.items()]
    return sort_findings(findings)


def _of(
    conflict: AnyConflict, platforms: Sequence[Platform], corrections: Sequence[AnyCorrection]
) -> Iterator[Finding]:
    code = _ALONE if len(conflict.members) == 1 else _APART
    for item in conflict.members:
        others = [f"{_shown(other)} {_place(other, item)}" for other in conflict.members if other is not item]
        beside = f" beside {joined(others)}" if others else ""
        message = f"{_shown(item)}{beside} cannot be solved on {joined(platforms)}: {conflict.account.text}"
        yield Finding(
            code=code.code,
            severity=code.severity,
            message=mask_credentials(message),
            path=item.span.path,
            span=item.span,
            hint=mask_credentials(_hint(conflict, item, corrections)),
        )


def _shown(item: Item) -> str:
    return f"`{item}`"


def _place(other: Item, item: Item) -> str:
    where = f"line {other.span.line}"
    return f"({where})" if other.span.path == item.span.path else f"({where} of {other.span.path})"


def _hint(conflict: AnyConflict, item: Item, corrections: Sequence[AnyCorrection]) -> str:
    """Return the first correction that changes the line itself, else what the account says to do."""
    for correction in corrections:
        changes = [change for change in correction.changes if change.item == item]
        if changes:
            texts = [f"{change.item} -> {change.to or 'nothing'}" for change in correction.changes]
            return f"proven to solve it: {', '.join(texts)}"
    return conflict.account.hints[0] if conflict.account.hints else ""


def _of_pip(found: Explanation, reason: str, hints: Sequence[str], platforms: Sequence[Platform]) -> Finding:
    lines = " ".join(line.strip() for line in reason.splitlines())
    return Finding(
        code=_PIP.code,
        severity=_PIP.severity,
        message=mask_credentials(f"the pip section has no answer on {joined(platforms)}: {lines}"),
        path=found.paths[0],
        hint=mask_credentials(hints[0]) if hints else "",
    )
