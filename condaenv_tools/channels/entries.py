"""The JSON objects of records as a channel has them, name by name: what a snapshot is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from condaenv_tools.channels.convert import without_credentials
from condaenv_tools.channels.directory import DirectorySource, repodata_of
from condaenv_tools.channels.reading import Place, query
from condaenv_tools.channels.zstd import ZstdError, unpack
from condaenv_tools.errors import ChannelError
from condaenv_tools.model.names import is_virtual

__all__ = ["Entry", "Reader", "load_repodata", "names_in", "reader_of", "walk"]

_DEPENDENCY = re.compile(r"(?:[^\s\[]*::)?([^\s=<>!~\[;]+)")
#: What py-rattler adds to a record to say where it lies.
_PLACE = ("fn", "url", "channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record of repodata.

    Attributes
    ----------
    part : tuple of str
        Where in the document it stands: ``("packages.conda",)``, or ``("v3", "conda")`` (CEP 48).
    key : str
        Its file name.
    record : mapping
        The JSON object.
    """

    part: tuple[str, ...]
    key: str
    record: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The package."""
        return str(self.record.get("name", ""))


class Reader(Protocol):
    """One channel, read name by name."""

    def entries(self, subdir: str, names: Iterable[str]) -> Iterator[Entry]:
        """Yield the records of these names."""
        ...

    def info(self, subdir: str) -> dict[str, Any]:
        """Return the `info` of a subdir."""
        ...


def reader_of(source: Place, subdirs: Sequence[str]) -> Reader:
    """Return the reader for a source.

    Raises
    ------
    ChannelError
        Its repodata cannot be read.
    """
    if isinstance(source, DirectorySource):
        return _DirectoryReader(source, subdirs)
    return _GatewayReader(source)


def names_in(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of all packages that a record may bring: `depends`, and those of its extras."""
    lists = [record.get("depends") or [], *(record.get("extra_depends") or {}).values()]
    for spec in (spec for one in lists for spec in one):
        match = _DEPENDENCY.match(spec.strip())
        if match and not is_virtual(match[1]):
            yield match[1].lower()


def load_repodata(file: Path) -> dict[str, Any]:
    """Return a document of repodata, plain or packed.

    Raises
    ------
    ValueError
        It is broken.
    OSError
        It cannot be read.
    """
    data = file.read_bytes()
    try:
        found = json.loads(unpack(data) if file.suffix == ".zst" else data, parse_constant=_no_constant)
    except (ZstdError, EOFError, RecursionError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - broken text, as all others
    if not isinstance(found.get("info", {}), dict):
        raise ValueError("its info is no object")  # noqa: TRY004
    return found


def walk(document: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield all records of a document of repodata.

    Raises
    ------
    ValueError
        What stands where a record should be is none.
    """
    parts: list[tuple[tuple[str, ...], Any]] = [
        ((part,), document[part]) for part in document if part.startswith("packages")
    ]
    third = document.get("v3")
    if isinstance(third, dict):
        parts += [(("v3", part), inner) for part, inner in third.items()]
    for part, records in parts:
        if not isinstance(records, dict):
            raise ValueError(f"its {'.'.join(part)} is no object")  # noqa: TRY004
        for key, record in records.items():
            if not _is_record(record):
                raise ValueError(f"{key} is no record of a package")
            yield Entry(part=part, key=key, record=record)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _is_record(value: object) -> bool:
    """Say whether a value has the shape of a record, as far as it is followed here."""
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return False
    extras = value.get("extra_depends") or {}
    if not isinstance(extras, dict):
        return False
    return all(
        isinstance(specs, list) and all(isinstance(spec, str) for spec in specs)
        for specs in (value.get("depends") or [], *extras.values())
    )


class _DirectoryReader:
    """Reads the files themselves, so that every field stays, known or not."""

    def __init__(self, source: DirectorySource, subdirs: Sequence[str]) -> None:
        self._index: dict[tuple[str, str], list[Entry]] = {}
        self._info: dict[str, dict[str, Any]] = {}
        for subdir in subdirs:
            file = repodata_of(source.folder, subdir)
            if file is None:
                continue
            try:
                document = load_repodata(file)
                for entry in walk(document):
                    self._index.setdefault((subdir, entry.name), []).append(entry)
            except (ValueError, OSError) as error:
                raise ChannelError(
                    f"channel {source.channel} has repodata for {subdir} that cannot be read: {error}",
                    channel=source.channel.name,
                    subdir=subdir,
                    hints=["record or download it anew"],
                ) from error
            self._info[subdir] = dict(document.get("info") or {})

    def entries(self, subdir: str, names: Iterable[str]) -> Iterator[Entry]:
        for name in names:
            yield from self._index.get((subdir, name), ())

    def info(self, subdir: str) -> dict[str, Any]:
        return self._info.get(subdir, {})


class _GatewayReader:
    """Asks the gateway, which fetches no more of a sharded channel than is asked for."""

    def __init__(self, source: Place) -> None:
        self._source = source
        self._bases: dict[str, str] = {}

    def entries(self, subdir: str, names: Iterable[str]) -> Iterator[Entry]:
        for found in query(self._source, [subdir], sorted(names), recursive=False):
            record = json.loads(found.to_json())
            key, url = record["fn"], record["url"]
            home = f"{self._source.location}/{subdir}/{key}"
            if url != home:  # the packages lie elsewhere (CEP 15)
                self._bases[subdir] = without_credentials(url.removesuffix(f"/{key}"))
            part = "packages.conda" if key.endswith(".conda") else "packages"
            yield Entry(part=(part,), key=key, record={k: v for k, v in record.items() if k not in _PLACE})

    def info(self, subdir: str) -> dict[str, Any]:
        return {"base_url": self._bases[subdir]} if subdir in self._bases else {}
