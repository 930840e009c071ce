"""What a rule looks at: one file that was read, and what is known beside it."""

from __future__ import annotations

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.codes.code import Code
from condaenv_tools.parse.environment_yml import ParsedFile
from condaenv_tools.parse.report import make_finding
from condaenv_tools.parse.text import SourceText
from condaenv_tools.rules.evidence import Evidence

__all__ = ["Case"]


class Case:
    """One file under examination.

    Parameters
    ----------
    parsed : ParsedFile
        The file, of which an environment could be read.
    text : str
        Its decoded text, which the spans of `parsed` count in.
    evidence : Evidence, optional
        Records of its channels.
    """

    def __init__(self, parsed: ParsedFile, text: str, *, evidence: Evidence | None = None) -> None:
        if parsed.environment is None:
            raise ValueError(f"{parsed.path}: rules want a file of which an environment could be read")
        self.parsed = parsed
        self.environment: Environment = parsed.environment
        self.source = SourceText(text, path=parsed.path)
        self.evidence = evidence

    @property
    def text(self) -> str:
        """The decoded text of the file."""
        return self.source.text

    def finding(  # noqa: PLR0913 - a finding has so many parts
        self,
        code: Code,
        message: str,
        place: SourceSpan | tuple[int, int] | None = None,
        *,
        remark: str = "",
        hint: str = "",
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Return a finding on a stretch of the file, or on the whole of it.

        Parameters
        ----------
        code : Code
            The rule's code.
        message, remark, hint : str
            As in `Finding`; credentials are masked and invisible characters escaped.
        place : SourceSpan or tuple of (int, int), optional
            Where; a tuple has character offsets, half open.
        severity : Severity, optional
            In place of the code's.
        fix : Fix, optional
            The edit that mends it.
        """
        if isinstance(place, SourceSpan):
            place = (place.start, place.end)
        return make_finding(
            self.source, code, message, place, remark=remark, hint=hint, severity=severity, fix=fix
        )
