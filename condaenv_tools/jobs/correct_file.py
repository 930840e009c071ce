"""The job of mending a conflict: one file edited as a proven correction says, comments and layout kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from condaenv_tools.conflicts.corrections import Change as LineChange
from condaenv_tools.conflicts.corrections import Correction
from condaenv_tools.errors import OutputError, UnsatisfiableError
from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.edit_files import EditedFile, edit_data
from condaenv_tools.jobs.explain_files import SECONDS, Explanation, explain_files
from condaenv_tools.jobs.plan import LockOptions, Plan
from condaenv_tools.parse.editing.changes import Change, Remove, SetSpec
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
    correction : Correction or None
        What was chosen; None where the file can be solved as it is.
    edited : EditedFile or None
        The file before and after; None with `correction`.
    """

    explanation: Explanation
    correction: Correction | None = None
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
        No correction was found, or not so many.
    ParseError
        The file cannot be read, or is written in a way that cannot be edited.
    ChannelError, SolverTimeoutError
        As for `explain_files`.
    """
    data = read_bytes(path)
    found = explain_files(path, options=options, seconds=seconds, on_plan=on_plan, on_done=on_done)
    if found.satisfiable:
        return CorrectedFile(explanation=found)
    if number > len(found.corrections):
        raise _none(found, number)
    correction = found.corrections[number - 1]
    # From the end on, so that what is done to one line moves no other that is still to come.
    changes = [_edit(change) for change in reversed(correction.changes)]
    edited = edit_data(data, changes, path=str(path))
    return CorrectedFile(explanation=found, correction=correction, edited=edited)


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


def _edit(change: LineChange) -> Change:
    name, line = str(change.item.name), change.item.span.line
    if change.to is None:
        return Remove(name=name, line=line)
    return SetSpec(name=name, text=change.to, line=line)


def _none(found: Explanation, number: int) -> UnsatisfiableError:
    (path,) = found.paths
    failing = [one for one in found.platforms if not one.satisfiable]
    known = len(found.corrections)
    if known:
        many = "is one correction" if known == 1 else f"are {known} corrections"
        text = f"there {many} of {path}, and no number {number}"
    else:
        text = f"no edit of {path} is known that lets it be solved; nothing was changed"
    reasons: dict[str, str] = {
        one.platform: one.reason or "; ".join(conflict.account.text for conflict in one.conflicts)
        for one in failing
    }
    return UnsatisfiableError(text, reasons=reasons, hints=[f"condaenv explain {path} says why"])
