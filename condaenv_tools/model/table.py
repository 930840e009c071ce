"""A small table of plain values: what a question about many packages is answered with."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from condaenv_tools.model.html import table

__all__ = ["Table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under named columns.

    Attributes
    ----------
    columns : tuple of str
        Their names, each once.
    rows : tuple of tuples
        One value for each column: a text, a number, None, or a tuple of texts.
    caption : str
        What the table is about, in a few words.

    Examples
    --------
    >>> found = Table(columns=("package", "size"), rows=(("conda:a", 1000),), caption="what each root costs")
    >>> found.records()
    [{'package': 'conda:a', 'size': 1000}]
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    caption: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    def records(self) -> list[dict[str, object]]:
        """Return one dict for each row, tuples as lists: what becomes JSON as it is."""
        return [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]

    def to_frame(self) -> Any:
        """Return a pandas DataFrame with the same columns and order.

        Raises
        ------
        ModuleNotFoundError
            pandas is not installed; the extra `notebook` brings it.
        """
        pandas = import_module("pandas")  # heavy, without types, and in notebooks only
        return pandas.DataFrame.from_records(list(self.rows), columns=list(self.columns))

    def _repr_html_(self) -> str:
        rows = [
            [
                ", ".join(map(str, cell)) if isinstance(cell, tuple) else "" if cell is None else cell
                for cell in row
            ]
            for row in self.rows
        ]
        return table(self.columns, rows, caption=self.caption)
