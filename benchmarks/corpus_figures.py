"""What `condaenv check` says of a folder of real files: `python -m benchmarks.corpus_figures FOLDER`.

Prints how many files have errors, warnings and notes, how many findings can be mended, and the findings by code.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from condaenv_tools.jobs.check_files import CheckOptions, check_files
from condaenv_tools.jobs.settings import NO_SETTINGS
from condaenv_tools.model.finding import Severity
from condaenv_tools.rules.registry import ALL_CODES

__all__ = ["figures"]


def figures(paths: list[Path]) -> str:
    """Return the figures as text; the same files give the same text."""
    checked = check_files(paths, CheckOptions(settings=NO_SETTINGS))
    found = [finding for file in checked for finding in file.findings]
    named = [file for file in checked if not file.included_by]
    lines = [f"{len(named)} files, {len(found)} findings"]
    for severity in Severity:
        files = sum(any(f.severity is severity for f in file.findings) for file in named)
        lines.append(f"{severity.value}: {sum(f.severity is severity for f in found)} in {files} files")
    clean = sum(not file.findings for file in named)
    safe, unsafe = (sum(f.fix is not None and f.fix.safe is kind for f in found) for kind in (True, False))
    lines.append(f"clean: {clean} files; safe fixes: {safe}; unsafe fixes: {unsafe}")
    findings, files_of = (
        Counter(f.code for f in found),
        Counter(c for file in named for c in {f.code for f in file.findings}),
    )
    lines += [
        f"{code}  {findings[code]:5} in {files_of[code]:3} files  {ALL_CODES[code].title}"
        for code in sorted(findings)
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(figures(sorted(Path(sys.argv[1]).glob("*.y*ml"))))
