"""Findings that the author of a file has asked not to hear of: ``# noqa`` on a line, or for the whole file.

The spellings are those of ruff and flake8: any case, with or without blanks and colon, codes parted by commas
or blanks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from condaenv_tools.errors import ParseError
from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.finding import Finding, sort_findings
from condaenv_tools.parse.codes.code import INFO, Code, code
from condaenv_tools.parse.report import make_finding, quoted
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, compose

__all__ = ["CODES", "Silenced", "silence"]

UNKNOWN = code(
    "CE190",
    INFO,
    "a noqa comment names a code that does not exist",
    "It silences nothing; a slip in the code leaves the finding that was meant.",
    "channels: [conda-forge, nodefaults]\ndependencies:\n  - numpy  # noqa: CE999\n",
    "channels: [conda-forge, nodefaults]\ndependencies:\n  - numpy\n",
)
UNUSED = code(
    "CE191",
    INFO,
    "a noqa comment silences nothing",
    "Its line has no such finding any more; left there, it would hide the next one.",
    "channels: [conda-forge, nodefaults]\ndependencies:\n  - numpy=1.26  # noqa: CE201\n",
    "channels: [conda-forge, nodefaults]\ndependencies:\n  - numpy=1.26\n",
)
#: The codes of the remarks on noqa comments themselves.
CODES: tuple[Code, ...] = (UNKNOWN, UNUSED)

#: Characters; a longer text is not read as YAML a second time to tell comments from quotes.
_MAX_READ = 200_000
#: Comments that are looked at; nobody wrote more.
_MAX_DIRECTIVES = 2000
_CODE = r"[A-Za-z]+\d+"
_NOQA = re.compile(
    rf"#[ \t]*(?P<file>condaenv[ \t]*:[ \t]*)?noqa\b"
    rf"(?:(?P<colon>[ \t]*:)[ \t]*(?P<codes>{_CODE}(?:[ \t,]+{_CODE})*)?"
    rf"|[ \t]+(?P<bare>CE\d+(?:[ \t,]+CE\d+)*)(?!\w))?",
    re.IGNORECASE,
)


#: A line is searched for them from where it begins; its end is a bound.
_COMMENT = re.compile(r"(?:^|(?<=[ \t\r]))#", re.MULTILINE)
_CONTENT = re.compile(r"[ \t]*[^ \t]")
_WORDS_BEHIND = re.compile(r"[ \t]*[^\s#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """What is left of the findings of a file.

    Attributes
    ----------
    findings : tuple of Finding
        Those that were not silenced, and remarks on noqa comments that are wrong, in the order of the text.
    silenced : int
        How many were.
    """

    findings: tuple[Finding, ...]
    silenced: int


@dataclass(slots=True)
class _Directive:
    start: int
    end: int
    line: int
    whole_file: bool
    colon: bool
    #: Each code that is named, in capitals, and where; none of them means every code.
    codes: list[tuple[str, int, int]]
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> bool:
        """Say whether it silences a finding, if that stands where it counts."""
        if not self.codes:
            return not self.colon
        return any(named == finding.code for named, _, _ in self.codes)


def silence(
    findings: Iterable[Finding],
    source: SourceText,
    *,
    known: Collection[str],
    unasked: Collection[str] = (),
    is_yaml: bool = True,
) -> Silenced:
    r"""Take out the findings that comments of the file ask not to hear of.

    Parameters
    ----------
    findings : iterable of Finding
        Those of one file.
    source : SourceText
        Its decoded text.
    known : collection of str
        Every code that there is.
    unasked : collection of str
        Codes that could not be found this time, such as those that need records: a comment that names one of
        them is not said to be of no use.
    is_yaml : bool
        Whether a ``#`` within quotes or a block of text is no comment.

    Returns
    -------
    Silenced
        The rest, and how many were taken out.

    Examples
    --------
    >>> from condaenv_tools.parse.environment_yml import parse_environment
    >>> text = "channels: [a, nodefaults]\ndependencies:\n  - python\n  - numpy==  # noqa: CE201\n"
    >>> parsed = parse_environment(text)
    >>> [f.code for f in parsed.findings]
    ['CE201']
    >>> silence(parsed.findings, SourceText(text, path="e.yml"), known=["CE201"])
    Silenced(findings=(), silenced=1)
    """
    found = tuple(findings)
    if "noqa" not in source.text.lower():
        return Silenced(findings=found, silenced=0)
    directives = list(islice(_directives(source, is_yaml=is_yaml), _MAX_DIRECTIVES))
    by_line: dict[int, list[_Directive]] = {}
    for directive in directives:
        by_line.setdefault(0 if directive.whole_file else directive.line, []).append(directive)
    kept = [finding for finding in found if not _silenced(finding, source, by_line)]
    remarks = [
        remark
        for directive in directives
        for remark in _remarks(directive, source, set(known), set(unasked))
        if not any(whole.covers(remark) for whole in by_line.get(0, ()))
    ]
    return Silenced(findings=sort_findings([*kept, *remarks]), silenced=len(found) - len(kept))


def _silenced(finding: Finding, source: SourceText, by_line: Mapping[int, list[_Directive]]) -> bool:
    span = finding.span
    lines = {0, span.line, source.line_number(max(span.start, span.end - 1))} if span else {0}
    near = [directive for line in sorted(lines) for directive in by_line.get(line, ())]
    covering = [directive for directive in near if directive.covers(finding)]
    for directive in covering:
        directive.used.add(finding.code)
    return bool(covering)


def _directives(source: SourceText, *, is_yaml: bool) -> Iterator[_Directive]:
    text = source.text
    scalars = _scalars(text) if is_yaml else ()
    starts = [start for start, _ in scalars]
    last, bounds, first = 0, (0, 0), None
    for match in _NOQA.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and match.start() < scalars[at][1]:
            continue
        line = source.line_number(match.start())
        if line != last:
            # A # that has no blank before it belongs to the word, unless a comment began earlier.
            last, bounds = line, source.line_bounds(line)
            first = _COMMENT.search(text, *bounds)
        if first is None or first.end() > match.start() + 1:
            continue
        whole_file = match["file"] is not None
        if whole_file and _CONTENT.match(text, bounds[0], match.start()):
            continue
        group = "codes" if match["codes"] else "bare"
        codes = [
            (m[0].upper(), match.start(group) + m.start(), match.start(group) + m.end())
            for m in re.finditer(_CODE, match[group] or "")
        ]
        yield _Directive(match.start(), match.end(), line, whole_file, match["colon"] is not None, codes)


def _scalars(text: str) -> list[tuple[int, int]]:
    """Return where the scalars of a text stand, in order; none where it is not YAML."""
    if len(text) > _MAX_READ:
        return []
    try:
        root, _ = compose(text)
    except ParseError:
        return []
    found: set[tuple[int, int]] = set()
    nodes: list[Node | None] = [root]
    seen: set[int] = set()
    while nodes:
        node = nodes.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            found.add((node.start, node.end))
        elif isinstance(node, MappingNode):
            nodes += [part for pair in node.pairs for part in pair]
        else:
            nodes += node.items
    return sorted(found)


def _remarks(
    directive: _Directive, source: SourceText, known: set[str], unasked: set[str]
) -> Iterator[Finding]:
    if directive.colon and not directive.codes:
        message = "this noqa names no code, and silences nothing"
        place = (directive.start, directive.end)
        yield make_finding(source, UNKNOWN, message, place, hint="name a code, or leave the colon out")
        return
    useless = [
        entry
        for entry in directive.codes
        if entry[0] in known and entry[0] not in directive.used and entry[0] not in unasked
    ]
    for name, start, end in directive.codes:
        if name not in known:
            message = f"{quoted(name)} is no code of a finding, so this noqa does not silence it"
            hint = "condaenv check --list-codes shows the codes"
            yield make_finding(source, UNKNOWN, message, (start, end), hint=hint)
    for entry in useless:
        where = "this file" if directive.whole_file else "this line"
        message = f"{where} has no finding {entry[0]} to silence"
        fix = _removal(directive, entry, useless, source)
        yield make_finding(source, UNUSED, message, entry[1:], hint=fix.title, fix=fix)


def _removal(
    directive: _Directive,
    entry: tuple[str, int, int],
    useless: list[tuple[str, int, int]],
    source: SourceText,
) -> Fix:
    """Return the edit that takes one code out, or the whole comment where none would be left."""
    if len(useless) == len(directive.codes):
        title = "remove the comment"
        text, start = source.text, directive.start
        while start and text[start - 1] in " \t":
            start -= 1
        if _WORDS_BEHIND.match(text, directive.end):
            # The author's own words go on behind it; they stay a comment.
            return Fix(title=title, edits=(TextEdit(start=directive.start + 1, end=directive.end, text=""),))
        return Fix(title=title, edits=(TextEdit(start=start, end=directive.end, text=""),))
    index = directive.codes.index(entry)
    if index + 1 < len(directive.codes):
        start, end = entry[1], directive.codes[index + 1][1]
    else:
        start, end = directive.codes[index - 1][2], entry[2]
    return Fix(title=f"remove {entry[0]}", edits=(TextEdit(start=start, end=end, text=""),))
