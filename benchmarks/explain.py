"""Why a file cannot be solved, against one solve of the same file in the same process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.conflicts.corrections.search import find_corrections
from condaenv_tools.conflicts.corrections.values import Target
from condaenv_tools.conflicts.explain import explain_platform
from condaenv_tools.conflicts.search.probe import Probe
from condaenv_tools.jobs.plan import LockOptions, make_plan, read_inputs
from condaenv_tools.model.environment import Dependency
from condaenv_tools.model.platform import Platform
from condaenv_tools.resolve.request import SolveOptions, SolveRequest
from condaenv_tools.resolve.solve import SOLVERS

__all__ = ["explain"]

#: What is planted: two lines that exclude each other.
_PLANTED = ("numpy=2.0", "pandas=1.5")
#: Lines of the files by which growth is told; those of the first are few enough to be written by hand.
_SIZES = (5, 10, 30, 100, 300)
#: How many solves of the file the lines to blame may take, and the first proven correction with them.
_CORES, _MENDED = 20, 60
_AGAINST = "one solve of it"


def explain(inputs: Inputs) -> list[Row]:
    """Measure cores with their reason, and the first proven correction, on files and channels that grow."""
    file = inputs.environment
    names = _names(file, inputs)
    real = _with_planted(file.read_text(encoding="utf-8"), inputs.scratch / "planted.yml")
    rows = [
        _row(f"{_lines(real)} lines, cores and reason", real, inputs, mend=False, target=_CORES),
        _row(f"{_lines(real)} lines, first correction, too", real, inputs, mend=True, target=_MENDED),
    ]
    for size in _SIZES:
        made = _written(names[: size - len(_PLANTED)], inputs.scratch / f"of-{size}.yml", inputs.channel)
        rows.append(_row(f"{size} lines of its solution, cores and reason", made, inputs, mend=False))
    for records in inputs.records:
        snapshot = inputs.scratch / f"explain-{records}"
        _blow_up(inputs.snapshot / inputs.channel, snapshot / inputs.channel, records, inputs.platforms[0])
        what = f"{_lines(real)} lines, {records:,} records, cores and reason"
        rows.append(_row(what, real, inputs, mend=False, snapshot=snapshot))
    return rows


def _row(  # noqa: PLR0913 - what is measured, on what, and what it is held against
    what: str,
    file: Path,
    inputs: Inputs,
    *,
    mend: bool,
    target: float | None = None,
    snapshot: Path | None = None,
) -> Row:
    request, items = _asked(file, inputs, snapshot or inputs.snapshot)
    ours, theirs = call_sides(_sides(request, items, mend=mend), runs=inputs.runs)
    return Row(
        what=f"explain, {what}",
        unit="s",
        ours=ours,
        theirs=theirs,
        against=_AGAINST,
        target=None if target is None else inputs.target(target),
        note=inputs.note,
    )


def _sides(
    request: SolveRequest, items: Sequence[Dependency], *, mend: bool
) -> tuple[Callable[[], object], Callable[[], object]]:
    solver = SOLVERS["rattler"]

    def ours() -> None:
        probe = Probe(request, solver)
        cores = tuple(conflict.core for conflict in explain_platform(items, probe).conflicts)
        if mend:
            target = Target(items=tuple(items), probe=probe, cores=cores)
            find_corrections({request.platform: target}, most=1)

    return ours, lambda: solver.solve([request], SolveOptions())


def _asked(file: Path, inputs: Inputs, snapshot: Path) -> tuple[SolveRequest, tuple[Dependency, ...]]:
    platform = Platform(inputs.platforms[0])
    read = read_inputs([file], conda_only=True)
    sources = SourceOptions(snapshot=snapshot, offline=True, cache_dir=inputs.scratch / "cache")
    options = LockOptions(platforms=(platform,), channels=(inputs.channel,), sources=sources, conda_only=True)
    (request,) = make_plan(read, options).requests
    return request, read.environment.dependencies_on(platform)


def _names(file: Path, inputs: Inputs) -> list[str]:
    """Return the packages of the file's solution, spread over the alphabet, but for what is planted."""
    request, _ = _asked(file, inputs, inputs.snapshot)
    (outcome,) = SOLVERS["rattler"].solve([request], SolveOptions())
    assert outcome.solution is not None, str(outcome.error)
    planted = {text.partition("=")[0] for text in _PLANTED}
    names = sorted(record.name for record in outcome.solution.records if record.name not in planted)
    return [name for start in range(7) for name in names[start::7]]


def _with_planted(text: str, place: Path) -> Path:
    """Write a file with two more lines at the head of its list, and without what it says of the same packages."""
    planted = {line.partition("=")[0] for line in _PLANTED}
    lines = [line for line in text.splitlines() if line.strip().removeprefix("- ") not in planted]
    at = next(n for n, line in enumerate(lines) if line.startswith("dependencies:")) + 1
    first = next((line for line in lines[at:] if line.lstrip().startswith("- ")), "  - ")
    indent = first[: len(first) - len(first.lstrip())]
    new = [f"{indent}- {line}" for line in _PLANTED]
    place.write_text("\n".join([*lines[:at], *new, *lines[at:], ""]), encoding="utf-8")
    return place


def _written(names: Sequence[str], place: Path, channel: str) -> Path:
    items = "".join(f"  - {line}\n" for line in (*names, *_PLANTED))
    place.write_text(f"channels: [{channel}, nodefaults]\ndependencies:\n{items}", encoding="utf-8")
    return place


def _lines(file: Path) -> int:
    return len(read_inputs([file], conda_only=True).environment.dependencies)


def _blow_up(channel: Path, target: Path, records: int, platform: str) -> None:
    # In a process of its own: the records in between need ten times the memory of what is measured.
    script = Path(__file__).with_name("blow_up.py")
    command = [sys.executable, str(script), str(channel), str(target), str(records), platform, "noarch"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
