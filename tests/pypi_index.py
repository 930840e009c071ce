"""A small package index made on the spot: toy wheels and source archives with real metadata.

The files are bytes in memory; `Index.write` lays them out as a folder for ``--find-links``, and `serve_index`
answers the simple API (PEP 503, 691, 658, 700) on 127.0.0.1, with authentication and with faults where a test
asks for them.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import Message
from itertools import product
from pathlib import Path
from typing import Any

from condaenv_tools.model.names import pypi_name
from tests.loopback import Reply, listening

PURE = "py3-none-any"
LINUX = "cp312-cp312-manylinux_2_28_x86_64"
OLD_LINUX = "cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"
NEW_LINUX = "cp312-cp312-manylinux_2_34_x86_64"
ARM_LINUX = "cp312-cp312-manylinux_2_28_aarch64"
MAC = "cp312-cp312-macosx_11_0_arm64"
NEW_MAC = "cp312-cp312-macosx_14_0_arm64"
INTEL_MAC = "cp312-cp312-macosx_10_13_x86_64"
WINDOWS = "cp312-cp312-win_amd64"
ARM_WINDOWS = "cp312-cp312-win_arm64"

#: Every file of the toy index was uploaded then, unless a test says otherwise.
UPLOADED = "2024-01-01T00:00:00Z"
_EPOCH = (2024, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True)
class File:
    """One archive of the index."""

    name: str
    version: str
    file_name: str
    content: bytes
    metadata: bytes
    requires_python: str | None = None
    uploaded: str = UPLOADED
    yanked: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def metadata(
    name: str,
    version: str,
    requires: Iterable[str] = (),
    *,
    requires_python: str | None = None,
    extras: Iterable[str] = (),
) -> bytes:
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {requires_python}"] if requires_python else []
    lines += [f"Requires-Dist: {text}" for text in requires]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    return ("\n".join(lines) + f"\n\n{name} is a toy.\n").encode()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, content in members.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), content)
    return stream.getvalue()


def wheel(
    name: str,
    version: str = "1.0",
    *requires: str,
    tag: str = PURE,
    extras: Iterable[str] = (),
    **fields: Any,
) -> File:
    """Return a toy wheel: `wheel("a", "1.0", "b >=2", tag=LINUX)`."""
    stem = f"{name.replace('-', '_')}-{version}"
    text = metadata(name, version, requires, extras=extras, requires_python=fields.get("requires_python"))
    parts = (part.split(".") for part in tag.split("-"))
    tags = "".join(f"Tag: {'-'.join(one)}\n" for one in product(*parts))
    members = {
        f"{name.replace('-', '_')}.py": f"__version__ = {version!r}\n".encode(),
        f"{stem}.dist-info/METADATA": text,
        f"{stem}.dist-info/WHEEL": f"Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\n{tags}".encode(),
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b'=').decode()},"
        f"{len(content)}\n"
        for path, content in members.items()
    )
    members[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n".encode()
    return File(
        name=name,
        version=version,
        file_name=f"{stem}-{tag}.whl",
        content=_zipped(members),
        metadata=text,
        **fields,
    )


def wheels(name: str, version: str, *requires: str, tags: Iterable[str], **fields: Any) -> list[File]:
    """Return the wheels of one release, one for each tag."""
    return [wheel(name, version, *requires, tag=tag, **fields) for tag in tags]


#: A build backend of a few lines, so that a source archive can be built without a network.
_BACKEND = """
import zipfile
WHEEL = "Wheel-Version: 1.0\\nTag: py3-none-any\\nRoot-Is-Purelib: true\\n"
def get_requires_for_build_wheel(config_settings=None): return []
def prepare_metadata_for_build_wheel(directory, config_settings=None):
    import pathlib
    info = pathlib.Path(directory, "{stem}.dist-info"); info.mkdir()
    (info / "METADATA").write_bytes({metadata!r})
    (info / "WHEEL").write_text(WHEEL)
    return info.name
def build_wheel(directory, config_settings=None, metadata_directory=None):
    import pathlib
    name = "{stem}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(directory, name), "w") as archive:
        archive.writestr("{stem}.dist-info/METADATA", {metadata!r})
        archive.writestr("{stem}.dist-info/WHEEL", WHEEL)
        archive.writestr("{stem}.dist-info/RECORD", "")
    return name
build_editable = build_wheel
"""


def project_files(name: str, version: str, *requires: str, static: bool = True) -> dict[str, bytes]:
    """Return the files of a source tree; with `static` its metadata can be read without building it."""
    stem = f"{name.replace('-', '_')}-{version}"
    pyproject = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    if static:
        listed = ", ".join(json.dumps(text) for text in requires)
        pyproject += f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = [{listed}]\n'
    backend = _BACKEND.format(stem=stem, metadata=metadata(name, version, requires))
    return {"pyproject.toml": pyproject.encode(), "backend.py": backend.encode()}


def sdist(name: str, version: str = "1.0", *requires: str, static: bool = True, **fields: Any) -> File:
    """Return a toy source archive, which its own backend can build."""
    stem = f"{name.replace('-', '_')}-{version}"
    text = metadata(name, version, requires, requires_python=fields.get("requires_python"))
    members = {**project_files(name, version, *requires, static=static), "PKG-INFO": text}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for path, content in members.items():
            info = tarfile.TarInfo(f"{stem}/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    import gzip

    content = gzip.compress(stream.getvalue(), mtime=0)
    return File(
        name=name, version=version, file_name=f"{stem}.tar.gz", content=content, metadata=text, **fields
    )


@dataclass
class Index:
    """What is served, and what was asked for.

    Attributes
    ----------
    files : list of File
        The archives.
    user : str or None
        ``NAME:PASSWORD`` for basic authentication.
    fault : callable or None
        Given a path and how often it was asked for before, returns a Reply, or None for the usual one.
    html : bool
        Answer the older API only (PEP 503): no sizes, no upload times.
    core_metadata : bool
        Serve the metadata of wheels beside them (PEP 658).
    requests : list of str
        All paths in the order in which they came.
    """

    files: list[File] = field(default_factory=list)
    user: str | None = None
    fault: Callable[[str, int], Reply | None] | None = None
    html: bool = False
    core_metadata: bool = True
    requests: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """URL of the simple API, without credentials."""
        return f"http://127.0.0.1:{self.port}/simple/"

    def with_user(self, user: str) -> str:
        """URL of the simple API with credentials."""
        return self.url.replace("://", f"://{user}@")

    def write(self, folder: Path) -> Path:
        """Lay the archives out in one folder, as ``--find-links`` wants them."""
        folder.mkdir(parents=True, exist_ok=True)
        for one in self.files:
            (folder / one.file_name).write_bytes(one.content)
        return folder

    def reply(self, path: str, headers: Message) -> Reply:
        """Return what a request is answered with."""
        if self.user is not None:
            wanted = "Basic " + base64.b64encode(self.user.encode()).decode()
            if headers.get("Authorization") != wanted:
                return Reply(status=401, body=b"credentials are wanted", kind="text/plain")
        before = self.requests.count(path)
        self.requests.append(path)
        if self.fault is not None and (fault := self.fault(path, before)) is not None:
            return replace(fault, kind=fault.kind or "text/html")
        if path.startswith("/simple/"):
            return self._page(path.removeprefix("/simple/").strip("/"))
        reply = self._file(path.rpartition("/")[2])
        kept = (("Cache-Control", "max-age=600, immutable"),) if path.startswith("/files/") else ()
        return replace(reply, headers=kept)

    def _file(self, file_name: str) -> Reply:
        for one in self.files:
            if file_name == one.file_name:
                return Reply(body=one.content, kind="application/octet-stream")
            if self.core_metadata and file_name == f"{one.file_name}.metadata":
                return Reply(body=one.metadata, kind="text/plain")
        return Reply(status=404, body=b"not here", kind="text/plain")

    def _page(self, name: str) -> Reply:
        found = [one for one in self.files if pypi_name(one.name) == name]
        if not found:
            return Reply(status=404, body=b"no such project", kind="text/plain")
        if self.html:
            links = "".join(
                f'<a href="/files/{one.file_name}#sha256={one.sha256}">{one.file_name}</a>\n' for one in found
            )
            page = f"<!DOCTYPE html><html><body>{links}</body></html>"
            return Reply(body=page.encode(), kind="text/html")
        listed = {"meta": {"api-version": "1.1"}, "name": name, "files": [self._entry(one) for one in found]}
        return Reply(body=json.dumps(listed).encode(), kind="application/vnd.pypi.simple.v1+json")

    def _entry(self, one: File) -> dict[str, Any]:
        digest = hashlib.sha256(one.metadata).hexdigest()
        core = {"sha256": digest} if self.core_metadata and one.file_name.endswith(".whl") else False
        return {
            "filename": one.file_name,
            "url": f"/files/{one.file_name}",
            "hashes": {"sha256": one.sha256},
            "requires-python": one.requires_python,
            "size": len(one.content),
            "upload-time": one.uploaded,
            "yanked": one.yanked,
            "core-metadata": core,
        }


@contextmanager
def serve_index(files: Iterable[File] = (), **settings: Any) -> Iterator[Index]:
    """Serve an index while the block runs.

    Parameters
    ----------
    files : iterable of File
        The archives.
    **settings : object
        Attributes of Index.
    """
    index = Index(files=list(files), **settings)
    with listening(index.reply) as index.port:
        yield index
