"""Everything that is wrong, or will bite, in one file: read, held against the rules, silenced where asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.record_evidence import EvidenceRoom
from condaenv_tools.jobs.settings import Settings, find_settings
from condaenv_tools.model.environment import Environment, PipKind
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
_LEADS_ON = {PipKind.FILE, PipKind.CONSTRAINT}
#: Codes, or beginnings of codes, of rules that hold for any list of requirements.
_OF_ANY_FILE = (
    "CE6",
    "CE431",
    "CE432",
    "CE434",
    "CE435",
    "CE436",
    "CE437",
    "CE439",
    "CE441",
    "CE442",
    "CE443",
)


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
        The folder that included files must lie in; None for the project of the file that names them.
    workers : int or None
        Processes at most; None for as many as pay. More than one asks of a script that it starts its work
        below ``if __name__ == "__main__":``.
    environments : bool
        Whether the environment of each file is wanted as well; without them several processes have less to send.
    """

    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    sources: SourceOptions | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    settings: Settings | None = None
    root: Path | None = None
    workers: int | None = 1
    environments: bool = True


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
    read = _read(text, path)
    found, error = _found(read, room)
    return _told(read, found, options, error)


@dataclass(frozen=True, slots=True)
class _Read:
    """A text, what was read of it, and whether it was read as an environment.yml."""

    text: str
    parsed: ParsedFile
    is_yaml: bool = True


def _read(text: str | bytes, path: str) -> _Read:
    if isinstance(text, bytes):
        try:
            text = decode(text)
        except NotTextError as fault:
            return _Read(fault.readable, parse_environment(text, path=path))
    text = text.lstrip("\ufeff")
    if path.startswith("<") or path.lower().endswith((".yml", ".yaml")):
        return _Read(text, parse_environment(text, path=path))
    # Deferred: an environment.yml has no use for the readers of all other files.
    from condaenv_tools.parse.inputs.registry import input_format, parse_input  # noqa: PLC0415 - as said above

    kind = input_format(path, text)
    is_yaml = kind is not None and kind.name == "environment.yml"
    return _Read(text, parse_input(text, path=path), is_yaml)


def _found(read: _Read, room: EvidenceRoom) -> tuple[list[Finding], CondaEnvToolsError | None]:
    """Return what reading and the rules found, and why the records could not be asked."""
    found = list(read.parsed.findings)
    environment = read.parsed.environment
    if environment is None:
        return found, None
    if _is_beyond_sense(environment):
        return [*found, _not_ruled(read)], None
    if not read.is_yaml:
        # What a whole environment should have (channels, Python, pip itself) is no business of these files.
        ruled = run_rules(Case(read.parsed, read.text))
        return [*found, *(finding for finding in ruled if finding.code.startswith(_OF_ANY_FILE))], None
    error: CondaEnvToolsError | None = None
    evidence: Evidence | None = None
    try:
        evidence = room.evidence(environment)
        found += run_rules(Case(read.parsed, read.text, evidence=evidence))
    except CondaEnvToolsError as failure:
        error = failure
        found += run_rules(Case(read.parsed, read.text))
    return found, error


def _is_beyond_sense(environment: Environment) -> bool:
    return len(environment.dependencies) + len(environment.pip) + len(environment.channels) > MAX_ITEMS


def _not_ruled(read: _Read) -> Finding:
    message = f"the file has more than {MAX_ITEMS:,} items; it was read, and not held against the rules"
    source = SourceText(read.text, path=read.parsed.path)
    return make_finding(source, ALL_CODES["CE105"], message, severity=Severity.WARNING)


def _told(
    read: _Read,
    found: Sequence[Finding],
    options: CheckOptions,
    error: CondaEnvToolsError | None = None,
    *,
    included_by: str = "",
) -> CheckedFile:
    """Leave out what nobody wants to hear of; that a file cannot be read at all is always told."""
    parsed = read.parsed
    unread = parsed.environment is None
    told = [finding for finding in found if unread and finding.severity is Severity.ERROR]
    quiet = silence(
        [finding for finding in found if finding.severity is not Severity.ERROR] if unread else found,
        SourceText(read.text, path=parsed.path),
        known=ALL_CODES,
        unasked=_RECORD_CODES if options.sources is None or error or not read.is_yaml else (),
        is_yaml=read.is_yaml,
    )
    settings = options.settings if options.settings is not None else find_settings(parsed.path)
    ignored = (*options.ignore, *settings.ignored_in(parsed.path))
    kept = [
        finding
        for finding in quiet.findings
        if finding.code.startswith(options.select or "") and not finding.code.startswith(ignored)
    ]
    return CheckedFile(
        path=parsed.path,
        environment=parsed.environment,
        findings=sort_findings(dict.fromkeys([*told, *kept])),
        silenced=quiet.silenced + len(quiet.findings) - len(kept),
        included_by=included_by,
        error=error,
    )


def _check(data: bytes, path: str, options: CheckOptions, room: EvidenceRoom) -> tuple[CheckedFile, ...]:
    """Check a file and those that its ``-r`` and ``-c`` lines lead to."""
    read = _read(data, path)
    found, error = _found(read, room)
    environment = read.parsed.environment
    if environment is None or not any(item.kind in _LEADS_ON for item in environment.pip):
        return (_told(read, found, options, error),)
    # Deferred: few files lead to others.
    from condaenv_tools.parse.includes import read_includes  # noqa: PLC0415 - as said above

    includes = read_includes(environment, folder=Path(path).parent, root=options.root, text=read.text)
    found += [finding for finding in includes.findings if finding.path == path]
    checked = [_told(read, found, options, error)]
    texts = dict(includes.texts)
    for file in includes.files:
        inner = _Read(texts[file.path], file, is_yaml=False)
        more = [finding for finding in includes.findings if finding.path == file.path]
        told, _ = _found(inner, room)
        checked.append(_told(inner, [*told, *more], options, included_by=path))
    return tuple(checked)
