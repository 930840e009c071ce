"""Reading many `environment.yml` files, faults included, against PyYAML's C loader alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import yaml

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.parse.environment_yml import read_environment

__all__ = ["corpus"]


def corpus(inputs: Inputs) -> list[Row]:
    """Measure from the disk to environments with spans, specs and findings; PyYAML makes plain values."""
    row = partial(Row, unit="ms", against="PyYAML (C)", target=inputs.target(3))
    if not inputs.corpus:
        return [row(what="read a corpus", ours=None, theirs=None, note="no corpus at hand")]
    calls = [_reader(read_environment, inputs.corpus), _reader(_plain, inputs.corpus)]
    ours, theirs = call_sides(calls, runs=inputs.runs)
    what = f"read {len(inputs.corpus)} environment.yml"
    return [row(what=what, ours=ours * 1000, theirs=theirs * 1000, note=inputs.note)]


def _reader(read: Callable[[Path], object], paths: Sequence[Path]) -> Callable[[], None]:
    def read_all() -> None:
        for path in paths:
            # A fault is an answer too; both sides go on to the next file.
            with suppress(ValueError, yaml.YAMLError):
                read(path)

    return read_all


def _plain(path: Path) -> object:
    return yaml.load(path.read_bytes(), yaml.CSafeLoader)
