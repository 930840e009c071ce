"""From py-rattler's records to ours, so that no foreign type crosses rooms."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from condaenv_tools.model.record import PackageRecord

if TYPE_CHECKING:
    import rattler

__all__ = ["to_record", "without_credentials"]

_USERINFO = re.compile(r"(?<=://)[^/]*@")
_TOKEN = re.compile(r"(?<=[^/:])/t/[^/]+(?=/)")


def to_record(record: rattler.RepoDataRecord, *, relocate: Mapping[str, str]) -> PackageRecord:
    """Return py-rattler's record as ours.

    Parameters
    ----------
    record : rattler.RepoDataRecord
        As a gateway or the solver gives it.
    relocate : mapping of str to str
        From where each channel was read to its URL, both without trailing slash. It takes out credentials
        and the paths of folders that stand for a channel.

    Returns
    -------
    PackageRecord
        With everything that the channel says of it.
    """
    # One document for all fields is faster than one call into the engine for each of twenty.
    raw: dict[str, Any] = json.loads(record.to_json())
    channel, url = _place(str(raw.get("channel") or "").rstrip("/"), str(raw["url"]), relocate)
    extras = raw.get("extra_depends") or {}
    return PackageRecord(
        name=raw["name"],
        version=raw["version"],
        build=raw["build"],
        subdir=raw["subdir"],
        channel=channel,
        url=url,
        build_number=raw["build_number"],
        md5=raw.get("md5"),
        sha256=raw.get("sha256"),
        size=raw.get("size"),
        timestamp=_milliseconds(raw.get("timestamp")),
        depends=tuple(raw.get("depends") or ()),
        constrains=tuple(raw.get("constrains") or ()),
        noarch=raw.get("noarch"),
        track_features=_features(raw.get("track_features")),
        features=raw.get("features"),
        license=raw.get("license"),
        license_family=raw.get("license_family"),
        python_site_packages_path=raw.get("python_site_packages_path"),
        purls=tuple(sorted(raw.get("purls") or ())),
        extra_depends=tuple((extra, tuple(extras[extra])) for extra in sorted(extras)) if extras else (),
        flags=tuple(raw.get("flags") or ()),
    )


def _place(channel: str, url: str, relocate: Mapping[str, str]) -> tuple[str, str]:
    """Return the channel and the URL as a lock names them."""
    location = channel
    if channel not in relocate:
        # py-rattler masks the credentials of the channel, and leaves those of the URL.
        fits = [place for place in relocate if url.startswith(f"{place}/")]
        location = max(fits, key=len, default="")
    if location and url.startswith(f"{location}/"):
        return relocate[location], relocate[location] + url[len(location) :]
    # A record of another place, such as an archive that a spec names by its URL.
    return without_credentials(relocate.get(channel, channel)), without_credentials(url)


def without_credentials(url: str) -> str:
    """Return a URL without the user, password and token that it may hold."""
    if url.startswith("file:"):  # a folder may be called t
        return url
    return _TOKEN.sub("", _USERINFO.sub("", url))


def _features(value: object) -> tuple[str, ...]:
    """Return the features that a record tracks: a list, or one text with spaces or commas between."""
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return tuple(value) if isinstance(value, (list, tuple)) else ()


def _milliseconds(value: int | None) -> int | None:
    """Return a timestamp in milliseconds; old records have seconds."""
    if value is not None and value <= 253_402_300_799:
        return value * 1000
    return value
