"""What a benchmark is given and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

__all__ = ["HEAD", "Benchmark", "Inputs", "Row", "aligned", "cells", "render"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the benchmarks measure on.

    Attributes
    ----------
    environment : Path
        The `environment.yml` that is locked.
    channel : str
        The channel that the file names.
    snapshot : Path
        Recorded channels, as plain `repodata.json`: the bare script can read nothing else from a disk.
    platforms : tuple of str
        The platforms to lock for.
    corpus : tuple of Path
        The files that are read; may be empty.
    lock : Path or None
        A `conda-lock.yml` to read and write; None where there is none.
    records : tuple of (int, int)
        How many records the two blown-up channels have.
    runs : int
        How often each side is measured; the median counts.
    scratch : Path
        An empty directory for whatever is made on the way.
    note : str
        Said in each row where the inputs are not those that the targets are about.
    requirements : tuple of str
        The lines of a pip section.
    index : str or None
        The package index that is asked; None for the engine's default.
    """

    environment: Path
    channel: str
    snapshot: Path
    platforms: tuple[str, ...]
    corpus: tuple[Path, ...]
    lock: Path | None
    records: tuple[int, int]
    runs: int
    scratch: Path
    note: str = ""
    requirements: tuple[str, ...] = ()
    index: str | None = None

    def target(self, value: float) -> float | None:
        """Return a target where these inputs are those that it is about, else None."""
        return None if self.note else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    what : str
        What is measured, on what.
    unit : str
        Of `ours` and `theirs`: ``"s"``, ``"ms"``, ``"MB"``, or ``"x"`` for growth.
    ours, theirs : float or None
        The medians; None where nothing could be measured.
    against : str
        What the other side is.
    target : float or None
        What the ratio should be at most, or, with `speedup`, at least.
    speedup : bool
        Whether the ratio says how many times faster we are, and not how much more we need.
    note : str
        What the reader must know of this row.
    """

    what: str
    unit: str
    ours: float | None
    theirs: float | None
    against: str
    target: float | None = None
    speedup: bool = False
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over theirs; theirs over ours with `speedup`."""
        if not self.ours or not self.theirs:
            return None
        return self.theirs / self.ours if self.speedup else self.ours / self.theirs

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none, or no ratio."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio >= self.target if self.speedup else self.ratio <= self.target


class Benchmark(Protocol):
    """Measures something and returns its rows, in a fixed order and number whatever the figures are."""

    def __call__(self, inputs: Inputs) -> list[Row]:
        """Measure both sides in turn."""
        ...


#: The columns of a table of rows.
HEAD = ("what", "condaenv_tools", "against", "ratio", "target", "met", "note")


def render(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table that is also readable as text.

    Examples
    --------
    >>> print(render([Row(what="import", unit="ms", ours=50, theirs=100, against="rattler", target=1)]))
    | what   | condaenv_tools | against        | ratio | target | met | note |
    |--------|----------------|----------------|-------|--------|-----|------|
    | import | 50 ms          | rattler 100 ms | 0.50  | ≤ 1    | yes |      |
    """
    return aligned([HEAD, *map(cells, rows)])


def aligned(table: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table of which the first line is the head."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in table
    ]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def cells(row: Row) -> tuple[str, ...]:
    """Return what stands in the columns of a row."""
    sign = "×" if row.speedup else ""
    target = "" if row.target is None else f"{'≥' if row.speedup else '≤'} {row.target:g}{sign}"
    return (
        row.what,
        _figure(row.ours, row.unit),
        f"{row.against} {_figure(row.theirs, row.unit)}".strip(),
        "" if row.ratio is None else f"{row.ratio:.2f}{sign}",
        target,
        {True: "yes", False: "no", None: ""}[row.met],
        row.note,
    )


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    # Three digits carry what a median of a few runs can say.
    text = f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return f"{text} {unit}"
