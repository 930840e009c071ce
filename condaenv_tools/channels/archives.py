"""The records of archives that are known by name: what a channel says of what a lock has."""

from __future__ import annotations

from collections.abc import Iterable

from condaenv_tools.channels.convert import to_record
from condaenv_tools.channels.reading import Place, query
from condaenv_tools.channels.source import RecordSource
from condaenv_tools.model.record import PackageRecord

__all__ = ["find_archives"]


def find_archives(
    source: RecordSource, records: Iterable[PackageRecord]
) -> dict[tuple[str, str], PackageRecord]:
    """Return what a channel says of some archives, by subdir and file name.

    Parameters
    ----------
    source : RecordSource
        The channel.
    records : iterable of PackageRecord
        The archives, as somebody else knows them.

    Returns
    -------
    dict of (str, str) to PackageRecord
        Without those that the channel does not have.

    Raises
    ------
    ChannelError
        The channel cannot be read.
    """
    names: dict[str, set[str]] = {}
    wanted = set()
    for record in records:
        names.setdefault(record.subdir, set()).add(record.name)
        wanted.add((record.subdir, record.file_name.partition("#")[0]))
    if not isinstance(source, Place):
        return {
            key: record
            for subdir, asked in sorted(names.items())
            for record in source.records(subdir, *sorted(asked))
            if (key := (subdir, record.file_name)) in wanted
        }
    relocate = {source.location: source.channel.url}
    found = {}
    for subdir, asked in sorted(names.items()):
        # All builds of a name come in; only the wanted are worth the conversion.
        for one in query(source, [subdir], sorted(asked), recursive=False):
            key = (subdir, one.file_name)
            if key in wanted:
                found[key] = to_record(one, relocate=relocate)
    return found
