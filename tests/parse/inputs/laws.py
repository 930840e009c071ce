"""What must hold of every reading of every file, whatever its kind."""

from __future__ import annotations

import re

from condaenv_tools.model.finding import Severity
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.environment_yml import ParsedFile
from tests.parse.laws import check_finding, check_place

__all__ = ["check_places"]


def check_places(parsed: ParsedFile, text: str) -> None:
    """Every item and every finding stands where it says; an item's place names what it is."""
    text = text.lstrip("\ufeff")
    for finding in parsed.findings:
        check_finding(finding, text, parsed.path)
    environment = parsed.environment
    if environment is None:
        assert any(finding.severity is Severity.ERROR for finding in parsed.findings)
        return
    named: list[tuple[str | None, SourceSpan]] = [(item.name, item.span) for item in environment.dependencies]
    named += [(item.name, item.span) for item in environment.pip]
    named += [(item.platform.value, item.span) for item in environment.platforms]
    for name, span in named:
        check_place(span, text)
        found = _plain(text[span.start : span.end])
        assert found
        # Python stands behind a key of another name; one of several tables of a package is told by its own place.
        if name not in {None, "python"} and not found.startswith("{"):
            assert _plain(name or "") in found
    for variable in environment.variables:
        check_place(variable.span, text)
        assert variable.value in text[variable.span.start : variable.span.end]


def _plain(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text).lower()
