"""Fixes that write one scalar of a file in another way."""

from __future__ import annotations

from condaenv_tools.model.edit import Fix, TextEdit
from condaenv_tools.model.secrets import mask_credentials
from condaenv_tools.parse.reading import Reading
from condaenv_tools.parse.yaml_nodes import ScalarNode

__all__ = ["in_quotes", "rewritten"]


def rewritten(reading: Reading, node: ScalarNode, text: str, *, safe: bool = True) -> Fix | None:
    """Return the fix that writes another text in the place of a scalar that stands in the file as it is."""
    if not reading.is_literal(node) or node.alias:
        return None
    edit = TextEdit(start=node.start, end=node.end, text=text)
    return Fix(title=f"write {mask_credentials(text)}", edits=(edit,), safe=safe)


def in_quotes(reading: Reading, node: ScalarNode, *, safe: bool = True) -> Fix | None:
    """Return the fix that makes a number or another value of YAML the text that is written there."""
    if not node.plain or set('"\\') & set(node.value):
        return None
    return rewritten(reading, node, f'"{node.value}"', safe=safe)
