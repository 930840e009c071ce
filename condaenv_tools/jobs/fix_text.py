"""Findings mended in the text: edits in rounds, each round proven to break nothing.

A fix is kept if what it mends is gone, no finding is new, and every item of the file that it does not touch is
what it was. What only becomes readable through it (the section below a misspelled key) may have findings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from condaenv_tools.jobs.check_text import CheckedFile
from condaenv_tools.model.edit import Fix, TextEdit, apply_edits
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.text import SourceText

__all__ = ["FixedText", "fix_text"]

#: A fix may make way for another; no file needs more rounds than this.
MAX_ROUNDS = 10
#: Checks that fixing one text may take, and characters that they may read in all: fixes that fail together are
#: tried one by one.
MAX_CHECKS = 300
MAX_READ = 1_000_000

Check = Callable[[str], CheckedFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedText:
    """What fixing made of a text.

    Attributes
    ----------
    text : str
        The text after all fixes; the same as before where there was nothing to fix.
    fixed : tuple of Finding
        What was mended, round by round, in the order of the text of that round.
    checked : CheckedFile
        What is left.
    """

    text: str
    fixed: tuple[Finding, ...]
    checked: CheckedFile


def fix_text(text: str, check: Check, *, unsafe: bool = False) -> FixedText:
    r"""Mend what can be mended in a text.

    Parameters
    ----------
    text : str
        The decoded text, without byte order mark.
    check : callable
        Takes a text and says what is wrong with it.
    unsafe : bool
        Whether fixes that may change what the file means are made too.

    Returns
    -------
    FixedText
        The text in which no finding is left whose fix holds, and what is left of the others.

    Examples
    --------
    >>> from condaenv_tools.jobs.check_text import check_text
    >>> text = "channels: [a, nodefaults]\ndependencies:\n  - python=3.12 # noqa: CE501\n"
    >>> fix_text(text, check_text).text
    'channels: [a, nodefaults]\ndependencies:\n  - python=3.12\n'
    """
    bounded = _Bounded(check, max(4, min(MAX_CHECKS, MAX_READ // (len(text) + 1))))
    checked = bounded(text)
    fixed: list[Finding] = []
    given_up: set[tuple[str, Fix]] = set()
    for _ in range(MAX_ROUNDS):
        todo = [
            finding
            for finding in checked.findings
            if finding.fix is not None
            and (finding.fix.safe or unsafe)
            and (finding.code, finding.fix) not in given_up
        ]
        if not todo or bounded.left <= 0:
            break
        made, text, checked, refused = _round(text, checked, _apart(todo), bounded)
        fixed += made
        given_up |= {(finding.code, finding.fix) for finding in refused if finding.fix is not None}
        if made:
            # What was given up has other offsets now, and may hold after what was made.
            given_up.clear()
    return FixedText(text=text, fixed=tuple(fixed), checked=checked)


class _Bounded:
    """A check that counts how often it may still be asked."""

    def __init__(self, check: Check, left: int) -> None:
        self._check = check
        self.left = left

    def __call__(self, text: str) -> CheckedFile:
        self.left -= 1
        return self._check(text)


def _apart(findings: Iterable[Finding]) -> list[Finding]:
    """Return fixes of which no two touch each other; the one whose place comes first in the text is taken."""
    taken: list[TextEdit] = []
    found = []
    for finding in findings:
        assert finding.fix is not None
        if finding.fix.edits and not any(_touch(one, other) for one in finding.fix.edits for other in taken):
            taken += finding.fix.edits
            found.append(finding)
    return found


def _touch(one: TextEdit, other: TextEdit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _round(
    text: str, checked: CheckedFile, todo: Sequence[Finding], check: _Bounded
) -> tuple[list[Finding], str, CheckedFile, list[Finding]]:
    """Make as many fixes as hold together; return them, what they lead to, and those that do not hold."""
    tried = _try(text, checked, todo, check)
    if tried is not None:
        return list(todo), *tried, []
    holding: list[Finding] = []
    refused: list[Finding] = []
    for finding in todo:
        if check.left <= 1:
            break
        alone = _try(text, checked, [finding], check) if len(todo) > 1 else None
        (refused if alone is None else holding).append(finding)
    while holding and check.left > 0:
        tried = _try(text, checked, holding, check)
        if tried is not None:
            return holding, *tried, refused
        # Each holds by itself and all together do not: half of them now, the others in the next round.
        holding = holding[: len(holding) // 2]
    return [], text, checked, refused


def _try(
    text: str, before: CheckedFile, findings: Sequence[Finding], check: Check
) -> tuple[str, CheckedFile] | None:
    edits = sorted({edit for finding in findings if finding.fix for edit in finding.fix.edits})
    try:
        changed = apply_edits(text, edits)
    except ValueError:
        return None
    if changed == text:
        return None
    after = check(changed)
    change = _Change(text, edits)
    holds = _mended(findings, before, after, change) and _kept(before, after, change.touched())
    return (changed, after) if holds else None


def _mended(findings: Sequence[Finding], before: CheckedFile, after: CheckedFile, change: _Change) -> bool:
    counts = Counter(finding.code for finding in before.findings)
    counts.subtract(Counter(finding.code for finding in findings))
    counts.subtract(Counter(finding.code for finding in after.findings))
    new = {code for code, left in counts.items() if left < 0}
    if not new:
        return True
    if new & {finding.code for finding in findings}:
        return False
    if before.environment is None:
        # Nothing could be read before; what is found now was there all the time.
        return after.environment is not None or len(after.errors) < len(before.errors)
    read = {item.span.line for item in before.environment.items()}
    return all(
        finding.span is not None and (change.line_before(finding.span.start) or 0) not in {0, *read}
        for finding in after.findings
        if finding.code in new
    )


class _Change:
    """Edits of one text, in its order."""

    def __init__(self, text: str, edits: Sequence[TextEdit]) -> None:
        self.edits = edits
        self.source = SourceText(text, path="")

    def touched(self) -> frozenset[int]:
        """Return the lines of the old text of which something is changed."""
        line = self.source.line_number
        return frozenset(
            number for edit in self.edits for number in range(line(edit.start), line(edit.end) + 1)
        )

    def line_before(self, offset: int) -> int | None:
        """Return the line of the old text that has what stands at an offset of the new one, if any has."""
        moved = 0
        for edit in self.edits:
            begin = edit.start + moved
            if offset < begin:
                break
            if offset < begin + len(edit.text):
                return None
            moved += len(edit.text) - (edit.end - edit.start)
        return self.source.line_number(offset - moved)


def _kept(before: CheckedFile, after: CheckedFile, touched: frozenset[int]) -> bool:
    """Say whether every item on a line that no edit touches is what it was."""
    if before.environment is None:
        return True
    if after.environment is None:
        return False
    kept = Counter(_items(before.environment, touched))
    kept.subtract(Counter(_items(after.environment, frozenset())))
    return all(left <= 0 for left in kept.values())


_NOWHERE = SourceSpan(path="", line=1, column=1)


def _items(environment: Environment, lines: frozenset[int]) -> list[object]:
    """Return the items of an environment that stand on other lines, without their places."""
    return [replace(item, span=_NOWHERE) for item in environment.items() if item.span.line not in lines]
