"""Everything that is wrong, or will bite, in one file: read, held against the rules, silenced where asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.errors import ChannelError, CondaEnvToolsError
from condaenv_tools.jobs.record_evidence import EvidenceRoom
from condaenv_tools.jobs.settings import Settings, find_settings
from condaenv_tools.model.environment import Environment
from condaenv_tools.model.finding import Finding, Severity, sort_findings
from condaenv_tools.model.platform import Platform
from condaenv_tools.parse.environment_yml import ParsedFile, parse_environment
from condaenv_tools.parse.report import make_finding
from condaenv_tools.parse.text import NotTextError, SourceText, decode, read_bytes
from condaenv_tools.rules.case import Case
from condaenv_tools.rules.evidence import Evidence
from condaenv_tools.rules.registry import ALL_CODES, RULES, run_rules
from condaenv_tools.rules.silence import silence

__all__ = ["CheckOptions", "CheckedFile", "check_each", "check_one", "check_text"]

#: Items of a file; with more of them it was not written by hand, and is read but not held against the rules.
MAX_ITEMS = 10_000
_RECORD_CODES = frozenset(rule.code.code for rule in RULES if rule.needs_records)
_STDIN = "<stdin>"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOptions:
    """What may be said beside the files.

    Attributes
    ----------
    platforms : tuple of Platform
        In place of those of the files; empty for those.
    channels : tuple of str
        In place of those of the files; empty for those.
    sources : SourceOptions or None
        How the channels are asked for their records. With None they are not: nothing touches the network.
    select : tuple of str
        Codes, or beginnings of codes, that are told; empty for all.
    ignore : tuple of str
        Codes, or beginnings of codes, that are not told.
    settings : Settings or None
        What the project says; None for the nearest `pyproject.toml` above each file.
    root : Path or None
        The folder that included files must lie in; None for the folder of the file that names them.
    workers : int or None
        Processes at most; None for as many as pay. More than one asks of a script that it starts its work
        below ``if __name__ == "__main__":``.
    """

    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    sources: SourceOptions | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settings: Settings | None = None
    root: Path | None = None
    workers: int | None = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedFile:
    """What a check found in one file.

    Attributes
    ----------
    path : str
        The file as it was named.
    environment : Environment or None
        What could be read.
    findings : tuple of Finding
        In the order of the text.
    silenced : int
        How many more there are that a ``noqa`` comment, the settings or the options keep quiet.
    included_by : str
        The file that names this one; empty for a file that was asked for.
    error : CondaEnvToolsError or None
        Why the file could not be checked, or not against the records of its channels.
    """

    path: str
    environment: Environment | None = field(default=None, repr=False)
    findings: tuple[Finding, ...] = ()
    silenced: int = 0
    included_by: str = ""
    error: CondaEnvToolsError | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


def check_each(
    paths: Sequence[str], options: CheckOptions, *, stdin: bytes = b""
) -> Iterator[tuple[CheckedFile, ...]]:
    """Yield each file with those that it includes."""
    room = EvidenceRoom(options.sources, platforms=options.platforms, channels=options.channels)
    for path in paths:
        name = _STDIN if path == "-" else path
        try:
            data = stdin if path == "-" else read_bytes(path)
        except CondaEnvToolsError as error:
            yield (CheckedFile(path=name, error=error),)
        else:
            yield _check(data, name, options, room)


def check_text(
    text: str | bytes, options: CheckOptions | None = None, *, path: str = "<text>"
) -> CheckedFile:
    r"""Check one text, without the files that it includes.

    Parameters
    ----------
    text : str or bytes
        As `parse_environment` takes it.
    options : CheckOptions, optional
        What may be said beside it.
    path : str
        How findings name it; also where settings are looked for.

    Examples
    --------
    >>> check_text("channels: [a, nodefaults]\ndependencies: ['numpy==']  # noqa\n").silenced > 0
    True
    """
    options = options or CheckOptions()
    room = EvidenceRoom(options.sources, platforms=options.platforms, channels=options.channels)
    return check_one(text, path, options, room)


def check_one(text: str | bytes, path: str, options: CheckOptions, room: EvidenceRoom) -> CheckedFile:
    """Check one text; the channels that `room` has opened already are not opened again."""
    decoded, parsed = _parsed(text, path)
    found = list(parsed.findings)
    error: CondaEnvToolsError | None = None
    if parsed.environment is not None and _is_beyond_sense(parsed.environment):
        found.append(_not_ruled(parsed, decoded))
    elif parsed.environment is not None:
        evidence, error = _evidence(parsed.environment, room)
        try:
            found += run_rules(Case(parsed, decoded, evidence=evidence))
        except ChannelError as failure:
            error = failure
            found += run_rules(Case(parsed, decoded))
    return _told(parsed, decoded, found, options, error)


def _is_beyond_sense(environment: Environment) -> bool:
    return len(environment.dependencies) + len(environment.pip) + len(environment.channels) > MAX_ITEMS


def _not_ruled(parsed: ParsedFile, text: str) -> Finding:
    message = f"the file has more than {MAX_ITEMS:,} items; it was read, and not held against the rules"
    return make_finding(
        SourceText(text, path=parsed.path), ALL_CODES["CE105"], message, severity=Severity.WARNING
    )


def _evidence(
    environment: Environment, room: EvidenceRoom
) -> tuple[Evidence | None, CondaEnvToolsError | None]:
    try:
        return room.evidence(environment), None
    except CondaEnvToolsError as error:
        return None, error


def _parsed(text: str | bytes, path: str) -> tuple[str, ParsedFile]:
    if isinstance(text, bytes):
        try:
            text = decode(text)
        except NotTextError as fault:
            return fault.readable, parse_environment(text, path=path)
    text = text.lstrip("\ufeff")
    return text, parse_environment(text, path=path)


def _told(
    parsed: ParsedFile,
    text: str,
    found: Sequence[Finding],
    options: CheckOptions,
    error: CondaEnvToolsError | None = None,
) -> CheckedFile:
    """Leave out what nobody wants to hear of; that a file cannot be read at all is always told."""
    unread = parsed.environment is None
    told = [finding for finding in found if unread and finding.severity is Severity.ERROR]
    quiet = silence(
        [finding for finding in found if finding.severity is not Severity.ERROR] if unread else found,
        SourceText(text, path=parsed.path),
        known=ALL_CODES,
        unasked=_RECORD_CODES if options.sources is None or error else (),
    )
    kept = [finding for finding in quiet.findings if _is_wanted(finding.code, parsed.path, options)]
    return CheckedFile(
        path=parsed.path,
        environment=parsed.environment,
        findings=sort_findings(dict.fromkeys([*told, *kept])),
        silenced=quiet.silenced + len(quiet.findings) - len(kept),
        error=error,
    )


def _is_wanted(code: str, path: str, options: CheckOptions) -> bool:
    settings = options.settings if options.settings is not None else find_settings(path)
    ignored = (*options.ignore, *settings.ignored_in(path))
    return not code.startswith(ignored) and (not options.select or code.startswith(options.select))


def _check(data: bytes, path: str, options: CheckOptions, room: EvidenceRoom) -> tuple[CheckedFile, ...]:
    return (check_one(data, path, options, room),)
