"""The job of mending a conflict: one file edited as a proven correction says, comments and layout kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from condaenv_tools.conflicts.corrections.values import OtherCorrection, OtherKind, in_order
from condaenv_tools.conflicts.ecosystems.either import AnyChange, AnyCorrection
from condaenv_tools.conflicts.ecosystems.values import JointChange
from condaenv_tools.errors import OutputError, UnsatisfiableError
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.edit_files import EditedFile, edit_data
from condaenv_tools.jobs.explain_files import SECONDS, Explanation, explain_files
from condaenv_tools.jobs.plan import LockOptions, Plan
from condaenv_tools.jobs.selector_edit import with_selector
from condaenv_tools.jobs.targets import DEFAULT_CHANNEL
from condaenv_tools.model.environment import Dependency
from condaenv_tools.parse.editing.changes import Add, Change, Remove, Section, SetSpec
from condaenv_tools.parse.encoding import TextFile
from condaenv_tools.parse.environment_yml import parse_environment
from condaenv_tools.parse.text import read_bytes
from condaenv_tools.resolve.request import Outcome

__all__ = ["CorrectedFile", "correct_file", "write_corrected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedFile:
    """What a correction makes of a file; nothing is written yet.

    Attributes
    ----------
    explanation : Explanation
        Why it could not be solved.
    correction : Correction, JointCorrection, OtherCorrection or None
        What was chosen; None where the file can be solved as it is.
    edited : EditedFile or None
        The file before and after; None with `correction`.
    """

    explanation: Explanation
    correction: AnyCorrection | OtherCorrection | None = None
    edited: EditedFile | None = None


def correct_file(  # noqa: PLR0913 - where to look, what to choose, and whom to tell
    path: str | Path,
    *,
    options: LockOptions | None = None,
    number: int = 1,
    seconds: float = SECONDS,
    on_plan: Callable[[Plan], None] | None = None,
    on_done: Callable[[Outcome], None] | None = None,
) -> CorrectedFile:
    """Plan the edit that lets a file be solved on every platform.

    Parameters
    ----------
    path : str or Path
        The file.
    options : LockOptions, optional
        As for `lock_files`.
    number : int
        Which of the corrections, in the order in which `explain_files` tells them, from 1 on.
    seconds : float
        For the search.
    on_plan, on_done : callable, optional
        As for `explain_files`.

    Returns
    -------
    CorrectedFile
        Proven twice: the correction by solving, the edit by reading the new text again.

    Raises
    ------
    UnsatisfiableError
        No correction was found, or not so many, or it is no edit of the file: a flag, or a split.
    ParseError
        The file cannot be read, or is written in a way that cannot be edited.
    ChannelError, SolverTimeoutError
        As for `explain_files`.
    """
    data = read_bytes(path)
    options = options or LockOptions()
    found = explain_files(path, options=options, seconds=seconds, on_plan=on_plan, on_done=on_done)
    if found.satisfiable:
        return CorrectedFile(explanation=found)
    known = in_order(found.corrections, found.others)
    if number > len(known):
        raise _none(found, known, number)
    correction = known[number - 1]
    if not isinstance(correction, OtherCorrection):
        edited = _with_changes(data, correction, found)
    elif correction.kind is OtherKind.CHANNEL and not options.channels:
        edited = _with_channel(data, correction, str(path))
    else:
        raise _no_edit(found, correction)
    return CorrectedFile(explanation=found, correction=correction, edited=edited)


def _with_changes(data: bytes, correction: AnyCorrection, found: Explanation) -> EditedFile:
    (path,) = found.paths
    before = TextFile.of(data)
    text = before.text
    marks = text[: len(text) - len(text.lstrip("\ufeff"))]
    asked = [one.platform for one in found.platforms]
    # From the end on, so that what is done to one line moves no other that is still to come.
    changes: list[AnyChange] = [*correction.changes][::-1]
    for change in changes:
        if change.only_on and isinstance(change.item, Dependency):
            bare = text[len(marks) :]
            text = marks + with_selector(bare, change.item, only_on=change.only_on, asked=asked)
    edits = [_edit(change) for change in changes if not change.only_on]
    # What is new comes last for the same reason.
    edits += [Add(text=to) for change in changes if (to := _moved(change)) is not None]
    edited = edit_data(before.with_text(text).data, edits, path=path)
    return replace(edited, before=before)


def _with_channel(data: bytes, correction: OtherCorrection, path: str) -> EditedFile:
    """List a channel last; where no channel is listed, that which is meant then comes first."""
    environment = parse_environment(data, path=path).environment
    listed = environment is not None and any(item.text != "nodefaults" for item in environment.channels)
    texts = [correction.channel] if listed else [DEFAULT_CHANNEL, correction.channel]
    return edit_data(data, [Add(section=Section.CHANNELS, text=text) for text in texts], path=path)


def write_corrected(corrected: CorrectedFile) -> None:
    """Write a corrected file in its place, whole or not at all.

    Raises
    ------
    OutputError
        It cannot be written, or has changed since it was read; what is there is untouched.
    """
    edited = corrected.edited
    if edited is None:
        return
    if read_bytes(edited.path) != edited.before.data:
        raise OutputError(
            f"{edited.path} has changed while its correction was looked for; nothing was written",
            path=edited.path,
            hints=["run it again"],
        )
    write_atomically(edited.path, edited.after.data)


def _edit(change: AnyChange) -> Change:
    """Return what becomes of the line itself."""
    line = change.item.span.line
    section = Section.DEPENDENCIES if isinstance(change.item, Dependency) else Section.PIP
    name = str(change.item.name or change.item.text)
    if change.to is None or _moved(change) is not None:
        return Remove(section=section, name=name, line=line)
    return SetSpec(section=section, name=name, text=change.to, line=line)


def _moved(change: AnyChange) -> str | None:
    """Return the line that the conda part gets in place of one of the pip section, if it does."""
    return change.to if isinstance(change, JointChange) and change.moved else None


def _none(
    found: Explanation, known: Sequence[AnyCorrection | OtherCorrection], number: int
) -> UnsatisfiableError:
    (path,) = found.paths
    if known:
        many = "is one correction" if len(known) == 1 else f"are {len(known)} corrections"
        text = f"there {many} of {path}, and no number {number}"
    else:
        text = f"no edit of {path} is known that lets it be solved; nothing was changed"
    return _unsatisfiable(found, text, f"condaenv explain {path} says why")


def _no_edit(found: Explanation, correction: OtherCorrection) -> UnsatisfiableError:
    (path,) = found.paths
    if correction.kind is OtherKind.SPLIT:
        return _unsatisfiable(
            found,
            f"{path} can only be solved in {len(correction.parts)} parts, which is no edit of one file",
            f"condaenv explain {path} lists the lines of each part",
        )
    flags = " ".join(correction.flags) or f"-c {correction.channel}"
    return _unsatisfiable(
        found,
        f"this correction of {path} is no edit of the file, which was solved with {flags}; nothing was changed",
        f"condaenv lock {path} {flags}",
    )


def _unsatisfiable(found: Explanation, text: str, hint: str) -> UnsatisfiableError:
    reasons: dict[str, str] = {
        one.platform: one.reason or "; ".join(conflict.account.text for conflict in one.conflicts)
        for one in found.platforms
        if not one.satisfiable
    }
    return UnsatisfiableError(text, reasons=reasons, hints=[hint])
