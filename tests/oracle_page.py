"""The page that shows each case of the oracle: what the tools make of it, and what we do.

`python -m tests.oracle_page` writes it; a test holds it to the code. Both need the shared data.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from pathlib import Path

from condaenv_tools.errors import InvalidMatchSpecError
from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_text
from condaenv_tools.jobs.settings import NO_SETTINGS
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.match_spec import MatchSpec
from tests.model.match_spec_departures import DEPARTURES as SPEC_DEPARTURES
from tests.parse.file_departures import DEPARTURES as FILE_DEPARTURES
from tests.parse.oracle_matrix import TOOLS, Answers, Case, cases
from tests.shared_data import need_shared

__all__ = ["PAGE", "oracle_page"]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "oracle.md"

_HEAD = """# What each tool reads, and what we do

Recorded answers of conda, conda-lock and micromamba to {files} files, and of conda, libmamba and rattler to
{specs} spellings of a spec, beside ours. This page is made by `python -m tests.oracle_page` from the recordings
and the code; a test holds it to both.

## Files

A cell has the conda packages as they were read, then those of pip; *refused* and the kind of the error where a
tool did not read the file. Ours: the same, then the codes of [the findings](findings.md), errors in bold,
notes left out.

| case | conda | conda-lock | micromamba | condaenv |
|---|---|---|---|---|
"""

_DEPARTURES = """
### Where we depart from conda

| case | code | why |
|---|---|---|
"""

_SPECS = """
## Specs

The canonical form and the versions that match, out of: {versions}. *as conda*: the same versions. Ours: the
canonical form, the versions where they are not conda's, then the codes of the findings on the spelling.

| spelling | conda | libmamba | rattler | condaenv |
|---|---|---|---|---|
"""

_SPEC_DEPARTURES = """
### Where we depart from conda

On none of these do conda and libmamba agree.

| spelling | why |
|---|---|
"""


def oracle_page() -> str:
    """Return the page."""
    files = cases()
    specs = _rows()
    versions = need_shared("oracle", "versions_tested.txt").read_text(encoding="utf-8").split()
    parts = [_HEAD.format(files=len(files), specs=len(specs))]
    parts += [_file_row(case) for case in files]
    parts.append(_DEPARTURES)
    parts += [_row(f"`{name}`", d.code, d.reason) for name, d in FILE_DEPARTURES.items()]
    parts.append(_SPECS.format(versions=", ".join(versions)))
    parts += [_spec_row(row, versions) for row in specs]
    parts.append(_SPEC_DEPARTURES)
    parts += [_row(_code(spelling), reason) for spelling, reason in SPEC_DEPARTURES.items()]
    return "".join(parts)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _code(text: str) -> str:
    """Return a text as code in a cell of a table: one line, and no bar that would end the cell."""
    shown = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    shown = shown.replace("|", "\\|")
    fence = "``" if "`" in shown else "`"
    return f"{fence}{shown or ' '}{fence}"


# Files


def _file_row(case: Case) -> str:
    checked = _check(case.path.read_bytes())
    return _row(f"`{case.name}`", *(_answer(case.tools[tool]) for tool in TOOLS), _ours(checked))


def _check(data: bytes) -> CheckedFile:
    return check_text(data, CheckOptions(settings=NO_SETTINGS), path="environment.yml")


def _answer(answer: Answers) -> str:
    if answer.refused:
        kind = re.match(
            r"(?:ERR )?([A-Za-z][\w.+-]*(?:Error|Exception|Empty|Spec|Invalid|cpp|Found|Warning))\b",
            answer.refused,
        )
        return f"*refused* ({kind[1]})" if kind else "*refused*"
    pip = [answer.pip] if isinstance(answer.pip, str) else [str(item) for item in answer.pip or ()]
    return _items(answer.specs, pip)


def _items(specs: Sequence[str], pip: Sequence[str]) -> str:
    told = " ".join(_code(spec) for spec in specs) or "nothing"
    return f"{told}, pip: {' '.join(map(_code, pip))}" if pip else told


def _ours(checked: CheckedFile) -> str:
    environment = checked.environment
    read = "*refused*"
    if environment is not None:
        read = _items(
            [str(item.spec) for item in environment.dependencies], [str(item) for item in environment.pip]
        )
    codes = _codes(checked)
    return f"{read}; {codes}" if codes else read


def _codes(checked: CheckedFile) -> str:
    bad = {finding.code for finding in checked.errors}
    told = [finding.code for finding in checked.findings if finding.severity is not Severity.INFO]
    every = dict.fromkeys(sorted(told))
    return ", ".join(f"**{code}**" if code in bad else code for code in every)


# Specs


def _rows() -> list[list[str]]:
    with need_shared("oracle", "matchspec_matrix.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def _spec_row(row: list[str], versions: list[str]) -> str:
    spelling, conda, mamba, rattler = row[:4]
    theirs = _matched(conda)
    cells = [_reading(conda, None)] + [_reading(cell, theirs) for cell in (mamba, rattler)]
    return _row(_code(spelling), *cells, _our_spec(spelling, theirs, versions))


def _matched(cell: str) -> tuple[str, ...] | None:
    found = re.fullmatch(r".* \[([^\[\]]*)\]", cell, re.DOTALL)
    return tuple(found[1].split()) if found else None


def _reading(cell: str, conda: tuple[str, ...] | None) -> str:
    matched = _matched(cell)
    if matched is None:
        return "*crashes*" if cell.startswith("CRASH") else "*refused*"
    canonical = re.sub(r" \{[^{}]*\}$", "", cell[: cell.rindex(" [")])
    return f"{_code(canonical)} {_versions(matched, conda)}"


def _versions(matched: tuple[str, ...], conda: tuple[str, ...] | None) -> str:
    if matched == conda:
        return "as conda"
    return " ".join(matched) or "none"


def _our_spec(spelling: str, conda: tuple[str, ...] | None, versions: list[str]) -> str:
    quoted = spelling.replace("'", "''")
    checked = _check(
        f"channels: [toy, nodefaults]\ndependencies:\n  - python=3.12\n  - '{quoted}'\n".encode()
    )
    codes = ", ".join(
        f"**{f.code}**" if f.severity is Severity.ERROR else f.code
        for f in {
            f.code: f
            for f in checked.findings
            if f.span and f.span.line >= 4 and f.severity is not Severity.INFO
        }.values()
    )
    try:
        spec = MatchSpec.parse(spelling)
    except InvalidMatchSpecError:
        return f"*refused*; {codes}"
    matched = tuple(v for v in versions if spec.version is None or spec.version.matches(v))
    read = f"{_code(str(spec))} {_versions(matched, conda)}"
    return f"{read}; {codes}" if codes else read


if __name__ == "__main__":
    PAGE.write_text(oracle_page(), encoding="utf-8")
