"""The job of editing: a file and changes in, the file written with them or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from condaenv_tools.files import write_atomically
from condaenv_tools.jobs.shown_diff import shown_diff
from condaenv_tools.parse.editing.changes import Change
from condaenv_tools.parse.editing.edit import EditResult, edit_text
from condaenv_tools.parse.encoding import TextFile
from condaenv_tools.parse.text import NotTextError, read_bytes

__all__ = ["EditedFile", "edit_data", "edit_file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedFile:
    """A file before and after changes.

    Attributes
    ----------
    path : str
        The file, as the user named it.
    before, after : TextFile
        Its content; equal where nothing had to be changed.
    result : EditResult
        What was changed.
    """

    path: str
    before: TextFile
    after: TextFile
    result: EditResult

    @property
    def diff(self) -> str:
        r"""The change as a unified diff, credentials masked; empty where there is none.

        Examples
        --------
        >>> from condaenv_tools.parse.editing.changes import Add
        >>> print(edit_data(b"dependencies:\n- a", [Add(text="b")], path="e.yml").diff)
        --- e.yml
        +++ e.yml
        @@ -1,2 +1,3 @@
         dependencies:
        -- a
        \ No newline at end of file
        +- a
        +- b
        \ No newline at end of file
        <BLANKLINE>
        """
        return shown_diff(self.before.text, self.after.text, self.path)


def edit_data(data: bytes, changes: Sequence[Change], *, path: str) -> EditedFile:
    """Change the bytes of a file: all of the changes, or none.

    Parameters
    ----------
    data : bytes
        As `parse_environment` takes them.
    changes : sequence of Add, Remove or SetSpec
        Made in this order.
    path : str
        How messages name the file.

    Raises
    ------
    ParseError
        As for `edit_text`.
    """
    try:
        before = TextFile.of(data)
    except NotTextError as error:
        message = f"{path}: {error.message}"
        raise NotTextError(message, readable=error.readable, hint=error.hint) from error
    result = edit_text(before.text, changes, path=path)
    return EditedFile(path=path, before=before, after=before.with_text(result.text), result=result)


def edit_file(
    path: str | Path,
    changes: Sequence[Change],
    *,
    output: str | Path | None = None,
    write: bool = True,
) -> EditedFile:
    r"""Change an environment file in its place: all of the changes, or none.

    A file that says all of it already is not written.

    Parameters
    ----------
    path : str or Path
        The file.
    changes : sequence of Add, Remove or SetSpec
        Made in this order, each on what the one before left.
    output : str or Path, optional
        Where the changed file goes, if not to its own place; written in any case.
    write : bool
        False only plans.

    Raises
    ------
    ParseError
        The file cannot be read or not edited so; see `edit_text`.
    OutputError
        It cannot be written; what was there is untouched.

    Examples
    --------
    >>> import tempfile
    >>> from condaenv_tools.parse.editing.changes import SetSpec
    >>> file = Path(tempfile.mkdtemp()) / "environment.yml"
    >>> _ = file.write_text("dependencies:\n- numpy=1.26  # pinned\n")
    >>> edited = edit_file(file, [SetSpec(name="numpy", text="numpy=2.0")])
    >>> file.read_text()
    'dependencies:\n- numpy=2.0  # pinned\n'
    """
    edited = edit_data(read_bytes(path), changes, path=str(path))
    if write and (output is not None or edited.after != edited.before):
        write_atomically(path if output is None else output, edited.after.data)
    return edited
