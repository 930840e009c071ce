"""A lock in another format: its texts, what each of them cannot say, and where they go."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from condaenv_tools.errors import LossError, OutputError, ParseError
from condaenv_tools.lock.formats import DumpOptions
from condaenv_tools.lock.registry import lock_format
from condaenv_tools.model.html import table
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.loss import Loss
from condaenv_tools.model.platform import Platform

__all__ = ["ExportedFile", "export_lock", "output_paths", "refuse_losses"]

#: What stands for the platform in the name of an output.
PLATFORM = "{platform}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One text of a lock in another format.

    Attributes
    ----------
    name : str
        What such a file is called: a name without a folder.
    platform : Platform or None
        The one that it is about, where its format has one file for each.
    text : str
        Its content.
    losses : tuple of Loss
        What of the lock it does not hold, sorted.
    """

    name: str
    platform: Platform | None
    text: str
    losses: tuple[Loss, ...]

    def _repr_html_(self) -> str:
        rows = [(loss.text, "yes" if loss.changes_install else "no") for loss in self.losses]
        size = f"{self.name}: {self.text.count(chr(10)):,} lines"
        caption = f"{size}; what it does not keep" if rows else f"{size}; it keeps all of the lock"
        return table(("not kept", "something else is installed"), rows, caption=caption)


def export_lock(
    lock: Lock,
    form: str,
    platforms: Iterable[Platform | str] = (),
    options: DumpOptions | None = None,
) -> tuple[ExportedFile, ...]:
    """Write a lock in a format; nothing touches the disk.

    Parameters
    ----------
    lock : Lock
        What to write.
    form : str
        A name of `condaenv_tools.lock.registry.FORMATS`.
    platforms : iterable of Platform or str
        Those to write; all of the lock by default.
    options : DumpOptions, optional
        What the format leaves open.

    Returns
    -------
    tuple of ExportedFile
        One, or one for each platform in the order of their names, where the format has no other way.

    Raises
    ------
    ParseError
        The lock has no such platform, or none at all, or the format cannot hold it.

    Examples
    --------
    >>> [file.name for file in export_lock(Lock(platforms=()), "conda-lock")]
    ['conda-lock.yml']
    """
    target = lock_format(form)
    lock = _only(lock, tuple(map(str, platforms)))
    if not target.one_platform or (options is not None and options.selectors):
        return (
            ExportedFile(
                name=target.file_name(),
                platform=None,
                text=target.dumps(lock, options),
                losses=target.losses(lock, options),
            ),
        )
    if not lock.platforms:
        raise ParseError("the lock has no platform, so that there is nothing to write")
    found = []
    for part in sorted(lock.platforms, key=lambda part: part.platform):
        one = replace(lock, platforms=(part,))
        found.append(
            ExportedFile(
                name=target.file_name(part.platform),
                platform=part.platform,
                text=target.dumps(one, options),
                losses=target.losses(one, options),
            )
        )
    return tuple(found)


def _only(lock: Lock, platforms: Sequence[str]) -> Lock:
    if not platforms:
        return lock
    known = [part.platform.value for part in lock.platforms]
    absent = sorted({name for name in platforms if name not in known})
    if absent:
        raise ParseError(
            f"the lock has no {' and no '.join(absent)}",
            hints=[f"it has {', '.join(known) or 'no platform'}"],
        )
    return replace(lock, platforms=tuple(part for part in lock.platforms if part.platform in platforms))


def refuse_losses(files: Iterable[ExportedFile], *, form: str) -> None:
    """Stop before a text that would have something else installed than the lock.

    Raises
    ------
    LossError
        With all that would be lost in this sense, and where.
    """
    where: dict[Loss, list[str]] = {}
    for file in files:
        for loss in file.losses:
            if loss.changes_install:
                where.setdefault(loss, []).append(file.name)
    if not where:
        return
    told = [f"  {loss.text} ({', '.join(names)})" for loss, names in where.items()]
    raise LossError(
        "\n".join([f"as {form}, the lock would install something else, and nothing was written:", *told]),
        losses=tuple(where),
        hints=["--allow-loss writes it all the same"],
    )


def output_paths(files: Sequence[ExportedFile], output: str | None, folder: Path) -> tuple[Path | None, ...]:
    """Return where each text goes; None is stdout.

    Parameters
    ----------
    files : sequence of ExportedFile
        What there is to write.
    output : str or None
        A file; ``-`` for stdout; for texts of one platform each also a folder (there, or ending in a slash, or,
        for several, a name without a suffix) or a template with ``{platform}``. None: one text goes to stdout,
        several into `folder`.
    folder : Path
        Where several texts go that nobody named a place for.

    Returns
    -------
    tuple of Path or None
        One for each text, in the same order.

    Raises
    ------
    OutputError
        Several texts and one place, or a folder or template and a text about all platforms.

    Examples
    --------
    >>> file = ExportedFile(name="conda-linux-64.lock", platform=Platform.LINUX_64, text="", losses=())
    >>> [path.as_posix() for path in output_paths([file], "locks/{platform}.txt", Path())]
    ['locks/linux-64.txt']
    """
    if output is None:
        return (None,) if len(files) == 1 else tuple(folder / file.name for file in files)
    if output == "-":
        if len(files) > 1:
            raise _one_place(files, "stdout", output)
        return (None,)
    if PLATFORM in output:
        if any(file.platform is None for file in files):
            raise OutputError(
                f"{output} is a name for each platform, and the format has one file for all",
                path=output,
                usage=True,
                hints=[f"leave {PLATFORM} out"],
            )
        return tuple(Path(output.replace(PLATFORM, str(file.platform))) for file in files)
    if _is_folder(output, several=len(files) > 1):
        if any(file.platform is None for file in files):
            raise OutputError(
                f"{output} is a folder, and the lock is a file",
                path=output,
                usage=True,
                hints=[f"name a file in it, such as {Path(output) / files[0].name}"],
            )
        return tuple(Path(output) / file.name for file in files)
    if len(files) > 1:
        raise _one_place(files, "one file", output)
    return (Path(output),)


def _is_folder(output: str, *, several: bool) -> bool:
    path = Path(output)
    if path.exists():
        return path.is_dir()
    separators = tuple(filter(None, (os.sep, os.altsep)))
    return output.endswith(separators) or (several and not path.suffix)


def _one_place(files: Sequence[ExportedFile], place: str, output: str) -> OutputError:
    return OutputError(
        f"the format has one file for each platform, and {len(files)} of them cannot go to {place}",
        path=output,
        usage=True,
        hints=[
            f"choose one with -p, such as -p {files[0].platform}",
            f"name a folder, or a file for each platform: -o 'NAME-{PLATFORM}.lock'",
        ],
    )
