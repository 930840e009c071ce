"""`condaenv check --fix` and `--diff`: files mended in place, or what would be changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from condaenv_tools.cli.output import complain, exit_code, print_bytes, print_result, say
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.check_text import CheckOptions
from condaenv_tools.jobs.fix_files import FixedFile, fix_bytes, fix_file, write_fixed
from condaenv_tools.jobs.record_evidence import EvidenceRoom

__all__ = ["fix_all", "show_diff"]


def fix_all(
    paths: Sequence[str], options: CheckOptions, *, stdin: bytes, unsafe: bool, quiet: bool
) -> tuple[bytes, int]:
    """Mend files in place, and standard input onto stdout.

    Returns
    -------
    tuple of (bytes, int)
        Standard input as it is now, and the exit code that a file which could not be written asks for.
    """
    failed = 0
    for made in _each(paths, options, stdin=stdin, unsafe=unsafe):
        if made.path == "<stdin>":
            stdin = made.after
            print_bytes(stdin)
        else:
            try:
                write_fixed(made)
            except CondaEnvToolsError as error:
                complain(error)
                failed = max(failed, exit_code(error))
                continue
        if made.fixed:
            say(f"fixed {_count(len(made.fixed))} in {made.path}", quiet=quiet)
    return stdin, failed


def show_diff(paths: Sequence[str], options: CheckOptions, *, stdin: bytes, unsafe: bool, quiet: bool) -> int:
    """Print what `--fix` would change; return 1 if that is anything, and what an unreadable file asks for."""
    changes = 0
    failures: list[CondaEnvToolsError] = []
    for made in _each(paths, options, stdin=stdin, unsafe=unsafe, failures=failures):
        if made.diff:
            print_result(made.diff)
        changes += len(made.fixed)
    if changes:
        say(f"would fix {_count(changes)}", quiet=quiet)
    for error in failures:
        complain(error)
    return min((exit_code(error) for error in failures), default=int(bool(changes)))


def _each(
    paths: Sequence[str],
    options: CheckOptions,
    *,
    stdin: bytes,
    unsafe: bool,
    failures: list[CondaEnvToolsError] | None = None,
) -> Iterator[FixedFile]:
    """Yield what fixing made of each file; the check that follows tells of one that cannot be read."""
    room = EvidenceRoom(options.sources, platforms=options.platforms, channels=options.channels)
    for path in paths:
        try:
            if path == "-":
                yield fix_bytes(stdin, "<stdin>", options, unsafe=unsafe, room=room)
            else:
                yield fix_file(path, options, unsafe=unsafe, room=room)
        except CondaEnvToolsError as error:
            if failures is not None:
                failures.append(error)


def _count(number: int) -> str:
    return f"{number} finding{'' if number == 1 else 's'}"
