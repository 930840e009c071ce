"""The files that a requirements file names, taken into the import: their lines, and what constraints add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from condaenv_tools.errors import ParseError
from condaenv_tools.model.environment import Environment, PipItem, PipKind
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.parse.includes import flat_pip, read_includes
from condaenv_tools.parse.inputs.pip_text import requirement_text
from condaenv_tools.parse.report import Report, quoted

__all__ = ["with_includes"]


def with_includes(
    environment: Environment, *, folder: Path, text: str, report: Report
) -> tuple[Environment, tuple[Finding, ...]]:
    """Return the environment with the lines of all files that it names, and what there is to say about those.

    A constraint narrows the lines that ask for its package; one on a package that no line asks for would
    bind what is installed besides, which an environment.yml cannot say, and is told.

    Raises
    ------
    ParseError
        A file is absent, or has an error.
    """
    if not any(item.kind in {PipKind.FILE, PipKind.CONSTRAINT} for item in environment.pip):
        return environment, ()
    includes = read_includes(environment, folder=folder, text=text)
    errors = tuple(one for one in includes.all_findings if one.severity is Severity.ERROR)
    if errors:
        raise ParseError("\n".join(map(str, errors)), findings=errors)
    lines = list(flat_pip(environment, includes))
    named: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if line.name is not None and line.kind is PipKind.REQUIREMENT:
            named.setdefault(line.name, []).append(at)
    left = [one for one in includes.constraints if not _narrow(lines, named.get(one.name or "", ()), one)]
    if left:
        _tell(report, environment.pip, left)
    return replace(environment, pip=tuple(lines)), includes.all_findings


def _narrow(lines: list[PipItem], named: Sequence[int], constraint: PipItem) -> bool:
    """Put a constraint into the lines that ask for its package; say whether there is such a line."""
    details = constraint.details
    if constraint.kind is not PipKind.REQUIREMENT or details.marker or constraint.name is None:
        return False
    for at in named:
        line = lines[at]
        assert line.name is not None
        clauses = [part for part in (line.details.specifier, details.specifier) if part]
        both = ",".join(dict.fromkeys(",".join(clauses).split(","))) if clauses else ""
        text = requirement_text(line.name, line.details.extras, both, line.details.marker or "")
        hashes = "".join(f" --hash={one}" for one in line.details.hashes)
        lines[at] = replace(line, text=text + hashes)
    return bool(named)


def _tell(report: Report, items: Sequence[PipItem], left: Sequence[PipItem]) -> None:
    names = ", ".join(quoted(item.name or item.text) for item in left[:8])
    more = f" and {len(left) - 8} more" if len(left) > 8 else ""
    span = next((item.span for item in items if item.kind is PipKind.CONSTRAINT), items[0].span)
    message = f"constraints are left out on what no line asks for by name: {names}{more}"
    hint = "add a line for each of them that matters"
    report.add("CE145", message, span.start, span.end, hint=hint)
