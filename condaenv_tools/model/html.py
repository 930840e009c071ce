"""Small escaped tables for notebooks. Whatever draws more lives in `condaenv_tools.report`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["table"]


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str = "", limit: int = 60
) -> str:
    """Return an HTML table; every cell is escaped.

    Parameters
    ----------
    head : sequence of str
        The columns.
    rows : iterable of sequences
        One for each row, as long as `head`.
    caption : str
        Stands above the table.
    limit : int
        Rows shown; one more row says how many are left out.

    Examples
    --------
    >>> table(["name"], [["<b>"]])
    '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
    """
    body = list(rows)
    shown = "".join(_row("td", row) for row in body[:limit])
    if len(body) > limit:
        shown += f'<tr><td colspan="{len(head)}">… and {len(body) - limit} more</td></tr>'
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead>{_row('th', head)}</thead><tbody>{shown}</tbody></table>"


def _row(tag: str, cells: Iterable[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
