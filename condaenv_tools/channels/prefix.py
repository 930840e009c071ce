"""An installed environment as a lock: `conda-meta/*.json` and the `*.dist-info` folders beside conda's packages.

Only what is written there counts: no interpreter is started, and no file is imported.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from condaenv_tools.channels.convert import without_credentials
from condaenv_tools.errors import LockFormatError
from condaenv_tools.model.lock import Lock, LockChannel, LockedPackage, LockedPlatform, PyPIRecord, Root
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.platform import DEFAULT_PLATFORMS, Platform
from condaenv_tools.model.record import PackageRecord

__all__ = ["file_counts", "read_prefix"]

_SITE_PACKAGES = ("lib/python*/site-packages", "lib/pypy*/site-packages", "Lib/site-packages")
#: What brings a distribution together with conda's own package.
_OF_CONDA = "conda"
_MARKER = re.compile(r"\s*;.*", re.DOTALL)
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^()]*)\)?\s*")


def read_prefix(prefix: str | Path) -> Lock:
    """Return what is installed in an environment, as a lock of its one platform.

    Parameters
    ----------
    prefix : str or Path
        The folder of the environment, with ``conda-meta`` in it.

    Returns
    -------
    Lock
        conda's packages with all that their records say, and the distributions that pip installed beside them.
        The roots are what was asked for by name, as conda and pip have noted it; None where neither did.
        The platform is that of the packages; where all are `noarch`, the first of the default platforms.

    Raises
    ------
    LockFormatError
        The folder is no environment, or a record cannot be read.

    Notes
    -----
    A requirement with a marker counts as far as its distribution is installed.

    References
    ----------
    CEP 32, conda environments; PEP 376 and PEP 627, installed distributions; PEP 610, their origin.
    """
    folder = Path(prefix)
    documents = list(_documents(folder))
    if not documents:
        raise LockFormatError(
            f"{prefix} is no conda environment: it has no conda-meta/*.json",
            hints=["name the folder of an environment, or a lock file"],
        )
    records = tuple(sorted((_record(file, d) for file, d in documents), key=lambda r: r.name))
    pypi = tuple(_distributions(folder))
    subdirs = Counter(record.subdir for record in records if record.subdir in set(Platform))
    roots = (*_conda_roots(documents), *(root for _, root in pypi if root is not None))
    part = LockedPlatform(
        platform=Platform(subdirs.most_common(1)[0][0]) if subdirs else DEFAULT_PLATFORMS[0],
        packages=(
            *(LockedPackage(record=record) for record in records),
            *(LockedPackage(record=record) for record, _ in pypi),
        ),
        roots=roots or None,
    )
    channels = tuple(LockChannel(url=url) for url in dict.fromkeys(r.channel for r in records if r.channel))
    return Lock(platforms=(part,), channels=channels, sources=())


def file_counts(prefix: str | Path) -> dict[str, int]:
    """Return how many files each conda package of an environment has installed, by name, sorted."""
    return {
        str(document["name"]): len(document["files"])
        for _, document in _documents(Path(prefix))
        if isinstance(document.get("files"), list)
    }


def _documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for file in sorted((folder / "conda-meta").glob("*.json")):
        try:
            document = json.loads(file.read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            raise LockFormatError(f"{file} cannot be read: {error}") from error
        named = isinstance(document, dict) and all(
            isinstance(document.get(key), str) for key in ("name", "version", "build")
        )
        if not named:
            raise LockFormatError(f"{file} is no record of a package: it has no name, version and build")
        yield file, document


def _record(file: Path, document: dict[str, Any]) -> PackageRecord:
    try:
        return _package(document)
    except (TypeError, ValueError) as error:
        raise LockFormatError(f"{file} is no record of a package: {error}") from error


def _package(document: dict[str, Any]) -> PackageRecord:
    url = without_credentials(str(document.get("url") or ""))
    subdir = str(document.get("subdir") or url.rpartition("/")[0].rpartition("/")[2] or "noarch")
    return PackageRecord(
        name=document["name"],
        version=document["version"],
        build=document["build"],
        build_number=int(document.get("build_number") or 0),
        subdir=subdir,
        channel=url.rpartition(f"/{subdir}/")[0],
        url=url,
        md5=document.get("md5"),
        sha256=document.get("sha256"),
        size=document.get("size"),
        timestamp=document.get("timestamp"),
        depends=tuple(map(str, document.get("depends") or ())),
        constrains=tuple(map(str, document.get("constrains") or ())),
        noarch=document.get("noarch"),
        license=document.get("license"),
        license_family=document.get("license_family"),
        python_site_packages_path=document.get("python_site_packages_path"),
        purls=tuple(sorted(map(str, document.get("purls") or ()))),
    )


def _conda_roots(documents: list[tuple[Path, dict[str, Any]]]) -> Iterator[Root]:
    for file, document in documents:
        specs = document.get("requested_specs")
        specs = specs if specs and isinstance(specs, list) else [document.get("requested_spec")]
        for spec in dict.fromkeys(
            text for text in specs if isinstance(text, str) and text not in {"", "None"}
        ):
            try:
                text = str(MatchSpec.parse(spec))
            except ValueError:
                text = document["name"]
            yield Root(name=document["name"], spec=text, source=f"conda-meta/{file.name}:1")


def _distributions(folder: Path) -> Iterator[tuple[PyPIRecord, Root | None]]:
    """Yield the distributions that conda did not bring, and whether they were asked for; sorted by name."""
    places = sorted({one for pattern in _SITE_PACKAGES for one in folder.glob(pattern)})
    found = {}
    for info in sorted(one for place in places for one in place.glob("*.dist-info")):
        headers = _headers(info / "METADATA")
        installer = _text(info / "INSTALLER").strip().lower()
        if headers is not None and installer != _OF_CONDA:
            found[pypi_name(headers["Name"])] = (info, headers)
    for name, (info, headers) in sorted(found.items()):
        lines = headers.get_all("Requires-Dist") or ()
        wanted = sorted({one for line in lines if (one := _requirement(line)) is not None})
        origin = _origin(info / "direct_url.json")
        record = PyPIRecord(
            name=name,
            version=headers["Version"],
            url=origin or "",
            # What only an extra or another machine needs is not there, and nothing can be said of it.
            requires=tuple(one[:2] for one in wanted if one[2] or one[0] in found),
            source=origin,
        )
        asked = (info / "REQUESTED").is_file()
        source = f"{info.name}:1"
        yield record, Root(name=name, spec=name, source=source, manager="pip") if asked else None


def _headers(file: Path) -> Any:
    headers = HeaderParser().parsestr(_text(file).partition("\n\n")[0])
    return headers if headers["Name"] and headers["Version"] else None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _requirement(line: str) -> tuple[str, str, bool] | None:
    """Return name, specifier, and whether it counts everywhere."""
    match = _REQUIREMENT.fullmatch(_MARKER.sub("", line))
    return (pypi_name(match[1]), match[2].strip(), ";" not in line) if match else None


def _origin(file: Path) -> str | None:
    """Return the URL that a distribution was installed from by address (PEP 610), without credentials."""
    try:
        document = json.loads(_text(file) or "{}")
    except ValueError:
        return None
    url = document.get("url") if isinstance(document, dict) else None
    return without_credentials(url) if isinstance(url, str) else None
