"""Make a large channel out of a recorded one, on the spot.

usage: blow_up.py CHANNEL_DIR TARGET_DIR RECORDS SUBDIR...

Every record is kept, and copies of all are added under names of their own until there are as many as asked
for. Nothing asks for the copies, so that the solution stays what it was; what grows is what must be read to
find it. That is how real channels grow: conda-forge has thirty thousand names, and an environment reaches a
few hundred.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

__all__ = ["blow_up"]

_Document = dict[str, Any]


def blow_up(channel: Path, target: Path, records: int, subdirs: list[str]) -> int:
    """Write a channel of the given subdirs with about `records` records in all, and return how many it has.

    Cost: time and memory grow with the channel that is written.
    """
    documents = {name: json.loads((channel / name / "repodata.json").read_bytes()) for name in subdirs}
    sizes = {name: len(doc["packages"]) + len(doc["packages.conda"]) for name, doc in documents.items()}
    total = 0
    for name, document in documents.items():
        wanted = records * sizes[name] // sum(sizes.values())
        copies = islice(_copies(document), max(0, wanted - sizes[name]))
        for key, file_name, record in copies:
            document[key][file_name] = record
        total += len(document["packages"]) + len(document["packages.conda"])
        folder = target / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "repodata.json").open("w", encoding="utf-8") as file:
            json.dump(document, file)
    return total


def _copies(document: _Document) -> Iterator[tuple[str, str, _Document]]:
    originals = [(key, *item) for key in ("packages", "packages.conda") for item in document[key].items()]
    for number in count(1):
        prefix = f"copy{number}-"
        for key, file_name, record in originals:
            yield key, prefix + file_name, {**record, "name": prefix + record["name"]}


if __name__ == "__main__":
    print(blow_up(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]))
