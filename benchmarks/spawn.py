"""Run commands and say how long each took and how much memory it held at its peak.

This file is also the small process that starts the measured one. The kernel counts the memory of whoever
forks towards the peak of the child, so a driver with YAML and conda-lock in it would raise every figure to
its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Run", "measure"]


_HOMES = ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "RATTLER_CACHE_DIR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a command cost.

    Attributes
    ----------
    seconds : float
        From before the start to after the end.
    peak : int
        Bytes resident at the highest moment.
    output : str
        What it wrote to its standard output.
    """

    seconds: float
    peak: int
    output: str


def measure(command: Sequence[str], *, home: Path) -> Run:
    """Run a command to its end.

    Parameters
    ----------
    command : sequence of str
        What to run; it must exit with 0.
    home : Path
        A directory that stands in for the user's home and caches. With a new one nothing is found in a cache
        but the bytecode of modules, which is shared by all homes of one folder.

    Raises
    ------
    RuntimeError
        The command failed; the end of what it said is in the message.
    """
    home.mkdir(parents=True, exist_ok=True)
    starter = [sys.executable, "-E", "-S", "-s", str(Path(__file__).resolve()), *command]
    # Whatever the command prints goes through unread; the report comes last.
    done = subprocess.run(starter, env=_environ(home), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} exited with {done.returncode}:\n{done.stderr[-4000:]}")
    output, _, report = done.stdout.rstrip("\n").rpartition("\n")
    seconds, peak = json.loads(report)
    return Run(seconds=seconds, peak=peak, output=output)


def _environ(home: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = dict.fromkeys(_HOMES, str(home))
    # An installed package has its bytecode, a work tree may have none. Both sides find theirs from the second
    # run on, in one place.
    bytecode = str(home.parent / "bytecode")
    root = str(Path(__file__).resolve().parents[1])
    return {**kept, **own, "NO_COLOR": "1", "PYTHONPATH": root, "PYTHONPYCACHEPREFIX": bytecode}


def _start(command: Sequence[str]) -> int:
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    # Linux counts in KiB, macOS in bytes.
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    code = os.waitstatus_to_exitcode(status)
    if code == 0:
        sys.stdout.write(f"\n{json.dumps([seconds, peak])}\n")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(_start(sys.argv[1:]))
