"""Small escaped tables for notebooks. Whatever draws more lives in `condaenv_tools.report`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["MarkedLine", "source_table", "table"]


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    caption: str = "",
    limit: int = 60,
    notes: Iterable[str] = (),
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
    notes : iterable of str
        Stand below the rows, each over the whole width.

    Examples
    --------
    >>> table(["name"], [["<b>"]])
    '<table><thead><tr><th>name</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>'
    """
    body = list(rows)
    shown = "".join(_row("td", row) for row in body[:limit])
    if len(body) > limit:
        shown += f'<tr><td colspan="{len(head)}">… and {len(body) - limit} more</td></tr>'
    shown += "".join(f'<tr><td colspan="{len(head)}">{escape(note)}</td></tr>' for note in notes)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table>{title}<thead>{_row('th', head)}</thead><tbody>{shown}</tbody></table>"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedLine:
    """A line of a text, and what there is to say of a part of it.

    Attributes
    ----------
    number : int
        Its number, from 1; 0 for the place of lines that are left out.
    text : str
        The line, credentials masked.
    start, end : int
        The part that is marked, as 0-based offsets into `text`, half open; nothing by default.
    remark : str
        What stands beside it.
    """

    number: int
    text: str
    start: int = 0
    end: int = 0
    remark: str = ""


def source_table(lines: Iterable[MarkedLine], *, caption: str = "", notes: Iterable[str] = ()) -> str:
    """Return lines of a text as an HTML table: number, the line with its marked part, remark; all is escaped.

    Parameters
    ----------
    lines : iterable of MarkedLine
        In the order of the text.
    caption : str
        Stands above the table.
    notes : iterable of str
        Stand below the lines, each over the whole width.

    Examples
    --------
    >>> source_table([MarkedLine(number=4, text="- a<1", start=2, end=5, remark="why")]).partition("<td>4</td>")[2]
    '<td><code>- <mark>a&lt;1</mark></code></td><td>why</td></tr></tbody></table>'
    """
    rows = "".join(map(_source_row, lines))
    rows += "".join(f'<tr><td></td><td colspan="2">{escape(note)}</td></tr>' for note in notes)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    # A notebook's own style would put text to the right, and runs of blanks together.
    return f'<table style="text-align: left; white-space: pre-wrap">{title}<tbody>{rows}</tbody></table>'


def _source_row(line: MarkedLine) -> str:
    before, marked, after = line.text[: line.start], line.text[line.start : line.end], line.text[line.end :]
    shown = escape(before) + (f"<mark>{escape(marked)}</mark>" if marked else "") + escape(after)
    number = str(line.number) if line.number else ""
    return f"<tr><td>{number}</td><td><code>{shown}</code></td><td>{escape(line.remark)}</td></tr>"


def _row(tag: str, cells: Iterable[object]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
