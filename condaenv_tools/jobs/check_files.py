"""Many files checked in one call: in order, each included file once, by several processes where that pays."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from condaenv_tools.jobs.check_text import CheckedFile, CheckOptions, check_each
from condaenv_tools.jobs.settings import forget_settings

__all__ = ["CheckOptions", "CheckedFile", "check_files"]

#: With fewer files, a second process costs more than it saves (measured: it starts in the time of 350 files).
WORTH_WORKERS = 1000
#: Files that one worker takes at a time.
_CHUNK = 64


def check_files(
    paths: Iterable[str | Path], options: CheckOptions | None = None, *, stdin: bytes = b""
) -> tuple[CheckedFile, ...]:
    r"""Check files, all of them, whatever is wrong with one.

    Parameters
    ----------
    paths : iterable of str or Path
        The files; ``-`` is `stdin`. A folder is not gone into: `find_environment_files` does.
    options : CheckOptions, optional
        What may be said beside the files.
    stdin : bytes
        What stands for ``-``.

    Returns
    -------
    tuple of CheckedFile
        In the order of `paths`; the files that one of them includes stand behind it, each once in all. A file
        that could not be read, or whose channel could not, is among them, with its error.

    Raises
    ------
    ParseError
        The settings of the project cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "environment.yml")
    >>> _ = file.write_text("channels: [conda-forge, nodefaults]\ndependencies: ['numpy==']\n")
    >>> [(finding.code, finding.span.line) for finding in check_files([file])[0].errors]
    [('CE201', 2)]
    """
    options = options or CheckOptions()
    forget_settings()
    wanted = [str(path) for path in paths]
    workers = _workers(wanted, options)
    if workers > 1:
        # Deferred: a check of one file has no use for processes.
        from condaenv_tools.jobs.check_many import check_in_processes  # noqa: PLC0415 - as said above

        groups = check_in_processes(wanted, options, stdin=stdin, workers=workers, chunk=_CHUNK)
    else:
        groups = check_each(wanted, options, stdin=stdin)
    return _each_once(groups, wanted)


def _workers(paths: Sequence[str], options: CheckOptions) -> int:
    if options.sources is not None:
        # Records are asked for once and kept; processes would each ask, and the engine's threads forbid a fork.
        return 1
    if options.workers is not None:
        return max(1, min(options.workers, len(paths)))
    if len(paths) < WORTH_WORKERS:
        return 1
    return min(_cores(), len(paths) // (WORTH_WORKERS // 2), 16)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not say
        return os.cpu_count() or 1


def _each_once(groups: Iterable[tuple[CheckedFile, ...]], wanted: Sequence[str]) -> tuple[CheckedFile, ...]:
    """Keep an included file where it is first named; one that was asked for stands where it was asked for."""
    found: list[CheckedFile] = []
    seen: set[str] | None = None
    for file, *included in groups:
        found.append(file)
        if included and seen is None:
            seen = {os.path.realpath(path) for path in wanted}
        for other in included:
            assert seen is not None
            real = os.path.realpath(other.path)
            if real not in seen:
                seen.add(real)
                found.append(other)
    return tuple(found)
