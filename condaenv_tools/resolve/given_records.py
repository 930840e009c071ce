"""Records that are given to the engine, whether or not a channel has them, in py-rattler's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from condaenv_tools.channels.source import RecordSource
from condaenv_tools.errors import UnsupportedError
from condaenv_tools.model.record import PackageRecord

if TYPE_CHECKING:
    import rattler

__all__ = ["to_engine_records"]


def to_engine_records(
    records: Iterable[PackageRecord], sources: Sequence[RecordSource]
) -> list[rattler.RepoDataRecord]:
    """Return records as the engine takes them, each as if it lay where its channel is read from.

    Parameters
    ----------
    records : iterable of PackageRecord
        In any order.
    sources : sequence of RecordSource
        The channels that are read.

    Returns
    -------
    list of rattler.RepoDataRecord
        Sorted by name and URL, so that their order changes nothing.

    Raises
    ------
    UnsupportedError
        A record holds what no channel could have said.
    """
    places = {source.channel.url: source.location for source in sources}
    return [_engine_record(one, places) for one in sorted(records, key=lambda r: (r.name, r.url))]


def _engine_record(record: PackageRecord, places: dict[str, str]) -> rattler.RepoDataRecord:
    import rattler  # noqa: PLC0415 - heavy, and only needed to solve
    from rattler.package.build_string import BuildString  # noqa: PLC0415

    place = places.get(record.channel)
    url = record.url if place is None else place + record.url.removeprefix(record.channel)
    try:
        made = rattler.PackageRecord(
            record.name,
            record.version,
            BuildString(record.build),
            record.build_number,
            rattler.Subdir(record.subdir),
            noarch=_noarch(record),
            depends=list(record.depends),
            constrains=list(record.constrains),
            sha256=_digest(record.sha256),
            md5=_digest(record.md5),
            size=record.size,
            features=record.features.split() if record.features else None,
            license=record.license,
            license_family=record.license_family,
            python_site_packages_path=record.python_site_packages_path,
            extra_depends={extra: list(specs) for extra, specs in record.extra_depends} or None,
            flags=list(record.flags) or None,
        )
        return rattler.RepoDataRecord(made, record.file_name, url, record.channel if place is None else place)
    except Exception as error:
        raise UnsupportedError(
            f"{record} of the lock cannot be given to the solver: {error}", hints=["lock anew: condaenv lock"]
        ) from error


def _noarch(record: PackageRecord) -> rattler.NoArchType | None:
    import rattler  # noqa: PLC0415

    if record.noarch == "python":
        return rattler.NoArchType("python")
    return rattler.NoArchType("generic") if record.noarch == "generic" else None


def _digest(text: str | None) -> bytes | None:
    try:
        return bytes.fromhex(text) if text else None
    except ValueError:
        return None
