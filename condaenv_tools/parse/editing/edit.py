"""Changes of an environment file: planned on its text, proven, and handed back as edits or as a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from condaenv_tools.model.edit import TextEdit, apply_edits
from condaenv_tools.model.finding import Finding
from condaenv_tools.model.names import conda_name
from condaenv_tools.parse.editing.changes import Add, Change, Changed, EditError, Remove, Section, SetSpec
from condaenv_tools.parse.editing.choose import Target, chosen
from condaenv_tools.parse.editing.document import Document
from condaenv_tools.parse.editing.items import items_of
from condaenv_tools.parse.editing.meaning import Step, check, new_findings
from condaenv_tools.parse.editing.pairs import (
    plan_add_variable,
    plan_name,
    plan_remove_variable,
    plan_set_variable,
)
from condaenv_tools.parse.editing.patchwork import Patchwork
from condaenv_tools.parse.editing.plan import plan_add, plan_remove, plan_set
from condaenv_tools.parse.encoding import TextFile

__all__ = ["EditResult", "edit_environment", "edit_text", "plan_edits"]

T = TypeVar("T", str, bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """A text after changes.

    Attributes
    ----------
    text : str
        The new text.
    edits : tuple of TextEdit
        What makes it out of the old one, in order.
    changed : tuple of Changed
        The items that were changed, in the order of the changes; empty where the text says all of it already.
    findings : tuple of Finding
        What a reader would remark on the new text and not on the old one; no errors.
    """

    text: str
    edits: tuple[TextEdit, ...]
    changed: tuple[Changed, ...]
    findings: tuple[Finding, ...] = ()


def edit_text(text: str, changes: Iterable[Change], *, path: str = "<text>") -> EditResult:
    r"""Change an environment file: all of the changes, or none.

    Each change is proven: the new text is read again, and says what the change means and nothing else.

    Parameters
    ----------
    text : str
        The text; byte order marks before it stay.
    changes : iterable of Add, Remove or SetSpec
        Made in this order, each on what the one before left.
    path : str
        How messages name the file.

    Raises
    ------
    ParseError
        The text cannot be read, or a new item cannot (InvalidMatchSpecError, with the place of the fault).
    EditError
        A change does not fit: nothing has the name, several have, or it is there already.
    UnsupportedError
        The text is written in a way that cannot be edited: an alias, a text over several lines.
    UnsafeEditError
        The edit would not mean what was asked for.

    Examples
    --------
    >>> text = "dependencies:\n  - numpy=1.26  # as the cluster has\n  - pip\n"
    >>> result = edit_text(text, [SetSpec(name="numpy", text="numpy=2.0"), Add(text="scipy")])
    >>> print(result.text)
    dependencies:
      - numpy=2.0  # as the cluster has
      - pip
      - scipy
    <BLANKLINE>
    >>> [(c.action, c.before, c.after, c.line) for c in result.changed]
    [('set', 'numpy=1.26', 'numpy=2.0', 2), ('add', None, 'scipy', 4)]
    """
    bare = text.lstrip("\ufeff")
    session = _Session(bare, path)
    for change in changes:
        session.make(change)
    return _behind_marks(session.result(), text[: len(text) - len(bare)])


def _behind_marks(result: EditResult, marks: str) -> EditResult:
    """Return a result for a text that begins with byte order marks, which offsets must count."""
    if not marks:
        return result
    edits = [
        TextEdit(start=edit.start + len(marks), end=edit.end + len(marks), text=edit.text)
        for edit in result.edits
    ]
    return replace(result, text=marks + result.text, edits=tuple(edits))


def plan_edits(text: str, changes: Iterable[Change], *, path: str = "<text>") -> tuple[TextEdit, ...]:
    r"""Return what changes do to a text, as edits of that text; see `edit_text`.

    Returns
    -------
    tuple of TextEdit
        In the order of the text; none where it says all of the changes already.

    Examples
    --------
    >>> plan_edits("channels: [conda-forge]\n", [Add(section=Section.CHANNELS, text="bioconda")])
    (TextEdit(start=22, end=22, text=', bioconda'),)
    """
    return edit_text(text, changes, path=path).edits


def edit_environment(text: T, changes: Iterable[Change], *, path: str = "<text>") -> T:
    r"""Return the text of an environment file after changes; see `edit_text`.

    Parameters
    ----------
    text : str or bytes
        Bytes keep their encoding and their byte order mark.

    Examples
    --------
    >>> edit_environment(b"\xef\xbb\xbfdependencies:\r\n- a\r\n", [Add(text="b")])
    b'\xef\xbb\xbfdependencies:\r\n- a\r\n- b\r\n'
    """
    if isinstance(text, bytes):
        file = TextFile.of(text)
        return file.with_text(edit_text(file.text, changes, path=path).text).data
    return edit_text(text, changes, path=path).text


class _Session:
    """The state of a text between its changes."""

    def __init__(self, text: str, path: str) -> None:
        self.first = self.document = Document.read(text, path=path)
        self.work = Patchwork(text)
        #: What was changed, and an offset on its line; None where the line is that of the first text.
        self.made: list[tuple[Changed, int | None]] = []

    def make(self, change: Change) -> None:
        if change.section is Section.NAME:
            if not isinstance(change, SetSpec):
                raise EditError("the name of an environment can be set, and neither added nor removed")
            self._apply(plan_name(self.document, change.text))
        elif isinstance(change, Add):
            if self._lacks_pip(change):
                self._apply(plan_add(self.document, Add(text="pip")))
            plan = plan_add_variable if change.section is Section.VARIABLES else plan_add
            self._apply(plan(self.document, change))
        else:
            # From the end on, so that what is done to one item moves no other that is still to come.
            for target in reversed(chosen(self.document, change)):
                item = items_of(self.document.environment, change.section)[target.index]
                self._apply(self._plan(change, Target(item=item, index=target.index)))

    def _plan(self, change: Remove | SetSpec, target: Target) -> Step | None:
        variable = change.section is Section.VARIABLES
        if isinstance(change, SetSpec):
            plan = plan_set_variable if variable else plan_set
            return plan(self.document, change, target)
        if variable:
            return plan_remove_variable(self.document, target)
        return plan_remove(self.document, change.section, target)

    def _lacks_pip(self, change: Add) -> bool:
        environment = self.document.environment
        if change.section is not Section.PIP or environment.has_pip_section:
            return False
        return not any(item.name == conda_name("pip") for item in environment.dependencies)

    def _apply(self, step: Step | None) -> None:
        if step is None:
            return
        text = apply_edits(self.document.text, step.edits)
        after = check(self.document, step, text)
        told, anchor = step.changed, step.anchor
        moved: list[tuple[Changed, int | None]] = [
            (one, None if at is None else _moved(at, step.edits)) for one, at in self.made
        ]
        if told.action == "remove":
            # Where it stood in the first text; an item that came later has no place there.
            origin = self.work.origin(anchor)
            line = told.line if origin is None else self.first.source.line_number(origin)
            moved.append((replace(told, line=line), None))
        else:
            moved.append((told, anchor))
        self.made = moved
        self.work.apply(step.edits)
        self.document = after

    def result(self) -> EditResult:
        line_number = self.document.source.line_number
        changed = tuple(one if at is None else replace(one, line=line_number(at)) for one, at in self.made)
        findings = new_findings(self.first, self.document) if self.made else ()
        return EditResult(text=self.work.text, edits=self.work.edits(), changed=changed, findings=findings)


def _moved(offset: int, edits: Iterable[TextEdit]) -> int:
    """Return where a character stands after edits; what is replaced stands where the new text begins."""
    shift = 0
    for edit in edits:
        if edit.end <= offset and not edit.start == edit.end == offset:
            shift += len(edit.text) - (edit.end - edit.start)
        elif edit.start < offset:
            shift += edit.start - offset
        elif edit.start == edit.end == offset:
            shift += len(edit.text)
    return offset + shift
