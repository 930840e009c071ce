"""Fixes of what reading finds in the pip section."""

from __future__ import annotations

import re
from functools import lru_cache

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.names import pypi_name
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.reading import Reading
from condaenv_tools.parse.text import SourceText
from condaenv_tools.parse.text_fixes import fix_of, insertion, lines_removed, reads_well
from condaenv_tools.parse.yaml_nodes import MappingNode, ScalarNode, plain_kind

__all__ = ["corrected_line", "empty_section", "moved_inside", "one_requirement", "pip_added", "without_colon"]

_BLOCK_ITEM = re.compile(r"(?P<indent>[ ]*)-[ ]+(?:\{[ ]*)?[\"']?")
_FLOW_ITEM = re.compile(r"[\[,][ ]*(?P<item>\{[ ]*[\"']?)\Z")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)")
_PIP = re.compile(r"^[ ]*-[ ]+[\"']?pip(?![\w.:-])(?![ ]*:)", re.MULTILINE)
_SECTION = re.compile(r"^[ ]*-[ ]+pip[ ]*:", re.MULTILINE)
_EMPTY_SECTION = re.compile(r"[ ]*-[ ]+pip[ ]*:[ ]*(?:\[[ ]*\]|~|null)?[ ]*")


def corrected_line(reading: Reading, node: ScalarNode, hint: str) -> Fix | None:
    """Return the fix that writes a line as its hint says, if pip reads that and it names the same package."""
    meant = hint.removeprefix("write ")
    if meant == hint or not reading.is_literal(node) or node.alias or not _is_requirement(meant, node.value):
        return None
    if node.plain and (plain_kind(meant) != "str" or ": " in meant or " #" in meant):
        return None
    if "\\" in meant or "'" in meant or '"' in meant:
        return None
    edit = TextEdit(start=node.start, end=node.end, text=meant)
    return Fix(title=f"write {mask_credentials(meant)}", edits=(edit,))


def _is_requirement(meant: str, written: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement  # noqa: PLC0415 - few files need it

    named = _NAME.match(re.sub(r"^\s*(?:python3? -m )?(?:pip3?|conda|mamba) install\s+", "", written))
    try:
        return named is not None and pypi_name(Requirement(meant).name) == pypi_name(named[1])
    except InvalidRequirement:
        return False


def pip_added(source: SourceText, key: ScalarNode) -> Fix | None:
    r"""Return the fix that names pip before the pip section, in the style of the list.

    Examples
    --------
    >>> from condaenv_tools.model.edit import apply_edits
    >>> text = "dependencies:\n  - pip: [rich]\n"
    >>> fix = pip_added(SourceText(text, path="e.yml"), ScalarNode("pip", 18, 21, plain=True))
    >>> apply_edits(text, fix.edits)
    'dependencies:\n  - pip\n  - pip: [rich]\n'
    """
    text = source.text
    start, _ = source.line_bounds(source.line_number(key.start))
    before = text[start : key.start]
    block = _BLOCK_ITEM.fullmatch(before)
    if block and not key.alias:
        ends = "\r\n" if "\r\n" in text else "\n"
        # A dash begins an item of a block, and another one above it begins one more, whatever it holds.
        return insertion("add - pip", start, f"{block['indent']}- pip{ends}")
    flow = _FLOW_ITEM.search(before)
    if flow and not key.alias:
        return insertion("add pip", start + flow.start("item"), "pip, ")
    return None


def moved_inside(source: SourceText, key: ScalarNode) -> Fix | None:
    r"""Return the fix that moves a pip section from the top of a file into its dependencies.

    Examples
    --------
    >>> from condaenv_tools.model.edit import apply_edits
    >>> text = "dependencies:\n- pip\npip:\n- rich  # why\n"
    >>> fix = moved_inside(SourceText(text, path="e.yml"), ScalarNode("pip", 20, 23, plain=True))
    >>> apply_edits(text, fix.edits)
    'dependencies:\n- pip\n- pip:\n    - rich  # why\n'
    """
    text = source.text
    here = source.line_number(key.start)
    header = re.search(r"^dependencies[ ]*:[ ]*(?:#.*)?$", text, re.MULTILINE)
    if (
        header is None
        or text[slice(*source.line_bounds(here))].rstrip() != "pip:"
        or re.search(_SECTION, text)
    ):
        return None
    above = _items_below(source, source.line_number(header.start()))
    moved = _items_below(source, here)
    if not above or not moved:
        return None
    starts = [*source.line_starts, len(text)]
    last = text[starts[above[-1] - 1] : starts[above[-1]]]
    ends = last[len(last.rstrip("\r\n")) :]
    first = text[starts[above[0] - 1] : starts[above[0]]]
    indent = first[: len(first) - len(first.lstrip(" "))]
    lines = [f"{indent}    {text[slice(*source.line_bounds(n))].strip()}" for n in moved]
    head = [f"{indent}- pip:"] if _names_pip(text) else [f"{indent}- pip", f"{indent}- pip:"]
    new = (ends or "\n").join([*head, *lines])
    # Where the file ends without a line break, it still does.
    new = f"{new}{ends}" if ends else f"\n{new}"
    fix = fix_of(
        "move it into dependencies",
        [
            TextEdit(start=starts[above[-1]], end=starts[above[-1]], text=new),
            TextEdit(start=starts[here - 1], end=starts[moved[-1]], text=""),
        ],
        safe=False,
    )
    return fix if reads_well(text, fix) else None


@lru_cache(maxsize=2)
def _names_pip(text: str) -> bool:
    """Say whether pip is an item; hundreds of empty sections of one text ask for it."""
    return _PIP.search(text) is not None


def _items_below(source: SourceText, number: int) -> list[int]:
    """Return the lines of a plain list below a key, up to its last item; none where it is written otherwise."""
    found: list[int] = []
    for other in range(number + 1, len(source.line_starts) + 1):
        line = source.text[slice(*source.line_bounds(other))]
        if line.strip() and not line.lstrip().startswith(("-", "#")):
            return found if line[:1].strip() else []
        if line.lstrip().startswith("-"):
            found = list(range(number + 1, other + 1))
    return found


#: Nobody indents more lines than these by a slip; looking at all of them for each section takes forever.
_MOST_LINES = 50


def empty_section(source: SourceText, key: ScalarNode) -> Fix | None:
    """Return the fix of an empty section: the lines below it are indented, or where there are none it goes."""
    number = source.line_number(key.start)
    start, end = source.line_bounds(number)
    line = source.text[start:end]
    if not _EMPTY_SECTION.fullmatch(line):
        return None
    dash = f"{line[: line.index('-')]}- "
    below = []
    for other in range(number + 1, len(source.line_starts) + 1):
        other_start, other_end = source.line_bounds(other)
        written = source.text[other_start:other_end]
        if written.startswith(dash):
            below.append(other_start)
            if len(below) > _MOST_LINES:
                return None
        elif written.strip() and not written.lstrip().startswith("#"):
            break
    if below and line.rstrip().endswith(":"):
        edits = [TextEdit(start=at, end=at, text="    ") for at in below]
        if not _names_pip(source.text):
            ends = "\r\n" if "\r\n" in source.text else "\n"
            edits.append(TextEdit(start=start, end=start, text=f"{dash}pip{ends}"))
        return fix_of("indent the lines below it", edits, safe=False)
    others = any(source.text.startswith(dash, source.line_starts[n - 1]) for n in range(1, number))
    return lines_removed(source, [number], "remove the section") if others else None


def one_requirement(reading: Reading, node: ScalarNode) -> Fix | None:
    """Return the fix that makes a list of a section which is the text of one requirement."""
    text = node.value
    if not reading.is_literal(node) or not node.plain or set(text) & set("[]{},&*#?|-<>@\"'` ") - set("-<>"):
        return None
    if not _is_requirement(text, text):
        return None
    return Fix(
        title="make a list of it",
        edits=(
            TextEdit(start=node.start, end=node.start, text="["),
            TextEdit(start=node.end, end=node.end, text="]"),
        ),
    )


def without_colon(reading: Reading, node: MappingNode, operator: str) -> Fix | None:
    """Return the fix that makes a requirement of `name: version`."""
    if len(node.pairs) != 1 or node.flow:
        return None
    key, value = node.pairs[0]
    if not isinstance(key, ScalarNode) or not isinstance(value, ScalarNode):
        return None
    between = reading.source.text[key.end : value.start]
    literal = reading.is_literal(key) and reading.is_literal(value) and key.plain and value.plain
    if not literal or between.strip() != ":" or "\n" in between:
        return None
    meant = f"{key.value}{operator}{value.value}"
    if not value.value or not _is_requirement(meant, meant):
        return None
    edit = TextEdit(start=key.end, end=value.start, text=operator)
    return Fix(title=f"write {meant}", edits=(edit,))
