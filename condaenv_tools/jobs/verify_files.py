"""Prove a lock file, with whatever is at hand: the records of its channels, and the files it was made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from condaenv_tools.channels.source import RecordSource, SourceOptions, open_sources
from condaenv_tools.errors import ChannelError, LockFormatError
from condaenv_tools.jobs.plan import read_inputs
from condaenv_tools.lock.content_hash import HashOptions
from condaenv_tools.lock.formats import ReadOptions
from condaenv_tools.lock.peer import PeerInputs, peer_faults
from condaenv_tools.lock.registry import loads_lock
from condaenv_tools.lock.verify import Evidence, VerifyReport, verify
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.lock import Lock
from condaenv_tools.model.platform import Platform
from condaenv_tools.model.record import PackageRecord
from condaenv_tools.model.virtual import VirtualPackage, fitting_virtual_packages
from condaenv_tools.parse.virtual_packages_yml import read_virtual_packages

__all__ = ["ChannelRecords", "VerifyOptions", "read_lock", "stated_machines", "verify_files", "verify_lock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyOptions:
    """What a lock is proven with.

    Attributes
    ----------
    sources : SourceOptions
        Where records come from. Without a snapshot, channels are only asked if `online` says so.
    online : bool
        Ask the channels themselves.
    channels : tuple of str
        In place of the files' channels.
    virtual_packages : tuple of VirtualPackage
        What is stated of all machines, in place of what the lock recorded.
    virtual_package_spec : Path or None
        The same from a file in conda-lock's format.
    peer : bool
        Ask conda-lock's own parser, and compare its hash of the files, too.
    """

    sources: SourceOptions = field(default_factory=SourceOptions)
    online: bool = False
    channels: tuple[str, ...] = ()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    virtual_package_spec: Path | None = None
    peer: bool = False


class ChannelRecords:
    """The records of the channels of a lock, read on demand; a channel that is not at hand gives none."""

    def __init__(self, lock: Lock, options: VerifyOptions) -> None:
        self._lock = lock
        self._options = options
        self._sources: dict[str, RecordSource | None] = {}

    def find(self, channel: str, subdir: str, names: Collection[str]) -> Mapping[str, PackageRecord] | None:
        """Return the records of some packages of a subdir by file name, or None where none are at hand."""
        source = self._source(channel)
        if source is None:
            return None
        return {record.file_name: record for record in source.records(subdir, *sorted(names))}

    def _source(self, channel: str) -> RecordSource | None:
        if channel not in self._sources:
            self._sources[channel] = self._open(channel)
        return self._sources[channel]

    def _open(self, channel: str) -> RecordSource | None:
        options = self._options.sources
        if not self._options.online:
            # Whoever proves with a snapshot wants its records, and no connection.
            options = SourceOptions(snapshot=options.snapshot, offline=True, cache_dir=options.cache_dir)
        platforms = [part.platform for part in self._lock.platforms]
        try:
            return open_sources(expand_channels([channel]), platforms=platforms, options=options)[0]
        except ChannelError:
            if self._options.online:
                raise
            return None


def read_lock(path: str | Path, options: ReadOptions | None = None) -> Lock:
    """Read a lock file of any format that is known.

    Parameters
    ----------
    path : str or Path
        The file.
    options : ReadOptions, optional
        For which platforms and Python, where the file leaves them open.

    Raises
    ------
    LockFormatError
        It cannot be read, or is no lock.
    """
    return loads_lock(_content(path), path=str(path), options=options)


def _content(path: str | Path) -> bytes:
    file = Path(path)
    if "#" in file.name and not file.exists():
        # The part behind the sign names one of the environments of a pixi.lock, which its reader looks for.
        file = file.with_name(file.name.rpartition("#")[0] or file.name)
    try:
        return file.read_bytes()
    except OSError as error:
        raise LockFormatError(
            f"{path} cannot be read: {error.strerror or error}",
            hints=["make one with: condaenv lock environment.yml"]
            if isinstance(error, FileNotFoundError)
            else [],
        ) from error


def verify_lock(lock: Lock, *files: str | Path, options: VerifyOptions | None = None) -> VerifyReport:
    """Prove a lock.

    Parameters
    ----------
    lock : Lock
        What to prove.
    *files : str or Path
        The files that it should answer, in the order in which they were locked.
    options : VerifyOptions, optional
        Where records come from, and what may be assumed.

    Returns
    -------
    VerifyReport
        Its faults, and what could not be decided.
    """
    options = options or VerifyOptions()
    has_records = options.sources.snapshot is not None or options.online
    inputs = read_inputs(files) if files else None
    evidence = Evidence(
        records=ChannelRecords(lock, options) if has_records else None,
        files=inputs.files if inputs else None,
        constraints=inputs.constraints if inputs else (),
        channels=options.channels,
        virtual_packages=stated_machines(lock, options.virtual_packages, options.virtual_package_spec),
    )
    return verify(lock, evidence)


def verify_files(
    path: str | Path, *files: str | Path, options: VerifyOptions | None = None
) -> tuple[Lock, VerifyReport]:
    """Read a lock file and prove it; `verify_lock` says how.

    Returns
    -------
    (Lock, VerifyReport)
        With the judgement of conda-lock among the faults where `options.peer` says so.
    """
    options = options or VerifyOptions()
    content = _content(path)
    lock = loads_lock(content, path=str(path))
    report = verify_lock(lock, *files, options=options)
    if not options.peer:
        return lock, report
    peer = PeerInputs(paths=tuple(map(Path, files)), options=_hashing(options))
    faults = tuple(sorted({*report.faults, *peer_faults(content.decode("utf-8-sig"), peer)}))
    return lock, VerifyReport(faults=faults, undecided=report.undecided)


def _hashing(options: VerifyOptions) -> HashOptions:
    spec = options.virtual_package_spec
    return HashOptions(
        channels=options.channels,
        virtual_packages=read_virtual_packages(spec) if spec else None,
        stated=options.virtual_packages,
    )


def stated_machines(
    lock: Lock, stated: Sequence[VirtualPackage], spec: Path | None
) -> dict[Platform, Sequence[VirtualPackage]] | None:
    """Return what is stated of the machines of a lock, or None where nothing is.

    Parameters
    ----------
    lock : Lock
        Its platforms count.
    stated : sequence of VirtualPackage
        Those of all machines that can have them.
    spec : Path or None
        A file of virtual packages in conda-lock's format.

    Raises
    ------
    ParseError
        The file cannot be read.
    """
    table = read_virtual_packages(spec) if spec else {}
    if not table and not stated:
        return None
    return {
        part.platform: (
            *table.get(part.platform, ()),
            *fitting_virtual_packages(stated, part.platform),
        )
        for part in lock.platforms
    }
