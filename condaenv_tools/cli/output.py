"""What is printed where: results on stdout, all else on stderr; errors and their exit codes."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Iterable
from typing import TextIO

from condaenv_tools.errors import (
    ChannelError,
    CondaEnvToolsError,
    LossError,
    OutputError,
    ParseError,
    SolverTimeoutError,
    UnsatisfiableError,
    VerificationError,
)
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.secrets import mask_credentials

__all__ = [
    "complain",
    "error_document",
    "exit_code",
    "is_terminal",
    "print_bytes",
    "print_json",
    "print_result",
    "read_stdin",
    "remark",
    "say",
    "styled",
]

#: The first family that fits decides. Whatever is not listed failed outside, or is our own fault: 3.
_EXIT_CODES: tuple[tuple[type[BaseException], int], ...] = (
    (UnsatisfiableError, 1),
    (VerificationError, 1),
    (LossError, 1),
    (ParseError, 2),
    (ChannelError, 3),
    (SolverTimeoutError, 3),
)


def exit_code(error: BaseException) -> int:
    """Return the exit code of an error, as the contract has it."""
    if isinstance(error, OutputError):
        return 2 if error.usage else 3
    return next((code for kind, code in _EXIT_CODES if isinstance(error, kind)), 3)


def error_document(error: BaseException) -> dict[str, object]:
    """Return an error as the JSON document that `--json` prints on stdout in place of a result."""
    told: dict[str, object] = {"kind": type(error).__name__, "message": _message(error), "hints": []}
    if isinstance(error, CondaEnvToolsError):
        told["message"] = mask_credentials(error.message)
        told["hints"] = [mask_credentials(hint) for hint in error.hints]
    if isinstance(error, UnsatisfiableError):
        told["platforms"] = {
            **dict.fromkeys(error.solved),
            **{platform: mask_credentials(reason) for platform, reason in error.reasons.items()},
        }
    return {"error": told}


def _message(error: BaseException) -> str:
    if isinstance(error, CondaEnvToolsError):
        return mask_credentials(str(error))
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return mask_credentials(f"{error.strerror or error}{where}")
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f" ({os.path.basename(last[0].filename)}:{last[0].lineno})" if last else ""  # noqa: PTH119
    return mask_credentials(
        f"condaenv itself failed: {type(error).__name__}: {error}{place}\n"
        "  hint: this is a fault of condaenv, not of your file; please report it with this line"
    )


def is_terminal(stream: TextIO | None) -> bool:
    """Say whether colours and moving lines are wanted: a terminal, and neither NO_COLOR nor TERM=dumb."""
    if stream is None or not stream.isatty():
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


_STYLES = {"error": "31;1", "warning": "33", "info": "36", "good": "32", "dim": "2"}


def styled(text: str, style: str, stream: TextIO | None) -> str:
    """Return `text` in colour where the stream takes it."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if is_terminal(stream) else text


def print_result(text: str) -> None:
    """Print on stdout, whatever its encoding can hold."""
    _write(sys.stdout, text if text.endswith("\n") else f"{text}\n")


def print_bytes(data: bytes) -> None:
    """Print a file on stdout as it is, in the encoding that it has."""
    if sys.stdout is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def read_stdin() -> bytes:
    """Return what comes in on standard input.

    Raises
    ------
    ParseError
        It was closed by whoever started us (`<&-`).
    """
    if sys.stdin is None:
        raise ParseError("standard input is closed", hints=["name a file, or pipe one in"])
    return sys.stdin.buffer.read()


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    print_result(json.dumps(document, indent=2, ensure_ascii=False))


def say(text: str, *, quiet: bool = False) -> None:
    """Print a remark on stderr."""
    if not quiet:
        _write(sys.stderr, f"{text}\n")


def remark(findings: Iterable[Finding], *, least: Severity = Severity.INFO) -> None:
    """Print findings on stderr, a line each."""
    ranks = list(Severity)
    for finding in findings:
        if ranks.index(finding.severity) <= ranks.index(least):
            head, _, rest = str(finding).partition(f": {finding.severity} ")
            shown = styled(finding.severity.value, finding.severity.value, sys.stderr)
            say(f"{head}: {shown} {rest.splitlines()[0]}")


def complain(error: BaseException | str) -> None:
    """Print an error on stderr: what, where, why, and what to do next."""
    text = error if isinstance(error, str) else _message(error)
    say(f"{styled('error:', 'error', sys.stderr)} {text}")


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # it was closed by whoever started us (`2>&-`)
        return
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, errors="replace").decode(encoding))
