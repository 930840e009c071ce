"""One build of one package, as a channel describes it (CEP 36)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

__all__ = ["PackageRecord"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRecord:
    """One build of one package, with all that its channel says of it.

    Attributes
    ----------
    name, version, build : str
        As the channel writes them.
    build_number : int
        Orders builds of one version.
    subdir : str
        Where it lies in the channel; `noarch` included.
    channel : str
        URL of the channel without subdir, trailing slash and credentials.
    url : str
        URL of the archive, without credentials.
    md5, sha256 : str or None
        Lower-case hexadecimal.
    size : int or None
        Of the archive, in bytes.
    timestamp : int or None
        When it was built, in milliseconds since 1970 UTC, as repodata counts.
    depends, constrains : tuple of str
        MatchSpecs, in the order of the record.
    noarch : str or None
        ``"python"``, ``"generic"`` or None.
    track_features, features : tuple of str, str or None
        As the record has them.
    license, license_family : str or None
        As the record has them.
    python_site_packages_path : str or None
        CEP 17.
    purls : tuple of str
        Package URLs that name the same software elsewhere, sorted.
    extra_depends : tuple of (str, tuple of str)
        Dependencies of each extra (CEP 44), sorted by extra.
    flags : tuple of str
        CEP 45.

    Examples
    --------
    >>> record = PackageRecord(name="xz", version="5.8.1", build="h_0", subdir="linux-64",
    ...     channel="https://conda.anaconda.org/conda-forge",
    ...     url="https://conda.anaconda.org/conda-forge/linux-64/xz-5.8.1-h_0.conda")
    >>> record.file_name, str(record)
    ('xz-5.8.1-h_0.conda', 'xz 5.8.1 h_0')
    """

    name: str
    version: str
    build: str
    subdir: str
    channel: str
    url: str
    build_number: int = 0
    md5: str | None = None
    sha256: str | None = None
    size: int | None = None
    timestamp: int | None = None
    depends: tuple[str, ...] = ()
    constrains: tuple[str, ...] = ()
    noarch: str | None = None
    track_features: tuple[str, ...] = ()
    features: str | None = None
    license: str | None = None
    license_family: str | None = None
    python_site_packages_path: str | None = None
    purls: tuple[str, ...] = ()
    extra_depends: tuple[tuple[str, tuple[str, ...]], ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """Name of the archive."""
        return self.url.rsplit("/", 1)[-1]

    @property
    def built(self) -> datetime | None:
        """When it was built, aware, in UTC."""
        return None if self.timestamp is None else datetime.fromtimestamp(self.timestamp / 1000, tz=UTC)

    def __str__(self) -> str:
        return f"{self.name} {self.version} {self.build}"
