"""One side of the benchmark on graphs, as a process of its own.

usage: python -m benchmarks.graph_side ours|theirs|none LOCK
       python -m benchmarks.graph_side many LOCK COUNT...

The first form prints the seconds of the first graph in a process, the import of networkx among them; `none`
builds nothing. The second prints the bytes that are held after so many graphs.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

import rattler

from condaenv_tools.lock.registry import loads_lock
from condaenv_tools.model.lock import LockedPlatform
from condaenv_tools.model.record import PackageRecord

__all__ = ["builders", "largest"]


def largest(path: Path) -> LockedPlatform:
    """Return the platform of a lock that has the most packages."""
    return max(loads_lock(path.read_bytes(), path=path.name), key=lambda part: len(part.packages))


def builders(part: LockedPlatform) -> dict[str, Callable[[], object]]:
    """Return how each side builds the graph of the same packages; py-rattler's records are made before."""
    records = [
        rattler.PackageRecord(
            one.name,
            one.version,
            rattler.BuildString(one.build),
            one.build_number,
            one.subdir,
            depends=list(one.depends),
        )
        for one in part.records
        if isinstance(one, PackageRecord)
    ]
    return {
        "ours": lambda: _ours(part),
        "theirs": lambda: rattler.PackageRecord.to_graph(records),
        "none": lambda: records,
    }


def _ours(part: LockedPlatform) -> object:
    from condaenv_tools.graph.build import build_graph  # noqa: PLC0415 - the first call counts its imports

    return build_graph(part)


def _resident() -> int:
    """Return the bytes that this process holds now; the peak where the system does not tell."""
    import resource  # noqa: PLC0415 - not on every system

    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize()


def _many(part: LockedPlatform, counts: list[int]) -> list[int]:
    """Return the bytes held after so many graphs, each let go of before the next."""
    held, built = [], 0
    for count in counts:
        while built < count:
            _ours(part)
            built += 1
        gc.collect()
        held.append(_resident())
    return held


def main(arguments: list[str]) -> int:
    """Build what is asked for, and hold it to the end."""
    side, path, *counts = arguments
    part = largest(Path(path))
    if side == "many":
        print(*_many(part, [int(count) for count in counts]))
        return 0
    build = builders(part)[side]
    begin = time.perf_counter()
    held = build()
    print(time.perf_counter() - begin)
    del held
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
