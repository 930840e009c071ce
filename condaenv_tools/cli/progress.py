"""What moves on a terminal while platforms are solved, and the short table at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from condaenv_tools.cli.output import is_terminal, say
from condaenv_tools.jobs.plan import Plan
from condaenv_tools.resolve.request import Outcome

__all__ = ["Progress", "megabytes", "progress", "table"]


class Progress(Protocol):
    """Is told what happens."""

    def started(self, plan: Plan) -> None:
        """Solving begins."""

    def done(self, outcome: Outcome) -> None:
        """One platform is answered."""


class _Silent:
    def started(self, plan: Plan) -> None:
        pass

    def done(self, outcome: Outcome) -> None:
        pass


class _Live:
    def __init__(self) -> None:
        # Imported only where something is drawn: it costs more than reading a file.
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
        from rich.progress import Progress as Bars

        self._bars = Bars(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bars.add_task("reading", total=None)

    def started(self, plan: Plan) -> None:
        names = ", ".join(channel.name for channel in plan.channels)
        self._bars.update(self._task, total=len(plan.requests), description=f"solving from {names}")

    def done(self, outcome: Outcome) -> None:
        self._bars.update(self._task, advance=1, description=f"{outcome.platform} answered")


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Show what happens on stderr while the block runs, if stderr is a terminal and that is wanted."""
    if quiet or not is_terminal(sys.stderr):
        yield _Silent()
        return
    live = _Live()
    with live._bars:  # noqa: SLF001
        yield live


def megabytes(size: int) -> str:
    """Return bytes as people say them, in powers of ten.

    Examples
    --------
    >>> megabytes(1_234_567), megabytes(2_500_000_000)
    ('1.2 MB', '2.50 GB')
    """
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table on stderr: the first column to the left, the others to the right."""
    cells = [head, *rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    for row in cells:
        first = row[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        say("  ".join([first, *rest]).rstrip())
