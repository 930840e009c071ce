"""How a text is written in YAML, so that every tool reads the same text back."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from condaenv_tools.model.edit import TextEdit
from condaenv_tools.parse.editing.document import Document, Slot
from condaenv_tools.parse.yaml_nodes import MappingNode, Node, NotYamlError, ScalarNode, SequenceNode, compose

__all__ = ["CONTEXTS", "quote_of", "quoted_as", "reads_plain", "respell", "written"]

_GAP = re.compile(r"( +)#")
_COMMENT = re.compile(r"[ \t]*-[^#\r\n]*[ \t](?=#)")
#: Blanks before a comment that had to leave its column.
_PUSHED = 2
#: What stands around a text; the letter is its place.
CONTEXTS = {"item": "- T", "flow": "[T, T]", "value": "k: T", "item-value": "- k: T", "flow-value": "{k: T}"}
#: YAML 1.2 and 1.1 differ in what is a number; whatever looks like one gets quotes.
_NUMBER_LIKE = re.compile(r"[-+]?[.\d][\d_.,:eExXoObB+-]*")
#: Words that one version of YAML takes for a truth value.
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"}


#: Signs that parsers read in different ways between brackets; the colon of a URL is not one of them.
_ODD_IN_FLOW = re.compile(r"[?,\[\]{}]|:(?!//)")


@lru_cache(maxsize=4096)
def reads_plain(text: str, context: str = "item") -> bool:
    """Say whether a text without quotes is read as that text, by every version of YAML.

    Examples
    --------
    >>> [reads_plain(t) for t in ("numpy=1.26", "3.10", "*", "[a]", "a #b", "a: b", "numpy[version='>=1']")]
    [True, False, False, False, False, False, True]
    >>> reads_plain("numpy>=1,<2", "flow")
    False
    """
    if _NUMBER_LIKE.fullmatch(text) or text.lower() in _WORDS or not text.strip():
        return False
    if context.startswith("flow") and _ODD_IN_FLOW.search(text):
        return False
    try:
        root, second = compose(CONTEXTS[context].replace("T", text))
    except NotYamlError:
        return False
    return second is None and _is_text(_innermost(root), text)


def _innermost(node: Node | None) -> Node | None:
    while isinstance(node, SequenceNode | MappingNode):
        inside = node.items if isinstance(node, SequenceNode) else [value for _, value in node.pairs]
        if len(inside) != (2 if isinstance(node, SequenceNode) and node.flow else 1):
            return None
        node = inside[0]
    return node


def _is_text(node: Node | None, text: str) -> bool:
    return (
        isinstance(node, ScalarNode)
        and node.plain
        and node.tag is None
        and node.value == text
        and node.kind == "str"
    )


def quoted_as(text: str, quote: str) -> str:
    r"""Return what stands between two quote signs for a text.

    Examples
    --------
    >>> print(quoted_as("a'b", "'"), quoted_as('a"b\\', '"'))
    a''b a\"b\\
    """
    if quote == "'":
        return text.replace("'", "''")
    return text.replace("\\", "\\\\").replace('"', '\\"')


def written(text: str, context: str, quote: str, *, always: bool = False) -> str:
    """Return a text as it stands in the file: plain where that reads as the text, else in quotes.

    Parameters
    ----------
    text : str
        One line.
    context : str
        A key of `CONTEXTS`.
    quote : str
        The sign that is used where one is needed; the other one where the text holds only this one.
    always : bool
        Whether quotes stand in any case.
    """
    if not always and reads_plain(text, context):
        return text
    other = '"' if quote == "'" else "'"
    awkward = quote in text or (quote == '"' and "\\" in text)
    if awkward and other not in text and not (other == '"' and "\\" in text):
        quote = other
    return f"{quote}{quoted_as(text, quote)}{quote}"


def quote_of(document: Document, slot: Slot | None) -> tuple[str, bool]:
    """Return the quote sign that the neighbours of an item use, and whether all of them have one.

    Where no neighbour has one, the rest of the file decides; a double one where there is none.
    """
    near = [document.quote(node) for node in (slot.items if slot else ()) if isinstance(node, ScalarNode)]
    used = Counter(sign for sign in near if sign)
    if not used:
        used = Counter(re.findall(r"(?m)(?:^[ \t]*-|:|,|\[)[ \t]+([\"'])(?=[^\r\n]*\1)", document.text))
    common = used.most_common(1)
    return (common[0][0] if common else '"'), bool(near) and all(near)


def respell(
    document: Document, scalar: ScalarNode, text: str, context: str, slot: Slot | None
) -> list[TextEdit]:
    """Put another text in a scalar's place; its quotes stay, and the column of the comment behind it.

    Raises
    ------
    UnsupportedError
        The scalar does not stand on one line.
    """
    stretch = document.text[scalar.start : scalar.end]
    if document.is_block_scalar(scalar) or "\n" in stretch or "\r" in stretch:
        document.refuse(scalar, "the text goes over several lines")
    sign = document.quote(scalar)
    new = quoted_as(text, sign) if sign else written(text, context, quote_of(document, slot)[0])
    edits = [TextEdit(start=scalar.start, end=scalar.end, text=new)]
    behind = scalar.end + len(sign)
    gap = _GAP.match(document.text, behind)
    if gap:
        width = _width_after(document, gap.end(1), len(gap[1]), len(new) - len(stretch))
        if width != len(gap[1]):
            edits.append(TextEdit(start=behind, end=gap.end(1), text=" " * width))
    return edits


def _width_after(document: Document, comment: int, width: int, grown: int) -> int:
    """Return how many blanks stand before a comment when the text before it has grown.

    A comment in one column with that of an item beside it stays there as long as there is room; one that
    stands alone keeps its distance.
    """
    place = document.source.span(comment, comment)
    beside = set()
    for line in (place.line - 1, place.line + 1):
        if 0 < line <= len(document.source.line_starts):
            begin = document.source.line_bounds(line)[0]
            found = _COMMENT.match(document.text, begin)
            beside |= {found.end() - begin + 1} if found else set()
    if place.column not in beside:
        return width
    return width - grown if width > grown else _PUSHED
