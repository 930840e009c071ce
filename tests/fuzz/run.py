"""The long run by hand: `python -m tests.fuzz.run --seconds 600 --seed 1 [--keep FOLDER]`."""

# ruff: noqa: T201 - a command line of its own

from __future__ import annotations

import argparse
import hashlib
import random
import resource
import sys
import time
import traceback
from pathlib import Path

from condaenv_tools.jobs.check_text import check_text
from tests.fuzz.laws import OPTIONS, check_laws
from tests.fuzz.mutate import make

__all__ = ["fuzz"]

#: Seconds that a file of up to a megabyte may take.
LIMIT = 1.0


class _Faults:
    """Each kind of fault once: the same line of the same module fails in a thousand ways."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.kinds: dict[str, int] = {}

    def add(self, kind: str, data: bytes, account: str) -> None:
        first = kind not in self.kinds
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if not first:
            return
        print(f"\n{kind}\n{account}\n{data[:600]!r}", file=sys.stderr, flush=True)
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{hashlib.sha256(kind.encode()).hexdigest()[:12]}.yml").write_bytes(data)


def fuzz(
    seconds: float, seed: int, keep: Path | None = None, *, most: int | None = None
) -> tuple[int, float, dict[str, int]]:
    """Make and check files for some seconds, or until there are so many.

    Returns
    -------
    tuple of (int, float, dict)
        How many files there were, the processor seconds of the slowest, and the faults by kind.
    """
    chance = random.Random(seed)
    faults = _Faults(keep)
    count, slowest = 0, 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end and (most is None or count < most):
        data = make(chance)
        begun = time.process_time()
        try:
            check_laws(data, chance)
        except Exception as error:  # noqa: BLE001 - whatever comes out is a fault, and the run goes on
            last = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            faults.add(kind, data, traceback.format_exc(limit=-4))
        spent = time.process_time() - begun
        if spent > LIMIT:
            # The laws read a file up to a dozen times; what counts is one reading.
            once = min(_seconds(data) for _ in range(3))
            if once > LIMIT:
                faults.add(
                    f"slow, {len(data)} bytes, {data[:20]!r}", data, f"{once:.1f} s for {len(data)} bytes"
                )
        slowest = max(slowest, spent)
        count += 1
    return count, slowest, faults.kinds


def _seconds(data: bytes) -> float:
    begun = time.process_time()
    check_text(data, OPTIONS)
    return time.process_time() - begun


def _main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="where an input of each fault is kept")
    parser.add_argument("--memory", type=int, default=2048, help="megabytes of address space (2048)")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (options.memory * 2**20,) * 2)
    count, slowest, kinds = fuzz(options.seconds, options.seed, options.keep)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{count} files, seed {options.seed}, slowest {slowest:.2f} s, peak {peak} MB, {len(kinds)} kinds of fault"
    )
    for kind, number in kinds.items():
        print(f"  {number} × {kind}")
    return bool(kinds)


if __name__ == "__main__":
    sys.exit(_main())
