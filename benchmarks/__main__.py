"""`python -m benchmarks [NAME...] [--runs N] [--write FILE]`."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from benchmarks.big_channel import big_channel
from benchmarks.check import check, check_many
from benchmarks.cold_lock import cold_lock
from benchmarks.corpus import corpus
from benchmarks.data import project_inputs, shared_inputs
from benchmarks.explain import explain
from benchmarks.graph import graph
from benchmarks.import_time import import_time
from benchmarks.interface import HEAD, Benchmark, Row, aligned, cells, render
from benchmarks.lock_files import lock_files
from benchmarks.lock_life import diff, status
from benchmarks.lock_proof import render as render_lists
from benchmarks.lock_proof import verify
from benchmarks.pip_section import pip_section
from benchmarks.updates import updates

#: In the order of the table.
BENCHMARKS: dict[str, Benchmark] = {
    "cold-lock": cold_lock,
    "import-time": import_time,
    "lock-files": lock_files,
    "big-channel": big_channel,
    "corpus": corpus,
    "pip-section": pip_section,
    "check": check,
    "check-many": check_many,
    "graph": graph,
    "explain": explain,
    "verify": verify,
    "render": render_lists,
    "status": status,
    "diff": diff,
    "updates": updates,
}

#: Those of the page.
_COLUMNS = ("benchmark", *HEAD, "runs", "load")

_PAGE = """# Benchmarks

Written by `make bench BENCH_ARGS="--write docs/benchmarks.md"`; not edited by hand.

Both sides of a row are measured in the same run, in turn, after one round that is not counted; the median of
each counts. Seconds and megabytes are those of one machine: only the ratios mean something elsewhere. The last
columns say how often each side was measured, and how many processes wanted a core meanwhile.
`python -m benchmarks NAME --write docs/benchmarks.md` measures one anew and keeps the other rows.
Measured with {software}, on {cores} cores.

{table}

- A cold lock is a whole `condaenv lock` in a new process with empty caches (bytecode is at hand, as in an
  installed package): it starts, reads the file, solves all platforms side by side, proves the lock and
  writes it. The bare script reads the file, solves the platforms side by side with one `Gateway`, and ends.
  Peak memory is the largest resident size of the process; it counts the pages of the channel's files that
  are mapped into memory.
- The large channels are made on the spot from the recorded one: copies of its records under names that
  nothing asks for, so that the solution stays the same.
- Reading a lock is text to model. conda-lock's side is its own `parse_conda_lock_file` and
  `write_conda_lock_file`; PyYAML's is `CSafeLoader` and `CSafeDumper` on plain lists and dicts. As pixi.lock
  the same lock is read and written by py-rattler, in Rust, and by conda-lock in its own format.
- The corpus is read from the disk to environments with spans, specs and findings, warm and in one process.
  PyYAML makes plain values of the same files.
- A pip section is resolved from a warm cache, all platforms side by side on both sides. Ours also reads the
  metadata of every archive and proves the answer with it; the bare runs write a lock and end. Both ask the
  index whether its pages are still those of the cache.
- A check is a whole `condaenv check` in a new process: it starts, reads the files, holds them against all rules
  that need no records, and prints the errors. The other side is a new process that loads the files with PyYAML.
  Many files are made of the corpus, a line added to each.
- A lock is verified from the disk, with the records of the recorded channel where the row says so; the other side
  reads it and ends. Explicit lists are rendered from a lock in memory to texts, for all platforms.
- A status is held on the files and the lock from the disk, a difference on two locks from the disk, and once on
  two in memory; the other side reads the same files and ends. conda-lock can tell whether a hash of the files is
  that in the lock, and no more: it reads both and compares the hashes.
- An update is counted in packages of the first platform that are another build afterwards. The other side is the
  same file locked anew, as tools do that solve all to change one; where nothing moves on our side there is no
  ratio.
- An explanation begins where the file is known not to solve: which lines exclude each other, proven to be minimal,
  why, and, where the row says so, the first correction with its proof. Two lines are planted in the file; the
  shorter and longer files are made of packages of its solution. The other side is one solve of the same file,
  which fails, in the same process.
- A graph is built from records in memory, py-rattler's from records of its own, made before. Ours also has
  virtual packages, kinds, specs, constraints and roots. Both need networkx, which the first call imports. Peaks
  are those of processes that read the lock and make the records of both sides.
"""


def main(arguments: list[str]) -> int:
    """Run the benchmarks that are named, or all, and print their table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}; all by default"
    )
    parser.add_argument("--runs", type=int, default=5, help="how often each side is measured (5)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="keep the table as a page")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    if not hasattr(os, "wait4"):
        parser.error("peak memory cannot be measured here: this system has no wait4")
    with tempfile.TemporaryDirectory(prefix="condaenv-bench-") as folder:
        found = _measure(options.names or list(BENCHMARKS), Path(folder), options.runs)
    print(render([row for rows, _ in found.values() for row in rows]))
    if options.write:
        old = options.write.read_text(encoding="utf-8") if options.write.exists() else ""
        table = page_table(old, found, options.runs)
        page = _PAGE.format(software=_software(), cores=os.cpu_count(), table=table)
        options.write.write_text(page, encoding="utf-8")
    return 0


def page_table(old: str, found: Mapping[str, tuple[list[Row], float]], runs: int) -> str:
    """Return the table of a page: what was found, with the load, and of the rest the lines of the old page.

    Parameters
    ----------
    old : str
        The page as it is.
    found : mapping of str to (list of Row, float)
        By the name of the benchmark: its rows, and the load of the machine meanwhile.
    runs : int
        How often each side was measured.
    """
    lines: dict[str, list[tuple[str, ...]]] = {name: [] for name in BENCHMARKS}
    for line in old.splitlines():
        kept = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if len(kept) == len(_COLUMNS) and kept[0] in lines:
            lines[kept[0]].append(kept)
    for name, (rows, load) in found.items():
        lines[name] = [(name, *cells(row), str(runs), f"{load:.1f}") for row in rows]
    return aligned([_COLUMNS, *(line for several in lines.values() for line in several)])


def _measure(names: list[str], scratch: Path, runs: int) -> dict[str, tuple[list[Row], float]]:
    inputs = shared_inputs(scratch, runs)
    if inputs is None:
        print(
            "the shared data is not beside this clone; smaller data of the project is used", file=sys.stderr
        )
        inputs = project_inputs(scratch, runs)
    found: dict[str, tuple[list[Row], float]] = {}
    for name, benchmark in BENCHMARKS.items():
        if name in names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            before = os.getloadavg()[0]
            rows = benchmark(inputs)
            found[name] = rows, (before + os.getloadavg()[0]) / 2
    return found


def _software() -> str:
    listed = ", ".join(f"{name} {version(name)}" for name in ("py-rattler", "conda-lock", "PyYAML", "uv"))
    return f"Python {platform.python_version()}, {listed}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
