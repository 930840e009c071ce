"""Questions to one channel, through the gateway: its names, and its records of one name.

They serve explanations and proofs. A solve asks the gateway itself, for all channels at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from condaenv_tools.channels.convert import to_record
from condaenv_tools.channels.engine import gateway, network_timeout, run
from condaenv_tools.channels.failures import channel_error, engine_errors
from condaenv_tools.channels.options import SourceOptions
from condaenv_tools.model.channel import Channel
from condaenv_tools.model.record import PackageRecord

if TYPE_CHECKING:
    import rattler

T = TypeVar("T")

__all__ = ["Place", "query", "read_names", "read_records"]


class Place:
    """A channel and the location that it is read from.

    Attributes
    ----------
    channel : Channel
        By whose URL records and locks name it.
    location : str
        From where it is read, without trailing slash. May hold a credential, so it is not shown.
    options : SourceOptions
        How it is read.
    """

    def __init__(self, channel: Channel, location: str, options: SourceOptions) -> None:
        self.channel = channel
        self.location = location
        self.options = options

    def package_names(self, subdir: str) -> frozenset[str]:
        """Return the names of all packages in a subdir; none where the channel has no such subdir."""
        return read_names(self, subdir)

    def records(self, subdir: str, *names: str) -> tuple[PackageRecord, ...]:
        """Return all records of some names in a subdir, sorted by name and URL."""
        return read_records(self, subdir, names)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.channel.name!r})"


def read_names(place: Place, subdir: str) -> frozenset[str]:
    """Return the names of all packages in a subdir."""
    import rattler  # noqa: PLC0415 - on first use only

    async def ask() -> list[rattler.PackageName]:
        return await gateway(place.options).names(
            [rattler.Channel(place.location)], [rattler.Subdir(subdir)], channel_relations="disabled"
        )

    return frozenset(name.normalized for name in _asked(place, ask()))


def read_records(place: Place, subdir: str, names: Iterable[str]) -> tuple[PackageRecord, ...]:
    """Return all records of some names in a subdir, sorted by name and URL, with one question."""
    found = query(place, [subdir], list(names), recursive=False)
    relocate = {place.location: place.channel.url}
    # The engine answers in the order in which names come in.
    records = (to_record(record, relocate=relocate) for record in found)
    return tuple(sorted(records, key=lambda record: (record.name, record.url)))


def query(
    place: Place, subdirs: list[str], names: list[str], *, recursive: bool
) -> list[rattler.RepoDataRecord]:
    """Return py-rattler's records of names, or of all that they can reach, in several subdirs.

    Raises
    ------
    ChannelError
        The channel cannot be read.
    """
    import rattler  # noqa: PLC0415 - on first use only
    from rattler.exceptions import InvalidMatchSpecError, InvalidPackageNameError  # noqa: PLC0415

    specs = []
    for name in names:
        try:
            specs.append(rattler.MatchSpec(name, strict=True, exact_names_only=True))
        except (InvalidMatchSpecError, InvalidPackageNameError):
            continue  # no channel has a package of such a name

    async def ask() -> list[rattler.RepoDataRecord]:
        answers = await gateway(place.options).query(
            [rattler.Channel(place.location)],
            [rattler.Subdir(subdir) for subdir in subdirs],
            specs,
            recursive=recursive,
            channel_relations="disabled",
        )
        return [record for records in answers for record in records]

    return _asked(place, ask()) if specs else []


def _asked(place: Place, question: Coroutine[Any, Any, T]) -> T:
    limit = network_timeout(place.options)
    try:
        return run(_limited(question, limit))
    except engine_errors() as error:
        raise channel_error(error, [place], timeout=limit) from None


async def _limited(question: Coroutine[Any, Any, T], limit: float) -> T:
    return await asyncio.wait_for(question, limit)
