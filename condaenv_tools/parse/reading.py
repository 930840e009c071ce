"""What the readers of all sections share: the text, the findings, and the selectors of lines."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from condaenv_tools.model.edit import Fix
from condaenv_tools.model.finding import Severity
from condaenv_tools.model.selector import Selector
from condaenv_tools.model.span import SourceSpan
from condaenv_tools.parse.report import Mend, Report, quoted
from condaenv_tools.parse.selectors import (
    InvalidSelectorError,
    find_comment_selector,
    intersect,
    parse_comment_selector,
    parse_sel_key,
)
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import insertion, unfolded
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

__all__ = ["Reading", "describe"]

_COMMENT = re.compile(r"(?<=[ \t])#.*")
_HALF_BRACKETS = re.compile(r"#\s*(?:\[([^\[\]]+)|([^\[\]]+)\]\s*)\Z")
_KEY_COMMENT = re.compile(r"""["']?\s*:\s*(?:[&!]\S+\s+)*(#.*)""")
_BLOCK_HEADER = re.compile(r"[|>][+-]?\d?[+-]?(?:\s+#.*)?")
#: Folded items whose fix is tried out; each trial reads the whole text.
MAX_UNFOLDED = 10
_YAML_TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"}


def describe(node: Node) -> str:  # noqa: PLR0911 - one return a type
    """Name the type of a node in words.

    Examples
    --------
    >>> describe(ScalarNode("3.10", 0, 4, plain=True))
    'the number 3.10'
    """
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a mapping"
    match node.kind:
        case "null":
            return "nothing"
        case "int" | "float":
            return f"the number {node.value[:40]}"
        case "bool":
            return f"the truth value {node.value}"
        case "timestamp":
            return f"the date {node.value[:40]}"
        case _:
            return "a text"


class Reading:
    """The state of reading one file.

    Parameters
    ----------
    source : SourceText
        The text.
    report : Report
        Where findings go.
    """

    def __init__(self, source: SourceText, report: Report) -> None:
        self.source = source
        self.report = report
        self.category = "main"
        #: The line of the last item, and the next comment on it.
        self._comment_line, self._comment_start, self._comment = 0, 0, ""
        self._unfolded_tried = 0
        self._first_comment: tuple[int, int] | None = None
        self._first_compound: tuple[int, int] | None = None
        self._first_sel: tuple[int, int] | None = None

    def span(self, node: ScalarNode) -> SourceSpan:
        """Return where a scalar stands."""
        return self.source.span(node.start, node.end)

    def fault(  # noqa: PLR0913 - a finding has so many parts
        self,
        code: str,
        message: str,
        node: Node,
        part: tuple[int, int] | None = None,
        *,
        hint: str = "",
        remark: str = "",
        fix: Mend = None,
    ) -> None:
        """Add a finding on a node, or on a part of a scalar whose text stands in the file as it is."""
        if self.report.full:
            return
        start, end = node.start, node.end
        if part is not None and isinstance(node, ScalarNode) and self.is_literal(node):
            start, end = node.start + part[0], node.start + max(part)
        elif not isinstance(node, ScalarNode):
            end = min(end, start + max(1, len(self.source.rest_of_line(start).split(" #")[0].rstrip())))
        self.report.add(code, message, start, end, hint=hint, remark=remark, fix=fix)

    def is_literal(self, node: ScalarNode) -> bool:
        """Whether a scalar stands in the file character by character: no escapes, folds or alias."""
        return self.source.text[node.start : node.end] == node.value

    def lines_of(self, node: ScalarNode) -> list[str]:
        """Return the lines of a scalar that YAML folds into one text; none where it stands in one line."""
        if node.alias or self.is_literal(node):
            return []
        written = self.source.text[node.start : node.end]
        lines = [line.strip() for line in re.split(r"[\r\n]+", written) if line.strip()]
        if lines and not node.plain and _BLOCK_HEADER.fullmatch(lines[0]):
            del lines[0]
        return lines if len(lines) > 1 else []

    def tell_folded(self, node: ScalarNode, lines: list[str], noun: str, severity: Severity) -> None:
        """Tell that several lines are one item."""
        message = f"YAML reads these {len(lines)} lines as one {noun}, {quoted(node.value)}"
        second = lines[1].lstrip("-").strip()
        hint = f"write one {noun} a line"
        fix: Mend = None
        if lines[1].startswith("-"):
            severity = Severity.ERROR
            hint = f"begin the next item with its dash below this one's: `- {second}`"
            fix = partial(self._unfolded, node)
            if lines[0] == "pip":
                hint = "write `- pip:` if the lines below it are meant for pip"
                fix = insertion("write pip:", node.start + len("pip"), ":", safe=False)
        first = re.split(r"[\r\n]", self.source.text[node.start : node.end])[0].rstrip()
        end = node.start + len(first)
        self.report.add("CE117", message, node.start, end, hint=hint, severity=severity, fix=fix)

    def _unfolded(self, node: ScalarNode) -> Fix | None:
        """Return the fix of a folded item; another one leaves lines that no fix of this one shows."""
        self._unfolded_tried += 1
        return unfolded(self.source, node.start, node.end) if self._unfolded_tried <= MAX_UNFOLDED else None

    def check_tag(self, node: Node) -> None:
        """Tell of a tag that a tool may choke on."""
        if node.tag in _YAML_TEXT_TAGS:
            return
        tag = str(node.tag).replace("tag:yaml.org,2002:", "!!")
        line_start = self.source.line_bounds(self.source.line_number(node.start))[0]
        before = self.source.text.rfind("!", line_start, node.start)
        if before >= 0:
            before -= self.source.text[before - 1 : before] == "!"
            node = replace(node, start=before, end=before + len(tag))
        if "python" in tag:
            message = (
                f"the tag {quoted(tag)} asks a YAML loader to make a Python object; it is read as plain data"
            )
            self.fault("CE604", message, node, hint="remove the tag")
        elif tag not in {"!!null", "!!int", "!!float", "!!bool"}:
            message = (
                f"the tag {quoted(tag)} means nothing here: conda ignores it, conda-lock refuses the file"
            )
            self.fault("CE116", message, node, hint="remove the tag")

    # Selectors

    def line_selector(self, node: Node) -> Selector | None:
        """Return what the comment behind an item says about platforms."""
        end = node.end
        text = self.source.text
        if text[end : end + 1] in ("\n", "\r", ""):
            return None
        line = self.source.line_number(end)
        if line != self._comment_line or self._comment_start < end:
            # A line may hold a list of many items, and be as long as the file: each stretch is looked at once.
            stop = self.source.line_bounds(line)[1]
            match = _COMMENT.search(text, end, stop)
            self._comment_line, self._comment_start = line, match.start() if match else stop
            self._comment = match[0] if match else ""
        return self._read_comment(self._comment, self._comment_start) if self._comment else None

    def key_selector(self, key: ScalarNode) -> Selector | None:
        """Return what the comment behind a key says about the platforms of its whole section."""
        rest = self.source.rest_of_line(key.end)
        if "#" not in rest:
            return None
        match = _KEY_COMMENT.match(rest)
        return self._read_comment(match[1], key.end + match.start(1)) if match else None

    def item_selector(self, node: Node, outer: Selector | None) -> Selector | None:
        """Return the selector of an item inside a section that may have one itself."""
        own = self.line_selector(node)
        return own if outer is None else self.both(outer, own)

    @staticmethod
    def both(outer: Selector | None, inner: Selector | None) -> Selector | None:
        """Return the selector that holds where both hold."""
        return outer if inner == outer else intersect(outer, inner)

    def sel_key(self, key: ScalarNode) -> Selector | None:
        """Return the selector of a key ``sel(...)``; None for another key, and told for an unreadable one."""
        try:
            selector = parse_sel_key(key.value)
        except InvalidSelectorError as error:
            self.fault("CE111", error.reason, key, (error.start, error.end), hint=error.hint)
            return Selector(text=key.value, dialect="sel", platforms=frozenset())
        if selector is not None and self._first_sel is None:
            self._first_sel = (key.start, key.end)
        return selector

    def _read_comment(self, comment: str, offset: int) -> Selector | None:
        if "[" not in comment and "]" not in comment:
            return None
        found = find_comment_selector(comment)
        if found is None:
            self._tell_half_brackets(comment, offset)
            return None
        start = offset + found.offset
        end = start + len(found.text)
        try:
            selector = parse_comment_selector(found.text)
        except InvalidSelectorError as error:
            if error.meant_as_selector and found.leads:
                self.report.add(
                    "CE111", error.reason, start + error.start, start + error.end, hint=error.hint
                )
            else:
                self._no_selector(found.text, start, end)
            return None
        self._first_comment = self._first_comment or (start - 1, end + 1)
        if not found.text.strip().replace("_", "").isalnum():
            self._first_compound = self._first_compound or (start - 1, end + 1)
        return selector

    def _tell_half_brackets(self, comment: str, offset: int) -> None:
        """Tell of a selector that lacks one of its brackets; a remark that lacks one is nobody's business."""
        half = _HALF_BRACKETS.match(comment)
        if half is None:
            return
        text = (half[1] or half[2]).strip()
        try:
            parse_comment_selector(text)
        except InvalidSelectorError:
            return
        what = "closed" if half[1] else "opened"
        start = offset + comment.index("[" if half[1] else text)
        end = offset + len(comment.rstrip())
        self.report.add("CE111", f"this bracket is never {what}", start, end, hint=f"write # [{text}]")

    def _no_selector(self, text: str, start: int, end: int) -> None:
        message = (
            f"[{quoted(text)[1:-1]}] is no selector, so the line counts on every platform; "
            "conda-lock takes any text in brackets for a selector and leaves the line out"
        )
        self.report.add("CE112", message, start - 1, end + 1, hint="write the remark without brackets")

    def tell_selectors(self) -> None:
        """Tell, once a file, which tools read its selectors otherwise."""
        comment, sel, compound = self._first_comment, self._first_sel, self._first_compound
        if comment:
            message = (
                "conda and micromamba do not read comment selectors (CEP 24 makes them optional): "
                "for them these lines count on every platform"
            )
            if compound:
                message += "; conda-lock reads single words only, and leaves lines with and, or, not out"
            self.report.add("CE113", message, *(compound or comment))
        if sel:
            message = (
                "only micromamba reads sel(...) (CEP 24 makes it optional): conda refuses the file, "
                "conda-lock leaves the line out"
            )
            self.report.add("CE113", message, *sel)
        if comment and sel:
            message = "the file has both kinds of selector; no tool reads both, and CEP 24 advises against it"
            self.report.add("CE114", message, *max(comment, sel), hint="use one kind for all lines")
