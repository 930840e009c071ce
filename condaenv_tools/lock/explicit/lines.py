"""Lines of an explicit list: archives with their hash, and what pip installs, as comments."""

from __future__ import annotations

import re
from urllib.parse import unquote

from condaenv_tools.lock.channel_names import bare_url
from condaenv_tools.lock.pixi.places import place_of
from condaenv_tools.model.lock import PyPIRecord
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.record import PackageRecord

__all__ = ["archive_line", "pip_line", "read_archive", "read_pip"]

_ARCHIVE = re.compile(r"(?P<url>\S+?\.(?:conda|tar\.bz2))(?:#(?P<hash>\S*))?")
_MD5 = re.compile(r"(?:md5[:=])?([0-9a-f]{32})", re.IGNORECASE)
_SHA256 = re.compile(r"(?:sha256[:=])?([0-9a-f]{64})", re.IGNORECASE)
_PIP = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\]\s*)?@\s*(?P<url>\S+)(?P<rest>.*)", re.DOTALL
)
_PIP_HASH = re.compile(r"(?P<lead>[#&])(?P<kind>sha256|md5)=(?P<value>[0-9a-fA-F]+)$")
_PIP_OPTION = re.compile(r"--hash=(?P<kind>sha256|md5)[:=](?P<value>[0-9a-fA-F]+)")
_FILE = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._]*?(?:-[A-Za-z0-9._]+?)*?)-(?P<version>\d[A-Za-z0-9.!+_]*)"
)
_SDIST = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz")
_NO_VERSION = "0"


def archive_line(record: PackageRecord) -> str:
    """Return the line of a package: with the MD5, which every tool reads, else with the SHA-256."""
    if record.md5 is not None:
        return f"{record.url}#{record.md5}"
    return record.url if record.sha256 is None else f"{record.url}#sha256:{record.sha256}"


def read_archive(line: str) -> PackageRecord | str:
    """Return the record of a line, or what is wrong with it.

    Examples
    --------
    >>> read_archive("https://conda.example.org/team/noarch/a-1-pyh_0.conda#" + 32 * "0").version
    '1'
    >>> read_archive("numpy=1.26")
    'no URL or path of a package: its file is NAME-VERSION-BUILD.conda (CEP 23)'
    """
    match = _ARCHIVE.fullmatch(line)
    url = bare_url(match["url"]) if match else ""
    place = place_of(unquote(url))
    if match is None or place.name is None or place.version is None or place.build is None:
        return "no URL or path of a package: its file is NAME-VERSION-BUILD.conda (CEP 23)"
    md5 = sha256 = None
    if match["hash"] is not None:
        found, longer = _MD5.fullmatch(match["hash"]), _SHA256.fullmatch(match["hash"])
        if found is None and longer is None:
            return f"{match['hash']!r} is no hash: MD5 has 32 hexadecimal digits, `sha256:` has 64"
        md5 = found[1].lower() if found else None
        sha256 = longer[1].lower() if longer else None
    channel, _, subdir = url.rpartition("/")[0].rpartition("/")
    return PackageRecord(
        name=place.name.lower(),
        version=place.version,
        build=place.build,
        subdir=subdir or url.rpartition("/")[0],
        channel=channel,
        url=url,
        md5=md5,
        sha256=sha256,
    )


def pip_line(record: PyPIRecord) -> str:
    """Return the comment of a distribution, as conda-lock writes and reads it."""
    known = next(((k, v) for k, v in (("sha256", record.sha256), ("md5", record.md5)) if v is not None), None)
    if known is None:
        return f"# pip {record.name} @ {record.url}"
    return f"# pip {record.name} @ {record.url}{'&' if '#' in record.url else '#'}{known[0]}={known[1]}"


def read_pip(text: str) -> PyPIRecord | None:
    """Return the record of what stands behind ``# pip``; None where that is no name with its address.

    Examples
    --------
    >>> record = read_pip("idna @ https://files.example.org/idna-3.10-py3-none-any.whl#sha256=" + 64 * "0")
    >>> record.version, record.url
    ('3.10', 'https://files.example.org/idna-3.10-py3-none-any.whl')
    """
    match = _PIP.fullmatch(text.strip())
    if match is None:
        return None
    url = match["url"]
    hashed = _PIP_HASH.search(url)
    if hashed:
        url = url[: hashed.start()]
    else:
        hashed = _PIP_OPTION.search(match["rest"])
    url = url if url.startswith(("git+", "hg+", "svn+", "bzr+")) else bare_url(url)
    value = hashed["value"].lower() if hashed else None
    kind = hashed["kind"] if hashed else ""
    version = version_of(url)
    local = "://" not in url or url.startswith("file:") or "+" in url.partition("://")[0]
    return PyPIRecord(
        name=pypi_name(match["name"]),
        version=version,
        url=url,
        sha256=value if kind == "sha256" else None,
        md5=value if kind == "md5" else None,
        source=url if local or version == _NO_VERSION else None,
    )


def version_of(url: str) -> str:
    """Return the version that the name of an archive says; ``0`` where it says none.

    Examples
    --------
    >>> version_of("https://files.example.org/a_b-1.0%2Bcu118-py3-none-any.whl"), version_of("git+https://x.org/a")
    ('1.0+cu118', '0')
    """
    name = unquote(url.partition("#")[0].partition("?")[0].rpartition("/")[2])
    if name.endswith(".whl"):
        parts = name.split("-")
        return parts[1] if len(parts) >= 5 and parts[1][:1].isdigit() else _NO_VERSION
    for suffix in _SDIST:
        if name.endswith(suffix):
            match = _FILE.fullmatch(name.removesuffix(suffix))
            return match["version"] if match else _NO_VERSION
    return _NO_VERSION
