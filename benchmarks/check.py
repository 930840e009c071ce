"""`condaenv check` with all rules, cold, against a script that loads the files; ten thousand files at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.interface import Inputs, Row
from benchmarks.sides import run_sides, seconds

__all__ = ["check", "check_many"]

#: The command as it is installed; what it finds is no failure here.
_CHECK = (
    "import contextlib, sys\n"
    "from condaenv_tools.cli import main\n"
    "with contextlib.suppress(SystemExit):\n"
    "    main()\n"
)
_LOAD = (
    "import sys, yaml\n"
    "for path in sys.argv[1:]:\n"
    "    try:\n"
    "        yaml.load(open(path, 'rb').read(), yaml.CSafeLoader)\n"
    "    except (ValueError, yaml.YAMLError):\n"
    "        pass\n"
)
#: Files of the large call; fewer where the inputs are not those that the targets are about.
_MANY, _FEW = 10_000, 20


def check(inputs: Inputs) -> list[Row]:
    """Measure new processes from start to end, findings printed."""
    if not inputs.corpus:
        return [Row(what="check a corpus", unit="s", ours=None, theirs=None, against="PyYAML (C), cold")]
    paths = [str(path) for path in inputs.corpus]
    commands = [_check(paths), [sys.executable, "-c", _LOAD, *paths]]
    ours, theirs = run_sides(commands, runs=inputs.runs, scratch=inputs.scratch / "check")
    return [
        Row(
            what=f"check {len(paths)} environment.yml, all rules, cold",
            unit="s",
            ours=seconds(ours),
            theirs=seconds(theirs),
            against="PyYAML (C) loading them, cold",
            note=inputs.note,
        )
    ]


def check_many(inputs: Inputs) -> list[Row]:
    """Measure one call of many files with one process and with two, as files a second."""
    count = _FEW if inputs.note else _MANY
    if not inputs.corpus:
        return [Row(what="check many", unit="files/s", ours=None, theirs=None, against="1 process")]
    folder = inputs.scratch / "many"
    paths = _made(inputs.corpus, folder, count)
    commands = [_check([str(folder), "-j", str(workers)]) for workers in (2, 1)]
    two, one = run_sides(commands, runs=1, scratch=inputs.scratch / "check-many")
    return [
        Row(
            what=f"check {len(paths):,} environment.yml in one call, 2 processes",
            unit="files/s",
            ours=count / seconds(two),
            theirs=count / seconds(one),
            against="1 process",
            note=inputs.note,
        )
    ]


def _check(words: Sequence[str]) -> list[str]:
    return [sys.executable, "-c", _CHECK, "check", "-q", "--no-config", *words]


def _made(corpus: Sequence[Path], folder: Path, count: int) -> list[Path]:
    """Write files, no two alike: each of the corpus in turn, with a dependency of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for number in range(count):
        content = corpus[number % len(corpus)].read_bytes()
        made.append(folder / f"environment-{number:05}.yml")
        made[-1].write_bytes(content.rstrip() + f"\n# number {number}\n".encode())
    return made
