"""The errors of condaenv_tools: one root, one family for each thing that can go wrong.

`str(error)` is what a user reads: what happened, where, why, and what to do next.
Errors about input are also `ValueError`, so that ``except ValueError`` works as for any parser.
No message ever holds a credential; whoever raises masks it first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = [
    "ChannelError",
    "CondaEnvToolsError",
    "IndexFailureError",
    "InvalidMatchSpecError",
    "InvalidPlatformError",
    "InvalidVersionError",
    "LockFormatError",
    "LossError",
    "OutputError",
    "ParseError",
    "SolverTimeoutError",
    "UnsatisfiableError",
    "UnsupportedError",
    "VerificationError",
]


class CondaEnvToolsError(Exception):
    """Root of every error that this package raises on purpose.

    Parameters
    ----------
    message : str
        What happened and where, in one sentence or more.
    hints : sequence of str, optional
        What the user can do next, the most useful first.
    """

    def __init__(self, message: str, *, hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hints = tuple(hints)

    def __str__(self) -> str:
        return "\n".join([self.message, *(f"  hint: {hint}" for hint in self.hints)])


class ParseError(CondaEnvToolsError, ValueError):
    """Text could not be read as what it should be.

    Parameters
    ----------
    message : str
        The whole account. With `findings`, every fault of the text is in it.
    findings : sequence of object, optional
        The `condaenv_tools.model.Finding` values behind the message, in the order of the text.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(self, message: str, *, findings: Sequence[object] = (), hints: Sequence[str] = ()) -> None:
        super().__init__(message, hints=hints)
        self.findings = tuple(findings)


class InvalidMatchSpecError(ParseError):
    """A string is not a MatchSpec that conda would read (CEP 29).

    Parameters
    ----------
    reason : str
        Why, without the text itself.
    text : str
        The whole string.
    start, end : int
        The part of `text` at fault, as 0-based character offsets, half open. May be empty.
    hints : sequence of str, optional
        What the user probably meant.
    """

    def __init__(self, reason: str, *, text: str, start: int, end: int, hints: Sequence[str] = ()) -> None:
        self.reason = reason
        self.text = text
        self.start = start
        self.end = end
        caret = " " * start + "^" * max(1, end - start)
        super().__init__(f"{reason}\n  {text}\n  {caret}", hints=hints)


class InvalidVersionError(ParseError):
    """A string is not a version or a version specifier (CEP 33, CEP 29).

    The fields are those of `InvalidMatchSpecError`.
    """

    def __init__(self, reason: str, *, text: str, start: int = 0, end: int = 0) -> None:
        self.reason = reason
        self.text = text
        self.start = start
        self.end = end
        super().__init__(f"{reason}: {text!r}")


class InvalidPlatformError(ParseError):
    """A string is not the name of a platform.

    Parameters
    ----------
    text : str
        What was written.
    nearest : str, optional
        The platform that was probably meant.
    """

    def __init__(self, text: str, *, nearest: str | None = None) -> None:
        self.text = text
        self.nearest = nearest
        hints = (f"did you mean {nearest}?",) if nearest else ()
        super().__init__(f"{text!r} is not a platform that conda knows", hints=hints)


class UnsupportedError(ParseError):
    """The input is understood, and something in it cannot be done by this version."""


class LockFormatError(ParseError):
    """A lock file is damaged, cut off, or of a format or version that cannot be read."""


class LossError(CondaEnvToolsError):
    """A lock cannot be written in a format without a change of what is installed.

    Parameters
    ----------
    message : str
        What would be lost.
    losses : sequence of object
        The `condaenv_tools.model.loss.Loss` values that change what is installed.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(self, message: str, *, losses: Sequence[object], hints: Sequence[str] = ()) -> None:
        super().__init__(message, hints=hints)
        self.losses = tuple(losses)


class ChannelError(CondaEnvToolsError):
    """A channel could not be read: it is absent, broken, refused the credentials or did not answer.

    Parameters
    ----------
    message : str
        What happened, credentials masked.
    channel : str
        Name or URL of the channel, credentials masked.
    subdir : str, optional
        The subdir that was asked for.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(
        self, message: str, *, channel: str, subdir: str | None = None, hints: Sequence[str] = ()
    ) -> None:
        super().__init__(message, hints=hints)
        self.channel = channel
        self.subdir = subdir


class IndexFailureError(ChannelError):
    """A package index could not be read: unreachable, refused the credentials, or its answer makes no sense.

    Parameters
    ----------
    message : str
        What happened, credentials masked.
    index : str
        URL of the index, credentials masked.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(self, message: str, *, index: str, hints: Sequence[str] = ()) -> None:
        super().__init__(message, channel=index, hints=hints)
        self.index = index


class UnsatisfiableError(CondaEnvToolsError):
    """No solution exists on at least one platform.

    Parameters
    ----------
    message : str
        The whole account, platform by platform.
    reasons : mapping of str to str
        The reason on each platform that failed, in the order of the request.
    solved : sequence of str, optional
        The platforms that could be solved.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(
        self,
        message: str,
        *,
        reasons: Mapping[str, str],
        solved: Sequence[str] = (),
        hints: Sequence[str] = (),
    ) -> None:
        super().__init__(message, hints=hints)
        self.reasons = dict(reasons)
        self.solved = tuple(solved)


class SolverTimeoutError(CondaEnvToolsError):
    """The time limit ran out before an answer was found; nothing is known about the request."""


class VerificationError(CondaEnvToolsError):
    """A lock could not be proven.

    Parameters
    ----------
    message : str
        The whole account.
    faults : sequence of object
        The `condaenv_tools.model.Fault` values, by platform, rule and package.
    """

    def __init__(self, message: str, *, faults: Sequence[object], hints: Sequence[str] = ()) -> None:
        super().__init__(message, hints=hints)
        self.faults = tuple(faults)


class OutputError(CondaEnvToolsError):
    """A file could not be written; the old one, if any, is untouched.

    Parameters
    ----------
    message : str
        What happened.
    path : str
        The file.
    usage : bool
        True if the path itself is wrong (no such directory, a directory), False if the machine refused.
    hints : sequence of str, optional
        What the user can do next.
    """

    def __init__(self, message: str, *, path: str, usage: bool = False, hints: Sequence[str] = ()) -> None:
        super().__init__(message, hints=hints)
        self.path = path
        self.usage = usage
