"""What `export` and `lock` share: where the texts of a lock go, and how what they lose is told."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from condaenv_tools.cli.output import print_result, say, styled
from condaenv_tools.errors import OutputError
from condaenv_tools.files import write_together
from condaenv_tools.jobs.export_lock import ExportedFile

__all__ = ["check_inputs", "check_place", "files_document", "tell_losses", "write_files"]

#: The count at the end of a loss, which is told for all files together.
_COUNT = re.compile(r" \(\d+[^()]*\)$")


def check_place(output: str | None, inputs: Iterable[str]) -> None:
    """Refuse at once, before any work is done, an output that cannot be, or that is an input.

    Raises
    ------
    OutputError
        The folder is not there, or the output is one of `inputs`.
    """
    if output is None or output == "-":
        return
    path = Path(output)
    # A folder that is named as one is made; that of a file has to be there.
    above = path.parent if "{" not in str(path.parent) else Path()
    if not above.is_dir():
        raise OutputError(
            f"there is no folder {above} to write {path.name} to",
            path=output,
            usage=True,
            hints=["make it first, or choose another place with -o"],
        )
    check_inputs([path], inputs)


def check_inputs(paths: Iterable[Path], inputs: Iterable[str]) -> None:
    """Refuse to write over what was read.

    Raises
    ------
    OutputError
        A path is one of `inputs`.
    """
    read = {os.path.realpath(name): name for name in inputs}
    for path in paths:
        name = read.get(os.path.realpath(path))
        if name is not None:
            raise OutputError(
                f"{path} is the file that was read, and what is written would take its place",
                path=str(path),
                usage=True,
                hints=["choose another place with -o"],
            )


def write_files(files: Sequence[ExportedFile], paths: Sequence[Path | None]) -> None:
    """Write all of the texts or none; None is stdout.

    Raises
    ------
    OutputError
        Two texts have one place, or one cannot be written.
    """
    contents: dict[Path, str | bytes] = {}
    for file, path in zip(files, paths, strict=True):
        if path is None:
            print_result(file.text)
            continue
        if path in contents:
            raise OutputError(
                f"two platforms would be written to {path}",
                path=str(path),
                usage=True,
                hints=["put {platform} into the name"],
            )
        contents[path] = file.text
    for folder in {path.parent for path in contents}:
        _make(folder)
    write_together(contents)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder {folder} cannot be made: {error.strerror or error}",
            path=str(folder),
            usage=True,
            hints=["make it first, or choose another place with -o"],
        ) from error


def tell_losses(files: Sequence[ExportedFile], form: str) -> None:
    """Say on stderr what the texts do not hold, a line for each kind, with its count in all of them."""
    platforms: dict[tuple[str, bool], list[str]] = {}
    counts: Counter[tuple[str, bool]] = Counter()
    for file in files:
        for loss in file.losses:
            kind = (_COUNT.sub("", loss.text), loss.changes_install)
            platforms.setdefault(kind, []).append(str(file.platform or ""))
            counts[kind] += loss.count
    for kind, where in platforms.items():
        text, changes = kind
        places = "" if len(where) == len(files) else f" on {', '.join(where)}"
        word = styled("warning", "warning", sys.stderr) if changes else "note"
        say(f"{word}: {form} does not keep: {text} ({counts[kind]}){places}")


def files_document(
    files: Sequence[ExportedFile], paths: Sequence[Path | None], *, text: bool = False
) -> list[dict[str, object]]:
    """Return what was written as JSON has it, with its text where that is written nowhere else."""
    return [
        {
            "path": None if path is None else str(path),
            "platform": None if file.platform is None else file.platform.value,
            "losses": [
                {"text": loss.text, "count": loss.count, "changes_install": loss.changes_install}
                for loss in file.losses
            ],
            **({"text": file.text} if text and path is None else {}),
        }
        for file, path in zip(files, paths, strict=True)
    ]
