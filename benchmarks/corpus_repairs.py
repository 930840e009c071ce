"""What mends a folder of real files: `python -m benchmarks.corpus_repairs FOLDER SNAPSHOT [SECONDS]`.

Each file is explained at its own platforms, its pip section left out, against a recorded channel. A channel that
the recording lacks is left out; where none is left, conda-forge stands in. Prints a line for each file that has no
solution, and how many are mended by what kind of correction: the first in the list, and any.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from condaenv_tools.channels.snapshot import held_channels, place_in_snapshot
from condaenv_tools.channels.source import SourceOptions
from condaenv_tools.conflicts.corrections.values import OtherCorrection, in_order
from condaenv_tools.errors import CondaEnvToolsError
from condaenv_tools.jobs.explain_files import SECONDS, Explanation, explain_files
from condaenv_tools.jobs.plan import LockOptions
from condaenv_tools.model.channel import expand_channels
from condaenv_tools.model.match_spec import MatchSpec
from condaenv_tools.parse.environment_yml import read_environment

__all__ = ["kinds_of", "repairs"]


def repairs(paths: Sequence[Path], snapshot: Path, *, seconds: float = SECONDS) -> Iterator[str]:
    """Yield the lines of the report.

    Parameters
    ----------
    paths : sequence of Path
        The files.
    snapshot : Path
        The recorded channels.
    seconds : float
        For the search of each file.
    """
    counts: Counter[str] = Counter()
    first: Counter[str] = Counter()
    any_kind: Counter[str] = Counter()
    for path in paths:
        started = time.monotonic()
        try:
            found = _explained(path, snapshot, seconds)
        except CondaEnvToolsError as error:
            counts[f"not solved for another reason ({type(error).__name__})"] += 1
            continue
        if found.satisfiable:
            counts["solves as it is"] += 1
            continue
        kinds = kinds_of(found)
        counts["mended" if kinds else "not mended"] += 1
        first[kinds[0] if kinds else "none"] += 1
        any_kind.update(set(kinds))
        took = time.monotonic() - started
        yield f"{path.name}: {', '.join(dict.fromkeys(kinds)) or 'none'} ({_size(found)}, {took:.1f} s)"
    for title, table in (("files", counts), ("first correction", first), ("any correction", any_kind)):
        yield f"{title}:"
        yield from (f"  {number:4}  {what}" for what, number in sorted(table.items()))


def kinds_of(found: Explanation) -> list[str]:
    """Return of what kind each correction is, in the order of the list."""
    return [
        one.kind.value if isinstance(one, OtherCorrection) else _kind(one.changes)
        for one in in_order(found.corrections, found.others)
    ]


def _kind(changes: Sequence[object]) -> str:
    kinds = {_of_change(change) for change in changes}
    for kind in ("drop", "selector", "rename"):
        if kind in kinds:
            return kind if kinds == {kind} else f"{kind} among others"
    return "widen one" if len(changes) == 1 else "widen several"


def _of_change(change: object) -> str:
    to, item = getattr(change, "to", None), getattr(change, "item", None)
    if to is None:
        return "drop"
    if getattr(change, "only_on", ()):
        return "selector"
    return "widen" if MatchSpec.parse(to).name == getattr(item, "name", "") else "rename"


def _size(found: Explanation) -> str:
    if not found.corrections:
        return "all searched" if found.searched else "search not finished"
    return f"{len(found.corrections[0].changes)} lines"


def _explained(path: Path, snapshot: Path, seconds: float) -> Explanation:
    environment = read_environment(path).environment
    held = set(held_channels(snapshot))
    texts = [] if environment is None else [item.text for item in environment.channels]
    there = [
        text for text in texts if {place_in_snapshot(channel) for channel in expand_channels([text])} <= held
    ]
    there = [text for text in there if text != "nodefaults"]
    options = LockOptions(
        channels=tuple(there) or ("conda-forge",),
        sources=SourceOptions(snapshot=snapshot, offline=True),
        conda_only=True,
    )
    return explain_files(path, options=options, seconds=seconds)


if __name__ == "__main__":
    limit = float(sys.argv[3]) if len(sys.argv) > 3 else SECONDS
    for line in repairs(sorted(Path(sys.argv[1]).glob("*.y*ml")), Path(sys.argv[2]), seconds=limit):
        print(line, flush=True)
