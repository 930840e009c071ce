"""From files and options to one request for each platform: which channels, which machine, which specs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from condaenv_tools.channels.source import RecordSource, SourceOptions, open_sources
from condaenv_tools.errors import ParseError
from condaenv_tools.jobs.pip_half import PipOptions, PipSection
from condaenv_tools.jobs.targets import (
    DEFAULT_CHANNEL,
    channel_texts,
    target_channels,
    target_platforms,
    unique_channels,
)
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.environment import Environment, PipItem, PipKind
from condaenv_tools.model.finding import Finding, Severity
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.virtual import (
    VirtualPackage,
    default_virtual_packages,
    fitting_virtual_packages,
    override_virtual_packages,
)
from condaenv_tools.parse.environment_yml import ParsedFile, read_environment
from condaenv_tools.parse.includes import flat_pip, read_includes
from condaenv_tools.parse.merge import merge_environments
from condaenv_tools.parse.virtual_packages_yml import VirtualPackageTable, read_virtual_packages
from condaenv_tools.resolve.request import SolveOptions, SolveRequest

__all__ = ["DEFAULT_CHANNEL", "NO_CHANNEL", "Inputs", "LockOptions", "Plan", "make_plan", "read_inputs"]

#: The code of the finding that says so.
NO_CHANNEL = "CE301"


@dataclass(frozen=True, slots=True, kw_only=True)
class LockOptions:
    """What may be said beside the files.

    Attributes
    ----------
    platforms : tuple of Platform
        In place of those of the files; empty for those.
    channels : tuple of str
        In place of those of the files; empty for those.
    virtual_packages : tuple of VirtualPackage
        In place of, or beside, the defaults, on every platform that has that operating system.
    virtual_package_spec : Path or None
        A file in conda-lock's format; what it does not list keeps its default.
    sources : SourceOptions
        Snapshot, offline, cache and time limits of the channels.
    solve : SolveOptions
        How it is solved.
    pip : PipOptions
        Where the pip half looks, and what it may do.
    conda_only : bool
        Leave the pip section out, and say so.
    """

    platforms: tuple[Platform, ...] = ()
    channels: tuple[str, ...] = ()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    virtual_package_spec: Path | None = None
    sources: SourceOptions = field(default_factory=SourceOptions)
    solve: SolveOptions = field(default_factory=SolveOptions)
    pip: PipOptions = field(default_factory=PipOptions)
    conda_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the files say.

    Attributes
    ----------
    files : tuple of Environment
        One for each file, in order; in the pip sections, what ``-r`` lines name stands in their place.
    environment : Environment
        All of them merged.
    findings : tuple of Finding
        Of all files; none is an error.
    constraints : tuple of PipItem
        The lines of files of constraints (``-c``).
    """

    files: tuple[Environment, ...]
    environment: Environment
    findings: tuple[Finding, ...]
    constraints: tuple[PipItem, ...] = ()

    @property
    def pip(self) -> PipSection:
        """The pip sections of all files."""
        first = self.environment.sources[0] if self.environment.sources else "."
        return PipSection(items=self.environment.pip, constraints=self.constraints, folder=Path(first).parent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is needed to solve.

    Attributes
    ----------
    requests : tuple of SolveRequest
        One for each platform, sorted by its name.
    channels : tuple of Channel
        All that are read, by falling priority.
    channel_texts : tuple of str
        The same as they were written, `defaults` as one: what a lock names. May hold a credential.
    virtual_package_table : mapping of Platform to VirtualPackage values, or None
        What the file of virtual packages lists; None where none was given.
    findings : tuple of Finding
        What was assumed on the way.
    """

    requests: tuple[SolveRequest, ...]
    channels: tuple[Channel, ...]
    channel_texts: tuple[str, ...] = field(repr=False)
    virtual_package_table: VirtualPackageTable | None = None
    findings: tuple[Finding, ...] = ()


def read_inputs(paths: Iterable[str | Path], *, conda_only: bool = False) -> Inputs:
    """Read files and merge them in order.

    Parameters
    ----------
    paths : iterable of str or Path
        The files.
    conda_only : bool
        Whether the pip section is left out; its faults do not count then.

    Raises
    ------
    ParseError
        With every error of every file.
    """
    parsed = [read_environment(path) for path in paths]
    read = [_with_includes(file) for file in parsed if file.environment is not None]
    findings = (*(f for file in parsed for f in file.findings), *(f for *_, more in read for f in more))
    errors = [f for f in findings if f.severity is Severity.ERROR and not (conda_only and _is_of_pip(f))]
    if errors or len(read) < len(parsed):
        raise ParseError("\n".join(map(str, errors)), findings=errors)
    files = tuple(environment for environment, *_ in read)
    return Inputs(
        files=files,
        environment=merge_environments(files),
        findings=findings,
        constraints=tuple(item for _, constraints, _ in read for item in constraints),
    )


def _with_includes(file: ParsedFile) -> tuple[Environment, tuple[PipItem, ...], tuple[Finding, ...]]:
    """Return an environment with the files that its pip section names put in their place, and what they say."""
    environment = file.environment
    assert environment is not None
    if not any(item.kind in {PipKind.FILE, PipKind.CONSTRAINT} for item in environment.pip):
        return environment, (), ()
    includes = read_includes(environment, folder=Path(file.path).parent)
    flat = replace(environment, pip=flat_pip(environment, includes))
    return flat, includes.constraints, includes.all_findings


def _is_of_pip(finding: Finding) -> bool:
    return finding.code.startswith("CE4")


def make_plan(inputs: Inputs, options: LockOptions, *, pip_counts: bool = True) -> Plan:
    """Decide platforms, channels and virtual packages, and open the channels.

    Parameters
    ----------
    inputs : Inputs
        What the files say.
    options : LockOptions
        What is said beside them.
    pip_counts : bool
        Whether a pip section matters to what is planned; it does not to a recording of channels.

    Raises
    ------
    ParseError
        A channel or the file of virtual packages cannot be read.
    ChannelError
        A channel cannot be opened.
    """
    environment = inputs.environment
    platforms = target_platforms(environment, options.platforms)
    left_out = pip_counts and options.conda_only
    findings = list(_without_pip(environment, platforms)) if left_out else []
    wanted = {p: channel_texts(environment, p, options.channels) for p in platforms}
    if not all(wanted.values()):
        findings.append(_no_channel(environment))
    expanded = target_channels(environment, platforms, options.channels)
    table = read_virtual_packages(options.virtual_package_spec) if options.virtual_package_spec else None
    machines = _machines(platforms, table or {}, options.virtual_packages)
    opened = _open(expanded, options.sources)
    requests = tuple(
        SolveRequest(
            platform=p,
            specs=tuple(item.spec for item in environment.dependencies_on(p)),
            sources=tuple(opened[channel.url] for channel in expanded[p]),
            virtual_packages=machines[p],
            reading=options.sources,
        )
        for p in platforms
    )
    return Plan(
        requests=requests,
        channels=unique_channels(expanded.values()),
        channel_texts=tuple(dict.fromkeys(t for p in platforms for t in wanted[p] or (DEFAULT_CHANNEL,))),
        virtual_package_table=table,
        findings=tuple(findings),
    )


def _open(expanded: Mapping[Platform, Sequence[Channel]], options: SourceOptions) -> dict[str, RecordSource]:
    channels = unique_channels(expanded.values())
    sources = open_sources(channels, platforms=tuple(expanded), options=options)
    return {channel.url: source for channel, source in zip(channels, sources, strict=True)}


def _machines(
    platforms: Iterable[Platform], table: VirtualPackageTable, stated: Sequence[VirtualPackage]
) -> dict[Platform, tuple[VirtualPackage, ...]]:
    return {
        p: override_virtual_packages(
            default_virtual_packages(p), [*table.get(p, ()), *fitting_virtual_packages(stated, p)]
        )
        for p in platforms
    }


def _without_pip(environment: Environment, platforms: Iterable[Platform]) -> tuple[Finding, ...]:
    lines = [item for item in environment.pip if any(item.counts_on(p) for p in platforms)]
    if not lines:
        return ()
    first = lines[0].span
    what = f"the pip section ({len(lines)} {'line' if len(lines) == 1 else 'lines'})"
    message = f"{what} is left out (--conda-only): this lock is only the conda part of the environment"
    return (Finding(code="CE490", severity=Severity.WARNING, message=message, path=first.path, span=first),)


def _no_channel(environment: Environment) -> Finding:
    path = environment.sources[0] if environment.sources else "<text>"
    return Finding(
        code=NO_CHANNEL,
        severity=Severity.INFO,
        message=f"no channel is named anywhere; {DEFAULT_CHANNEL} is used",
        path=path,
        hint=f"write `channels: [{DEFAULT_CHANNEL}, nodefaults]`, so that every tool uses the same",
    )
