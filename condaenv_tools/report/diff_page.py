"""What changed in a lock as one HTML page that works without a network: its style is inside, and no script is."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from condaenv_tools.lock.diff import ChangeKind, LockDiff
from condaenv_tools.lock.diff.sections import DiffRow, DiffTable, RowGroup, diff_table
from condaenv_tools.model.secrets import mask_credentials

__all__ = ["diff_page"]

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; } h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
summary { cursor: pointer; font-weight: 600; padding: 0.3rem 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
td, th { text-align: left; padding: 0.15rem 0.6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
th { font-weight: 600; } td:first-child { width: 7rem; }
.added { color: #1a7f37; } .removed { color: #cf222e; } .downgraded { color: #9a6700; } .note { opacity: 0.75; }
@media (prefers-color-scheme: dark) {
  .added { color: #4ac26b; } .removed { color: #ff8182; } .downgraded { color: #d4a72c; }
}
"""
_COLOURED = {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.DOWNGRADED}


def diff_page(diff: LockDiff, *, title: str = "") -> str:
    """Return the difference of two locks as a whole HTML document.

    Parameters
    ----------
    diff : LockDiff
        The difference.
    title : str
        What was compared.

    Returns
    -------
    str
        Every text is escaped, and the policy of the page lets its own style count and nothing run or load. The
        same difference gives the same bytes.

    Examples
    --------
    >>> page = diff_page(LockDiff(platforms=()), title="<old> and <new>")
    >>> page.startswith("<!doctype html>"), "<h1>&lt;old&gt; and &lt;new&gt;</h1>" in page
    (True, True)

    References
    ----------
    W3C, Content Security Policy Level 3, section 2.3.1: sources by hash.
    """
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    shown = _text(title or "What changed in a lock")
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{shown}</title><style>{_STYLE}</style></head>\n<body>\n<h1>{shown}</h1>"
    )
    return "\n".join([head, *_body(diff), "</body></html>", ""])


def _body(diff: LockDiff) -> Iterator[str]:
    if diff.old_channels != diff.new_channels and diff.old_channels and diff.new_channels:
        sides = (", ".join(map(_text, urls)) for urls in (diff.old_channels, diff.new_channels))
        yield f"<p>Channels: {' became '.join(sides)}</p>"
    table = diff_table(diff)
    if table.groups:
        yield f"<p>{_text(', '.join(table.platforms))}: {_text(table.summary)}</p>"
    else:
        yield "<p>Both lock the same packages.</p>"
    for group in table.groups:
        yield from _group(table, group)
    for note in diff.notes:
        yield f'<p class="note">{_text(note)}</p>'


def _group(table: DiffTable, group: RowGroup) -> Iterator[str]:
    on = table.where(group.platforms) if group.whole or not group.rows else ""
    heading = f"{_text(group.heading)}{f' ({_text(on)})' if on else ''}"
    if not group.rows:
        yield f"<h3>{heading}</h3>"
        return
    many = f"{len(group.rows)} package{'' if len(group.rows) == 1 else 's'}"
    yield f"<details{'' if group.whole else ' open'}><summary>{heading}: {many}</summary>"
    apart = not group.whole and any(table.where(row.platforms) for row in group.rows)
    last = "<th>platforms</th>" if apart else ""
    yield f"<table><thead><tr><th>how</th><th>package</th><th>from</th><th>to</th>{last}</tr></thead><tbody>"
    for row in group.rows:
        yield _row(row, (table.where(row.platforms) or "all") if apart else None)
    yield "</tbody></table>"
    yield "</details>"


def _row(row: DiffRow, where: str | None) -> str:
    style = f' class="{row.kind.value}"' if row.kind in _COLOURED else ""
    texts = (row.name, row.old, row.new) if where is None else (row.name, row.old, row.new, where)
    cells = "".join(f"<td>{_text(text)}</td>" for text in texts)
    return f"<tr><td{style}>{row.kind.value}</td>{cells}</tr>"


def _text(text: str) -> str:
    return escape(mask_credentials(text))
