"""What must hold of every reading of every text, whatever the text is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.codes import CODES
from condaenv_tools.parse.environment_yml import ParsedFile

__all__ = ["check_reading", "items"]


def items(environment: Environment) -> Iterator[tuple[str, SourceSpan]]:
    """Every item that has a text of its own, and where it says it stands."""
    for channel in environment.channels:
        yield channel.text, channel.span
    for dependency in environment.dependencies:
        yield dependency.text, dependency.span
    for line in environment.pip:
        yield line.text, line.span
    for platform in environment.platforms:
        yield platform.platform.value, platform.span


def check_place(span: SourceSpan, text: str) -> None:
    """Line and column are those of the offset, counted as editors count."""
    assert 0 <= span.start <= span.end <= len(text)
    lines = re.split(r"\r\n|\r|\n", text[: span.start])
    assert (span.line, span.column) == (len(lines), len(lines[-1]) + 1)


def check_finding(finding: Finding, text: str, path: str) -> None:
    assert finding.path == path
    assert finding.code in CODES
    assert finding.message
    assert not finding.message.endswith(".")
    assert finding.span is None or finding.span.path == path
    for line in (finding.message, finding.hint, finding.remark, finding.source):
        assert "\n" not in line
        assert "\r" not in line
        assert not any(char < " " and char != "\t" for char in line), repr(line)
    if finding.span is not None:
        check_place(finding.span, text)
    # It can be printed: no lone surrogate, and the caret stands below the line.
    str(finding).encode("utf-8", errors="surrogatepass")


def check_reading(parsed: ParsedFile, text: str) -> None:
    """Hold a reading against its text; offsets count from behind a byte order mark."""
    text = text.lstrip("\ufeff")
    starts = [finding.span.start if finding.span else -1 for finding in parsed.findings]
    assert starts == sorted(starts)
    for finding in parsed.findings:
        check_finding(finding, text, parsed.path)
    if parsed.environment is None:
        assert any(finding.severity is Severity.ERROR for finding in parsed.findings)
        return
    for written, span in items(parsed.environment):
        check_place(span, text)
        found = text[span.start : span.end]
        plain = "".join(found.split())
        # Escapes, folds and aliases stand for other characters; the place is true all the same.
        if found and "\\" not in found and "'" not in found and not found.startswith("*"):
            assert "".join(written.split()).lower() in plain.lower() or "".join(written.split()) == plain
