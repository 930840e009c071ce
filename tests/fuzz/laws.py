"""What must hold of every file, whatever is in it: it is read, checked, mended and told, and nothing breaks."""

from __future__ import annotations

import json
import random

from condaenv_tools.cli.findings import FORMATS, render
from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_text
from condaenv_tools.jobs.fix_files import fix_bytes
from condaenv_tools.jobs.settings import NO_SETTINGS
from condaenv_tools.model.finding import Severity

__all__ = ["OPTIONS", "check_laws"]

OPTIONS = CheckOptions(settings=NO_SETTINGS)


def check_laws(data: bytes, chance: random.Random) -> None:
    """Raise if a law does not hold of a file; the dearer ones are held against a part of the files."""
    checked = check_text(data, OPTIONS, path="e.yml")
    _told(checked)
    if any(finding.fix for finding in checked.findings) and chance.random() < 0.3:
        _mended(data, checked, unsafe=chance.random() < 0.5)
    if chance.random() < 0.02:
        for form in FORMATS:
            if form != "json":
                render([checked], form, quiet=False, verbose=True)
        if chance.random() < 0.1:
            json.loads(render([checked], "sarif", quiet=False, verbose=False))


def _told(checked: CheckedFile) -> None:
    assert checked.error is None
    if checked.environment is None:
        assert any(finding.severity is Severity.ERROR for finding in checked.findings), (
            "unread, and not said so"
        )
    starts = [finding.span.start if finding.span else -1 for finding in checked.findings]
    assert starts == sorted(starts)
    for finding in checked.findings:
        told = str(finding)
        assert "\x1b" not in told
        assert "\0" not in told
        assert finding.message
        if finding.fix:
            assert all(0 <= edit.start <= edit.end for edit in finding.fix.edits)


def _mended(data: bytes, before: CheckedFile, *, unsafe: bool) -> None:
    made = fix_bytes(data, "e.yml", OPTIONS, unsafe=unsafe)
    assert bool(made.fixed) == (made.after != data)
    again = check_text(made.after, OPTIONS, path="e.yml")
    assert again.findings == made.checked.findings, "what is written is not what was checked"
    if before.environment is not None:
        assert again.environment is not None, "a fix made the file unreadable"
