"""A conflict as a small table for notebooks: the lines, what is said of each, and what several bring about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from condaenv_tools.conflicts.ecosystems.values import Item, JointAccount, JointCore
from condaenv_tools.conflicts.search.cores import Core
from condaenv_tools.conflicts.words.text import Account
from condaenv_tools.model.html import MarkedLine, source_table
from condaenv_tools.model.secrets import mask_credentials, mask_line

__all__ = ["account_table", "conflict_title"]

#: Lines of the file shown around one to blame.
_AROUND = 2


def conflict_title(core: Core | JointCore) -> str:
    """Return what is wrong with the lines of a core, as the beginning of a sentence."""
    if len(core.members) == 1:
        return "one line cannot be met"
    few = "" if core.minimal else ", all of which may not be needed for that"
    return f"{len(core.members)} lines exclude each other{few}"


def account_table(
    account: Account | JointAccount, *, caption: str = "", sources: Mapping[str, Sequence[str]] | None = None
) -> str:
    """Return an account as an HTML table, all of it escaped and credentials masked.

    Parameters
    ----------
    account : Account
        Which lines, and why.
    caption : str
        Stands above the table.
    sources : mapping of str to sequences of str
        The lines of the files, by path; of a file that is not there, only the items are shown.
    """
    known = sources or {}
    paths = dict.fromkeys(item.span.path for item, _ in account.remarks)
    lines: list[MarkedLine] = []
    for path in paths:
        remarks: dict[Item, str] = {
            item: remark for item, remark in account.remarks if item.span.path == path
        }
        if len(paths) > 1:
            lines.append(MarkedLine(number=0, text=path))
        lines += _of_file(remarks, known[path]) if path in known else map(_item, remarks, remarks.values())
    notes = [*account.further, *(f"hint: {hint}" for hint in account.hints)]
    return source_table(lines, caption=mask_credentials(caption), notes=map(mask_credentials, notes))


def _item(item: Item, remark: str) -> MarkedLine:
    text = str(item)
    return MarkedLine(
        number=item.span.line, text=f"- {text}", start=2, end=2 + len(text), remark=mask_credentials(remark)
    )


def _of_file(remarks: Mapping[Item, str], source: Sequence[str]) -> Iterator[MarkedLine]:
    """Yield the lines to blame with those around them, and one in the place of what lies between."""
    by_line: dict[int, list[Item]] = {}
    for item in remarks:
        by_line.setdefault(item.span.line, []).append(item)
    wanted = sorted(
        {
            number
            for line in by_line
            for number in range(line - _AROUND, line + _AROUND + 1)
            if 1 <= number <= len(source) and (number in by_line or source[number - 1].strip())
        }
    )
    last = 0
    for number in wanted:
        if last and any(text.strip() for text in source[last : number - 1]):
            yield MarkedLine(number=0, text="…")
        last = number
        text = source[number - 1]
        if number not in by_line:
            yield MarkedLine(number=number, text=mask_line(text))
        for item in by_line.get(number, ()):
            yield _marked(item, text, mask_credentials(remarks[item]))


def _marked(item: Item, text: str, remark: str) -> MarkedLine:
    start = item.span.column - 1
    end = max(start, min(len(text), start + item.span.length))
    shown = mask_line(text)
    if shown != text or start == end:
        # What is masked has moved the rest.
        return MarkedLine(number=item.span.line, text=shown, remark=remark)
    return MarkedLine(number=item.span.line, text=text, start=start, end=end, remark=remark)
