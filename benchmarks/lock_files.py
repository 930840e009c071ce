"""Reading and writing a large `conda-lock.yml`, against conda-lock itself and PyYAML's C code alone."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from benchmarks.interface import Inputs, Row
from benchmarks.sides import call_sides
from condaenv_tools.lock.registry import lock_format

__all__ = ["lock_files"]


def lock_files(inputs: Inputs) -> list[Row]:
    """Measure text to model and model to text; PyYAML only makes and takes plain lists and dicts."""
    what = ("read", "write")
    if inputs.lock is None:
        return [
            Row(what=f"{verb} a lock", unit="s", ours=None, theirs=None, against=tool, note="no lock at hand")
            for verb in what
            for tool in ("conda-lock", "PyYAML (C)")
        ]
    path = inputs.lock
    pixi = _pixi(inputs, path)
    entries = path.read_text(encoding="utf-8").count("\n- name:")
    figures = [*_read(path, inputs.runs), *_write(path, inputs.scratch / "written.yml", inputs.runs)]
    names = [(verb, tool) for verb in what for tool in ("conda-lock", "PyYAML (C)")]
    return [
        *pixi,
        *_rows(inputs, names, figures, entries),
    ]


def _rows(
    inputs: Inputs, names: list[tuple[str, str]], figures: list[tuple[float, float]], entries: int
) -> list[Row]:
    return [
        Row(
            what=f"{verb} a lock of {entries:,} entries",
            unit="ms",
            ours=ours * 1000,
            theirs=theirs * 1000,
            against=tool,
            target=inputs.target(20) if (verb, tool) == ("read", "conda-lock") else None,
            speedup=True,
            note=inputs.note,
        )
        for (verb, tool), (ours, theirs) in zip(names, figures, strict=True)
    ]


def _conda_lock() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Return conda-lock's own reader and writer; importing it takes a second and warns of its vendored parts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from conda_lock.lockfile import parse_conda_lock_file, write_conda_lock_file  # noqa: PLC0415
    return parse_conda_lock_file, write_conda_lock_file


def _read(path: Path, runs: int) -> list[tuple[float, float]]:
    form = lock_format("conda-lock")
    parse, _ = _conda_lock()
    ours, theirs, plain = call_sides(
        [
            lambda: form.loads(path.read_text(encoding="utf-8")),
            lambda: parse(path),
            lambda: yaml.load(path.read_bytes(), yaml.CSafeLoader),
        ],
        runs=runs,
    )
    return [(ours, theirs), (ours, plain)]


def _write(path: Path, target: Path, runs: int) -> list[tuple[float, float]]:
    form = lock_format("conda-lock")
    lock = form.loads(path.read_text(encoding="utf-8"))
    parse, write = _conda_lock()
    content = parse(path)
    document = yaml.load(path.read_bytes(), yaml.CSafeLoader)
    ours, theirs, plain = call_sides(
        [
            lambda: target.write_text(form.dumps(lock), encoding="utf-8"),
            lambda: write(content, target, metadata_choices=set()),
            lambda: target.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False)),
        ],
        runs=runs,
    )
    return [(ours, theirs), (ours, plain)]


def _pixi(inputs: Inputs, path: Path) -> list[Row]:
    """Measure the same lock as pixi.lock version 7, against py-rattler (Rust) and conda-lock on its own."""
    from rattler import LockFile  # noqa: PLC0415 - the engine takes its time to load

    form = lock_format("pixi")
    lock = lock_format("conda-lock").loads(path.read_text(encoding="utf-8"))
    target = inputs.scratch / "pixi.lock"
    text = form.dumps(lock)
    target.write_text(text, encoding="utf-8")
    parse, write = _conda_lock()
    loaded, content, other = LockFile.from_path(target), parse(path), inputs.scratch / "other.lock"
    read = call_sides(
        [
            lambda: form.loads(target.read_text(encoding="utf-8")),
            lambda: LockFile.from_path(target),
            lambda: parse(path),
        ],
        runs=inputs.runs,
    )
    written = call_sides(
        [
            lambda: other.write_text(form.dumps(lock), encoding="utf-8"),
            lambda: loaded.to_path(other),
            lambda: write(content, other, metadata_choices=set()),
        ],
        runs=inputs.runs,
    )
    return [
        Row(
            what=f"{verb} it as pixi.lock",
            unit="ms",
            ours=ours * 1000,
            theirs=theirs * 1000,
            against=tool,
            target=inputs.target(20) if (verb, tool) == ("read", "conda-lock (its own)") else None,
            speedup=True,
            note=inputs.note,
        )
        for verb, (ours, *others) in (("read", read), ("write", written))
        for tool, theirs in zip(("py-rattler", "conda-lock (its own)"), others, strict=True)
    ]
